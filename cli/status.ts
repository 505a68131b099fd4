import type { Command } from 'commander';
import { ConfigurationError } from '../shared/contract/errors.ts';
import { DEFAULT_STACK_NAME } from '../shared/contract/stack-outputs.ts';
import { isS3 } from './s3-url.ts';

export interface StatusFlags {
  follow?: boolean;
  stack?: string;
  json?: boolean;
  quiet?: boolean;
}

export function registerStatus(program: Command): void {
  program
    .command('status')
    .description(
      'How things stand with a dataset of the deployed pipeline: its last run, what readers get, what was lost.',
    )
    .argument('<INPUT>', 's3://BUCKET/DATASET: a first-level folder of the input bucket')
    .option('--follow', 'while it runs, show its progress, and its record at the end')
    .option('--stack <NAME>', `the deployed stack (default: ${DEFAULT_STACK_NAME})`)
    .option('--json', 'print JSON; with --follow, the run record')
    .option('--quiet', 'no progress')
    .addHelpText(
      'after',
      `
Examples:
  modemap status s3://my-input-bucket/trips
  modemap status s3://my-input-bucket/trips --follow
  modemap status s3://my-input-bucket/trips --stack modemap-test --json

It reads the stack's outputs, the buckets and Step Functions, and changes nothing.`,
    )
    .action(async (input: string, flags: StatusFlags) => {
      if (!isS3(input)) {
        throw new ConfigurationError(
          `INPUT must be s3://BUCKET/DATASET, got ${input}; of a run on this machine ask: modemap query OUT "select * from run"`,
        );
      }
      const { showStatus } = await import('./cloud/show-status.ts');
      await showStatus(input, flags);
    });
}
