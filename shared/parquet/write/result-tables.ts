import {
  Table as ArrowTable,
  DataType,
  Field,
  Float64,
  Int32,
  Int64,
  List,
  tableToIPC,
  Utf8,
  vectorFromArray,
} from 'apache-arrow';
import { Compression, Table, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm/esm';
import type { MetricsRow } from '../../contract/metrics.ts';
import type { Receipt } from '../../contract/receipt.ts';

type Cell = number | string | readonly number[] | null;
type Columns<Row> = [name: string, type: DataType, value: (row: Row) => Cell][];

const [int, bigint, double, text] = [new Int32(), new Int64(), new Float64(), new Utf8()];
const bigints = new List(new Field('element', bigint, true));

const METRICS: Columns<MetricsRow> = [
  ['pass', int, (row) => row.pass],
  ['partition', int, (row) => row.partition],
  ['column', text, (row) => row.column],
  ['rows', bigint, (row) => row.rows],
  ['nulls', bigint, (row) => row.nulls],
  ['non_finite', bigint, (row) => row.nonFinite],
  ['inexact', bigint, (row) => row.inexact],
  ['mean_absolute_error', double, (row) => row.meanAbsoluteError],
  ['root_mean_square_error', double, (row) => row.rootMeanSquareError],
  ['max_absolute_error', double, (row) => row.maxAbsoluteError],
  ['clipped', bigint, (row) => row.clipped],
  ['low_mass', bigint, (row) => row.lowMass],
  ['bits_per_value', double, (row) => row.bitsPerValue],
  ['ks_distance', double, (row) => row.ksDistance],
  ['minimum', double, (row) => row.minimum],
  ['maximum', double, (row) => row.maximum],
  ['mean', double, (row) => row.mean],
  ['standard_deviation', double, (row) => row.standardDeviation],
  ['component_counts', bigints, (row) => row.componentCounts],
];

const TASKS: Columns<Receipt['task']> = [
  ['pass', int, (row) => row.pass],
  ['partition', int, (row) => row.partition],
  ['first_object', text, (row) => row.firstObject],
  ['first_row', bigint, (row) => row.firstRow],
  ['objects', bigint, (row) => row.objects],
  ['rows', bigint, (row) => row.rows],
  ['bytes_read', bigint, (row) => row.bytesRead],
  ['bytes_written', bigint, (row) => row.bytesWritten],
  ['seconds_read', double, (row) => row.secondsRead],
  ['seconds_transform', double, (row) => row.secondsTransform],
  ['seconds_write', double, (row) => row.secondsWrite],
  ['peak_memory_bytes', bigint, (row) => row.peakMemoryBytes],
];

/** The `metrics` table as Parquet: one row per partition and normalized column. */
export const metricsTable = (rows: readonly MetricsRow[]): Uint8Array => encodeTable(METRICS, rows);

/** The `tasks` table as Parquet: one row per partition. */
export const tasksTable = (rows: readonly Receipt['task'][]): Uint8Array => encodeTable(TASKS, rows);

function encodeTable<Row>(columns: Columns<Row>, rows: readonly Row[]): Uint8Array {
  const vectors = columns.map(([name, type, value]) => [
    name,
    vectorFromArray(
      rows.map((row) => arrowValue(value(row), type)),
      type,
    ),
  ]);
  const ipc = tableToIPC(new ArrowTable(Object.fromEntries(vectors)), 'stream');
  const properties = new WriterPropertiesBuilder().setCompression(Compression.SNAPPY).build();
  return writeParquet(Table.fromIPCStream(ipc), properties);
}

function arrowValue(value: Cell, type: DataType): unknown {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map(BigInt);
  return DataType.isInt(type) && type.bitWidth === 64 ? BigInt(value as number) : value;
}
