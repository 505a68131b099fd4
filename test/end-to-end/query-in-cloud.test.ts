import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AthenaClient, StopQueryExecutionCommand } from '@aws-sdk/client-athena';
import { beforeAll, describe, expect, it } from 'vitest';
import { GlueCatalog } from '../../functions/adapters/glue-catalog.ts';
import { MemoryStore } from '../../functions/adapters/memory-store.ts';
import { initialiseParquetWasm } from '../../functions/adapters/parquet-wasm.ts';
import { makeS3Client } from '../../functions/adapters/s3-client.ts';
import { S3Store } from '../../functions/adapters/s3-store.ts';
import { makeCommit } from '../../functions/commit/commit.ts';
import { storedCurrentRuns } from '../../functions/current-runs.ts';
import { logListing } from '../../functions/listing-log.ts';
import { atEnd } from '../support/at-end.ts';
import { AthenaFront } from '../support/athena-front.ts';
import { type EmulatedAws, hasEmulator, startEmulator } from '../support/aws-emulator.ts';
import { modemapBeside } from '../support/command.ts';
import { BUCKETS, DATABASES, deployCatalog } from '../support/deployed-stack.ts';
import { clientOptions } from '../support/emulator-process.ts';
import { parquetBytes } from '../support/parquet-bytes.ts';
import { runUntil } from '../support/stage-run.ts';
import { ACCOUNT_OF_EMULATOR, hasTrino, trinoOver } from '../support/trino.ts';
import type { TrinoClient } from '../support/trino-client.ts';

const command = fileURLToPath(new URL('../../dist/cli/modemap.js', import.meta.url));
const TRIPS = `s3://${BUCKETS.INPUT_BUCKET}/trips`;

/** A column of every kind that both engines have, with nulls; all but the last pass. */
const ROWS = `select i, (i % 100)::tinyint as tiny, i::smallint as short, i::integer as word,
    9223372036854775807 - i as big, (i / 7)::float as single,
    case when i % 11 = 0 then 'nan'::double when i % 13 = 0 then 'inf'::double when i % 17 = 0 then i * 1e20 else i / 3e6 end as doubled,
    case when i % 4 > 0 then i / 3 end as nullable, (i / 8)::decimal(9, 3) as money, (i / 8)::decimal(38, 10) as wide,
    i % 2 = 0 as flag, date '2000-01-01' + i::integer as day, timestamp '2000-01-01' + to_milliseconds(i * 100) as moment,
    'text "' || i || '", or so' as words, case i % 3 when 0 then '' when 1 then 'null' end as odd,
    case when i % 3 > 0 then unhex(printf('%02x62%02x', i % 256, 255 - i % 256)) end as bytes,
    case when i % 5 > 0 then [i, null, i + 1] end as list, null::integer as nothing, ln(i + 1) as measured
  from range(700) t(i)`;
const NUMBERS = ['i', 'tiny', 'short', 'word', 'big', 'single', 'doubled', 'nullable', 'money', 'wide'];
const OTHERS = ['flag', 'day', 'moment', 'words', 'odd', 'bytes', 'list', 'nothing'];
const CONFIGURATION = {
  fit: 'sample',
  partitionBytes: 1,
  // the reference's rule prunes components; those have no number
  columns: { ...Object.fromEntries(NUMBERS.map((name) => [name, 'pass'])), measured: { preset: 'ctgan' } },
};

describe.skipIf(!hasTrino || !hasEmulator)('modemap query of a deployment with a catalog', { timeout: 180_000 }, () => {
  let aws: EmulatedAws;
  let trino: TrinoClient;
  let front: AthenaFront;
  let environment: Record<string, string>;

  beforeAll(async () => {
    initialiseParquetWasm();
    aws = await startEmulator();
    const there = clientOptions(aws);
    await deployCatalog(aws, { without: 'without-catalog', with: 'modemap' });
    const client = makeS3Client(there);
    const output = new S3Store({ client, bucket: BUCKETS.OUTPUT_BUCKET });
    const stores = { input: new MemoryStore(), work: new MemoryStore(), output };
    stores.input.overwrite('a.parquet', await parquetBytes(ROWS, 'row_group_size 2048'));
    stores.input.overwrite('b.parquet', await parquetBytes(ROWS, 'row_group_size 2048'));
    const catalog = new GlueCatalog({ ...DATABASES, output: `s3://${BUCKETS.OUTPUT_BUCKET}/` }, there);
    // two runs of the dataset: the table is that of the later one, of the earlier one there is all the rest
    for (const [seed, order] of ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'].entries()) {
      const configuration = { ...CONFIGURATION, seed };
      const run = await runUntil('reduce', stores, { dataset: 'trips', configuration, order });
      await logListing(stores.work, run, order);
      await makeCommit(stores, () => order, storedCurrentRuns(output), catalog)({ ...run, pass: 0 });
    }
    trino = await trinoOver(aws, ACCOUNT_OF_EMULATOR);
    front = new AthenaFront(trino, aws);
    atEnd(() => front.close());
    environment = { ...aws, AWS_ENDPOINT_URL_ATHENA: await front.listen() };
  }, 300_000);

  function start(...args: string[]) {
    return spawn(process.execPath, [command, 'query', ...args], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  const ask = (...args: string[]) => modemapBeside(['query', ...args], environment);

  /** The same by Athena and by DuckDB, which is asked where the stack has no catalog. */
  async function askBoth(sql: string, ...flags: string[]) {
    const asked = front.queries.length;
    const [athena, duckdb] = await Promise.all([
      ask(TRIPS, sql, ...flags),
      ask(TRIPS, sql, ...flags, '--stack', 'without-catalog'),
    ]);
    expect(front.queries.length).toBe(asked + 1);
    expect(athena.stderr).toBe('');
    return { athena, duckdb };
  }

  it.each([
    ['a table', []],
    ['CSV', ['--csv']],
    ['JSON', ['--json']],
  ])('prints values of every type as a run on this machine does: %s', async (_, flags) => {
    const columns = [...NUMBERS, ...OTHERS, 'measured_normalized', 'measured_component'];
    const sql = `select ${columns} from data order by i, measured_component, measured_normalized limit 60`;
    const { athena, duckdb } = await askBoth(sql, ...flags);
    expect(athena).toEqual(duckdb);
    expect(athena.stdout.split('\n').length).toBeGreaterThan(60);
  });

  it.each([
    'select * from metrics order by "column", partition',
    'select * from tasks order by partition',
    'select * from components order by column_name, component, weight, mean',
    'select dataset, run_id, "order", created_at, status, rows, partitions, passes, seconds, estimated_dollars, data_location, configuration from run',
    'with mine as (select sum(rows) as n from metrics where "column" = \'measured\')\nselect mine.n = run.rows as equal from mine, run',
    'select max(m.largest) as largest, count(*) as n from data d cross join (select max(max_absolute_error) as largest from metrics) m',
  ])('answers of the run as DuckDB does: %s', async (sql) => {
    const { athena, duckdb } = await askBoth(sql, '--json');
    expect(athena).toEqual(duckdb);
    expect(athena.stdout).not.toBe('[]\n');
    if (sql.includes('from components')) expect(athena.stdout).toContain('"component":null');
  });

  it('asks in the workgroup and reuses no result', () => {
    for (const { request } of front.queries) {
      expect(request).toMatchObject({
        WorkGroup: 'of-test',
        QueryExecutionContext: { Database: 'modemap' },
        ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
      });
    }
    expect(front.queries.length).toBeGreaterThan(0);
  });

  it('asks DuckDB for the data of an earlier run, whose table is gone, and Athena for what stays', async () => {
    const asked = front.queries.length;
    const output = `s3://${BUCKETS.OUTPUT_BUCKET}`;
    const { stdout } = await ask(output, 'select run_id from run', '--csv');
    const [, current] = stdout.split('\n');
    const runs = await trino.query('select run_id from modemap.runs');
    const earlier = runs.map(({ run_id }) => run_id).find((id) => id !== current);
    const record = `${output}/runs/dataset=trips/${earlier}.json`;
    expect((await ask(record, 'select run_id from run', '--csv')).stdout).toBe(`run_id\n${earlier}\n`);
    expect(front.queries.length).toBe(asked + 2);
    expect((await ask(record, 'select count(*) as n from data', '--csv')).stdout).toBe('n\n1400\n');
    expect(front.queries.length).toBe(asked + 2);
  });

  it.each([
    ['selec 1', /^modemap: SQL: line 1:1: mismatched input 'selec'\. Expecting: [^\n]+\n$/],
    [
      'select rows,\n  nothing from metrics',
      /^modemap: SQL: COLUMN_NOT_FOUND: line 2:3: Column 'nothing' cannot be resolved\n$/,
    ],
    [
      'select * from nothing',
      /^modemap: SQL: TABLE_NOT_FOUND: line 1:15: Table 'awsdatacatalog\.modemap\.nothing' does not exist; the views are data, metrics, tasks, run, components\n$/,
    ],
    ['select 1 / (rows - rows) from run', /^modemap: SQL: DIVISION_BY_ZERO: Division by zero\n$/],
  ])('shows why %j fails in one line and exits 1', async (sql, reason) => {
    expect(await ask(TRIPS, sql)).toEqual({ status: 1, stdout: '', stderr: expect.stringMatching(reason) });
  });

  describe('with a query that takes its time', () => {
    const ENDLESS = 'select count(*) as n from data a, data b, data c, data d where a.i + b.i + c.i = d.i';
    const looksAt = (from: number) => front.queries[from]?.looks ?? 0;

    async function startEndless() {
      const from = front.queries.length;
      const child = start(TRIPS, ENDLESS);
      const said = text(child.stderr);
      const ended = once(child, 'exit');
      while (looksAt(from) < 2) await sleep(50);
      return { from, child, said, ended };
    }

    it('says so when somebody else cancels it', async () => {
      const { from, said, ended } = await startEndless();
      const athena = new AthenaClient({ ...clientOptions(aws), endpoint: environment.AWS_ENDPOINT_URL_ATHENA });
      await athena.send(new StopQueryExecutionCommand({ QueryExecutionId: String(from) }));
      athena.destroy();
      expect(await ended).toEqual([1, null]);
      expect(await said).toBe('modemap: SQL: Query was canceled\n');
    });

    it('stops it when nobody waits for it any more', async () => {
      const { from, child, said, ended } = await startEndless();
      child.kill('SIGINT');
      expect(await ended).toEqual([130, null]);
      expect(await said).toBe(`modemap: query ${from} is stopped\n`);
      while (front.queries[from].state === 'RUNNING') await sleep(50);
      expect(front.queries[from]).toMatchObject({ isStopped: true, state: 'CANCELLED' });
    });
  });
});
