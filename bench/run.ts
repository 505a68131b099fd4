// npm run bench -- NAME: one question, one file; the table is printed and goes into bench/README.md.
import { benchAudit } from './audit.ts';
import { benchCopy } from './copy.ts';
import { benchFitRows } from './fit-rows.ts';
import { benchGrowth } from './growth.ts';
import { benchKernel } from './kernel.ts';
import { benchPartition } from './partition.ts';
import { benchQuality } from './quality.ts';
import { benchLong, benchWide } from './scale.ts';
import { benchStageSpeeds } from './stage-speeds.ts';
import { benchSummaries } from './summaries.ts';
import { benchPartitions, benchWholeRun } from './whole-run.ts';
import { benchWorkers } from './workers.ts';

const BENCHES: Record<string, (args: string[]) => Promise<void>> = {
  run: benchWholeRun,
  workers: benchWorkers,
  kernel: benchKernel,
  partitions: benchPartitions,
  copy: benchCopy,
  long: benchLong,
  wide: benchWide,
  growth: benchGrowth,
  partition: benchPartition,
  quality: benchQuality,
  audit: () => benchAudit(),
  'audit-again': () => benchAudit(1000),
  summaries: benchSummaries,
  'fit-rows': benchFitRows,
  speeds: benchStageSpeeds,
};

const [, , name = '', ...args] = process.argv;
const bench = BENCHES[name];
if (!bench) {
  process.stderr.write(
    `usage: npm run bench -- NAME, NAME one of ${Object.keys(BENCHES).join(', ')}; got ${JSON.stringify(name)}\n`,
  );
  process.exitCode = 1;
} else await bench(args);
