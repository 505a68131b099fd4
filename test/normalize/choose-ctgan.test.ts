import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnModel, Component } from '../../shared/contract/model.ts';

import { ErrorMetrics } from '../../shared/normalize/error-metrics.ts';
import { makeInverse } from '../../shared/normalize/inverse.ts';
import type { KernelOptions } from '../../shared/normalize/pairs.ts';
import { makePlainKernel } from '../../shared/normalize/plain-kernel.ts';
import { uniform } from '../../shared/numeric/draw.ts';
import { golden } from '../golden/mixture/columns.ts';
import { columnOf, columnRows } from '../support/column-models.ts';
import { gaussian, modelOf } from '../support/models.ts';

const options: KernelOptions = { choose: 'argmax', clip: 0.99, preset: 'ctgan' };
const keys = { k0: 123456789, k1: -987654321 };
const pruned = (component: Component): Component => ({ ...component, pruned: true });

function apply(model: ColumnModel, rows: (number | null)[], changes: Partial<KernelOptions> = {}) {
  return makePlainKernel(model, { ...options, ...changes })({ ...columnOf(rows), rowStart: 0, keys });
}

describe('makePlainKernel, preset ctgan', () => {
  const two = modelOf([gaussian(0.6, 0, 1), gaussian(0.4, 10, 2)]);

  it('gives null, NaN and the infinities their codes and no number', () => {
    const pairs = apply(two, [null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 10]);
    expect(Array.from(pairs.normalizedValid)).toEqual([0, 0, 0, 0, 1]);
    expect(Array.from(pairs.components)).toEqual([0, -1, -2, -3, 1]);
    expect(Array.from(pairs.normalized)).toEqual([0, 0, 0, 0, 0]);
  });

  it('by argmax takes the likeliest kept component, the first of equally likely ones', () => {
    expect(Array.from(apply(two, [0.7, 11]).components)).toEqual([0, 1]);
    expect(Array.from(apply(modelOf([gaussian(0.5, 1, 1), gaussian(0.5, -1, 1)]), [0]).components)).toEqual([0]);
    const hidden = modelOf([gaussian(0.6, 0, 1), gaussian(0.3, 4, 1), pruned(gaussian(0.1, 100, 1))]);
    expect(Array.from(apply(hidden, [100, 1.9]).components)).toEqual([1, 0]);
  });

  it('keeps the likeliest component where it clips, though another is nearer in standard deviations', () => {
    const model = modelOf([gaussian(1 - 1e-12, 0, 1), gaussian(1e-12, 0, 100)]);
    const { normalized, components } = apply(model, [5]);
    expect([normalized[0], components[0]]).toEqual([Math.fround(0.99), 0]);
    expect(apply(model, [5], { clip: false }).normalized[0]).toBe(1.25);
  });

  it('by argmax gives what is infinitely far from all to the nearest kept one', () => {
    const model = modelOf([gaussian(0.6, 0, 1), gaussian(0.3, 0, 1e3), pruned(gaussian(0.1, 0, 1e6))]);
    expect(Array.from(apply(model, [1e300]).components)).toEqual([1]);
  });

  it('draws among the kept components alike where a pruned one takes the value', () => {
    const model = modelOf([gaussian(0.5, 0, 1), gaussian(0.4, 5, 1), pruned(gaussian(0.1, 1000, 1))]);
    for (const x of [1000, 1e300]) {
      const n = 20_000;
      const { components } = apply(model, new Array(n).fill(x), { choose: 'sample' });
      const ones = components.reduce((sum, k) => sum + k, 0);
      expect(new Set(components)).toEqual(new Set([0, 1]));
      // five standard deviations of a fair coin
      expect(Math.abs(ones - n / 2)).toBeLessThan(2.5 * Math.sqrt(n));
    }
  });

  it('draws a component that cannot have made the value one time in a million, no more', () => {
    const rowWith = (from: number, to: number) => {
      for (let row = 0; ; row++) {
        const u = uniform(keys.k0, keys.k1, row);
        if (from <= u && u < to) return row;
      }
    };
    const kernel = makePlainKernel(two, { ...options, choose: 'sample' });
    const drawnAt = (rowStart: number) => kernel({ ...columnOf([30]), rowStart, keys }).components[0];
    expect(drawnAt(rowWith(0, 0.9e-6))).toBe(0);
    expect(drawnAt(rowWith(1.1e-6, 3e-6))).toBe(1);
  });

  it("draws by scikit-learn's responsibilities over all components, kept ones raised by 1e-6", () => {
    for (const column of golden.columns) {
      const { weights, means, covariances, probes } = column;
      const order = Array.from(weights.keys()).sort((a, b) => weights[b] - weights[a] || means[a] - means[b]);
      // the golden file has no scales: the responsibilities at the probes say them, up to one constant a value
      for (const [x, responsibilities] of probes) {
        const components = order.map((j) => {
          const standardDeviation = Math.sqrt(covariances[j]);
          const logScale = Math.log(responsibilities[j] + 1e-300) + ((x - means[j]) / standardDeviation) ** 2 / 2;
          const isPruned = !(weights[j] > 0.005);
          return { ...gaussian(weights[j], means[j], standardDeviation), logScale, pruned: isPruned };
        });
        const kept = order.filter((j) => weights[j] > 0.005);
        const raised = kept.map((j) => responsibilities[j] + 1e-6);
        const total = raised.reduce((a, b) => a + b);
        const n = 200;
        const pairs = apply(modelOf(components), new Array(n).fill(x), { choose: 'sample' });
        for (let row = 0; row < n; row++) {
          const u = uniform(keys.k0, keys.k1, row);
          const k = pairs.components[row];
          const below = raised.slice(0, k).reduce((a, b) => a + b, 0) / total;
          const upTo = raised.slice(0, k + 1).reduce((a, b) => a + b, 0) / total;
          // logarithms and back
          expect(u).toBeGreaterThanOrEqual(below - 1e-9);
          expect(u).toBeLessThan(upTo + 1e-9);
        }
      }
    }
  });

  it('gives every row the same pair however an object is cut into calls, and never a pruned component', () => {
    const model = modelOf([gaussian(0.7, 0, 1), gaussian(0.29, 50, 30), pruned(gaussian(0.01, 0, 1000))]);
    const settings = fc.record({
      choose: fc.constantFrom('sample' as const, 'argmax' as const),
      clip: fc.constantFrom(0.99 as const, false as const),
      preset: fc.constant('ctgan' as const),
    });
    fc.assert(
      fc.property(columnRows, settings, fc.nat(60), fc.nat(), (rows, kernelOptions, cut, rowStart) => {
        const kernel = makePlainKernel(model, kernelOptions);
        const { values, valid } = columnOf(rows);
        const whole = kernel({ values, valid, rowStart, keys });
        const middle = Math.min(cut, rows.length);
        const tail = { values: values.subarray(middle), valid: valid.subarray(middle), rowStart: rowStart + middle };
        const rest = kernel({ ...tail, keys });
        expect(rest.normalized).toEqual(whole.normalized.subarray(middle));
        expect(rest.components).toEqual(whole.components.subarray(middle));
        expect(rest.normalizedValid).toEqual(whole.normalizedValid.subarray(middle));
        for (const [row, k] of whole.components.entries()) {
          expect(k).toBeLessThan(2);
          if (whole.normalizedValid[row] === 1) expect(Number.isFinite(whole.normalized[row])).toBe(true);
        }
      }),
    );
  });

  it('is measured and inverted like any other: pruned components have no count', () => {
    const model = modelOf([gaussian(0.7, 0, 1), gaussian(0.29, 50, 30), pruned(gaussian(0.01, 0, 1e6))]);
    const rows = [0.5, 60, 1e5, null];
    const { values, valid } = columnOf(rows);
    const pairs = apply(model, rows);
    const metrics = new ErrorMetrics(model, 0.99);
    metrics.add(values, valid, pairs);
    const { componentCounts, clipped, lowMass, maxAbsoluteError } = metrics.figures();
    expect(componentCounts).toEqual([1, 2]);
    expect([clipped, lowMass]).toEqual([1, 1]);
    const lost = 1e5 - (50 + 4 * (30 * Math.fround(0.99)));
    expect(maxAbsoluteError).toBeCloseTo(lost, 9);
    expect(makeInverse(model)(pairs.normalized[1], pairs.components[1])).toBeCloseTo(60, 5);
  });

  it('refuses a model of which no component is kept', () => {
    expect(() => makePlainKernel(modelOf([pruned(gaussian(1, 0, 1))]), options)).toThrow(
      'components must hold a gaussian, got none',
    );
  });
});
