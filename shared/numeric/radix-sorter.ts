const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
/** Three digits in either half of a double; the upper one of a half has ten bits. */
const PLACES = 6;
/** So many leading digits tell nearly all keys apart; comparing neighbours does the rest, ... */
const LEADING = 3;
/** ... unless that would move keys by so many places on average. */
const MOST_MOVES = 2;

/** Keys ascending, and what belongs to each. */
export interface Sorted {
  /** -0 is 0 */
  keys: Float64Array;
  /** null where none were given */
  companions: Float64Array | null;
}

/**
 * Sorts numbers, with a companion each if wanted: ascending, equal ones in the order they came in; -0 equals 0.
 *
 * A comparing sort takes four times as long for a million numbers. Memory is kept and used again: to touch it the first
 * time costs as much as the sorting.
 *
 * @see Knuth, The Art of Computer Programming, volume 3, section 5.2.5: radix sorting, least significant digit first
 */
export class RadixSorter {
  readonly #places = new Uint32Array(PLACES * DIGITS);
  #keys = [new Float64Array(0), new Float64Array(0)];
  #companions = [new Float64Array(0), new Float64Array(0)];

  /**
   * @param keys no NaN, not changed
   * @param companions of the keys, not changed
   * @param room length that the keys' array must be able to grow to, for a caller who adds to them
   * @returns arrays for the caller to use as he likes, until the next call
   */
  sort(keys: Float64Array, companions: Float64Array | null = null, room = keys.length): Sorted {
    this.#reserve(room, companions !== null);
    const negatives = countNegatives(keys);
    split(keys, this.#keys[0], negatives);
    if (companions) splitCompanions(keys, companions, this.#companions[0], negatives);
    this.#sortRange(0, negatives, companions !== null, true);
    this.#sortRange(negatives, keys.length, companions !== null, false);
    return {
      keys: this.#keys[0].subarray(0, keys.length),
      companions: companions && this.#companions[0].subarray(0, keys.length),
    };
  }

  #reserve(length: number, hasCompanions: boolean): void {
    if (length > this.#keys[0].length) this.#keys = [new Float64Array(length), new Float64Array(length)];
    if (hasCompanions && length > this.#companions[0].length)
      this.#companions = [new Float64Array(length), new Float64Array(length)];
  }

  /** Sort what lies in [start, end) of the first arrays. */
  #sortRange(start: number, end: number, hasCompanions: boolean, isDescending: boolean): void {
    if (end - start < 2) return;
    const places = this.#places;
    countDigits(this.#keys[0], start, end, places);
    // a digit that all keys share orders nothing
    const telling = Array.from({ length: PLACES }, (_, place) => place).filter(
      (place) => !places.subarray(place * DIGITS, (place + 1) * DIGITS).includes(end - start),
    );
    this.#sortByDigits(start, end, telling.slice(-LEADING), hasCompanions, isDescending);
    if (telling.length <= LEADING) return;
    const companions = hasCompanions ? this.#companions[0] : null;
    if (insertionSort(this.#keys[0], companions, start, end)) return;
    countDigits(this.#keys[0], start, end, places);
    this.#sortByDigits(start, end, telling, hasCompanions, isDescending);
  }

  /** By the digits at some places, whose counts are there; the result is in the first arrays. */
  #sortByDigits(start: number, end: number, digits: readonly number[], hasCompanions: boolean, isDescending: boolean) {
    const [first, second] = this.#keys;
    const [companionsFirst, companionsSecond] = this.#companions;
    let isBack = true;
    for (const place of digits) {
      const next = this.#places.subarray(place * DIGITS, (place + 1) * DIGITS);
      toStarts(next, start, isDescending);
      const [from, to] = isBack ? [first, second] : [second, first];
      if (!hasCompanions) move(from, to, start, end, place, next);
      else if (isBack) moveBoth(from, to, companionsFirst, companionsSecond, start, end, place, next);
      else moveBoth(from, to, companionsSecond, companionsFirst, start, end, place, next);
      isBack = !isBack;
    }
    if (isBack) return;
    first.set(second.subarray(start, end), start);
    if (hasCompanions) companionsFirst.set(companionsSecond.subarray(start, end), start);
  }
}

function countNegatives(keys: Float64Array): number {
  let negatives = 0;
  for (let i = 0; i < keys.length; i++) if (keys[i] < 0) negatives++;
  return negatives;
}

/** Negative keys first: their bits fall where those of the others grow. */
function split(keys: Float64Array, to: Float64Array, negatives: number): void {
  let negative = 0;
  let other = negatives;
  for (let i = 0; i < keys.length; i++) to[keys[i] < 0 ? negative++ : other++] = keys[i] + 0;
}

function splitCompanions(keys: Float64Array, companions: Float64Array, to: Float64Array, negatives: number): void {
  let negative = 0;
  let other = negatives;
  for (let i = 0; i < keys.length; i++) to[keys[i] < 0 ? negative++ : other++] = companions[i];
}

/** How often each digit occurs at each place. */
function countDigits(keys: Float64Array, start: number, end: number, places: Uint32Array): void {
  const words = new Uint32Array(keys.buffer);
  const mask = DIGITS - 1;
  places.fill(0);
  for (let at = 2 * start; at < 2 * end; at += 2) {
    const low = words[at];
    const high = words[at + 1];
    places[low & mask]++;
    places[DIGITS + ((low >>> DIGIT_BITS) & mask)]++;
    places[2 * DIGITS + (low >>> (2 * DIGIT_BITS))]++;
    places[3 * DIGITS + (high & mask)]++;
    places[4 * DIGITS + ((high >>> DIGIT_BITS) & mask)]++;
    places[5 * DIGITS + (high >>> (2 * DIGIT_BITS))]++;
  }
}

/** Counts of digits to where the first key of each digit goes. */
function toStarts(counts: Uint32Array, start: number, isDescending: boolean): void {
  let at = start;
  for (let i = 0; i < DIGITS; i++) {
    const digit = isDescending ? DIGITS - 1 - i : i;
    const count = counts[digit];
    counts[digit] = at;
    at += count;
  }
}

const halfOf = (place: number) => (place < PLACES / 2 ? 0 : 1);
const shiftOf = (place: number) => (place % (PLACES / 2)) * DIGIT_BITS;

function move(from: Float64Array, to: Float64Array, start: number, end: number, place: number, next: Uint32Array) {
  const words = new Uint32Array(from.buffer);
  const mask = DIGITS - 1;
  const shift = shiftOf(place);
  for (let i = start, word = 2 * start + halfOf(place); i < end; i++, word += 2)
    to[next[(words[word] >>> shift) & mask]++] = from[i];
}

function moveBoth(
  from: Float64Array,
  to: Float64Array,
  companionsFrom: Float64Array,
  companionsTo: Float64Array,
  start: number,
  end: number,
  place: number,
  next: Uint32Array,
): void {
  const words = new Uint32Array(from.buffer);
  const mask = DIGITS - 1;
  const shift = shiftOf(place);
  for (let i = start, word = 2 * start + halfOf(place); i < end; i++, word += 2) {
    const at = next[(words[word] >>> shift) & mask]++;
    to[at] = from[i];
    companionsTo[at] = companionsFrom[i];
  }
}

/** Stable; false, and not done, where it has moved too many keys. */
function insertionSort(keys: Float64Array, companions: Float64Array | null, start: number, end: number): boolean {
  const most = MOST_MOVES * (end - start);
  let moves = 0;
  for (let i = start + 1; i < end; i++) {
    const key = keys[i];
    if (keys[i - 1] <= key) continue;
    const companion = companions ? companions[i] : 0;
    let to = i;
    for (; to > start && keys[to - 1] > key; to--) {
      keys[to] = keys[to - 1];
      if (companions) companions[to] = companions[to - 1];
    }
    keys[to] = key;
    if (companions) companions[to] = companion;
    moves += i - to;
    if (moves > most) return false;
  }
  return true;
}
