import { addRepeated } from './cells-of-values.ts';
import { rankOf } from './merge-cells.ts';
import { blankCells, type SummaryCells } from './summary-cells.ts';
import { cellOf, type Zoom } from './zooms.ts';

/** Before the arrays: how many cells have one value, how many do not, and the width of each array of integers. */
const HEAD_WORDS = 10;

/**
 * Cells in few bytes, little-endian: what a file holds of them, and a column that has rows to come.
 *
 * What a cell of one value holds follows from the value and its rows. Integers take the bytes that the largest of their
 * array needs: none where all are 0, 2 or 4 unsigned, or 8 as doubles. Ten int32 (number of cells of one value, of the
 * others; bytes of an integer in each of the seven arrays to come; 0), then, each filled up to a multiple of 8 bytes,
 * the values (doubles) and rows beyond one of the first; keys, counts, low and high of the sums, low and high of the
 * squares of the others.
 */
export function packCells({ keys, values, counts, ...sums }: SummaryCells): Uint8Array {
  const singles = placesOf(values, (value) => !Number.isNaN(value));
  const others = placesOf(values, Number.isNaN);
  const integers = [
    narrow(pick(counts, singles, -1)),
    ...[keys, counts, sums.sumsLow, sums.sumsHigh, sums.squaresLow, sums.squaresHigh].map((array) =>
      narrow(pick(array, others)),
    ),
  ];
  const widths = integers.map((array) => (array.length > 0 ? array.BYTES_PER_ELEMENT : 0));
  const head = new Int32Array(HEAD_WORDS);
  head.set([singles.length, others.length, ...widths]);
  const arrays = [head, pick(values, singles), ...integers];
  const bytes = new Uint8Array(arrays.reduce((sum, { byteLength }) => sum + filledUp(byteLength), 0));
  let at = 0;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += filledUp(array.byteLength);
  }
  return bytes;
}

/**
 * The cells that were packed.
 *
 * @param bytes at a multiple of 8 in their buffer
 * @param centre of the cells
 */
export function unpackCells(bytes: Uint8Array, centre: number, zooms: readonly Zoom[]): SummaryCells {
  const [singles, others, ...widths] = new Int32Array(bytes.buffer, bytes.byteOffset, HEAD_WORDS);
  let at = bytes.byteOffset + 4 * HEAD_WORDS;
  const next = (length: number, width: number): Float64Array => {
    const start = at;
    at += filledUp(length * width);
    if (width === 0) return new Float64Array(length);
    if (width === 8) return new Float64Array(bytes.buffer, start, length);
    const integers =
      width === 2 ? new Uint16Array(bytes.buffer, start, length) : new Uint32Array(bytes.buffer, start, length);
    return new Float64Array(integers);
  };
  const values = next(singles, 8);
  const [repeats, ...ofOthers] = widths.slice(0, 7).map((width, i) => next(i === 0 ? singles : others, width));
  const [keys, counts, sumsLow, sumsHigh, squaresLow, squaresHigh] = ofOthers;
  const singleKeys = new Int32Array(singles);
  const offsets = new Int32Array(singles);
  for (let i = 0; i < singles; i++) {
    const { key, offset } = cellOf(values[i], centre, zooms);
    singleKeys[i] = key;
    offsets[i] = offset;
  }

  const cells = blankCells(singles + others);
  let [single, other] = [0, 0];
  for (let cell = 0; cell < cells.keys.length; cell++) {
    const isSingle = other === others || (single < singles && rankOf(singleKeys[single]) < rankOf(keys[other]));
    if (isSingle) {
      cells.keys[cell] = singleKeys[single];
      cells.values[cell] = values[single];
      addRepeated(cells, cell, offsets[single], 1 + repeats[single++]);
      continue;
    }
    cells.keys[cell] = keys[other];
    cells.counts[cell] = counts[other];
    cells.sumsLow[cell] = sumsLow[other];
    cells.sumsHigh[cell] = sumsHigh[other];
    cells.squaresLow[cell] = squaresLow[other];
    cells.squaresHigh[cell] = squaresHigh[other++];
    cells.values[cell] = Number.NaN;
  }
  return cells;
}

const filledUp = (bytes: number) => Math.ceil(bytes / 8) * 8;

function placesOf(values: Float64Array, isOne: (value: number) => boolean): Int32Array {
  const places = new Int32Array(values.length);
  let length = 0;
  for (let cell = 0; cell < values.length; cell++) if (isOne(values[cell])) places[length++] = cell;
  return places.subarray(0, length);
}

function pick(array: Float64Array | Int32Array, places: Int32Array, plus = 0): Float64Array {
  const picked = new Float64Array(places.length);
  for (let i = 0; i < picked.length; i++) picked[i] = array[places[i]] + plus;
  return picked;
}

/** The same whole numbers in as few bytes. */
function narrow(integers: Float64Array): Float64Array | Uint32Array | Uint16Array {
  let largest = 0;
  for (const integer of integers) if (integer > largest) largest = integer;
  if (largest === 0) return new Float64Array();
  if (largest < 2 ** 16) return new Uint16Array(integers);
  return largest < 2 ** 32 ? new Uint32Array(integers) : integers;
}
