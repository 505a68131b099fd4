import type { ColumnModel } from '../contract/model.ts';
import type { Kernel, KernelOptions } from './pairs.ts';
import { makePlainKernel } from './plain-kernel.ts';

export function makeKernel(column: ColumnModel, options: KernelOptions): Kernel {
  return makePlainKernel(column, options);
}
