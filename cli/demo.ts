import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { ConfigurationError } from '../shared/contract/errors.ts';
import { locateInput } from './input-location.ts';
import { defaultJobs, defaultMemoryBytes, localRun } from './local-run.ts';
import { observerFor } from './observer-for.ts';
import { parsePositiveInteger } from './parse-arguments.ts';
import { queryRun } from './query.ts';
import { formatRunSummary } from './run-summary.ts';

/** Three million flights; a development dependency (BSD-3-Clause), installed by npm. */
const FLIGHTS = 'vega-datasets/data/flights-3m.parquet';

const QUESTION = `select delay_component as component, c.kind, round(c.mean, 1) as mean_minutes, count(*) as flights,
       round(avg(distance_normalized), 3) as mean_normalized_distance
from data join components c on c.column_name = 'delay' and c.component = delay_component
group by all order by flights desc`;

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('Normalize three million flights (real data that npm installed) and query the result.')
    .option('--out <DIR>', 'output folder', 'modemap-demo')
    .option('--jobs <N>', 'worker threads', parsePositiveInteger, defaultJobs())
    .addHelpText('after', '\nExamples:\n  modemap demo\n  modemap demo --out flights --jobs 1')
    .action(async ({ out, jobs }: { out: string; jobs: number }) => demo(out, jobs));
}

async function demo(out: string, jobs: number): Promise<void> {
  const record = await localRun({
    input: await locateInput(findFlights(), 'flights'),
    out,
    jobs,
    memoryBytes: defaultMemoryBytes(),
    observer: await observerFor(process.stderr),
  });
  process.stdout.write(formatRunSummary(record, out));
  process.stdout.write(`$ modemap query ${out} "${QUESTION}"\n`);
  process.stdout.write(await queryRun(out, QUESTION, { format: 'table' }));
}

/** Looked for as Node looks for packages, from the working folder and from here; the package exports no paths. */
function findFlights(): string {
  for (const base of [resolve('package.json'), import.meta.url]) {
    const folders = createRequire(base).resolve.paths(FLIGHTS) ?? [];
    const path = folders.map((folder) => join(folder, FLIGHTS)).find((candidate) => existsSync(candidate));
    if (path) return path;
  }
  throw new ConfigurationError(
    'the demo needs its data, vega-datasets is not installed; npm install vega-datasets@3.2.1',
  );
}
