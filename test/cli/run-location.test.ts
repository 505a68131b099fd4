import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { locateRun } from '../../cli/run-location.ts';
import { ConfigurationError, IncompleteRunError } from '../../shared/contract/errors.ts';
import { outputKeys } from '../../shared/contract/keys.ts';
import { recordOf } from '../support/run-fixture.ts';

const a1 = { datasetId: 'a', runId: '1111111111111111' };
const a2 = { datasetId: 'a', runId: '0000000000000002' };
const b1 = { datasetId: 'b', runId: '3333333333333333' };

describe('locateRun', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'modemap-location-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  async function commit(run: typeof a1, order: string): Promise<string> {
    const path = join(root, outputKeys.record(run));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, JSON.stringify(recordOf(run, { order })));
    return path;
  }

  it('takes the newest committed run of an output folder, by when its dataset was listed', async () => {
    await commit(a1, '2026-01-01T00:00:00.000Z');
    await commit(a2, '2026-01-03T00:00:00.000Z');
    const { record, root: found } = await locateRun(root);
    expect(record).toEqual(recordOf(a2, { order: '2026-01-03T00:00:00.000Z' }));
    expect(found).toBe(root);
  });

  it('takes a folder of records for the newest of its dataset, and a record for that very run', async () => {
    const path = await commit(a1, '2026-01-01T00:00:00.000Z');
    await commit(a2, '2026-01-03T00:00:00.000Z');
    await commit(b1, '2026-01-05T00:00:00.000Z');
    expect((await locateRun(join(root, 'runs/dataset=a'))).record.run_id).toBe(a2.runId);
    expect((await locateRun(`${root}/runs/dataset=b/`)).record.run_id).toBe(b1.runId);
    expect(await locateRun(path)).toMatchObject({ root, record: { run_id: a1.runId } });
  });

  it('does not choose between datasets, but says how to', async () => {
    await commit(a1, '2026-01-01T00:00:00.000Z');
    await commit(b1, '2026-01-01T00:00:00.000Z');
    await expect(locateRun(root)).rejects.toThrow(ConfigurationError);
    await expect(locateRun(root)).rejects.toThrow(
      `RUN must name one dataset, ${root} holds 2: a, b; for instance give ${root}/runs/dataset=a`,
    );
  });

  it('sees no run without a record', async () => {
    await mkdir(join(root, outputKeys.data(a1, 0)), { recursive: true });
    await writeFile(join(root, outputKeys.part(a1, 0, 0)), 'PAR1');
    await mkdir(join(root, '.work/a'), { recursive: true });
    await expect(locateRun(root)).rejects.toThrow(`no committed run in ${root}`);
    await expect(locateRun(root)).rejects.toThrow(ConfigurationError);
  });

  it('says what RUN must be where it is something else', async () => {
    await writeFile(join(root, 'x.json'), '{}');
    await expect(locateRun(join(root, 'none'))).rejects.toThrow('RUN must exist');
    await expect(locateRun(join(root, 'x.json'))).rejects.toThrow(
      'RUN must be an output folder or a record in its runs/',
    );
    await expect(locateRun('s3://bucket/out')).rejects.toThrow('RUN must be on this machine, got s3://bucket/out');
  });

  it('names a record that is damaged', async () => {
    const path = await commit(a1, 'x');
    await writeFile(path, '{"dataset": "a"');
    await expect(locateRun(root)).rejects.toThrow(IncompleteRunError);
    await expect(locateRun(root)).rejects.toThrow(`${path} must be a run record`);
    await writeFile(path, JSON.stringify({ ...recordOf(a1), rows: 'many' }));
    await expect(locateRun(root)).rejects.toThrow('field rows');
  });
});
