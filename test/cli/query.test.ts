import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { queryPieces, queryRun, registerQuery } from '../../cli/query.ts';
import { ConfigurationError, IncompleteRunError } from '../../shared/contract/errors.ts';
import { outputKeys } from '../../shared/contract/keys.ts';
import { columnModel, writeRun } from '../support/run-fixture.ts';

const run = { datasetId: 'trips', runId: '0123456789012345' };

describe('queryRun', () => {
  let root: string;
  let decoy: string;
  beforeAll(async () => {
    const folder = await mkdtemp(join(tmpdir(), 'modemap-query-test-'));
    // read as a pattern, the first folder's name also means the second one
    root = join(folder, "it's [a] {b,c} 100% ü 😀 ?*");
    decoy = join(folder, "it's a {b,c} 100% ü 😀 xy");
    await writeRun(root, run);
    await writeRun(decoy, run);
  });
  afterAll(() => rm(join(root, '..'), { recursive: true, force: true }));

  const json = async (sql: string, place = root) => JSON.parse(await queryRun(place, sql, { format: 'json' }));

  it('shows the rows of all parts in part order, without columns made of folder names', async () => {
    expect(await json('SELECT * FROM data')).toEqual([
      { n: 3, s: 'c' },
      { n: 1, s: 'a' },
      { n: 2, s: 'b' },
      { n: 0, s: null },
    ]);
  });

  it('shows metrics and tasks', async () => {
    expect(await json('SELECT * FROM metrics')).toEqual([{ pass: 0, partition: 0, column: 'delay', rows: 4 }]);
    expect(await json('SELECT * FROM tasks')).toEqual([{ pass: 0, partition: 0, first_object: 'x.parquet' }]);
  });

  it('shows the record as one row, its id as text and its counts whole', async () => {
    const sql = 'SELECT run_id, "order", bytes_in, failures, columns[1].name AS first, configuration FROM run';
    expect(await json(sql)).toEqual([
      {
        run_id: run.runId,
        order: '2026-01-02T03:04:05.678Z',
        bytes_in: 9007199254740991,
        failures: [],
        first: 'delay',
        configuration: '{"seed":1}',
      },
    ]);
  });

  it('shows one row per component, numbered as in the data', async () => {
    const rows = await json(
      'SELECT column_name, component, kind, mean, standard_deviation, pruned, bits_per_value FROM components',
    );
    const common = { column_name: 'delay', bits_per_value: columnModel.bitsPerValue };
    expect(rows).toEqual([
      { ...common, component: 0, kind: 'gaussian', mean: 0.1, standard_deviation: 2.5, pruned: false },
      { ...common, component: 1, kind: 'atom', mean: 9, standard_deviation: 0, pruned: false },
      { ...common, component: 2, kind: 'gaussian', mean: 5, standard_deviation: 1, pruned: false },
    ]);
  });

  it('prints a table, CSV or JSON', async () => {
    const sql = `SELECT 12345678901234567890::HUGEINT AS big, 'a,"b"' AS t, NULL AS nothing, '' AS empty, 0.5::DOUBLE AS x`;
    expect(await queryRun(root, sql, { format: 'table' })).toBe(
      '                 big  t      nothing  empty    x\n' +
        '--------------------  -----  -------  -----  ---\n' +
        '12345678901234567890  a,"b"     NULL         0.5\n',
    );
    expect(await queryRun(root, sql, { format: 'csv' })).toBe(
      'big,t,nothing,empty,x\n12345678901234567890,"a,""b""",,"",0.5\n',
    );
    expect(await queryRun(root, sql, { format: 'json' })).toBe(
      '[{"big":12345678901234567890,"t":"a,\\"b\\"","nothing":null,"empty":"","x":0.5}]\n',
    );
    expect(await queryRun(root, 'SELECT 1 AS a WHERE false', { format: 'json' })).toBe('[]\n');
    expect(await queryRun(root, 'SELECT 1 AS a WHERE false', { format: 'csv' })).toBe('a\n');
  });

  it('shows no more rows than asked for, says so only then, and gives all of a large answer', async () => {
    const sql = 'SELECT i FROM range(5000) AS t(i)';
    const onCut = vi.fn();
    expect((await queryRun(root, sql, { format: 'csv', limit: 3000, onCut })).split('\n')).toHaveLength(3002);
    expect(onCut).toHaveBeenCalledExactlyOnceWith(3000);
    const all = JSON.parse(await queryRun(root, sql, { format: 'json', limit: 5000, onCut }));
    expect(all.map(({ i }: { i: number }) => i)).toEqual(Array.from({ length: 5000 }, (_, i) => i));
    expect(onCut).toHaveBeenCalledOnce();
    const pieces = [];
    for await (const piece of queryPieces(root, sql, { format: 'csv' })) pieces.push(piece);
    expect(pieces.length).toBeGreaterThan(2);
  });

  it('takes several statements, and describes its views', async () => {
    expect(await json("SET VARIABLE x = 2; SELECT getvariable('x') AS x;")).toEqual([{ x: 2 }]);
    expect((await json('DESCRIBE data')).map(({ column_name }: { column_name: string }) => column_name)).toEqual([
      'n',
      's',
    ]);
    expect(await queryRun(root, 'CREATE TABLE t AS SELECT 1', { format: 'table' })).toBe('');
  });

  it('refuses what DuckDB refuses in its own first line', async () => {
    const fails = async (sql: string, message: string) => {
      await expect(queryRun(root, sql, { format: 'table' })).rejects.toThrow(ConfigurationError);
      await expect(queryRun(root, sql, { format: 'table' })).rejects.toThrow(message);
    };
    await fails('SELEC 1', 'SQL: Parser Error: syntax error at or near "SELEC"');
    await fails('SELECT missing FROM data', 'SQL: Binder Error: Referenced column "missing" not found');
    await fails('SELECT * FROM nothing', 'does not exist!; the views are data, metrics, tasks, run, components');
    await fails("SELECT CASE WHEN i > 3000 THEN error('late') ELSE '' END FROM range(9000) AS t(i)", 'late');
    await fails('', 'SQL must hold a statement, got none');
    await fails('-- only a comment', 'SQL must hold a statement, got none');
  });

  it('refuses a run whose files are no longer all there', async () => {
    const part = join(decoy, outputKeys.part(run, 0, 1));
    await rename(part, `${part}.away`);
    await expect(queryRun(decoy, 'SELECT 1', { format: 'csv' })).rejects.toThrow(IncompleteRunError);
    await expect(queryRun(decoy, 'SELECT 1', { format: 'csv' })).rejects.toThrow(
      'must hold the 2 parts of run 0123456789012345, it holds 1',
    );
    await rename(`${part}.away`, part);
    await writeFile(join(decoy, outputKeys.model(run)), '{}');
    await expect(queryRun(decoy, 'SELECT 1', { format: 'csv' })).rejects.toThrow(
      'model.json: format must be "modemap-model", got nothing',
    );
  });
});

describe('modemap query', () => {
  const makeProgram = () => {
    const program = new Command('modemap').exitOverride();
    registerQuery(program);
    for (const command of program.commands) command.exitOverride().configureOutput({ writeErr: () => undefined });
    return program;
  };

  it('shows examples in its help', () => {
    const [command] = makeProgram().commands;
    const pieces: string[] = [];
    command.configureOutput({ writeOut: (text) => pieces.push(text) }).outputHelp();
    expect(pieces.join('')).toContain('modemap query out "select * from data limit 5"');
    expect(pieces.join('')).toContain('components');
  });

  it('refuses two formats at once and a limit that is none', async () => {
    const parse = (...args: string[]) =>
      makeProgram().parseAsync(['query', 'out', 'SELECT 1', ...args], { from: 'user' });
    await expect(parse('--csv', '--json')).rejects.toThrow("option '--csv' cannot be used with option '--json'");
    await expect(parse('--limit', 'x')).rejects.toThrow('--limit');
  });
});
