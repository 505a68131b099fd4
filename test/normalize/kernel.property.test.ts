import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Component } from '../../shared/contract/model.ts';
import { makeKernel } from '../../shared/normalize/kernel.ts';
import type { Pairs } from '../../shared/normalize/pairs.ts';
import { drawKeys } from '../../shared/numeric/draw.ts';
import { columnOf, columnRows, mixtures, normalFrom } from '../support/column-models.ts';
import { gaussian, modelOf } from '../support/models.ts';

const settings = fc.record({
  choose: fc.constantFrom('sample' as const, 'argmax' as const),
  clip: fc.constantFrom(0.99 as const, false as const, 0.5 as const),
  preset: fc.constant('modemap' as const),
});
const keys = { k0: 123456789, k1: -987654321 };

const rowOf = ({ normalized, normalizedValid, components }: Pairs, row: number) => [
  normalized[row],
  normalizedValid[row],
  components[row],
];

/** ln responsibilities, up to a constant, straight from the definition. */
const logDensity = ({ weight, mean, standardDeviation }: Component, x: number) =>
  Math.log(weight) - Math.log(standardDeviation) - ((x - mean) / standardDeviation) ** 2 / 2;

describe('makeKernel', () => {
  it('gives every row the same pair however an object is cut into calls', () => {
    fc.assert(
      fc.property(mixtures, columnRows, settings, fc.maxSafeNat(), fc.nat(60), (components, rows, options, at, cut) => {
        const rowStart = Math.min(at, Number.MAX_SAFE_INTEGER - 100);
        const kernel = makeKernel(modelOf(components), options);
        const { values, valid } = columnOf(rows);
        const whole = kernel({ values, valid, rowStart, keys });
        const middle = Math.min(cut, rows.length);
        for (const [start, end] of [
          [0, middle],
          [middle, rows.length],
        ]) {
          const part = kernel({
            values: values.subarray(start, end),
            valid: valid.subarray(start, end),
            rowStart: rowStart + start,
            keys,
          });
          for (let row = start; row < end; row++) expect(rowOf(part, row - start)).toEqual(rowOf(whole, row));
        }
      }),
    );
  });

  it('stores the place in the component it names, which none could hold better if it had to be clipped', () => {
    fc.assert(
      fc.property(mixtures, columnRows, settings, (components, rows, options) => {
        const pairs = makeKernel(modelOf(components), options)({ ...columnOf(rows), rowStart: 0, keys });
        for (const [row, x] of rows.entries()) {
          if (x === null || !Number.isFinite(x)) continue;
          const z = pairs.normalized[row];
          const { kind, mean, standardDeviation } = components[pairs.components[row]];
          expect(Number.isFinite(z)).toBe(true);
          const isAtom = components.some((component) => component.kind === 'atom' && component.mean === x);
          expect(kind === 'atom').toBe(isAtom);
          if (isAtom) {
            expect([z, mean === x]).toEqual([0, true]);
            continue;
          }
          const exact = (x - mean) / (4 * standardDeviation);
          const reach = options.clip === false ? 1.5 : options.clip;
          if (Math.abs(exact) <= reach) expect(z).toBe(Math.fround(exact));
          else {
            for (const other of components) {
              if (other.kind === 'atom') continue;
              const distance = Math.abs((x - other.mean) / other.standardDeviation);
              expect(distance).toBeGreaterThanOrEqual(Math.abs((x - mean) / standardDeviation));
            }
          }
        }
      }),
    );
  });

  it('by argmax names a component that is at least as likely as any other', () => {
    fc.assert(
      fc.property(mixtures, columnRows, (components, rows) => {
        const options = { choose: 'argmax', clip: false, preset: 'modemap' } as const;
        const pairs = makeKernel(modelOf(components), options)({ ...columnOf(rows), rowStart: 0, keys });
        for (const [row, x] of rows.entries()) {
          const chosen = components[pairs.components[row]];
          if (x === null || !Number.isFinite(x) || chosen.kind === 'atom' || chosen.weight === 0) continue;
          if (Math.abs((x - chosen.mean) / chosen.standardDeviation) > 6) continue;
          const density = logDensity(chosen, x);
          for (const other of components) {
            // two evaluations of a density differ by the rounding of their terms
            if (other.kind === 'gaussian') expect(logDensity(other, x)).toBeLessThanOrEqual(density + 1e-9);
          }
        }
      }),
    );
  });

  it('draws components as often as their responsibilities say, in every part of the range', () => {
    const components = [gaussian(0.5, 0, 1), gaussian(0.3, 1.5, 0.5), gaussian(0.2, -1, 3)];
    const model = modelOf(components);
    const draw = makeKernel(model, { choose: 'sample', clip: 0.99, preset: 'modemap' });
    const n = 200_000;
    const values = Float64Array.from({ length: n }, (_, i) => {
      const [u, v] = [(i * 0.6180339887498949) % 1, (i * 0.7548776662466927) % 1];
      return 2 * normalFrom(u, v);
    });
    const valid = new Uint8Array(n).fill(1);
    const pairs = draw({ values, valid, rowStart: 0, keys: drawKeys(0, 'x', 'part-0.parquet') });
    const cells = 50;
    const order = Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
    for (let cell = 0; cell < cells; cell++) {
      const rows = order.slice((cell * n) / cells, ((cell + 1) * n) / cells);
      const expected = new Float64Array(3);
      const variance = new Float64Array(3);
      const counts = new Float64Array(3);
      for (const row of rows) {
        // a row that a component would clip is not drawn
        if (components.some(({ mean, standardDeviation: sd }) => Math.abs(values[row] - mean) > 3.96 * sd)) continue;
        const densities = components.map((component) => Math.exp(logDensity(component, values[row])));
        const total = densities.reduce((a, b) => a + b);
        for (const [k, density] of densities.entries()) {
          expected[k] += density / total;
          variance[k] += (density / total) * (1 - density / total);
        }
        counts[pairs.components[row]]++;
      }
      // 150 comparisons: five standard deviations are exceeded by chance once in 10,000 suites of seeds
      for (let k = 0; k < 3; k++) {
        expect(Math.abs(counts[k] - expected[k])).toBeLessThanOrEqual(5 * Math.sqrt(variance[k]) + 1e-9);
      }
    }
  });
});
