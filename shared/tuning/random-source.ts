import { drawKeys, uniform } from '../numeric/draw.ts';

/** Numbers in (0, 1), one after the other. */
export type RandomSource = () => number;

/**
 * A source of uniform numbers that are the same in every run and on every machine.
 *
 * @param purpose what they are drawn for: other purposes see other numbers
 * @returns numbers of 53 bits, never 0 nor 1
 */
export function randomSource(seed: number, column: string, purpose: string): RandomSource {
  const { k0, k1 } = drawKeys(seed, column, purpose);
  let at = 0;
  return () => {
    const high = uniform(k0, k1, at++) * 2 ** 32;
    const low = Math.floor(uniform(k0, k1, at++) * 2 ** 20);
    return (high * 2 ** 20 + low + 0.5) / 2 ** 52;
  };
}
