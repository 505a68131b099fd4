import { hasAtoms, isDrawn, low, scale } from './column';
import {
  ATOM_CODES,
  ATOM_OF_CELL,
  ATOMS,
  CODE_OF_POSITION,
  CODES,
  ENTRIES,
  FINITE,
  FIRST,
  GUIDE,
  LAST,
  LINE_STARTS,
  LINES,
  PENDING,
  POSITIONS,
  ROWS,
  STARTS,
  WORDS,
} from './memory';

/** Entries from here on are not settled; the last has no candidate either. */
const AMBIGUOUS: i32 = 128;
const UNDECIDED: i32 = 255;

/** The plain rule's number of a component for a finite value of a row of the block, before anything is clipped. */
declare function undecided(x: f64, row: i32): i32;

/** The number of each finite value's component, to CODES. */
export function choose(finite: i32, key: i32, later: i32): void {
  locate(finite);
  const isSomeWordZero = isDrawn && draw(finite, key, later);
  const pending = lookUp(finite, isSomeWordZero);
  for (let i = 0; i < pending; i++) settle(load<i32>(PENDING + (i << 2)));
  // an odd block's last row counts twice until the sums
  store<u8>(CODES + finite, load<u8>(CODES + finite - 1));
}

/** Beyond the grid every component is out of reach: any cell will do. */
function locate(finite: i32): void {
  const start = f64x2.splat(low);
  const factor = f64x2.splat(scale);
  const most = i32x4.splat(0x3fffffff);
  for (let i = 0; i < finite; i += 4) {
    const a = f64x2.mul(f64x2.sub(v128.load(FINITE + (i << 3)), start), factor);
    const b = f64x2.mul(f64x2.sub(v128.load(FINITE + (i << 3), 16), start), factor);
    const positions = v128.shuffle<i64>(i32x4.trunc_sat_f64x2_s_zero(a), i32x4.trunc_sat_f64x2_s_zero(b), 0, 2);
    v128.store(POSITIONS + (i << 2), i32x4.min_u(positions, most));
  }
}

/** rowWord() of shared/numeric/draw.ts, four rows at once. @returns whether some word is 0 */
function draw(finite: i32, key: i32, later: i32): bool {
  const keys = i32x4.splat(key);
  const laterKeys = i32x4.splat(later);
  let areNonZero = true;
  for (let i = 0; i < finite; i += 4) {
    const words = mix(i32x4.add(mix(i32x4.add(v128.load(ROWS + (i << 2)), keys)), laterKeys));
    v128.store(WORDS + (i << 2), words);
    areNonZero &= i32x4.all_true(words);
  }
  return !areNonZero;
}

function mix(words: v128): v128 {
  let h = v128.xor(words, i32x4.shr_u(words, 16));
  h = i32x4.mul(h, i32x4.splat(0x21f0aaad));
  h = v128.xor(h, i32x4.shr_u(h, 15));
  h = i32x4.mul(h, i32x4.splat(0xd35a2d97));
  return v128.xor(h, i32x4.shr_u(h, 15));
}

/** cellAt() of cell-grid.ts. */
function cellAt(p: u32): u32 {
  const part = load<u32>(GUIDE + ((p >>> 22) << 2));
  const entry = load<u32>(GUIDE + (((part >>> 4) + ((p >>> 14) & 0xff & -(part & 1))) << 2));
  return (entry >>> 5) + ((p & (0x3fffff >>> (part & 8))) >>> (entry & 31));
}

/** The first tier. What it leaves is listed without a branch, because none could be foreseen. @returns how many */
function lookUp(finite: i32, isSomeWordZero: bool): i32 {
  let pending = 0;
  for (let i = 0; i < finite; i++) {
    const cell = cellAt(load<u32>(POSITIONS + (i << 2)));
    const place = isDrawn ? (cell << 6) | (load<u32>(WORDS + (i << 2)) >>> 26) : cell;
    let code = <i32>load<u8>(ENTRIES + place);
    if (hasAtoms) {
      const atom = <i32>load<u8>(ATOM_OF_CELL + cell);
      const isAtom = load<f64>(FINITE + (i << 3)) === load<f64>(ATOMS + (atom << 3));
      code = isAtom ? <i32>load<u8>(ATOM_CODES + atom) : code;
    }
    // shares below 2^-34 count as none, which holds for every u but 0
    if (isSomeWordZero && code < AMBIGUOUS && load<u32>(WORDS + (i << 2)) === 0) code = UNDECIDED;
    store<u8>(CODES + i, code);
    store<i32>(PENDING + (pending << 2), i);
    pending += code >>> 7;
  }
  return pending;
}

/** The second tier: cumulative shares as straight lines over the cell; and the plain rule for what is left. */
function settle(i: i32): void {
  const x = load<f64>(FINITE + (i << 3));
  let code = <i32>load<u8>(CODES + i);
  if (code !== UNDECIDED) code = load<u32>(WORDS + (i << 2)) === 0 ? UNDECIDED : decide(i, x, code - AMBIGUOUS);
  if (code === UNDECIDED) code = undecided(x, load<i32>(ROWS + (i << 2)));
  store<u8>(CODES + i, code);
}

function decide(i: i32, x: f64, candidate: i32): i32 {
  const cell = cellAt(load<u32>(POSITIONS + (i << 2)));
  let line = LINES + (load<i32>(LINE_STARTS + (cell << 2)) << 2);
  const deviation = <f64>load<f32>(line);
  const distance = (x - low) * scale - load<f64>(STARTS + (cell << 3));
  const u = <f64>load<u32>(WORDS + (i << 2)) / 4294967296.0;
  const last = <i32>load<u8>(LAST + cell);
  let k = candidate;
  line += 4 + 8 * (k - <i32>load<u8>(FIRST + cell));
  while (k < last) {
    const gap = u - (<f64>load<f32>(line) + <f64>load<f32>(line, 4) * distance);
    if (gap < deviation) return gap < -deviation ? <i32>load<u8>(CODE_OF_POSITION + k) : UNDECIDED;
    line += 8;
    k++;
  }
  return load<u8>(CODE_OF_POSITION + last);
}
