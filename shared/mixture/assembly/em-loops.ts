// AssemblyScript, compiled to WebAssembly by assembly.config.ts: the loops of expectation-maximization over bins, two bins
// at a time, every sum in the order of the bins. em-loops.ts beside this folder says what each call means.

/** f64 [2561]: e^(-i / 64) */
export const EXP_TABLE: i32 = 0;
/** f64 [128] each, of the components that move: where, ln w - ln(2 pi v) / 2, 1 / 2v; the bin of an atom, or -1 */
export const CENTRE: i32 = 0x5100;
export const CONSTANT: i32 = 0x5500;
export const HALF_PRECISION: i32 = 0x5900;
export const ATOM_BIN: i32 = 0x5d00;
/** f64 [128][4]: responsibilities, their first and second moment about the centre */
export const MOMENTS: i32 = 0x6100;
/** two bins' shares: f64 [128][2] */
const SHARES: i32 = 0x7100;
/** f64 [bins rounded up to even] each: COUNT, MEAN, VARIANCE, FIXED, LARGEST, SUM */
export const BINS: i32 = 0x7900;

/** Shares below e to this do not change a sum of doubles. */
const NEGLIGIBLE_LOG: f64 = -40;

let length: i32 = 0;
let stride: i32 = 0;
let reach: f64 = 0;

/** Bins of a fit follow: so many, of which those beyond `farthest` from 0 are out of reach of any Gaussian. */
export function setBins(bins: i32, farthest: f64): void {
  length = bins;
  stride = ((bins + 1) & -2) << 3;
  reach = farthest;
}

function count(b: i32): i32 {
  return BINS + (b << 3);
}
function mean(b: i32): i32 {
  return BINS + stride + (b << 3);
}
function variance(b: i32): i32 {
  return BINS + 2 * stride + (b << 3);
}
/** ln of the density that does not move: of the atoms, or of what a trial keeps */
function fixed(b: i32): i32 {
  return BINS + 3 * stride + (b << 3);
}
/** the largest term of each bin's sum, ln; and the sum in its units, 0 where nothing reaches the bin */
function largestTerm(b: i32): i32 {
  return BINS + 4 * stride + (b << 3);
}
function sumOfTerms(b: i32): i32 {
  return BINS + 5 * stride + (b << 3);
}

/**
 * MOMENTS, LARGEST and SUM of one iteration for `components` that move beside what is fixed.
 *
 * @param offset to what is fixed
 * @param isTrial bins where what moves is negligible keep what is fixed, and remote ones are out of reach with an atom too
 */
export function iterate(components: i32, offset: f64, isTrial: bool): void {
  memory.fill(MOMENTS, 0, components << 5);
  const shift = f64x2.splat(offset);
  const none = f64x2.splat(-Infinity);
  const farthest = f64x2.splat(reach);
  const negligible = f64x2.splat(NEGLIGIBLE_LOG);
  for (let b = 0; b < length; b += 2) {
    const own = logDensities(components, b);
    const still = f64x2.add(v128.load(fixed(b)), shift);
    const largest = f64x2.pmax(still, own);
    let beyond = f64x2.gt(f64x2.abs(v128.load(mean(b))), farthest);
    if (!isTrial) beyond = v128.and(beyond, f64x2.eq(still, none));
    beyond = v128.or(beyond, f64x2.eq(largest, none));
    const idle = isTrial ? f64x2.le(f64x2.sub(own, still), negligible) : i64x2.splat(0);
    if (v128.any_true(beyond)) {
      // none of a bin's numbers may be used where it is out of reach
      apart(components, b, 0, still, largest, beyond, idle);
      apart(components, b, 1, still, largest, beyond, idle);
      continue;
    }
    v128.store(largestTerm(b), v128.bitselect(still, largest, idle));
    v128.store(sumOfTerms(b), f64x2.splat(1));
    if (i64x2.all_true(idle)) continue;
    let sum = expShare(f64x2.sub(still, largest));
    sum = sharesOf(components, largest, sum);
    v128.store(sumOfTerms(b), v128.bitselect(f64x2.splat(1), sum, idle));
    const scale = v128.andnot(f64x2.div(v128.load(count(b)), sum), idle);
    addMoments(components, b, scale, 2);
  }
}

/** One of two bins of which one is out of reach. */
function apart(components: i32, b: i32, lane: i32, still: v128, largest: v128, beyond: v128, idle: v128): void {
  const at = lane << 3;
  if (laneOf(beyond, lane) !== 0) {
    store<f64>(largestTerm(b) + at, 0);
    store<f64>(sumOfTerms(b) + at, 0);
    return;
  }
  const isIdle = laneOf(idle, lane) !== 0;
  store<f64>(largestTerm(b) + at, reinterpret<f64>(laneOf(isIdle ? still : largest, lane)));
  store<f64>(sumOfTerms(b) + at, 1);
  if (isIdle) return;
  const top = f64x2.splat(reinterpret<f64>(laneOf(largest, lane)));
  const base = f64x2.splat(reinterpret<f64>(laneOf(still, lane)));
  logDensities(components, b);
  for (let j = 0; j < components; j++) {
    const share = SHARES + (j << 4);
    v128.store(share, v128.load64_splat(share + at));
  }
  const sum = sharesOf(components, top, expShare(f64x2.sub(base, top)));
  store<f64>(sumOfTerms(b) + at, f64x2.extract_lane(sum, 0));
  addMoments(components, b + lane, f64x2.div(v128.load64_splat(count(b) + at), sum), 1);
}

function laneOf(vector: v128, lane: i32): i64 {
  return lane === 0 ? i64x2.extract_lane(vector, 0) : i64x2.extract_lane(vector, 1);
}

/** ln of what each component gives two bins, to SHARES. @returns the largest */
function logDensities(components: i32, b: i32): v128 {
  const a = v128.load(mean(b));
  const s = v128.load(variance(b));
  let largest = f64x2.splat(-Infinity);
  for (let j = 0; j < components; j++) {
    const at = j << 3;
    const d = f64x2.sub(a, v128.load64_splat(CENTRE + at));
    const loss = f64x2.mul(f64x2.add(s, f64x2.mul(d, d)), v128.load64_splat(HALF_PRECISION + at));
    let density = f64x2.sub(v128.load64_splat(CONSTANT + at), loss);
    const atom = load<f64>(ATOM_BIN + at);
    if (atom >= 0)
      density = f64x2(
        atom === b ? load<f64>(CONSTANT + at) : -Infinity,
        atom === b + 1 ? load<f64>(CONSTANT + at) : -Infinity,
      );
    v128.store(SHARES + (j << 4), density);
    largest = f64x2.pmax(largest, density);
  }
  return largest;
}

/** SHARES from logarithms to parts of the largest term. @returns their sum */
function sharesOf(components: i32, largest: v128, start: v128): v128 {
  let sum = start;
  for (let j = 0; j < components; j++) {
    const at = SHARES + (j << 4);
    const share = expShare(f64x2.sub(v128.load(at), largest));
    v128.store(at, share);
    sum = f64x2.add(sum, share);
  }
  return sum;
}

/** expShare() of shared/numeric/exp-share.ts, and 0 where it is negligible. */
function expShare(x: v128): v128 {
  const least = f64x2.splat(NEGLIGIBLE_LOG);
  const isShare = f64x2.gt(x, least);
  const y = f64x2.pmax(least, x);
  const i = i32x4.trunc_sat_f64x2_s_zero(f64x2.sub(f64x2.splat(0.5), f64x2.mul(y, f64x2.splat(64))));
  const r = f64x2.add(y, f64x2.mul(f64x2.convert_low_i32x4_s(i), f64x2.splat(0.015625)));
  let entry = v128.load64_splat(EXP_TABLE + (i32x4.extract_lane(i, 0) << 3));
  entry = v128.load64_lane(EXP_TABLE + (i32x4.extract_lane(i, 1) << 3), entry, 1);
  let p = f64x2.add(f64x2.splat(1 / 24.0), f64x2.mul(r, f64x2.splat(1 / 120.0)));
  p = f64x2.add(f64x2.splat(1 / 6.0), f64x2.mul(r, p));
  p = f64x2.add(f64x2.splat(0.5), f64x2.mul(r, p));
  p = f64x2.add(f64x2.splat(1), f64x2.mul(r, p));
  p = f64x2.add(f64x2.splat(1), f64x2.mul(r, p));
  return v128.and(f64x2.mul(entry, p), isShare);
}

/** Add the responsibilities of one bin, or of it and the next. */
function addMoments(components: i32, b: i32, scale: v128, bins: i32): void {
  const a = v128.load(mean(b));
  const s = v128.load(variance(b));
  for (let j = 0; j < components; j++) {
    const r = f64x2.mul(scale, v128.load(SHARES + (j << 4)));
    const d = f64x2.sub(a, v128.load64_splat(CENTRE + (j << 3)));
    const rd = f64x2.mul(r, d);
    const spread = f64x2.mul(r, f64x2.add(s, f64x2.mul(d, d)));
    const at = MOMENTS + (j << 5);
    let low = f64x2.add(v128.load(at), v128.shuffle<f64>(r, rd, 0, 2));
    let high = load<f64>(at, 16) + f64x2.extract_lane(spread, 0);
    if (bins === 2) {
      low = f64x2.add(low, v128.shuffle<f64>(r, rd, 1, 3));
      high += f64x2.extract_lane(spread, 1);
    }
    v128.store(at, low);
    store<f64>(at, high, 16);
  }
}
