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
import { ColumnWork } from './column-work.ts';
import { outputColumnsOf } from './output-columns.ts';
import type { PartOutput } from './part-output.ts';
import { Stopwatch, type TransformProbes } from './probes.ts';
import { readFooters, requireColumns } from './read-footers.ts';
import { RowGroupReader } from './row-group-reader.ts';

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
}

/**
 * Write one data part: row group by row group, column by column in schema order.
 *
 * Untouched column chunks are copied as they are; a normalized one is decoded, applied and encoded as its pair. Memory
 * holds one column chunk at a time, whatever the number of columns and rows.
 */
export async function writePart(request: PartRequest): Promise<PartReport> {
  const { input, footers, part, partition, model, probes } = request;
  const stopwatch = new Stopwatch(probes.now);
  const footerBytesBefore = footers.bytesRead;
  const sources = await stopwatch.time('read', () => readFooters(footers, partition));
  const [{ footer: first, slice: firstSlice }] = sources;
  const folders = folderColumnsOf(firstSlice.key);
  const works = new Map(
    model.columns.map((column) => [
      column.name,
      new ColumnWork(column, columnOptionsOf(model.options, column.name), model.options.seed),
    ]),
  );
  requireColumns(first.columns, works.keys(), firstSlice.key);
  const columns = outputColumnsOf(first, model, folders);
  const writer = await PartWriter.start(part, columns, outputKeyValues(sources.map(({ footer }) => footer.keyValues)));
  let bytesRead = footers.bytesRead - footerBytesBefore;

  for (const { slice, footer } of sources) {
    for (const work of works.values()) work.startObject(slice.key);
    for (const rowGroup of footer.rowGroups.slice(slice.rowGroupStart, slice.rowGroupEnd)) {
      if (rowGroup.rows === 0) continue;
      const reader = new RowGroupReader(input, { ...slice, key: `${partition.root}${slice.key}` }, rowGroup);
      writer.beginRowGroup(rowGroup.rows);
      for (const column of footer.columns)
        await writeColumn(writer, reader, footer, rowGroup, column, works, request, stopwatch);
      for (const { value } of folderColumnsOf(slice.key))
        await writer.appendChunk(encodeConstant(value, rowGroup.rows));
      writer.endRowGroup();
      bytesRead += reader.bytesRead;
      probes.onRows?.(rowGroup.rows);
    }
  }
  await stopwatch.time('write', () => writer.finish());
  const reports = [...works].map(([name, work]) => ({ name, ...work.finish(model.pass, partition.partition) }));
  return {
    metrics: reports.map(({ metrics }) => metrics),
    summaries: reports.map(({ name, summary }) => ({ name, summary })),
    bytesRead,
    seconds: stopwatch.seconds,
  };
}

async function writeColumn(
  writer: PartWriter,
  reader: RowGroupReader,
  footer: ParquetFooter,
  rowGroup: RowGroup,
  column: TopLevelColumn,
  works: ReadonlyMap<string, ColumnWork>,
  { model }: PartRequest,
  stopwatch: Stopwatch,
): Promise<void> {
  const { action, keepOriginal } = columnOptionsOf(model.options, column.name);
  if (action === 'drop') return;
  const work = works.get(column.name);
  if (!work || keepOriginal) {
    for (const chunk of rowGroup.chunks.slice(column.leafStart, column.leafEnd)) {
      await stopwatch.time('write', () => writer.spliceChunk(chunk, reader.pieces(chunk), footer.hasColumnOrders));
    }
  }
  if (!work) return;
  const chunk = rowGroup.chunks[column.leafStart];
  const bytes = await stopwatch.time('read', () => reader.whole(chunk));
  const encoded = stopwatch.timeSync('transform', () => {
    const pair = work.apply(footer, column, rowGroup, bytes, reader.key);
    return [
      encodeNormalized(pair.normalized, pair.normalizedValid),
      encodeComponents(pair.components, pair.componentValid),
    ];
  });
  for (const pages of encoded) await stopwatch.time('write', () => writer.appendChunk(pages));
}
