import {
  Table as ArrowTable,
  Bool,
  DataType,
  Field,
  Float64,
  Int8,
  Int32,
  Int64,
  List,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { Compression, Table, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm/esm';
import { type ComponentRow, componentRowsOf } from '../../contract/component-rows.ts';
import type { MetricsRow } from '../../contract/metrics.ts';
import type { Model } from '../../contract/model.ts';
import type { Receipt } from '../../contract/receipt.ts';
import { RESULT_COLUMNS, type ResultTable, type ResultType } from '../../contract/result-columns.ts';

type Cell = boolean | number | string | readonly number[] | null;
/** The value of each column of a table, in its order. */
type Cells<Name extends ResultTable, Row> = { [Column in keyof (typeof RESULT_COLUMNS)[Name]]: (row: Row) => Cell };

const ARROW: Record<ResultType, DataType> = {
  boolean: new Bool(),
  tinyint: new Int8(),
  int: new Int32(),
  bigint: new Int64(),
  double: new Float64(),
  string: new Utf8(),
  'array<bigint>': new List(new Field('element', new Int64(), true)),
};

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
export const componentsTable = (model: Model): Uint8Array =>
  encodeTable('components', COMPONENTS, componentRowsOf(model));

function encodeTable<Name extends ResultTable, Row>(
  table: Name,
  cells: Cells<Name, Row>,
  rows: readonly Row[],
): Uint8Array {
  const columns: [string, ResultType][] = Object.entries(RESULT_COLUMNS[table]);
  const cellOf = cells as Record<string, (row: Row) => Cell>;
  const vectors = columns.map(([name, sqlType]) => {
    const type = ARROW[sqlType];
    const values = rows.map((row) => arrowValue(cellOf[name](row), type));
    return [name, vectorFromArray(values, type)];
  });
  const ipc = tableToIPC(new ArrowTable(Object.fromEntries(vectors)), 'stream');
  const properties = new WriterPropertiesBuilder().setCompression(Compression.SNAPPY).build();
  return writeParquet(Table.fromIPCStream(ipc), properties);
}

function arrowValue(value: Cell, type: DataType): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(BigInt);
  return DataType.isInt(type) && type.bitWidth === 64 ? BigInt(value as number) : value;
}
