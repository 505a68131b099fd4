import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ColumnModel } from '../../shared/contract/model.ts';
import { makeInverse } from '../../shared/normalize/inverse.ts';
import { makeKernel } from '../../shared/normalize/kernel.ts';
import { columnOf, finiteValues, mixtures } from '../support/column-models.ts';
import { atom, gaussian, modelOf } from '../support/models.ts';

/** There and back for one value; undefined where it was clipped. */
function thereAndBack(model: ColumnModel, x: number): number | undefined {
  const kernel = makeKernel(model, { choose: 'sample', clip: 0.99, preset: 'modemap' });
  const pairs = kernel({ ...columnOf([x]), rowStart: 5, keys: { k0: 3, k1: 4 } });
  const component = model.components[pairs.components[0]];
  const isClipped =
    component.kind === 'gaussian' && Math.abs((x - component.mean) / component.standardDeviation) > 3.96;
  return isClipped ? undefined : makeInverse(model)(pairs.normalized[0], pairs.components[0]);
}

const scaled = (decimals: number) => (n: number) => Number(`${n}e-${decimals}`);

describe('makeInverse', () => {
  it('gives back every value with decimals exactly where float32 is fine enough', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 6 }),
        fc.integer({ min: -1_000_000, max: 1_000_000 }),
        fc.array(fc.integer({ min: -3_900_000, max: 3_900_000 }), { minLength: 1, maxLength: 20 }),
        (decimals, mean, offsets) => {
          const toValue = scaled(decimals);
          // 4 sd 2^-25 is below half a step
          const model = modelOf([gaussian(1, toValue(mean), 1_000_000 * toValue(1))], { decimals });
          for (const offset of offsets) {
            const x = toValue(mean + offset);
            expect(thereAndBack(model, x)).toBe(x);
          }
        },
      ),
    );
  });

  it('gives back integers beyond 2^53 that doubles hold, from float64', () => {
    const model = modelOf([gaussian(1, 2 ** 60, 2 ** 30)], {
      physicalType: 'INT64',
      decimals: 0,
      precision: 'float64',
    });
    for (const x of [2 ** 60, 2 ** 60 + 256, 2 ** 60 - 128, 2 ** 60 + 2 ** 31 + 512]) {
      expect(thereAndBack(model, x)).toBe(x);
    }
  });

  it('is within a stored step of every value that is not clipped', () => {
    fc.assert(
      fc.property(mixtures, finiteValues, fc.constantFrom('float32', 'float64'), (components, x, precision) => {
        const model = modelOf(components, { precision: precision as ColumnModel['precision'] });
        const back = thereAndBack(model, x);
        if (back === undefined) return;
        const widest = Math.max(...components.map(({ standardDeviation }) => standardDeviation));
        const half = precision === 'float32' ? 2 ** -25 : 2 ** -53;
        // the step of z, and the roundings of the sums, at most four sd and the value itself
        const tolerance = 4 * widest * half + (Math.abs(x) + 4 * widest) * 2 ** -51;
        expect(Math.abs(back - x)).toBeLessThanOrEqual(tolerance);
      }),
    );
  });

  it('gives an atom its value, whatever stands beside its number', () => {
    const invert = makeInverse(modelOf([gaussian(0.5, 0, 1), atom(0.5, 1 / 3)], { decimals: 2 }));
    expect(invert(0, 1)).toBe(1 / 3);
    expect(invert(0.7, 1)).toBe(1 / 3);
  });

  it('rounds half to even at the decimals', () => {
    const invert = makeInverse(modelOf([gaussian(1, 0, 0.25)], { decimals: 0 }));
    expect([0.5, 1.5, 2.5, -0.5, -1.5, 0.5000001].map((z) => invert(z, 0))).toEqual([0, 2, 2, 0, -2, 1]);
  });

  it('gives a FLOAT column floats', () => {
    const invert = makeInverse(modelOf([gaussian(1, 0, 0.25)], { physicalType: 'FLOAT', decimals: 1 }));
    expect(invert(0.12, 0)).toBe(Math.fround(0.1));
    const raw = makeInverse(modelOf([gaussian(1, 0, 0.25)], { physicalType: 'FLOAT' }));
    expect(raw(0.12, 0)).toBe(Math.fround(0.12));
  });
});
