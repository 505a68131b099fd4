// AssemblyScript, compiled to WebAssembly by assembly.config.ts: the kernel's loops over a block of rows. What they look
// up is laid into the memory by block-kernel.ts beside this folder, which also says what each call means.

/** Rows of a block at most. */
export const BLOCK_ROWS: i32 = 1024;
export const MOST_CELLS: i32 = 2048;

/*
 * Addresses, in bytes. Loops go over four rows at once, so the arrays of a block have room behind them.
 */
/** f64 [rows] and u8 [rows]: the block as it comes, 1 where there is a value */
export const RAW: i32 = 0x0000;
export const VALID: i32 = 0x2000;
/** i32 [finite]: where in the block the finite values were, and f64 [finite]: these, -0 as 0 where an atom is 0 */
const ROWS: i32 = 0x2480;
export const FINITE: i32 = 0x3500;
/** u32 [finite] each: the draw, and the position in the grid */
const WORDS: i32 = 0x5580;
const POSITIONS: i32 = 0x6600;
/** u8 [finite], then [rows]: the number of the component; before it is settled, what the table says */
export const CODES: i32 = 0x7680;
/** f32 or f64 [finite], then [rows] */
export const NORMALIZED: i32 = 0x7b00;
/** f64 [finite]: |value - inverse of its pair as stored| */
export const ERRORS: i32 = 0x9b80;
/** i32: rows in no order */
const PENDING: i32 = 0xbc00;
export const FAR: i32 = 0xcc80;
/** f64: sum of errors, of their squares; sum of x - first, of its square; largest error, least and largest x, two each */
export const SUMS: i32 = 0xdd00;
/** u32 [128] rows of each component, and room for as many */
export const COUNTS: i32 = 0xdd80;
/** f64 [128][2]: mean and standard deviation by number of the component; of an atom its value and 1 */
export const COMPONENTS: i32 = 0xe180;
/** u8 [128]: 1 for an atom */
export const IS_ATOM: i32 = 0xe980;
/** u8 [cells]: 0, or the place of the cell's only atom in the next two: f64 [128], not a number first, and u8 [128] */
export const ATOM_OF_CELL: i32 = 0xea00;
export const ATOMS: i32 = 0xf200;
export const ATOM_CODES: i32 = 0xf600;
/** u8 [128]: number of the component by position among the Gaussians */
export const CODE_OF_POSITION: i32 = 0xf680;
/** the grid: i32 [], f64 [cells + 1] */
export const GUIDE: i32 = 0xf700;
export const STARTS: i32 = 0x13700;
/** the second tier: i32 [cells], u8 [cells], u8 [cells] */
export const LINE_STARTS: i32 = 0x17800;
export const FIRST: i32 = 0x19800;
export const LAST: i32 = 0x1a000;
/** u8 [cells * 64], or [cells] for the likeliest component */
export const ENTRIES: i32 = 0x1a800;
/** f32 [] */
export const LINES: i32 = 0x3a800;

/** Entries from here on are not settled; the last has no candidate either. */
const AMBIGUOUS: i32 = 128;
const UNDECIDED: i32 = 255;

/** The plain rule's number of a component for a finite value of a row of the block, before anything is clipped. */
declare function undecided(x: f64, row: i32): i32;
/** Number of the component that a value out of reach goes to. */
declare function nearest(x: f64): i32;

let low: f64 = 0;
let scale: f64 = 0;
let reach: f64 = 0;
let bound: f64 = 0;
let far: f64 = 0;
/** 10^decimals, or 0 where the column has none */
let power: f64 = 0;
let isDrawn: bool = false;
let isDouble: bool = false;
let isFloatColumn: bool = false;
let hasAtoms: bool = false;
let areRowsInOrder: bool = false;

/** The numbers of a column; its tables are laid into the memory beside. */
export function setColumn(
  gridLow: f64,
  gridScale: f64,
  largestKept: f64,
  largestStored: f64,
  largestNear: f64,
  decimalPower: f64,
  drawn: bool,
  double: bool,
  floatColumn: bool,
  atoms: bool,
): void {
  low = gridLow;
  scale = gridScale;
  reach = largestKept;
  bound = largestStored;
  far = largestNear;
  power = decimalPower;
  isDrawn = drawn;
  isDouble = double;
  isFloatColumn = floatColumn;
  hasAtoms = atoms;
}

/**
 * Apply the model to the block: CODES and NORMALIZED by row, 0 where there is no finite value.
 *
 * @param key k0 + the block's first row mod 2^32
 * @returns how many rows are finite; FINITE, ERRORS hold those alone
 */
export function apply(rows: i32, key: i32, later: i32): i32 {
  const finite = gather(rows);
  farLength = 0;
  if (finite === 0) {
    memory.fill(CODES, 0, rows);
    memory.fill(NORMALIZED, 0, rows << 3);
    return 0;
  }
  locate(finite);
  const isSomeWordZero = isDrawn && draw(finite, key, later);
  const pending = lookUp(finite, isSomeWordZero);
  for (let i = 0; i < pending; i++) settle(load<i32>(PENDING + (i << 2)));
  // an odd block's last row counts twice until the sums
  store<u8>(CODES + finite, load<u8>(CODES + finite - 1));
  place(finite);
  return finite;
}

/** Spread what stands by finite value over the block's rows. */
export function spread(rows: i32, finite: i32): void {
  let end = rows;
  for (let i = finite - 1; i >= 0; i--) {
    const row = load<i32>(ROWS + (i << 2));
    move(i, row);
    clear(row + 1, end);
    end = row;
  }
  clear(0, end);
}

function move(i: i32, row: i32): void {
  store<u8>(CODES + row, load<u8>(CODES + i));
  if (isDouble) store<f64>(NORMALIZED + (row << 3), load<f64>(NORMALIZED + (i << 3)));
  else store<f32>(NORMALIZED + (row << 2), load<f32>(NORMALIZED + (i << 2)));
}

function clear(from: i32, to: i32): void {
  const size = isDouble ? 3 : 2;
  memory.fill(CODES + from, 0, to - from);
  memory.fill(NORMALIZED + (from << size), 0, (to - from) << size);
}

/** RAW and VALID to FINITE and ROWS. */
function gather(rows: i32): i32 {
  const zero = f64x2.splat(0);
  let ok = i64x2.splat(-1);
  for (let i = 0; i < rows; i += 16) ok = v128.and(ok, i8x16.ne(v128.load(VALID + i), i8x16.splat(0)));
  for (let i = 0; i < rows; i += 2) {
    const x = v128.load(RAW + (i << 3));
    ok = v128.and(ok, f64x2.eq(f64x2.sub(x, x), zero));
    v128.store(FINITE + (i << 3), x);
  }
  if (!i8x16.all_true(ok)) return gatherSome(rows);
  if (!areRowsInOrder) {
    for (let i = 0; i < BLOCK_ROWS + 4; i++) store<i32>(ROWS + (i << 2), i);
    areRowsInOrder = true;
  }
  pad(rows);
  return rows;
}

function gatherSome(rows: i32): i32 {
  areRowsInOrder = false;
  let finite = 0;
  for (let i = 0; i < rows; i++) {
    const x = load<f64>(RAW + (i << 3));
    store<f64>(FINITE + (finite << 3), x);
    store<i32>(ROWS + (finite << 2), i);
    finite += i32(load<u8>(VALID + i) !== 0) & i32(x - x === 0);
  }
  if (finite > 0) pad(finite);
  return finite;
}

/** The lanes behind the last value see it too. */
function pad(finite: i32): void {
  const last = load<f64>(FINITE + ((finite - 1) << 3));
  for (let i = finite; i < finite + 3; i++) store<f64>(FINITE + (i << 3), last);
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

/** z by component, as it is stored, and how far its inverse is from the value; what is stored far out is listed in FAR. */
function place(finite: i32): void {
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

let farLength: i32 = 0;

function listFar(from: i32, to: i32): void {
  for (let i = from; i < to; i++) store<i32>(FAR + (farLength++ << 2), i);
}

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
  return farLength;
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
