import type { ColumnModel } from '../contract/model.ts';
import { makeFastKernel } from './fast-kernel.ts';
import type { PairBuffers } from './pair-buffers.ts';
import type { Kernel, KernelOptions } from './pairs.ts';
import { makePlainKernel } from './plain-kernel.ts';

/** Below so many rows making the tables takes longer than they save. */
const FEW_ROWS = 20_000;

/**
 * The kernel of a column: the plain rule for few rows and for the `ctgan` preset, tables for many; the pairs are the same.
 *
 * @param buffers memory for the pairs; their own where left out
 * @returns a function that normalizes rows of one object; a row's pair depends on its value, keys and row number
 *   alone, however an object's rows are cut into calls
 * @throws {RangeError} if no Gaussian is kept
 * @see docs/format.md
 */
export function makeKernel(column: ColumnModel, options: KernelOptions, buffers?: PairBuffers): Kernel {
  const plain = makePlainKernel(column, options);
  if (options.preset === 'ctgan') return plain;
  let rows = 0;
  let fast: Kernel | undefined;
  return (input, metrics) => {
    rows += input.valid.length;
    if (rows < FEW_ROWS) return plain(input, metrics);
    fast ??= makeFastKernel(column, options, buffers) ?? plain;
    return fast(input, metrics);
  };
}
