/** Random numbers that are the same in every run. */
export interface Random {
  /** in (0, 1) */
  uniform(): number;
  /** standard normal */
  normal(): number;
}

/**
 * @param seed any integer
 * @see Steele, Lea and Flood (2014), Fast splittable pseudorandom number generators; 32-bit form
 */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  const word = () => {
    state = (state + 0x9e3779b9) | 0;
    let h = state;
    h = Math.imul(h ^ (h >>> 16), 0x21f0aaad);
    h = Math.imul(h ^ (h >>> 15), 0x735a2d97);
    return (h ^ (h >>> 15)) >>> 0;
  };
  const uniform = () => (word() * 0x200000 + (word() >>> 11) + 0.5) / 2 ** 53;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return { uniform, normal };
}

/** `rows` values drawn one after the other. */
export function drawn(rows: number, seed: number, draw: (random: Random) => number): Float64Array {
  const random = seededRandom(seed);
  return Float64Array.from({ length: rows }, () => draw(random));
}
