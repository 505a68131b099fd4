import type { TopLevelColumn } from '../../shared/parquet/footer-types.ts';
import { decodeValues } from '../decode-values.ts';
import { ReadAhead } from '../read-ahead.ts';
import { fetchesOf } from './part-fetches.ts';
import { Stopwatch } from './probes.ts';
import { readFooters, requireColumns } from './read-footers.ts';
import { summaryBuilderOf } from './summary-builder-of.ts';
import type { PartReport, PartRequest } from './write-part.ts';

/**
 * Summarise the model's columns of one partition, row group by row group, and write nothing: what the first pass does
 * where all rows are to be seen before any is written.
 */
export async function summarisePart({
  input,
  footers,
  partition,
  model,
  probes,
  buffers,
}: Omit<PartRequest, 'part'>): Promise<PartReport> {
  const stopwatch = new Stopwatch(probes.now);
  const footerBytesBefore = footers.bytesRead;
  const sources = await stopwatch.time('read', () => readFooters(footers, partition));
  const builders = new Map(model.columns.map((column) => [column.name, summaryBuilderOf(column)]));
  requireColumns(sources[0].footer.columns, builders.keys(), sources[0].slice.key);
  const footerBytes = footers.bytesRead - footerBytesBefore;
  const wanted = ({ name }: TopLevelColumn) => (builders.has(name) ? 'whole' : 'not');
  const reader = new ReadAhead(input, fetchesOf(partition.root, sources, wanted), buffers.reads);
  for (const { slice, footer } of sources) {
    const key = `${partition.root}${slice.key}`;
    for (const rowGroup of footer.rowGroups.slice(slice.rowGroupStart, slice.rowGroupEnd)) {
      if (rowGroup.rows === 0) continue;
      for (const column of footer.columns) {
        const builder = builders.get(column.name);
        if (!builder) continue;
        const bytes = await stopwatch.time('read', () => reader.whole(key, rowGroup.chunks[column.leafStart]));
        stopwatch.timeSync('transform', () => {
          const { values, valid, inexact } = decodeValues(footer, column, rowGroup, bytes, key, buffers);
          builder.add(values, valid, inexact);
        });
      }
      probes.onRows?.(rowGroup.rows);
    }
  }
  reader.finish();
  const summaries = [...builders].map(([name, builder]) => ({ name, summary: builder.finish() }));
  return { metrics: [], summaries, bytesRead: footerBytes + reader.bytesRead, seconds: stopwatch.seconds };
}
