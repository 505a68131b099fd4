import { describe, expect, it } from 'vitest';
import { SummaryBuilder } from '../../shared/summary/summary-builder.ts';
import {
  decodeSummaries,
  decodeSummary,
  encodeSummaries,
  readSummaryIndex,
  SUMMARY_HEADER_BYTES,
  summaryIndexEnd,
} from '../../shared/summary/summary-file.ts';

const column = (name: string, length: number) => {
  const builder = new SummaryBuilder({ centre: 0, decimals: { floatBits: 64 } });
  builder.add(
    Float64Array.from({ length }, (_, i) => Math.sqrt(i)),
    new Uint8Array(length).fill(1),
    0,
  );
  return { name, summary: builder.finish() };
};
const columns = [column('a', 5), column('b', 3000), column('', 0)];
const file = encodeSummaries(columns);

describe('readSummaryIndex', () => {
  it('lets a reader fetch the header, the index and only its own blocks', () => {
    const indexEnd = summaryIndexEnd(file.slice(0, SUMMARY_HEADER_BYTES));
    const index = readSummaryIndex(file.slice(0, indexEnd));
    expect(index.map(({ name }) => name)).toEqual(['a', 'b', '']);
    for (const [i, { start, end }] of index.entries()) {
      expect(decodeSummary(file.subarray(start, end))).toEqual(columns[i].summary);
    }
    expect(index[0].start).toBe(indexEnd);
    expect(index.at(-1)?.end).toBe(file.length);
  });

  it('refuses what is no summary file, or too little of one', () => {
    expect(() => readSummaryIndex(Uint8Array.of(1, 2, 3))).toThrow('a summary file must begin with MMS2');
    expect(() => readSummaryIndex(new Uint8Array(100))).toThrow('a summary file must begin with MMS2');
    expect(() => readSummaryIndex(file.slice(0, 12))).toThrow('the index must end within 12 bytes, it ends at');
    expect(() => decodeSummaries(file.slice(0, -1))).toThrow(`must hold ${file.length} bytes, got ${file.length - 1}`);
  });
});

describe('decodeSummaries', () => {
  it('gives the columns in the file order, from any place in a buffer', () => {
    const shifted = new Uint8Array(file.length + 3);
    shifted.set(file, 3);
    expect(decodeSummaries(shifted.subarray(3))).toEqual(columns);
  });

  it('holds no columns where none were written', () => {
    expect(decodeSummaries(encodeSummaries([]))).toEqual([]);
  });
});
