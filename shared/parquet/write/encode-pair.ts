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
import { Compression, Encoding, Table, WriterPropertiesBuilder, WriterVersion, writeParquet } from 'parquet-wasm/esm';
import { parseFooter } from '../footer.ts';
import { ENCODING, type EncodedChunk } from './encoded-chunk.ts';

/** Rows encoded at a time: memory stays the same whatever the row group's size. */
const SLICE_ROWS = 131_072;

type Values = Float32Array | Float64Array | Int8Array;

/**
 * Encode normalized values as a chunk of OPTIONAL FLOAT or DOUBLE: PLAIN, uncompressed.
 *
 * @param valid 1 where there is a value, 0 for null
 */
export function encodeNormalized(normalized: Float32Array | Float64Array, valid: Uint8Array): EncodedChunk {
  const [type, physicalType] =
    normalized instanceof Float32Array ? [new Float32(), 'FLOAT' as const] : [new Float64(), 'DOUBLE' as const];
  const { nullCount, minimum, maximum } = extremes(normalized, valid);
  const bound = (x: number) => bytesOf(normalized instanceof Float32Array ? Float32Array.of(x) : Float64Array.of(x));
  return {
    ...encode(normalized, valid, type, [ENCODING.PLAIN, ENCODING.RLE]),
    physicalType,
    nullCount,
    // a zero's sign is not ordered: the format asks for -0 as a minimum and +0 as a maximum
    minimum: nullCount === valid.length ? null : bound(minimum === 0 ? -0 : minimum),
    maximum: nullCount === valid.length ? null : bound(maximum === 0 ? 0 : maximum),
  };
}

/** Encode component numbers as a chunk of OPTIONAL INT32 (INT_8): DELTA_BINARY_PACKED, uncompressed. */
export function encodeComponents(components: Int8Array, valid: Uint8Array): EncodedChunk {
  const { nullCount, minimum, maximum } = extremes(components, valid);
  const bound = (x: number) => (nullCount === valid.length ? null : bytesOf(Int32Array.of(x)));
  return {
    ...encode(components, valid, new Int8(), [ENCODING.DELTA_BINARY_PACKED, ENCODING.RLE]),
    physicalType: 'INT32',
    nullCount,
    minimum: bound(minimum),
    maximum: bound(maximum),
  };
}

/** Slice by slice through parquet-wasm's encoder; the slices' pages, one after the other, are one chunk. */
function encode(values: Values, valid: Uint8Array, type: Float32 | Float64 | Int8, encodings: number[]) {
  const pages: Uint8Array[] = [];
  for (let start = 0; start < valid.length; start += SLICE_ROWS) {
    const end = Math.min(start + SLICE_ROWS, valid.length);
    pages.push(encodeSlice(values.subarray(start, end), valid.subarray(start, end), type));
  }
  return { pages, dictionaryPageBytes: 0, numValues: valid.length, encodings };
}

/** The pages of one slice, cut out of the file that the encoder makes of it. */
function encodeSlice(values: Values, valid: Uint8Array, type: Float32 | Float64 | Int8): Uint8Array {
  const properties = new WriterPropertiesBuilder()
    .setCompression(Compression.UNCOMPRESSED)
    .setDictionaryEnabled(false)
    .setEncoding(type instanceof Int8 ? Encoding.DELTA_BINARY_PACKED : Encoding.PLAIN)
    .setWriterVersion(WriterVersion.V1)
    .setMaxRowGroupSize(SLICE_ROWS)
    .build();
  const file = writeParquet(Table.fromIPCStream(toIpc(values, valid, type)), properties);
  const length = new DataView(file.buffer, file.byteOffset).getUint32(file.length - 8, true);
  const footer = parseFooter(file.subarray(file.length - 8 - length, file.length - 8), file.length, 'an encoded slice');
  const [{ start, end }] = footer.rowGroups[0].chunks;
  return file.slice(start, end);
}

function toIpc(values: Values, valid: Uint8Array, type: Float32 | Float64 | Int8): Uint8Array {
  const nullBitmap = packBits(valid);
  const length = valid.length;
  const child = makeData({ type, length, nullCount: -1, nullBitmap, data: values } as Parameters<
    typeof makeData
  >[0]) as Data<typeof type>;
  const schema = new Schema([new Field('c', type, true)]);
  const data = makeData({ type: new Struct(schema.fields), length, nullCount: 0, children: [child] });
  return tableToIPC(new ArrowTable([new RecordBatch(schema, data)]), 'stream');
}

/** One bit a row, least significant first. */
function packBits(valid: Uint8Array): Uint8Array {
  const bits = new Uint8Array((valid.length + 7) >> 3);
  for (let row = 0; row < valid.length; row++) bits[row >> 3] |= valid[row] << (row & 7);
  return bits;
}

function extremes(values: Values, valid: Uint8Array) {
  let [nullCount, minimum, maximum] = [0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let row = 0; row < valid.length; row++) {
    if (valid[row] === 0) {
      nullCount++;
      continue;
    }
    const x = values[row];
    if (x < minimum) minimum = x;
    if (x > maximum) maximum = x;
  }
  return { nullCount, minimum, maximum };
}

const bytesOf = (array: Float32Array | Float64Array | Int32Array) => new Uint8Array(array.buffer);
