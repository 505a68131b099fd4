import { columnOptionsOf } from '../../shared/contract/configuration.ts';
import type { MetricsRow } from '../../shared/contract/metrics.ts';
import type { ColumnModel, Model } from '../../shared/contract/model.ts';
import type { Partition } from '../../shared/contract/stages.ts';
import type { TopLevelColumn } from '../../shared/parquet/footer-types.ts';
import { encodeConstant } from '../../shared/parquet/write/encode-constant.ts';
import { encodeComponents, encodeNormalized } from '../../shared/parquet/write/encode-pair.ts';
import { outputKeyValues } from '../../shared/parquet/write/output-columns.ts';
import { PartWriter } from '../../shared/parquet/write/part-writer.ts';
import { folderColumnsOf } from '../../shared/partition/folder-columns.ts';
import type { ObjectStore } from '../../shared/store/object-store.ts';
import { encodeSummary } from '../../shared/summary/summary-block.ts';
import type { FooterCache } from '../footer-cache.ts';
import { ReadAhead } from '../read-ahead.ts';
import type { ReproducibleWriter } from '../reproducible-writer.ts';
import type { SummaryWriter } from '../summary-writer.ts';
import type { ValueBuffers } from '../value-buffers.ts';
import { ColumnWork } from './column-work.ts';
import type { Kernels } from './kernels.ts';
import { outputColumnsOf } from './output-columns.ts';
import { fetchesOf, type Want } from './part-fetches.ts';
import { Stopwatch, type TransformProbes } from './probes.ts';
import { readFooters, requireColumns } from './read-footers.ts';
import { type RowGroupPlace, rowGroupPlaces } from './row-group-places.ts';

/** What a partition leaves behind besides its data and its summaries. */
export interface PartReport {
  metrics: MetricsRow[];
  bytesRead: number;
  seconds: { read: number; transform: number; write: number };
}

/** What it takes to go through a partition. */
export interface PartRequest {
  input: ObjectStore;
  footers: FooterCache;
  part: ReproducibleWriter;
  summaries: SummaryWriter;
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
 * holds one column chunk at a time and what is read ahead, whatever the number of columns and rows; of columns that
 * have rows to come also their metrics and cells, which go with the last one.
 */
export async function writePart(request: PartRequest): Promise<PartReport> {
  const { input, footers, part, partition, model, probes, buffers } = request;
  const stopwatch = new Stopwatch(probes.now);
  const footerBytesBefore = footers.bytesRead;
  const sources = await stopwatch.time('read', () => readFooters(footers, partition));
  const [{ footer: first, slice: firstSlice }] = sources;
  const models = new Map(model.columns.map((column) => [column.name, column]));
  requireColumns(first.columns, models.keys(), firstSlice.key);
  const columns = outputColumnsOf(first, model, folderColumnsOf(firstSlice.key));
  const writer = await PartWriter.start(part, columns, outputKeyValues(sources.map(({ footer }) => footer.keyValues)));
  const footerBytes = footers.bytesRead - footerBytesBefore;
  const reader = new ReadAhead(input, fetchesOf(partition.root, sources, wantIn(model, models)), buffers.reads);
  const way: Way = { ...request, writer, reader, stopwatch, works: new Map(), metrics: new Map() };

  for (const place of rowGroupPlaces(partition, sources)) {
    const { footer, rowGroup, object } = place;
    writer.beginRowGroup(rowGroup.rows);
    for (const column of footer.columns) await writeColumn(way, place, column, models.get(column.name));
    for (const { value } of folderColumnsOf(object)) await writer.appendChunk(encodeConstant(value, rowGroup.rows));
    writer.endRowGroup();
    probes.onRows?.(rowGroup.rows);
  }
  reader.finish();
  await stopwatch.time('write', () => writer.finish());
  return {
    metrics: model.columns.map(({ name }) => way.metrics.get(name)!),
    bytesRead: footerBytes + reader.bytesRead,
    seconds: stopwatch.seconds,
  };
}

/** What a part needs of each column: a chunk that is decoded, in one piece; of one that is only copied, the bytes. */
function wantIn({ options }: Model, models: ReadonlyMap<string, ColumnModel>) {
  return ({ name }: TopLevelColumn): Want => {
    if (columnOptionsOf(options, name).action === 'drop') return 'not';
    return models.has(name) ? 'whole' : 'pieces';
  };
}

/** How column chunks go from the input to the part. */
interface Way extends PartRequest {
  writer: PartWriter;
  reader: ReadAhead;
  stopwatch: Stopwatch;
  /** by column, from its first chunk to its last */
  works: Map<string, ColumnWork>;
  /** of the columns that are done */
  metrics: Map<string, MetricsRow>;
}

async function writeColumn(
  way: Way,
  place: RowGroupPlace,
  column: TopLevelColumn,
  columnModel: ColumnModel | undefined,
): Promise<void> {
  const { writer, reader, stopwatch, model } = way;
  const { footer, rowGroup, key } = place;
  const { action, keepOriginal } = columnOptionsOf(model.options, column.name);
  if (action === 'drop') return;
  if (!columnModel || keepOriginal) {
    for (const chunk of rowGroup.chunks.slice(column.leafStart, column.leafEnd)) {
      const pieces = reader.pieces(key, chunk);
      await stopwatch.time('write', () => writer.spliceChunk(chunk, pieces, footer.hasColumnOrders));
    }
  }
  if (!columnModel) return;
  await writePair(way, place, column, columnModel);
  if (place.isLast) await leaveBehind(way, columnModel);
}

async function writePair(way: Way, place: RowGroupPlace, column: TopLevelColumn, columnModel: ColumnModel) {
  const { writer, reader, stopwatch, buffers, works } = way;
  const work = works.get(column.name) ?? workOn(columnModel, way);
  works.set(column.name, work);
  const chunk = place.rowGroup.chunks[column.leafStart];
  const bytes = await stopwatch.time('read', () => reader.whole(place.key, chunk));
  const { normalized, normalizedValid, components, componentValid } = stopwatch.timeSync('transform', () =>
    work.apply(place, column, bytes),
  );
  // one after the other, in the same memory
  for (const encode of [
    () => encodeNormalized(normalized, normalizedValid, buffers.pageMemory()),
    () => encodeComponents(components, componentValid, buffers.pageMemory()),
  ]) {
    const encoded = stopwatch.timeSync('transform', encode);
    await stopwatch.time('write', () => writer.appendChunk(encoded));
  }
}

const workOn = (column: ColumnModel, { model: { options }, kernels, buffers }: PartRequest) =>
  new ColumnWork(column, columnOptionsOf(options, column.name), options.seed, kernels, buffers);

/** The column has no rows to come: what the partition leaves of it is measured and written, and its memory is free. */
async function leaveBehind({ works, metrics, summaries, stopwatch, model, partition }: Way, { name }: ColumnModel) {
  const left = stopwatch.timeSync('transform', () => {
    const { metrics, summary } = works.get(name)!.finish(model.pass, partition.partition);
    return { metrics, block: encodeSummary(summary) };
  });
  works.delete(name);
  metrics.set(name, left.metrics);
  await stopwatch.time('write', () => summaries.append(name, left.block));
}
