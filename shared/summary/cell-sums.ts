import {
  BLOCK_VALUES,
  KEY_BITS,
  locate,
  locateAll,
  locatedOffset,
  locatedZoomOffset,
  locateInZoom,
} from './cell-key.ts';
import type { SummaryCells } from './column-summary.ts';
import { coveredKeys, nearestZoom, type Zoom } from './zooms.ts';

/** Sums are high * LIMB + low: integers beyond 2^53 in two exact parts. */
const LIMB = 2 ** 52;

/** Keys that share their sign and exponent share a page of the index. */
const PAGE_SHIFT = 10;
const PAGE_MASK = (1 << PAGE_SHIFT) - 1;
const PAGES = 1 << (KEY_BITS - PAGE_SHIFT);

/** A cell's numbers lie side by side, so that a row touches one line of the cache. The offsets of each: */
const COUNT = 0;
const SUM = 1;
const SQUARE = 2;
const VALUE = 3;
const STRIDE = 4;

/**
 * Cells under construction: an index of pages from key to place, and the sums, all of them exact integers. Memory
 * grows with the cells in use: a normal distribution of a million rows takes about 1 MB.
 */
export class CellSums {
  readonly #centre: number;
  readonly #zooms: readonly Zoom[];
  /** where in `places` a page begins; pages without a cell are the first, which stays empty */
  readonly #pages: Int32Array;
  /** place of a cell's numbers + 1, or 0, by page and key in the page; of a cell that zooms cover, -1 - the first of them */
  #places = new Int32Array(8 << PAGE_SHIFT);
  #placesLength = 1 << PAGE_SHIFT;
  #length = 0;
  /** of the value whose place was asked for last */
  #offset = 0;
  #numbers = new Float64Array(STRIDE << 8);
  /** the high parts of sums, at the places of the low ones; rarely touched */
  #highs = new Float64Array(STRIDE << 8);
  readonly #blockKeys = new Int32Array(BLOCK_VALUES);
  readonly #blockOffsets = new Int32Array(BLOCK_VALUES);

  constructor(centre: number, zooms: readonly Zoom[]) {
    this.#centre = centre;
    this.#zooms = zooms;
    this.#pages = new Int32Array(PAGES * (zooms.length + 1));
    for (let i = zooms.length - 1; i >= 0; i--) for (const key of coveredKeys(zooms[i])) this.#setPlace(key, -1 - i);
  }

  /**
   * Add values.
   *
   * @param values finite, never -0, at most 1,024
   * @param start the first to add, and `end` the one after the last
   */
  addAll(values: Float64Array, start: number, end: number): void {
    const keys = this.#blockKeys;
    const offsets = this.#blockOffsets;
    locateAll(values, start, end, this.#centre, keys, offsets);
    const pages = this.#pages;
    let places = this.#places;
    let numbers = this.#numbers;
    for (let i = start; i < end; i++) {
      const x = values[i];
      const key = keys[i];
      let offset = offsets[i];
      // literals, because a bundle's module constants are looked up for each row
      let at = places[pages[key >>> 10] + (key & 0x3ff)] - 1;
      if (at < 0) {
        if (at === -1) at = this.#newCell(key, x);
        else {
          at = this.#placeInZoom(x, -2 - at);
          offset = this.#offset;
        }
        places = this.#places;
        numbers = this.#numbers;
      }
      numbers[at] += 1;
      const sum = numbers[at + 1] + offset;
      const square = numbers[at + 2] + offset * offset;
      if (sum < 4503599627370496 && square < 4503599627370496) {
        numbers[at + 1] = sum;
        numbers[at + 2] = square;
      } else {
        this.#carry(at + SUM, 0, offset);
        this.#carry(at + SQUARE, 0, offset * offset);
      }
      const value = numbers[at + 3];
      // once it is not a number, the line need not be written again
      if (value !== x && !Number.isNaN(value)) numbers[at + 3] = Number.NaN;
    }
  }

  /** Add `count` rows of one value; the same sums as adding them one by one. */
  addRepeated(x: number, count: number): void {
    const at = this.#placeOf(x);
    const offset = BigInt(this.#offset);
    this.#numbers[at + COUNT] += count;
    this.#addProduct(at + SUM, BigInt(count) * offset);
    this.#addProduct(at + SQUARE, BigInt(count) * offset * offset);
    if (this.#numbers[at + VALUE] !== x) this.#numbers[at + VALUE] = Number.NaN;
  }

  /** Add cells of the same centre. */
  addCells(cells: SummaryCells): void {
    const { keys, counts, sumsHigh, sumsLow, squaresHigh, squaresLow, values } = cells;
    for (let i = 0; i < keys.length; i++) {
      const at = this.#placeOfKey(keys[i], values[i]);
      const numbers = this.#numbers;
      numbers[at + COUNT] += counts[i];
      this.#carry(at + SUM, sumsHigh[i], sumsLow[i]);
      this.#carry(at + SQUARE, squaresHigh[i], squaresLow[i]);
      if (numbers[at + VALUE] !== values[i]) numbers[at + VALUE] = Number.NaN;
    }
  }

  /** The cells about the centre in ascending order of value, then those of each zoom likewise. */
  finish(): SummaryCells {
    const { keys, places } = this.#inOrder();
    const column = (number: number, of = this.#numbers) => {
      const array = new Float64Array(places.length);
      for (let i = 0; i < array.length; i++) array[i] = of[places[i] + number];
      return array;
    };
    return {
      keys,
      counts: column(COUNT),
      sumsHigh: column(SUM, this.#highs),
      sumsLow: column(SUM),
      squaresHigh: column(SQUARE, this.#highs),
      squaresLow: column(SQUARE),
      values: column(VALUE),
    };
  }

  #inOrder(): { keys: Int32Array; places: Int32Array } {
    const keys = new Int32Array(this.#length);
    const places = new Int32Array(this.#length);
    let cell = 0;
    for (let i = 0; i < this.#pages.length; i++) {
      // the pages of negative differences come first, from the largest magnitude down
      const first = i - (i % PAGES);
      const negative = i - first < PAGES / 2;
      const number = first + (negative ? PAGES - 1 - (i - first) : i - first - PAGES / 2);
      const page = this.#pages[number];
      if (page === 0) continue;
      for (let j = 0; j <= PAGE_MASK; j++) {
        const slot = negative ? PAGE_MASK - j : j;
        const place = this.#places[page + slot];
        if (place <= 0) continue;
        keys[cell] = (number << PAGE_SHIFT) | slot;
        places[cell++] = place - 1;
      }
    }
    return { keys, places };
  }

  #addProduct(at: number, product: bigint): void {
    this.#carry(at, Number(product >> 52n), Number(BigInt.asUintN(52, product)));
  }

  /** Where the numbers of the value's cell begin. */
  #placeOf(x: number): number {
    const key = locate(x, this.#centre);
    this.#offset = locatedOffset();
    const first = -1 - this.#placeAt(key);
    return first < 0 ? this.#placeOfKey(key, x) : this.#placeInZoom(x, first);
  }

  /** As {@link CellSums.#placeOf}, where zooms from `first` on cover the cell. */
  #placeInZoom(x: number, first: number): number {
    const zoom = nearestZoom(this.#zooms, first, x);
    const keyInZoom = locateInZoom(x, this.#zooms[zoom].centre);
    this.#offset = locatedZoomOffset();
    return this.#placeOfKey(((zoom + 1) << KEY_BITS) | keyInZoom, x);
  }

  /** Where the numbers of the key's cell begin; a new one remembers its first value. */
  #placeOfKey(key: number, x: number): number {
    const found = this.#placeAt(key);
    return found > 0 ? found - 1 : this.#newCell(key, x);
  }

  #placeAt(key: number): number {
    return this.#places[this.#pages[key >>> PAGE_SHIFT] + (key & PAGE_MASK)];
  }

  #setPlace(key: number, place: number): void {
    const number = key >>> PAGE_SHIFT;
    if (this.#pages[number] === 0) this.#pages[number] = this.#newPage();
    this.#places[this.#pages[number] + (key & PAGE_MASK)] = place;
  }

  #newPage(): number {
    const page = this.#placesLength;
    this.#placesLength += 1 << PAGE_SHIFT;
    if (page === this.#places.length) {
      const larger = new Int32Array(2 * page);
      larger.set(this.#places);
      this.#places = larger;
    }
    return page;
  }

  #newCell(key: number, x: number): number {
    const at = this.#length++ * STRIDE;
    if (at === this.#numbers.length) {
      this.#numbers = twiceAsLong(this.#numbers);
      this.#highs = twiceAsLong(this.#highs);
    }
    this.#numbers[at + VALUE] = x;
    this.#setPlace(key, at + 1);
    return at;
  }

  /** Add to a sum. */
  #carry(at: number, high: number, low: number): void {
    const sum = this.#numbers[at] + low;
    const over = sum < LIMB ? 0 : 1;
    this.#highs[at] += high + over;
    this.#numbers[at] = sum - over * LIMB;
  }
}

function twiceAsLong(array: Float64Array) {
  const larger = new Float64Array(2 * array.length);
  larger.set(array);
  return larger;
}
