import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../functions/plan/plan.ts';
import { parquetBytes } from '../../support/parquet-bytes.ts';
import { contentsOf, type RunRequest, runUntil, storesOf } from '../../support/stage-run.ts';

const BASE = "select i + 0.5::double as price, 'x' as note from range(10) t(i)";

/** The error of planning some queries as files, and the keys it left in the work store. */
async function refusal(queries: Record<string, string>, request: RunRequest = {}): Promise<Error> {
  const files: Record<string, Uint8Array> = {};
  for (const [key, query] of Object.entries(queries)) files[key] = await parquetBytes(query);
  const stores = storesOf(files);
  try {
    await runUntil('plan', stores, request);
  } catch (error) {
    const left = Object.keys(await contentsOf(stores.work)).map((key) => key.split('/').at(-1));
    expect(left, 'nothing of a plan is stored').toEqual(['inputs.json']);
    return error as Error;
  }
  throw new Error('the plan must be refused');
}

describe('a schema that differs', () => {
  it.each([
    [
      "select i::bigint as price, 'x' as note from range(10) t(i)",
      'price is DOUBLE in a.parquet and INT64 in b.parquet',
    ],
    ["select 'x' as note from range(10) t(i)", 'b.parquet has no column price, a.parquet has'],
    ["select 1.5::double as price, 'x' as note, 1 as more", 'b.parquet has a column more, a.parquet has not'],
    ["select 'x' as note, 1.5::double as price", 'column price stands at another place in b.parquet than in a.parquet'],
    [
      "select i + 0.5::float as price, 'x' as note from range(10) t(i)",
      'price is DOUBLE in a.parquet and FLOAT in b.parquet',
    ],
  ])('%s', async (query, message) => {
    const error = await refusal({ 'a.parquet': BASE, 'b.parquet': query });
    expect(error.name).toBe('SchemaMismatchError');
    expect(error.message).toContain(message);
  });

  it('in the k=v folders names both files', async () => {
    const error = await refusal({ 'a=1/x.parquet': BASE, 'b=1/x.parquet': BASE });
    expect([error.name, error.message]).toEqual([
      'SchemaMismatchError',
      'all files of a dataset must lie in the same k=v folders: a=1/x.parquet has (a), b=1/x.parquet has (b)',
    ]);
  });
});

describe('names', () => {
  it('of a folder must not be those of a column', async () => {
    const error = await refusal({ 'price=3/a.parquet': BASE });
    expect([error.name, error.message]).toEqual([
      'SchemaMismatchError',
      'column names must be unique, "price" occurs twice in price=3/a.parquet; rename one of them',
    ]);
  });

  it.each(['price_normalized', 'price_component'])('%s must be free where price may be normalized', async (taken) => {
    const error = await refusal({ 'a.parquet': `select 1.5::double as price, 'x' as ${taken}` });
    expect([error.name, error.message]).toEqual([
      'SchemaMismatchError',
      `column "${taken}" must not exist, normalizing "price" would write it (a.parquet); rename it, or pass "price"`,
    ]);
  });

  it('may be taken where the column passes', async () => {
    const stores = storesOf({ 'a.parquet': await parquetBytes('select 1.5::double as p, 1 as p_component') });
    await expect(runUntil('plan', stores, { configuration: { columns: { p: 'pass' } } })).resolves.toBeDefined();
  });
});

describe('a configuration', () => {
  it.each([
    [{ columns: { prise: 'normalize' } }, 'columns["prise"] must name a column of the dataset, did you mean "price"?'],
    [{ columns: { zzzzzzzz: 'drop' } }, 'columns["zzzzzzzz"] must name a column of the dataset, it has price, note'],
    [
      { columns: { note: 'normalize' } },
      'columns["note"] must be a number, decimal, date or timestamp to be normalized, it is STRING in a.parquet; "pass" it',
    ],
    [
      { columns: { price: 'drop', note: 'drop' } },
      'columns must leave at least one column, every one of them is dropped',
    ],
    [{ maxComponent: 3 }, '_modemap.json: unknown field maxComponent, did you mean "maxComponents"?'],
    [{ seed: 'x' }, `_modemap.json: seed must be an integer 0..${Number.MAX_SAFE_INTEGER}, got "x"`],
  ])('%j is refused', async (configuration, message) => {
    const error = await refusal({ 'a.parquet': BASE }, { configuration });
    expect([error.name, error.message]).toEqual(['ConfigurationError', message]);
  });

  it('may name a column that a folder makes', async () => {
    const stores = storesOf({ 'year=1/a.parquet': await parquetBytes(BASE) });
    await expect(runUntil('plan', stores, { configuration: { columns: { year: 'pass' } } })).resolves.toBeDefined();
  });
});

describe('a dataset', () => {
  it('without files is refused', async () => {
    const error = await refusal({});
    expect([error.name, error.message]).toEqual([
      'UnreadableInputError',
      'table must hold at least one file whose name ends in .parquet and that is not empty or hidden',
    ]);
  });

  it('without rows is refused', async () => {
    const error = await refusal({
      'a.parquet': 'select 1.5 as x where false',
      'b.parquet': 'select 1.5 as x where false',
    });
    expect([error.name, error.message]).toEqual([
      'UnreadableInputError',
      'table must have rows, all of its files are empty',
    ]);
  });

  it('of more objects than one function can look at is refused before a footer is read', async () => {
    const stores = storesOf({ 'a.parquet': Uint8Array.of(1), 'b.parquet': Uint8Array.of(2) });
    const run = await runUntil('start', stores);
    await expect(makePlan(stores)(run, { mostObjects: 1 })).rejects.toMatchObject({
      name: 'BudgetExceededError',
      message: 'table may have at most 1 objects, it has 2: compact its files first',
    });
  });

  it('that changed since it was listed is refused', async () => {
    const stores = storesOf({ 'a.parquet': await parquetBytes(BASE) });
    const run = await runUntil('start', stores);
    stores.input.overwrite('a.parquet', await parquetBytes(BASE));
    await expect(makePlan(stores)(run)).rejects.toMatchObject({ name: 'InputChangedError' });
  });

  it('whose largest chunk is beyond the memory is refused: column, row group, file, what it needs and what it has', async () => {
    const query = 'select (i * 7919 % 100003) / 3.0::double as big, 1::tinyint as small from range(300000) t(i)';
    const error = await refusal(
      { 'a.parquet': BASE.replace('price', 'big').replace("'x' as note", '1::tinyint as small'), 'b.parquet': query },
      { memoryBytes: 275e6 },
    );
    expect(error.name).toBe('BudgetExceededError');
    expect(error.message).toMatch(
      /^column big in row group [012] of b\.parquet needs \d+ MB of memory, 275 MB are allowed: give more memory, pass the column, or write the file with smaller row groups$/,
    );
    const [, needed] = error.message.match(/needs (\d+) MB/)!;
    expect(Number(needed)).toBeGreaterThan(275);
  });

  it('fits where its large columns pass', async () => {
    const stores = storesOf({
      'a.parquet': await parquetBytes('select i / 3.0::double as big from range(300000) t(i)'),
    });
    const request = { memoryBytes: 275e6, configuration: { columns: { big: 'pass' } } };
    await expect(runUntil('plan', stores, request)).resolves.toBeDefined();
  });
});
