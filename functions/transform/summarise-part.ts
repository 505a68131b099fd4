import type { TopLevelColumn } from '../../shared/parquet/footer-types.ts';
import { encodeSummary } from '../../shared/summary/summary-block.ts';
import type { SummaryBuilder } from '../../shared/summary/summary-builder.ts';
import { decodeValues } from '../decode-values.ts';
import { ReadAhead } from '../read-ahead.ts';
import { fetchesOf } from './part-fetches.ts';
import { Stopwatch } from './probes.ts';
import { readFooters, requireColumns } from './read-footers.ts';
import { rowGroupPlaces } from './row-group-places.ts';
import { summaryBuilderOf } from './summary-builder-of.ts';
import type { PartReport, PartRequest } from './write-part.ts';

/**
 * Summarise the model's columns of one partition, row group by row group, and write nothing else: what the first pass does
 * where all rows are to be seen before any is written.
 */
export async function summarisePart({
  input,
  footers,
  partition,
  model,
  probes,
  buffers,
  summaries,
}: Omit<PartRequest, 'part'>): Promise<PartReport> {
  const stopwatch = new Stopwatch(probes.now);
  const footerBytesBefore = footers.bytesRead;
  const sources = await stopwatch.time('read', () => readFooters(footers, partition));
  const models = new Map(model.columns.map((column) => [column.name, column]));
  requireColumns(sources[0].footer.columns, models.keys(), sources[0].slice.key);
  const footerBytes = footers.bytesRead - footerBytesBefore;
  const wanted = ({ name }: TopLevelColumn) => (models.has(name) ? 'whole' : 'not');
  const reader = new ReadAhead(input, fetchesOf(partition.root, sources, wanted), buffers.reads);
  const builders = new Map<string, SummaryBuilder>();
  for (const { footer, rowGroup, key, isLast } of rowGroupPlaces(partition, sources)) {
    for (const column of footer.columns) {
      const columnModel = models.get(column.name);
      if (!columnModel) continue;
      const builder = builders.get(column.name) ?? summaryBuilderOf(columnModel);
      builders.set(column.name, builder);
      const bytes = await stopwatch.time('read', () => reader.whole(key, rowGroup.chunks[column.leafStart]));
      stopwatch.timeSync('transform', () => {
        const { values, valid, inexact } = decodeValues(footer, column, rowGroup, bytes, key, buffers);
        builder.add(values, valid, inexact);
      });
      if (!isLast) continue;
      builders.delete(column.name);
      await stopwatch.time('write', () => summaries.append(column.name, encodeSummary(builder.finish())));
    }
    probes.onRows?.(rowGroup.rows);
  }
  reader.finish();
  return { metrics: [], bytesRead: footerBytes + reader.bytesRead, seconds: stopwatch.seconds };
}
