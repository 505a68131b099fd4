import fc from 'fast-check';
import { expect, it } from 'vitest';
import { inflateLiterals } from '../../../shared/parquet/snappy.ts';

type Element = { literal: number[]; wide: boolean } | { back: number; count: number; kind: 1 | 2 | 3 };

const literal = fc.record({
  literal: fc.oneof(
    fc.array(fc.nat({ max: 255 }), { minLength: 1, maxLength: 80 }),
    fc.array(fc.nat({ max: 255 }), { minLength: 300, maxLength: 400 }),
  ),
  wide: fc.boolean(),
});
const copy = fc.record({
  back: fc.integer({ min: 1, max: 3000 }),
  count: fc.integer({ min: 4, max: 11 }),
  kind: fc.constantFrom(1, 2, 3),
}) as fc.Arbitrary<Element>;

/** A block of these elements, as the format describes it, and what it holds; copies reach back no farther than there is. */
function blockOf(elements: readonly Element[]): { block: Uint8Array; content: number[] } {
  const body: number[] = [];
  const content: number[] = [];
  for (const element of elements) {
    if ('literal' in element) {
      const size = element.literal.length;
      if (size > 60 || element.wide) body.push(61 << 2, (size - 1) & 255, (size - 1) >> 8);
      else body.push((size - 1) << 2);
      body.push(...element.literal);
      content.push(...element.literal);
      continue;
    }
    const back = Math.min(element.back, content.length, element.kind === 1 ? 2047 : 65_535);
    if (element.kind === 1) body.push(1 | ((element.count - 4) << 2) | ((back >> 8) << 5), back & 255);
    else if (element.kind === 2) body.push(2 | ((element.count - 1) << 2), back & 255, back >> 8);
    else body.push(3 | ((element.count - 1) << 2), back & 255, back >> 8, 0, 0);
    for (let i = 0; i < element.count; i++) content.push(content[content.length - back]);
  }
  const { length } = content;
  return { block: Uint8Array.of((length & 127) | 128, ((length >> 7) & 127) | 128, length >> 14, ...body), content };
}

const elements = fc
  .tuple(literal, fc.array(fc.oneof(literal, copy), { maxLength: 60 }))
  .map(([first, others]): Element[] => [first, ...others]);

it('inflates what a block holds, the head apart', () => {
  fc.assert(
    fc.property(elements, fc.nat({ max: 10 }), (all, headLength) => {
      const { block, content } = blockOf(all);
      fc.pre(headLength <= content.length);
      const target = new Uint8Array(content.length - headLength).fill(9);
      const head = inflateLiterals(block, target, headLength);
      const [first] = all;
      // a copy may reach back into the head, which is not there
      if (head === undefined) {
        expect('literal' in first && (first.literal.length < headLength || headLength > 0)).toBe(true);
        return;
      }
      expect(Buffer.concat([head, target])).toEqual(Buffer.from(content));
    }),
    { numRuns: 1000 },
  );
});

it('leaves a block of many short elements, and one that is cut or goes on', () => {
  const short = Array.from({ length: 200 }, (): Element => ({ literal: [1, 2, 3], wide: false }));
  expect(inflateLiterals(blockOf(short).block, new Uint8Array(600), 0)).toBeUndefined();
  const { block, content } = blockOf([{ literal: Array(500).fill(3), wide: true }]);
  expect(inflateLiterals(block, new Uint8Array(content.length), 0)).toEqual(new Uint8Array(0));
  for (let end = 0; end < block.length; end++) {
    expect(inflateLiterals(block.subarray(0, end), new Uint8Array(content.length), 0)).toBeUndefined();
  }
  expect(inflateLiterals(Uint8Array.of(...block, 0, 5), new Uint8Array(content.length), 0)).toBeUndefined();
});
