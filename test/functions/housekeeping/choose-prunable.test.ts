import { describe, expect, it } from 'vitest';
import { choosePrunable } from '../../../functions/housekeeping/choose-prunable.ts';
import { recordOf } from '../../support/run-fixture.ts';

const HOUR_MS = 3_600_000;
const NOW = Date.parse('2026-03-10T00:00:00Z');

/** A run that was committed so many hours ago. */
const run = (runId: string, hours: number, isCurrent = false) => {
  const time = new Date(NOW - hours * HOUR_MS).toISOString();
  return { record: recordOf({ datasetId: 'd', runId }, { order: time, created_at: time }), isCurrent };
};

const kept = (
  runs: ReturnType<typeof run>[],
  keep: number,
  left: Record<string, number> = {},
  underWay: string[] = [],
) => {
  const hoursAgo = Object.entries(left).map(([id, hours]) => [id, NOW - hours * HOUR_MS] as const);
  return choosePrunable(runs, keep, NOW, new Map(hoursAgo), underWay).map((choice) => choice.kept);
};

describe('what a prune may take', () => {
  it('is every run but the newest, once it is a day old and its successor too', () => {
    expect(kept([run('c', 30, true), run('b', 50), run('a', 70)], 1)).toEqual(['current', undefined, undefined]);
    expect(kept([run('c', 30, true), run('b', 50), run('a', 70)], 2)).toEqual([
      'current',
      'among the newest',
      undefined,
    ]);
  });

  it('is no run that is younger than a day, however many there are', () => {
    expect(kept([run('c', 1, true), run('b', 2), run('a', 23)], 1)).toEqual(['current', 'young', 'young']);
  });

  it('is no old run that readers were turned from within a day: their queries still read it', () => {
    expect(kept([run('c', 1, true), run('b', 50), run('a', 70)], 1)).toEqual(['current', 'may be read', undefined]);
  });

  it('is not the current run, nor the one before it, where an old one was made current again', () => {
    const runs = [run('c', 60), run('b', 80), run('a', 100, true)];
    expect(kept(runs, 1, { c: 2 })).toEqual(['among the newest', undefined, 'current']);
    expect(kept([run('d', 40), ...runs], 1, { c: 2, d: 30 })).toEqual([
      'among the newest',
      'may be read',
      undefined,
      'current',
    ]);
  });

  it('is no run that somebody is working on', () => {
    expect(kept([run('b', 50, true), run('a', 80)], 1, {}, ['a'])).toEqual(['current', 'under way']);
  });
});
