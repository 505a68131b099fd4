import type { SchemaElement } from 'hyparquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type ComponentRow, componentRowsOf } from '../../contract/component-rows.ts';
import type { MetricsRow } from '../../contract/metrics.ts';
import type { Model } from '../../contract/model.ts';
import type { Receipt } from '../../contract/receipt.ts';
import { RESULT_COLUMNS, type ResultTable, type ResultType } from '../../contract/result-columns.ts';
import { CREATED_BY } from './created-by.ts';

type Cell = boolean | number | string | readonly number[] | null;
/** The value of each column of a table, in its order. */
type Cells<Name extends ResultTable, Row> = { [Column in keyof (typeof RESULT_COLUMNS)[Name]]: (row: Row) => Cell };

/** What the format says of a column of each type, below its name; that of a list is the type of its elements. */
const ELEMENTS: Record<ResultType, Omit<SchemaElement, 'name'>> = {
  boolean: { type: 'BOOLEAN' },
  // the converted type alone: the writer gives the logical one a width that other readers refuse
  tinyint: { type: 'INT32', converted_type: 'INT_8' },
  int: { type: 'INT32' },
  bigint: { type: 'INT64' },
  double: { type: 'DOUBLE' },
  string: { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } },
  'array<bigint>': { type: 'INT64' },
};

/** Rows of a row group. */
const GROUP_ROWS = 1_000_000;

const METRICS: Cells<'metrics', MetricsRow> = {
  pass: (row) => row.pass,
  partition: (row) => row.partition,
  column: (row) => row.column,
  rows: (row) => row.rows,
  nulls: (row) => row.nulls,
  non_finite: (row) => row.nonFinite,
  inexact: (row) => row.inexact,
  mean_absolute_error: (row) => row.meanAbsoluteError,
  root_mean_square_error: (row) => row.rootMeanSquareError,
  max_absolute_error: (row) => row.maxAbsoluteError,
  clipped: (row) => row.clipped,
  low_mass: (row) => row.lowMass,
  bits_per_value: (row) => row.bitsPerValue,
  ks_distance: (row) => row.ksDistance,
  minimum: (row) => row.minimum,
  maximum: (row) => row.maximum,
  mean: (row) => row.mean,
  standard_deviation: (row) => row.standardDeviation,
  component_counts: (row) => row.componentCounts,
};

const TASKS: Cells<'tasks', Receipt['task']> = {
  pass: (row) => row.pass,
  partition: (row) => row.partition,
  first_object: (row) => row.firstObject,
  first_row: (row) => row.firstRow,
  objects: (row) => row.objects,
  rows: (row) => row.rows,
  bytes_read: (row) => row.bytesRead,
  bytes_written: (row) => row.bytesWritten,
  seconds_read: (row) => row.secondsRead,
  seconds_transform: (row) => row.secondsTransform,
  seconds_write: (row) => row.secondsWrite,
  peak_memory_bytes: (row) => row.peakMemoryBytes,
};

const COMPONENTS: Cells<'components', ComponentRow> = {
  column_name: ({ column }) => column.name,
  component: ({ number }) => number,
  kind: ({ component }) => component.kind,
  weight: ({ component }) => component.weight,
  mean: ({ component }) => component.mean,
  standard_deviation: ({ component }) => component.standardDeviation,
  pruned: ({ component }) => component.pruned,
  bits_per_value: ({ column }) => column.bitsPerValue,
  resolution: ({ column }) => column.resolution,
  decimals: ({ column }) => column.decimals,
  precision: ({ column }) => column.precision,
};

/** The `metrics` table as Parquet: one row per partition and normalized column. */
export const metricsTable = (rows: readonly MetricsRow[]): Uint8Array => encodeTable('metrics', METRICS, rows);

/** The `tasks` table as Parquet: one row per partition. */
export const tasksTable = (rows: readonly Receipt['task'][]): Uint8Array => encodeTable('tasks', TASKS, rows);

/** The `components` table as Parquet: one row per component of the model. */
export const componentsTable = (model: Pick<Model, 'columns'>): Uint8Array =>
  encodeTable('components', COMPONENTS, componentRowsOf(model));

function encodeTable<Name extends ResultTable, Row>(
  table: Name,
  cells: Cells<Name, Row>,
  rows: readonly Row[],
): Uint8Array {
  const columns: [string, ResultType][] = Object.entries(RESULT_COLUMNS[table]);
  const cellOf = cells as Record<string, (row: Row) => Cell>;
  const file = parquetWriteBuffer({
    schema: [
      { name: 'schema', num_children: columns.length },
      ...columns.flatMap(([name, type]) => elementsOf(name, type)),
    ],
    columnData: columns.map(([name, type]) => ({ name, data: rows.map((row) => written(cellOf[name](row), type)) })),
    rowGroupSize: GROUP_ROWS,
    createdBy: CREATED_BY,
  });
  return new Uint8Array(file);
}

/** Everything may be null; a list is three elements deep. */
function elementsOf(name: string, type: ResultType): SchemaElement[] {
  const repetition_type = 'OPTIONAL';
  if (!isList(type)) return [{ name, repetition_type, ...ELEMENTS[type] }];
  return [
    { name, repetition_type, num_children: 1, converted_type: 'LIST', logical_type: { type: 'LIST' } },
    { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
    { name: 'element', repetition_type, ...ELEMENTS[type] },
  ];
}

/** As the format's type asks for it: 64-bit integers are numbers here. */
function written(value: Cell, type: ResultType): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(BigInt);
  return type === 'bigint' ? BigInt(value as number) : value;
}

const isList = (type: ResultType) => type === 'array<bigint>';
