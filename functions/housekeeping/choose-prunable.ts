import type { DatasetRun } from './dataset-runs.ts';

/** Why a run stays. */
export type KeptReason = 'current' | 'among the newest' | 'young' | 'may be read' | 'under way';

export interface Choice {
  run: DatasetRun;
  /** undefined: it may go */
  kept: KeptReason | undefined;
}

/** Queries that began on the run before may still read it; Athena ends one after half an hour, people take longer. */
export const MINIMUM_AGE_MS = 24 * 3_600_000;

/**
 * Choose which runs of a dataset may go.
 *
 * @param runs of one dataset, the newest first
 * @param keep how many of the newest stay
 * @param now ms since 1970
 * @param lastLeft when readers were last turned from a run to another one, by run id, ms since 1970
 * @param underWay ids of runs that somebody is working on
 */
export function choosePrunable(
  runs: readonly DatasetRun[],
  keep: number,
  now: number,
  lastLeft: ReadonlyMap<string, number>,
  underWay: readonly string[],
): Choice[] {
  return runs.map((run, i) => ({ run, kept: reasonFor(run, i) }));

  function reasonFor({ record, isCurrent }: DatasetRun, i: number): KeptReason | undefined {
    const youngest = now - MINIMUM_AGE_MS;
    if (isCurrent) return 'current';
    if (i < keep) return 'among the newest';
    if (underWay.includes(record.run_id)) return 'under way';
    if (Date.parse(record.created_at) > youngest) return 'young';
    const left = Math.max(lastLeft.get(record.run_id) ?? 0, followedAt(i));
    return left > youngest ? 'may be read' : undefined;
  }

  /** Where readers take the newest run, they left this one when the first newer one was committed. */
  function followedAt(i: number): number {
    return Math.min(...runs.slice(0, i).map(({ record }) => Date.parse(record.created_at)));
  }
}
