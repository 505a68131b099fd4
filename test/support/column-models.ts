import fc from 'fast-check';
import type { Component } from '../../shared/contract/model.ts';
import { atom, gaussian } from './models.ts';

const mean = fc.oneof(fc.double({ min: -1e3, max: 1e3, noNaN: true }), fc.integer({ min: -50, max: 50 }));
const scale = fc.double({ min: -6, max: 6, noNaN: true }).map((power) => 10 ** power);

/** Mixtures of any shape: one to six Gaussians, one of them perhaps of weight 0, and up to three atoms. */
export const mixtures: fc.Arbitrary<Component[]> = fc
  .tuple(
    fc.array(fc.tuple(fc.double({ min: 0.01, max: 1, noNaN: true }), mean, scale), { minLength: 1, maxLength: 6 }),
    fc.uniqueArray(mean, { maxLength: 3, selector: (value) => value + 0 }),
    fc.boolean(),
  )
  .map(([gaussians, atoms, hasIdle]) => {
    const total = gaussians.reduce((sum, [weight]) => sum + weight, 0) + atoms.length * 0.1;
    return [
      ...gaussians.map(([weight, m, sd], i) => gaussian(hasIdle && i === 0 ? 0 : weight / total, m, sd)),
      ...atoms.map((value) => atom(0.1 / total, value)),
    ];
  });

/** Finite values of every magnitude, many of them near what {@link mixtures} make. */
export const finiteValues = fc.oneof(
  { weight: 3, arbitrary: fc.double({ min: -3e3, max: 3e3, noNaN: true }) },
  { weight: 2, arbitrary: fc.integer({ min: -50, max: 50 }).map(Number) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
);

/** Rows with nulls (null), NaN and infinities among them. */
export const columnRows = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: finiteValues },
    { weight: 1, arbitrary: fc.constantFrom(null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0) },
  ),
  { maxLength: 60 },
);

/** Values and validity as a decoder gives them; what lies under a null is arbitrary. */
export function columnOf(rows: readonly (number | null)[]): { values: Float64Array; valid: Uint8Array } {
  return {
    values: Float64Array.from(rows, (x) => x ?? 7e77),
    valid: Uint8Array.from(rows, (x) => (x === null ? 0 : 1)),
  };
}

/** A standard normal value from two uniform ones. */
export function normalFrom(u: number, v: number): number {
  return Math.sqrt(-2 * Math.log(u + 2 ** -33)) * Math.cos(2 * Math.PI * v);
}
