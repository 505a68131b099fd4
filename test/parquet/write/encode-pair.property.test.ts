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

it('the extremes are those of the values that are there, the nulls left out', () => {
  const values = fc.array(
    fc.record({ z: fc.double({ noNaN: true, noDefaultInfinity: true }), isThere: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 40,
    },
  );
  fc.assert(
    fc.property(values, (rows) => {
      const valid = Uint8Array.from(rows, ({ isThere }) => Number(isThere));
      const { minimum, maximum } = encodeNormalized(
        Float64Array.from(rows, ({ z }) => z),
        valid,
      );
      const there = rows.filter(({ isThere }) => isThere).map(({ z }) => z);
      if (there.length === 0) expect([minimum, maximum]).toEqual([null, null]);
      else {
        // + 0: a zero's sign is the format's
        expect(doubleOf(minimum) + 0).toBe(Math.min(...there) + 0);
        expect(doubleOf(maximum) + 0).toBe(Math.max(...there) + 0);
      }
    }),
  );
});

const doubleOf = (bytes: Uint8Array | null) => new Float64Array(bytes!.slice().buffer)[0];

/** Within what a float32 holds. */
const bounded = (x: number) => Math.max(-3e38, Math.min(3e38, x));
