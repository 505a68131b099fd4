import { describe, expect, it } from 'vitest';
import { LIMITS } from '../../../shared/contract/limits.ts';
import { datasetIdOf } from '../../../shared/contract/names.ts';
import { planResultSchema } from '../../../shared/contract/stage-events.ts';
import { resolvedStateMachine, type State } from './resolved-definition.ts';

/** Step Functions' limit is 256 KiB; the difference is for what it adds itself. */
const LIMIT_BYTES = 200_000;
/** The longest key that S3 takes: a dataset's name is at most that. */
const S3_KEY_BYTES = 1_024;
const COLUMNS = 50_000;

const { States } = resolvedStateMachine().definition;
const bytes = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

const dataset = '\u{1F600}'.repeat(S3_KEY_BYTES / 4);
const run = { dataset, datasetId: datasetIdOf(dataset), runId: 'f'.repeat(16) };
const largest = planResultSchema.parse({
  ...run,
  order: '2026-11-21T12:00:00.000Z',
  committed: false,
  sweep: { pass: 1, again: true },
  fitGroups: Array.from({ length: Math.ceil(COLUMNS / LIMITS.fitGroupColumns) }, (_, group) => group),
  partitions: LIMITS.partitions,
  toleratedFailureCount: LIMITS.partitions,
  maxConcurrency: LIMITS.partitions,
  looksBack: true,
  keys: {
    plan: `${run.datasetId}/${run.runId}/plan.jsonl`,
    groups: `${run.datasetId}/${run.runId}/groups.jsonl`,
    mapResults: `${run.datasetId}/${run.runId}/map-results`,
  },
});

/** What a map gives each child, where its item is `item`. */
function childInput(state: State, item: unknown): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(state.ItemSelector as Record<string, unknown>).map(([field, value]) => {
      if (!field.endsWith('.$')) return [field, value];
      const path = value as string;
      if (path === '$$.Map.Item.Value') return [field.slice(0, -2), item];
      const steps = path.slice('$.'.length).split('.');
      return [field.slice(0, -2), steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], largest)];
    }),
  );
}

describe(`every state's input and output stays below ${LIMIT_BYTES} bytes`, () => {
  it(`the run's own state, with ${LIMITS.partitions} partitions and ${COLUMNS} columns`, () => {
    expect(bytes(largest)).toBeLessThan(LIMIT_BYTES);
  });

  it('a child of the transform map, with the longest line that plan writes', () => {
    const line = { partition: LIMITS.partitions - 1, filler: '' };
    line.filler = 'x'.repeat(LIMITS.planLineBytes - bytes(line));
    expect(bytes(line)).toBe(LIMITS.planLineBytes);
    const input = childInput(States.Transform, line);
    expect(input).toMatchObject({ ...run, pass: 1 });
    expect(bytes(input)).toBeGreaterThan(LIMITS.planLineBytes);
    expect(bytes(input)).toBeLessThan(LIMIT_BYTES);
  });

  it('what an inline map collects before it is dropped', () => {
    const results = largest.fitGroups.map((group) => ({ group }));
    for (const state of [States.Fit, States.Audit]) expect(state.ResultPath).toBeNull();
    expect(bytes(results)).toBeLessThan(LIMIT_BYTES);
  });

  it('whatever happens on the way: only the sweep changes', () => {
    const kept = Object.entries(States)
      .filter(([, { Type }]) => Type === 'Task' || Type === 'Map')
      .map(([name, { ResultPath, OutputPath }]) => [name, ResultPath ?? OutputPath ?? null]);
    expect(Object.fromEntries(kept)).toEqual({
      Plan: '$.Payload',
      Fit: null,
      Collect: '$.sweep',
      Transform: null,
      Reduce: null,
      Audit: null,
      'Collect audit': '$.sweep',
      Commit: '$.Payload',
    });
  });
});
