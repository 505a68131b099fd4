import { type Configuration, columnOptionsOf } from '../../shared/contract/configuration.ts';
import { type RunReference, workKeys } from '../../shared/contract/keys.ts';
import { CONFIGURATION_FILE } from '../../shared/contract/names.ts';
import { parseConfiguration } from '../../shared/contract/parse-configuration.ts';
import {
  type FitInput,
  type FitShare,
  fitShareSchema,
  frozenInputsSchema,
  planHeaderSchema,
  samplePlanSchema,
} from '../../shared/contract/stages.ts';
import { RowSorter } from '../../shared/mixture/row-sorter.ts';
import { columnsAtOnce } from '../../shared/partition/plan-sample.ts';
import type { Stores } from '../../shared/store/object-store.ts';
import { FooterCache } from '../footer-cache.ts';
import { readJson, readJsonIfThere, writeJsonOnce } from '../stage-io.ts';
import { auditColumns } from './audit-columns.ts';
import { fitColumn } from './fit-column.ts';
import { readSample } from './read-sample.ts';

/**
 * The fit stage: decide the columns of one group and fit a mixture to each.
 *
 * Pass 0 fits the sample. Pass 1 looks back: it fits the merged summary of all rows, says how the model that the
 * data was written with compares, and gives the model to go on with where that one misled.
 */
export function makeFit({ input, work }: Pick<Stores, 'input' | 'work'>) {
  return async ({ pass, group, ...run }: FitInput): Promise<void> => {
    const key = workKeys.fit(run, pass, group);
    if (await readJsonIfThere(work, key, fitShareSchema)) return;
    const share = pass === 0 ? await fitSample(run, group) : await auditSummary(run, pass, group);
    await writeJsonOnce(work, key, share, fitShareSchema);
  };

  async function fitSample(run: RunReference, group: number): Promise<FitShare> {
    const [names, configuration] = await Promise.all([columnsOf(run, group), configurationOf(run)]);
    const plan = await readJson(work, workKeys.sample(run), samplePlanSchema);
    const footers = new FooterCache(input);
    const sorter = new RowSorter();
    const fits: ReturnType<typeof fitColumn>[] = [];
    const atOnce = columnsAtOnce(configuration.sampleRows);
    let sampledRows = 0;
    for (let start = 0; start < names.length; start += atOnce) {
      const sample = await readSample(input, plan, names.slice(start, start + atOnce), footers);
      sampledRows = sample.rows;
      for (const column of sample.columns)
        fits.push(fitColumn(column, columnOptionsOf(configuration, column.column.name), sorter));
    }
    return {
      group,
      sampledRows,
      decisions: fits.map(({ decision }) => decision),
      columns: fits.map(({ model }) => model).filter((model) => model !== undefined),
      audit: [],
    };
  }

  async function auditSummary(run: RunReference, pass: number, group: number): Promise<FitShare> {
    const names = await columnsOf(run, group);
    return { group, sampledRows: 0, decisions: [], ...(await auditColumns(work, run, pass - 1, names)) };
  }

  async function columnsOf(run: RunReference, group: number): Promise<string[]> {
    return (await readJson(work, workKeys.planHeader(run), planHeaderSchema)).columnGroups[group];
  }

  async function configurationOf(run: RunReference): Promise<Configuration> {
    const inputs = await readJson(work, workKeys.inputs(run), frozenInputsSchema);
    return parseConfiguration(inputs.configuration, CONFIGURATION_FILE);
  }
}
