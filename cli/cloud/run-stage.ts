import type { ExecutionView, MapView } from './execution-view.ts';

/** What a run does at a moment, in words. */
export interface RunStage {
  label: string;
  /** partitions (or groups of them) that are counted; undefined where nothing is */
  counts: Pick<MapView, 'total' | 'done' | 'failed'> | undefined;
}

const RUNNING: Record<string, string> = { transform: 'transforming', reduce: 'merging summaries' };
const AFTER: Record<string, string> = { transform: 'merging summaries', reduce: 'looking back, committing' };

/** The stage that follows from which maps have run: what stands between maps is not counted. */
export function stageOf({ maps }: Pick<ExecutionView, 'maps'>): RunStage {
  const last = maps.at(-1);
  if (!last) return { label: 'planning, fitting to the sample', counts: undefined };
  if (!last.isRunning) return { label: AFTER[last.label] ?? last.label, counts: undefined };
  const again = last.pass > 0 ? ' again, by the better model' : '';
  return { label: `${RUNNING[last.label] ?? last.label}${again}`, counts: last };
}

/** One line: `transforming: 120 of 400 done, 2 failed`. */
export function stageText(view: Pick<ExecutionView, 'maps'>): string {
  const { label, counts } = stageOf(view);
  if (!counts) return label;
  const failed = counts.failed > 0 ? `, ${integer(counts.failed)} failed` : '';
  return `${label}: ${integer(counts.done)} of ${integer(counts.total)} done${failed}`;
}

const integer = (value: number) => value.toLocaleString('en');
