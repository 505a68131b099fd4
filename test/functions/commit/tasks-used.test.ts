import { beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { tasksUsed } from '../../../functions/commit/tasks-used.ts';
import { DEFAULT_DEPLOYMENT } from '../../../shared/contract/deployment.ts';
import type { Receipt } from '../../../shared/contract/receipt.ts';
import { countedRun } from '../../support/counted-run.ts';
import { parquetBytes } from '../../support/parquet-bytes.ts';

beforeAll(() => initialiseParquetWasm());

const TASK: Receipt['task'] = {
  ...{ pass: 0, partition: 0, firstObject: 'a.parquet', firstRow: 0, objects: 1, rows: 5 },
  ...{ bytesRead: 100, bytesWritten: 70, secondsRead: 1, secondsTransform: 2, secondsWrite: 0.5 },
  peakMemoryBytes: 300,
};

describe('what the tasks of a run have used', () => {
  it('is the sum of their seconds and bytes, and the largest of their memories', () => {
    const other = { ...TASK, bytesRead: 11, secondsRead: 0.25, peakMemoryBytes: 200 };
    expect(tasksUsed([TASK, other])).toEqual({ task_seconds: 6.25, task_bytes_read: 111, peak_memory_bytes: 300 });
    expect(tasksUsed([])).toEqual({ task_seconds: 0, task_bytes_read: 0, peak_memory_bytes: 0 });
  });

  it('counts a pass that was superseded: it was paid for too', async () => {
    // every second row is of a mode that a sample of every second row never sees
    const value = 'case when i % 2 = 1 then 10 + (hash(i) % 1000) / 1000 else 500 + (hash(i * 3) % 1000) / 100 end';
    const file = await parquetBytes(`select (${value})::double as x from range(20000) t(i)`, 'row_group_size 4096');
    const configuration = { maxComponents: 1, sampleRows: 10_000, partitionBytes: 1 };
    const [twice, once] = await Promise.all(
      ['audit', 'sample'].map((fit) => countedRun({ 'a.parquet': file }, { ...configuration, fit })),
    );
    expect([twice.record.passes, once.record.passes]).toEqual([2, 1]);
    expect(once.record.task_bytes_read).toBeGreaterThan(once.record.bytes_in);
    expect(twice.record.task_bytes_read).toBe(2 * once.record.task_bytes_read);
  });

  it('stands beside what plan expected of it, where it costs money', async () => {
    const file = await parquetBytes('select sqrt(i + 1)::double as x from range(50) t(i)');
    const onAws = await countedRun({ 'a.parquet': file }, {}, { deployment: DEFAULT_DEPLOYMENT });
    expect(onAws.record.estimated_dollars).toBe(onAws.header.estimatedDollars);
    expect(onAws.record.estimated_dollars).toBeGreaterThan(0);
    const here = await countedRun({ 'a.parquet': file }, {});
    expect(here.record.estimated_dollars).toBeNull();
  });
});
