const SHIFT = 6755399441055744; // 1.5 * 2^52
const SMALL = 2 ** 51;
const INTEGERS = 2 ** 52;

/** The nearest integer, ties to even (IEEE 754 roundToIntegralTiesToEven). */
export function rint(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude < SMALL) return x + SHIFT - SHIFT;
  if (!(magnitude < INTEGERS)) return x;
  const floor = Math.floor(x);
  const rest = x - floor;
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}
