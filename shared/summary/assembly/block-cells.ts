// AssemblyScript, compiled to WebAssembly by assembly.config.ts: a summary's loops over a block of rows, and its cells while
// rows are added. block-cells.ts beside this folder says what each call means; cell-key.ts what a key and an offset are.

/*
 * Addresses, in bytes. Loops go over several rows at once, so the arrays of a block have room behind them.
 */
/** f64 [rows] and u8 [rows]: the block as it comes, 1 where there is a value */
export const RAW: i32 = 0x0000;
export const VALID: i32 = 0x2000;
/** f64 [finite]: the finite values, -0 as 0 */
export const FINITE: i32 = 0x2480;
/** f64 [finite]: their differences from the centre */
const DIFFERENCES: i32 = 0x4500;
/** f64 [4]: the least x, the largest, by two lanes */
export const EXTREMES: i32 = 0x6580;
/** u32 [1024] 0: the page of all keys without a cell */
const EMPTY_PAGE: i32 = 0x6780;
/** what is made as it is needed, one behind the other: columns, pages, cells */
export const HEAP: i32 = 0x7780;

/*
 * A column: f64 its centre; of each zoom f64 its centre, and f64
 * halfway to it from the one before, or not a number where that covers other cells; u32 [1 + zooms][4096] where the
 * page of a key's top bits is.
 */
export const ZOOM_CENTRES: i32 = 8;
export const ZOOM_STARTS: i32 = 136;
const PAGES: i32 = 272;
/** A page: u32 [1024] places of cells, or the number of a zoom. */
const PAGE_BYTES: i32 = 4096;
/** A cell: u64 count << 41 | sum of offsets, u64 sum of their squares, f64 the value, u32 the key, u32 the cell behind it. */
const CELL_BYTES: i32 = 32;
/** So many rows of a column at most, then its cells have to be taken out: counts of 2^20, sums of 2^40 and 2^60 have room. */
export const MOST_ROWS: i32 = 1 << 20;

let heap: i32 = HEAP;

/** Forget all columns. */
export function clear(): void {
  heap = HEAP;
}

/** How much of the memory is in use. */
export function used(): i32 {
  return heap;
}

/** A new column without cells. */
export function open(centre: f64, zooms: i32): i32 {
  const pages = (zooms + 1) << 12;
  const column = allocate(PAGES + (pages << 2));
  store<f64>(column, centre);
  for (let i = 0; i < pages; i++) store<i32>(column + (i << 2), EMPTY_PAGE, PAGES);
  return column;
}

/** From here on the values of a key belong to a zoom: the first that covers it. */
export function cover(column: i32, key: i32, zoom: i32): void {
  store<i32>(placeOf(column, key), zoom + 1);
}

/**
 * Let each cell know the one behind it: those about the centre ascend with their values, then come those of each zoom.
 *
 * @returns the first cell, or 0; no rows can be added any more
 */
export function inOrder(column: i32, zooms: i32): i32 {
  let first = 0;
  for (let zoom = zooms; zoom >= 0; zoom--) {
    const pages = column + PAGES + (zoom << 14);
    // of the keys without a sign the largest is last, of the others the smallest
    for (let i = 2047; i >= 0; i--) first = linkPage(load<i32>(pages + (i << 2)), false, first);
    for (let i = 2048; i < 4096; i++) first = linkPage(load<i32>(pages + (i << 2)), true, first);
  }
  return first;
}

/** Link a page's cells in front of `next`. @returns the first */
function linkPage(page: i32, isNegative: bool, next: i32): i32 {
  if (page === EMPTY_PAGE) return next;
  for (let i = 0; i < 1024; i++) {
    const cell = load<i32>(page + ((isNegative ? i : 1023 - i) << 2));
    if (cell < HEAP) continue;
    store<i32>(cell, next, 28);
    next = cell;
  }
  return next;
}

/** RAW and VALID to FINITE and EXTREMES. @returns how many are finite */
export function gather(rows: i32): i32 {
  const zero = f64x2.splat(0);
  let ok = i64x2.splat(-1);
  for (let i = 0; i < rows; i += 16) ok = v128.and(ok, i8x16.ne(v128.load(VALID + i), i8x16.splat(0)));
  let least = f64x2.splat(Infinity);
  let most = f64x2.splat(-Infinity);
  for (let i = 0; i < rows; i += 2) {
    const x = f64x2.add(v128.load(RAW + (i << 3)), zero);
    ok = v128.and(ok, f64x2.eq(f64x2.sub(x, x), zero));
    least = f64x2.pmin(least, x);
    most = f64x2.pmax(most, x);
    v128.store(FINITE + (i << 3), x);
  }
  v128.store(EXTREMES, least);
  v128.store(EXTREMES, most, 16);
  return i8x16.all_true(ok) ? rows : gatherSome(rows);
}

function gatherSome(rows: i32): i32 {
  let finite = 0;
  let least = Infinity;
  let most = -Infinity;
  for (let i = 0; i < rows; i++) {
    const x = load<f64>(RAW + (i << 3)) + 0;
    if (load<u8>(VALID + i) === 0 || x - x !== 0) continue;
    store<f64>(FINITE + (finite++ << 3), x);
    if (x < least) least = x;
    if (x > most) most = x;
  }
  v128.store(EXTREMES, f64x2.splat(least));
  v128.store(EXTREMES, f64x2.splat(most), 16);
  return finite;
}

/** Add some of FINITE to the cells of a column. */
export function add(column: i32, start: i32, end: i32): void {
  const origin = f64x2.splat(load<f64>(column));
  // a difference beyond the largest double stays in the last cell
  const most = f64x2.splat(f64.MAX_VALUE);
  const least = f64x2.splat(-f64.MAX_VALUE);
  for (let i = start & -2; i < end; i += 2) {
    const d = f64x2.sub(v128.load(FINITE + (i << 3)), origin);
    v128.store(DIFFERENCES + (i << 3), f64x2.pmin(f64x2.pmax(d, least), most));
  }
  for (let i = start; i < end; i++) {
    const bits = load<u64>(DIFFERENCES + (i << 3));
    const x = load<f64>(FINITE + (i << 3));
    const key = <i32>(bits >>> 42);
    let offset = (bits >>> 22) & 0xfffff;
    let cell = load<i32>(pageOf(column, key) + ((key & 1023) << 2));
    if (cell < HEAP) {
      if (cell === 0) cell = newCell(column, key, x);
      else {
        const zoom = nearestZoom(column, cell - 1, x);
        const inZoom = bitsOfDifference(x, load<f64>(column + (zoom << 3), ZOOM_CENTRES));
        // cells about the centre of a zoom have 6 mantissa bits
        offset = (inZoom >>> 26) & 0xfffff;
        cell = cellOf(column, ((zoom + 1) << 22) | (<i32>(inZoom >>> 42) & -16), x);
      }
    }
    store<u64>(cell, load<u64>(cell) + offset + (1 << 41));
    store<u64>(cell, load<u64>(cell, 8) + offset * offset, 8);
    const value = load<f64>(cell, 16);
    // once it is not a number, the line need not be written again
    if (value !== x && !isNaN(value)) store<f64>(cell, NaN, 16);
  }
}

function pageOf(column: i32, key: i32): i32 {
  return load<i32>(column + ((key >>> 10) << 2), PAGES);
}

function bitsOfDifference(x: f64, centre: f64): u64 {
  return reinterpret<u64>(min(max(x - centre, -f64.MAX_VALUE), f64.MAX_VALUE));
}

function nearestZoom(column: i32, first: i32, x: f64): i32 {
  let zoom = first;
  while (x > load<f64>(column + ((zoom + 1) << 3), ZOOM_STARTS)) zoom++;
  return zoom;
}

function cellOf(column: i32, key: i32, x: f64): i32 {
  const cell = load<i32>(pageOf(column, key) + ((key & 1023) << 2));
  return cell === 0 ? newCell(column, key, x) : cell;
}

function newCell(column: i32, key: i32, x: f64): i32 {
  const place = placeOf(column, key);
  const cell = allocate(CELL_BYTES);
  store<i32>(place, cell);
  store<u64>(cell, 0);
  store<u64>(cell, 0, 8);
  store<f64>(cell, x, 16);
  store<i32>(cell, key, 24);
  return cell;
}

/** Where the place of a key's cell is kept, in a page of its own from now on. */
function placeOf(column: i32, key: i32): i32 {
  let page = pageOf(column, key);
  if (page === EMPTY_PAGE) {
    page = allocate(PAGE_BYTES);
    memory.fill(page, 0, PAGE_BYTES);
    store<i32>(column + ((key >>> 10) << 2), page, PAGES);
  }
  return page + ((key & 1023) << 2);
}

/** Multiples of 8 bytes. */
function allocate(bytes: i32): i32 {
  const at = heap;
  heap += bytes;
  const missing = heap - (memory.size() << 16);
  // doubled, so that views of it end rarely
  if (missing > 0) memory.grow(max(memory.size(), (missing + 0xffff) >>> 16));
  return at;
}
