import { beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import type { Model } from '../../../shared/contract/model.ts';
import { parquetBytes } from '../../support/parquet-bytes.ts';
import { modelOfRun, runUntil, storesOf } from '../../support/stage-run.ts';

const COLUMNS: Record<string, string> = {
  real: 'ln(1 + i)::double',
  two: '(i % 2 + 0.5)::double',
  short_real: '(ln(1 + i))::float',
  code: 'i % 50',
  count: 'i % 51',
  tiny: '(i % 60)::tinyint',
  unsigned: '(i % 60)::ubigint',
  key: 'i',
  // 1,800 and 1,799 distinct values of 2,000
  almost_key: 'i % 1800',
  hardly_key: 'i % 1799',
  money: '(i % 30)::decimal(9, 2)',
  wide_money: '(i % 30)::decimal(30, 2)',
  constant: '2.5::double',
  constant_money: '2.5::decimal(9, 2)',
  nothing: 'null::double',
  not_finite: "(case i % 3 when 0 then 'nan' when 1 then 'inf' else '-inf' end)::double",
  whole_code: '(i % 40)::double',
  whole_count: '(i % 200)::double',
  whole_key: 'i::double',
  mostly_null: 'case when i % 100 = 0 then i % 7 / 4.0 end::double',
  day: "date '2026-01-01' + (i % 300)::integer",
  moment: "timestamp '2026-01-01' + interval (i * 37) second",
  flag: 'i % 2 = 0',
  note: 'i::varchar',
  list: '[i, 2]',
  __index_level_0__: 'i * 0.5::double',
};

let table: Uint8Array;
beforeAll(async () => {
  initialiseParquetWasm();
  const list = Object.entries(COLUMNS).map(([name, expression]) => `${expression} as ${name}`);
  table = await parquetBytes(`select ${list.join(', ')} from (select i::integer as i from range(2000) t(i))`);
});

async function modelWith(configuration: object): Promise<Model> {
  const stores = storesOf({ 'a.parquet': table });
  // decisions do not depend on it, and few components are fitted at once
  const quick = { maxComponents: 2, ...configuration };
  return modelOfRun(stores, await runUntil('fit', stores, { configuration: quick }));
}

describe('left to itself', () => {
  let model: Model;
  beforeAll(async () => {
    model = await modelWith({});
  });

  it.each([
    ['real', 'normalize', 'continuous: 2000 distinct values in the sample'],
    ['two', 'normalize', 'continuous: 2 distinct values in the sample'],
    ['short_real', 'normalize', 'continuous: 2000 distinct values in the sample'],
    ['code', 'pass', 'integers of 50 distinct values (at most 50) are a code'],
    ['count', 'normalize', 'integers of 51 distinct values in the sample'],
    ['tiny', 'normalize', 'integers of 60 distinct values in the sample'],
    ['unsigned', 'normalize', 'integers of 60 distinct values in the sample'],
    ['key', 'pass', 'integers of which 100 % are distinct are a key'],
    ['almost_key', 'pass', 'integers of which 90 % are distinct are a key'],
    ['hardly_key', 'normalize', 'integers of 1799 distinct values in the sample'],
    ['money', 'normalize', 'continuous: 30 distinct values in the sample'],
    ['wide_money', 'normalize', 'continuous: 30 distinct values in the sample'],
    ['constant', 'pass', 'constant in the sample'],
    ['constant_money', 'pass', 'constant in the sample'],
    ['nothing', 'pass', 'no finite value in the sample'],
    ['not_finite', 'pass', 'no finite value in the sample'],
    ['whole_code', 'pass', 'integers of 40 distinct values (at most 50) are a code'],
    ['whole_count', 'normalize', 'integers of 200 distinct values in the sample'],
    ['whole_key', 'pass', 'integers of which 100 % are distinct are a key'],
    ['mostly_null', 'normalize', 'continuous: 7 distinct values in the sample'],
    ['day', 'pass', 'DATE passes unless asked for'],
    ['moment', 'pass', 'TIMESTAMP(us) passes unless asked for'],
    ['flag', 'pass', 'BOOLEAN is not a number'],
    ['note', 'pass', 'STRING is not a number'],
    ['list', 'pass', 'LIST<INTEGER(32, signed)> is not a number'],
    ['__index_level_0__', 'pass', 'DOUBLE passes unless asked for'],
  ])('%s: %s, %s', (name, action, reason) => {
    expect(model.decisions.find((decision) => decision.name === name)).toEqual({ name, action, reason });
    expect(model.columns.some((column) => column.name === name)).toBe(action === 'normalize');
  });

  it('decides every column, in input order, and models those it normalizes, in input order', () => {
    expect(model.decisions.map(({ name }) => name)).toEqual(Object.keys(COLUMNS));
    const normalized = model.decisions.filter(({ action }) => action === 'normalize');
    expect(model.columns.map(({ name }) => name)).toEqual(normalized.map(({ name }) => name));
  });
});

describe('asked to', () => {
  const asked = ['code', 'key', 'constant', 'nothing', 'not_finite', 'whole_key', 'day', 'moment', '__index_level_0__'];
  let model: Model;
  beforeAll(async () => {
    const passed = Object.keys(COLUMNS).filter((name) => !asked.includes(name));
    const columns = [...asked.map((name) => [name, 'normalize']), ...passed.map((name) => [name, 'pass'])];
    model = await modelWith({ columns: Object.fromEntries(columns) });
  });

  it('normalizes what it would pass by itself', () => {
    expect(model.columns.map(({ name }) => name)).toEqual(asked);
    const decided = model.decisions.filter(({ name }) => asked.includes(name));
    expect(decided).toEqual(asked.map((name) => ({ name, action: 'normalize', reason: 'as configured' })));
  });

  it('gives every column a Gaussian, so that every value has a place', () => {
    for (const { name, components } of model.columns) {
      expect(
        components.some(({ kind }) => kind === 'gaussian'),
        name,
      ).toBe(true);
    }
  });

  it('makes a constant an atom beside a Gaussian of weight 0 around it', () => {
    const { components } = model.columns.find(({ name }) => name === 'constant')!;
    expect(components.map(({ kind, weight, mean, logScale }) => [kind, weight, mean, logScale])).toEqual([
      ['atom', 1, 2.5, null],
      ['gaussian', 0, 2.5, null],
    ]);
  });

  it.each(['nothing', 'not_finite'])('gives %s one Gaussian of weight 1 around 0', (wanted) => {
    const { components, min, max } = model.columns.find(({ name }) => name === wanted)!;
    expect(
      components.map(({ kind, weight, mean, standardDeviation }) => [kind, weight, mean, standardDeviation]),
    ).toEqual([['gaussian', 1, 0, 1]]);
    expect([min, max]).toEqual([null, null]);
  });
});
