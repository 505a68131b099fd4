import { describe, expect, it } from 'vitest';
import { encodeSummaryIndex, readSummaryIndex, summaryIndexStart } from '../../shared/summary/summary-file.ts';

const blocks = [
  { name: 'a', length: 3 },
  { name: 'größe', length: 70_000 },
  { name: '', length: 0 },
];
const end = encodeSummaryIndex(blocks);
const file = Buffer.concat([new Uint8Array(70_003).fill(7), end]);

describe('readSummaryIndex', () => {
  it('finds every block from the last bytes of the file, as many as it has or more', () => {
    const expected = [
      { name: 'a', start: 0, end: 3 },
      { name: 'größe', start: 3, end: 70_003 },
      { name: '', start: 70_003, end: 70_003 },
    ];
    expect(summaryIndexStart(file.subarray(-8), file.length)).toBe(70_003);
    for (const tail of [end, file, file.subarray(-end.length - 1)])
      expect(readSummaryIndex(tail, file.length)).toEqual(expected);
  });

  it('finds none where none were written', () => {
    const empty = encodeSummaryIndex([]);
    expect(readSummaryIndex(empty, empty.length)).toEqual([]);
  });

  it('refuses what is no summary file, is cut short, or too little of one', () => {
    const refusal = 'a summary file must end with MMS3';
    expect(() => readSummaryIndex(Uint8Array.of(1, 2, 3), 3)).toThrow(refusal);
    expect(() => readSummaryIndex(new Uint8Array(100), 100)).toThrow(refusal);
    expect(() => readSummaryIndex(file.subarray(0, -1), file.length - 1)).toThrow(refusal);
    expect(() => readSummaryIndex(file.subarray(1), file.length - 1)).toThrow(
      'the blocks of a summary file must end at 70002, they end at 70003',
    );
    expect(() => readSummaryIndex(file.subarray(-12), file.length)).toThrow(
      `the index must be read from byte 70003 on, got the last 12 bytes of ${file.length}`,
    );
    expect(() => summaryIndexStart(end.subarray(-8), 8)).toThrow('the index must lie within 8 bytes, it begins at -');
  });
});
