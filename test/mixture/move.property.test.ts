import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binRows } from '../../shared/mixture/bin-rows.ts';
import { emStep } from '../../shared/mixture/em-step.ts';
import { makeFitData } from '../../shared/mixture/fit-data.ts';
import {
  type ComponentState,
  componentsOf,
  emptyLike,
  GAUSSIAN,
  penaltyOf,
  stateOf,
} from '../../shared/mixture/mixture-state.ts';
import { combined, insertion, type Move, moved, removals } from '../../shared/mixture/move.ts';
import { densitiesOf, tryMove } from '../../shared/mixture/partial-em.ts';
import { splits } from '../../shared/mixture/split.ts';
import { drawn } from '../support/random.ts';

const values = Float64Array.from(
  drawn(3000, 1, ({ normal, uniform }) => (uniform() < 0.2 ? 0 : Math.round(100 * Math.exp(normal())) / 100)),
);
const DATA = makeFitData(binRows(values, null, 0.01), 0.01);
const ZERO = DATA.exact.findIndex((exact, b) => exact === 1 && DATA.count[b] > 400);

const gaussian: fc.Arbitrary<ComponentState> = fc.record({
  weight: fc.double({ min: 0.02, max: 1, noNaN: true }),
  mean: fc.double({ min: -2, max: 4, noNaN: true }),
  variance: fc.double({ min: 1e-3, max: 4, noNaN: true }),
  atomBin: fc.constant(GAUSSIAN),
});
const state = fc
  .tuple(fc.array(gaussian, { minLength: 2, maxLength: 5 }), fc.boolean())
  .map(([gaussians, hasAtom]) =>
    stateOf(hasAtom ? [...gaussians, { weight: 0.2, mean: DATA.mean[ZERO], variance: 0, atomBin: ZERO }] : gaussians),
  );
/** Insertions, splits, removals, merges, and pairs of them. */
const moveOf = (of: ReturnType<typeof stateOf>, added: ComponentState, choice: number): Move => {
  const growing = [insertion(added), ...splits(of)];
  const moves = [
    ...growing,
    ...removals(of),
    ...growing.flatMap((a) => removals(of).flatMap((b) => combined(a, b) ?? [])),
  ];
  return moves[choice % moves.length];
};
const trial = fc
  .tuple(state, gaussian, fc.nat())
  .map(([of, added, choice]) => ({ of, move: moveOf(of, added, choice) }));

describe('moved', () => {
  it('keeps the weights a distribution, and those that stay in proportion', () => {
    fc.assert(
      fc.property(trial, ({ of, move }) => {
        const after = moved(of, move);
        expect(after.weight.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
        const kept = componentsOf(of).filter((_, k) => !move.removed.includes(k));
        expect(after.weight).toHaveLength(kept.length + move.added.length);
        kept.forEach(({ weight, mean, variance, atomBin }, k) => {
          expect(after.weight[k] / after.weight[0]).toBeCloseTo(weight / kept[0].weight, 9);
          expect([after.mean[k], after.variance[k], after.atomBin[k]]).toEqual([mean, variance, atomBin]);
        });
      }),
    );
  });

  it('leaves a Gaussian whatever is removed', () => {
    fc.assert(
      fc.property(state, (of) => {
        for (const move of removals(of)) expect(moved(of, move).atomBin.some((bin) => bin < 0)).toBe(true);
      }),
    );
  });
});

describe('tryMove', () => {
  it('promises what the moved mixture has', () => {
    fc.assert(
      fc.property(trial, fc.nat(3), ({ of, move }, steps) => {
        const { objective, state: after } = tryMove(DATA, densitiesOf(DATA, of), move, steps);
        const exact = emStep(DATA, after, emptyLike(after)) - penaltyOf(after, DATA.total);
        // shares below e^-40 are left out
        expect(Math.abs(objective - exact)).toBeLessThan(1e-9 * Math.abs(exact));
      }),
      { numRuns: 200 },
    );
  });

  it('never promises less after one more step', () => {
    fc.assert(
      fc.property(trial, ({ of, move }) => {
        const densities = densitiesOf(DATA, of);
        let before = Number.NEGATIVE_INFINITY;
        for (let steps = 0; steps < 5; steps++) {
          const { objective } = tryMove(DATA, densities, move, steps);
          expect(objective).toBeGreaterThanOrEqual(before - 1e-9 * Math.abs(objective));
          before = objective;
        }
      }),
      { numRuns: 100 },
    );
  });
});
