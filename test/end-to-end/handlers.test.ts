import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJson, readJsonLines } from '../../functions/stage-io.ts';
import { STAGES } from '../../shared/contract/environment.ts';
import { failureReportSchema } from '../../shared/contract/failure.ts';
import { outputKeys, type RunReference, workKeys } from '../../shared/contract/keys.ts';
import { runRecordSchema } from '../../shared/contract/run-record.ts';
import type { PlanResult } from '../../shared/contract/stage-events.ts';
import { partitionSchema } from '../../shared/contract/stages.ts';
import type { StartedRun } from '../../shared/contract/start-call.ts';
import { hasEmulator, startEmulator } from '../support/aws-emulator.ts';
import { BundledHandlers, executionOf } from '../support/bundled-handlers.ts';
import { digestOf, modemap, temporaryFolder } from '../support/command.ts';
import { MISLEADING_FILES, MISLEADING_ROWS, writeMisleadingTable } from '../support/misleading-table.ts';
import { node24 } from '../support/node24.ts';
import { parquetBytes } from '../support/parquet-bytes.ts';
import { trappingFile } from '../support/trapping-file.ts';

const canRun = hasEmulator && existsSync(node24);
if (!existsSync(node24) && !process.env.CI)
  console.warn('skipped: tests that need Node 24; install it with test/support/install-tools.sh');

const folder = temporaryFolder();
let handlers: BundledHandlers;

describe.skipIf(!canRun && !process.env.CI)('each bundled handler, alone in its folder, on Node 24', () => {
  let run: RunReference;

  beforeAll(async () => {
    const script = fileURLToPath(new URL('../../esbuild.handlers.mjs', import.meta.url));
    execFileSync(process.execPath, [script, join(folder, 'built')]);
    handlers = await BundledHandlers.open(folder, await startEmulator());
    await writeMisleadingTable(join(folder, 'table'));
    const input = handlers.store('INPUT_BUCKET');
    for (const key of MISLEADING_FILES) await input.write(`table/${key}`, readFileSync(join(folder, 'table', key)));
    run = await handlers.freeze('table');
  });

  afterAll(() => handlers?.close());

  // two passes of processes that all start cold
  const MANY_STARTS_MS = 240_000;
  it(
    'does its stage: together they write the bytes that one command writes here, in two passes',
    async () => {
      await handlers.execute(executionOf('table', run));
      const record = await readJson(handlers.store('OUTPUT_BUCKET'), outputKeys.record(run), runRecordSchema);
      expect(record).toMatchObject({
        passes: 2,
        rows: MISLEADING_ROWS,
        status: 'complete',
        audit: [{ name: 'x', misled: true }, {}],
      });
      expect(record.partitions).toBeGreaterThan(3);

      const { status, stderr, stdout } = modemap('run', join(folder, 'table'), '--out', join(folder, 'here'), '--json');
      expect(status, stderr).toBe(0);
      const local = JSON.parse(stdout).run_id;
      const here = Object.entries(digestOf(join(folder, 'here')));
      await download(join(folder, 'there'));
      const expected = Object.fromEntries(here.map(([key, sha]) => [key.replaceAll(local, run.runId), sha]));
      expect(digestOf(join(folder, 'there'))).toEqual(expected);
    },
    MANY_STARTS_MS,
  );

  it('commits the first pass where it stands, and again is the same', async () => {
    const table = await parquetBytes('select sqrt(i + 1)::double as x from range(3000) t(i)');
    await handlers.store('INPUT_BUCKET').write('calm/a.parquet', table);
    const execution = executionOf('calm', await handlers.freeze('calm'));
    await handlers.execute(execution);
    const recordKey = outputKeys.record(execution);
    const record = await readJson(handlers.store('OUTPUT_BUCKET'), recordKey, runRecordSchema);
    expect(record).toMatchObject({ passes: 1, rows: 3000, audit: [{ name: 'x', misled: false }] });
    const { runId } = execution;
    const result = { runId, status: 'complete', rows: 3000, recordKey };
    expect(await handlers.call('commit', { ...execution, pass: 0 })).toEqual(result);
  });

  it('start waits after an event and gives back what nobody can read; called, it begins the run of what is there', async () => {
    const table = await parquetBytes('select sqrt(i + 3)::double as x from range(3000) t(i)');
    await handlers.store('INPUT_BUCKET').write('dropped/a.parquet', table);
    const dropped = {
      source: 'aws.s3',
      'detail-type': 'Object Created',
      time: new Date().toISOString(),
      detail: { bucket: { name: 'input-of-test' }, object: { key: 'dropped/a.parquet' } },
    };
    const Records = [
      { messageId: '1', body: JSON.stringify(dropped) },
      { messageId: '2', body: 'no message' },
    ];
    expect(await handlers.call('start', { Records })).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
    expect(await handlers.waiting()).toBe(1);

    const started = await handlers.call<StartedRun>('start', { dataset: 'dropped' });
    expect(started).toMatchObject({ dataset: 'dropped', state: 'started' });
    await handlers.execute(await handlers.inputOf(started.executionArn));
    expect(await handlers.call('start', { dataset: 'dropped' })).toEqual({ ...started, state: 'done' });
  });

  it('answers with the name by which the state machine retries', async () => {
    const input = executionOf('nothing', await handlers.freeze('nothing'));
    expect(await handlers.invoke('plan', input)).toMatchObject({
      error: { errorType: 'UnreadableInputError', errorMessage: expect.stringMatching(/^nothing must hold/) },
    });
  });

  it('tells people of a run that failed, and keeps the report', async () => {
    const execution = executionOf('lost', await handlers.freeze('lost'));
    const detail = {
      executionArn: 'arn:aws:states:us-east-1:000000000000:execution:modemap:lost-1',
      name: 'lost-1',
      status: 'FAILED',
      stopDate: 1,
      input: JSON.stringify(execution),
      error: 'UnreadableInputError',
      cause: '{"errorType":"UnreadableInputError","errorMessage":"lost must hold at least one file"}',
    };
    const failureKey = workKeys.failure(execution);
    expect(await handlers.call('failed', { source: 'aws.states', detail })).toEqual({
      runId: execution.runId,
      superseded: false,
      partitions: 0,
      failureKey,
    });
    expect(await readJson(handlers.store('WORK_BUCKET'), failureKey, failureReportSchema)).toMatchObject({
      error: 'UnreadableInputError',
      cause: 'lost must hold at least one file',
    });
    expect(handlers.processes.get('failed')!.output).toContain('"FailedRuns":1');
  });

  it('answers before it ends where the decoder has panicked, and a fresh process goes on', async () => {
    const good = await parquetBytes('select sqrt(i + 1)::double as x from range(5000) t(i)');
    const input = handlers.store('INPUT_BUCKET');
    await input.write('trap/good.parquet', good);
    const trapped = { dataset: 'trap', ...(await handlers.freeze('trap')) };
    const plan = await handlers.call<PlanResult>('plan', executionOf('trap', trapped));
    await handlers.call('fit', { ...trapped, pass: 0, group: 0 });
    await handlers.call('collect', { ...trapped, pass: 0 });
    const [partition] = await readJsonLines(handlers.store('WORK_BUCKET'), plan.keys.plan, partitionSchema);
    await input.write('trap/trap.parquet', trappingFile(good));
    const { etag = '', sizeBytes = 0 } = (await input.head('trap/trap.parquet')) ?? {};
    const trap = { ...partition, slices: [{ ...partition.slices[0], key: 'trap.parquet', etag, sizeBytes }] };

    const event = { ...trapped, pass: 0 };
    expect(await handlers.invoke('transform', { ...event, partition: trap })).toMatchObject({
      error: { errorType: 'UnreadableInputError', errorMessage: expect.stringContaining('trap/trap.parquet') },
    });
    expect(await handlers.processes.get('transform')!.ended()).toBe(1);
    expect(await handlers.call('transform', { ...event, partition })).toMatchObject({ rows: 5000 });
  });

  it('needs little room and starts soon', () => {
    for (const [stage, { output }] of handlers.processes) {
      const own = handlers.folderOf(stage);
      const bytes = readdirSync(own).reduce((sum, name) => sum + statSync(join(own, name)).size, 0);
      const [, importMs] = /"importMs":([\d.]+)/.exec(output) ?? [];
      console.info(`${stage}: ${(bytes / 1e6).toFixed(1)} MB unzipped, imported in ${Number(importMs).toFixed(0)} ms`);
      expect(bytes).toBeLessThan(30e6);
      expect(Number(importMs)).toBeGreaterThan(0);
    }
    expect([...handlers.processes.keys()].sort()).toEqual([...STAGES].sort());
  });

  it('logs by run and partition, and keeps dimensions few', () => {
    const { output } = handlers.processes.get('transform')!;
    const documents = output
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));
    const done = documents.filter(({ message }) => message === 'done');
    const metrics = documents.filter((document) => '_aws' in document);
    expect(done[0]).toMatchObject({
      service: 'modemap-test',
      dataset: 'table',
      runId: run.runId,
      pass: 0,
      partition: expect.any(Number),
    });
    expect(metrics.length).toBe(done.length);
    for (const { _aws } of metrics) {
      expect(_aws.CloudWatchMetrics[0].Dimensions).toEqual([['service'], ['service', 'dataset']]);
    }
    expect(output).not.toContain('slices');
  });
});

async function download(to: string): Promise<void> {
  const store = handlers.store('OUTPUT_BUCKET');
  for await (const { key } of store.list('')) {
    mkdirSync(join(to, key, '..'), { recursive: true });
    writeFileSync(join(to, key), await store.read(key));
  }
}
