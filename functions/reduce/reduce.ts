import * as z from 'zod';
import { IncompleteRunError } from '../../shared/contract/errors.ts';
import { type RunReference, workKeys } from '../../shared/contract/keys.ts';
import { metricsRowSchema } from '../../shared/contract/metrics.ts';
import {
  type PartitionFailure,
  partitionFailureSchema,
  receiptSchema,
  WORKER_DIED,
} from '../../shared/contract/receipt.ts';
import type { ReducedGroup } from '../../shared/contract/reduced.ts';
import { partitionSchema, planHeaderSchema, type ReduceInput } from '../../shared/contract/stages.ts';
import type { Stores } from '../../shared/store/object-store.ts';
import { encodeJson, readJson, readJsonIfThere, readJsonLines, writeReproducible } from '../stage-io.ts';
import { SummaryWriter } from '../summary-writer.ts';
import { mergeSummaryFiles } from './merge-summary-files.ts';

/**
 * The reduce stage: merge the receipts, metrics and summaries of about a hundred partitions, in partition order.
 *
 * Receipts and metrics are put one after the other, summaries are exact sums: however partitions are grouped, what
 * the audit and the commit see is the same.
 *
 * @throws {IncompleteRunError} if a partition left neither a receipt nor a reason and none is tolerated
 */
export function makeReduce({ work }: Pick<Stores, 'work'>) {
  return async ({ pass, group, ...run }: ReduceInput): Promise<void> => {
    const reduced: ReducedGroup = { receipts: [], failures: [], metrics: [] };
    for (let partition = group.partitionStart; partition < group.partitionEnd; partition++) {
      const receipt = await readJsonIfThere(work, workKeys.receipt(run, pass, partition), receiptSchema);
      if (!receipt) {
        reduced.failures.push(await readFailure(run, pass, partition));
        continue;
      }
      reduced.receipts.push(receipt);
      reduced.metrics.push(
        ...(await readJson(work, workKeys.metrics(run, pass, partition), z.array(metricsRowSchema))),
      );
    }
    const keys = reduced.receipts.map(({ partition }) => workKeys.summary(run, pass, partition));
    const summaries = new SummaryWriter(work, workKeys.reducedSummary(run, pass, group.group));
    try {
      await mergeSummaryFiles(work, keys, summaries);
      await summaries.close();
    } catch (error) {
      await summaries.abort();
      throw error;
    }
    await writeReproducible(work, workKeys.reduced(run, pass, group.group), encodeJson(reduced));
  };

  /** A worker that is killed leaves no reason; the state machine may have tolerated it all the same. */
  async function readFailure(run: RunReference, pass: number, partition: number): Promise<PartitionFailure> {
    const key = workKeys.failedPartition(run, pass, partition);
    const failure = await readJsonIfThere(work, key, partitionFailureSchema);
    if (failure) return failure;
    const { toleratedFailures } = await readJson(work, workKeys.planHeader(run), planHeaderSchema);
    if (toleratedFailures === 0) {
      throw new IncompleteRunError(
        `partition ${partition} must have a receipt or a reason for its failure, it has neither`,
      );
    }
    const plan = await readJsonLines(work, workKeys.plan(run), partitionSchema);
    const firstObject = plan.find((line) => line.partition === partition)?.slices[0].key ?? '';
    return { partition, pass, firstObject, name: 'Error', reason: WORKER_DIED };
  }
}
