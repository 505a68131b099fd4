/** The one owner of every object key (design: "Names and keys"); the same under S3 buckets and local folders. */

/** Which run: `datasetId` is safe in keys, names and tables; `runId` is 16 hex digits. */
export interface RunReference {
  datasetId: string;
  runId: string;
}

const padded = (n: number, digits: number) => String(n).padStart(digits, '0');

/** The last moment a Date can hold; subtracting from it turns the order of keys around. */
const END_OF_TIME_MS = 8.64e15;
const newestFirst = (iso: string) => padded(END_OF_TIME_MS - Date.parse(iso), 16);

/** Keys in the work store: what stages tell each other. */
export const workKeys = {
  dataset: (datasetId: string) => `${datasetId}/`,
  run: ({ datasetId, runId }: RunReference) => `${datasetId}/${runId}/`,
  inputs: (run: RunReference) => `${workKeys.run(run)}inputs.json`,
  /** one object a listing for which a run was asked, the newest first: what decides which run is the current one */
  listings: (datasetId: string) => `${datasetId}/listings/`,
  listing: (run: RunReference, order: string) =>
    `${workKeys.listings(run.datasetId)}${newestFirst(order)}-${run.runId}.json`,
  /** totals, schema and column groups of the plan */
  planHeader: (run: RunReference) => `${workKeys.run(run)}plan.json`,
  /** one line a partition, largest first: the item source of the transform map; written last by plan */
  plan: (run: RunReference) => `${workKeys.run(run)}plan.jsonl`,
  /** one line a reduce group: the item source of the reduce map */
  groups: (run: RunReference) => `${workKeys.run(run)}groups.jsonl`,
  /** which row groups the sample reads */
  sample: (run: RunReference) => `${workKeys.run(run)}sample.json`,
  model: (run: RunReference, pass: number) => `${workKeys.run(run)}model-${pass}.json`,
  audit: (run: RunReference, pass: number) => `${workKeys.run(run)}audit-${pass}.json`,
  failure: (run: RunReference) => `${workKeys.run(run)}failure.json`,
  /** where the state machine's maps leave what became of each child; no stage reads it */
  mapResults: (run: RunReference) => `${workKeys.run(run)}map-results`,
  pass: (run: RunReference, pass: number) => `${workKeys.run(run)}pass-${pass}/`,
  fit: (run: RunReference, pass: number, group: number) =>
    `${workKeys.pass(run, pass)}fits/group-${padded(group, 3)}.json`,
  metrics: (run: RunReference, pass: number, partition: number) =>
    `${workKeys.pass(run, pass)}metrics/part-${padded(partition, 5)}.json`,
  summary: (run: RunReference, pass: number, partition: number) =>
    `${workKeys.pass(run, pass)}summaries/part-${padded(partition, 5)}.bin`,
  receipts: (run: RunReference, pass: number) => `${workKeys.pass(run, pass)}receipts/`,
  receipt: (run: RunReference, pass: number, partition: number) =>
    `${workKeys.receipts(run, pass)}part-${padded(partition, 5)}.json`,
  failedPartitions: (run: RunReference, pass: number) => `${workKeys.pass(run, pass)}failures/`,
  failedPartition: (run: RunReference, pass: number, partition: number) =>
    `${workKeys.failedPartitions(run, pass)}part-${padded(partition, 5)}.json`,
  reduced: (run: RunReference, pass: number, group: number) =>
    `${workKeys.pass(run, pass)}reduced/group-${padded(group, 3)}.json`,
  reducedSummary: (run: RunReference, pass: number, group: number) =>
    `${workKeys.pass(run, pass)}reduced/group-${padded(group, 3)}.summary.bin`,
};

/** The first segment of every key that a run leaves in the output store beside its record. */
export const RUN_KINDS = ['data', 'metrics', 'tasks', 'models', 'components', 'reports'] as const;

const partitioned = (kind: (typeof RUN_KINDS)[number], { datasetId, runId }: RunReference) =>
  `${kind}/dataset=${datasetId}/run_id=${runId}/`;

/** Keys in the output store: what users read. */
export const outputKeys = {
  /** all of a run but its record */
  run: (run: RunReference) => RUN_KINDS.map((kind) => partitioned(kind, run)),
  /** all of a dataset but its records and what points to one of them */
  dataset: (datasetId: string) => RUN_KINDS.map((kind) => `${kind}/dataset=${datasetId}/`),
  data: (run: RunReference, pass: number) => `${partitioned('data', run)}pass-${pass}/`,
  part: (run: RunReference, pass: number, partition: number) =>
    `${outputKeys.data(run, pass)}part-${padded(partition, 5)}.parquet`,
  metrics: (run: RunReference) => partitioned('metrics', run),
  metricsGroup: (run: RunReference, group: number) => `${outputKeys.metrics(run)}group-${padded(group, 3)}.parquet`,
  tasks: (run: RunReference) => partitioned('tasks', run),
  tasksGroup: (run: RunReference, group: number) => `${outputKeys.tasks(run)}group-${padded(group, 3)}.parquet`,
  components: (run: RunReference) => partitioned('components', run),
  componentsFile: (run: RunReference) => `${outputKeys.components(run)}components.parquet`,
  model: (run: RunReference) => `${partitioned('models', run)}model.json`,
  /** all run records of all datasets lie below this */
  records: 'runs/',
  recordsOf: (datasetId: string) => `runs/dataset=${datasetId}/`,
  /** the one object whose existence makes a run committed */
  record: ({ datasetId, runId }: RunReference) => `runs/dataset=${datasetId}/${runId}.json`,
  /** every run that became the dataset's current one, in this order */
  currentOf: (datasetId: string) => `current/dataset=${datasetId}/`,
  /** @param move counted from 1 */
  current: (datasetId: string, move: number) => `${outputKeys.currentOf(datasetId)}${padded(move, 9)}.json`,
};

/** The run that an object of the output store is of, or undefined where it is of none. */
export function runOfOutputKey(key: string): RunReference | undefined {
  const [, datasetId, runId] =
    /^[a-z]+\/dataset=([^/]+)\/run_id=([^/]+)\//.exec(key) ?? /^runs\/dataset=([^/]+)\/([^/]+)\.json$/.exec(key) ?? [];
  return datasetId === undefined ? undefined : { datasetId, runId };
}

/** The run that an object of the work store is of, an entry of the log of listings included. */
export function runOfWorkKey(key: string): RunReference | undefined {
  const [, datasetId, runId] =
    /^([^/]+)\/listings\/\d+-([^/]+)\.json$/.exec(key) ?? /^([^/]+)\/([^/]+)\//.exec(key) ?? [];
  return datasetId === undefined ? undefined : { datasetId, runId };
}
