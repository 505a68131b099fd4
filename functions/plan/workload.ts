import { LIMITS } from '../../shared/contract/limits.ts';
import type { Partition, SamplePlan } from '../../shared/contract/stages.ts';
import type { Workload } from '../../shared/contract/workload.ts';
import { chunkReads, countExtentReads, smallExtentOf, type WantedColumn } from '../../shared/parquet/chunk-reads.ts';
import type { ParquetFooter, RowGroup } from '../../shared/parquet/footer-types.ts';
import type { ObjectFacts } from './object-facts.ts';

type Fetches = Pick<Workload, 'mergedReads' | 'candidateReads' | 'columns'>;

/** Adds up what fetching the column chunks of all row groups takes that are not small; the order of calls does not matter. */
export class FetchTally {
  readonly #isDropped: readonly boolean[];
  readonly #isCandidate: readonly boolean[];
  readonly totals: Fetches;

  /** one entry a top-level column: what the configuration drops, what the fit looks at */
  constructor(isDropped: readonly boolean[], isCandidate: readonly boolean[]) {
    this.#isDropped = isDropped;
    this.#isCandidate = isCandidate;
    const columns = isDropped.map(() => ({ bytes: 0, wholeReads: 0, pieceReads: 0 }));
    this.totals = { mergedReads: 0, candidateReads: 0, columns };
  }

  add({ columns, rowGroups }: ParquetFooter): void {
    const wanted = columns.map((column) => ({ ...column, isWhole: true }));
    const kept = wanted.filter((_, i) => !this.#isDropped[i]);
    const candidates = wanted.filter((_, i) => this.#isCandidate[i]);
    for (const rowGroup of rowGroups) {
      if (rowGroup.rows === 0) continue;
      const isSmall = smallExtentOf(rowGroup) !== undefined;
      for (const [i, { leafStart, leafEnd }] of columns.entries()) {
        const tally = this.totals.columns[i];
        const lengths = rowGroup.chunks.slice(leafStart, leafEnd).map(({ start, end }) => end - start);
        tally.bytes += sumOf(lengths, (length) => length);
        if (isSmall) continue;
        tally.wholeReads += lengths.filter(isLarge).length;
        tally.pieceReads += sumOf(lengths.filter(isLarge), (length) => Math.ceil(length / LIMITS.fetchBytes));
      }
      if (isSmall) continue;
      this.totals.mergedReads += mergedReads(rowGroup, kept);
      this.totals.candidateReads += mergedReads(rowGroup, candidates);
    }
  }
}

const isLarge = (length: number) => length > LIMITS.fetchBytes;

/** Requests for the chunks that are not large. */
function mergedReads(rowGroup: RowGroup, wanted: readonly WantedColumn[]): number {
  const all = Array.from(chunkReads(rowGroup, wanted));
  const chunks = wanted.flatMap(({ leafStart, leafEnd }) => rowGroup.chunks.slice(leafStart, leafEnd));
  return all.length - chunks.filter(({ start, end }) => isLarge(end - start)).length;
}

/** Requests that fetch the small row groups of all partitions. */
function smallReads(partitions: readonly Partition[], facts: readonly ObjectFacts[]): number {
  const groupsOf = new Map(facts.map(({ key, rowGroups }) => [key, rowGroups]));
  return sumOf(partitions, ({ slices }) =>
    sumOf(slices, ({ key, rowGroupStart, rowGroupEnd }) => {
      const groups = groupsOf.get(key)?.slice(rowGroupStart, rowGroupEnd) ?? [];
      return countExtentReads(groups.map(({ smallExtent }) => smallExtent));
    }),
  );
}

/** The workload of a plan. */
export function workloadOf({ facts, partitions, sample, columnGroups, columnsAtOnce, fetches }: PlannedWork): Workload {
  const footerReads = new Map(facts.map((object) => [object.key, object.footerReads]));
  return {
    decodedBytes: sumOf(partitions, ({ decodedBytes }) => decodedBytes),
    largestPartitionBytes: partitions.reduce((most, { decodedBytes }) => Math.max(most, decodedBytes), 0),
    footerReads: sumOf(facts, (object) => object.footerReads),
    partitionFooterReads: sumOf(partitions, ({ slices }) => readsInTurn(slices, footerReads)),
    sampleReads: columnGroups.map((names) => sampleReads(sample, names, columnsAtOnce, footerReads)),
    sampleBytes: sampleBytes(facts, sample),
    smallReads: smallReads(partitions, facts),
    ...fetches.totals,
  };
}

interface PlannedWork {
  facts: readonly ObjectFacts[];
  partitions: readonly Partition[];
  sample: SamplePlan;
  columnGroups: readonly (readonly string[])[];
  /** of a group, that one fit invocation reads together */
  columnsAtOnce: number;
  fetches: FetchTally;
}

/** Requests with which one fit invocation reads its columns of the sample: footers, chunks, and chunks of extremes. */
function sampleReads(
  { rowGroups, extremes }: SamplePlan,
  names: readonly string[],
  columnsAtOnce: number,
  footerReads: ReadonlyMap<string, number>,
): number {
  const isSampled = new Set(rowGroups.map(({ key, rowGroup }) => `${rowGroup} ${key}`));
  let reads = 0;
  let last: string | undefined;
  for (let start = 0; start < names.length; start += columnsAtOnce) {
    const together = names.slice(start, start + columnsAtOnce);
    // a column may be called `constructor`
    const outside = together.flatMap((name) => (Object.hasOwn(extremes, name) ? extremes[name] : []));
    const others = outside.filter(({ key, rowGroup }) => !isSampled.has(`${rowGroup} ${key}`));
    const sources = [...rowGroups, ...others];
    reads += readsInTurn(sources, footerReads, last) + rowGroups.length * together.length + others.length;
    last = sources.at(-1)?.key ?? last;
  }
  return reads;
}

/** Requests for the footers of some objects one after the other, where only the last footer is remembered. */
function readsInTurn(
  sources: readonly { key: string }[],
  footerReads: ReadonlyMap<string, number>,
  last?: string,
): number {
  const fetched = sources.filter(({ key }, i) => (i > 0 ? sources[i - 1].key : last) !== key);
  return sumOf(fetched, ({ key }) => footerReads.get(key) ?? 1);
}

function sampleBytes(facts: readonly ObjectFacts[], { rowGroups }: SamplePlan): number {
  const groupsOf = new Map(facts.map((object) => [object.key, object.rowGroups]));
  return sumOf(rowGroups, ({ key, rowGroup }) => groupsOf.get(key)?.[rowGroup].candidateBytes ?? 0);
}

function sumOf<T>(values: readonly T[], figure: (value: T) => number): number {
  return values.reduce((sum, value) => sum + figure(value), 0);
}
