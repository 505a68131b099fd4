import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { modemap } from '../support/command.ts';
import { sql } from '../support/duckdb.ts';
import { hardInputs } from '../support/hard-inputs.ts';

const { path, freshFolder, good, writeGood, accepted, rowsOf } = hardInputs();

beforeAll(async () => {
  await writeGood();
});

describe('odd but right', () => {
  it('names with blanks, quotes, glob characters, a line end, emoji, percent and equals signs', () => {
    const name = `a b'c"d[e]*?{f}%41=g\n😀#é`;
    const input = path(name);
    mkdirSync(input);
    copyFileSync(good, join(input, `${name}.parquet`));
    const out = join(freshFolder(), name);
    const { status, stderr } = modemap('run', input, '--out', out, '--jobs', '1', '--quiet', '--dataset', name);
    expect([status, stderr]).toEqual([0, '']);
    expect(rowsOf(out)).toEqual([{ n: 4000 }]);
  });

  it.each(['runs', '.work', ''])('a dataset called %j', (name) => {
    expect(rowsOf(accepted(good, '--dataset', name))).toEqual([{ n: 4000 }]);
  });

  it('what lies beside a single file is not looked at', () => {
    const around = freshFolder();
    copyFileSync(good, join(around, 'a.parquet'));
    symlinkSync(join(around, 'nowhere'), join(around, 'b.parquet'));
    writeFileSync(join(around, 'c.parquet'), 'not Parquet');
    accepted(join(around, 'a.parquet'));
  });

  it('a folder that leads back to itself by a link', () => {
    const input = freshFolder();
    copyFileSync(good, join(input, 'a.parquet'));
    symlinkSync(input, join(input, 'again'));
    expect(rowsOf(accepted(input))).toEqual([{ n: 4000 }]);
  });

  it('folders become columns, decoded', async () => {
    const input = freshFolder();
    const keys = ['a=1/b=y%20z', 'a=__HIVE_DEFAULT_PARTITION__/b=%', 'a=ü/b=c=d'];
    for (const key of keys) {
      mkdirSync(join(input, key), { recursive: true });
      copyFileSync(good, join(input, key, 'p.parquet'));
    }
    const out = accepted(input);
    const parts = `read_parquet('${out}/data/*/*/*/*.parquet', hive_partitioning = false)`;
    expect(await sql(`select a, b, count(*)::int as n from ${parts} group by all order by b`)).toEqual([
      { a: null, b: '%', n: 4000 },
      { a: 'ü', b: 'c=d', n: 4000 },
      { a: '1', b: 'y z', n: 4000 },
    ]);
  });
});
