import { beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../functions/adapters/parquet-wasm.ts';
import { DEFAULT_DEPLOYMENT } from '../../shared/contract/deployment.ts';
import { LIMITS } from '../../shared/contract/limits.ts';
import { estimateRun } from '../../shared/cost/estimate-run.ts';
import { type CountedRun, countedRun } from '../support/counted-run.ts';
import { parquetBytes } from '../support/parquet-bytes.ts';

beforeAll(() => initialiseParquetWasm());

/** What the estimate says of the stages that ran. */
function estimated({ header, model, record }: CountedRun) {
  const { expected, withSecondPass } = estimateRun(header, model.options, { deployment: DEFAULT_DEPLOYMENT, model });
  const { stages } = (model.options.fit === 'audit' && record.passes === 2 && withSecondPass) || expected;
  return stages.map(({ stage, invocations, gets, puts }) => ({ stage, invocations, gets, puts }));
}

const FIT = { maxComponents: 1, sampleRows: 100_000 };

describe('the requests of every stage are those that S3 sees', () => {
  it('for small files, each a partition, whose sample is trusted', async () => {
    const file = await parquetBytes("select sqrt(i + 1)::double as x, 'n' as note from range(50) t(i)");
    const run = await countedRun(
      { 'a.parquet': file, 'b.parquet': file, 'c.parquet': file },
      { ...FIT, partitionBytes: 1, fit: 'sample' },
    );
    expect(estimated(run)).toEqual(run.stages);
    expect(run.stages.map(({ stage }) => stage)).toEqual([
      'start',
      'plan',
      'fit',
      'collect',
      'transform',
      'reduce',
      'commit',
    ]);
  });

  it('for files that share partitions, with folders, columns dropped, passed and kept, several column groups, extremes and a look back', async () => {
    const select = (offset: number) =>
      `select (hash(i + ${offset}) % 5000) / 8.0::double as x, ((i + ${offset}) % 977 * 1.5)::float as y, i * 3 as id,
       'name ' || i as name, ln(1 + i)::double as z, [i] as list from range(9000) t(i)`;
    const files = {
      'day=1/a.parquet': await parquetBytes(select(0), 'row_group_size 2048'),
      'day=1/b.parquet': await parquetBytes(select(50_000), 'row_group_size 2048'),
      'day=2/c.parquet': await parquetBytes(select(90_000), 'row_group_size 2048'),
    };
    const columns = { name: 'drop', z: { keepOriginal: true }, y: { action: 'normalize', precision: 'float64' } };
    const run = await countedRun(
      files,
      { ...FIT, sampleRows: 300, partitionBytes: 400_000, columns },
      { columnsPerFit: 2 },
    );
    expect(run.header.columnGroups.length).toBe(2);
    expect(run.header.partitions).toBeGreaterThan(2);
    expect(estimated(run)).toEqual(run.stages);
  });

  it('for a second pass, after a sample that misled', async () => {
    // every second row is of a mode that a sample of every second row never sees
    const value = 'case when i % 2 = 1 then 10 + (hash(i) % 1000) / 1000 else 500 + (hash(i * 3) % 1000) / 100 end';
    const file = await parquetBytes(`select (${value})::double as x from range(20000) t(i)`, 'row_group_size 4096');
    const run = await countedRun({ 'a.parquet': file }, { ...FIT, sampleRows: 10_000, partitionBytes: 50_000 });
    expect(run.record.passes).toBe(2);
    expect(estimated(run)).toEqual(run.stages);
  });

  it('for a sample so large that its columns are read one after the other, extremes within it', async () => {
    const file = await parquetBytes(
      'select (hash(i) % 5000) / 8 as x, sqrt(i) as y, ln(1 + i) as z from range(9000) t(i)',
      'row_group_size 3000',
    );
    const sampleRows = LIMITS.sampledValueBytes / 8;
    const run = await countedRun({ 'a.parquet': file, 'b.parquet': file }, { ...FIT, sampleRows, fit: 'sample' });
    // each of three columns: the footers again, and a chunk of each row group
    expect(run.header.workload.sampleReads).toEqual([3 * (run.header.workload.footerReads + 2 * 3)]);
    expect(estimated(run)).toEqual(run.stages);
  });

  it('for fit "full", whose first pass only summarises', async () => {
    const file = await parquetBytes(
      "select (hash(i) % 5000) / 8 as x, 'a' || i as s from range(9000) t(i)",
      'row_group_size 3000',
    );
    const run = await countedRun({ 'a.parquet': file, 'b.parquet': file }, { ...FIT, fit: 'full', partitionBytes: 1 });
    expect(estimated(run)).toEqual(run.stages);
  });

  it('for row groups beyond 8 MB and parts of several uploads', async () => {
    const file = await parquetBytes(
      `select (hash(i) % 100000) / 8.0::double as x, hash(i * 7) || '-' || hash(i) as text, (i % 1009) / 4::double as y
       from range(250000) t(i)`,
      'row_group_size 250000, codec uncompressed',
    );
    const columns = { y: { keepOriginal: true } };
    const run = await countedRun({ 'a.parquet': file }, { ...FIT, fit: 'sample', columns });
    expect(run.header.workload).toMatchObject({ smallReads: 0, columns: [{}, { pieceReads: 2 }, {}] });
    expect(run.stages.find(({ stage }) => stage === 'transform')?.puts).toBeGreaterThan(4);
    expect(estimated(run)).toEqual(run.stages);
  }, 30_000);

  it('for many columns that share requests, some of them dropped between others', async () => {
    const columns = Array.from({ length: 12 }, (_, i) => `(hash(i + ${i} * 1000003) % 10000000) / 8.0 as c${i}`);
    const file = await parquetBytes(
      `select ${columns.join(', ')} from range(300000) t(i)`,
      'row_group_size 300000, codec uncompressed',
    );
    const configuration = { ...FIT, fit: 'sample', columns: { c3: 'drop', c7: 'pass', c8: { keepOriginal: true } } };
    const run = await countedRun({ 'a.parquet': file }, configuration);
    expect(run.header.workload.mergedReads).toBeLessThanOrEqual(4);
    expect(estimated(run)).toEqual(run.stages);
    const full = await countedRun({ 'a.parquet': file }, { ...configuration, fit: 'full' });
    expect(estimated(full)).toEqual(full.stages);
  }, 30_000);

  it('for a footer beyond 64 kB, which takes two', async () => {
    const columns = Array.from({ length: 20 }, (_, i) => `i as c${i}`).join(', ');
    const file = await parquetBytes(
      `select i % 100 / 8.0::double as x, ${columns} from range(120000) t(i)`,
      'row_group_size 2048',
    );
    const run = await countedRun({ 'a.parquet': file }, { ...FIT, fit: 'sample', partitionBytes: 5_000_000 });
    expect(run.header.workload.footerReads).toBe(2);
    expect(run.header.partitions).toBeGreaterThan(2);
    expect(estimated(run)).toEqual(run.stages);
  }, 30_000);

  it('for a table of which nothing is normalized', async () => {
    const file = await parquetBytes("select 'a' || i as s from range(100) t(i)");
    const run = await countedRun({ 'a.parquet': file }, {});
    expect(estimated(run)).toEqual(run.stages);
  });
});
