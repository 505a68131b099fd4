import { KEY_BITS, locate, locateAll, locatedOffset, locatedZoomOffset, locateInZoom } from './cell-key.ts';
import type { SummaryCells } from './column-summary.ts';
import { coveredKeys, nearestZoom, type Zoom } from './zooms.ts';

/** Sums are high * LIMB + low: integers beyond 2^53 in two exact parts. */
const LIMB = 2 ** 52;

/** Keys that share their sign and exponent share a page of the index. */
const PAGE_SHIFT = 10;
const PAGE_MASK = (1 << PAGE_SHIFT) - 1;
const PAGES = 1 << (KEY_BITS - PAGE_SHIFT);

/** Values added together are at most so many. */
const BLOCK_VALUES = 1024;

/** A cell's numbers lie side by side, so that a row touches one line of the cache. The offsets of each: */
const COUNT = 0;
const SUM_HIGH = 1;
const SUM_LOW = 2;
const SQUARE_HIGH = 3;
const SQUARE_LOW = 4;
const VALUE = 5;
const STRIDE = 6;

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
        at = this.#placeOf(x);
        offset = this.#offset;
        places = this.#places;
        numbers = this.#numbers;
      }
      numbers[at]++;
      const sum = numbers[at + 2] + offset;
      const square = numbers[at + 4] + offset * offset;
      if (sum < 4503599627370496 && square < 4503599627370496) {
        numbers[at + 2] = sum;
        numbers[at + 4] = square;
      } else {
        carry(numbers, at + SUM_HIGH, 0, offset);
        carry(numbers, at + SQUARE_HIGH, 0, offset * offset);
      }
      if (numbers[at + 5] !== x) numbers[at + 5] = Number.NaN;
    }
  }

  /** Add `count` rows of one value; the same sums as adding them one by one. */
  addRepeated(x: number, count: number): void {
    const at = this.#placeOf(x);
    const offset = BigInt(this.#offset);
    this.#numbers[at + COUNT] += count;
    this.#addProduct(at + SUM_HIGH, BigInt(count) * offset);
    this.#addProduct(at + SQUARE_HIGH, BigInt(count) * offset * offset);
    if (this.#numbers[at + VALUE] !== x) this.#numbers[at + VALUE] = Number.NaN;
  }

  /** Add cells of the same centre. */
  addCells(cells: SummaryCells): void {
    const { keys, counts, sumsHigh, sumsLow, squaresHigh, squaresLow, values } = cells;
    for (let i = 0; i < keys.length; i++) {
      const at = this.#placeOfKey(keys[i], values[i]);
      const numbers = this.#numbers;
      numbers[at + COUNT] += counts[i];
      carry(numbers, at + SUM_HIGH, sumsHigh[i], sumsLow[i]);
      carry(numbers, at + SQUARE_HIGH, squaresHigh[i], squaresLow[i]);
      if (numbers[at + VALUE] !== values[i]) numbers[at + VALUE] = Number.NaN;
    }
  }

  /** The cells about the centre in ascending order of value, then those of each zoom likewise. */
  finish(): SummaryCells {
    const { keys, places } = this.#inOrder();
    const column = (number: number) => {
      const array = new Float64Array(places.length);
      for (let i = 0; i < array.length; i++) array[i] = this.#numbers[places[i] + number];
      return array;
    };
    return {
      keys,
      counts: column(COUNT),
      sumsHigh: column(SUM_HIGH),
      sumsLow: column(SUM_LOW),
      squaresHigh: column(SQUARE_HIGH),
      squaresLow: column(SQUARE_LOW),
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
    carry(this.#numbers, at, Number(product >> 52n), Number(BigInt.asUintN(52, product)));
  }

  /** Where the numbers of the value's cell begin. */
  #placeOf(x: number): number {
    const key = locate(x, this.#centre);
    this.#offset = locatedOffset();
    const first = -1 - this.#placeAt(key);
    if (first < 0) return this.#placeOfKey(key, x);
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
      const larger = new Float64Array(2 * at);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[at + VALUE] = x;
    this.#setPlace(key, at + 1);
    return at;
  }
}

/** Add to a sum whose high part is at `at` and whose low part follows it. */
function carry(numbers: Float64Array, at: number, high: number, low: number): void {
  const sum = numbers[at + 1] + low;
  const over = sum < LIMB ? 0 : 1;
  numbers[at] += high + over;
  numbers[at + 1] = sum - over * LIMB;
}
