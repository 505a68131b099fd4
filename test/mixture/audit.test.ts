import { describe, expect, it } from 'vitest';
import { auditModel } from '../../shared/mixture/audit.ts';
import { binRows } from '../../shared/mixture/bin-rows.ts';
import { fitMixture } from '../../shared/mixture/fit-mixture.ts';
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
    const { lowMassRows, lowMassLimit, misled } = audit(values, 5);
    expect([lowMassRows, lowMassLimit, misled]).toEqual([planted, 10, true]);
  });

  it('counts them where they are too few to cost anything a row', () => {
    const values = drawn(20_000, 3, mixed);
    const { components } = fitMixture(binRows(values, null, RESOLUTION), OPTIONS);
    const far = Float64Array.from({ length: 50 }, (_, i) => 5000 + i);
    const weights = new Float64Array(values.length + far.length).fill(200).fill(1, values.length);
    const bins = binRows(Float64Array.of(...values, ...far), weights, RESOLUTION);
    const { gain, limit, lowMassRows, misled } = auditModel({
      preset: 'modemap',
      ...OPTIONS,
      bins,
      components,
      sampleRows: 20_000,
    });
    expect(gain).toBeLessThan(limit!);
    expect([lowMassRows, misled]).toEqual([50, true]);
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
      misled: false,
    });
  });
});
