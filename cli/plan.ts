import type { Command } from 'commander';
import prettyBytes from 'pretty-bytes';
import { LocalStore } from '../functions/adapters/local-store.ts';
import { MemoryStore } from '../functions/adapters/memory-store.ts';
import { offerParquetWasm } from '../functions/adapters/parquet-wasm.ts';
import { makeCollect } from '../functions/collect/collect.ts';
import { makeFit } from '../functions/fit/fit.ts';
import { makePlan } from '../functions/plan/plan.ts';
import { readJson } from '../functions/stage-io.ts';
import { makeFreezeInputs } from '../functions/start/freeze-inputs.ts';
import { DEFAULT_DEPLOYMENT } from '../shared/contract/deployment.ts';
import { workKeys } from '../shared/contract/keys.ts';
import { LIMITS } from '../shared/contract/limits.ts';
import { type ColumnModel, type Model, modelSchema } from '../shared/contract/model.ts';
import { type PlanHeader, planHeaderSchema } from '../shared/contract/stages.ts';
import type { Stores } from '../shared/store/object-store.ts';
import { addConfigurationFlags, type ConfigurationFlags } from './configuration-flags.ts';
import { type InputLocation, locateInput } from './input-location.ts';
import { defaultMemoryBytes } from './local-run.ts';
import { parseBytes, parseLambdaMemory, parsePositiveInteger } from './parse-arguments.ts';
import { formatCost, formatCosts } from './plan-cost-table.ts';
import { estimatePlan, type PlanEstimate } from './plan-estimate.ts';
import { readPrices } from './read-prices.ts';
import { configurationFor } from './run.ts';
import { formatTable } from './table-output.ts';

interface PlanFlags extends ConfigurationFlags {
  dataset?: string;
  memory?: number;
  aws?: boolean;
  concurrency: number;
  lambdaMemory: number;
  prices?: string;
  json?: boolean;
}

export function registerPlan(program: Command): void {
  const command = program
    .command('plan')
    .description('Say what a run would do: columns and why, partitions, memory, time, cost. Writes nothing.')
    .argument('<INPUT>', 'a .parquet file, or a folder: everything below it is one dataset')
    .option('--dataset <NAME>', 'name of the dataset (default: the name of the file or folder)')
    .option('--memory <SIZE>', 'memory the run may use (default: a quarter of the machine)', parseBytes)
    .option('--aws', 'what a run on AWS would use, cost and take, stage by stage; its memory is that of a function')
    .option('--concurrency <N>', 'partitions at a time on AWS', parsePositiveInteger, DEFAULT_DEPLOYMENT.concurrency)
    .option('--lambda-memory <MB>', 'of a function', parseLambdaMemory, DEFAULT_DEPLOYMENT.memoryMegabytes)
    .option('--prices <FILE>', 'JSON: prices in place of those of us-east-1');
  addConfigurationFlags(command)
    .option('--json', 'print the plan as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  modemap plan flights.parquet\n  modemap plan data/trips --normalize pickup_at --json\n  modemap plan data/trips --aws --concurrency 1000',
    )
    .action(async (input: string, flags: PlanFlags) => plan(input, flags));
}

async function plan(inputArgument: string, flags: PlanFlags): Promise<void> {
  const input = await locateInput(inputArgument, flags.dataset);
  const { concurrency, lambdaMemory } = flags;
  const deployment = { concurrency, memoryMegabytes: lambdaMemory, prices: await readPrices(flags.prices) };
  const { header, model } = await planInMemory(input, flags);
  const estimate = estimatePlan(header, model, deployment);
  if (flags.json)
    process.stdout.write(
      `${JSON.stringify({ plan: header, decisions: model.decisions, columns: model.columns, estimate })}\n`,
    );
  else process.stdout.write(formatPlan(input.dataset, header, model, estimate, flags.aws));
}

/** The stages plan, fit and collect over a work store in memory: the very decisions a run would make. */
async function planInMemory(input: InputLocation, flags: PlanFlags): Promise<{ header: PlanHeader; model: Model }> {
  offerParquetWasm();
  const work = new MemoryStore();
  const stores: Stores = { input: new LocalStore(input.root, { only: input.file }), work, output: new MemoryStore() };
  const inputs = await makeFreezeInputs(stores)({
    dataset: input.dataset,
    root: '',
    order: new Date().toISOString(),
    configuration: await configurationFor(input, flags),
    memoryBytes: flags.memory ?? (flags.aws ? flags.lambdaMemory * 2 ** 20 : defaultMemoryBytes()),
  });
  const { fitGroups } = await makePlan(stores)(inputs);
  const fitColumns = makeFit(stores);
  for (const group of fitGroups) await fitColumns({ datasetId: inputs.datasetId, runId: inputs.runId, pass: 0, group });
  await makeCollect(stores)({ datasetId: inputs.datasetId, runId: inputs.runId, pass: 0 });
  return {
    header: await readJson(work, workKeys.planHeader(inputs), planHeaderSchema),
    model: await readJson(work, workKeys.model(inputs, 0), modelSchema),
  };
}

function formatPlan(
  dataset: string,
  header: PlanHeader,
  model: Model,
  estimate: PlanEstimate,
  isForAws: boolean | undefined,
): string {
  const { rows, objects, rowGroups, partitions, bytesIn, workerBytes, warnings, folderColumns } = header;
  const types = new Map(header.columns.map(({ name, type }) => [name, type]));
  const columns = new Map(model.columns.map((column) => [column.name, column]));
  const table = formatTable(
    ['column', 'type', 'decision', 'components', 'stored as', 'why'],
    [
      ...model.decisions.map(({ name, action, reason }) => {
        const column = columns.get(name);
        return [
          name,
          types.get(name) ?? '',
          action,
          column ? String(column.components.length) : '',
          storedAs(column),
          reason,
        ];
      }),
      ...folderColumns.map((name) => [name, 'STRING', 'pass', '', '', 'a k=v folder']),
    ],
  );
  return [
    `${dataset}: ${rows.toLocaleString('en')} rows, ${prettyBytes(bytesIn)} in ${objects} files, ${rowGroups} row groups`,
    '',
    table,
    '',
    `partitions  ${partitions}`,
    `memory      ${prettyBytes(LIMITS.idleProcessBytes)}, and ${prettyBytes(LIMITS.idleWorkerBytes + workerBytes)} a worker`,
    `time        about ${estimate.localSeconds.toFixed(0)} s on one core of this machine's kind`,
    isForAws ? formatCosts(estimate) : formatCost(estimate),
    ...[...warnings, ...precisionWarnings(model.columns), ...(isForAws ? estimate.aws.warnings : [])].map(
      (warning) => `warning     ${warning}`,
    ),
    '',
  ].join('\n');
}

const storedAs = (column: ColumnModel | undefined) =>
  column ? (column.precision === 'float64' ? 'DOUBLE + TINYINT' : 'FLOAT + TINYINT') : '';

/** Where the stored precision decides whether values come back exactly, the user should know. */
function precisionWarnings(columns: readonly ColumnModel[]): string[] {
  return columns.flatMap(({ name, precision, decimals, resolution, components }) => {
    const widest = Math.max(...components.map(({ standardDeviation }) => standardDeviation));
    const error = 4 * widest * 2 ** -25;
    if (decimals === null || error <= resolution / 2) return [];
    return precision === 'float64'
      ? [
          `${name} is stored as DOUBLE: as FLOAT its values would come back up to ${error.toPrecision(2)} off (its step is ${resolution})`,
        ]
      : [
          `${name} loses up to ${error.toPrecision(2)} as FLOAT (its step is ${resolution}): leave precision on auto, or set float64`,
        ];
  });
}
