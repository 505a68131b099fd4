import { describe, expect, it } from 'vitest';
import type { Component } from '../../shared/contract/model.ts';
import { unseenModes } from '../../shared/mixture/unseen-modes.ts';
import { summaryBins } from '../../shared/summary/summary-bins.ts';
import { SummaryBuilder } from '../../shared/summary/summary-builder.ts';
import { drawn } from '../support/random.ts';

const gaussian = (weight: number, mean: number, standardDeviation: number): Component => ({
  kind: 'gaussian',
  weight,
  mean,
  standardDeviation,
  logScale: 0,
  pruned: false,
});
const atom = (weight: number, mean: number): Component => ({
  kind: 'atom',
  weight,
  mean,
  standardDeviation: 0,
  logScale: null,
  pruned: false,
});

/** As summaries of all rows give them. */
function binsOf(values: Float64Array) {
  const builder = new SummaryBuilder({ centre: 0, decimals: { floatBits: 64 } });
  builder.add(values, new Uint8Array(values.length).fill(1), 0);
  return summaryBins(builder.finish());
}

const STEP = 1e-6;
const normal = drawn(50_000, 1, (random) => random.normal());
const standard = [gaussian(1, 0, 1)];
const together = (rows: number, mean: number, standardDeviation: number) =>
  drawn(rows, 2, (random) => mean + standardDeviation * random.normal());

describe('unseenModes', () => {
  it.each([
    ['far out', 50, 0.3],
    ['where the model still has a little mass', 5.5, 0.02],
    ['of one value', 12, 0],
  ])('finds thirty rows that lie together %s', (_, mean, standardDeviation) => {
    const modes = unseenModes(
      binsOf(Float64Array.of(...normal, ...together(30, mean, standardDeviation))),
      standard,
      STEP,
    );
    expect(modes).toHaveLength(1);
    expect(modes[0].rows).toBeGreaterThanOrEqual(24);
    expect(modes[0].lower).toBeGreaterThanOrEqual(mean - 4 * standardDeviation - 1e-2);
    expect(modes[0].upper).toBeLessThanOrEqual(mean + 4 * standardDeviation + 1e-2);
  });

  it('finds them between rows that a summary keeps in cells that touch', () => {
    const background = drawn(300_000, 3, ({ uniform }) => 1000 * uniform());
    const values = Float64Array.from([background, together(3000, 500, 1e-4)].flatMap((rows) => Array.from(rows)));
    const modes = unseenModes(binsOf(values), [gaussian(1, 500, 300)], STEP);
    expect(modes).toHaveLength(1);
    expect(modes[0].rows).toBeGreaterThan(2500);
    expect(Math.abs(modes[0].lower - 500)).toBeLessThan(1);
  });

  it('tells whether the model explains none of it', () => {
    const remoteOf = (mean: number) =>
      unseenModes(binsOf(Float64Array.of(...normal, ...together(40, mean, 0.01))), standard, STEP).map(
        ({ isRemote }) => isRemote,
      );
    expect(remoteOf(5.5)).toEqual([false]);
    expect(remoteOf(8)).toEqual([true]);
  });

  it('finds none in a model that knows it, as a Gaussian or an atom', () => {
    const values = Float64Array.of(...normal, ...together(30, 20, 0.1), ...together(30, 30, 0));
    expect(unseenModes(binsOf(values), standard, STEP)).toHaveLength(2);
    const knowing = [...standard, gaussian(30 / values.length, 20, 0.1), atom(30 / values.length, 30)];
    expect(unseenModes(binsOf(values), knowing, STEP)).toEqual([]);
  });

  it('takes no heavy tail for a mode, however far the model falls short of it', () => {
    for (let seed = 0; seed < 20; seed++) {
      const tail = drawn(20_000, 100 + seed, ({ uniform }) => uniform() ** (-1 / 1.2));
      expect(unseenModes(binsOf(tail), [gaussian(1, 2, 1)], STEP)).toEqual([]);
    }
  });

  it('takes no few rows for a mode, and no edge of a distribution', () => {
    expect(unseenModes(binsOf(Float64Array.of(...normal, ...together(10, 50, 0.1))), standard, STEP)).toEqual([]);
    const uniform = drawn(50_000, 4, (random) => random.uniform());
    // the last tenth is beyond the model, but no lonelier than the rest
    expect(unseenModes(binsOf(uniform), [gaussian(1, 0.3, 0.1)], STEP)).toEqual([]);
  });
});
