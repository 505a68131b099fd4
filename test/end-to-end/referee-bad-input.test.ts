import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { readJson } from '../../functions/stage-io.ts';
import { currentRunSchema } from '../../shared/contract/current-run.ts';
import { workKeys } from '../../shared/contract/keys.ts';
import { deployForTests } from '../referee/deploy-for-tests.ts';
import { canReferee } from '../referee/tools.ts';
import { FLIGHTS } from '../support/command.ts';
import { corruptRowGroup } from '../support/corrupt-row-group.ts';
import { parquetBytes } from '../support/parquet-bytes.ts';

/** Many row groups, of which the sample reads 64: not the one that is noise. */
const ROW_GROUPS = 70;
const NOISE = 37;
const IN_PIECES = { sampleRows: 10_000, partitionBytes: 400_000 };

const small = (first: number) => parquetBytes(`select sqrt(i + ${first})::double as x from range(3000) t(i)`);
const large = (first: number) =>
  parquetBytes(
    `select sqrt(i + ${first})::double as x, 'a' || i % 7 as s from range(${ROW_GROUPS * 2048}) t(i)`,
    'row_group_size 2048',
  );

describe.skipIf(!canReferee)('bad input, dropped into the deployed stack', { timeout: 120_000 }, () => {
  const { referee, deployed, inbox } = deployForTests();
  let good: Uint8Array;
  let corrupt: Uint8Array;

  beforeAll(async () => {
    good = await large(1);
    corrupt = corruptRowGroup(await large(2), NOISE);
  });

  it('a dataset without Parquet, a field that does not exist: the run fails, people are told, nothing is visible', async () => {
    await deployed().drop('nothing/readme.txt', 'no table');
    await deployed().drop('typo/a.parquet', await small(1));
    await deployed().drop('typo/_modemap.json', '{"maxComponent": 3}');
    const expected = {
      nothing: 'UnreadableInputError: nothing must hold at least one file whose name ends in .parquet',
      typo: 'ConfigurationError: _modemap.json: unknown field maxComponent, did you mean "maxComponents"?',
    };
    for (const [dataset, reason] of Object.entries(expected)) {
      const { execution, error, cause } = await deployed().failed(dataset);
      expect(`${error}: ${cause}`).toContain(reason);
      const notice = await inbox().noticeOf(execution);
      expect(notice).toMatchObject({ subject: `modemap: run of ${dataset} failed` });
      expect(notice?.text).toContain(reason);
      expect(await deployed().visible(dataset)).toEqual([]);
    }
    // they are for defects, and what a user did wrong is none
    expect(await deployed().deadLetters()).toEqual([]);
  });

  it('a corrupt file among good ones fails the run; report and notice name the file and why', async () => {
    await dropCorrupt(deployed());
    const { execution, partitions } = await deployed().failed('corrupt');
    const reason = expect.stringMatching(/column x of corrupt\/b\.parquet does not decode: .*; the file is damaged/);
    expect(partitions).toContainEqual({ partition: expect.any(Number), firstObject: 'b.parquet', reason });
    expect(await deployed().status('corrupt')).toMatch(
      /^corrupt: FAILED after .*\n {2}partition \d+ \(b\.parquet\): .* the file is damaged/s,
    );
    expect((await inbox().noticeOf(execution))?.text).toMatch(/\(b\.parquet\): .*the file is damaged/);
    const visible = await deployed().visible('corrupt');
    expect(visible.filter((key) => !key.startsWith('data/'))).toEqual([]);
  });

  it('with tolerance the run is partial, lists what is missing, and holds the rest', async () => {
    const tolerant = await referee().deploy(referee().prepare({ name: 'modemap-tolerant', toleratedFailureCount: 1 }));
    await dropCorrupt(tolerant, { toleratedFailures: 1 });
    const record = await tolerant.committed('corrupt');
    const reason = expect.stringMatching(/column x of corrupt\/b\.parquet does not decode/);
    expect(record).toMatchObject({
      status: 'partial',
      failed_partitions: 1,
      failures: [{ partition: expect.any(Number), first_object: 'b.parquet', reason }],
    });
    const parts = (await tolerant.visible('corrupt')).filter((key) => key.startsWith('data/'));
    expect(parts).toHaveLength(record.partitions - 1);
    const status = await tolerant.status('corrupt');
    expect(status).toMatch(/\ntransform {2}pass 0: \d+ of \d+ done, 1 FAILED\n/);
    expect(status).toMatch(/\nreaders get run \w+, committed \S+ \(PARTIAL\)\n.* partitions, 1 MISSING, /);
    tolerant.close();
  });

  it('an input overwritten while the run is under way: that run ends without alarm, a newer one replaces it', async () => {
    await deployed().drop('changing/a.parquet', readFileSync(FLIGHTS));
    const run = await deployed().started('changing');
    while (!(await deployed().work.head(workKeys.plan(run)))) await sleep(50);
    await deployed().drop('changing/a.parquet', good);
    const { execution, superseded, error, partitions } = await deployed().failed('changing');
    expect(superseded).toBe(true);
    expect(`${error} ${JSON.stringify(partitions)}`).toContain('InputChangedError');
    const subject = 'modemap: changing changed, a newer run replaces this one';
    expect(await inbox().noticeOf(execution)).toMatchObject({ subject });
    expect(await deployed().committed('changing', 2)).toMatchObject({ rows: ROW_GROUPS * 2048 });
  });

  it('two drops in a row are one run of both', async () => {
    await deployed().drop('twice/a.parquet', await small(1));
    await sleep(500);
    await deployed().drop('twice/b.parquet', await small(2));
    expect(await deployed().committed('twice')).toMatchObject({ objects: 2, rows: 6000 });
    expect(await deployed().executions('twice')).toHaveLength(1);
  });

  it('A, then B, then A again: readers get A, which is not computed again', async () => {
    const [a, b] = [await small(1), await small(5)];
    const runs = [];
    for (const [n, bytes] of [a, b, a].entries()) {
      await deployed().drop('back/a.parquet', bytes);
      runs.push((await deployed().committed('back', n + 1)).run_id);
    }
    expect(runs[2]).toBe(runs[0]);
    expect(runs[1]).not.toBe(runs[0]);
    const visible = await deployed().visible('back');
    expect(visible.filter((key) => key.startsWith('runs/'))).toHaveLength(2);
    const moves = visible.filter((key) => key.startsWith('current/'));
    const current = await Promise.all(moves.map((key) => readJson(deployed().output, key, currentRunSchema)));
    expect(current.map(({ run_id }) => run_id)).toEqual(runs);
  });

  it('datasets of any name: spaces, %, =, Unicode, runs, 300 characters', async () => {
    const names = ['two words', '100%', '%20', 'a=b', 'Zürich 東京', 'runs', 'x'.repeat(300)];
    for (const name of names) await deployed().drop(`${name}/a.parquet`, await small(1));
    for (const name of names) {
      expect(await deployed().committed(name)).toMatchObject({ dataset: name, rows: 3000, status: 'complete' });
    }
  });

  async function dropCorrupt(to: ReturnType<typeof deployed>, more: object = {}): Promise<void> {
    await to.drop('corrupt/_modemap.json', JSON.stringify({ ...IN_PIECES, ...more }));
    await to.drop('corrupt/a.parquet', good);
    await to.drop('corrupt/b.parquet', corrupt);
  }
});
