// Is a sample found out that misleads, and left in peace one that is fair? 200 generated columns, and others to see that
// the rule was not made for these.
import { auditDataset } from './audit-dataset.ts';
import { type AuditDataset, fairDataset, movedDataset, unseenMode } from './audit-datasets.ts';

interface Trial {
  name: string;
  misleads: boolean;
  /** numbers of the datasets, half open */
  numbers: [number, number];
  dataset(number: number): AuditDataset;
}

const MOST_SAMPLED = 100_000;
const MOST_SAMPLED_MISLEADING = 20_000;

const TRIALS: readonly Trial[] = [
  { name: 'fair', misleads: false, numbers: [0, 100], dataset: (i) => fairDataset(i, MOST_SAMPLED) },
  {
    name: 'a mode of 30 to 300 rows, none in the sample',
    misleads: true,
    numbers: [0, 60],
    dataset: (i) => unseenMode(i, MOST_SAMPLED_MISLEADING, 0),
  },
  {
    name: 'a mode of 30 to 300 rows, one in the sample',
    misleads: true,
    numbers: [60, 80],
    dataset: (i) => unseenMode(i, MOST_SAMPLED_MISLEADING, 1),
  },
  {
    name: 'the second half moved, widened or with company',
    misleads: true,
    numbers: [80, 100],
    dataset: (i) => movedDataset(i, MOST_SAMPLED_MISLEADING),
  },
];

/** The same 200 kinds of trials on other numbers, with `npm run bench -- audit-again`. */
export async function benchAudit(first = 0): Promise<void> {
  process.stdout.write(
    '| sample | columns | found out | seconds a column (two fits, summaries, look back) |\n|---|---|---|---|\n',
  );
  const wrong: string[] = [];
  for (const { name, misleads, numbers, dataset } of TRIALS) {
    let found = 0;
    let seconds = 0;
    for (let i = first + numbers[0]; i < first + numbers[1]; i++) {
      const trial = dataset(i);
      const start = performance.now();
      const { misled } = auditDataset(trial);
      seconds += (performance.now() - start) / 1000;
      if (misled) found++;
      if (misled !== misleads) wrong.push(`${i}: ${trial.name}: ${misled ? 'a false alarm' : 'missed'}`);
    }
    const columns = numbers[1] - numbers[0];
    process.stdout.write(`| ${name} | ${columns} | ${found} | ${(seconds / columns).toFixed(1)} |\n`);
  }
  process.stdout.write(`\n${wrong.length === 0 ? 'none wrong' : wrong.join('\n')}\n`);
}
