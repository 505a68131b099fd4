// AssemblyScript, compiled to WebAssembly by assembly.config.ts: the kernel's loops over a block of rows. What they look
// up is laid into the memory by block-kernel.ts beside this folder, which also says what each call means.
import { choose } from './block-kernel/choose';
import { gather } from './block-kernel/gather';
import { CODES, NORMALIZED } from './block-kernel/memory';
import { place } from './block-kernel/place';

export { setColumn } from './block-kernel/column';
export { spread } from './block-kernel/gather';
export {
  ATOM_CODES,
  ATOM_OF_CELL,
  ATOMS,
  CODE_OF_POSITION,
  CODES,
  COMPONENTS,
  COUNTS,
  ENTRIES,
  ERRORS,
  FAR,
  FINITE,
  FIRST,
  GUIDE,
  IS_ATOM,
  LAST,
  LINE_STARTS,
  LINES,
  NORMALIZED,
  RAW,
  STARTS,
  SUMS,
  VALID,
} from './block-kernel/memory';
export { sum } from './block-kernel/sum';

/**
 * Apply the model to the block: CODES and NORMALIZED by row, 0 where there is no finite value.
 *
 * @param key k0 + the block's first row mod 2^32
 * @returns how many rows are finite; FINITE, ERRORS hold those alone
 */
export function apply(rows: i32, key: i32, later: i32): i32 {
  const finite = gather(rows);
  if (finite === 0) {
    memory.fill(CODES, 0, rows);
    memory.fill(NORMALIZED, 0, rows << 3);
    return 0;
  }
  choose(finite, key, later);
  place(finite);
  return finite;
}
