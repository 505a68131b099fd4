// npm run bench -- NAME: one question, one file; the table is printed and goes into bench/README.md.
import { benchPartitions, benchWholeRun } from './whole-run.ts';

const BENCHES: Record<string, () => Promise<void>> = { run: benchWholeRun, partitions: benchPartitions };

const [, , name = ''] = process.argv;
const bench = BENCHES[name];
if (!bench) {
  process.stderr.write(
    `usage: npm run bench -- NAME, NAME one of ${Object.keys(BENCHES).join(', ')}; got ${JSON.stringify(name)}\n`,
  );
  process.exitCode = 1;
} else await bench();
