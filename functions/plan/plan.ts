import pLimit from 'p-limit';
import { type Configuration, columnOptionsOf } from '../../shared/contract/configuration.ts';
import type { Deployment } from '../../shared/contract/deployment.ts';
import { reviveError, UnreadableInputError } from '../../shared/contract/errors.ts';
import { type RunReference, workKeys } from '../../shared/contract/keys.ts';
import { LIMITS } from '../../shared/contract/limits.ts';
import { CONFIGURATION_FILE } from '../../shared/contract/names.ts';
import { parseConfiguration } from '../../shared/contract/parse-configuration.ts';
import {
  type FrozenInputs,
  frozenInputsSchema,
  type PlanHeader,
  type PlanOutput,
  planHeaderSchema,
  type ReduceGroup,
} from '../../shared/contract/stages.ts';
import { readFooter } from '../../shared/parquet/footer.ts';
import { folderColumnsOf, requireSameFolders } from '../../shared/partition/folder-columns.ts';
import { largestFirst, planPartitions } from '../../shared/partition/plan-partitions.ts';
import { columnsAtOnce, planSample } from '../../shared/partition/plan-sample.ts';
import { requireSameLeaves } from '../../shared/partition/schema-agreement.ts';
import type { Stores } from '../../shared/store/object-store.ts';
import { encodeJson, encodeJsonLines, readJson, readJsonIfThere, writeJsonOnce } from '../stage-io.ts';
import { decideBySchema } from './decide-by-schema.ts';
import { ExtremeTracker } from './extremes.ts';
import { type ObjectFacts, objectFactsOf, signaturesOf } from './object-facts.ts';
import { pricedHeader } from './require-affordable.ts';
import { requireFewEnough, requireMemory } from './require-budget.ts';
import { FetchTally, workloadOf } from './workload.ts';

/** Footers are small and latency is not: many at once. */
const FOOTERS_IN_FLIGHT = 32;

/**
 * The plan stage: validate the configuration, read every footer, cut partitions, choose the sample.
 *
 * `plan.jsonl` is written last, so a plan is whole or not there; a stored plan is used as it is.
 */
export function makePlan({ input, work }: Pick<Stores, 'input' | 'work'>) {
  return async (run: RunReference, options: PlanOptions = {}): Promise<PlanOutput> => {
    const inputs = await readJson(work, workKeys.inputs(run), frozenInputsSchema);
    if (inputs.problem) throw reviveError(inputs.problem);
    const configuration = parseConfiguration(inputs.configuration, CONFIGURATION_FILE);
    const stored = (await work.head(workKeys.plan(run)))
      ? await readJsonIfThere(work, workKeys.planHeader(run), planHeaderSchema)
      : undefined;
    if (stored) return outputOf(run, stored, configuration);

    requireFewEnough(inputs, options.mostObjects);
    const { facts, schema, extremes, needs, fetches } = await readAllFooters(input, inputs, configuration);
    const candidates = schema.candidates.map(({ column }) => column.name);
    const partitions = planPartitions(facts, { partitionBytes: configuration.partitionBytes, root: inputs.root });
    const rows = partitions.reduce((sum, partition) => sum + partition.rows, 0);
    if (rows === 0) throw new UnreadableInputError(`${inputs.dataset} must have rows, all of its files are empty`);

    const columnsPerFit = fitGroupSize(options, candidates.length);
    const share = Math.min(1, columnsPerFit / Math.max(1, candidates.length));
    const sampled = planSample(
      facts.flatMap(({ key, etag, sizeBytes, rowGroups }) =>
        rowGroups
          .map(({ rows, candidateBytes }, rowGroup) => ({
            key,
            etag,
            sizeBytes,
            rowGroup,
            rows,
            fitBytes: candidateBytes * share,
          }))
          .filter(({ rows }) => rows > 0),
      ),
      configuration.sampleRows,
    );
    const sample = { root: inputs.root, rowGroups: sampled, extremes: extremes.outside(sampled) };
    const columnGroups = chunk(candidates, columnsPerFit);
    const reduceGroups = groupPartitions(partitions.length);
    const header: PlanHeader = {
      format: 'modemap-plan',
      version: 1,
      objects: inputs.objects.length,
      rowGroups: facts.reduce((sum, { rowGroups }) => sum + rowGroups.length, 0),
      rows,
      bytesIn: inputs.objects.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      partitions: partitions.length,
      reduceGroups: reduceGroups.length,
      toleratedFailures: toleratedCount(configuration, partitions.length),
      workerBytes: needs,
      columnGroups,
      decided: schema.decided,
      columns: schema.columns.map(({ name, typeName }) => ({ name, type: typeName })),
      folderColumns: folderColumnsOf(inputs.objects[0].key).map(({ name }) => name),
      workload: workloadOf({
        facts,
        partitions,
        sample,
        columnGroups,
        columnsAtOnce: columnsAtOnce(configuration.sampleRows),
        fetches,
      }),
      estimatedDollars: null,
      warnings: warningsOf(facts),
    };
    const { deployment } = options;
    const memoryMegabytes = inputs.memoryBytes / 2 ** 20;
    const priced = deployment ? pricedHeader(header, configuration, { ...deployment, memoryMegabytes }) : header;
    const written = await writeJsonOnce(work, workKeys.planHeader(run), priced, planHeaderSchema);
    await work.write(workKeys.sample(run), encodeJson(sample));
    await work.write(workKeys.groups(run), encodeJsonLines(reduceGroups));
    await work.write(workKeys.plan(run), encodeJsonLines(largestFirst(partitions)));
    return outputOf(run, written, configuration);
  };
}

/** How the columns are spread over fit invocations; their models do not depend on it. */
export interface PlanOptions {
  columnsPerFit?: number;
  /** invocations that run at the same time: each shall have its share */
  fitWorkers?: number;
  /** objects beyond which a run is refused; left out: any number */
  mostObjects?: number;
  /** where the run would cost money: what it runs on, with the memory of its inputs; refused where it would cost more than `maxRunDollars` */
  deployment?: Omit<Deployment, 'memoryMegabytes'>;
}

/** One column takes several times as long as another: who has done with his takes what is left. */
const GROUPS_A_WORKER = 2;

function fitGroupSize({ columnsPerFit, fitWorkers = 1 }: PlanOptions, candidates: number): number {
  const size = columnsPerFit ?? Math.ceil(candidates / (fitWorkers > 1 ? GROUPS_A_WORKER * fitWorkers : 1));
  return Math.max(1, Math.min(size, LIMITS.fitGroupColumns));
}

async function readAllFooters(input: Stores['input'], inputs: FrozenInputs, configuration: Configuration) {
  const { dataset, root, objects, memoryBytes } = inputs;
  if (objects.length === 0) {
    throw new UnreadableInputError(
      `${dataset} must hold at least one file whose name ends in .parquet and that is not empty or hidden`,
    );
  }
  const read = async (index: number) => {
    const { key, etag, sizeBytes } = objects[index];
    return readFooter(input, `${root}${key}`, etag, sizeBytes);
  };
  const firstFooter = await read(0);
  const folders = folderColumnsOf(objects[0].key);
  const schema = decideBySchema(
    firstFooter.columns,
    folders.map(({ name }) => name),
    configuration,
    objects[0].key,
  );
  const first = { ...objectFactsOf(objects[0], firstFooter, schema.candidates) };
  const candidates = new Set(schema.candidates.map(({ column }) => column));
  const fetches = new FetchTally(
    schema.columns.map(({ name }) => columnOptionsOf(configuration, name).action === 'drop'),
    schema.columns.map((column) => candidates.has(column)),
  );
  const extremes = new ExtremeTracker(schema.candidates.map(({ column }) => column.name));
  let needs = 0;
  const limit = pLimit(FOOTERS_IN_FLIGHT);
  const facts: ObjectFacts[] = await limit.map(objects, async (object, index) => {
    const footer = index === 0 ? firstFooter : await read(index);
    // before anything is looked up by the place it has in the first object
    requireSameLeaves(first, { key: object.key, leaves: signaturesOf(footer) });
    requireSameFolders(first.key, object.key);
    const own = objectFactsOf(object, footer, schema.candidates);
    requireMemory(own, memoryBytes);
    needs = Math.max(needs, own.largestNeed.bytes);
    extremes.add(index, object, own.ranges);
    fetches.add(footer);
    return { ...own, leaves: first.leaves, ranges: [] };
  });
  return { facts, schema, extremes, needs, fetches };
}

function toleratedCount({ toleratedFailures }: Configuration, partitions: number): number {
  if (typeof toleratedFailures === 'number') return toleratedFailures;
  return Math.floor((Number.parseFloat(toleratedFailures) / 100) * partitions);
}

function groupPartitions(partitions: number): ReduceGroup[] {
  const size = LIMITS.reduceGroupPartitions;
  return Array.from({ length: Math.ceil(partitions / size) }, (_, group) => ({
    group,
    partitionStart: group * size,
    partitionEnd: Math.min(partitions, (group + 1) * size),
  }));
}

function chunk<T>(values: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size));
}

function warningsOf(facts: readonly ObjectFacts[]): string[] {
  const groups = facts.flatMap(({ key, rowGroups }) => rowGroups.map(({ rows }) => ({ key, rows })));
  const tiny = groups.filter(({ rows }) => rows > 0 && rows < LIMITS.tinyRowGroupRows);
  if (tiny.length < 10 || tiny.length < groups.length / 2) return [];
  return [
    `${tiny.length} of ${groups.length} row groups have fewer than ${LIMITS.tinyRowGroupRows} rows (the first in ${tiny[0].key}): each costs requests and footers out of proportion; compact the files if you can`,
  ];
}

const outputOf = (
  { datasetId, runId }: RunReference,
  header: PlanHeader,
  configuration: Configuration,
): PlanOutput => ({
  datasetId,
  runId,
  partitions: header.partitions,
  fitGroups: header.columnGroups.map((_, group) => group),
  toleratedFailures: header.toleratedFailures,
  looksBack: configuration.fit !== 'sample',
});
