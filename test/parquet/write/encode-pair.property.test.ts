import fc from 'fast-check';
import { parquetReadObjects } from 'hyparquet';
import { beforeAll, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { encodeConstant } from '../../../shared/parquet/write/encode-constant.ts';
import { encodeComponents, encodeNormalized } from '../../../shared/parquet/write/encode-pair.ts';
import { componentColumn, folderColumn, normalizedColumn } from '../../../shared/parquet/write/output-columns.ts';
import { partOf } from './part-fixture.ts';

beforeAll(() => initialiseParquetWasm());

const row = fc.record({
  z: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
  k: fc.option(fc.integer({ min: -3, max: 99 })),
});
const tables = fc.record({
  rows: fc.array(row, { minLength: 1, maxLength: 200 }),
  precision: fc.constantFrom('float32', 'float64'),
  folder: fc.option(fc.string({ unit: 'grapheme', maxLength: 300 })),
});

it('what is written is read: any values, any nulls, any folder', async () => {
  await fc.assert(
    fc.asyncProperty(tables, async ({ rows, precision, folder }) => {
      const z = rows.map((row) => row.z ?? Number.NaN);
      const values = precision === 'float32' ? Float32Array.from(z, bounded) : Float64Array.from(z);
      const k = Int8Array.from(rows, (row) => row.k ?? 0);
      const part = await partOf(
        [normalizedColumn('z', precision), componentColumn('k'), folderColumn('folder')],
        rows.length,
        [
          encodeNormalized(
            values,
            Uint8Array.from(rows, (row) => Number(row.z !== null)),
          ),
          encodeComponents(
            k,
            Uint8Array.from(rows, (row) => Number(row.k !== null)),
          ),
          encodeConstant(folder, rows.length),
        ],
      );
      const read = await parquetReadObjects({ file: part.buffer as ArrayBuffer });
      expect(read).toEqual(rows.map((row, i) => ({ z: row.z === null ? null : values[i], k: row.k, folder })));
    }),
    { numRuns: 150 },
  );
});

/** Within what a float32 holds. */
const bounded = (x: number) => Math.max(-3e38, Math.min(3e38, x));
