import { readParquet, wasmMemory } from 'parquet-wasm/esm';
import { expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';

it('makes the decoder ready, and again is a no-op that keeps its memory', () => {
  initialiseParquetWasm();
  const memory = wasmMemory();
  initialiseParquetWasm();
  expect(wasmMemory()).toBe(memory);
  expect(() => readParquet(new Uint8Array(3))).toThrow(/parquet/i);
});
