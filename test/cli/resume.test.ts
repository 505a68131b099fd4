import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { digestOf, modemap, startModemap, temporaryFolder } from '../support/command.ts';
import { writeParquetFile } from '../support/duckdb.ts';

const folder = temporaryFolder();
const input = join(folder, 'table.parquet');
const flags = ['--partition-bytes', '300KB', '--quiet'];

beforeAll(async () => {
  const columns =
    '(hash(i) % 100000) / 100.0::double as a, ln(1 + hash(i * 3) % 5000)::double as b, i % 700 as c, i as id, (i % 13)::varchar as s';
  await writeParquetFile(input, `select ${columns} from range(300000) t(i)`, 'row_group_size 10000');
});

describe('a run that is killed', () => {
  it('continues at the same command and ends with the bytes of an undisturbed run; it is never visible before', async () => {
    const undisturbed = join(folder, 'undisturbed');
    expect(modemap('run', input, '--out', undisturbed, ...flags).status).toBe(0);
    const expected = digestOf(undisturbed);
    const out = join(folder, 'killed');
    let kills = 0;
    for (let i = 0; i < 10; i++) {
      const child = startModemap('run', input, '--out', out, ...flags);
      const ended = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));
      // moments from before the first stage to the end of the last, spread by a fixed rule
      await Promise.race([delay(150 + ((i * 617) % 1500)), ended]);
      child.kill('SIGKILL');
      if ((await ended) === 0) break;
      kills++;
      if (existsSync(out)) {
        const { status, stderr } = modemap('query', out, 'select count(*) from data');
        expect([status, stderr]).toEqual([1, expect.stringContaining('no committed run')]);
      }
    }
    expect(kills).toBeGreaterThan(0);
    const { status, stderr } = modemap('run', input, '--out', out, ...flags);
    expect(status, stderr).toBe(0);
    expect(digestOf(out)).toEqual(expected);
  });
});

describe('a run that is finished', () => {
  it('is found done by the same command, which changes nothing', () => {
    const out = join(folder, 'undisturbed');
    const before = digestOf(out);
    const { status, stderr } = modemap('run', input, '--out', out, '--partition-bytes', '300KB', '--json');
    expect(status).toBe(0);
    expect(stderr).toContain('nothing to do: run ');
    expect(digestOf(out)).toEqual(before);
  });
});

describe('two runs into one folder at the same time', () => {
  it('the second says so and stops, the first goes on', async () => {
    const out = join(folder, 'shared');
    const first = startModemap('run', input, '--out', out, ...flags);
    const ended = new Promise<number | null>((resolve) => first.on('exit', (code) => resolve(code)));
    while (!existsSync(join(out, '.work', 'table'))) await delay(5);
    const second = modemap('run', input, '--out', out, ...flags);
    expect([second.status, second.stderr]).toEqual([1, expect.stringContaining('another modemap run')]);
    expect(await ended).toBe(0);
  });
});
