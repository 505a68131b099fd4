#!/usr/bin/env node
import { main } from './program.ts';

// whoever reads our output may stop early (`| head`): that is no error
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  process.stderr.write(`modemap: stdout must take the output: ${error.message}; send it elsewhere\n`);
  process.exit(1);
});

process.exitCode = await main(process.argv);
