import { tableColumns } from '../../shared/catalog/table-columns.ts';
import { outputKeys, type RunReference, workKeys } from '../../shared/contract/keys.ts';
import { modelSchema } from '../../shared/contract/model.ts';
import type { Receipt } from '../../shared/contract/receipt.ts';
import { reducedGroupSchema } from '../../shared/contract/reduced.ts';
import { type OmittedColumn, type RunRecord, runRecordSchema } from '../../shared/contract/run-record.ts';
import {
  auditSchema,
  type CommitInput,
  frozenInputsSchema,
  type PlanHeader,
  partitionSchema,
  planHeaderSchema,
} from '../../shared/contract/stages.ts';
import { readFooter } from '../../shared/parquet/footer.ts';
import { componentsTable, metricsTable, tasksTable } from '../../shared/parquet/write/result-tables.ts';
import type { ObjectHead, Stores } from '../../shared/store/object-store.ts';
import type { Catalog } from '../catalog.ts';
import { type CurrentRuns, publishNewest } from '../current-runs.ts';
import { followCurrentRun } from '../follow-current-run.ts';
import { encodeJson, readJson, readJsonIfThere, readJsonLines, writeJsonOnce, writeReproducible } from '../stage-io.ts';
import { reconcile } from './reconcile.ts';
import { modelOfAllRows, runColumnsOf } from './run-columns.ts';
import { tasksUsed } from './tasks-used.ts';

/**
 * The commit stage: what was planned, what the receipts say and what is listed must be one; then metrics, tasks and
 * model are published and, last, the run record. Before the record exists nothing of the run is to be read; from then
 * on all of it is: the dataset's newest listing that is committed becomes its current run, the catalog follows, and
 * superseded passes of this run go. The data of earlier runs stays.
 *
 * Every write can be repeated, so a commit that was cut short is simply done again. The commit of a run that has its
 * record (the dataset was A, then B, and is A again) does only what follows the record.
 *
 * @param now ISO 8601, UTC, ms
 * @param currents left out: there are no readers by dataset, only by run
 * @param catalog left out: there are no readers by table
 * @throws {IncompleteRunError} naming the first partition or object that does not fit
 */
export function makeCommit(
  { work, output }: Pick<Stores, 'work' | 'output'>,
  now: () => string,
  currents?: CurrentRuns,
  catalog?: Catalog,
) {
  return async ({ pass, ...run }: CommitInput): Promise<RunRecord> => {
    const committed = await readJsonIfThere(output, outputKeys.record(run), runRecordSchema);
    if (committed) return publish(run, committed);
    const inputs = await readJson(work, workKeys.inputs(run), frozenInputsSchema);
    const header = await readJson(work, workKeys.planHeader(run), planHeaderSchema);
    const plan = await readJsonLines(work, workKeys.plan(run), partitionSchema);
    const model = await readJson(work, workKeys.model(run, pass), modelSchema);
    const audit = await readJsonIfThere(work, workKeys.audit(run, 0), auditSchema);
    const groups = await readGroups(run, pass, header);
    const receipts = groups.flatMap((group) => group.receipts);
    const failures = groups.flatMap((group) => group.failures);
    await removeFailedParts(run, pass, failures);
    const listed: ObjectHead[] = [];
    for await (const head of output.list(outputKeys.data(run, pass))) listed.push(head);
    reconcile({ plan, receipts, failures, listed, toleratedFailures: header.toleratedFailures });

    const metrics = groups.flatMap((group) => group.metrics);
    const completeModel = modelOfAllRows(model, metrics);
    for (const [group, reduced] of groups.entries()) {
      await writeReproducible(output, outputKeys.metricsGroup(run, group), metricsTable(reduced.metrics));
      await writeReproducible(
        output,
        outputKeys.tasksGroup(run, group),
        tasksTable(reduced.receipts.map(({ task }) => task)),
      );
    }
    await writeReproducible(output, outputKeys.componentsFile(run), componentsTable(completeModel));
    await writeReproducible(output, outputKeys.model(run), encodeJson(completeModel));
    const omitted = await omittedColumns(listed);
    const createdAt = now();
    const record: RunRecord = {
      dataset: inputs.dataset,
      dataset_id: run.datasetId,
      run_id: run.runId,
      order: inputs.order,
      created_at: createdAt,
      status: failures.length === 0 ? 'complete' : 'partial',
      objects: header.objects,
      rows: receipts.reduce((sum, { rows }) => sum + rows, 0),
      bytes_in: header.bytesIn,
      bytes_out: receipts.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      partitions: header.partitions,
      failed_partitions: failures.length,
      failures: failures.map(({ partition, firstObject, reason }) => ({
        partition,
        first_object: firstObject,
        reason,
      })),
      passes: pass + 1,
      seconds: Math.max(0, (Date.parse(createdAt) - Date.parse(inputs.order)) / 1000),
      ...tasksUsed(await readTasks(run, pass, header, receipts)),
      estimated_dollars: header.estimatedDollars,
      data_location: outputKeys.data(run, pass),
      metrics_location: outputKeys.metrics(run),
      model_key: outputKeys.model(run),
      configuration: inputs.configuration ?? '{}',
      omitted_columns: omitted,
      columns: runColumnsOf(completeModel, metrics),
      audit: audit?.columns ?? [],
    };
    return publish(run, await writeJsonOnce(output, outputKeys.record(run), record, runRecordSchema));
  };

  async function publish(run: RunReference, record: RunRecord): Promise<RunRecord> {
    await catalog?.addPartitions(run);
    if (currents) {
      await publishNewest({ work, output }, currents, { ...run, order: record.order });
      if (catalog) await followCurrentRun(output, currents, catalog, run.datasetId);
    }
    await removeSuperseded(run, record.passes);
    return record;
  }

  /** All parts have one schema; a run of which no part is left has none. */
  async function omittedColumns([first]: ObjectHead[]): Promise<OmittedColumn[]> {
    if (!first) return [];
    return tableColumns(await readFooter(output, first.key, first.etag, first.sizeBytes)).omitted;
  }

  async function readGroups(run: RunReference, pass: number, header: PlanHeader) {
    const groups = [];
    for (let group = 0; group < header.reduceGroups; group++) {
      groups.push(await readJson(work, workKeys.reduced(run, pass, group), reducedGroupSchema));
    }
    return groups;
  }

  /** Of every pass: a pass that was superseded was paid for too. */
  async function readTasks(run: RunReference, pass: number, header: PlanHeader, receipts: readonly Receipt[]) {
    const earlier = [];
    for (let before = 0; before < pass; before++) earlier.push(...(await readGroups(run, before, header)));
    return [...earlier.flatMap((group) => group.receipts), ...receipts].map(({ task }) => task);
  }

  /** Once the record points at the last pass, the parts of those before it are nobody's. */
  async function removeSuperseded(run: RunReference, passes: number) {
    for (let earlier = 0; earlier < passes - 1; earlier++) {
      const keys = [];
      for await (const { key } of output.list(outputKeys.data(run, earlier))) keys.push(key);
      for (const key of keys) await output.remove(key);
    }
  }

  /** A worker may have died between its part and its receipt; a tolerated failure must not leave rows behind. */
  async function removeFailedParts(run: RunReference, pass: number, failures: { partition: number }[]) {
    for (const { partition } of failures) await output.remove(outputKeys.part(run, pass, partition));
  }
}
