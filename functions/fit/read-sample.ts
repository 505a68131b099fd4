import type { SamplePlan } from '../../shared/contract/stages.ts';
import { toDoubles } from '../../shared/parquet/column-values.ts';
import { decodeColumn } from '../../shared/parquet/decode-column.ts';
import type { ParquetFooter, TopLevelColumn } from '../../shared/parquet/footer-types.ts';
import type { ObjectStore } from '../../shared/store/object-store.ts';
import { FooterCache } from '../footer-cache.ts';
import { SampledColumn } from './sampled-column.ts';

/** What the fit sees of its columns. */
export interface Sample {
  columns: SampledColumn[];
  /** rows read, null or not */
  rows: number;
}

/**
 * Read the sample of some columns, row group by row group: one footer an object, one column chunk in memory at a time.
 *
 * After the evenly spaced rows come, for each column, the row groups whose statistics hold its extremes: of these only
 * the values outside the range seen so far count, each for itself.
 */
export async function readSample(input: ObjectStore, plan: SamplePlan, names: readonly string[]): Promise<Sample> {
  const footers = new FooterCache(input);
  const columns = new Map<string, SampledColumn>();
  let rows = 0;
  for (const source of plan.rowGroups) {
    const footer = await footers.of({ ...source, key: `${plan.root}${source.key}` });
    for (const name of names) {
      const column = columnNamed(footer, name, source.key);
      const sampled = columns.get(name) ?? new SampledColumn(column, footer.leaves[column.leafStart]);
      columns.set(name, sampled);
      const { values, valid } = await readColumn(input, plan.root, source, footer, column);
      sampled.add(values, valid, source);
    }
    const groupRows = footer.rowGroups[source.rowGroup].rows;
    rows += Math.max(0, Math.ceil((groupRows - source.offset) / source.step));
  }
  for (const name of names) {
    // a column may be called `constructor`
    const extremes = Object.hasOwn(plan.extremes, name) ? plan.extremes[name] : [];
    for (const source of extremes) {
      const footer = await footers.of({ ...source, key: `${plan.root}${source.key}` });
      const { values, valid } = await readColumn(
        input,
        plan.root,
        source,
        footer,
        columnNamed(footer, name, source.key),
      );
      columns.get(name)?.addOutside(values, valid);
    }
  }
  return { columns: [...columns.values()], rows };
}

interface Source {
  key: string;
  etag: string;
  sizeBytes: number;
  rowGroup: number;
}

async function readColumn(
  input: ObjectStore,
  root: string,
  source: Source,
  footer: ParquetFooter,
  column: TopLevelColumn,
) {
  const { rows, chunks } = footer.rowGroups[source.rowGroup];
  const chunk = chunks[column.leafStart];
  const key = `${root}${source.key}`;
  const bytes = await input.read(key, { start: chunk.start, end: chunk.end, etag: source.etag });
  const decoded = decodeColumn(column, footer.leaves[column.leafStart], chunk, bytes, rows, key);
  try {
    return toDoubles(decoded, column.numeric!);
  } finally {
    decoded.free();
  }
}

function columnNamed({ columns }: ParquetFooter, name: string, key: string): TopLevelColumn {
  const column = columns.find((candidate) => candidate.name === name);
  if (!column?.numeric) throw new Error(`plan must have checked that ${key} has the numeric column ${name}`);
  return column;
}
