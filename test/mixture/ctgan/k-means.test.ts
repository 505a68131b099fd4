import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeCtganData } from '../../../shared/mixture/ctgan/ctgan-data.ts';
import { kMeansLabels } from '../../../shared/mixture/ctgan/k-means.ts';
import { seedCentres } from '../../../shared/mixture/ctgan/seed-centres.ts';
import { binsOf } from '../../golden/mixture/columns.ts';
import { drawn, seededRandom } from '../../support/random.ts';

const random = (seed: number) => seededRandom(seed).uniform;
const dataOf = (values: readonly number[] | Float64Array) => makeCtganData(binsOf(Float64Array.from(values)));

describe('kMeansLabels', () => {
  it('finds groups that lie apart, whatever the seed', () => {
    const rows = drawn(900, 1, ({ uniform, normal }) => 1000 * Math.floor(3 * uniform()) + normal());
    const data = dataOf(rows);
    for (let seed = 0; seed < 20; seed++) {
      const labels = kMeansLabels(data, 3, random(seed));
      const of = (from: number, to: number) =>
        new Set(labels.filter((_, b) => data.mean[b] + data.centre > from && data.mean[b] + data.centre < to));
      const groups = [of(-500, 500), of(500, 1500), of(1500, 2500)];
      expect(groups.map((group) => group.size)).toEqual([1, 1, 1]);
      expect(new Set(groups.flatMap((group) => [...group])).size).toBe(3);
    }
  });

  it('labels every bin by the nearest mean of the labelled bins', () => {
    const whole = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(whole, fc.integer({ min: 1, max: 8 }), fc.nat(1000), (values, nClusters, seed) => {
        const data = dataOf(values);
        const labels = kMeansLabels(data, nClusters, random(seed));
        const centres = Array.from({ length: nClusters }, (_, k) => {
          const members = Array.from(labels.keys()).filter((b) => labels[b] === k);
          const rows = members.reduce((sum, b) => sum + data.count[b], 0);
          return members.reduce((sum, b) => sum + data.count[b] * data.mean[b], 0) / rows;
        }).map((centre) => (Number.isNaN(centre) ? Number.POSITIVE_INFINITY : centre));
        // centres that moved by less than 1 % of a standard deviation have arrived
        const slack = 0.03 * Math.sqrt(data.covariancePrior) + 1e-9;
        for (let b = 0; b < data.length; b++) {
          const distance = Math.abs(data.mean[b] - centres[labels[b]]);
          for (const centre of centres) expect(distance).toBeLessThanOrEqual(Math.abs(data.mean[b] - centre) + slack);
        }
      }),
    );
  });

  it('uses every label while there are values enough', () => {
    for (let seed = 0; seed < 50; seed++) {
      expect(new Set(kMeansLabels(dataOf([0, 1, 1, 1, 2, 3, 1e6]), 4, random(seed))).size).toBe(4);
    }
  });

  it('leaves labels unused where there are fewer values', () => {
    const labels = kMeansLabels(dataOf([1, 1, 1, 5]), 10, random(1));
    expect(new Set(labels).size).toBe(2);
  });
});

describe('seedCentres', () => {
  it('draws rows, and never a second time a value while others are left', () => {
    const data = dataOf([1, 2, 2, 2, 8, 9]);
    for (let seed = 0; seed < 50; seed++) {
      const centres = seedCentres(data, 5, random(seed));
      expect(new Set(centres)).toEqual(new Set(data.mean));
    }
  });

  it('draws the first in proportion to its rows', () => {
    const data = dataOf([0, 0, 0, 1]);
    const uniform = random(7);
    const n = 4000;
    let zeros = 0;
    for (let i = 0; i < n; i++) if (seedCentres(data, 1, uniform)[0] === data.mean[0]) zeros++;
    // four standard deviations of a binomial share
    expect(Math.abs(zeros / n - 0.75)).toBeLessThan(4 * Math.sqrt((0.75 * 0.25) / n));
  });
});
