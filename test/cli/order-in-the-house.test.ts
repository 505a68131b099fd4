import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { acquireRunLock } from '../../functions/adapters/run-lock.ts';
import { modemap, temporaryFolder } from '../support/command.ts';
import { writeParquetFile } from '../support/duckdb.ts';

const folder = temporaryFolder();
const out = join(folder, 'out');
const DAY_MS = 24 * 3_600_000;

/** ids of the runs of trips, the newest first */
let ids: string[];

const recordPath = (id: string, dataset = 'trips') => join(out, `runs/dataset=${dataset}/${id}.json`);

/** Make a run older than it is: the only thing that a test cannot wait for. */
function age(id: string, days: number): void {
  const record = JSON.parse(readFileSync(recordPath(id), 'utf8'));
  const past = (iso: string) => new Date(Date.parse(iso) - days * DAY_MS).toISOString();
  const aged = { ...record, order: past(record.order), created_at: past(record.created_at) };
  writeFileSync(recordPath(id), `${JSON.stringify(aged)}\n`);
}

const list = () => JSON.parse(modemap('list', out, '--json').stdout) as { run_id: string; current: boolean }[];
const pathsOf = (word: string) =>
  readdirSync(out, { recursive: true })
    .map(String)
    .filter((path) => path.includes(word));

beforeAll(async () => {
  await writeParquetFile(join(folder, 'trips.parquet'), 'select sqrt(i + 1)::double as x from range(300) t(i)');
  await writeParquetFile(join(folder, 'other.parquet'), 'select ln(i + 1)::double as x from range(300) t(i)');
  const run = (name: string, seed: number) => {
    const flags = ['--out', out, '--seed', String(seed), '--fit', 'sample', '--json', '--jobs', '1'];
    const { stdout, stderr } = modemap('run', join(folder, `${name}.parquet`), ...flags);
    if (stdout === '') throw new Error(stderr);
    return JSON.parse(stdout).run_id as string;
  };
  ids = [0, 1, 2, 3].map((seed) => run('trips', seed)).reverse();
  run('other', 0);
  for (const [i, id] of ids.entries()) age(id, i * 2);
}, 60_000);

describe('modemap list', () => {
  it('shows the runs of each dataset, the newest first and current', () => {
    const { stdout, status } = modemap('list', out);
    expect(status).toBe(0);
    const lines = stdout.trimEnd().split('\n').slice(2);
    expect(lines.map((line) => line.split(/\s+/)[0])).toEqual(['other', 'trips', 'trips', 'trips', 'trips']);
    expect(lines.slice(1).map((line) => line.split(/\s+/)[1])).toEqual(ids);
    expect(lines.map((line) => line.endsWith('current'))).toEqual([true, true, false, false, false]);
    expect(lines[1]).toMatch(/ complete +300 +[\d.]+ k?B +1 +current$/);
    expect(list().filter(({ current }) => current)).toHaveLength(2);
  });

  it('says in a line what is no output', () => {
    expect(modemap('list', folder)).toMatchObject({
      status: 1,
      stderr: `modemap: the output must be the folder that runs were written to (--out), ${folder} holds no run; give that folder, or s3://BUCKET\n`,
    });
    expect(modemap('list', 's3://Bucket/prefix').stderr).toContain('must be a bucket as s3://BUCKET');
  });
});

describe('modemap prune', () => {
  it('with --dry-run says what would go and what it frees, and removes nothing', () => {
    const before = pathsOf('');
    const { stdout, status } = modemap('prune', 'trips', '--keep', '1', '--out', out, '--dry-run');
    expect(status).toBe(0);
    expect(stdout).toContain('2 of 4 runs would go');
    expect(stdout).toMatch(new RegExp(`${ids[0]} .*readers get it`));
    // its successor was committed a moment ago
    expect(stdout).toMatch(new RegExp(`${ids[1]} .*it was the current one within 24 h`));
    expect(pathsOf('')).toEqual(before);
  });

  it('is refused while a run is under way', async () => {
    const lock = await acquireRunLock(join(out, '.work'));
    const refused = modemap('prune', 'trips', '--keep', '1', '--out', out);
    const forgetting = modemap('forget', 'trips', '--out', out, '--yes');
    await lock.release();
    for (const { status, stderr } of [refused, forgetting]) {
      expect(status).toBe(1);
      expect(stderr).toContain('another modemap run');
    }
    expect(list()).toHaveLength(5);
  });

  it('removes the oldest runs with all they have, and nothing the second time', () => {
    const pruned = JSON.parse(modemap('prune', 'trips', '--keep', '1', '--out', out, '--json').stdout);
    expect(pruned.goes.map(({ run_id }: { run_id: string }) => run_id)).toEqual([ids[3], ids[2]]);
    for (const id of [ids[2], ids[3]]) expect(pathsOf(id)).toEqual([]);
    expect(list().map(({ run_id }) => run_id)).toEqual(expect.arrayContaining([ids[0], ids[1]]));
    expect(modemap('query', `${out}/runs/dataset=trips`, 'select count(*) as n from data', '--json').stdout).toContain(
      '300',
    );
    expect(modemap('prune', 'trips', '--keep', '1', '--out', out).stdout).toContain('0 of 2 runs went, 0 B');
  });

  it('takes what is left of a removal that was cut short', () => {
    const left = join(out, `data/dataset=trips/run_id=${'0'.repeat(16)}/pass-0`);
    mkdirSync(left, { recursive: true });
    writeFileSync(join(left, 'part-00000.parquet'), 'rest');
    expect(modemap('prune', 'trips', '--keep', '9', '--out', out).stdout).toContain('a removal cut short');
    expect(existsSync(left)).toBe(false);
  });

  it('says in a line what it needs', () => {
    expect(modemap('prune', 'trips', '--out', out).stderr).toContain("required option '--keep <N>' not specified");
    expect(modemap('prune', 'trips', '--keep', '0', '--out', out).stderr).toContain('must be an integer >= 1');
    expect(modemap('prune', 'nobody', '--keep', '1', '--out', out).stderr).toContain('nobody has none in');
    expect(modemap('prune', 'trips', '--keep', '1', '--out', 's3://bucket').stderr).not.toContain('\n    at');
  });
});

describe('modemap forget', () => {
  it('wants somebody to confirm it', () => {
    const { status, stderr } = modemap('forget', 'trips', '--out', out);
    expect([status, stderr]).toEqual([
      1,
      'modemap: somebody must confirm this, nobody can be asked here; give --yes\n',
    ]);
    expect(list()).toHaveLength(3);
  });

  it('erases one run, by its id', () => {
    const { status, stdout } = modemap('forget', ids[0], '--out', out, '--yes');
    expect([status, stdout]).toEqual([0, expect.stringContaining(`run ${ids[0]} of trips is forgotten`)]);
    expect(pathsOf(ids[0])).toEqual([]);
    expect(list().find(({ run_id }) => run_id === ids[1])).toMatchObject({ current: true });
  });

  it('erases a dataset and leaves the one beside it', () => {
    writeFileSync(join(out, 'data/dataset=trips/.0123456789abcdef.modemap-temporary'), 'of a killed run');
    expect(modemap('forget', 'trips', '--out', out, '--yes').status).toBe(0);
    expect(pathsOf('trips')).toEqual([]);
    expect(list()).toMatchObject([{ dataset: 'other', current: true }]);
    const again = modemap('forget', 'trips', '--out', out, '--yes');
    expect([again.status, again.stderr]).toEqual([1, expect.stringContaining('nothing is stored of "trips"')]);
  });

  it('leaves an empty folder after the last one', () => {
    expect(modemap('forget', 'other', '--out', out, '--yes').status).toBe(0);
    expect(readdirSync(out)).toEqual([]);
  });
});
