import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../support/random.ts';
import { SimulatedStart } from '../../support/simulated-start.ts';

const SETTLE_SECONDS = 60;

interface Drop {
  seed: number;
  objects: number;
  /** no two objects appear further apart */
  longestGapSeconds: number;
  /** of the clock that stamps events */
  skewSeconds: number;
  /** all events but one are lost */
  lossy: boolean;
  repeatedStartAnswers: 'started' | 'exists';
}

const dropOf = (objects: fc.Arbitrary<number>, longestGapSeconds: fc.Arbitrary<number>): fc.Arbitrary<Drop> =>
  fc.record({
    seed: fc.integer(),
    objects,
    longestGapSeconds,
    skewSeconds: fc.constantFrom(-30, 0, 30),
    lossy: fc.boolean(),
    repeatedStartAnswers: fc.constantFrom('started' as const, 'exists' as const),
  });

/**
 * Objects appear one after the other: one in ten after a gap near the longest, four in ten as the end of an upload that
 * began up to ten minutes before, one in twenty over an earlier one. Their events come shuffled, up to a quarter of an
 * hour late and up to three times.
 *
 * @returns when the last object has appeared, in seconds
 */
function schedule(simulation: SimulatedStart, folder: string, startSeconds: number, drop: Drop): number {
  const { uniform } = seededRandom(drop.seed);
  const survivor = Math.floor(uniform() * drop.objects);
  let end = startSeconds;
  for (let i = 0; i < drop.objects; i++) {
    if (i > 0) end += uniform() < 0.1 ? drop.longestGapSeconds * (1 - uniform() * 0.1) : uniform() * 2;
    const number = uniform() < 0.05 ? Math.floor(uniform() * i) : i;
    const key = `${folder}part-${number}.parquet`;
    const uploadSeconds = uniform() < 0.4 ? Math.min(uniform() * 600, end - startSeconds) : 0;
    const isLost = drop.lossy && i !== survivor;
    const copies = isLost ? 0 : 1 + Math.floor(uniform() * 3);
    const lates = Array.from({ length: copies }, () => uniform() * (uniform() < 0.7 ? 2 : uniform() < 0.8 ? 60 : 900));
    simulation.at(end, () => {
      simulation.put(key, `${i} of ${drop.seed}`, uploadSeconds);
      for (const late of lates) simulation.deliver(simulation.eventOf(key, drop.skewSeconds), late);
    });
  }
  return end;
}

async function expectOneRunOfTheFinalState(simulation: SimulatedStart, folder: string, last: number) {
  expect(simulation.failures).toEqual([]);
  expect(simulation.messagesLeft).toBe(0);
  const executions = [...simulation.executions.values()];
  expect(executions.map(({ status }) => status)).toEqual(['SUCCEEDED']);
  const [{ input, started }] = executions;
  expect((await simulation.frozen(input)).objects).toEqual(simulation.stateOf(folder));
  expect((started - Date.parse('2026-03-01T00:00:00Z')) / 1000).toBeGreaterThanOrEqual(last);
  expect((await simulation.currents.read(input.datasetId))?.runId).toBe(input.runId);
}

describe('a drop whose gaps are shorter than settle', () => {
  const becomesOneRun = async (drop: Drop) => {
    const simulation = new SimulatedStart({ settleSeconds: SETTLE_SECONDS, settleMaxSeconds: 86_400 });
    simulation.repeatedStartAnswers = drop.repeatedStartAnswers;
    const last = schedule(simulation, 'd/', 0, drop);
    await simulation.run();
    await expectOneRunOfTheFinalState(simulation, 'd/', last);
  };
  const gaps = fc.integer({ min: 0, max: SETTLE_SECONDS - 1 });

  it('becomes one run of its final state, of 1,000 events', async () => {
    await fc.assert(fc.asyncProperty(dropOf(fc.constant(1000), gaps), becomesOneRun), { numRuns: 3 });
  });

  it('becomes one run of its final state, of few events', async () => {
    await fc.assert(fc.asyncProperty(dropOf(fc.integer({ min: 1, max: 30 }), gaps), becomesOneRun), { numRuns: 200 });
  });

  it('followed by a marker becomes the same one run, at once', async () => {
    await fc.assert(
      fc.asyncProperty(dropOf(fc.integer({ min: 1, max: 30 }), gaps), async (drop) => {
        const simulation = new SimulatedStart({ settleSeconds: SETTLE_SECONDS, settleMaxSeconds: 86_400 });
        const last = schedule(simulation, 'd/', 0, drop);
        simulation.at(last + 1, () => {
          simulation.put('d/_SUCCESS', '');
          simulation.deliver(simulation.eventOf('d/_SUCCESS', drop.skewSeconds));
          simulation.deliver(simulation.eventOf('d/_SUCCESS', drop.skewSeconds), 200);
        });
        await simulation.run();
        await expectOneRunOfTheFinalState(simulation, 'd/', last);
        const [{ started }] = simulation.executions.values();
        expect((started - Date.parse('2026-03-01T00:00:00Z')) / 1000).toBeLessThan(last + 10);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a drop in marker mode', () => {
  /** The drop before has its run; its marker stays, and its marker's event comes again and again during the next one. */
  const isNeverEarly = async (drop: Drop, how: 'marker' | 'configuration') => {
    const simulation = new SimulatedStart({ settleSeconds: SETTLE_SECONDS, settleMaxSeconds: 3600 });
    simulation.repeatedStartAnswers = drop.repeatedStartAnswers;
    const { uniform } = seededRandom(drop.seed + 1);
    const mark = (late: number) => {
      simulation.put('d/_SUCCESS', '');
      simulation.deliver(simulation.eventOf('d/_SUCCESS', drop.skewSeconds));
      simulation.deliver(simulation.eventOf('d/_SUCCESS', drop.skewSeconds), late);
    };
    simulation.at(0, () => {
      if (how === 'configuration') simulation.put('d/_modemap.json', '{"start":"marker"}');
      simulation.put('d/part-0.parquet', 'the drop before');
      mark(300);
    });
    const last = schedule(simulation, 'd/', 400, drop);
    for (let i = 0; i < 20; i++) {
      simulation.at(400 + uniform() * (last - 400), () => simulation.deliver(simulation.eventOf('d/_SUCCESS', -400)));
    }
    if (how === 'configuration') simulation.at(401, () => simulation.remove('d/_SUCCESS'));
    simulation.at(last + 5, () => mark(uniform() * 900));
    await simulation.run();

    expect(simulation.failures).toEqual([]);
    expect(simulation.messagesLeft).toBe(0);
    const executions = [...simulation.executions.values()];
    expect(executions.map(({ status }) => status)).toEqual(['SUCCEEDED', 'SUCCEEDED']);
    const [before, after] = await Promise.all(executions.map(({ input }) => simulation.frozen(input)));
    expect(before.objects.map(({ key }) => key)).toEqual(['part-0.parquet']);
    expect(after.objects).toEqual(simulation.stateOf('d/'));
    expect((await simulation.currents.read('d'))?.runId).toBe(after.runId);
  };
  const slow = fc.integer({ min: 0, max: 20 * SETTLE_SECONDS });

  it.each(['marker', 'configuration'] as const)(
    'never starts early, however slow it is, and becomes one run of 1,000 events (by its %s)',
    async (how) => {
      const drops = dropOf(fc.constant(1000), slow);
      await fc.assert(
        fc.asyncProperty(drops, (drop) => isNeverEarly(drop, how)),
        { numRuns: 3 },
      );
    },
  );

  it.each(['marker', 'configuration'] as const)(
    'never starts early, however slow it is, and becomes one run of few events (by its %s)',
    async (how) => {
      const drops = dropOf(fc.integer({ min: 2, max: 30 }), slow);
      await fc.assert(
        fc.asyncProperty(drops, (drop) => isNeverEarly(drop, how)),
        { numRuns: 100 },
      );
    },
  );
});
