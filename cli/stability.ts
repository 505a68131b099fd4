import type { Command } from 'commander';
import { LocalStore } from '../functions/adapters/local-store.ts';
import { readMergedSummaries } from '../functions/merged-summaries.ts';
import { readJson, readJsonIfThere } from '../functions/stage-io.ts';
import {
  type ComponentStability,
  componentStability,
  FAIR_SHARE,
  FIRM_SHARE,
  FIRM_WEIGHT_SPREAD,
} from '../functions/tune/component-stability.ts';
import { columnOptionsOf } from '../shared/contract/configuration.ts';
import { ConfigurationError } from '../shared/contract/errors.ts';
import { workKeys } from '../shared/contract/keys.ts';
import { modelSchema } from '../shared/contract/model.ts';
import { planHeaderSchema } from '../shared/contract/stages.ts';
import { summaryBins } from '../shared/summary/summary-bins.ts';
import { randomSource } from '../shared/tuning/random-source.ts';
import { WORK_FOLDER } from './output-folder.ts';
import { parsePositiveInteger } from './parse-arguments.ts';
import { locateRun, type RunLocation } from './run-location.ts';
import { formatTable } from './table-output.ts';
import { parseSeed, showProgress } from './tune.ts';

interface StabilityFlags {
  resamples: number;
  seed: number;
  json?: boolean;
}

interface StableColumn {
  name: string;
  /** rows that a resample draws: as many as the model was fitted to */
  rows: number;
  seconds: number;
  components: ComponentStability[];
}

export function registerStability(program: Command): void {
  program
    .command('stability')
    .description('Say how firm each component of a run is, by fitting resamples of its rows. Reads no data again.')
    .argument('<RUN>', 'output folder (its newest run), OUT/runs/dataset=NAME, or OUT/runs/dataset=NAME/ID.json')
    .option('--resamples <N>', 'bootstrap resamples', parsePositiveInteger, 50)
    .option('--seed <N>', 'of the resamples', parseSeed, 0)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
A component is
  firm   found in at least ${100 * FIRM_SHARE} % of the resamples, its weight known to within ${100 * FIRM_WEIGHT_SPREAD} %
  fair   found in at least ${100 * FAIR_SHARE} %
  shaky  found in fewer: another sample of the same table would have another component there

Examples:
  modemap stability normalized/
  modemap stability normalized/runs/dataset=trips --resamples 200 --json`,
    )
    .action(async (run: string, flags: StabilityFlags) => stability(run, flags));
}

async function stability(run: string, { resamples, seed, json }: StabilityFlags): Promise<void> {
  const location = await locateRun(run);
  const { root, record } = location;
  const model = await readJson(new LocalStore(root), record.model_key, modelSchema);
  const summaries = await readSummaries(location, model.pass, run);
  const columns = model.columns.flatMap(({ name, components, resolution }): StableColumn[] => {
    const summary = summaries.get(name);
    const bins = summary && summaryBins(summary);
    const total = bins?.count.reduce((sum, count) => sum + count, 0) ?? 0;
    if (!bins || total === 0) return [];
    const startedAt = performance.now();
    const rows = Math.max(1, Math.round(total * Math.min(1, model.source.rows / model.source.ofRows)));
    const { maxComponents, preset } = columnOptionsOf(model.options, name);
    const random = randomSource(seed, name, 'stability');
    let done = 0;
    const stabilities = componentStability(
      { bins, components, resolution, maxComponents, preset, rows, resamples, random },
      () => showProgress(`${name}: ${++done} of ${resamples} resamples`),
    );
    showProgress('');
    return [{ name, rows, seconds: (performance.now() - startedAt) / 1000, components: stabilities }];
  });
  if (json) process.stdout.write(`${JSON.stringify({ run_id: record.run_id, resamples, seed, columns })}\n`);
  else process.stdout.write(formatStability(columns, resamples));
}

/** The summaries of all rows, while the work folder is there. */
async function readSummaries({ root, record }: RunLocation, pass: number, run: string) {
  const work = new LocalStore(`${root}/${WORK_FOLDER}`);
  const reference = { datasetId: record.dataset_id, runId: record.run_id };
  const header = await readJsonIfThere(work, workKeys.planHeader(reference), planHeaderSchema);
  if (!header) {
    throw new ConfigurationError(
      `RUN must still have its work folder, ${run} has no ${WORK_FOLDER}/${workKeys.run(reference)}; run modemap again into a new folder`,
    );
  }
  return readMergedSummaries(work, reference, { pass, reduceGroups: header.reduceGroups });
}

function formatStability(columns: readonly StableColumn[], resamples: number): string {
  if (columns.length === 0) return 'no normalized column\n';
  return columns
    .map(({ name, rows, seconds, components }) => {
      const head = ['component', 'kind', 'weight', '+-', 'mean', '+-', 'sd', '+-', 'found', ''];
      const lines = components.map((stable, k) => lineOf(stable, k));
      const title = `${name}: ${resamples} resamples of ${rows.toLocaleString('en')} rows, ${seconds.toFixed(1)} s`;
      return `${title}\n\n${formatTable(head, lines)}\n`;
    })
    .join('\n');
}

function lineOf({ component, found, ...spreads }: ComponentStability, k: number): string[] {
  const { kind, weight, mean, standardDeviation } = component;
  return [
    String(k),
    kind,
    figure(weight),
    figure(spreads.weightSpread),
    figure(mean),
    figure(spreads.meanSpread),
    figure(standardDeviation),
    figure(spreads.deviationSpread),
    `${Math.round(100 * found)}%`,
    spreads.word,
  ];
}

const figure = (value: number | null) => (value === null ? '-' : String(Number(value.toPrecision(4))));
