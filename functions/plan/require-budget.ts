import { BudgetExceededError } from '../../shared/contract/errors.ts';
import { LIMITS } from '../../shared/contract/limits.ts';
import type { FrozenInputs } from '../../shared/contract/stages.ts';
import type { ObjectFacts } from './object-facts.ts';

/**
 * Every object costs a footer, and the facts of all of them have to fit one function.
 *
 * @param mostObjects left out: any number
 * @throws {BudgetExceededError} if the dataset has more objects
 */
export function requireFewEnough({ dataset, objects }: FrozenInputs, mostObjects = Number.POSITIVE_INFINITY): void {
  if (objects.length <= mostObjects) return;
  throw new BudgetExceededError(
    `${dataset} may have at most ${mostObjects} objects, it has ${objects.length}: compact its files first`,
  );
}

/**
 * The footer decides, before a byte is decoded, whether a worker could hold the largest chunk.
 *
 * @throws {BudgetExceededError} naming column, row group and object, and what they would need
 */
export function requireMemory(
  { key, largestNeed: { bytes, column, rowGroup } }: ObjectFacts,
  memoryBytes: number,
): void {
  const needed = bytes + LIMITS.idleProcessBytes + LIMITS.idleWorkerBytes;
  if (needed <= memoryBytes) return;
  throw new BudgetExceededError(
    `column ${column} in row group ${rowGroup} of ${key} needs ${megabytes(needed)} of memory, ${megabytes(memoryBytes)} are allowed: ` +
      `give more memory, pass the column, or write the file with smaller row groups`,
  );
}

const megabytes = (bytes: number) => (Number.isFinite(bytes) ? `${Math.ceil(bytes / 1e6)} MB` : 'more than 4 GB');
