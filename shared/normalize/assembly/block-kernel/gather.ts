import { isDouble } from './column';
import { BLOCK_ROWS, CODES, FINITE, NORMALIZED, RAW, ROWS, VALID } from './memory';

let areRowsInOrder: bool = false;

/** RAW and VALID to FINITE and ROWS. */
export function gather(rows: i32): i32 {
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
