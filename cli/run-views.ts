import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { LocalStore } from '../functions/adapters/local-store.ts';
import { readJson } from '../functions/stage-io.ts';
import { componentRowsOf } from '../shared/contract/component-rows.ts';
import { IncompleteRunError } from '../shared/contract/errors.ts';
import { outputKeys } from '../shared/contract/keys.ts';
import { type Model, modelSchema } from '../shared/contract/model.ts';
import type { RunRecord } from '../shared/contract/run-record.ts';
import type { RunLocation } from './run-location.ts';

/** What a query may name. */
export const VIEW_NAMES = ['data', 'metrics', 'tasks', 'run', 'components'] as const;
export type ViewName = (typeof VIEW_NAMES)[number];

const RUN_TYPE = {
  dataset: 'VARCHAR',
  dataset_id: 'VARCHAR',
  run_id: 'VARCHAR',
  order: 'VARCHAR',
  created_at: 'VARCHAR',
  status: 'VARCHAR',
  objects: 'BIGINT',
  rows: 'BIGINT',
  bytes_in: 'BIGINT',
  bytes_out: 'BIGINT',
  partitions: 'BIGINT',
  failed_partitions: 'BIGINT',
  failures: [{ partition: 'BIGINT', first_object: 'VARCHAR', reason: 'VARCHAR' }],
  passes: 'BIGINT',
  seconds: 'DOUBLE',
  task_seconds: 'DOUBLE',
  task_bytes_read: 'BIGINT',
  peak_memory_bytes: 'BIGINT',
  estimated_dollars: 'DOUBLE',
  data_location: 'VARCHAR',
  metrics_location: 'VARCHAR',
  model_key: 'VARCHAR',
  configuration: 'VARCHAR',
  omitted_columns: [{ name: 'VARCHAR', reason: 'VARCHAR' }],
  columns: [
    {
      name: 'VARCHAR',
      components: 'BIGINT',
      mean_absolute_error: 'DOUBLE',
      root_mean_square_error: 'DOUBLE',
      max_absolute_error: 'DOUBLE',
      clipped: 'BIGINT',
      low_mass: 'BIGINT',
      nulls: 'BIGINT',
      non_finite: 'BIGINT',
      bits_per_value: 'DOUBLE',
    },
  ],
  audit: [
    {
      name: 'VARCHAR',
      gain: 'DOUBLE',
      gain_limit: 'DOUBLE',
      low_mass: 'DOUBLE',
      low_mass_limit: 'DOUBLE',
      unseen: 'DOUBLE',
      misled: 'BOOLEAN',
    },
  ],
};

const COMPONENT_TYPE = {
  column_name: 'VARCHAR',
  component: 'TINYINT',
  kind: 'VARCHAR',
  weight: 'DOUBLE',
  mean: 'DOUBLE',
  standard_deviation: 'DOUBLE',
  pruned: 'BOOLEAN',
  bits_per_value: 'DOUBLE',
  resolution: 'DOUBLE',
  decimals: 'INTEGER',
  precision: 'VARCHAR',
};

/**
 * Define the views of a committed run: `data`, `metrics`, `tasks` over its Parquet files, in part order; `run`, its
 * record as one row; `components`, one row per component of the model, numbered as in the data.
 *
 * @param names left out: all of them; files of the others need not be there
 * @throws {IncompleteRunError} if files that the record names are missing
 */
export async function defineViews(
  connection: DuckDBConnection,
  { root, record }: RunLocation,
  names: readonly ViewName[] = VIEW_NAMES,
): Promise<void> {
  const store = new LocalStore(root, { readOnly: true });
  const run = { datasetId: record.dataset_id, runId: record.run_id };
  const define: Record<ViewName, () => Promise<void>> = {
    data: async () => defineParquetView(connection, 'data', await dataParts(store, root, record)),
    metrics: async () =>
      defineParquetView(connection, 'metrics', await parquetPaths(store, root, record.metrics_location)),
    tasks: async () => defineParquetView(connection, 'tasks', await parquetPaths(store, root, outputKeys.tasks(run))),
    run: () => defineTable(connection, 'run', RUN_TYPE, [record]),
    components: async () => {
      const rows = componentRows(await readModel(store, root, record.model_key));
      await defineTable(connection, 'components', COMPONENT_TYPE, rows);
    },
  };
  for (const name of names) await define[name]();
}

async function dataParts(store: LocalStore, root: string, record: RunRecord): Promise<string[]> {
  const parts = await parquetPaths(store, root, record.data_location);
  const expected = record.partitions - record.failed_partitions;
  if (parts.length === expected) return parts;
  throw new IncompleteRunError(
    `${join(root, record.data_location)} must hold the ${expected} parts of run ${record.run_id}, it holds ${parts.length}`,
  );
}

async function parquetPaths(store: LocalStore, root: string, prefix: string): Promise<string[]> {
  const paths: string[] = [];
  for await (const { key } of store.list(prefix)) if (key.endsWith('.parquet')) paths.push(join(root, key));
  return paths;
}

/** A path that exists is taken as it is, whatever characters of a pattern it holds. A run without parts has no view. */
async function defineParquetView(connection: DuckDBConnection, name: string, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const list = paths.map((path) => `'${path.replaceAll("'", "''")}'`).join(', ');
  await connection.run(`CREATE VIEW ${name} AS SELECT * FROM read_parquet([${list}], hive_partitioning = false)`);
}

/** Types are given, not guessed: an id may look like a number, and a list may be empty. */
async function defineTable(
  connection: DuckDBConnection,
  name: string,
  type: object,
  rows: readonly object[],
): Promise<void> {
  await connection.run(
    `CREATE TABLE ${name} AS SELECT unnest(entry) FROM (SELECT unnest(from_json($rows, $type)) AS entry)`,
    { rows: JSON.stringify(rows), type: JSON.stringify([type]) },
  );
}

async function readModel(store: LocalStore, root: string, key: string): Promise<Model> {
  if (!(await store.head(key)))
    throw new IncompleteRunError(`${join(root, key)} must be there, the run record names it`);
  return readJson(store, key, modelSchema);
}

function componentRows(model: Model) {
  return componentRowsOf(model).map(({ column, component, number }) => ({
    column_name: column.name,
    component: number,
    kind: component.kind,
    weight: component.weight,
    mean: component.mean,
    standard_deviation: component.standardDeviation,
    pruned: component.pruned,
    bits_per_value: column.bitsPerValue,
    resolution: column.resolution,
    decimals: column.decimals,
    precision: column.precision,
  }));
}
