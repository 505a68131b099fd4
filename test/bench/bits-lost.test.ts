import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bitsLost } from '../../bench/bits-lost.ts';
import { SUMMARY_COLUMNS } from '../../bench/summary-columns.ts';
import { sql } from '../support/duckdb.ts';
import { drawn } from '../support/random.ts';

const ROWS = 200_000;
/** A machine may be busy. */
const TIMEOUT = { timeout: 240_000 };
const flights = fileURLToPath(new URL('../../node_modules/vega-datasets/data/flights-3m.parquet', import.meta.url));

describe('a fit to merged summaries', () => {
  it.each([
    'lognormal + mode of mass 0.0001',
    '40 % zeros + exponential',
    '12 modes',
    'uniform',
    'timestamps, a burst of a minute in ten years of ms',
  ])('loses at most 0.002 bits a value to a fit to the rows: %s', TIMEOUT, (name) => {
    const { draw, decimals } = SUMMARY_COLUMNS.find((column) => column.name === name)!;
    const { lost, lostFromSameStart } = bitsLost(drawn(ROWS, 7, draw), decimals);
    expect(lost).toBeLessThanOrEqual(0.002);
    expect(lostFromSameStart).toBeLessThanOrEqual(0.002);
  });

  it('loses at most 0.002 bits a value to a fit to the rows: flight distances', TIMEOUT, async () => {
    const rows = await sql(
      `select distance::double as x from read_parquet('${flights}', file_row_number = true) where file_row_number % 10 = 0`,
    );
    const { lost } = bitsLost(
      Float64Array.from(rows, ({ x }) => x as number),
      0,
    );
    expect(lost).toBeLessThanOrEqual(0.002);
  });
});
