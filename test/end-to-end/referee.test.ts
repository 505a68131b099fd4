import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { RunRecord } from '../../shared/contract/run-record.ts';
import { deployForTests } from '../referee/deploy-for-tests.ts';
import { canReferee } from '../referee/tools.ts';
import { digestOf, FLIGHTS, modemap, temporaryFolder } from '../support/command.ts';
import { MISLEADING_FILES, MISLEADING_ROWS, writeMisleadingTable } from '../support/misleading-table.ts';
import { python, runPython } from '../support/python.ts';

const folder = temporaryFolder();
const flights = readFileSync(FLIGHTS);

describe.skipIf(!canReferee)('the stack as it is deployed, rights enforced', { timeout: 120_000 }, () => {
  const { referee, deployed } = deployForTests();

  it('one PutObject is all it takes: the flights come out as the command here writes them, byte for byte', async () => {
    await deployed().drop('flights-3m.parquet', flights);
    const record = await deployed().committed('flights-3m');
    expect(record).toMatchObject({ dataset: 'flights-3m', rows: 3_000_000, status: 'complete', passes: 1 });
    const there = await sameAsHere(record, FLIGHTS);
    if (python) {
      const found = JSON.parse(runPython(script('check_run.py'), FLIGHTS, there));
      expect(found.rows).toBe(3_000_000);
    }
  });

  it('a sample that misleads costs a second pass, and the bytes are those of the command here again', async () => {
    const table = join(folder, 'misleading');
    await writeMisleadingTable(table);
    for (const key of MISLEADING_FILES) await deployed().drop(`misleading/${key}`, readFileSync(join(table, key)));
    const record = await deployed().committed('misleading');
    expect(record).toMatchObject({ passes: 2, rows: MISLEADING_ROWS, objects: 2, status: 'complete' });
    expect(record.partitions).toBeGreaterThan(3);
    await sameAsHere(record, table);
    expect(await deployed().executions('misleading')).toHaveLength(1);
  });

  it('a deployment in between changes nothing of a run under way, and everything of the next one', async () => {
    const isOfRun = (stage: string) => stage !== 'start' && stage !== 'failed';
    const next = referee().prepare({
      change: (stage, code) => (isOfRun(stage) ? `${code}\nthrow new Error('code of a later deployment');\n` : code),
    });
    // every row is read twice: the run must outlast the deployment
    await deployed().drop('slow/_modemap.json', JSON.stringify({ fit: 'full' }));
    for (const key of ['a.parquet', 'b.parquet']) await deployed().drop(`slow/${key}`, flights);
    await deployed().started('slow');
    (await referee().deploy(next)).close();
    expect((await deployed().executions('slow')).map(({ status }) => status)).toEqual(['RUNNING']);
    expect(await deployed().committed('slow')).toMatchObject({ rows: 6_000_000, passes: 2 });

    await deployed().drop('later/a.parquet', flights);
    expect((await deployed().ended('later')).cause).toContain('code of a later deployment');
  });

  /** Run the same input here and compare everything that readers may read. */
  async function sameAsHere(record: RunRecord, input: string): Promise<string> {
    const { dataset, run_id, dataset_id } = record;
    const [here, there] = [join(folder, `${dataset_id}-here`), join(folder, `${dataset_id}-there`)];
    const { status, stderr, stdout } = modemap('run', input, '--out', here, '--json');
    expect(status, stderr).toBe(0);
    const local: RunRecord = JSON.parse(stdout);
    await deployed().download(dataset, there);
    const expected = Object.entries(digestOf(here)).map(([key, sha]) => [key.replaceAll(local.run_id, run_id), sha]);
    expect(digestOf(there)).toEqual(Object.fromEntries(expected));
    expect(readable(record)).toEqual(readable(local));
    return there;
  }
});

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** What a record says of the run, without its names, times and machine. */
function readable(record: RunRecord) {
  const { rows, objects, bytes_in, bytes_out, partitions, passes, status, columns, audit, configuration } = record;
  return { rows, objects, bytes_in, bytes_out, partitions, passes, status, columns, audit, configuration };
}
