import {
  Table as ArrowTable,
  type Data,
  Field,
  Float32,
  Float64,
  Int8,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  tableToIPC,
} from 'apache-arrow';
import { Compression, Table, WriterPropertiesBuilder, WriterVersion, writeParquet } from 'parquet-wasm/esm';

/** A column of the oracle's file, OPTIONAL. */
export interface OracleColumn {
  name: string;
  values: Float32Array | Float64Array | Int8Array;
  /** 1 where there is a value */
  valid: Uint8Array;
}

/** The same columns as parquet-wasm's own encoder writes them: one file of one row group. */
export function oracleFile(columns: readonly OracleColumn[]): Uint8Array {
  const rows = columns[0].valid.length;
  const schema = new Schema(columns.map(({ name, values }) => new Field(name, typeOf(values), true)));
  const children = columns.map(({ values, valid }) => childOf(values, valid));
  const data = makeData({ type: new Struct(schema.fields), length: rows, nullCount: 0, children });
  const ipc = tableToIPC(new ArrowTable([new RecordBatch(schema, data)]), 'stream');
  const properties = new WriterPropertiesBuilder()
    .setCompression(Compression.UNCOMPRESSED)
    .setWriterVersion(WriterVersion.V1)
    .setMaxRowGroupSize(rows)
    .build();
  return writeParquet(Table.fromIPCStream(ipc), properties);
}

const typeOf = (values: OracleColumn['values']) =>
  values instanceof Int8Array ? new Int8() : values instanceof Float32Array ? new Float32() : new Float64();

function childOf(values: OracleColumn['values'], valid: Uint8Array): Data {
  const nullBitmap = new Uint8Array((valid.length + 7) >> 3);
  for (const [row, bit] of valid.entries()) nullBitmap[row >> 3] |= bit << (row & 7);
  const type = typeOf(values);
  return makeData({ type, length: valid.length, nullCount: -1, nullBitmap, data: values } as Parameters<
    typeof makeData
  >[0]);
}
