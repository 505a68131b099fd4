import { fileURLToPath } from 'node:url';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { ModemapError } from '../shared/contract/errors.ts';
import { readContext } from './context.ts';
import { ModemapStack } from './modemap-stack.ts';

try {
  const app = new App();
  const context = readContext(app);
  new ModemapStack(app, context.name, {
    context,
    bundles: fileURLToPath(new URL('../dist/functions', import.meta.url)),
  });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  app.synth();
} catch (error) {
  // what the user can mend needs no stack trace
  if (!(error instanceof ModemapError)) throw error;
  console.error(`${error.name}: ${error.message}`);
  process.exitCode = 1;
}
