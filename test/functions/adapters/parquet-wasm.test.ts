import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readParquet, wasmMemory } from 'parquet-wasm/esm';
import { expect, it } from 'vitest';
import { initialiseParquetWasm, offerParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { decodeDoubles } from '../../../shared/parquet/decode-doubles.ts';
import { footerOf } from '../../parquet/read/parquet-file.ts';
import { temporaryFolder } from '../../support/command.ts';
import { writeParquetFile } from '../../support/duckdb.ts';

it('the decoder is loaded by the first chunk that needs it: none of plain doubles does', async () => {
  const path = join(temporaryFolder(), 'table.parquet');
  await writeParquetFile(path, 'select sin(i) as plain, i % 5 * 0.5 as few from range(10000) t(i)');
  const file = Uint8Array.from(readFileSync(path));
  const { columns, leaves, rowGroups } = footerOf(file);
  const read = (at: number) => {
    const [{ rows, chunks }] = rowGroups;
    const bytes = file.subarray(chunks[at].start, chunks[at].end);
    return decodeDoubles(columns[at], leaves[at], chunks[at], bytes, rows, path).values;
  };
  offerParquetWasm();
  expect(read(0)[7]).toBeCloseTo(Math.sin(7), 15);
  expect(wasmMemory).toThrow(TypeError);
  expect(read(1)[7]).toBe(1);
  expect(wasmMemory().buffer.byteLength).toBeGreaterThan(0);
});

it('makes the decoder ready, and again is a no-op that keeps its memory', () => {
  initialiseParquetWasm();
  const memory = wasmMemory();
  initialiseParquetWasm();
  expect(wasmMemory()).toBe(memory);
  expect(() => readParquet(new Uint8Array(3))).toThrow(/parquet/i);
});
