import { columnOptionsOf } from '../../shared/contract/configuration.ts';
import type { MetricsRow } from '../../shared/contract/metrics.ts';
import type { Model } from '../../shared/contract/model.ts';
import type { Partition } from '../../shared/contract/stages.ts';
import type { ParquetFooter, RowGroup, TopLevelColumn } from '../../shared/parquet/footer-types.ts';
import { encodeConstant } from '../../shared/parquet/write/encode-constant.ts';
import { encodeComponents, encodeNormalized } from '../../shared/parquet/write/encode-pair.ts';
import { outputKeyValues } from '../../shared/parquet/write/output-columns.ts';
import { PartWriter } from '../../shared/parquet/write/part-writer.ts';
import { folderColumnsOf } from '../../shared/partition/folder-columns.ts';
import type { ObjectStore } from '../../shared/store/object-store.ts';
import type { ColumnSummary } from '../../shared/summary/column-summary.ts';
import type { FooterCache } from '../footer-cache.ts';
import { ReadAhead } from '../read-ahead.ts';
import type { ValueBuffers } from '../value-buffers.ts';
import { ColumnWork } from './column-work.ts';
import type { Kernels } from './kernels.ts';
import { outputColumnsOf } from './output-columns.ts';
import { fetchesOf, type Want } from './part-fetches.ts';
import type { PartOutput } from './part-output.ts';
import { Stopwatch, type TransformProbes } from './probes.ts';
import { readFooters, requireColumns } from './read-footers.ts';

/** What a partition leaves behind besides its data. */
export interface PartReport {
  metrics: MetricsRow[];
  summaries: { name: string; summary: ColumnSummary }[];
  bytesRead: number;
  seconds: { read: number; transform: number; write: number };
}

/** What it takes to go through a partition. */
export interface PartRequest {
  input: ObjectStore;
  footers: FooterCache;
  part: PartOutput;
  partition: Partition;
  model: Model;
  probes: TransformProbes;
  buffers: ValueBuffers;
  kernels: Kernels;
}

/**
 * Write one data part: row group by row group, column by column in schema order.
 *
 * Untouched column chunks are copied as they are; a normalized one is decoded, applied and encoded as its pair. Memory
 * holds one column chunk at a time and what is read ahead, whatever the number of columns and rows.
 */
export async function writePart(request: PartRequest): Promise<PartReport> {
  const { input, footers, part, partition, model, probes, buffers, kernels } = request;
  const stopwatch = new Stopwatch(probes.now);
  const footerBytesBefore = footers.bytesRead;
  const sources = await stopwatch.time('read', () => readFooters(footers, partition));
  const [{ footer: first, slice: firstSlice }] = sources;
  const folders = folderColumnsOf(firstSlice.key);
  const works = new Map(
    model.columns.map((column) => [
      column.name,
      new ColumnWork(column, columnOptionsOf(model.options, column.name), model.options.seed, kernels, buffers),
    ]),
  );
  requireColumns(first.columns, works.keys(), firstSlice.key);
  const columns = outputColumnsOf(first, model, folders);
  const writer = await PartWriter.start(part, columns, outputKeyValues(sources.map(({ footer }) => footer.keyValues)));
  const footerBytes = footers.bytesRead - footerBytesBefore;
  const reader = new ReadAhead(input, fetchesOf(partition.root, sources, wantIn(model, works)), buffers.reads);

  for (const { slice, footer } of sources) {
    const key = `${partition.root}${slice.key}`;
    for (const work of works.values()) work.startObject(slice.key);
    for (const rowGroup of footer.rowGroups.slice(slice.rowGroupStart, slice.rowGroupEnd)) {
      if (rowGroup.rows === 0) continue;
      writer.beginRowGroup(rowGroup.rows);
      const place = { writer, reader, footer, rowGroup, key, stopwatch, buffers };
      for (const column of footer.columns) await writeColumn(place, column, works.get(column.name), model);
      for (const { value } of folderColumnsOf(slice.key))
        await writer.appendChunk(encodeConstant(value, rowGroup.rows));
      writer.endRowGroup();
      probes.onRows?.(rowGroup.rows);
    }
  }
  reader.finish();
  await stopwatch.time('write', () => writer.finish());
  const reports = [...works].map(([name, work]) => ({ name, ...work.finish(model.pass, partition.partition) }));
  return {
    metrics: reports.map(({ metrics }) => metrics),
    summaries: reports.map(({ name, summary }) => ({ name, summary })),
    bytesRead: footerBytes + reader.bytesRead,
    seconds: stopwatch.seconds,
  };
}

/** What a part needs of each column: a chunk that is decoded, in one piece; of one that is only copied, the bytes. */
function wantIn({ options }: Model, works: ReadonlyMap<string, ColumnWork>) {
  return ({ name }: TopLevelColumn): Want => {
    if (columnOptionsOf(options, name).action === 'drop') return 'not';
    return works.has(name) ? 'whole' : 'pieces';
  };
}

/** Where a column chunk comes from and goes to. */
interface Place {
  writer: PartWriter;
  reader: ReadAhead;
  footer: ParquetFooter;
  rowGroup: RowGroup;
  /** of the object, in the store */
  key: string;
  stopwatch: Stopwatch;
  buffers: ValueBuffers;
}

async function writeColumn(
  { writer, reader, footer, rowGroup, key, stopwatch, buffers }: Place,
  column: TopLevelColumn,
  work: ColumnWork | undefined,
  { options }: Model,
): Promise<void> {
  const { action, keepOriginal } = columnOptionsOf(options, column.name);
  if (action === 'drop') return;
  if (!work || keepOriginal) {
    for (const chunk of rowGroup.chunks.slice(column.leafStart, column.leafEnd)) {
      const pieces = reader.pieces(key, chunk);
      await stopwatch.time('write', () => writer.spliceChunk(chunk, pieces, footer.hasColumnOrders));
    }
  }
  if (!work) return;
  const bytes = await stopwatch.time('read', () => reader.whole(key, rowGroup.chunks[column.leafStart]));
  const { normalized, normalizedValid, components, componentValid } = stopwatch.timeSync('transform', () =>
    work.apply(footer, column, rowGroup, bytes, key),
  );
  // one after the other, in the same memory
  for (const encode of [
    () => encodeNormalized(normalized, normalizedValid, buffers.pageMemory()),
    () => encodeComponents(components, componentValid, buffers.pageMemory()),
  ]) {
    const chunk = stopwatch.timeSync('transform', encode);
    await stopwatch.time('write', () => writer.appendChunk(chunk));
  }
}
