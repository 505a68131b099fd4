import { createHash } from 'node:crypto';
import pLimit from 'p-limit';
import { InputChangedError, ModemapError, StoreUnavailableError } from '../../shared/contract/errors.ts';
import { outputKeys, workKeys } from '../../shared/contract/keys.ts';
import { type Model, modelSchema } from '../../shared/contract/model.ts';
import type { PartitionFailure, Receipt } from '../../shared/contract/receipt.ts';
import { receiptSchema } from '../../shared/contract/receipt.ts';
import type { TransformInput, TransformOutput } from '../../shared/contract/stages.ts';
import type { ObjectStore, ObjectWriter, Stores } from '../../shared/store/object-store.ts';
import { encodeSummaries } from '../../shared/summary/summary-file.ts';
import { FooterCache } from '../footer-cache.ts';
import { encodeJson, readJson, readJsonIfThere, writeJsonOnce, writeReproducible } from '../stage-io.ts';
import { ValueBuffers } from '../value-buffers.ts';
import { Kernels } from './kernels.ts';
import { PartOutput } from './part-output.ts';
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
      const { part, report } = await turn(async () => {
        const part = new PartOutput(summarises ? NOWHERE : await output.openWrite(key));
        try {
          const request = { input, footers, part, partition, model, probes, buffers, kernels };
          return { part, report: summarises ? await summarisePart(request) : await writePart(request) };
        } catch (error) {
          await part.abort();
          throw error;
        }
      });
      // each waits for its disk or its request; only the receipt has to come after all of them
      const { partition: number } = partition;
      const [etag] = await Promise.all([
        summarises ? '' : publish(output, key, part),
        writeReproducible(work, workKeys.metrics(task, pass, number), encodeJson(report.metrics)),
        writeReproducible(work, workKeys.summary(task, pass, number), encodeSummaries(report.summaries)),
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

/** A pass that only summarises writes no part. */
const NOWHERE: ObjectWriter = {
  write: async () => {},
  close: async () => ({ status: 'exists' }),
  abort: async () => {},
};

/** Make the part visible; one that is there already must be this one. */
async function publish(output: ObjectStore, key: string, part: PartOutput): Promise<string> {
  const outcome = await part.close();
  if (outcome.status === 'written') return outcome.etag;
  const head = await output.head(key);
  if (!head) throw new InputChangedError(`${key} was there and is gone: do not change the output of a run under way`);
  const stored = createHash('sha256');
  for (let start = 0; start < head.sizeBytes; start += 8_000_000) {
    stored.update(await output.read(key, { start, end: Math.min(start + 8_000_000, head.sizeBytes), etag: head.etag }));
  }
  if (stored.digest('hex') !== part.sha256) throw new Error(`a retry must write the same bytes, ${key} holds others`);
  return head.etag;
}

function receiptOf(
  { pass, partition }: TransformInput,
  key: string,
  etag: string,
  part: PartOutput,
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
    sizeBytes: part.sizeBytes,
    sha256: part.sha256,
    task: {
      pass,
      partition: number,
      firstObject: slices[0].key,
      firstRow,
      objects: new Set(slices.map((slice) => slice.key)).size,
      rows,
      bytesRead: report.bytesRead,
      bytesWritten: part.sizeBytes,
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
