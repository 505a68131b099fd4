import { beforeEach, describe, expect, it } from 'vitest';
import { ConfigurationError } from '../../../shared/contract/errors.ts';
import { datasetIdOf } from '../../../shared/contract/names.ts';
import { SimulatedStart } from '../../support/simulated-start.ts';

let simulation: SimulatedStart;
beforeEach(() => {
  simulation = new SimulatedStart();
});

describe('a run that failed', () => {
  beforeEach(async () => {
    simulation.at(0, () => simulation.drop('d/a.parquet'));
    simulation.at(100, () => simulation.end(simulation.started[0].name, 'FAILED'));
    await simulation.run();
    expect(simulation.started.map(({ status }) => status)).toEqual(['FAILED']);
  });

  it('is left for a redrive by an event that was late or came twice', async () => {
    simulation.at(500, () => simulation.deliver(simulation.eventOf('d/a.parquet', -450)));
    await simulation.run();
    expect(simulation.started.length).toBe(1);
  });

  it('is started again by a newer event of the same state', async () => {
    simulation.at(500, () => simulation.deliver(simulation.eventOf('d/a.parquet')));
    await simulation.run();
    const [{ input }] = simulation.started;
    expect(simulation.started.map(({ name }) => name)).toEqual([`d-${input.runId}-1`, `d-${input.runId}-2`]);
    expect(simulation.started[1]).toMatchObject({
      status: 'SUCCEEDED',
      input: { runId: input.runId, committed: false },
    });
  });

  it('is started again by somebody who asks for it', async () => {
    simulation.at(500, async () => expect((await simulation.stage.call('d')).state).toBe('started'));
    await simulation.run();
    expect(simulation.started.map(({ status }) => status)).toEqual(['FAILED', 'SUCCEEDED']);
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
    expect(simulation.started.length).toBe(1);
  });

  it('names the execution', async () => {
    simulation.put('d/a.parquet', 'x');
    const answer = await simulation.stage.call('d');
    const [{ name, input }] = simulation.started;
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
    simulation.at(0, () => simulation.drop('d/a.parquet'));
    await simulation.run();
    simulation.executions.clear();
    expect((await simulation.stage.call('d')).state).toBe('done');
    expect(simulation.started).toEqual([]);
  });

  it.each([
    ['settle', undefined],
    ['marker', 'd/_SUCCESS'],
  ])(
    'waits where another run is current and this one is just being published, and is looked at again (%s)',
    async (_mode, marker) => {
      const dropMarked = (content: string) => {
        simulation.drop('d/a.parquet', content);
        if (marker) simulation.drop(marker, '');
      };
      simulation.executionMs = 300_000;
      simulation.at(0, () => dropMarked('A'));
      simulation.at(400, () => dropMarked('B'));
      await simulation.run();
      const [a, b] = simulation.started;
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
      expect(simulation.started.map(({ input }) => input.committed)).toEqual([false, false, true]);
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
    simulation.at(0, () => simulation.drop(`${dataset}/a b%20=é.parquet`));
    await simulation.run();
    expect(simulation.failures).toEqual([]);
    expect(simulation.started.map(({ input, status }) => [input.dataset, status])).toEqual([[dataset, 'SUCCEEDED']]);
    const [{ input }] = simulation.started;
    expect(input.datasetId).toBe(datasetIdOf(dataset));
    expect((await simulation.frozen(input)).objects.map(({ key }) => key)).toEqual(['a b%20=é.parquet']);
    expect((await simulation.frozen(input)).root).toBe(`${dataset}/`);
  });
});
