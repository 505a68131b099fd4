import { OURS } from './fit-ours.ts';
import type { ColumnResult, Score } from './judgement.ts';
import { TARGETS } from './targets.ts';
import { failuresOf, floorOf, isExact, prototypeExcess } from './verdict.ts';

/** Headings and contents of a row. */
type Cells = [heading: string, cell: string][];

/** Bits and what they are held against, as Markdown: those of the floor and of ours in all, the rest over the floor. */
export function bitsTable(results: Record<string, ColumnResult>): string {
  return table(results, (name, { judgement, peers }) => {
    const { truth, contestants } = judgement;
    const floor = floorOf(judgement);
    const ours = contestants[OURS.rows];
    const over = (contestant: string): string => fourDigits(contestants[contestant].bits - floor);
    return [
      ['floor, bits', floor.toFixed(4)],
      ['modemap, bits', ours.bits.toFixed(4)],
      ['modemap', over(OURS.rows)],
      ['prototype', fourDigits(prototypeExcess(TARGETS[name], judgement))],
      ['fresh rows', ours.freshBits === null ? '-' : fourDigits(ours.freshBits - truth.fresh!)],
      ['from the summary', over(OURS.summary)],
      ["on the peers' rows", over(OURS.sample)],
      ...(peers ? (['scikit-learn', 'RDT'].map((peer) => [peer, over(peer)]) as Cells) : []),
    ];
  });
}

/** What comes back and what it takes, as Markdown, with what a column was to show and does not. */
export function errorsTable(results: Record<string, ColumnResult>): string {
  return table(results, (name, result) => {
    const { judgement, ours } = result;
    const { binSeconds, fitSeconds } = ours[OURS.rows];
    return [
      ...errorCells('modemap', judgement.contestants[OURS.rows], judgement.step),
      ['s to bin', binSeconds.toFixed(2)],
      ['s to fit', fitSeconds.toFixed(2)],
      ...cellsOfPeers(result),
      ['misses', failuresOf(TARGETS[name], result).join(', ') || 'nothing'],
    ];
  });
}

function cellsOfPeers({ judgement, peers }: ColumnResult): Cells {
  if (!peers) return [];
  const { 'scikit-learn': scikitLearn, RDT: rdt } = peers.contestants;
  const applySeconds = rdt.transformSeconds + rdt.reverseSeconds;
  return [
    ...errorCells('scikit-learn', judgement.contestants['scikit-learn'], judgement.step),
    ['s to fit', `${scikitLearn.fitSeconds.toFixed(1)}${scikitLearn.converged ? '' : ' \\*'}`],
    ...errorCells('RDT', rdt, judgement.step),
    ['s to fit', rdt.fitSeconds.toFixed(1)],
    ['µs a value', ((applySeconds / rdt.transformedRows) * 1e6).toFixed(1)],
  ];
}

function errorCells(contestant: string, score: Pick<Score, 'rmse' | 'largestError' | 'clipped'>, step: number): Cells {
  return [
    [`${contestant}: RMSE`, isExact(score, step) ? '0' : score.rmse.toPrecision(2)],
    ['clipped', score.clipped === 0 ? '0' : score.clipped.toExponential(1)],
  ];
}

function table(results: Record<string, ColumnResult>, cellsOf: (name: string, result: ColumnResult) => Cells): string {
  const rows = Object.entries(results).map(
    ([name, result]): Cells => [['column', TARGETS[name].what], ...cellsOf(name, result)],
  );
  const headings = rows[0].map(([heading]) => heading);
  const cells = rows.map((row) => row.map(([, cell]) => cell));
  const widths = headings.map((heading, i) => Math.max(heading.length, ...cells.map((row) => row[i].length)));
  const line = (row: string[]) => `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |\n`;
  return [headings, widths.map((width) => '-'.repeat(width)), ...cells].map(line).join('');
}

/** Without the sign of what rounds to nothing. */
const fourDigits = (bits: number) => bits.toFixed(4).replace(/^-(0\.0+)$/, '$1');
