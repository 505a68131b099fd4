import { type RunReference, workKeys } from '../../shared/contract/keys.ts';
import { type Model, modelSchema } from '../../shared/contract/model.ts';
import { CONFIGURATION_FILE } from '../../shared/contract/names.ts';
import { parseConfiguration } from '../../shared/contract/parse-configuration.ts';
import {
  type Audit,
  auditSchema,
  type CollectInput,
  type CollectOutput,
  type FitShare,
  fitShareSchema,
  frozenInputsSchema,
  type PlanHeader,
  planHeaderSchema,
} from '../../shared/contract/stages.ts';
import type { Stores } from '../../shared/store/object-store.ts';
import { readJson, writeJsonOnce } from '../stage-io.ts';

/**
 * The collect stage: join the shares of all fit invocations.
 *
 * Pass 0 gives `model-0.json`. Pass 1 looked at all rows: it gives `audit-0.json`, what looking back says of the
 * model that pass 0 was written with, and, where that one misled or only summarised, `model-1.json` to write the data.
 */
export function makeCollect({ work }: Pick<Stores, 'work'>) {
  return async ({ pass, ...run }: CollectInput): Promise<CollectOutput> => {
    const header = await readJson(work, workKeys.planHeader(run), planHeaderSchema);
    const shares: FitShare[] = [];
    for (const group of header.columnGroups.keys()) {
      shares.push(await readJson(work, workKeys.fit(run, pass, group), fitShareSchema));
    }
    if (pass === 0) {
      await writeModel(run, header, shares);
      return { again: false };
    }
    const { misled } = await writeAudit(run, pass - 1, shares);
    const { options } = await readJson(work, workKeys.model(run, pass - 1), modelSchema);
    const again = misled || options.fit === 'full';
    if (again) await writeBetterModel(run, pass, header, shares);
    return { again };
  };

  async function writeModel(run: RunReference, header: PlanHeader, shares: FitShare[]): Promise<void> {
    const inputs = await readJson(work, workKeys.inputs(run), frozenInputsSchema);
    const decisions = new Map(
      [...header.decided, ...shares.flatMap((share) => share.decisions)].map((d) => [d.name, d]),
    );
    const columns = new Map(shares.flatMap((share) => share.columns).map((column) => [column.name, column]));
    const names = header.columns.map(({ name }) => name);
    const model: Model = {
      format: 'modemap-model',
      version: 1,
      dataset: inputs.dataset,
      datasetId: inputs.datasetId,
      pass: 0,
      source: { kind: 'sample', rows: Math.max(0, ...shares.map((share) => share.sampledRows)), ofRows: header.rows },
      options: parseConfiguration(inputs.configuration, CONFIGURATION_FILE),
      decisions: names.map((name) => decisions.get(name)).filter((decision) => decision !== undefined),
      columns: names.map((name) => columns.get(name)).filter((column) => column !== undefined),
    };
    await writeJsonOnce(work, workKeys.model(run, 0), model, modelSchema);
  }

  async function writeAudit(run: RunReference, pass: number, shares: FitShare[]): Promise<Audit> {
    const columns = shares.flatMap((share) => share.audit);
    const audit: Audit = { misled: columns.some(({ misled }) => misled), columns };
    return writeJsonOnce(work, workKeys.audit(run, pass), audit, auditSchema);
  }

  /** The decisions stay; the columns are those that all rows have confirmed or replaced. */
  async function writeBetterModel(
    run: RunReference,
    pass: number,
    header: PlanHeader,
    shares: FitShare[],
  ): Promise<void> {
    const previous = await readJson(work, workKeys.model(run, pass - 1), modelSchema);
    const columns = shares.flatMap((share) => share.columns);
    const source = { kind: 'summary' as const, rows: header.rows, ofRows: header.rows };
    await writeJsonOnce(work, workKeys.model(run, pass), { ...previous, pass, source, columns }, modelSchema);
  }
}
