import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { binRows } from '../../shared/mixture/bin-rows.ts';
import { emStep } from '../../shared/mixture/em-step.ts';
import { makeFitData } from '../../shared/mixture/fit-data.ts';
import { maximize } from '../../shared/mixture/maximize.ts';
import { type ComponentState, emptyLike, GAUSSIAN, stateOf } from '../../shared/mixture/mixture-state.ts';
import { drawn } from '../support/random.ts';

const DATA = makeFitData(
  binRows(
    drawn(4000, 1, ({ normal, uniform }) => {
      const which = uniform();
      return which < 0.2 ? 0 : which < 0.5 ? 10 + normal() : 5 * Math.exp(normal());
    }),
    null,
    1e-3,
  ),
  1e-3,
);
const ZERO = DATA.mean.findIndex((_, b) => DATA.count[b] > 500);

const gaussian = fc.record({
  weight: fc.double({ min: 0.01, max: 1, noNaN: true }),
  mean: fc.double({ min: -3, max: 6, noNaN: true }),
  variance: fc.double({ min: -8, max: 3, noNaN: true }).map((power) => 10 ** power),
  atomBin: fc.constant(GAUSSIAN),
});
const mixture = fc
  .tuple(fc.array(gaussian, { minLength: 1, maxLength: 5 }), fc.boolean())
  .map(([gaussians, hasAtom]): ComponentState[] =>
    hasAtom ? [...gaussians, { weight: 0.2, mean: DATA.mean[ZERO], variance: 0, atomBin: ZERO }] : gaussians,
  );

const gaussianOfUnit: ComponentState = { weight: 1, mean: 0, variance: 1, atomBin: GAUSSIAN };

describe('emStep', () => {
  it('never lowers the likelihood, keeps the weights a distribution and no variance below a step', () => {
    fc.assert(
      fc.property(mixture, (components) => {
        let state = stateOf(components);
        let before = Number.NEGATIVE_INFINITY;
        for (let i = 0; i < 5; i++) {
          const next = emptyLike(state);
          const now = emStep(DATA, state, next);
          // sums over a thousand bins round
          expect(now).toBeGreaterThanOrEqual(before - 1e-9 * Math.abs(now));
          expect(next.weight.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
          next.variance.forEach((v, k) => {
            if (next.atomBin[k] < 0) expect(v).toBeGreaterThanOrEqual(DATA.stepVariance);
          });
          [state, before] = [next, now];
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('emStep of one Gaussian', () => {
  it('gives it the mean and the variance of all rows, wherever it started, and that of a step', () => {
    const values = drawn(300, 2, ({ normal }) => Math.round(10 * normal()));
    const data = makeFitData(binRows(values, null, 1), 1);
    const next = stateOf([gaussianOfUnit]);
    emStep(data, stateOf([{ ...gaussianOfUnit, mean: 40, variance: 7 }]), next);
    const mean = values.reduce((a, b) => a + b) / values.length;
    const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length;
    expect(data.centre + data.scale * next.mean[0]).toBeCloseTo(mean, 9);
    expect(data.scale ** 2 * next.variance[0]).toBeCloseTo(variance + 1 / 12, 6);
  });
});

describe('maximize', () => {
  it('never ends lower than it started, however often it goes on from where it ended', () => {
    fc.assert(
      fc.property(mixture, fc.constantFrom(3, 6, 9, 20), (components, mostIterations) => {
        let state = stateOf(components);
        let before = emStep(DATA, state, emptyLike(state));
        for (let i = 0; i < 5; i++) {
          const maximum = maximize(DATA, state, mostIterations);
          expect(maximum.logLikelihood).toBeGreaterThanOrEqual(before - 1e-9 * Math.abs(before));
          expect(emStep(DATA, maximum.state, emptyLike(state))).toBe(maximum.logLikelihood);
          state = maximum.state;
          before = maximum.logLikelihood;
        }
      }),
      { numRuns: 60 },
    );
  });

  it('spends no more E-steps than it may and says that it has not converged', () => {
    const start = stateOf([
      { ...gaussianOfUnit, mean: -1 },
      { ...gaussianOfUnit, mean: 1 },
    ]);
    const { iterations, converged } = maximize(DATA, start, 4);
    expect(iterations).toBeLessThanOrEqual(4);
    expect(converged).toBe(false);
    expect(maximize(DATA, start, 3000).converged).toBe(true);
  });
});
