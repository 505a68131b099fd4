import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Execution, Executions } from '../../../functions/start/ports.ts';
import { makeStartRun } from '../../../functions/start/start-run.ts';
import { StoreUnavailableError } from '../../../shared/contract/errors.ts';
import { SimulatedStart } from '../../support/simulated-start.ts';
import { ORDER } from '../../support/stage-run.ts';

let simulation: SimulatedStart;
beforeEach(() => {
  simulation = new SimulatedStart();
});

const startWith = (executions: Partial<Executions> = {}) => {
  const { work, output, currents, machine } = simulation;
  return makeStartRun({ work, output, currents, executions: { ...machine, ...executions } });
};
const listed = (dataset = 'd', order = ORDER) => ({
  dataset,
  root: 'd/',
  order,
  objects: [{ key: 'a.parquet', etag: 'e', sizeBytes: 1 }],
  configuration: null,
  memoryBytes: 1e9,
});
const asked = Date.parse(ORDER);

describe('the execution of a run', () => {
  it('has a name that Step Functions accepts, whatever the dataset is called', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }), async (dataset) => {
        simulation = new SimulatedStart();
        const { name, datasetId, runId } = await startWith()(listed(dataset), asked);
        expect(name).toBe(`${datasetId}-${runId}-1`);
        expect(name).toMatch(/^[a-z0-9_-]{1,80}$/);
      }),
    );
  });

  it.each(['started', 'exists'] as const)(
    'is one where two look at the same moment, the second answered “%s”',
    async (answer) => {
      simulation.repeatedStartAnswers = answer;
      // both look before either starts
      const looks: Promise<unknown>[] = [];
      let looked = 0;
      let release = () => {};
      const both = new Promise<void>((resolve) => {
        release = resolve;
      });
      const describe = async (name: string): Promise<Execution | undefined> => {
        const found = await simulation.machine.describe(name);
        if (++looked === 2) release();
        await both;
        return found;
      };
      for (let i = 0; i < 2; i++) looks.push(startWith({ describe })(listed(), asked));
      const states = (await Promise.all(looks)).map((run) => (run as { state: string }).state);
      expect(states).toEqual(['started', answer === 'exists' ? 'joined' : 'started']);
      expect(simulation.executions.size).toBe(1);
    },
  );

  it('that has the name with the input of an older listing is joined', async () => {
    await startWith()(listed(), asked);
    let first = true;
    const describe = async (name: string) => {
      const found = first ? undefined : await simulation.machine.describe(name);
      first = false;
      return found;
    };
    const newer = listed('d', '2026-02-01T00:00:00.000Z');
    expect((await startWith({ describe })(newer, asked)).state).toBe('joined');
    expect(simulation.executions.size).toBe(1);
  });

  it('that exists and cannot be described is for a later attempt', async () => {
    const start = startWith({ describe: async () => undefined, start: async () => 'exists' });
    await expect(start(listed(), asked)).rejects.toThrow(StoreUnavailableError);
  });

  it.each([
    ['RUNNING', 0, 'joined', 1],
    ['PENDING_REDRIVE', 0, 'joined', 1],
    ['FAILED', 1, 'failed', 1],
    ['TIMED_OUT', 0, 'failed', 1],
    ['ABORTED', -1, 'started', 2],
    ['SUCCEEDED', 0, 'started', 2],
  ] as const)('that is %s, ended %i ms after the wish: %s', async (status, after, state, number) => {
    const { name } = await startWith()(listed(), asked);
    Object.assign(simulation.executions.get(name)!, { status, stopped: asked + after });
    const again = await startWith()(listed(), asked);
    expect([again.state, again.name]).toEqual([state, name.replace(/1$/, String(number))]);
  });

  it('is numbered on from the last one', async () => {
    const names: string[] = [];
    for (let i = 0; i < 12; i++) {
      const { name } = await startWith()(listed(), asked);
      simulation.end(name, 'FAILED');
      Object.assign(simulation.executions.get(name)!, { stopped: asked - 1 });
      names.push(name);
    }
    expect(names.map((name) => Number(name.split('-')[2]))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });
});
