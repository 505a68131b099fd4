import type { Receipt } from '../../shared/contract/receipt.ts';
import type { RunRecord } from '../../shared/contract/run-record.ts';

type Used = Pick<RunRecord, 'task_seconds' | 'task_bytes_read' | 'peak_memory_bytes'>;

/** What the transform tasks of a run have used, by their own account. */
export function tasksUsed(tasks: readonly Receipt['task'][]): Used {
  return {
    task_seconds: tasks.reduce((sum, task) => sum + task.secondsRead + task.secondsTransform + task.secondsWrite, 0),
    task_bytes_read: tasks.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
    peak_memory_bytes: tasks.reduce((most, { peakMemoryBytes }) => Math.max(most, peakMemoryBytes), 0),
  };
}
