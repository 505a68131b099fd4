import type { SamplePlan } from '../../shared/contract/stages.ts';
import type { ColumnValues } from '../../shared/parquet/column-values.ts';
import type { LeafColumn, ParquetFooter, TopLevelColumn } from '../../shared/parquet/footer-types.ts';
import type { ObjectStore } from '../../shared/store/object-store.ts';
import { decodeValues } from '../decode-values.ts';
import { FooterCache } from '../footer-cache.ts';
import { type Fetch, ReadAhead } from '../read-ahead.ts';
import { ValueBuffers } from '../value-buffers.ts';
import { SampledColumn } from './sampled-column.ts';

/** What the fit sees of its columns. */
export interface Sample {
  columns: SampledColumn[];
  /** rows read, null or not */
  rows: number;
}

/** A row group, and the columns that are wanted of it. */
interface Wanted<S> {
  source: S;
  names: readonly string[];
}

type Source = SamplePlan['extremes'][string][number];

/**
 * Read the sample of some columns, row group by row group: one footer an object, one column chunk decoded at a time while
 * the next ones are fetched.
 *
 * After the evenly spaced rows come, for each column, the row groups whose statistics hold its extremes: of these only
 * the values outside the range seen so far count, each for itself. Where such a row group is sampled too, it is read once.
 *
 * @param footers of the input, for a caller who reads several samples of it
 */
export async function readSample(
  input: ObjectStore,
  plan: SamplePlan,
  names: readonly string[],
  footers = new FooterCache(input),
): Promise<Sample> {
  const columns = new Map<string, SampledColumn>();
  const outside = new Map<string, Float64Array>();
  const buffers = new ValueBuffers();
  // a column may be called `constructor`
  const extremes = names.flatMap((name) =>
    (Object.hasOwn(plan.extremes, name) ? plan.extremes[name] : []).map((source) => ({ source, name })),
  );
  const isExtreme = new Set(extremes.map(({ source, name }) => idOf(source, name)));

  let rows = 0;
  const evenly = plan.rowGroups.map((source) => ({ source, names }));
  for await (const { source, name, leaf, column, values, valid } of readChunks(
    input,
    footers,
    plan.root,
    evenly,
    buffers,
  )) {
    const sampled = columns.get(name) ?? new SampledColumn(column, leaf);
    columns.set(name, sampled);
    sampled.add(values, valid, source);
    if (isExtreme.has(idOf(source, name))) outside.set(idOf(source, name), sampled.outsideOf(values, valid));
    if (name === names[0]) rows += Math.max(0, Math.ceil((valid.length - source.offset) / source.step));
  }

  const others = extremes
    .filter(({ source, name }) => !outside.has(idOf(source, name)))
    .map(({ source, name }) => ({ source, names: [name] }));
  const chunks = readChunks(input, footers, plan.root, others, buffers);
  for (const { source, name } of extremes) {
    const sampled = columns.get(name)!;
    let beyond = outside.get(idOf(source, name));
    if (!beyond) {
      const { values, valid } = (await chunks.next()).value!;
      beyond = sampled.outsideOf(values, valid);
    }
    sampled.addOutside(beyond);
  }
  return { columns: [...columns.values()], rows };
}

const idOf = ({ key, rowGroup }: Source, name: string) => JSON.stringify([name, rowGroup, key]);

/** A decoded column chunk, valid until the next one is asked for. */
interface ReadChunk<S> extends Pick<ColumnValues, 'values' | 'valid'> {
  source: S;
  name: string;
  column: TopLevelColumn;
  leaf: LeafColumn;
}

/** Read chunks in their order, fetched ahead of their use within an object; the next object's footer is fetched meanwhile. */
async function* readChunks<S extends Source>(
  input: ObjectStore,
  footers: FooterCache,
  root: string,
  wanted: readonly Wanted<S>[],
  buffers: ValueBuffers,
): AsyncGenerator<ReadChunk<S>, undefined> {
  const footerOf = ({ source }: Wanted<S>) => footers.of({ ...source, key: `${root}${source.key}` });
  let next = wanted.length > 0 ? footerOf(wanted[0]) : undefined;
  for (let start = 0; start < wanted.length; ) {
    let end = start + 1;
    while (end < wanted.length && wanted[end].source.key === wanted[start].source.key) end++;
    const footer = await next!;
    next = end < wanted.length ? footerOf(wanted[end]) : undefined;
    // whoever waits for it hears of a failure; after another failure nobody does
    next?.catch(() => undefined);
    const ofObject = wanted.slice(start, end);
    const reader = new ReadAhead(input, fetchesOf(footer, root, ofObject), buffers.reads);
    for (const { source, names } of ofObject) {
      const key = `${root}${source.key}`;
      const rowGroup = footer.rowGroups[source.rowGroup];
      for (const name of names) {
        const column = columnNamed(footer, name, source.key);
        const bytes = await reader.whole(key, rowGroup.chunks[column.leafStart]);
        const { values, valid } = decodeValues(footer, column, rowGroup, bytes, key, buffers);
        yield { source, name, column, leaf: footer.leaves[column.leafStart], values, valid };
      }
    }
    start = end;
  }
  return undefined;
}

/** One request a chunk. */
function* fetchesOf(footer: ParquetFooter, root: string, wanted: readonly Wanted<Source>[]): Generator<Fetch> {
  for (const { source, names } of wanted) {
    for (const name of names) {
      const { leafStart } = columnNamed(footer, name, source.key);
      const { start, end } = footer.rowGroups[source.rowGroup].chunks[leafStart];
      yield { key: `${root}${source.key}`, etag: source.etag, start, end };
    }
  }
}

function columnNamed({ columns }: ParquetFooter, name: string, key: string): TopLevelColumn {
  const column = columns.find((candidate) => candidate.name === name);
  if (!column?.numeric) throw new Error(`plan must have checked that ${key} has the numeric column ${name}`);
  return column;
}
