import { describe, expect, it } from 'vitest';
import type { Component } from '../../shared/contract/model.ts';
import { binRows } from '../../shared/mixture/bin-rows.ts';
import { scoreBins } from '../../shared/mixture/score.ts';
import { normalCdf, normalMass } from '../../shared/numeric/normal-distribution.ts';
import { inCells } from '../support/cells.ts';
import { drawn } from '../support/random.ts';

const gaussian = (weight: number, mean: number, standardDeviation: number): Component => ({
  ...{ kind: 'gaussian', weight, mean, standardDeviation, pruned: false },
  logScale: weight > 0 ? Math.log(weight / standardDeviation) - Math.log(2 * Math.PI) / 2 : null,
});
const atom = (weight: number, mean: number): Component => ({
  ...{ kind: 'atom', weight, mean, standardDeviation: 0, logScale: null, pruned: false },
});
const binsOf = (...values: number[]) => binRows(Float64Array.from(values), null, 1);

describe('scoreBins', () => {
  it('of a row is -log2 of the mass of its step', () => {
    const mixture = [gaussian(0.75, 10, 2), atom(0.25, 7)];
    const at = (x: number) => normalMass((x - 0.5 - 10) / 2, (x + 0.5 - 10) / 2);
    expect(scoreBins(binsOf(9), mixture, 1).bitsPerValue).toBeCloseTo(-Math.log2(0.75 * at(9)), 12);
    expect(scoreBins(binsOf(7), mixture, 1).bitsPerValue).toBeCloseTo(-Math.log2(0.25 + 0.75 * at(7)), 12);
    expect(scoreBins(binsOf(7, 9, 9, 9), mixture, 1).bitsPerValue).toBeCloseTo(
      (-Math.log2(0.25 + 0.75 * at(7)) - 3 * Math.log2(0.75 * at(9))) / 4,
      12,
    );
  });

  it('of a narrow step is that of the density times the step', () => {
    const { bitsPerValue } = scoreBins(binsOf(12), [gaussian(1, 10, 2)], 1e-6);
    expect(bitsPerValue).toBeCloseTo(-Math.log2((1e-6 * Math.exp(-0.5)) / (2 * Math.sqrt(2 * Math.PI))), 9);
  });

  it('of a row that nothing explains is 94 bits', () => {
    expect(scoreBins(binsOf(1e6), [gaussian(0.5, 0, 1), atom(0.5, 3)], 1).bitsPerValue).toBe(94);
    expect(scoreBins(binsOf(1e308), [gaussian(1, -1e308, 1)], 1).bitsPerValue).toBe(94);
  });

  it('of bins is that of their rows, as long as they are narrower than the components', () => {
    const values = drawn(20_000, 1, ({ normal, uniform }) => (uniform() < 0.5 ? 3 * normal() : 40 + normal()));
    const mixture = [gaussian(0.5, 0, 3), gaussian(0.5, 40, 1)];
    const rows = values.reduce((sum, x) => sum + scoreBins(binsOf(x), mixture, 1e-4).bitsPerValue!, 0) / values.length;
    expect(scoreBins(binRows(values, null, 1e-4), mixture, 1e-4).bitsPerValue).toBeCloseTo(rows, 4);
  });

  it('of bins wider than a component is near that of their rows', () => {
    const values = drawn(20_000, 2, ({ normal, uniform }) =>
      uniform() < 0.5 ? 1000 * uniform() : 700 + 0.05 * normal(),
    );
    const mixture = [gaussian(0.5, 500, 289), gaussian(0.5, 700, 0.05)];
    const fine = binRows(values, null, 1e-4);
    const rows = scoreBins(fine, mixture, 1e-4).bitsPerValue!;
    const coarse = scoreBins(inCells(values, 2), mixture, 1e-4).bitsPerValue!;
    expect(coarse).toBeGreaterThan(rows - 0.01);
    // the narrow half of the rows is seen as uniform within four times its spread
    expect(coarse).toBeLessThan(rows + 0.5);
  });

  it('gives an atom its rows where others share its bin', () => {
    const values = drawn(20_000, 5, ({ uniform }) => (uniform() < 0.5 ? 1000 * uniform() : 700.3));
    const mixture = [gaussian(0.5, 500, 289), atom(0.5, 700.3)];
    const rows = scoreBins(binRows(values, null, 1e-4), mixture, 1e-4).bitsPerValue!;
    for (const width of [1, 2, 5]) {
      expect(scoreBins(inCells(values, width), mixture, 1e-4).bitsPerValue).toBeCloseTo(rows, 1);
    }
  });

  it('measures the largest gap between the distribution functions', () => {
    const model = [gaussian(1, 0, 1)];
    // half of the rows at -1 and half at 1, each to the end of its step
    const gap = Math.max(normalCdf(-1.05), Math.abs(0.5 - normalCdf(-0.95)), 1 - normalCdf(1.05));
    expect(scoreBins(binsOf(-1, 1), model, 0.1).ksDistance).toBeCloseTo(gap, 12);
    const values = drawn(100_000, 3, ({ normal }) => normal());
    // three times the mean of Kolmogorov's distribution for so many rows
    expect(scoreBins(binRows(values, null, 1e-6), model, 1e-6).ksDistance).toBeLessThan(0.0082);
    expect(scoreBins(binRows(values, null, 1e-6), [gaussian(1, 1, 1)], 1e-6).ksDistance).toBeCloseTo(0.383, 2);
  });

  it('counts an atom as a jump', () => {
    const values = drawn(50_000, 4, ({ normal, uniform }) => (uniform() < 0.6 ? 0 : 10 + normal()));
    const share = values.filter((x) => x === 0).length / values.length;
    const model = [atom(share, 0), gaussian(1 - share, 10, 1)];
    expect(scoreBins(binRows(values, null, 1e-6), model, 1e-6).ksDistance).toBeLessThan(0.006);
  });

  it('of no rows is null, and does not depend on components of weight 0', () => {
    const model = [gaussian(1, 0, 1)];
    expect(scoreBins(binsOf(), model, 1)).toEqual({ bitsPerValue: null, ksDistance: null });
    expect(scoreBins(binsOf(1, 2), [...model, gaussian(0, 1, 1)], 1)).toEqual(scoreBins(binsOf(1, 2), model, 1));
  });
});
