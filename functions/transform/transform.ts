import pLimit from 'p-limit';
import { ModemapError, StoreUnavailableError } from '../../shared/contract/errors.ts';
import { outputKeys, workKeys } from '../../shared/contract/keys.ts';
import { type Model, modelSchema } from '../../shared/contract/model.ts';
import type { PartitionFailure, Receipt } from '../../shared/contract/receipt.ts';
import { receiptSchema } from '../../shared/contract/receipt.ts';
import type { TransformInput, TransformOutput } from '../../shared/contract/stages.ts';
import type { ObjectStore, Stores } from '../../shared/store/object-store.ts';
import { FooterCache } from '../footer-cache.ts';
import { ReproducibleWriter } from '../reproducible-writer.ts';
import { encodeJson, readJson, readJsonIfThere, writeJsonOnce, writeReproducible } from '../stage-io.ts';
import { SummaryWriter } from '../summary-writer.ts';
import { ValueBuffers } from '../value-buffers.ts';
import { Kernels } from './kernels.ts';
import type { TransformProbes } from './probes.ts';
import { summarisePart } from './summarise-part.ts';
import { type PartReport, writePart } from './write-part.ts';

/**
 * The transform stage: one partition in; its data part, metrics, summary and, last, its receipt out.
 *
 * With `fit: "full"` pass 0 only summarises: there is no data part before all rows have been seen.
 *
 * Partitions asked for at the same time take turns; while one is written through to the disk, the next is worked on.
 *
 * A repetition writes the same bytes under the same keys or finds them there, so retries, duplicates and late workers
 * change nothing. A partition that has a receipt is not touched again.
 */
export function makeTransform({ input, work, output }: Stores, probes: TransformProbes) {
  const readModel = cachedModel(work);
  const footers = new FooterCache(input);
  const buffers = new ValueBuffers();
  const kernels = new Kernels();
  // what is asked for meanwhile waits for the buffers, not for the disk
  const turn = pLimit(1);
  return async (task: TransformInput): Promise<TransformOutput> => {
    const { partition, pass } = task;
    const receiptKey = workKeys.receipt(task, pass, partition.partition);
    const stored = await readJsonIfThere(work, receiptKey, receiptSchema);
    if (stored) {
      probes.onRows?.(stored.rows);
      return outputOf(stored);
    }
    try {
      const model = await readModel(workKeys.model(task, pass));
      const summarises = model.options.fit === 'full' && pass === 0;
      const key = summarises ? '' : outputKeys.part(task, pass, partition.partition);
      const { partition: number } = partition;
      const summaries = new SummaryWriter(work, workKeys.summary(task, pass, number));
      const { part, report } = await turn(async () => {
        const part = summarises ? undefined : await ReproducibleWriter.open(output, key);
        const request = { input, footers, summaries, partition, model, probes, buffers, kernels };
        try {
          return { part, report: await (part ? writePart({ ...request, part }) : summarisePart(request)) };
        } catch (error) {
          await Promise.all([part?.abort(), summaries.abort()]);
          throw error;
        }
      });
      // each waits for its disk or its request; only the receipt has to come after all of them
      const [etag = ''] = await Promise.all([
        part?.close(),
        writeReproducible(work, workKeys.metrics(task, pass, number), encodeJson(report.metrics)),
        summaries.close(),
      ]);
      const receipt = receiptOf(task, key, etag, part, report, probes);
      return outputOf(await writeJsonOnce(work, receiptKey, receipt, receiptSchema));
    } catch (error) {
      if (error instanceof ModemapError && !(error instanceof StoreUnavailableError))
        await reportFailure(work, task, error);
      throw error;
    }
  };
}

function receiptOf(
  { pass, partition }: TransformInput,
  key: string,
  etag: string,
  part: ReproducibleWriter | undefined,
  report: PartReport,
  probes: TransformProbes,
): Receipt {
  const { partition: number, rows, firstRow, slices } = partition;
  return {
    partition: number,
    pass,
    key,
    etag,
    rows,
    sizeBytes: part?.sizeBytes ?? 0,
    sha256: part?.sha256 ?? '',
    task: {
      pass,
      partition: number,
      firstObject: slices[0].key,
      firstRow,
      objects: new Set(slices.map((slice) => slice.key)).size,
      rows,
      bytesRead: report.bytesRead,
      bytesWritten: part?.sizeBytes ?? 0,
      secondsRead: report.seconds.read,
      secondsTransform: report.seconds.transform,
      secondsWrite: report.seconds.write,
      peakMemoryBytes: probes.peakMemoryBytes(),
    },
  };
}

async function reportFailure(work: ObjectStore, { pass, partition, ...run }: TransformInput, error: ModemapError) {
  const failure: PartitionFailure = {
    partition: partition.partition,
    pass,
    firstObject: partition.slices[0].key,
    name: error.name,
    reason: error.message,
  };
  await work.write(workKeys.failedPartition(run, pass, partition.partition), encodeJson(failure));
}

/** A warm worker meets the same model again and again. */
function cachedModel(work: ObjectStore): (key: string) => Promise<Model> {
  let cached: { key: string; model: Promise<Model> } | undefined;
  return (key) => {
    if (cached?.key !== key) {
      const model = readJson(work, key, modelSchema);
      model.catch(() => {
        cached = undefined;
      });
      cached = { key, model };
    }
    return cached.model;
  };
}

const outputOf = ({ partition, rows, sizeBytes }: Receipt): TransformOutput => ({ partition, rows, sizeBytes });
