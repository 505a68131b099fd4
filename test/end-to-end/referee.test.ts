import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunRecord } from '../../shared/contract/run-record.ts';
import type { Deployment } from '../referee/deployment.ts';
import { Inbox } from '../referee/inbox.ts';
import { Referee } from '../referee/referee.ts';
import { canReferee } from '../referee/tools.ts';
import { digestOf, FLIGHTS, modemap, temporaryFolder } from '../support/command.ts';
import { python, runPython } from '../support/python.ts';

const folder = temporaryFolder();
const flights = readFileSync(FLIGHTS);

describe.skipIf(!canReferee)('the stack as it is deployed, rights enforced', { timeout: 120_000 }, () => {
  let referee: Referee;
  let deployed: Deployment;
  let inbox: Inbox;

  beforeAll(async () => {
    referee = await Referee.open();
    deployed = await referee.deploy();
    inbox = await Inbox.subscribe(referee.emulator.aws, deployed.outputs.topicArn);
  });
  afterAll(() => {
    inbox?.close();
    deployed?.close();
    referee?.close();
  });

  it('one PutObject is all it takes: the flights come out as the command here writes them, byte for byte', async () => {
    await deployed.drop('flights-3m.parquet', flights);
    const record = await deployed.committed('flights-3m');
    expect(record).toMatchObject({ dataset: 'flights-3m', rows: 3_000_000, status: 'complete', passes: 1 });
    const there = await sameAsHere(record, FLIGHTS);
    if (python) {
      const found = JSON.parse(runPython(script('check_run.py'), FLIGHTS, there));
      expect(found.rows).toBe(3_000_000);
    }
  });

  /** Run the same input here and compare everything that readers may read. */
  async function sameAsHere(record: RunRecord, input: string): Promise<string> {
    const { dataset, run_id, dataset_id } = record;
    const [here, there] = [join(folder, `${dataset_id}-here`), join(folder, `${dataset_id}-there`)];
    const { status, stderr, stdout } = modemap('run', input, '--out', here, '--json');
    expect(status, stderr).toBe(0);
    const local: RunRecord = JSON.parse(stdout);
    await deployed.download(dataset, there);
    const expected = Object.entries(digestOf(here)).map(([key, sha]) => [key.replaceAll(local.run_id, run_id), sha]);
    const found = Object.entries(digestOf(there)).filter(([key]) => !key.startsWith('current/'));
    expect(Object.fromEntries(found)).toEqual(Object.fromEntries(expected));
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
