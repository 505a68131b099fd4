import { describe, expect, it } from 'vitest';
import { auditModel } from '../../shared/mixture/audit.ts';
import { binRows } from '../../shared/mixture/bin-rows.ts';
import { fitMixture } from '../../shared/mixture/fit-mixture.ts';
import { lowMass } from '../../shared/mixture/low-mass.ts';
import { inCells } from '../support/cells.ts';
import { drawn, type Random } from '../support/random.ts';

const RESOLUTION = 1e-4;
const OPTIONS = { resolution: RESOLUTION, maxComponents: 4 };

/** Audit the model that every `step`-th row gives. */
function audit(values: Float64Array, step: number) {
  const sample = values.filter((_, i) => i % step === 0);
  const { components } = fitMixture(binRows(sample, null, RESOLUTION), OPTIONS);
  const bins = binRows(values, null, RESOLUTION);
  const sampleRows = sample.length;
  return { ...auditModel({ preset: 'modemap', ...OPTIONS, bins, components, sampleRows }), components };
}

const mixed = ({ normal, uniform }: Random) => (uniform() < 0.7 ? 10 * normal() : 100 + normal());

describe('auditModel', () => {
  it('is content with a fair sample', () => {
    const { gain, limit, lowMassRows, misled, components } = audit(drawn(100_000, 1, mixed), 5);
    expect(misled).toBe(false);
    expect(gain).toBeGreaterThanOrEqual(0);
    expect(gain).toBeLessThan(limit!);
    expect(limit).toBeCloseTo(Math.max(0.002, (3 * (3 * components.length - 1)) / (2 * 20_000)), 12);
    expect(lowMassRows).toBeLessThan(10);
  });

  it('sees that all rows but the sampled ones have moved', () => {
    const values = drawn(50_000, 2, mixed).map((x, i) => (i % 5 === 0 ? x : x + 5));
    const { gain, misled } = audit(values, 5);
    expect(misled).toBe(true);
    expect(gain).toBeGreaterThan(0.1);
  });

  it('counts the rows of a mode that the sample does not hold', () => {
    const values = drawn(50_000, 3, mixed).map((x, i) => (i % 5 !== 0 && i % 2500 < 2 ? 5000 + (i % 10) : x));
    const planted = values.filter((x) => x > 4000).length;
    const { lowMassRows, lowMassLimit, unseenRows, misled } = audit(values, 5);
    expect(planted).toBe(20);
    expect([lowMassRows, unseenRows, misled]).toEqual([planted, planted, true]);
    // spread out, so many may lie beyond all that a fifth of the rows hold
    expect(lowMassLimit).toBe(60);
  });

  it('counts them where they are too few to cost anything a row', () => {
    const values = drawn(20_000, 3, mixed);
    const { components } = fitMixture(binRows(values, null, RESOLUTION), OPTIONS);
    const far = Float64Array.from({ length: 50 }, (_, i) => 5000 + i);
    const near = inCells(values, 0.5);
    const ends = {
      count: new Float64Array(50).fill(1),
      variance: new Float64Array(50),
      exact: new Uint8Array(50).fill(1),
    };
    const bins = {
      count: Float64Array.of(...near.count.map((rows) => 200 * rows), ...ends.count),
      mean: Float64Array.of(...near.mean, ...far),
      variance: Float64Array.of(...near.variance, ...ends.variance),
      lower: Float64Array.of(...near.lower, ...far),
      upper: Float64Array.of(...near.upper, ...far),
      exact: Uint8Array.of(...near.exact, ...ends.exact),
    };
    const { gain, limit, unseenRows, misled } = auditModel({
      preset: 'modemap',
      ...OPTIONS,
      bins,
      components,
      sampleRows: 20_000,
    });
    expect(gain).toBeLessThan(limit!);
    expect(unseenRows).toBeGreaterThan(40);
    expect(misled).toBe(true);
  });

  it('does not take an atom for low mass, nor a component narrower than a bin for a bad one', () => {
    const values = drawn(50_000, 4, ({ normal, uniform }) => {
      const which = uniform();
      return which < 0.1 ? 1e6 : which < 0.3 ? 500.5 + 1e-3 * normal() : 1000 * uniform();
    });
    const sample = values.filter((_, i) => i % 5 === 0);
    const { components } = fitMixture(binRows(sample, null, RESOLUTION), OPTIONS);
    expect(components.some(({ kind, mean }) => kind === 'atom' && mean === 1e6)).toBe(true);
    for (const bins of [binRows(values, null, RESOLUTION), inCells(values, 1)]) {
      const { lowMassRows, misled } = auditModel({
        preset: 'modemap',
        ...OPTIONS,
        bins,
        components,
        sampleRows: sample.length,
      });
      expect([lowMassRows, misled]).toEqual([0, false]);
    }
  });

  it('grants a fair sample the rows of a heavy tail that it could not hold', () => {
    const values = drawn(60_000, 5, ({ uniform }) => uniform() ** (-1 / 1.2));
    for (const first of [500, 2000]) {
      const sample = values.subarray(0, first);
      const { components } = fitMixture(binRows(sample, null, RESOLUTION), OPTIONS);
      const bins = binRows(values, null, RESOLUTION);
      const { misled } = auditModel({
        preset: 'modemap',
        ...OPTIONS,
        bins,
        components,
        sampleRows: first,
      });
      expect(lowMass(bins, components).reduce((a, b) => a + b)).toBeGreaterThan(5);
      expect(misled).toBe(false);
    }
  });

  it('does not blame a sample for components that it was too small to pay for', () => {
    const values = drawn(30_000, 6, ({ uniform }) => 100 * uniform());
    const sample = values.subarray(0, 500);
    const { components } = fitMixture(binRows(sample, null, RESOLUTION), { ...OPTIONS, maxComponents: 10 });
    const bins = binRows(values, null, RESOLUTION);
    const sampleRows = sample.length;
    const result = auditModel({ preset: 'modemap', ...OPTIONS, maxComponents: 10, bins, components, sampleRows });
    expect(result.refit().components.length).toBeGreaterThan(components.length);
    expect(result.misled).toBe(false);
  });

  it('of more modes than components lets neither be the fault of the sample', () => {
    const values = drawn(40_000, 7, ({ normal, uniform }) => 100 * Math.floor(9 * uniform()) + 0.1 * normal());
    const { misled, unseenRows } = audit(values, 4);
    expect([misled, unseenRows]).toEqual([false, 0]);
  });

  it('of no rows has nothing to say', () => {
    const { components } = fitMixture(binRows(new Float64Array(0), null, 1), { resolution: 1, maxComponents: 4 });
    const bins = binRows(new Float64Array(0), null, 1);
    expect(
      auditModel({ preset: 'modemap', bins, components, resolution: 1, sampleRows: 0, maxComponents: 4 }),
    ).toMatchObject({
      gain: null,
      limit: null,
      lowMassRows: 0,
      lowMassLimit: 10,
      unseenRows: 0,
      misled: false,
    });
  });
});
