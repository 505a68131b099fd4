import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { LocalStore } from '../functions/adapters/local-store.ts';
import { readConfiguration } from '../functions/start/freeze-inputs.ts';
import { ConfigurationError } from '../shared/contract/errors.ts';
import { DEFAULT_STACK_NAME } from '../shared/contract/stack-outputs.ts';
import { addConfigurationFlags, type ConfigurationFlags, mergeFlags } from './configuration-flags.ts';
import { type InputLocation, locateInput } from './input-location.ts';
import { defaultJobs, defaultMemoryBytes, localRun } from './local-run.ts';
import { observerFor } from './observer-for.ts';
import { parseBytes, parsePositiveInteger } from './parse-arguments.ts';
import { QuietObserver } from './run-observer.ts';
import { formatRunSummary } from './run-summary.ts';
import { isS3 } from './s3-url.ts';

interface RunFlags extends ConfigurationFlags {
  out?: string;
  jobs: number;
  memory: number;
  dataset?: string;
  stack?: string;
  json?: boolean;
  quiet?: boolean;
}

export function registerRun(program: Command): void {
  const command = program
    .command('run')
    .description('Normalize a table: fit a mixture to each continuous column, write every value as its pair.')
    .argument(
      '<INPUT>',
      'a .parquet file, or a folder: everything below it is one dataset; s3://BUCKET/DATASET: the deployed pipeline runs it',
    )
    .option('--out <DIR>', 'output folder: new, empty, or the output of earlier runs; not with s3://')
    .option('--jobs <N>', 'worker threads', parsePositiveInteger, defaultJobs())
    .option(
      '--memory <SIZE>',
      'memory the whole process may use, e.g. 800MB or 4GB (default: a quarter of the machine)',
      parseBytes,
    )
    .option('--dataset <NAME>', 'name of the dataset (default: the name of the file or folder)');
  addConfigurationFlags(command)
    .option('--stack <NAME>', `the deployed stack, of s3:// (default: ${DEFAULT_STACK_NAME})`)
    .option('--json', 'print the run record on stdout instead of the summary')
    .option('--quiet', 'no progress, no summary')
    .addHelpText(
      'after',
      `
Examples:
  modemap run flights.parquet --out normalized/
  modemap run data/trips --out normalized/ --normalize pickup_at --pass vendor_id --seed 7
  modemap run data/trips --out normalized/ --config trips.json --jobs 8 --memory 8GB --json
  modemap run s3://my-input-bucket/trips

The same command given again goes on where a killed run stopped; a finished one is found done. A run on s3:// goes on
in AWS whatever becomes of the command; its configuration is the _modemap.json beside the data.`,
    )
    .action(async (input: string, flags: RunFlags) => (isS3(input) ? runDeployed(input, command) : run(input, flags)));
}

/** Flags that a run in the cloud knows. */
const CLOUD_FLAGS = ['stack', 'json', 'quiet'];

async function runDeployed(input: string, command: Command): Promise<void> {
  const foreign = command.options.find(
    (option) =>
      command.getOptionValueSource(option.attributeName()) === 'cli' && !CLOUD_FLAGS.includes(option.attributeName()),
  );
  if (foreign) {
    throw new ConfigurationError(
      `${foreign.long} must be left out with ${input}: the stack decides where, and the _modemap.json beside the data how`,
    );
  }
  const { runInCloud } = await import('./cloud/cloud-run.ts');
  await runInCloud(input, command.opts());
}

async function run(inputArgument: string, flags: RunFlags): Promise<void> {
  const { out } = flags;
  if (out === undefined) {
    throw new ConfigurationError("required option '--out <DIR>' not specified; modemap --help shows what there is");
  }
  if (flags.stack !== undefined) {
    throw new ConfigurationError(`--stack must be left out with ${inputArgument}: it runs on this machine`);
  }
  const input = await locateInput(inputArgument, flags.dataset);
  const record = await localRun({
    input,
    out,
    jobs: flags.jobs,
    memoryBytes: flags.memory ?? defaultMemoryBytes(),
    configuration: await configurationFor(input, flags),
    observer: flags.quiet ? new QuietObserver() : await observerFor(process.stderr),
  });
  if (flags.json) process.stdout.write(`${JSON.stringify(record)}\n`);
  else if (!flags.quiet) process.stdout.write(formatRunSummary(record, out));
}

/** The configuration's text: the file given, else the one beside the data, with the flags on top. */
export async function configurationFor(input: InputLocation, flags: ConfigurationFlags): Promise<string | undefined> {
  const text = flags.config ? await readConfigurationFile(flags.config) : await besideData(input);
  return mergeFlags(text, flags, flags.config ?? '_modemap.json');
}

/** A single file is a dataset by itself: what lies beside it is not its configuration. */
const besideData = async ({ root, file }: InputLocation) =>
  file === undefined ? readConfiguration(new LocalStore(root), '') : null;

async function readConfigurationFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConfigurationError(`--config must be a readable file, ${path}: ${(cause as Error).message}`, { cause });
  }
}
