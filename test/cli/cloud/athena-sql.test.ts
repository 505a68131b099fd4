import { describe, expect, it } from 'vitest';
import { athenaSql, viewsMeant } from '../../../cli/cloud/athena-sql.ts';
import { RESULT_COLUMNS } from '../../../shared/contract/result-columns.ts';
import { recordOf } from '../../support/run-fixture.ts';

const record = recordOf({ datasetId: 'trips', runId: '0123456789abcdef' });
const catalog = { workgroup: 'w', resultsDatabase: 'modemap', dataDatabase: 'modemap_data' };
const sqlOf = (sql: string) => athenaSql(sql, record, catalog);

const DATA = 'data AS (SELECT * FROM "modemap_data"."trips")';
const COLUMNS = Object.keys(RESULT_COLUMNS.metrics)
  .map((name) => `"${name}"`)
  .join(', ');
const METRICS = `metrics AS (SELECT ${COLUMNS} FROM "modemap"."metrics" WHERE dataset = 'trips' AND run_id = '0123456789abcdef')`;

describe('viewsMeant', () => {
  it.each([
    ['select * from data', ['data']],
    ['SELECT * FROM Metrics, tasks', ['metrics', 'tasks']],
    ["select 'it''s data' -- metrics\n, /* tasks */ 1", []],
    ['select database, run_id from other', []],
  ])('of %j are %j', (sql, views) => {
    expect(viewsMeant(sql)).toEqual(views);
  });
});

describe('athenaSql', () => {
  it('puts the views that are named into one line before the SQL, whatever it is', () => {
    expect(sqlOf('select 1')).toBe('\nselect 1');
    expect(sqlOf('select count(*) from data')).toBe(`WITH ${DATA}\nselect count(*) from data`);
    expect(sqlOf('select * from data, metrics')).toBe(`WITH ${DATA}, ${METRICS}\nselect * from data, metrics`);
  });

  it("joins the user's own expressions and leaves every character where it was", () => {
    const sql = '-- mine\n With a as (select 1 from data) select * from a';
    expect(sqlOf(sql)).toBe(`WITH ${DATA},\n-- mine\n      a as (select 1 from data) select * from a`);
    expect(sqlOf('with recursive t(n) as (select 1 from metrics) table t')).toBe(
      `WITH RECURSIVE ${METRICS},\n               t(n) as (select 1 from metrics) table t`,
    );
    expect(sqlOf('/* one */ /* two */withdrawn as data')).toBe(`WITH ${DATA}\n/* one */ /* two */withdrawn as data`);
  });

  it('means one run by run, and quotes what stands in the record', () => {
    expect(athenaSql('table run', { ...record, dataset_id: "it's" }, catalog)).toBe(
      `WITH run AS (SELECT * FROM "modemap"."runs" WHERE dataset_id = 'it''s' AND run_id = '0123456789abcdef')\ntable run`,
    );
  });
});
