import { describe, expect, it } from 'vitest';
import { holdOut } from '../../../functions/tune/hold-out.ts';
import { type TuneOptions, tuneColumn } from '../../../functions/tune/tune-column.ts';
import type { Component } from '../../../shared/contract/model.ts';
import { binRows } from '../../../shared/mixture/bin-rows.ts';
import { fitMixture } from '../../../shared/mixture/fit-mixture.ts';
import { resolutionOf } from '../../../shared/mixture/resolution.ts';
import { normalMass } from '../../../shared/numeric/normal-distribution.ts';
import { randomSource } from '../../../shared/tuning/random-source.ts';
import { drawn } from '../../support/random.ts';

const options: TuneOptions = { search: 'grid', budget: 6, seed: 3, mostComponents: 6, presets: ['modemap'] };
const threeModes = drawn(12_000, 1, (random) => {
  const mode = random.uniform();
  return Math.round(
    mode < 0.5 ? 20 * random.normal() : mode < 0.8 ? 300 + 5 * random.normal() : 600 + 60 * random.normal(),
  );
});

/** The exact formula, row by row: what the mass of a value's step costs, and the escape code for what has none. */
function bitsOfRows(rows: Float64Array, components: readonly Component[], step: number): number {
  let bits = 0;
  for (const x of rows) {
    let mass = 2 ** -94;
    for (const { kind, weight, mean, standardDeviation: deviation } of components) {
      if (kind === 'atom') mass += x === mean ? weight : 0;
      else mass += weight * normalMass((x - step / 2 - mean) / deviation, (x + step / 2 - mean) / deviation);
    }
    bits -= Math.log2(mass);
  }
  return bits / rows.length;
}

/** The halves as the rows that they are. */
function halvesOf(values: Float64Array, seed: number, column: string) {
  const random = randomSource(seed, column, 'hold-out');
  const isHeld = Array.from(values, (_, row) => {
    const number = random();
    return row < 2 ? row === 1 : number >= 0.5;
  });
  return { fit: values.filter((_, row) => !isHeld[row]), held: values.filter((_, row) => isHeld[row]) };
}

describe('tuneColumn', () => {
  it('scores as a fit to one half does on the rows of the other, one by one by the exact formula', () => {
    const { curve } = tuneColumn({ name: 'x', values: threeModes, weights: null, resolution: 1 }, options);
    const { fit, held } = halvesOf(threeModes, 3, 'x');
    for (const { maxComponents, heldOutBits } of curve) {
      const { components } = fitMixture(binRows(fit, null, 1), { resolution: 1, maxComponents });
      // each distinct value is a bin of its own: only rounding differs
      expect(heldOutBits).toBeCloseTo(bitsOfRows(held, components, 1), 9);
    }
    expect(curve.map(({ maxComponents }) => maxComponents)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('scores rows of more distinct values than bins within two thousandths of a bit', () => {
    const values = drawn(40_000, 2, (random) => Math.exp(random.normal()));
    const resolution = resolutionOf(values, null);
    const tuned = tuneColumn({ name: 'y', values, weights: null, resolution }, { ...options, mostComponents: 3 });
    const { fit, held } = halvesOf(values, 3, 'y');
    for (const { maxComponents, heldOutBits } of tuned.curve) {
      const { components } = fitMixture(binRows(fit, null, resolution), { resolution, maxComponents });
      expect(Math.abs(heldOutBits - bitsOfRows(held, components, resolution))).toBeLessThan(0.002);
    }
  });

  it('chooses three components for three modes, whichever the search', () => {
    for (const search of ['grid', 'random', 'halving'] as const) {
      const column = { name: 'x', values: threeModes, weights: null, resolution: 1 };
      expect(tuneColumn(column, { ...options, search }).chosen).toMatchObject({ maxComponents: 3, share: 1 });
    }
  });

  it('tries every preset and tells of each fit', () => {
    let fits = 0;
    const column = { name: 'x', values: threeModes, weights: null, resolution: 1 };
    const both: TuneOptions = { ...options, mostComponents: 3, presets: ['modemap', 'ctgan'] };
    const { curve } = tuneColumn(column, both, () => fits++);
    expect(curve.map(({ preset, maxComponents }) => `${preset} ${maxComponents}`)).toEqual([
      'modemap 1',
      'modemap 2',
      'modemap 3',
      'ctgan 1',
      'ctgan 2',
      'ctgan 3',
    ]);
    expect(fits).toBe(6);
  });
});

describe('holdOut', () => {
  it('puts each row on one side, and about half of them on each', () => {
    const { fit, blocks, rows } = holdOut(threeModes, null, { resolution: 1, seed: 0, column: 'x' });
    const fitted = fit.count.reduce((sum, count) => sum + count, 0);
    const held = rows.reduce((sum, count) => sum + count, 0);
    expect(fitted + held).toBe(threeModes.length);
    // five standard deviations of 12,000 throws of a coin
    expect(Math.abs(fitted - 6000)).toBeLessThan(5 * Math.sqrt(3000));
    expect(blocks).toHaveLength(10);
  });

  it('keeps the weights of the rows', () => {
    const weights = Float64Array.from(threeModes, (_, row) => (row % 2 === 0 ? 0.5 : 1.5));
    const { fit, rows } = holdOut(threeModes, weights, { resolution: 1, seed: 0, column: 'x' });
    const total = [...fit.count, ...rows].reduce((sum, count) => sum + count, 0);
    expect(total).toBeCloseTo(threeModes.length, 6);
  });

  it('leaves a row on each side of two, and refuses one', () => {
    const { fit, rows } = holdOut(Float64Array.of(1, 2), null, { resolution: 1, seed: 0, column: 'x' });
    expect([fit.count.length, rows.length]).toEqual([1, 1]);
    expect(() => holdOut(Float64Array.of(1), null, { resolution: 1, seed: 0, column: 'x' })).toThrow(
      new RangeError('values must hold at least 2, got 1'),
    );
  });
});
