import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { makeFailed } from '../../../functions/failed/failed.ts';
import { readJson } from '../../../functions/stage-io.ts';
import { makeTransform } from '../../../functions/transform/transform.ts';
import { type FailureReport, failureReportSchema } from '../../../shared/contract/failure.ts';
import { type RunReference, workKeys } from '../../../shared/contract/keys.ts';
import { failedEventSchema } from '../../../shared/contract/stage-events.ts';
import { Crash, CrashPoint, crashingStore } from '../../support/failing-store.ts';
import { parquetBytes } from '../../support/parquet-bytes.ts';
import { type MemoryStores, PROBES, planned, runUntil, storesOf } from '../../support/stage-run.ts';

let file: Uint8Array;
beforeAll(async () => {
  initialiseParquetWasm();
  file = await parquetBytes('select sqrt(i + 1)::double as x from range(50) t(i)');
});

const CONFIGURATION = { partitionBytes: 1, maxComponents: 1 };
const FILES = ['a', 'b', 'c'].map((name) => `table/${name}.parquet`);

let stores: MemoryStores;
let run: RunReference;
let sent: [subject: string, text: string][];
beforeEach(async () => {
  stores = storesOf(Object.fromEntries(FILES.map((key) => [key, file])));
  run = await runUntil('fit', stores, { root: 'table/', configuration: CONFIGURATION });
  sent = [];
});

const notifications = {
  publish: async (subject: string, text: string) => {
    sent.push([subject, text]);
  },
};
const eventOf = (detail: object = {}) =>
  failedEventSchema.parse({
    source: 'aws.states',
    detail: {
      executionArn: 'arn:aws:states:eu-west-1:1:execution:modemap:table-0-1',
      name: 'table-0-1',
      status: 'FAILED',
      startDate: 1,
      stopDate: 2,
      input: JSON.stringify({
        dataset: 'table',
        ...run,
        order: '',
        committed: false,
        sweep: { pass: 0, again: false },
      }),
      inputDetails: { included: true },
      error: 'States.ExceedToleratedFailureThreshold',
      cause: 'The specified tolerated failure threshold was exceeded',
      ...detail,
    },
  });
const report = (detail?: object) => makeFailed(stores, notifications)(eventOf(detail));
const stored = (): Promise<FailureReport> => readJson(stores.work, workKeys.failure(run), failureReportSchema);

/** Transform the partitions of some files; what fails leaves its reason. */
async function transform(...names: string[]): Promise<void> {
  const stage = makeTransform(stores, PROBES);
  for (const partition of await planned(stores, run)) {
    if (!names.includes(partition.slices[0].key)) continue;
    await stage({ ...run, pass: 0, partition }).catch(() => {});
  }
}

/** Freeze what the dataset holds now, later than the run. */
const freezeLater = (configuration: object = CONFIGURATION) =>
  runUntil('start', stores, { root: 'table/', configuration, order: '2026-01-02T04:00:00.000Z' });

describe('the report of a failed run', () => {
  it('names every partition without receipt, its file and the reason it left, in order', async () => {
    stores.input.overwrite('table/b.parquet', file.slice(0, 100));
    await transform('a.parquet', 'b.parquet');
    const { report: made, isNew } = await report();
    expect(isNew).toBe(true);
    expect(made).toMatchObject({ runId: run.runId, status: 'FAILED', pass: 0, plannedPartitions: 3 });
    expect(made.partitions).toEqual([
      {
        partition: 1,
        firstObject: 'b.parquet',
        reason: 'table/b.parquet changed while the run was reading it; run again',
      },
      { partition: 2, firstObject: 'c.parquet', reason: 'worker died: memory or time, or stopped with the run' },
    ]);
    expect(await stored()).toEqual(made);
  });

  it('is sent with the same words, and says where the rest is', async () => {
    await transform('b.parquet');
    await report();
    const [[subject, text]] = sent;
    expect(subject).toBe('modemap: run of table failed');
    expect(text).toContain('2 of 3 are missing in pass 0');
    expect(text).toContain('0 (a.parquet): worker died: memory or time');
    expect(text).toContain(workKeys.failure(run));
    expect(text).toContain('redrive');
  });

  it('gives the error of a function by its message, not as JSON', async () => {
    const cause = JSON.stringify({ errorType: 'ConfigurationError', errorMessage: 'unknown field "x"', trace: ['at'] });
    const { report: made } = await report({ error: 'ConfigurationError', cause });
    expect([made.error, made.cause]).toEqual(['ConfigurationError', 'unknown field "x"']);
    expect(sent[0][1]).toContain('error       ConfigurationError: unknown field "x"');
  });

  it('of a run that was never planned lists no partition', async () => {
    stores = storesOf({});
    run = await runUntil('start', stores, { configuration: { nonsense: 1 } });
    const { report: made } = await report({ error: 'ConfigurationError', cause: 'unknown field' });
    expect(made).toMatchObject({ pass: null, plannedPartitions: null, partitions: [], superseded: false });
    expect(sent).toHaveLength(1);
  });

  it.each([
    ['TIMED_OUT', 'ran out of time'],
    ['ABORTED', 'was stopped'],
  ])('of an execution that is %s needs no error', async (status, words) => {
    const { report: made } = await report({ status, error: undefined, cause: null });
    expect(made).toMatchObject({ status, error: null, cause: null });
    expect(sent[0][0]).toContain(words);
  });

  it('looks at the second pass where there is one', async () => {
    await transform('a.parquet', 'b.parquet', 'c.parquet');
    const model = JSON.parse(Buffer.from(await stores.work.read(workKeys.model(run, 0))).toString());
    await stores.work.write(workKeys.model(run, 1), Buffer.from(JSON.stringify({ ...model, pass: 1 })));
    const { report: made } = await report();
    expect([made.pass, made.partitions.map(({ partition }) => partition)]).toEqual([1, [0, 1, 2]]);
  });
});

describe('an event', () => {
  it('that comes again changes nothing and is not told twice', async () => {
    const first = await report();
    expect(await report()).toEqual({ report: first.report, isNew: false });
    expect(sent).toHaveLength(1);
  });

  it('of a redrive that failed again replaces the report', async () => {
    await report();
    await transform('a.parquet');
    const { isNew } = await report({ stopDate: 3 });
    expect(isNew).toBe(true);
    expect(sent).toHaveLength(2);
    expect(await stored()).toMatchObject({ stopDate: 3, partitions: [{ partition: 1 }, { partition: 2 }] });
  });

  it.each([
    [1, 'before'],
    [1, 'after'],
    [2, 'before'],
    [2, 'after'],
  ] as const)('is told at least once, whatever crash cut it short at change %i, %s it', async (at, when) => {
    await report();
    const work = crashingStore(stores.work, new CrashPoint(at, when));
    await expect(makeFailed({ ...stores, work }, notifications)(eventOf({ stopDate: 3 }))).rejects.toThrow(Crash);
    await report({ stopDate: 3 });
    expect(sent.length).toBeGreaterThanOrEqual(2);
    expect(await stored()).toMatchObject({ stopDate: 3 });
  });

  it('is not taken for reported where it could not be sent', async () => {
    const deaf = { publish: () => Promise.reject(new Error('no topic')) };
    await expect(makeFailed(stores, deaf)(eventOf())).rejects.toThrow('no topic');
    expect((await report()).isNew).toBe(true);
  });
});

describe('a run whose input changed', () => {
  const overwrite = (key = 'table/b.parquet') => stores.input.overwrite(key, Buffer.concat([file, file]));

  it('is superseded where its dataset settles: the change starts the newer run', async () => {
    overwrite();
    await transform('b.parquet');
    expect((await report()).report.superseded).toBe(true);
    expect(sent[0][0]).toBe('modemap: table changed, a newer run replaces this one');
    expect(sent[0][1]).toContain('nothing to do');
  });

  it('is superseded where the stage that failed was not the transform', async () => {
    overwrite();
    expect((await report({ error: 'InputChangedError', cause: 'b changed' })).report.superseded).toBe(true);
  });

  it('is superseded where a newer run was frozen already, even one that starts by marker', async () => {
    const marker = { ...CONFIGURATION, start: 'marker' };
    stores = storesOf(Object.fromEntries(FILES.map((key) => [key, file])));
    run = await runUntil('fit', stores, { root: 'table/', configuration: marker });
    overwrite();
    await transform('b.parquet');
    expect((await report({ stopDate: 5 })).report.superseded, 'nobody has promised another marker').toBe(false);
    await freezeLater(marker);
    expect((await report({ stopDate: 6 })).report.superseded).toBe(true);
  });

  it('is superseded where a file was replaced by one of another name', async () => {
    await stores.input.remove('table/b.parquet');
    await transform('b.parquet');
    for (const key of ['table/_d.parquet', 'table/readme.txt']) stores.input.overwrite(key, file);
    stores.input.overwrite('table/empty.parquet', new Uint8Array(0));
    expect((await report({ stopDate: 5 })).report.superseded, 'none of these is data').toBe(false);
    stores.input.overwrite('table/d.parquet', file);
    expect((await report({ stopDate: 6 })).report.superseded).toBe(true);
  });

  it('is not superseded by an object that is gone: deletions start nothing', async () => {
    await stores.input.remove('table/b.parquet');
    await transform('b.parquet');
    expect((await report()).report).toMatchObject({ superseded: false, partitions: { length: 3 } });
  });

  it('is not superseded where the dataset has its marker: data alone starts nothing then', async () => {
    overwrite();
    stores.input.overwrite('table/_SUCCESS', Uint8Array.of(1));
    await transform('b.parquet');
    expect((await report()).report.superseded).toBe(false);
  });

  it('is a failure where another partition failed for another reason', async () => {
    const damaged = await parquetBytes('select sqrt(i + 1)::double as x from range(50) t(i)');
    damaged.fill(0xff, 4, 60);
    stores = storesOf({ 'table/a.parquet': damaged, 'table/b.parquet': file });
    run = await runUntil('plan', stores, { root: 'table/', configuration: CONFIGURATION });
    const other = storesOf({ 'table/a.parquet': file, 'table/b.parquet': file });
    const model = workKeys.model(await runUntil('fit', other, { root: 'table/', configuration: CONFIGURATION }), 0);
    await stores.work.write(workKeys.model(run, 0), await other.work.read(model));
    overwrite();
    await transform('a.parquet', 'b.parquet');
    const { report: made } = await report();
    expect(made.partitions[0].reason).toContain('does not decode');
    expect(made.superseded).toBe(false);
  });

  it('that is a file at the root of its bucket does not look at its neighbours', async () => {
    stores = storesOf({ 'one.parquet': file });
    run = await runUntil('fit', stores, { configuration: CONFIGURATION });
    overwrite('two.parquet');
    overwrite('one.parquet.parquet');
    expect((await report({ error: 'InputChangedError', cause: 'x' })).report.superseded).toBe(false);
    overwrite('one.parquet');
    expect((await report({ stopDate: 9, error: 'InputChangedError', cause: 'x' })).report.superseded).toBe(true);
  });
});
