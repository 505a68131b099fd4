import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { outputKeys, type RunReference } from '../../shared/contract/keys.ts';
import type { ColumnModel, Model } from '../../shared/contract/model.ts';
import { parseConfiguration } from '../../shared/contract/parse-configuration.ts';
import type { RunRecord } from '../../shared/contract/run-record.ts';

const logScaleOf = (weight: number, sd: number) => Math.log(weight) - Math.log(sd) - Math.log(2 * Math.PI) / 2;

export const columnModel: ColumnModel = {
  name: 'delay',
  physicalType: 'INT64',
  logicalType: null,
  resolution: 1,
  centre: 0,
  precision: 'float32',
  rows: 4,
  nulls: 0,
  nonFinite: 0,
  min: -1,
  max: 9,
  decimals: 0,
  components: [
    { kind: 'gaussian', weight: 0.7, mean: 0.1, standardDeviation: 2.5, logScale: logScaleOf(0.7, 2.5), pruned: false },
    { kind: 'atom', weight: 0.3, mean: 9, standardDeviation: 0, logScale: null, pruned: false },
    { kind: 'gaussian', weight: 0, mean: 5, standardDeviation: 1, logScale: null, pruned: false },
  ],
  bitsPerValue: 6.25,
  objective: -3,
  iterations: 4,
  converged: true,
};

const columnSummary = {
  name: 'delay',
  components: 2,
  mean_absolute_error: 0,
  root_mean_square_error: 0,
  max_absolute_error: null,
  clipped: 0,
  low_mass: 0,
  nulls: 0,
  non_finite: 0,
  bits_per_value: 6.25,
};

export function recordOf({ datasetId, runId }: RunReference, changes: Partial<RunRecord> = {}): RunRecord {
  const run = { datasetId, runId };
  return {
    dataset: datasetId,
    dataset_id: datasetId,
    run_id: runId,
    order: '2026-01-02T03:04:05.678Z',
    created_at: '2026-01-02T03:05:00.000Z',
    status: 'complete',
    objects: 1,
    rows: 4,
    bytes_in: 9007199254740991,
    bytes_out: 200,
    partitions: 2,
    failed_partitions: 0,
    failures: [],
    passes: 1,
    seconds: 1.5,
    task_seconds: 1.25,
    task_bytes_read: 100,
    peak_memory_bytes: 200_000_000,
    estimated_dollars: null,
    data_location: outputKeys.data(run, 0),
    metrics_location: outputKeys.metrics(run),
    model_key: outputKeys.model(run),
    configuration: '{"seed":1}',
    omitted_columns: [],
    columns: [columnSummary],
    audit: [],
    ...changes,
  };
}

/** Write a committed run of two parts as the commit stage would leave it; `parts` are SELECTs. */
export async function writeRun(
  root: string,
  run: RunReference,
  changes: Partial<RunRecord> = {},
  parts: readonly string[] = defaultParts,
): Promise<string> {
  for (const [i, select] of parts.entries()) await writeParquet(join(root, outputKeys.part(run, 0, i)), select);
  await writeParquet(
    join(root, outputKeys.metricsGroup(run, 0)),
    "SELECT 0::INT AS pass, 0::INT AS partition, 'delay' AS column, 4::BIGINT AS rows",
  );
  await writeParquet(
    join(root, outputKeys.tasksGroup(run, 0)),
    "SELECT 0::INT AS pass, 0::INT AS partition, 'x.parquet' AS first_object",
  );
  const model: Model = {
    format: 'modemap-model',
    version: 1,
    dataset: run.datasetId,
    datasetId: run.datasetId,
    pass: 0,
    source: { kind: 'sample', rows: 4, ofRows: 4 },
    options: parseConfiguration(null, 'none'),
    decisions: [{ name: 'delay', action: 'normalize', reason: 'integers of many values' }],
    columns: [columnModel],
  };
  await write(join(root, outputKeys.model(run)), JSON.stringify(model));
  const path = join(root, outputKeys.record(run));
  await write(path, `${JSON.stringify(recordOf(run, { partitions: parts.length, ...changes }))}\n`);
  return path;
}

const defaultParts = [
  "SELECT * FROM (VALUES (3, 'c'), (1, 'a')) AS t(n, s)",
  "SELECT * FROM (VALUES (2, 'b'), (0, NULL)) AS t(n, s)",
];

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

async function writeParquet(path: string, select: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`COPY (${select}) TO '${path.replaceAll("'", "''")}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}
