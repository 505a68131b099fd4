const DIGIT_BITS = 16;
const DIGITS = 1 << DIGIT_BITS;
const SIGN = 0x8000;
const NEGATIVE = 0xffff;

/**
 * The order that sorts numbers ascending, equal ones in the order they came in; -0 equals 0.
 *
 * A comparing sort of indices takes a second for a million values; by digits, a tenth of that. The bits of a positive
 * double grow with it; those of a negative one fall, so they are inverted.
 *
 * @param values finite, not changed
 * @returns indices into `values`
 * @see Knuth, The Art of Computer Programming, volume 3, section 5.2.5: radix sorting, least significant digit first
 */
export function sortOrder(values: Float64Array): Uint32Array {
  const digits = digitsOf(values);
  let order = new Uint32Array(values.length).map((_, i) => i);
  let next = new Uint32Array(values.length);
  const starts = new Uint32Array(DIGITS);
  for (const digit of digits) {
    starts.fill(0);
    for (let i = 0; i < digit.length; i++) starts[digit[i]]++;
    // a digit that all values share orders nothing
    if (digit.length > 0 && starts[digit[0]] === digit.length) continue;
    let start = 0;
    for (let d = 0; d < DIGITS; d++) {
      const count = starts[d];
      starts[d] = start;
      start += count;
    }
    for (let i = 0; i < order.length; i++) next[starts[digit[order[i]]]++] = order[i];
    [order, next] = [next, order];
  }
  return order;
}

/** The digits of keys that order as the values do, the least significant first. */
function digitsOf(values: Float64Array): Uint16Array[] {
  const digits = Array.from({ length: 4 }, () => new Uint16Array(values.length));
  const [lowest, low, high, highest] = digits;
  const bytes = new DataView(new ArrayBuffer(8));
  for (let i = 0; i < values.length; i++) {
    bytes.setFloat64(0, values[i] + 0);
    const top = bytes.getUint16(0);
    const flip = top & SIGN ? NEGATIVE : 0;
    highest[i] = top ^ (flip || SIGN);
    high[i] = bytes.getUint16(2) ^ flip;
    low[i] = bytes.getUint16(4) ^ flip;
    lowest[i] = bytes.getUint16(6) ^ flip;
  }
  return digits;
}
