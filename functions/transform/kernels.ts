import type { ColumnOptions } from '../../shared/contract/configuration.ts';
import type { ColumnModel } from '../../shared/contract/model.ts';
import { makeKernel } from '../../shared/normalize/kernel.ts';
import { PairBuffers } from '../../shared/normalize/pair-buffers.ts';
import type { Kernel } from '../../shared/normalize/pairs.ts';

/** A worker's kernels: those of a model serve one partition after the other, and all put their pairs into the same memory. */
export class Kernels {
  readonly #pairs = new PairBuffers();
  readonly #byColumn = new WeakMap<ColumnModel, Kernel>();

  /** The column's kernel; its pairs hold until any of the worker's kernels is called again. */
  of(model: ColumnModel, options: ColumnOptions): Kernel {
    const kernel = this.#byColumn.get(model) ?? makeKernel(model, options, this.#pairs);
    this.#byColumn.set(model, kernel);
    return kernel;
  }
}
