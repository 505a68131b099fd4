import { OURS } from './fit-ours.ts';
import type { ColumnResult, Score } from './judgement.ts';
import { TARGETS } from './targets.ts';
import { bitsToCompare, failuresOf, isExact, limitOf } from './verdict.ts';

/** A cell's heading and content. */
type Cells = [heading: string, cell: string][];

/** Bits and what they are held against, as Markdown. */
export function bitsTable(results: Record<string, ColumnResult>): string {
  return table(results, (name, { judgement, peers }) => {
    const { truth, entropy, contestants } = judgement;
    const ours = contestants[OURS.rows];
    const over = ({ bits }: Score) => bitsToCompare(bits, truth.train).toFixed(4);
    const limit = limitOf(TARGETS[name]);
    return [
      ['truth, or entropy of the values', truth.train === null ? `(${entropy.toFixed(4)})` : truth.train.toFixed(4)],
      ['modemap', ours.bits.toFixed(4)],
      ['over the truth', over(ours)],
      ['limit', limit.toFixed(4)],
      ['on fresh rows', ours.freshBits === null ? '-' : (ours.freshBits - truth.fresh!).toFixed(4)],
      ['from the summary', over(contestants[OURS.summary])],
      ["on the peers' rows", over(contestants[OURS.sample])],
      ...(peers ? ([['scikit-learn', over(contestants['scikit-learn'])]] as Cells) : []),
    ];
  });
}

/** What comes back, what it takes, and the verdict. */
export function errorsTable(results: Record<string, ColumnResult>): string {
  return table(results, (name, result) => {
    const { judgement, ours, peers } = result;
    const { step, contestants } = judgement;
    const rmse = (score: Pick<Score, 'rmse' | 'largestError'>) =>
      isExact(score, step) ? '0' : score.rmse.toPrecision(2);
    const share = (value: number) => (value === 0 ? '0' : value.toExponential(1));
    const { binSeconds, fitSeconds } = ours[OURS.rows];
    const cellsOfPeers = (): Cells => {
      const { 'scikit-learn': sklearn, RDT: rdt } = peers!.contestants;
      const score = contestants['scikit-learn'];
      return [
        ['scikit-learn: RMSE', rmse(score)],
        ['clipped', share(score.clipped)],
        ['s to fit', `${sklearn.fitSeconds.toFixed(1)}${sklearn.converged ? '' : ' *'}`],
        ['RDT: RMSE', rmse(rdt)],
        ['clipped', share(rdt.clipped)],
        ['s to fit', rdt.fitSeconds.toFixed(1)],
        ['µs a value', (((rdt.transformSeconds + rdt.reverseSeconds) / rdt.transformedRows) * 1e6).toFixed(1)],
      ];
    };
    return [
      ['modemap: RMSE', rmse(contestants[OURS.rows])],
      ['clipped', share(contestants[OURS.rows].clipped)],
      ['s to bin', binSeconds.toFixed(2)],
      ['s to fit', fitSeconds.toFixed(2)],
      ...(peers ? cellsOfPeers() : []),
      ['misses', failuresOf(TARGETS[name], result).join(', ') || 'nothing'],
    ];
  });
}

function table(results: Record<string, ColumnResult>, cellsOf: (name: string, result: ColumnResult) => Cells): string {
  const rows = Object.entries(results).map(
    ([name, result]): Cells => [['column', TARGETS[name].what], ...cellsOf(name, result)],
  );
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`;
  const headings = rows[0].map(([heading]) => heading);
  return [headings, headings.map(() => '---'), ...rows.map((cells) => cells.map(([, cell]) => cell))]
    .map(line)
    .join('');
}
