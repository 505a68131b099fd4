import { type Command, InvalidArgumentError, Option } from 'commander';
import { LocalStore } from '../functions/adapters/local-store.ts';
import { MemoryStore } from '../functions/adapters/memory-store.ts';
import { offerParquetWasm } from '../functions/adapters/parquet-wasm.ts';
import { fitColumn } from '../functions/fit/fit-column.ts';
import { readSample } from '../functions/fit/read-sample.ts';
import type { SampledColumn } from '../functions/fit/sampled-column.ts';
import { makePlan } from '../functions/plan/plan.ts';
import { readJson } from '../functions/stage-io.ts';
import { makeFreezeInputs } from '../functions/start/freeze-inputs.ts';
import { type TunedColumn, type TuneOptions, type TuneTrial, tuneColumn } from '../functions/tune/tune-column.ts';
import { columnOptionsOf } from '../shared/contract/configuration.ts';
import { ConfigurationError } from '../shared/contract/errors.ts';
import { workKeys } from '../shared/contract/keys.ts';
import { CONFIGURATION_FILE } from '../shared/contract/names.ts';
import { parseConfiguration } from '../shared/contract/parse-configuration.ts';
import { planHeaderSchema, samplePlanSchema } from '../shared/contract/stages.ts';
import type { Preset } from '../shared/mixture/fit-preset.ts';
import type { SearchName } from '../shared/tuning/search.ts';
import { type InputLocation, locateInput } from './input-location.ts';
import { defaultMemoryBytes } from './local-run.ts';
import { parsePositiveInteger } from './parse-arguments.ts';
import { configurationFor } from './run.ts';
import { formatTable } from './table-output.ts';

interface TuneFlags {
  column?: string[];
  search: SearchName;
  budget: number;
  seed: number;
  mostComponents: number;
  preset: 'modemap' | 'ctgan' | 'both';
  config?: string;
  sampleRows?: number;
  json?: boolean;
}

/** A column that was tuned, and how long it took. */
interface Tuned extends TunedColumn {
  name: string;
  /** finite values of the sample */
  values: number;
  seconds: number;
}

export function registerTune(program: Command): void {
  program
    .command('tune')
    .description('Find how many components each column needs, by rows that were held out. Writes nothing.')
    .argument('<INPUT>', 'a .parquet file, or a folder: everything below it is one dataset')
    .option('--column <NAMES...>', 'columns to tune (default: all that a run would normalize)')
    .addOption(
      new Option('--search <HOW>', 'how settings are tried').choices(['grid', 'random', 'halving']).default('grid'),
    )
    .option('--budget <N>', 'settings to try for each column', parsePositiveInteger, 12)
    .option('--most-components <N>', 'largest maxComponents to try, 1..100', parseComponents, 30)
    .addOption(new Option('--preset <P>', 'presets to try').choices(['modemap', 'ctgan', 'both']).default('modemap'))
    .option('--seed <N>', 'of the split into halves and of the random search', parseSeed, 0)
    .option('--config <FILE>', 'configuration as JSON (default: _modemap.json beside the data)')
    .option('--sample-rows <N>', 'rows of the sample, about (default: 1000000)', parsePositiveInteger)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Half of the sample's rows are fitted to, the other half are scored: bits a value, the fewer the better. Chosen is the
smallest maxComponents that is as good as the best, within one standard error. grid spreads over 1 to the most;
halving starts with a ninth of the bins and goes on with the best third, and chooses among the last only.

Examples:
  modemap tune flights.parquet
  modemap tune data/trips --column fare tip --search grid --budget 30
  modemap tune data/trips --preset both --json`,
    )
    .action(async (input: string, flags: TuneFlags) => tune(input, flags));
}

async function tune(inputArgument: string, flags: TuneFlags): Promise<void> {
  const input = await locateInput(inputArgument);
  const { sampled, resolutions } = await sampleColumns(input, flags);
  const presets: Preset[] = flags.preset === 'both' ? ['modemap', 'ctgan'] : [flags.preset];
  const { search, budget, seed, mostComponents } = flags;
  const results = sampled.map((column, i) =>
    tuneOne(column, resolutions[i], { search, budget, seed, mostComponents, presets }),
  );
  const configuration = { columns: Object.fromEntries(results.map((result) => [result.name, overridesOf(result)])) };
  if (flags.json) process.stdout.write(`${JSON.stringify({ columns: results, configuration })}\n`);
  else process.stdout.write(formatTuned(results, configuration));
}

function tuneOne(column: SampledColumn, resolution: number, options: TuneOptions): Tuned {
  const { name } = column.column;
  const startedAt = performance.now();
  let fits = 0;
  const { values, weights } = column;
  const tuned = tuneColumn({ name, values, weights, resolution }, options, () =>
    showProgress(`${name}: ${++fits} fits`),
  );
  showProgress('');
  return { name, values: values.length, seconds: (performance.now() - startedAt) / 1000, ...tuned };
}

/** The columns a run would normalize, read once; their step is what a fit of one component says it is. */
async function sampleColumns(input: InputLocation, flags: TuneFlags) {
  offerParquetWasm();
  const work = new MemoryStore();
  const store = new LocalStore(input.root, { only: input.file });
  const configuration = await configurationFor(input, {
    config: flags.config,
    sampleRows: flags.sampleRows,
    normalize: flags.column,
  });
  const inputs = await makeFreezeInputs({ input: store, work })({
    dataset: input.dataset,
    root: '',
    order: new Date().toISOString(),
    configuration,
    memoryBytes: defaultMemoryBytes(),
  });
  await makePlan({ input: store, work })(inputs);
  const { columnGroups } = await readJson(work, workKeys.planHeader(inputs), planHeaderSchema);
  const plan = await readJson(work, workKeys.sample(inputs), samplePlanSchema);
  const options = parseConfiguration(inputs.configuration, CONFIGURATION_FILE);
  const names = columnGroups.flat().filter((name) => !flags.column || flags.column.includes(name));
  const sample = await readSample(store, plan, names);
  const resolutions: number[] = [];
  const sampled = sample.columns.filter((column) => {
    const own = { ...columnOptionsOf(options, column.column.name), preset: 'modemap' as const, maxComponents: 1 };
    const { model } = fitColumn(column, own);
    if (!model || column.values.length < 2) return false;
    resolutions.push(model.resolution);
    return true;
  });
  if (sampled.length === 0) {
    throw new ConfigurationError(
      'INPUT must have a column to normalize with at least two finite values, it has none; modemap plan INPUT says why',
    );
  }
  return { sampled, resolutions };
}

const overridesOf = ({ chosen }: Tuned) => ({
  action: 'normalize',
  ...(chosen.preset === 'ctgan' ? { preset: chosen.preset } : {}),
  maxComponents: chosen.maxComponents,
});

function formatTuned(results: readonly Tuned[], configuration: object): string {
  const blocks = results.flatMap((result) => [
    `${result.name}: ${result.values.toLocaleString('en')} values, ${result.seconds.toFixed(1)} s`,
    '',
    formatTable(
      ['preset', 'maxComponents', 'components', 'of the bins', 'held-out bits', 'standard error', ''],
      result.curve.map((trial) => lineOf(trial, result)),
    ),
    '',
  ]);
  return [...blocks, `${CONFIGURATION_FILE}:`, JSON.stringify(configuration, null, 2), ''].join('\n');
}

function lineOf(trial: TuneTrial, { best, chosen }: Tuned): string[] {
  const words = [trial === best ? 'best' : '', trial === chosen ? '<- chosen' : ''];
  return [
    trial.preset,
    String(trial.maxComponents),
    String(trial.components),
    `${Math.round(100 * trial.share)}%`,
    trial.heldOutBits.toFixed(4),
    trial.standardError.toFixed(4),
    words.filter((word) => word !== '').join(' '),
  ];
}

/** One line, written over; nothing where nobody watches. */
export function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function parseComponents(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 100)
    throw new InvalidArgumentError('must be an integer 1..100.');
  return value;
}

export function parseSeed(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) throw new InvalidArgumentError('must be an integer >= 0.');
  return value;
}
