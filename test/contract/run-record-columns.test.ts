import { describe, expect, it } from 'vitest';
import { runRecordSchema } from '../../shared/contract/run-record.ts';
import { runRecordColumns } from '../../shared/contract/run-record-columns.ts';

describe('the columns of the runs table', () => {
  const columns = Object.fromEntries(runRecordColumns().map(({ Name, Type }) => [Name, Type]));

  it('are the fields of the run record, less the one that is of no use in SQL', () => {
    const fields = Object.keys(runRecordSchema.shape).filter((name) => name !== 'omitted_columns');
    expect(Object.keys(columns)).toEqual(fields);
  });

  it('have the types that hold them: null or not, counts, figures, texts, lists of objects', () => {
    expect(columns).toMatchObject({
      order: 'string',
      status: 'string',
      rows: 'bigint',
      task_seconds: 'double',
      estimated_dollars: 'double',
      failures: 'array<struct<partition:bigint,first_object:string,reason:string>>',
      columns: expect.stringMatching(/^array<struct<name:string,components:bigint,mean_absolute_error:double,.*>>$/),
      audit: expect.stringMatching(/^array<struct<name:string,gain:double,.*,misled:boolean>>$/),
    });
  });
});
