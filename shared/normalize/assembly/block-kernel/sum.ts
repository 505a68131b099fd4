import { CODES, COUNTS, ERRORS, FINITE, SUMS } from './memory';
import { farLength } from './place';

/**
 * Sum up the block that apply() has left: SUMS and COUNTS, in the order of the rows.
 *
 * @returns how many rows FAR lists
 */
export function sum(finite: i32): i32 {
  const first = f64x2.splat(load<f64>(FINITE));
  let errors = f64x2.splat(0);
  let moments = f64x2.splat(0);
  let largest = f64x2.splat(0);
  let least = v128.load(FINITE);
  let most = least;
  for (let i = 0; i < finite; i += 2) {
    const x = v128.load(FINITE + (i << 3));
    const e = v128.load(ERRORS + (i << 3));
    const d = f64x2.sub(x, first);
    const e2 = f64x2.mul(e, e);
    const d2 = f64x2.mul(d, d);
    least = f64x2.pmin(least, x);
    most = f64x2.pmax(most, x);
    largest = f64x2.pmax(largest, e);
    errors = f64x2.add(errors, v128.shuffle<f64>(e, e2, 0, 2));
    moments = f64x2.add(moments, v128.shuffle<f64>(d, d2, 0, 2));
    if (i + 1 === finite) break;
    errors = f64x2.add(errors, v128.shuffle<f64>(e, e2, 1, 3));
    moments = f64x2.add(moments, v128.shuffle<f64>(d, d2, 1, 3));
  }
  v128.store(SUMS, errors);
  v128.store(SUMS, moments, 16);
  v128.store(SUMS, largest, 32);
  v128.store(SUMS, least, 48);
  v128.store(SUMS, most, 64);
  count(finite);
  return finite === 0 ? 0 : farLength;
}

/** By twos into tables of their own, so that a component's count need not wait for the one before. */
function count(finite: i32): void {
  memory.fill(COUNTS, 0, 1024);
  for (let i = 0; i < finite; i++) {
    const at = COUNTS + ((i & 1) << 9) + ((<i32>load<u8>(CODES + i)) << 2);
    store<u32>(at, load<u32>(at) + 1);
  }
  for (let code = 0; code < 512; code += 16)
    v128.store(COUNTS + code, i32x4.add(v128.load(COUNTS + code), v128.load(COUNTS + 512 + code)));
}
