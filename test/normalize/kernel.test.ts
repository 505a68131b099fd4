import { describe, expect, it } from 'vitest';
import type { ColumnModel } from '../../shared/contract/model.ts';
import { makeKernel } from '../../shared/normalize/kernel.ts';
import type { KernelOptions } from '../../shared/normalize/pairs.ts';
import { columnOf } from '../support/column-models.ts';
import { atom, gaussian, modelOf } from '../support/models.ts';

const options: KernelOptions = { choose: 'argmax', clip: 0.99, preset: 'modemap' };

function apply(model: ColumnModel, rows: (number | null)[], changes: Partial<KernelOptions> = {}) {
  const kernel = makeKernel(model, { ...options, ...changes });
  return kernel({ ...columnOf(rows), rowStart: 0, keys: { k0: 1, k1: 2 } });
}

/** [normalized, component] of a single value. */
function pairOf(model: ColumnModel, x: number, changes: Partial<KernelOptions> = {}) {
  const { normalized, components } = apply(model, [x], changes);
  return [normalized[0], components[0]];
}

describe('makeKernel', () => {
  const two = modelOf([gaussian(0.6, 0, 1), gaussian(0.4, 10, 2)]);

  it('gives null, NaN and the infinities their codes and no number', () => {
    const pairs = apply(two, [null, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 10]);
    expect(Array.from(pairs.normalizedValid)).toEqual([0, 0, 0, 0, 1]);
    expect(Array.from(pairs.components)).toEqual([0, -1, -2, -3, 1]);
    expect(Array.from(pairs.normalized)).toEqual([0, 0, 0, 0, 0]);
  });

  it('stores (x - mean) / (4 sd), rounded once', () => {
    expect(pairOf(two, 0.7)).toEqual([Math.fround(0.7 / 4), 0]);
    expect(pairOf({ ...two, precision: 'float64' }, 0.7)).toEqual([0.7 / 4, 0]);
    expect(pairOf(two, 11)).toEqual([0.125, 1]);
  });

  it('prefers an atom to any Gaussian, and takes -0 for 0', () => {
    const model = modelOf([gaussian(0.9, 0, 1), atom(0.1, 0), atom(0.1, -3)]);
    expect(pairOf(model, 0)).toEqual([0, 1]);
    expect(pairOf(model, -0)).toEqual([0, 1]);
    expect(pairOf(model, -3)).toEqual([0, 2]);
    expect(pairOf(model, 5e-324)).toEqual([0, 0]);
    expect(pairOf(modelOf([gaussian(0.9, 0, 1), atom(0.1, -0)]), 0)).toEqual([0, 1]);
  });

  it('numbers components as the model does, atoms among them', () => {
    const model = modelOf([atom(0.5, 3), gaussian(0.3, 0, 1), atom(0.1, 5), gaussian(0.1, 100, 1)]);
    expect(pairOf(model, 101)).toEqual([0.25, 3]);
    expect(pairOf(model, 5)).toEqual([0, 2]);
  });

  it('by argmax takes the first of equally likely ones', () => {
    expect(pairOf(modelOf([gaussian(0.5, 1, 1), gaussian(0.5, -1, 1)]), 0)).toEqual([-0.25, 0]);
  });

  it('gives what would clip to the nearest in standard deviations, the first of equally near ones', () => {
    // at 5 the heavy narrow one is likelier than the light wide one, which is 0.05 sd away
    const model = modelOf([gaussian(1 - 1e-12, 0, 1), gaussian(1e-12, 0, 100)]);
    expect(pairOf(model, 3)).toEqual([0.75, 0]);
    expect(pairOf(model, 5)).toEqual([Math.fround(5 / 400), 1]);
    expect(pairOf(modelOf([gaussian(0.5, 0, 1), gaussian(0.5, 10, 1)]), 5)).toEqual([Math.fround(0.99), 0]);
  });

  it('clips what is far from all of them', () => {
    expect(pairOf(two, 1e6)).toEqual([Math.fround(0.99), 1]);
    expect(pairOf(two, -1e300)).toEqual([-Math.fround(0.99), 1]);
    expect(pairOf(two, -9)).toEqual([-Math.fround(0.99), 0]);
  });

  it('with clipping off keeps values up to six standard deviations, then takes the nearest', () => {
    const model = modelOf([gaussian(1 - 1e-12, 0, 1), gaussian(1e-12, 0, 100)]);
    expect(pairOf(model, 5, { clip: false })).toEqual([1.25, 0]);
    expect(pairOf(model, 6.5, { clip: false })).toEqual([Math.fround(6.5 / 400), 1]);
    expect(pairOf(two, 1e6, { clip: false })).toEqual([Math.fround((1e6 - 10) / 8), 1]);
  });

  it('stores a number even where z overflows', () => {
    const one = modelOf([gaussian(1, -1e308, 1e-3)]);
    for (const precision of ['float32', 'float64'] as const) {
      const [z, component] = pairOf({ ...one, precision }, 1.7e308, { clip: false });
      expect(z).toBe(precision === 'float32' ? 2 ** 128 - 2 ** 104 : Number.MAX_VALUE);
      expect(component).toBe(0);
    }
    expect(pairOf(modelOf([gaussian(1, 0, 1e308)]), 1.7e308)).toEqual([Math.fround(0.425), 0]);
  });

  it('reaches a Gaussian of weight 0 only beyond the clip of the others, or alone', () => {
    const model = modelOf([gaussian(1, 0, 1), gaussian(0, 4, 1)]);
    for (const choose of ['argmax', 'sample'] as const) {
      expect(pairOf(model, 3.9, { choose })[1]).toBe(0);
      expect(pairOf(model, 4.1, { choose })[1]).toBe(1);
      expect(pairOf(modelOf([atom(1, 8), gaussian(0, 4, 1)]), 4.5, { choose })).toEqual([0.125, 1]);
    }
  });

  it('by a draw takes the only component whose density is not negligible', () => {
    const pairs = apply(two, new Array(1000).fill(-2), { choose: 'sample' });
    expect(new Set(pairs.components)).toEqual(new Set([0]));
  });

  it('refuses a model without a Gaussian', () => {
    expect(() => makeKernel(modelOf([atom(1, 0)]), options)).toThrow('components must hold a gaussian, got none');
  });
});
