import { beforeEach, describe, expect, it } from 'vitest';
import { LIMITS } from '../../../shared/contract/limits.ts';
import { SimulatedStart } from '../../support/simulated-start.ts';

let simulation: SimulatedStart;
beforeEach(() => {
  simulation = new SimulatedStart();
});

const seconds = ({ started }: { started: number }) => (started - Date.parse('2026-03-01T00:00:00Z')) / 1000;

describe('drops', () => {
  it('of two states are two runs, the newer one current', async () => {
    simulation.at(0, () => simulation.drop('d/a.parquet'));
    simulation.at(600, () => simulation.drop('d/b.parquet'));
    await simulation.run();
    const [first, second] = simulation.runIds;
    expect(simulation.started.map(({ input }) => input.committed)).toEqual([false, false]);
    expect(second).not.toBe(first);
    expect((await simulation.currents.read('d'))?.runId).toBe(second);
  });

  it('in a row, the second before the first has been listed as quiet, are one run', async () => {
    simulation.at(0, () => simulation.drop('d/a.parquet'));
    simulation.at(50, () => simulation.drop('d/b.parquet'));
    await simulation.run();
    expect(simulation.started.length).toBe(1);
    expect((await simulation.frozen(simulation.started[0].input)).objects.length).toBe(2);
  });

  it('of several datasets are a run each', async () => {
    simulation.at(0, () => {
      for (const dataset of ['a', 'b', 'c']) simulation.drop(`${dataset}/x.parquet`);
      simulation.drop('single.parquet');
    });
    await simulation.run();
    expect(simulation.started.map(({ input }) => input.dataset)).toEqual(['a', 'b', 'c', 'single']);
  });

  it('of a state that has been before make its run current again without doing it again', async () => {
    simulation.at(0, () => simulation.drop('d/a.parquet', 'A'));
    simulation.at(600, () => simulation.drop('d/a.parquet', 'B'));
    simulation.at(1200, () => simulation.drop('d/a.parquet', 'A'));
    await simulation.run();
    const [{ input: a }, { input: b }] = simulation.started;
    expect(simulation.started.map(({ name }) => name)).toEqual([`d-${a.runId}-1`, `d-${b.runId}-1`, `d-${a.runId}-2`]);
    expect(simulation.started[2].input.committed).toBe(true);
    expect((await simulation.currents.read('d'))?.runId).toBe(a.runId);
  });

  it('of a state that is running still count as the newest: A, B, A, and B the last to commit', async () => {
    simulation.executionMs = 1_000_000;
    simulation.at(0, () => simulation.drop('d/a.parquet', 'A'));
    simulation.at(200, () => simulation.drop('d/a.parquet', 'B'));
    simulation.at(400, () => simulation.drop('d/a.parquet', 'A'));
    await simulation.run();
    const [a, b] = simulation.runIds;
    expect(simulation.runIds).toEqual([a, b]);
    expect((await simulation.currents.read('d'))?.runId).toBe(a);
  });

  it('that are never quiet are run once in settleMax', async () => {
    simulation = new SimulatedStart({ settleSeconds: 60, settleMaxSeconds: 1000 });
    for (let i = 0; i < 300; i++) simulation.at(i * 20, () => simulation.drop(`d/${i}.parquet`));
    await simulation.run();
    const starts = simulation.started.map(seconds);
    // 6,000 s of drops: the first run after 1,000 s, the last one when it is quiet
    expect(starts.length).toBe(6);
    for (let i = 1; i < 5; i++) expect(starts[i] - starts[i - 1]).toBeGreaterThanOrEqual(1000);
    expect((await simulation.frozen(simulation.started[5].input)).objects.length).toBe(300);
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
    expect(simulation.started).toEqual([]);
  });

  it('a configuration before the first file, and a dataset that is gone when it is quiet', async () => {
    simulation.at(0, () => simulation.drop('c/_modemap.json', '{}'));
    simulation.at(0, () => simulation.drop('gone/a.parquet'));
    simulation.at(10, () => simulation.remove('gone/a.parquet'));
    await simulation.run();
    expect(simulation.started).toEqual([]);
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
    simulation.at(0, () => Object.entries(files).map(([key, content]) => simulation.drop(key, content)));
    await simulation.run();
    expect(simulation.failures).toEqual([]);
    expect(simulation.started.length).toBe(1);
    const { configuration, problem } = await simulation.frozen(simulation.started[0].input);
    expect(configuration).toBe((files as Record<string, string>)['d/_modemap.json'] ?? null);
    expect(problem).toBeUndefined();
  });

  it('a configuration that is too large to be one', async () => {
    simulation.at(0, () => {
      simulation.drop('d/a.parquet');
      simulation.drop('d/_modemap.json', ' '.repeat(LIMITS.configurationBytes + 1));
    });
    await simulation.run();
    expect((await simulation.frozen(simulation.started[0].input)).problem).toEqual({
      name: 'ConfigurationError',
      message: '_modemap.json must be at most 1000000 bytes, it has 1000001',
    });
  });
});

describe('a configuration', () => {
  it('that changes after the run is a run of its own', async () => {
    simulation.at(0, () => simulation.drop('d/a.parquet'));
    simulation.at(600, () => simulation.drop('d/_modemap.json', '{"seed":1}'));
    await simulation.run();
    expect(new Set(simulation.runIds).size).toBe(2);
  });

  it('that asks for a marker keeps data from starting, mistakes elsewhere in it notwithstanding', async () => {
    simulation.at(0, () => simulation.drop('d/_modemap.json', '{"start":"marker","sed":1}'));
    simulation.at(10, () => simulation.drop('d/a.parquet'));
    await simulation.run();
    expect(simulation.started).toEqual([]);
    simulation.at(5000, () => simulation.drop('d/_SUCCESS', ''));
    await simulation.run();
    expect(simulation.started.length).toBe(1);
  });
});
