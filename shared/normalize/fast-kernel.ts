import type { ColumnModel } from '../contract/model.ts';
import { type BlockColumn, BlockKernel, blockColumnOf } from './block-kernel.ts';
import { BLOCK_ROWS, type ErrorMetrics } from './error-metrics.ts';
import { freshPairs, type PairBuffers } from './pair-buffers.ts';
import { codeOf, type Kernel, type KernelInput, type KernelOptions, type Pairs } from './pairs.ts';
import { TableCache } from './table-cache.ts';

let loops: BlockKernel | undefined;
const tables = new TableCache(({ table }: BlockColumn) => table.entries.length + (table.shares?.lines.byteLength ?? 0));

/**
 * The kernel of the default preset for many rows: the same pairs and figures as the plain one, from tables made of the
 * model alone.
 *
 * @param buffers memory for the pairs; their own where left out
 * @returns undefined where tables would say nothing: for mixtures at the edge of the doubles
 */
export function makeFastKernel(model: ColumnModel, options: KernelOptions, buffers?: PairBuffers): Kernel | undefined {
  const key = {};
  const first = blockColumnOf(model, options);
  if (!first) return undefined;
  keep(key, first);
  return (input, metrics) => {
    const column = tables.get(key, () => blockColumnOf(model, options)!);
    const { length } = input.valid;
    const memory = buffers?.of(length, model.precision) ?? freshPairs(length, model.precision);
    const pairs = { ...memory, normalizedValid: input.valid };
    return applyBlocks(column, input, pairs, metrics);
  };
}

/** A function of its own: a column that the kernel itself can see lives as long as the kernel does. */
function keep(key: object, column: BlockColumn): void {
  tables.get(key, () => column);
}

function applyBlocks(column: BlockColumn, input: KernelInput, pairs: Pairs, metrics?: ErrorMetrics): Pairs {
  loops ??= new BlockKernel();
  loops.load(column);
  const { values, valid, rowStart, keys } = input;
  for (let from = 0, to = 0; from < valid.length; from = to) {
    // all rows of a block have the same row / 2^32, and its sums are of one block of the partition
    const most = Math.min(metrics?.rowsToBlockEnd ?? BLOCK_ROWS, 2 ** 32 - ((rowStart + from) >>> 0));
    to = Math.min(valid.length, from + most);
    const rows = to - from;
    const finite = loops.apply(values, valid, from, to, rowStart + from, keys);
    const isMeasured = metrics !== undefined && rows === BLOCK_ROWS;
    if (isMeasured) metrics.addMeasured(loops.measure(finite, finite < rows ? nullsIn(valid, from, to) : 0));
    if (finite < rows) loops.spread(rows, finite);
    pairs.normalized.set(rows === BLOCK_ROWS ? loops.normalized : loops.normalized.subarray(0, rows), from);
    pairs.components.set(rows === BLOCK_ROWS ? loops.codes : loops.codes.subarray(0, rows), from);
    if (finite < rows) setNonFinite(input, pairs, from, to);
    if (metrics && !isMeasured)
      metrics.add(values.subarray(from, to), valid.subarray(from, to), slice(pairs, from, to));
  }
  return pairs;
}

function nullsIn(valid: Uint8Array, from: number, to: number): number {
  let nulls = 0;
  for (let row = from; row < to; row++) nulls += 1 - valid[row];
  return nulls;
}

function setNonFinite({ values, valid }: KernelInput, pairs: Pairs, from: number, to: number): void {
  for (let row = from; row < to; row++) {
    const x = values[row];
    if (valid[row] === 0 || x - x === 0) continue;
    if (pairs.normalizedValid === valid) pairs.normalizedValid = valid.slice();
    pairs.normalizedValid[row] = 0;
    pairs.components[row] = codeOf(x);
  }
}

const slice = ({ normalized, normalizedValid, components }: Pairs, from: number, to: number): Pairs => ({
  normalized: normalized.subarray(from, to),
  normalizedValid: normalizedValid.subarray(from, to),
  components: components.subarray(from, to),
});
