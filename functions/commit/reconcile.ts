import { IncompleteRunError } from '../../shared/contract/errors.ts';
import type { PartitionFailure, Receipt } from '../../shared/contract/receipt.ts';
import type { Partition } from '../../shared/contract/stages.ts';
import type { ObjectHead } from '../../shared/store/object-store.ts';

/**
 * Check that plan, receipts and listing tell one story: every planned partition has either a receipt whose part is
 * listed with the same size and ETag, or a tolerated failure; and nothing else is listed.
 *
 * @throws {IncompleteRunError} naming the first partition or object that does not fit
 */
export function reconcile({
  plan,
  receipts,
  failures,
  listed,
  toleratedFailures,
}: {
  plan: readonly Partition[];
  receipts: readonly Receipt[];
  failures: readonly PartitionFailure[];
  listed: readonly ObjectHead[];
  toleratedFailures: number;
}): void {
  if (failures.length > toleratedFailures) {
    const [{ partition, firstObject, reason }] = failures;
    throw new IncompleteRunError(
      `at most ${toleratedFailures} partitions may fail, ${failures.length} did; partition ${partition} (${firstObject}): ${reason}`,
    );
  }
  const receiptOf = new Map(receipts.map((receipt) => [receipt.partition, receipt]));
  const failed = new Set(failures.map(({ partition }) => partition));
  for (const { partition, rows } of plan) {
    const receipt = receiptOf.get(partition);
    if (!receipt && !failed.has(partition)) throw new IncompleteRunError(`partition ${partition} must have a receipt`);
    if (receipt && receipt.rows !== rows) {
      throw new IncompleteRunError(
        `partition ${partition} must have ${rows} rows as planned, its receipt says ${receipt.rows}`,
      );
    }
  }
  if (receipts.length + failures.length !== plan.length) {
    throw new IncompleteRunError(
      `${plan.length} partitions were planned, ${receipts.length} receipts and ${failures.length} failures arrived`,
    );
  }
  requireListed(receipts, listed);
}

function requireListed(receipts: readonly Receipt[], listed: readonly ObjectHead[]): void {
  const heads = new Map(listed.map((head) => [head.key, head]));
  for (const { key, sizeBytes, etag, partition } of receipts) {
    const head = heads.get(key);
    if (!head) throw new IncompleteRunError(`the part of partition ${partition} must be there, ${key} is not listed`);
    if (head.sizeBytes !== sizeBytes || head.etag !== etag) {
      throw new IncompleteRunError(
        `${key} must be as its receipt says (${sizeBytes} bytes, ETag ${etag}), it has ${head.sizeBytes} bytes, ETag ${head.etag}`,
      );
    }
    heads.delete(key);
  }
  for (const key of heads.keys()) throw new IncompleteRunError(`${key} must not be there, no receipt names it`);
}
