import type { FailureReport } from '../../shared/contract/failure.ts';
import { type RunReference, workKeys } from '../../shared/contract/keys.ts';
import { partitionFailureSchema, WORKER_DIED } from '../../shared/contract/receipt.ts';
import { partitionSchema } from '../../shared/contract/stages.ts';
import type { ObjectStore } from '../../shared/store/object-store.ts';
import { readJson, readJsonLines } from '../stage-io.ts';

/** What a run had still to write when it ended. */
export interface MissingPartitions extends Pick<FailureReport, 'pass' | 'plannedPartitions' | 'partitions'> {
  /** names of the errors that partitions left */
  names: string[];
}

/** A transform that fails for good writes down why; one that is killed cannot, and one that was never started need not. */
const NO_REASON = `${WORKER_DIED}, or stopped with the run`;

/**
 * The partitions of the pass under way that have no receipt, in partition order, with the reason each left.
 *
 * The pass under way is the one of the newest model; before there is a model, no partition has been started.
 */
export async function missingPartitions(work: ObjectStore, run: RunReference): Promise<MissingPartitions> {
  if (!(await work.head(workKeys.plan(run)))) {
    return { pass: null, plannedPartitions: null, partitions: [], names: [] };
  }
  const plan = await readJsonLines(work, workKeys.plan(run), partitionSchema);
  const pass = await passUnderWay(work, run);
  if (pass === null) return { pass, plannedPartitions: plan.length, partitions: [], names: [] };
  const receipts = await keysBelow(work, workKeys.receipts(run, pass));
  const failures = await keysBelow(work, workKeys.failedPartitions(run, pass));
  const names = new Set<string>();
  const partitions: FailureReport['partitions'] = [];
  for (const { partition, slices } of plan.sort((a, b) => a.partition - b.partition)) {
    if (receipts.has(workKeys.receipt(run, pass, partition))) continue;
    const key = workKeys.failedPartition(run, pass, partition);
    const failure = failures.has(key) ? await readJson(work, key, partitionFailureSchema) : undefined;
    if (failure) names.add(failure.name);
    partitions.push({ partition, firstObject: slices[0].key, reason: failure?.reason ?? NO_REASON });
  }
  return { pass, plannedPartitions: plan.length, partitions, names: [...names] };
}

async function passUnderWay(work: ObjectStore, run: RunReference): Promise<number | null> {
  for (const pass of [1, 0]) if (await work.head(workKeys.model(run, pass))) return pass;
  return null;
}

async function keysBelow(work: ObjectStore, prefix: string): Promise<Set<string>> {
  const keys = new Set<string>();
  for await (const { key } of work.list(prefix)) keys.add(key);
  return keys;
}
