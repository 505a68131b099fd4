import { describe, expect, it } from 'vitest';
import { ErrorMetrics } from '../../shared/normalize/error-metrics.ts';
import { makeKernel } from '../../shared/normalize/kernel.ts';
import { mergeErrorMetrics } from '../../shared/normalize/merge-error-metrics.ts';
import { columnOf, gaussian, modelOf } from '../support/column-models.ts';

const model = modelOf([gaussian(0.5, 0, 1), gaussian(0.5, 40, 3)]);
const kernel = makeKernel(model, { choose: 'sample', clip: 0.99, preset: 'modemap' });

function partition(rows: (number | null)[], bitsPerValue: number | null) {
  const column = columnOf(rows);
  const metrics = new ErrorMetrics(model, 0.99);
  metrics.add(column.values, column.valid, kernel({ ...column, rowStart: 0, keys: { k0: 9, k1: 9 } }), 1);
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

  it('has no figure where a partition with finite rows has none', () => {
    const overflowed = { ...partition(a, 10), maxAbsoluteError: null, rootMeanSquareError: null };
    const merged = mergeErrorMetrics([overflowed, partition(b, 17)]);
    expect(merged.maxAbsoluteError).toBeNull();
    expect(merged.rootMeanSquareError).toBeNull();
    expect(merged.meanAbsoluteError).not.toBeNull();
  });
});
