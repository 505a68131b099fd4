import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { modemap, temporaryFolder } from '../support/command.ts';
import { writeParquetFile } from '../support/duckdb.ts';

const folder = temporaryFolder();
const input = join(folder, 'table.parquet');

beforeAll(async () => {
  const select = "select (hash(i) % 90) / 8.0::double as x, 'a' || i as s from range(4096) t(i)";
  await writeParquetFile(input, select, 'row_group_size 2048');
});

/** The plan as JSON, of as many partitions as there are row groups. */
function planned(...flags: string[]) {
  const { status, stdout, stderr } = modemap(
    'plan',
    input,
    '--partition-bytes',
    '1',
    '--max-components',
    '1',
    '--json',
    ...flags,
  );
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

const priced = (name: string, prices: object) => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(prices));
  return path;
};

describe('modemap plan --aws', () => {
  it('says what each stage asks and takes, and what a run costs with and without a second pass', () => {
    const { status, stdout } = modemap('plan', input, '--partition-bytes', '1', '--max-components', '1', '--aws');
    expect(status).toBe(0);
    expect(stdout).toMatch(/on AWS +us-east-1, arm64, 1,769 MB, 500 partitions at a time; prices of 2026-11-01/);
    const [, , onePass] = /(one pass) +\$(0\.\d+)/.exec(stdout) ?? [];
    const [, , secondPass] = /(second pass) +\$(0\.\d+)/.exec(stdout) ?? [];
    expect(Number(secondPass)).toBeGreaterThan(Number(onePass));
    for (const stage of ['start', 'plan', 'fit', 'collect', 'transform', 'reduce', 'audit', 'commit'])
      expect(stdout).toMatch(new RegExp(`^${stage} +\\d+ `, 'm'));
    expect(stdout).toMatch(/^transform +2 /m);
  });

  it('as JSON holds the same, of the concurrency and the prices that were given', () => {
    const prices = priced('dear.json', { region: 'eu-west-1', transition: 1 });
    const { estimate } = planned('--aws', '--concurrency', '1', '--prices', prices, '--fit', 'sample');
    const { aws } = estimate;
    expect(aws).toMatchObject({ concurrency: 1, memoryMegabytes: 1769, withSecondPass: null, maxRunDollars: 25 });
    expect(aws.prices).toMatchObject({ region: 'eu-west-1', transition: 1, date: '2026-11-01' });
    expect(Math.floor(aws.expected.dollars)).toBe(aws.expected.transitions);
    expect(planned('--fit', 'sample').estimate.aws.expected.minutes).toBeLessThan(aws.expected.minutes);
  });

  it('warns in the words of the refusal where AWS would refuse the run, and ends well: nothing runs', () => {
    const prices = priced('dearest.json', { lambdaInvocation: 1000 });
    const { status, stdout } = modemap('plan', input, '--aws', '--prices', prices);
    expect(status).toBe(0);
    expect(stdout).toMatch(
      /^warning +AWS would refuse this run: maxRunDollars must be at least \d+\.\d\d for this run/m,
    );
    expect(modemap('plan', input, '--prices', prices).stdout).not.toMatch(/^warning/m);
  });

  it('plans with the memory of a function', () => {
    const { status, stderr } = modemap('plan', input, '--aws', '--lambda-memory', '128');
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^modemap: column x in row group \d of table\.parquet needs \d+ MB of memory, 135 MB are allowed/,
    );
  });

  it.each([
    [['--prices', join(folder, 'missing.json')], /--prices must be a readable file, .*missing\.json: ENOENT/],
    [['--concurrency', '0'], /--concurrency <N>' argument '0' is invalid. must be an integer >= 1/],
    [['--lambda-memory', '100'], /argument '100' is invalid. must be an integer 128..10240/],
  ])('%s is refused in one line', (flags, message) => {
    const { status, stderr } = modemap('plan', input, '--aws', ...flags);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd()).not.toContain('\n');
  });
});
