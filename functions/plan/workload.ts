import { LIMITS } from '../../shared/contract/limits.ts';
import type { Partition, SamplePlan } from '../../shared/contract/stages.ts';
import type { Workload } from '../../shared/contract/workload.ts';
import type { ColumnChunk, ParquetFooter, RowGroup } from '../../shared/parquet/footer-types.ts';
import type { ObjectFacts } from './object-facts.ts';

/** Adds up what fetching the column chunks of all objects takes; the order of calls does not matter. */
export class FetchTally {
  #smallRowGroups = 0;
  readonly #columns: Workload['columns'];

  /** @param columns number of top-level columns */
  constructor(columns: number) {
    this.#columns = Array.from({ length: columns }, () => ({ bytes: 0, wholeReads: 0, pieceReads: 0 }));
  }

  add({ columns, rowGroups }: ParquetFooter): void {
    for (const rowGroup of rowGroups) {
      if (rowGroup.rows === 0) continue;
      const isSmall = extentOf(rowGroup) <= LIMITS.fetchBytes;
      if (isSmall) this.#smallRowGroups++;
      for (const [i, { leafStart, leafEnd }] of columns.entries()) {
        const chunks = rowGroup.chunks.slice(leafStart, leafEnd);
        this.#columns[i].bytes += sumOf(chunks, lengthOf);
        if (isSmall) continue;
        this.#columns[i].wholeReads++;
        this.#columns[i].pieceReads += sumOf(chunks, (chunk) => Math.ceil(lengthOf(chunk) / LIMITS.fetchBytes));
      }
    }
  }

  /** Row groups and columns as added so far. */
  totals(): Pick<Workload, 'smallRowGroups' | 'columns'> {
    return { smallRowGroups: this.#smallRowGroups, columns: this.#columns };
  }
}

const lengthOf = ({ start, end }: ColumnChunk) => end - start;

const extentOf = ({ chunks }: RowGroup) =>
  chunks.reduce((end, chunk) => Math.max(end, chunk.end), 0) -
  chunks.reduce((start, chunk) => Math.min(start, chunk.start), Number.POSITIVE_INFINITY);

/** The workload of a plan. */
export function workloadOf({ facts, partitions, sample, columnGroups, fetches }: PlannedWork): Workload {
  const footerReads = new Map(facts.map((object) => [object.key, object.footerReads]));
  return {
    decodedBytes: sumOf(partitions, ({ decodedBytes }) => decodedBytes),
    largestPartitionBytes: partitions.reduce((most, { decodedBytes }) => Math.max(most, decodedBytes), 0),
    footerReads: sumOf(facts, (object) => object.footerReads),
    partitionFooterReads: sumOf(partitions, ({ slices }) => readsInTurn(slices, footerReads)),
    sampleReads: columnGroups.map((names) => sampleReads(sample, names, footerReads)),
    sampleBytes: sampleBytes(facts, sample),
    ...fetches.totals(),
  };
}

interface PlannedWork {
  facts: readonly ObjectFacts[];
  partitions: readonly Partition[];
  sample: SamplePlan;
  columnGroups: readonly (readonly string[])[];
  fetches: FetchTally;
}

/** Requests with which one fit invocation reads its columns of the sample: footers, chunks, and chunks of extremes. */
function sampleReads(
  { rowGroups, extremes }: SamplePlan,
  names: readonly string[],
  footerReads: ReadonlyMap<string, number>,
): number {
  // a column may be called `constructor`
  const outside = names.flatMap((name) => (Object.hasOwn(extremes, name) ? extremes[name] : []));
  return readsInTurn([...rowGroups, ...outside], footerReads) + rowGroups.length * names.length + outside.length;
}

/** Requests for the footers of some objects one after the other, where only the last footer is remembered. */
function readsInTurn(sources: readonly { key: string }[], footerReads: ReadonlyMap<string, number>): number {
  const fetched = sources.filter(({ key }, i) => sources[i - 1]?.key !== key);
  return sumOf(fetched, ({ key }) => footerReads.get(key) ?? 1);
}

function sampleBytes(facts: readonly ObjectFacts[], { rowGroups }: SamplePlan): number {
  const groupsOf = new Map(facts.map((object) => [object.key, object.rowGroups]));
  return sumOf(rowGroups, ({ key, rowGroup }) => groupsOf.get(key)?.[rowGroup].candidateBytes ?? 0);
}

function sumOf<T>(values: readonly T[], figure: (value: T) => number): number {
  return values.reduce((sum, value) => sum + figure(value), 0);
}
