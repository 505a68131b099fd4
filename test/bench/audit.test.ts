import { describe, expect, it } from 'vitest';
import { auditDataset } from '../../bench/audit-dataset.ts';
import { type AuditDataset, fairDataset, movedDataset, unseenMode } from '../../bench/audit-datasets.ts';

// every second kind of column; the full study is `npm run bench -- audit`
const NUMBERS = Array.from({ length: 8 }, (_, i) => 300 + 2 * i);
const MOST_SAMPLED = 1000;
/** A machine may be busy. */
const TIMEOUT = { timeout: 240_000 };

/** Names of the datasets whose sample is found to have misled. */
const foundOut = (datasets: readonly AuditDataset[]) =>
  datasets.filter((dataset) => auditDataset(dataset).misled).map(({ name }) => name);

describe('looking back at all rows', () => {
  it('finds out every sample without the rows of a mode, be they thirty', TIMEOUT, () => {
    const datasets = NUMBERS.map((i) => unseenMode(i, MOST_SAMPLED));
    expect(foundOut(datasets)).toEqual(datasets.map(({ name }) => name));
  });

  it('finds out samples taken before the column changed, if so few rows can tell', TIMEOUT, () => {
    const datasets = NUMBERS.slice(0, 4).map((i) => movedDataset(i, MOST_SAMPLED));
    // half of it twice as wide, a Cauchy distribution is 0.03 nats a row off: less than a fit to a thousand rows is by chance
    const tellable = datasets.filter(({ name }) => !name.startsWith('Cauchy, widened'));
    expect(tellable).toHaveLength(3);
    expect(foundOut(tellable)).toEqual(tellable.map(({ name }) => name));
  });

  it('leaves fair samples in peace, heavy tails among them', TIMEOUT, () => {
    expect(foundOut(NUMBERS.map((i) => fairDataset(i, MOST_SAMPLED)))).toEqual([]);
  });
});
