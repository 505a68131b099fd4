/** The most repeated values stay bins of their own, so that atoms can be told from dense places. */
const MOST_REPEATED = 64;
const REPEATED_ROWS = 5;

/**
 * 1 for the bins of the most repeated values, else 0; of equally many rows the first ones.
 *
 * @param exact 1 for the bins of one value; left out where all are
 */
export function mostRepeated(count: Float64Array, exact?: Uint8Array): Uint8Array {
  const isolated = new Uint8Array(count.length);
  // by falling count
  const best: number[] = [];
  let least = REPEATED_ROWS;
  for (let i = 0; i < count.length; i++) {
    if (count[i] < least || (exact && exact[i] === 0)) continue;
    const isFull = best.length === MOST_REPEATED;
    if (isFull && count[i] === least) continue;
    if (isFull) best.pop();
    let at = best.length;
    while (at > 0 && count[best[at - 1]] < count[i]) at--;
    best.splice(at, 0, i);
    if (best.length === MOST_REPEATED) least = count[best[MOST_REPEATED - 1]];
  }
  for (const i of best) isolated[i] = 1;
  return isolated;
}
