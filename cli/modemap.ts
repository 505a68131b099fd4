#!/usr/bin/env node
import { main } from './program.ts';

// whoever reads our output may stop early (`| head`): that is no error
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`modemap: stdout must take the output: ${error.message}; send it elsewhere\n`);
  process.exit(1);
});

// the AWS SDK is bundled in a version that runs here: nobody could follow its advice to update Node
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

process.exitCode = await main(process.argv);
