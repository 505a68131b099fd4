import { beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import type { ColumnModel } from '../../../shared/contract/model.ts';
import { parquetBytes } from '../../support/parquet-bytes.ts';
import { modelOfRun, type RunRequest, runUntil, samplePlanOf, storesOf } from '../../support/stage-run.ts';

beforeAll(() => initialiseParquetWasm());

/** The model of one column `x` of `rows` rows; `i` counts them. */
async function modelOf(
  expression: string,
  { rows = 1500, ...request }: RunRequest & { rows?: number } = {},
): Promise<ColumnModel> {
  const stores = storesOf({ 'a.parquet': await parquetBytes(`select ${expression} as x from range(${rows}) t(i)`) });
  const configuration = { columns: { x: 'normalize' }, maxComponents: 1, ...(request.configuration as object) };
  const model = await modelOfRun(stores, await runUntil('fit', stores, { ...request, configuration }));
  return model.columns[0];
}

describe('decimals', () => {
  it.each([
    ['(hash(i) % 90000 / 100)::double', 2],
    ['(hash(i) % 900)::double', 0],
    ['(hash(i) % 900 / 8)::double', 3],
    ['(hash(i) % 900 / 10)::float', 1],
    ['sqrt(1 + hash(i) % 900)::double', null],
    // six digits are all that a float holds
    ['(hash(i) % 90000 / 100 + 20000)::float', null],
    ['(hash(i) % 900)::integer', 0],
    ['(hash(i) % 900)::decimal(9, 4)', 4],
    ['(hash(i) % 900)::decimal(30, 7)', 7],
    ["date '2026-01-01' + (hash(i) % 900)::integer", 0],
    ["timestamp '2026-01-01' + interval (hash(i) % 900) minute", 0],
  ])('of %s are %s', async (expression, decimals) => {
    const model = await modelOf(expression);
    expect(model.decimals).toBe(decimals);
    if (decimals !== null) expect(model.resolution).toBeCloseTo(10 ** -decimals, 15);
  });

  it('that are none leave a resolution of 2^-20 of the interquartile range', async () => {
    const { resolution } = await modelOf('sqrt(i)::double', { rows: 1600 });
    const interquartile = Math.sqrt(1200) - Math.sqrt(400);
    // whichever neighbouring order statistics the quartiles are taken from
    expect(resolution * 2 ** 20).toBeGreaterThan(interquartile * 0.99);
    expect(resolution * 2 ** 20).toBeLessThan(interquartile * 1.01);
  });
});

describe('precision', () => {
  it.each([
    ['(hash(i) % 1000000)::bigint', 'float32'],
    ['(hash(i) % 10000000000)::bigint', 'float64'],
    ['(hash(i) % 10000000000 / 100)::decimal(18, 2)', 'float64'],
    // no decimals to give back, however far its standard deviation is beyond its interquartile range
    ['exp(hash(i) % 1000 / 50)::double', 'float32'],
  ])('of %s is %s', async (expression, precision) => {
    expect((await modelOf(expression)).precision).toBe(precision);
  });

  it('is the one that is forced', async () => {
    const wide = '(hash(i) % 10000000000)::bigint';
    expect((await modelOf(wide, { configuration: { precision: 'float32' } })).precision).toBe('float32');
    const column = { action: 'normalize', precision: 'float64' };
    expect((await modelOf('(i % 90)::integer', { configuration: { columns: { x: column } } })).precision).toBe(
      'float64',
    );
  });
});

describe('what the fit counts', () => {
  it('are the rows of the sample, nulls and values that are not finite among them', async () => {
    const expression =
      "(case when i % 5 = 0 then null when i % 5 = 1 then 'nan' else (i % 100 + 0.5)::varchar end)::double";
    const { rows, nulls, nonFinite, min, max } = await modelOf(expression, { rows: 1000 });
    expect([rows, nulls, nonFinite, min, max]).toEqual([1000, 200, 200, 2.5, 99.5]);
  });
});

describe('a value beyond the rows of the sample', () => {
  const SENTINEL = -999999;
  // of 70 row groups 64 are sampled, evenly spaced, which leaves out the sixth
  const query = `select case when i between 5 * 2048 + 100 and 5 * 2048 + 599 then ${SENTINEL} else hash(i) % 1000 end::bigint as x
    from range(70 * 2048) t(i)`;

  it('is within the reach of the model where a footer tells of it', async () => {
    const stores = storesOf({ 'a.parquet': await parquetBytes(query, 'row_group_size 2048') });
    const run = await runUntil('fit', stores, { configuration: { sampleRows: 1500, maxComponents: 3 } });
    const { rowGroups, extremes } = await samplePlanOf(stores, run);
    expect(
      rowGroups.some(({ rowGroup }) => rowGroup === 5),
      'the sample must not hold it by itself',
    ).toBe(false);
    expect(extremes.x.some(({ rowGroup }) => rowGroup === 5)).toBe(true);
    const [{ min, components }] = (await modelOfRun(stores, run)).columns;
    expect(min).toBe(SENTINEL);
    const atom = components.find(({ kind }) => kind === 'atom');
    expect(atom?.mean).toBe(SENTINEL);
    // each row outside the sample stands for itself, each sampled one for about a hundred
    expect(atom?.weight).toBeCloseTo(500 / (70 * 2048), 4);
  });
});
