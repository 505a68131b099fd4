import { beforeEach, describe, expect, it } from 'vitest';
import { makeStart } from '../../../functions/start/start.ts';
import { ConfigurationError } from '../../../shared/contract/errors.ts';
import { workKeys } from '../../../shared/contract/keys.ts';
import { LIMITS } from '../../../shared/contract/limits.ts';
import { datasetIdOf } from '../../../shared/contract/names.ts';
import { Crash, CrashPoint, crashingStore } from '../../support/failing-store.ts';
import { SimulatedStart } from '../../support/simulated-start.ts';
import { contentsOf } from '../../support/stage-run.ts';

const SETTINGS = { settleSeconds: 60, settleMaxSeconds: 3600, memoryBytes: 1e9 };

let simulation: SimulatedStart;
beforeEach(() => {
  simulation = new SimulatedStart();
});

/** An object appears and its event comes at once. */
const drop = (key: string, content = 'x') => {
  simulation.put(key, content);
  simulation.deliver(simulation.eventOf(key));
};
const executions = () => [...simulation.executions.values()];
const runIds = () => executions().map(({ input }) => input.runId);
const seconds = ({ started }: { started: number }) => (started - Date.parse('2026-03-01T00:00:00Z')) / 1000;

describe('drops', () => {
  it('of two states are two runs, the newer one current', async () => {
    simulation.at(0, () => drop('d/a.parquet'));
    simulation.at(600, () => drop('d/b.parquet'));
    await simulation.run();
    const [first, second] = runIds();
    expect(executions().map(({ input }) => input.committed)).toEqual([false, false]);
    expect(second).not.toBe(first);
    expect((await simulation.currents.read('d'))?.runId).toBe(second);
  });

  it('in a row, the second before the first has been listed as quiet, are one run', async () => {
    simulation.at(0, () => drop('d/a.parquet'));
    simulation.at(50, () => drop('d/b.parquet'));
    await simulation.run();
    expect(executions().length).toBe(1);
    expect((await simulation.frozen(executions()[0].input)).objects.length).toBe(2);
  });

  it('of several datasets are a run each', async () => {
    simulation.at(0, () => {
      for (const dataset of ['a', 'b', 'c']) drop(`${dataset}/x.parquet`);
      drop('single.parquet');
    });
    await simulation.run();
    expect(executions().map(({ input }) => input.dataset)).toEqual(['a', 'b', 'c', 'single']);
  });

  it('of a state that has been before make its run current again without doing it again', async () => {
    simulation.at(0, () => drop('d/a.parquet', 'A'));
    simulation.at(600, () => drop('d/a.parquet', 'B'));
    simulation.at(1200, () => drop('d/a.parquet', 'A'));
    await simulation.run();
    const [{ input: a }, { input: b }] = executions();
    expect(executions().map(({ name }) => name)).toEqual([`d-${a.runId}-1`, `d-${b.runId}-1`, `d-${a.runId}-2`]);
    expect(executions()[2].input.committed).toBe(true);
    expect((await simulation.currents.read('d'))?.runId).toBe(a.runId);
  });

  it('of a state that is running still count as the newest: A, B, A, and B the last to commit', async () => {
    simulation.executionMs = 1_000_000;
    simulation.at(0, () => drop('d/a.parquet', 'A'));
    simulation.at(200, () => drop('d/a.parquet', 'B'));
    simulation.at(400, () => drop('d/a.parquet', 'A'));
    await simulation.run();
    const [a, b] = runIds();
    expect(runIds()).toEqual([a, b]);
    expect((await simulation.currents.read('d'))?.runId).toBe(a);
  });

  it('that are never quiet are run once in settleMax', async () => {
    simulation = new SimulatedStart({ settleSeconds: 60, settleMaxSeconds: 1000 });
    for (let i = 0; i < 300; i++) simulation.at(i * 20, () => drop(`d/${i}.parquet`));
    await simulation.run();
    const starts = executions().map(seconds);
    // 6,000 s of drops: the first run after 1,000 s, the last one when it is quiet
    expect(starts.length).toBe(6);
    for (let i = 1; i < 5; i++) expect(starts[i] - starts[i - 1]).toBeGreaterThanOrEqual(1000);
    expect((await simulation.frozen(executions()[5].input)).objects.length).toBe(300);
  });
});

describe('what starts nothing', () => {
  it.each([
    ['a deletion', 'd/a.parquet', 'Object Deleted'],
    ['a hidden object', 'd/_temporary/a.parquet', undefined],
    ['a hidden folder', '.d/a.parquet', undefined],
    ['a folder', 'd/', undefined],
    ['a foreign file at the root', 'notes.txt', undefined],
    ['a configuration at the root', '_modemap.json', undefined],
    ['a marker below the dataset', 'd/x/_SUCCESS', undefined],
  ])('%s', async (_what, key, type) => {
    simulation.at(0, () => {
      simulation.put('d/a.parquet', 'x');
      simulation.deliver(simulation.eventOf(key, 0, type));
    });
    await simulation.run();
    expect(simulation.failures).toEqual([]);
    expect(executions()).toEqual([]);
  });

  it('a configuration before the first file, and a dataset that is gone when it is quiet', async () => {
    simulation.at(0, () => drop('c/_modemap.json', '{}'));
    simulation.at(0, () => drop('gone/a.parquet'));
    simulation.at(10, () => simulation.remove('gone/a.parquet'));
    await simulation.run();
    expect(executions()).toEqual([]);
    expect(simulation.messagesLeft).toBe(0);
  });
});

describe('what is for plan to report is started all the same', () => {
  it.each([
    ['a dataset without Parquet', { 'd/readme.txt': 'x' }],
    ['a marker without data', { 'd/_SUCCESS': '' }],
    ['a configuration that is no JSON', { 'd/a.parquet': 'x', 'd/_modemap.json': '{' }],
    ['a configuration of another type', { 'd/a.parquet': 'x', 'd/_modemap.json': 'null' }],
  ])('%s', async (_what, files) => {
    simulation.at(0, () => Object.entries(files).map(([key, content]) => drop(key, content)));
    await simulation.run();
    expect(simulation.failures).toEqual([]);
    expect(executions().length).toBe(1);
    const { configuration, problem } = await simulation.frozen(executions()[0].input);
    expect(configuration).toBe((files as Record<string, string>)['d/_modemap.json'] ?? null);
    expect(problem).toBeUndefined();
  });

  it('a configuration that is too large to be one', async () => {
    simulation.at(0, () => {
      drop('d/a.parquet');
      drop('d/_modemap.json', ' '.repeat(LIMITS.configurationBytes + 1));
    });
    await simulation.run();
    expect((await simulation.frozen(executions()[0].input)).problem).toEqual({
      name: 'ConfigurationError',
      message: '_modemap.json must be at most 1000000 bytes, it has 1000001',
    });
  });
});

describe('a configuration', () => {
  it('that changes after the run is a run of its own', async () => {
    simulation.at(0, () => drop('d/a.parquet'));
    simulation.at(600, () => drop('d/_modemap.json', '{"seed":1}'));
    await simulation.run();
    expect(new Set(runIds()).size).toBe(2);
  });

  it('that asks for a marker keeps data from starting, mistakes elsewhere in it notwithstanding', async () => {
    simulation.at(0, () => drop('d/_modemap.json', '{"start":"marker","sed":1}'));
    simulation.at(10, () => drop('d/a.parquet'));
    await simulation.run();
    expect(executions()).toEqual([]);
    simulation.at(5000, () => drop('d/_SUCCESS', ''));
    await simulation.run();
    expect(executions().length).toBe(1);
  });
});

describe('a run that failed', () => {
  beforeEach(async () => {
    simulation.at(0, () => drop('d/a.parquet'));
    simulation.at(100, () => simulation.end(executions()[0].name, 'FAILED'));
    await simulation.run();
    expect(executions().map(({ status }) => status)).toEqual(['FAILED']);
  });

  it('is left for a redrive by an event that was late or came twice', async () => {
    simulation.at(500, () => simulation.deliver(simulation.eventOf('d/a.parquet', -450)));
    await simulation.run();
    expect(executions().length).toBe(1);
  });

  it('is started again by a newer event of the same state', async () => {
    simulation.at(500, () => simulation.deliver(simulation.eventOf('d/a.parquet')));
    await simulation.run();
    const [{ input }] = executions();
    expect(executions().map(({ name }) => name)).toEqual([`d-${input.runId}-1`, `d-${input.runId}-2`]);
    expect(executions()[1]).toMatchObject({ status: 'SUCCEEDED', input: { runId: input.runId, committed: false } });
  });

  it('is started again by somebody who asks for it', async () => {
    simulation.at(500, async () => expect((await simulation.stage.call('d')).state).toBe('started'));
    await simulation.run();
    expect(executions().map(({ status }) => status)).toEqual(['FAILED', 'SUCCEEDED']);
  });
});

describe('a direct call', () => {
  it('starts at once, joins what runs, and finds what is done', async () => {
    const states: string[] = [];
    simulation.put('d/a.parquet', 'x');
    for (const at of [0, 30, 60, 200]) {
      simulation.at(at, async () => states.push((await simulation.stage.call('d')).state));
    }
    await simulation.run();
    expect(states).toEqual(['started', 'joined', 'joined', 'done']);
    expect(executions().length).toBe(1);
  });

  it('names the execution', async () => {
    simulation.put('d/a.parquet', 'x');
    const answer = await simulation.stage.call('d');
    const [{ name, input }] = executions();
    expect(answer).toEqual({
      dataset: 'd',
      datasetId: 'd',
      runId: input.runId,
      name,
      executionArn: simulation.machine.arnOf(name),
      state: 'started',
    });
    expect(input).toEqual({
      dataset: 'd',
      datasetId: 'd',
      runId: input.runId,
      order: '2026-03-01T00:00:00.000Z',
      committed: false,
      sweep: { pass: 0, again: false },
    });
  });

  it('finds a run done though its execution is forgotten', async () => {
    simulation.at(0, () => drop('d/a.parquet'));
    await simulation.run();
    simulation.executions.clear();
    expect((await simulation.stage.call('d')).state).toBe('done');
    expect(executions()).toEqual([]);
  });

  it.each([
    ['settle', undefined],
    ['marker', 'd/_SUCCESS'],
  ])(
    'waits where another run is current and this one is just being published, and is looked at again (%s)',
    async (_mode, marker) => {
      const dropMarked = (content: string) => {
        drop('d/a.parquet', content);
        if (marker) drop(marker, '');
      };
      simulation.executionMs = 300_000;
      simulation.at(0, () => dropMarked('A'));
      simulation.at(400, () => dropMarked('B'));
      await simulation.run();
      const [a, b] = executions();
      expect((await simulation.currents.read('d'))?.runId).toBe(b.input.runId);
      // A's execution has written its record and looked at the log, but has not ended
      a.status = 'RUNNING';
      simulation.at(1000, async () => {
        simulation.put('d/a.parquet', 'A');
        if (marker) simulation.put(marker, '');
        expect((await simulation.stage.call('d')).state).toBe('waiting');
      });
      simulation.at(1010, () => simulation.end(a.name, 'SUCCEEDED'));
      await simulation.run();
      expect(executions().map(({ input }) => input.committed)).toEqual([false, false, true]);
      expect((await simulation.currents.read('d'))?.runId).toBe(a.input.runId);
    },
  );

  it.each(['', 'a/b', '_hidden', '.', '..'])('refuses the name %j', async (name) => {
    await expect(simulation.stage.call(name)).rejects.toThrow(ConfigurationError);
  });
});

describe('the name of a dataset', () => {
  it.each([
    'runs',
    'listings',
    'with spaces',
    '100%25',
    'k=v',
    'ünï·ço∂e 数据 \u{1f600}',
    '\uffff',
    'a+b&c',
    'X'.repeat(300),
  ])('may be %s', async (dataset) => {
    simulation.at(0, () => drop(`${dataset}/a b%20=é.parquet`));
    await simulation.run();
    expect(simulation.failures).toEqual([]);
    expect(executions().map(({ input, status }) => [input.dataset, status])).toEqual([[dataset, 'SUCCEEDED']]);
    const [{ input }] = executions();
    expect(input.datasetId).toBe(datasetIdOf(dataset));
    expect((await simulation.frozen(input)).objects.map(({ key }) => key)).toEqual(['a b%20=é.parquet']);
    expect((await simulation.frozen(input)).root).toBe(`${dataset}/`);
  });
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
      drop('bad/a.parquet');
      drop('good/a.parquet');
    });
    simulation.at(100, () => {
      expect(executions().map(({ input }) => input.dataset)).toEqual(['good']);
      broken = false;
    });
    await simulation.run();
    expect(simulation.failures.length).toBeGreaterThan(0);
    expect(executions().map(({ input }) => input.dataset)).toEqual(['good', 'bad']);
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
    simulation.at(0, () => drop('d/a.parquet'));
    // the next invocation is another process
    simulation.afterFailure = () => {
      simulation.stage = makeStart(ports, SETTINGS);
    };
    await simulation.run();
    return {
      executions: executions().map(({ name, status, input }) => ({ name, status, committed: input.committed })),
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
    expect(expected.frozen).toEqual([workKeys.inputs(executions()[0].input)]);
  });
});
