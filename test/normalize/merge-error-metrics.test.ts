import { describe, expect, it } from 'vitest';
import { ErrorMetrics } from '../../shared/normalize/error-metrics.ts';
import { makeKernel } from '../../shared/normalize/kernel.ts';
import { mergeErrorMetrics } from '../../shared/normalize/merge-error-metrics.ts';
import { columnOf } from '../support/column-models.ts';
import { gaussian, modelOf } from '../support/models.ts';

const model = modelOf([gaussian(0.5, 0, 1), gaussian(0.5, 40, 3)]);
const kernel = makeKernel(model, { choose: 'sample', clip: 0.99, preset: 'modemap' });

function partition(rows: (number | null)[], bitsPerValue: number | null) {
  const column = columnOf(rows);
  const metrics = new ErrorMetrics(model, 0.99);
  kernel({ ...column, rowStart: 0, keys: { k0: 9, k1: 9 } }, metrics);
  metrics.addInexact(1);
  return { ...metrics.figures(), bitsPerValue };
}

describe('mergeErrorMetrics', () => {
  const a = [0.1, 7, null, 80, Number.NaN];
  const b = [41, -9, 0.3, null, 39];
  const none = [null, Number.POSITIVE_INFINITY];

  it('weighs partitions by their finite rows', () => {
    const merged = mergeErrorMetrics([partition(a, 10), partition(none, null), partition(b, 17)]);
    const whole = partition([...a, ...none, ...b], 14);
    for (const figure of ['rows', 'nulls', 'nonFinite', 'clipped', 'lowMass', 'minimum', 'maximum'] as const)
      expect(merged[figure]).toBe(whole[figure]);
    expect(merged.inexact).toBe(3);
    expect(merged.maxAbsoluteError).toBe(whole.maxAbsoluteError);
    expect(merged.meanAbsoluteError).toBeCloseTo(whole.meanAbsoluteError!, 12);
    expect(merged.rootMeanSquareError).toBeCloseTo(whole.rootMeanSquareError!, 12);
    expect(merged.bitsPerValue).toBeCloseTo((3 * 10 + 4 * 17) / 7, 12);
  });

  it('has no figures where no partition has a finite row', () => {
    expect(mergeErrorMetrics([partition(none, null), partition([], null)])).toEqual({
      rows: 2,
      nulls: 1,
      nonFinite: 1,
      inexact: 2,
      meanAbsoluteError: null,
      rootMeanSquareError: null,
      maxAbsoluteError: null,
      clipped: 0,
      lowMass: 0,
      minimum: null,
      maximum: null,
      bitsPerValue: null,
    });
    expect(mergeErrorMetrics([]).rows).toBe(0);
  });

  it('merges figures near the largest double and of the smallest ones, which need not be squares of doubles', () => {
    for (const unit of [1e308, 1, 1e-300, 5e-324]) {
      const of = (figure: number, finite: number) => ({
        ...partition(
          Array.from({ length: finite }, () => 0),
          3,
        ),
        meanAbsoluteError: figure,
        rootMeanSquareError: figure,
        maxAbsoluteError: figure,
      });
      const merged = mergeErrorMetrics([of(unit, 5), partition(none, null), of(0, 15), of(unit, 20)]);
      // a subnormal double holds few digits
      const digits = unit < 1e-310 ? 0 : 12;
      expect(merged.maxAbsoluteError).toBe(unit);
      expect(merged.meanAbsoluteError! / unit).toBeCloseTo(unit < 1e-310 ? 1 : 0.625, digits);
      expect(merged.rootMeanSquareError! / unit).toBeCloseTo(Math.sqrt(0.625), digits);
      expect(merged.bitsPerValue).toBe(3);
    }
  });
});
