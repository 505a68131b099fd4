import type { InputObject } from '../../shared/contract/stages.ts';
import { transformBytesNeeded } from '../../shared/parquet/budget.ts';
import { type ByteRange, smallExtentOf } from '../../shared/parquet/chunk-reads.ts';
import { footerRequests } from '../../shared/parquet/footer.ts';
import type { ParquetFooter } from '../../shared/parquet/footer-types.ts';
import type { PlannedObject } from '../../shared/partition/plan-partitions.ts';
import type { LeafSignature } from '../../shared/partition/schema-agreement.ts';
import type { Candidate } from './decide-by-schema.ts';
import type { ColumnRange } from './extremes.ts';

/** What plan keeps of an object once its footer is read: plain numbers, not the footer. */
export interface ObjectFacts extends PlannedObject {
  leaves: LeafSignature[];
  /** requests that reading the footer takes */
  footerReads: number;
  rowGroups: { rows: number; totalBytes: number; candidateBytes: number; smallExtent: ByteRange | undefined }[];
  /** the column chunk that needs most memory to decode and encode again */
  largestNeed: { bytes: number; column: string; rowGroup: number };
  /** one per candidate column: its extremes by the footer's statistics */
  ranges: ColumnRange[];
}

/** Reduce a footer to what the planner needs. */
export function objectFactsOf(
  object: InputObject,
  footer: ParquetFooter,
  candidates: readonly Candidate[],
): ObjectFacts {
  const largestNeed = { bytes: 0, column: '', rowGroup: 0 };
  const ranges = candidates.map((): ColumnRange => ({ minimum: null, maximum: null }));
  const rowGroups = footer.rowGroups.map((group, rowGroup) => {
    const { rows, totalBytes, chunks } = group;
    let candidateBytes = 0;
    for (const [i, { column, leaf }] of candidates.entries()) {
      const chunk = chunks[leaf];
      candidateBytes += chunk.uncompressedBytes;
      const bytes = transformBytesNeeded(chunk, footer.leaves[leaf], rows);
      if (bytes > largestNeed.bytes) Object.assign(largestNeed, { bytes, column: column.name, rowGroup });
      widen(ranges[i], rowGroup, chunk.minimum, chunk.maximum);
    }
    return { rows, totalBytes, candidateBytes, smallExtent: smallExtentOf(group) };
  });
  return {
    ...object,
    fingerprint: fingerprintOf(footer),
    leaves: signaturesOf(footer),
    footerReads: footerRequests(footer.footerBytes),
    rowGroups,
    largestNeed,
    ranges,
  };
}

function widen(range: ColumnRange, rowGroup: number, minimum: number | null, maximum: number | null): void {
  if (minimum !== null && (range.minimum === null || minimum < range.minimum.value)) {
    range.minimum = { value: minimum, rowGroup };
  }
  if (maximum !== null && (range.maximum === null || maximum > range.maximum.value)) {
    range.maximum = { value: maximum, rowGroup };
  }
}

/** Annotated or not, these are one type. */
const SAME_AS: Record<string, string> = { 'INTEGER(32, signed)': 'INT32', 'INTEGER(64, signed)': 'INT64' };

/** The leaves of an object, as far as all objects of a dataset must agree on them. */
export function signaturesOf({ columns, leaves }: ParquetFooter): LeafSignature[] {
  return columns.flatMap(({ leafStart, leafEnd, typeName }) =>
    leaves.slice(leafStart, leafEnd).map(({ path, physicalType, typeLength }) => ({
      path: path.join('.'),
      type:
        path.length === 1
          ? (SAME_AS[typeName] ?? typeName)
          : `${physicalType}${typeLength > 0 ? `(${typeLength})` : ''} in ${typeName}`,
    })),
  );
}

/** Row groups can share a part only where their levels mean the same and no flag changes what their values mean. */
function fingerprintOf({ leaves, keyValues }: ParquetFooter): string {
  const levels = leaves.map((leaf) => `${leaf.maxDefinitionLevel}.${leaf.maxRepetitionLevel}`);
  const flags = keyValues
    .filter(({ key }) => key.startsWith('org.apache.spark.legacy') || key.endsWith('timeZone'))
    .map(({ key, value }) => `${key}=${value}`)
    .sort();
  return JSON.stringify([levels, flags]);
}
