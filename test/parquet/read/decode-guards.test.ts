import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { wasmMemory } from 'parquet-wasm/esm';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { UnreadableInputError } from '../../../shared/contract/errors.ts';
import { transformBytesNeeded } from '../../../shared/parquet/budget.ts';
import { toDoubles } from '../../../shared/parquet/column-values.ts';
import { decodeColumn, isPoisoned } from '../../../shared/parquet/decode-column.ts';
import { temporaryFolder } from '../../support/command.ts';
import { writeParquetFile } from '../../support/duckdb.ts';
import { footerOf } from './parquet-file.ts';

let file: Uint8Array;
beforeAll(async () => {
  initialiseParquetWasm();
  const path = join(temporaryFolder(), 'f.parquet');
  await writeParquetFile(
    path,
    'select case when i % 3 > 0 then i * 0.25 end as x, i as l from range(100000) t(i)',
    'codec zstd',
  );
  file = Uint8Array.from(readFileSync(path));
});

function request(name = 'x') {
  const { columns, leaves, rowGroups } = footerOf(file);
  const column = columns.find((candidate) => candidate.name === name)!;
  const chunk = rowGroups[0].chunks[column.leafStart];
  const { rows } = rowGroups[0];
  return { column, leaf: leaves[column.leafStart], chunk, bytes: file.slice(chunk.start, chunk.end), rows };
}

describe('decodeColumn', () => {
  it.each(['LZO', 'LZ4', 'codec 42'])('refuses the codec %s, naming column, object and codec', (codec) => {
    const { column, leaf, chunk, bytes, rows } = request();
    const decode = () => decodeColumn(column, leaf, { ...chunk, codec }, bytes, rows, 'd/f.parquet');
    expect(decode).toThrow(
      new UnreadableInputError(
        `column x of d/f.parquet must be uncompressed, snappy, gzip, zstd, brotli or lz4_raw to be normalized, it is ${codec}; pass it, or write it again`,
      ),
    );
  });

  it('refuses a chunk that holds fewer or more rows than the row group', () => {
    const { column, leaf, chunk, bytes, rows } = request();
    for (const wrong of [rows - 1, rows + 1, 1]) {
      const decode = () => decodeColumn(column, leaf, { ...chunk, numValues: wrong }, bytes, wrong, 'd/f.parquet');
      expect(decode).toThrow(
        /^column x of d\/f\.parquet does not decode: its pages must hold \d+ values, they hold \d+; the file is damaged/,
      );
    }
    expect(() => decodeColumn(column, leaf, chunk, bytes, rows + 1, 'd/f.parquet')).toThrow(UnreadableInputError);
  });

  it('decodes a row group without rows to nothing', () => {
    const { column, leaf, chunk } = request();
    const decoded = decodeColumn(column, leaf, { ...chunk, numValues: 0 }, new Uint8Array(0), 0, 'f');
    expect(toDoubles(decoded, column.numeric!)).toEqual({
      values: new Float64Array(0),
      valid: new Uint8Array(0),
      nulls: 0,
      inexact: 0,
    });
    decoded.free();
  });

  it('gives its memory back, after errors too, and stays within what the budget counted', () => {
    const good = request();
    const torn = request('l');
    torn.bytes.fill(0, 200, -10);
    const decode = ({ column, leaf, chunk, bytes, rows }: typeof good) => {
      const decoded = decodeColumn(column, leaf, chunk, bytes, rows, 'f');
      toDoubles(decoded, column.numeric!);
      decoded.free();
    };
    for (let i = 0; i < 20; i++) decode(good);
    const before = wasmMemory().buffer.byteLength;
    for (let i = 0; i < 200; i++) {
      decode(good);
      if (i % 4 === 0) expect(() => decode(torn)).toThrow(UnreadableInputError);
    }
    expect(wasmMemory().buffer.byteLength).toBe(before);
    expect(before).toBeLessThan(transformBytesNeeded(good.chunk, good.leaf, good.rows));
    expect(isPoisoned()).toBe(false);
  });

  it('says that its instance is poisoned once the decoder has panicked', async () => {
    const { column, leaf, chunk, bytes, rows } = request();
    // a decoder whose memory cannot hold the rows that it is asked for gives up by a trap
    const many = 1_900_000_000;
    const decode = () => decodeColumn(column, { ...leaf }, { ...chunk, numValues: rows }, bytes, many, 'd/f.parquet');
    expect(decode).toThrow(UnreadableInputError);
    expect(isPoisoned()).toBe(true);
  });
});
