// AssemblyScript, compiled to WebAssembly by assembly.config.ts: the page writer's loops over what a page holds, 16 bytes
// at a time. write/page-loops.ts lays the page into the memory and says what each call means.

/** Bytes that are looked at together; a page has room behind it for as many. */
const LANES: i32 = 16;
/** the page as it comes: f32, f64 or u8 [], at most 131,072 of them */
export const PAGE: i32 = 0;
/** u8 [256]: 1 for each code that occurs, by its byte */
export const OCCURS: i32 = 0x100010;
/** u8 [256]: what is written for a code, by its byte */
export const PLACES: i32 = 0x100110;
/** the smallest and the largest: f64 [2] */
export const EXTREMES: i32 = 0x100210;
/** u8 []: the packed page, with room for a word behind it */
export const PACKED: i32 = 0x100220;
export const END: i32 = 0x120230;

/** Extremes of so many floats; behind the last, lanes hold it too. */
export function extremes32(count: i32): void {
  let low = v128.load(PAGE);
  let high = low;
  for (let at = PAGE; at < PAGE + (count << 2); at += LANES) {
    const x = v128.load(at);
    low = f32x4.pmin(low, x);
    high = f32x4.pmax(high, x);
  }
  low = f32x4.pmin(low, v128.shuffle<f32>(low, low, 2, 3, 0, 1));
  high = f32x4.pmax(high, v128.shuffle<f32>(high, high, 2, 3, 0, 1));
  store<f64>(EXTREMES, min(f32x4.extract_lane(low, 0), f32x4.extract_lane(low, 1)));
  store<f64>(EXTREMES + 8, max(f32x4.extract_lane(high, 0), f32x4.extract_lane(high, 1)));
}

/** As {@link extremes32}, of doubles. */
export function extremes64(count: i32): void {
  let low = v128.load(PAGE);
  let high = low;
  for (let at = PAGE; at < PAGE + (count << 3); at += LANES) {
    const x = v128.load(at);
    low = f64x2.pmin(low, x);
    high = f64x2.pmax(high, x);
  }
  store<f64>(EXTREMES, min(f64x2.extract_lane(low, 0), f64x2.extract_lane(low, 1)));
  store<f64>(EXTREMES + 8, max(f64x2.extract_lane(high, 0), f64x2.extract_lane(high, 1)));
}

/**
 * Mark the codes that occur among so many. Components are numbered by falling weight, so that once 0..n-1 have been seen
 * hardly any other comes: codes are marked one by one only where one does.
 */
export function mark(count: i32): void {
  let seen = 0;
  while (seen < 256 && load<u8>(OCCURS + seen) === 1) seen++;
  for (let at = PAGE; at < PAGE + count; at += LANES) {
    const isNew = i8x16.ge_u(v128.load(at), i8x16.splat(<i8>seen));
    if (seen > 255 || !v128.any_true(isNew)) continue;
    for (let i = at; i < min(at + LANES, PAGE + count); i++) store<u8>(OCCURS + <i32>load<u8>(i), 1);
    while (seen < 256 && load<u8>(OCCURS + seen) === 1) seen++;
  }
}

/** So many codes become their places. */
export function replace(count: i32): void {
  for (let at = PAGE; at < PAGE + count; at++) store<u8>(at, load<u8>(PLACES + <i32>load<u8>(at)));
}

/** Groups of eight numbers below 2^bits, least significant bit first; behind the last of so many, they are 0. */
export function pack(count: i32, bits: i32): void {
  const apart = 8 - bits;
  let to = PACKED;
  for (let at = PAGE; at < PAGE + count; at += 8) {
    let x = load<u64>(at);
    x = (x & 0x00ff00ff00ff00ff) | ((x & 0xff00ff00ff00ff00) >>> apart);
    x = (x & 0x0000ffff0000ffff) | ((x & 0xffff0000ffff0000) >>> (2 * apart));
    x = (x & 0x00000000ffffffff) | ((x & 0xffffffff00000000) >>> (4 * apart));
    store<u64>(to, x);
    to += bits;
  }
}
