import { beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { outputKeys } from '../../../shared/contract/keys.ts';
import type { ColumnModel } from '../../../shared/contract/model.ts';
import { readFooter } from '../../../shared/parquet/footer.ts';
import { parquetBytes, readParquetRows } from '../../support/parquet-bytes.ts';
import { type MemoryStores, modelOfRun, planned, runUntil, storesOf } from '../../support/stage-run.ts';

beforeAll(() => initialiseParquetWasm());

type Row = Record<string, unknown>;

interface Transformed {
  rows: Row[];
  columns: ColumnModel[];
  /** rows of each row group, a list a part */
  rowGroups: number[][];
  parts: Uint8Array[];
}

/** Transform files and read the parts back, in their order. */
async function transformed(
  files: Record<string, Uint8Array>,
  configuration: object = {},
  root = '',
): Promise<Transformed> {
  const stores: MemoryStores = storesOf(files);
  const run = await runUntil('transform', stores, { root, configuration: { maxComponents: 2, ...configuration } });
  const result: Transformed = { rows: [], columns: (await modelOfRun(stores, run)).columns, rowGroups: [], parts: [] };
  for (let i = 0; i < (await planned(stores, run)).length; i++) {
    const key = outputKeys.part(run, 0, i);
    const bytes = await stores.output.read(key);
    const head = (await stores.output.head(key))!;
    const footer = await readFooter(stores.output, key, head.etag, head.sizeBytes);
    result.rowGroups.push(footer.rowGroups.map(({ rows }) => rows));
    result.rows.push(...(await readParquetRows(bytes)));
    result.parts.push(bytes);
  }
  return result;
}

const namesOf = ({ rows }: Transformed) => Object.keys(rows[0]);

const SOURCE = `select i::integer as id, sqrt(1 + hash(i) % 999)::double as x, 'note ' || i as note,
  [i, i + 1] as list, {'a': i, 'b': [i::varchar]} as nested, (hash(i) % 700)::decimal(9, 2) as money from range(3000) t(i)`;

describe('the columns of a part', () => {
  let source: Uint8Array;
  let sourceRows: Row[];
  beforeAll(async () => {
    source = await parquetBytes(SOURCE, 'row_group_size 2048');
    sourceRows = await readParquetRows(source);
  });

  it('are the input’s in order, a normalized one replaced in place by its pair', async () => {
    const result = await transformed({ 'a.parquet': source });
    expect(namesOf(result)).toEqual([
      'id',
      'x_normalized',
      'x_component',
      'note',
      'list',
      'nested',
      'money_normalized',
      'money_component',
    ]);
  });

  it('pass with their values, nested ones too', async () => {
    const { rows } = await transformed({ 'a.parquet': source });
    const passed = (row: Row) => ({ id: row.id, note: row.note, list: row.list, nested: row.nested });
    expect(rows.map(passed)).toEqual(sourceRows.map(passed));
  });

  it('are kept before their pair where keepOriginal says so, of one column or of all', async () => {
    const one = await transformed({ 'a.parquet': source }, { columns: { money: { keepOriginal: true } } });
    expect(namesOf(one).slice(1, 3)).toEqual(['x_normalized', 'x_component']);
    expect(namesOf(one).slice(-3)).toEqual(['money', 'money_normalized', 'money_component']);
    expect(one.rows.map(({ money }) => money)).toEqual(sourceRows.map(({ money }) => money));
    const all = await transformed({ 'a.parquet': source }, { keepOriginal: true });
    expect(namesOf(all).slice(0, 4)).toEqual(['id', 'x', 'x_normalized', 'x_component']);
    expect(all.rows.map(({ x }) => x)).toEqual(sourceRows.map(({ x }) => x));
  });

  it('are gone where they are dropped, nested ones whole', async () => {
    const columns = { id: 'drop', nested: 'drop', x: 'drop', list: 'drop' };
    expect(namesOf(await transformed({ 'a.parquet': source }, { columns }))).toEqual([
      'note',
      'money_normalized',
      'money_component',
    ]);
  });

  it('end with those of the folders, whose values are those of each file', async () => {
    const files = {
      'd/city=S%C3%A3o/n=1/a.parquet': source,
      'd/city=__HIVE_DEFAULT_PARTITION__/n=2/b.parquet': source,
    };
    const result = await transformed(files, {}, 'd/');
    expect(namesOf(result).slice(-2)).toEqual(['city', 'n']);
    expect(result.rows.map(({ city, n }) => [city, n])).toEqual([
      ...Array(3000).fill(['São', '1']),
      // by UTF-8, S comes before _
      ...Array(3000).fill([null, '2']),
    ]);
  });
});

describe('a pair', () => {
  it('is float32 of (x - mean) / (4 sd) of the component it names, within the clip', async () => {
    const query = 'select sqrt(1 + hash(i) % 999)::double as x from range(2500) t(i)';
    const { rows, columns } = await transformed({ 'a.parquet': await parquetBytes(query) }, { keepOriginal: true });
    const [{ components, precision }] = columns;
    expect([precision, rows.length]).toEqual(['float32', 2500]);
    for (const { x, x_normalized, x_component } of rows as Record<string, number>[]) {
      const { kind, mean, standardDeviation } = components[x_component];
      const z = kind === 'atom' ? 0 : (x - mean) / (4 * standardDeviation);
      expect(x_normalized).toBe(Math.fround(Math.min(0.99, Math.max(-0.99, z))));
    }
    expect(new Set(rows.map((row) => row.x_component)).size).toBe(components.length);
  });

  it('of a null is two nulls; of NaN and infinities a null and -1, -2, -3', async () => {
    const query = `select i::integer as id, case i % 6 when 0 then null when 1 then 'nan'::double when 2 then 'inf'::double
      when 3 then '-inf'::double else hash(i) % 1000 / 7.0 end::double as x from range(600) t(i)`;
    const { rows } = await transformed({ 'a.parquet': await parquetBytes(query) });
    const expected = [
      [null, null],
      [null, -1],
      [null, -2],
      [null, -3],
    ];
    for (const { id, x_normalized, x_component } of rows) {
      const kind = (id as number) % 6;
      if (kind < 4) expect([x_normalized, x_component]).toEqual(expected[kind]);
      else expect([typeof x_normalized, x_component as number]).toEqual(['number', expect.toSatisfy((k) => k >= 0)]);
    }
  });

  it('of a column that is null throughout is null throughout', async () => {
    const query = 'select i::integer as id, null::double as x from range(10) t(i)';
    const { rows } = await transformed({ 'a.parquet': await parquetBytes(query) }, { columns: { x: 'normalize' } });
    expect(rows).toEqual(Array.from({ length: 10 }, (_, id) => ({ id, x_normalized: null, x_component: null })));
  });
});

describe('the rows of a run', () => {
  const fileOf = (start: number, rows: number) =>
    parquetBytes(
      `select (i + ${start})::integer as id, sqrt(hash(i) % 999)::double as x from range(${rows}) t(i)`,
      'row_group_size 2048',
    );
  const countTo = (n: number) => Array.from({ length: n }, (_, i) => i);
  const idsOf = ({ rows }: Transformed) => rows.map(({ id }) => id);

  it('are those of all files in input order, row groups one to one, in one part where they are small', async () => {
    const files = {
      'b/1.parquet': await fileOf(5020, 4100),
      'a.parquet': await fileOf(0, 5000),
      'a0.parquet': await fileOf(5000, 0),
      'b.parquet': await fileOf(5000, 20),
    };
    const result = await transformed(files);
    expect(idsOf(result)).toEqual(countTo(9120));
    expect(result.rowGroups).toEqual([[2048, 2048, 904, 20, 2048, 2048, 4]]);
  });

  it('are the same in as many parts as there are row groups', async () => {
    const files = { 'a.parquet': await fileOf(0, 5000), 'b.parquet': await fileOf(5000, 20) };
    const [one, many] = [await transformed(files), await transformed(files, { partitionBytes: 1 })];
    expect(many.rowGroups).toEqual([[2048], [2048], [904], [20]]);
    expect(many.rows).toEqual(one.rows);
  });
});

describe('the bytes of a part', () => {
  it('do not depend on the run, the dataset’s root or its name', async () => {
    const source = await parquetBytes(SOURCE);
    const here = await transformed({ 'x.parquet': source });
    const there = await transformed({ 'some/where/x.parquet': source }, { toleratedFailures: 3 }, 'some/where/');
    expect(Buffer.compare(here.parts[0], there.parts[0])).toBe(0);
  });

  it('change with the name of the file, because its draws do', async () => {
    const source = await parquetBytes(SOURCE);
    const [one, other] = [await transformed({ 'x.parquet': source }), await transformed({ 'y.parquet': source })];
    expect(Buffer.compare(one.parts[0], other.parts[0])).not.toBe(0);
    expect(other.rows.map(({ id }) => id)).toEqual(one.rows.map(({ id }) => id));
  });
});
