import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Component } from '../../shared/contract/model.ts';
import { binRows } from '../../shared/mixture/bin-rows.ts';
import { scoreBins } from '../../shared/mixture/score.ts';
import { normalCdf } from '../../shared/numeric/normal-distribution.ts';
import { inCells } from '../support/cells.ts';

const place = fc.double({ min: -50, max: 50, noNaN: true });
const component = fc.record({
  kind: fc.constantFrom<Component['kind']>('gaussian', 'gaussian', 'atom'),
  weight: fc.double({ min: 0.01, max: 1, noNaN: true }),
  mean: place,
  standardDeviation: fc.double({ min: 1e-3, max: 40, noNaN: true }),
});
/** A mixture and rows that may follow it or not, many of them the same. */
const cases = fc.record({
  components: fc.array(component, { minLength: 1, maxLength: 5 }),
  values: fc.array(fc.oneof(place, fc.constantFrom(-3, 0, 7)), { minLength: 1, maxLength: 200 }),
  step: fc.constantFrom(1e-6, 0.01, 1),
  cell: fc.constantFrom(0, 0.5, 4),
});

function mixtureOf(parts: { kind: Component['kind']; weight: number; mean: number; standardDeviation: number }[]) {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  return parts.map((part) => ({ ...part, weight: part.weight / total, logScale: null, pruned: false }));
}

it('the largest gap is the largest over all edges, though most are not looked at', () => {
  fc.assert(
    fc.property(cases, ({ components, values, step, cell }) => {
      const mixture = mixtureOf(components);
      const rows = Float64Array.from(values);
      const bins = cell === 0 ? binRows(rows, null, step) : inCells(rows, cell);
      const massBelow = (x: number) =>
        mixture.reduce((mass, { kind, weight, mean, standardDeviation }) => {
          if (kind === 'atom') return mass + (mean <= x ? weight : 0);
          return mass + weight * normalCdf((x - mean) / standardDeviation);
        }, 0);
      const half = (b: number) => (bins.exact[b] === 1 ? step / 2 : 0);
      let gap = massBelow(bins.lower[0] - half(0));
      let seen = 0;
      for (let b = 0; b < bins.count.length; b++) {
        seen += bins.count[b];
        gap = Math.max(gap, Math.abs(seen / rows.length - massBelow(bins.upper[b] + half(b))));
      }
      expect(scoreBins(bins, mixture, step).ksDistance).toBeCloseTo(Math.min(1, gap), 14);
    }),
    { numRuns: 500 },
  );
});
