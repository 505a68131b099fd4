import { appendFileSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RESULT_TABLES } from '../../shared/contract/catalog.ts';
import { outputKeys } from '../../shared/contract/keys.ts';
import type { RunRecord } from '../../shared/contract/run-record.ts';
import { deployForTests } from '../referee/deploy-for-tests.ts';
import { type Answered, Tables } from '../referee/tables.ts';
import { canReferee, REPORT_VARIABLE } from '../referee/tools.ts';
import { digestOf, FLIGHTS, modemap, temporaryFolder } from '../support/command.ts';
import { MISLEADING_FILES, MISLEADING_ROWS, writeMisleadingTable } from '../support/misleading-table.ts';
import { python, runPython } from '../support/python.ts';
import { hasTrino } from '../support/trino.ts';

const folder = temporaryFolder();
/** The flights as the folder of a dataset. */
const dataset = join(folder, 'flights');
mkdirSync(dataset);
cpSync(FLIGHTS, join(dataset, 'flights-3m.parquet'));
const flights = readFileSync(FLIGHTS);

describe.skipIf(!canReferee)('the stack as it is deployed, rights enforced', { timeout: 180_000 }, () => {
  const { referee, deployed } = deployForTests();
  let tables: Tables | undefined;
  beforeAll(async () => {
    if (hasTrino) tables = await Tables.open(referee().emulator.aws);
  }, 300_000);
  afterAll(() => tables?.close());

  it('one PutObject is all it takes: the flights come out as the command here writes them, byte for byte', async () => {
    await deployed().drop('flights/flights-3m.parquet', flights);
    const record = await deployed().committed('flights');
    expect(record).toMatchObject({ dataset: 'flights', rows: 3_000_000, status: 'complete', passes: 1 });
    const there = await sameAsHere(record, dataset);
    if (python) {
      const found = JSON.parse(runPython(script('check_run.py'), FLIGHTS, there));
      expect(found.rows).toBe(3_000_000);
    }
  });

  it.skipIf(!hasTrino)('and what README shows under "Query" is answered as it shows it', async () => {
    await deployed().committed('flights');
    expect(await tables?.askAsReadme(deployed().outputs.outputBucket)).toEqual({ athena: 2, duckdb: 1, python: 4 });
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
    expect(await deployed().status('misleading')).toMatch(
      /^misleading: committed after .*\ntransform {2}pass 0: (\d+) of \1 done\nreduce {5}pass 0: 1 of 1 done\ntransform {2}pass 1: \1 of \1 done\nreduce {5}pass 1: 1 of 1 done\n\nreaders get run /s,
    );
  });

  it('a deployment in between changes nothing of a run under way, and everything of the next one', async () => {
    const isOfRun = (stage: string) => stage !== 'start' && stage !== 'failed';
    const next = referee().prepare({
      change: (stage, code) => (isOfRun(stage) ? `${code}\nthrow new Error('code of a later deployment');\n` : code),
    });
    // a run that does not end before it is told to, however fast it is
    const gate = join(folder, 'may-commit');
    const waiting = `\nwhile (!(await import('node:fs')).existsSync(${JSON.stringify(gate)})) await new Promise((done) => setTimeout(done, 50));\n`;
    const patient = referee().prepare({ change: (stage, code) => (stage === 'commit' ? code + waiting : code) });
    (await referee().deploy(patient)).close();
    await deployed().drop('slow/_modemap.json', JSON.stringify({ fit: 'full' }));
    for (const key of ['a.parquet', 'b.parquet']) await deployed().drop(`slow/${key}`, flights);
    await deployed().started('slow');
    (await referee().deploy(next)).close();
    expect((await deployed().executions('slow')).map(({ status }) => status)).toEqual(['RUNNING']);
    writeFileSync(gate, '');
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
    if (tables) await sameTables(tables, record, here);
    return there;
  }

  /** Read back what commit put into Glue, and ask it, and the run here, for everything. */
  async function sameTables(tables: Tables, { dataset, dataset_id, run_id, ...record }: RunRecord, here: string) {
    const root = `s3://${deployed().outputs.outputBucket}/`;
    const run = { datasetId: dataset_id, runId: run_id };
    const { columns, ...entries } = await tables.entriesOf(run);
    expect(entries).toEqual({
      runId: run_id,
      location: `${root}${record.data_location}`,
      partitions: Object.fromEntries(RESULT_TABLES.map((table) => [table, `${root}${outputKeys[table](run)}`])),
    });
    const answered = await tables.ask(`s3://${deployed().outputs.inputBucket}/${dataset}`, here, columns);
    for (const { view, there, here } of answered) {
      expect(there, view).toEqual(here);
      expect(there.length, view).toBeGreaterThan(0);
    }
    report(dataset, answered);
  }
});

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** For `npm run referee`, which prints it when all is done. */
function report(dataset: string, answered: readonly Answered[]): void {
  const path = process.env[REPORT_VARIABLE];
  if (!path) return;
  for (const { view, what, there } of answered) {
    appendFileSync(path, `${JSON.stringify([dataset, view, what, String(there.length), 'equal'])}\n`);
  }
}

/** What a record says of the run, without its names, times and machine. */
function readable(record: RunRecord) {
  const { rows, objects, bytes_in, bytes_out, partitions, passes, status, columns, audit, configuration } = record;
  return { rows, objects, bytes_in, bytes_out, partitions, passes, status, columns, audit, configuration };
}
