import { describe, expect, it } from 'vitest';
import { outputKeyValues } from '../../../shared/parquet/write/output-columns.ts';

const pair = (key: string, value: string | null = 'v') => ({ key, value });

describe('outputKeyValues', () => {
  it('what describes a schema is dropped, the rest stays in its order', () => {
    const given = [
      pair('writer.time.zone'),
      pair('ARROW:schema'),
      pair('pandas'),
      pair('org.apache.spark.legacyDateTime', ''),
      pair('org.apache.spark.sql.parquet.row.metadata'),
      pair('parquet.avro.schema'),
      pair('avro.schema'),
      pair('iceberg.schema'),
      pair('empty', null),
    ];
    expect(outputKeyValues([given])).toEqual([
      pair('writer.time.zone'),
      pair('org.apache.spark.legacyDateTime', ''),
      pair('empty', null),
    ]);
  });

  it('only what all objects say alike is kept', () => {
    const objects = [
      [pair('same'), pair('differs', '1'), pair('missing'), pair('null', null)],
      [pair('differs', '2'), pair('same'), pair('null', '')],
      [pair('same'), pair('differs', '1'), pair('missing'), pair('null', null)],
    ];
    expect(outputKeyValues(objects)).toEqual([pair('same')]);
  });
});
