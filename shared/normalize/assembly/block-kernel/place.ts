import { bound, far, hasAtoms, isDouble, isFloatColumn, power, reach } from './column';
import { CODES, COMPONENTS, ERRORS, FAR, FINITE, IS_ATOM, NORMALIZED } from './memory';

/** Number of the component that a value out of reach goes to. */
declare function nearest(x: f64): i32;

/** z by component, as it is stored, and how far its inverse is from the value; what is stored far out is listed in FAR. */
export function place(finite: i32): void {
  farLength = 0;
  const largestKept = f64x2.splat(reach);
  for (let i = 0; i < finite; i += 2) {
    const x = v128.load(FINITE + (i << 3));
    let z = deviationsOf(i, x);
    if (!i64x2.all_true(f64x2.le(f64x2.abs(z), largestKept)))
      z = f64x2.replace_lane(f64x2.splat(kept(i)), 1, kept(i + 1));
    if (isDouble) v128.store(NORMALIZED + (i << 3), z);
    else {
      const stored = f32x4.demote_f64x2_zero(z);
      v128.store64_lane(NORMALIZED + (i << 2), stored, 0);
      z = f64x2.promote_low_f32x4(stored);
    }
    const error = f64x2.abs(f64x2.sub(inverse(i, z), x));
    v128.store(ERRORS + (i << 3), f64x2.pmin(error, f64x2.splat(f64.MAX_VALUE)));
    if (v128.any_true(f64x2.gt(f64x2.abs(z), f64x2.splat(far)))) listFar(i, min(i + 2, finite));
  }
  // an atom's value comes back as it is, whatever its decimals
  if (hasAtoms)
    for (let i = 0; i < finite; i++) {
      if (load<u8>(IS_ATOM + <i32>load<u8>(CODES + i)) !== 0) {
        store<f64>(ERRORS + (i << 3), 0);
        if (isDouble) store<f64>(NORMALIZED + (i << 3), 0);
        else store<f32>(NORMALIZED + (i << 2), 0);
      }
    }
}

function componentOf(i: i32): i32 {
  return COMPONENTS + ((<i32>load<u8>(CODES + i)) << 4);
}

function deviationsOf(i: i32, x: v128): v128 {
  const a = v128.load(componentOf(i));
  const b = v128.load(componentOf(i + 1));
  const means = v128.shuffle<f64>(a, b, 0, 2);
  return f64x2.mul(f64x2.div(f64x2.sub(x, means), v128.shuffle<f64>(a, b, 1, 3)), f64x2.splat(0.25));
}

function inverse(i: i32, z: v128): v128 {
  const a = v128.load(componentOf(i));
  const b = v128.load(componentOf(i + 1));
  let x = f64x2.mul(f64x2.splat(4), f64x2.mul(v128.shuffle<f64>(a, b, 1, 3), z));
  x = f64x2.add(v128.shuffle<f64>(a, b, 0, 2), x);
  if (power !== 0) x = f64x2.div(f64x2.nearest(f64x2.mul(x, f64x2.splat(power))), f64x2.splat(power));
  return isFloatColumn ? f64x2.promote_low_f32x4(f32x4.demote_f64x2_zero(x)) : x;
}

/** z of a value in its component, or if that is out of reach in the nearest one, clipped. */
function kept(i: i32): f64 {
  const x = load<f64>(FINITE + (i << 3));
  const z = deviationOf(i, x);
  if (abs(z) <= reach) return z;
  store<u8>(CODES + i, nearest(x));
  return min(bound, max(-bound, deviationOf(i, x)));
}

function deviationOf(i: i32, x: f64): f64 {
  return ((x - load<f64>(componentOf(i))) / load<f64>(componentOf(i), 8)) * 0.25;
}

/** how many rows FAR lists */
export let farLength: i32 = 0;

function listFar(from: i32, to: i32): void {
  for (let i = from; i < to; i++) store<i32>(FAR + (farLength++ << 2), i);
}
