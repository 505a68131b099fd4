import { beforeEach, describe, expect, it } from 'vitest';
import { makeStart } from '../../../functions/start/start.ts';
import { workKeys } from '../../../shared/contract/keys.ts';
import { Crash, CrashPoint, crashingStore } from '../../support/failing-store.ts';
import { SimulatedStart } from '../../support/simulated-start.ts';
import { contentsOf } from '../../support/stage-run.ts';

const SETTINGS = { settleSeconds: 60, settleMaxSeconds: 3600, memoryBytes: 1e9 };

let simulation: SimulatedStart;
beforeEach(() => {
  simulation = new SimulatedStart();
});

describe('messages that fail', () => {
  it('are delivered again, those of other datasets are not', async () => {
    const { pages } = simulation.lister;
    let broken = true;
    simulation.lister.pages = (prefix, options) => {
      if (broken && prefix === 'bad/') throw new Error('no answer');
      return pages(prefix, options);
    };
    simulation.stage = makeStart(simulation.ports, SETTINGS);
    simulation.at(0, () => {
      simulation.drop('bad/a.parquet');
      simulation.drop('good/a.parquet');
    });
    simulation.at(100, () => {
      expect(simulation.started.map(({ input }) => input.dataset)).toEqual(['good']);
      broken = false;
    });
    await simulation.run();
    expect(simulation.failures.length).toBeGreaterThan(0);
    expect(simulation.started.map(({ input }) => input.dataset)).toEqual(['good', 'bad']);
  });
});

describe('a start that is cut short', () => {
  const moments = [1, 2, 3, 4].flatMap((at) => [[at, 'before'] as const, [at, 'after'] as const]);

  /** The same drop, with a process that dies once: everything it may change goes through the crash point. */
  async function dropWith(point: CrashPoint) {
    simulation = new SimulatedStart();
    const { ports } = simulation;
    simulation.stage = makeStart(
      {
        ...ports,
        work: crashingStore(ports.work, point),
        output: crashingStore(ports.output, point),
        queue: {
          sendDelayed: (body, delaySeconds) => point.around('send', () => ports.queue.sendDelayed(body, delaySeconds)),
        },
        executions: {
          ...ports.executions,
          start: (name, input) => point.around(name, () => ports.executions.start(name, input)),
        },
      },
      SETTINGS,
    );
    simulation.at(0, () => simulation.drop('d/a.parquet'));
    // the next invocation is another process
    simulation.afterFailure = () => {
      simulation.stage = makeStart(ports, SETTINGS);
    };
    await simulation.run();
    return {
      executions: simulation.started.map(({ name, status, input }) => ({ name, status, committed: input.committed })),
      current: (await simulation.currents.read('d'))?.runId,
      frozen: Object.keys(await contentsOf(simulation.work)).filter((key) => key.endsWith('inputs.json')),
    };
  }

  it.each(moments)('at change %i, just %s it, ends the same', async (at, when) => {
    const expected = await dropWith(new CrashPoint(99, 'before'));
    const point = new CrashPoint(at, when);
    expect(await dropWith(point)).toEqual(expected);
    expect(simulation.failures.every((error) => error instanceof Crash)).toBe(true);
    expect(simulation.failures.length).toBe(1);
    expect(simulation.messagesLeft).toBe(0);
    expect(expected.frozen).toEqual([workKeys.inputs(simulation.started[0].input)]);
  });
});
