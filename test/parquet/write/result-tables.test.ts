import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { MetricsRow } from '../../../shared/contract/metrics.ts';
import type { Receipt } from '../../../shared/contract/receipt.ts';
import { componentsTable, metricsTable, tasksTable } from '../../../shared/parquet/write/result-tables.ts';
import { temporaryFolder } from '../../support/command.ts';
import { sql } from '../../support/duckdb.ts';
import { atom, gaussian, modelOf } from '../../support/models.ts';

const path = join(temporaryFolder(), 'table.parquet');

const metrics: MetricsRow = {
  ...{ pass: 0, partition: 17, column: 'délai', rows: 9_007_199_254_740_991, nulls: 1, nonFinite: 2, inexact: 3 },
  ...{ meanAbsoluteError: 0.1, rootMeanSquareError: 0.2, maxAbsoluteError: 5e-324, clipped: 4, lowMass: 5 },
  ...{ bitsPerValue: 6.28, ksDistance: 0.3, minimum: -1e308, maximum: 1e308, mean: -0.5, standardDeviation: 1.5 },
  componentCounts: [2_147_483_648, 0, 7],
};
const empty: MetricsRow = {
  ...{ ...metrics, partition: 18, meanAbsoluteError: null, rootMeanSquareError: null, maxAbsoluteError: null },
  ...{ bitsPerValue: null, ksDistance: null, minimum: null, maximum: null, mean: null, standardDeviation: null },
  componentCounts: [],
};
const task: Receipt['task'] = {
  ...{ pass: 1, partition: 2, firstObject: 'year=2024/a.parquet', firstRow: 5_000_000_000, objects: 3, rows: 4 },
  ...{ bytesRead: 5, bytesWritten: 6, secondsRead: 0.5, secondsTransform: 0.25, secondsWrite: 0, peakMemoryBytes: 7e9 },
};

async function read(bytes: Uint8Array) {
  writeFileSync(path, bytes);
  const types = await sql(`describe from '${path}'`);
  return {
    types: types.map(({ column_name, column_type }) => `${column_name} ${column_type}`).join(', '),
    rows: await sql(`from '${path}'`),
  };
}

describe('metricsTable', () => {
  it('has the columns and types of the contract', async () => {
    expect((await read(metricsTable([metrics]))).types).toBe(
      'pass INTEGER, partition INTEGER, column VARCHAR, rows BIGINT, nulls BIGINT, non_finite BIGINT, inexact BIGINT, ' +
        'mean_absolute_error DOUBLE, root_mean_square_error DOUBLE, max_absolute_error DOUBLE, clipped BIGINT, ' +
        'low_mass BIGINT, bits_per_value DOUBLE, ks_distance DOUBLE, minimum DOUBLE, maximum DOUBLE, mean DOUBLE, ' +
        'standard_deviation DOUBLE, component_counts BIGINT[]',
    );
  });

  it('every figure arrives, nulls and empty lists too', async () => {
    const { rows } = await read(metricsTable([metrics, empty]));
    expect(rows[0]).toMatchObject({
      ...{
        pass: 0,
        partition: 17,
        column: 'délai',
        rows: 9_007_199_254_740_991n,
        nulls: 1n,
        non_finite: 2n,
        inexact: 3n,
      },
      ...{
        mean_absolute_error: 0.1,
        root_mean_square_error: 0.2,
        max_absolute_error: 5e-324,
        clipped: 4n,
        low_mass: 5n,
      },
      ...{ bits_per_value: 6.28, ks_distance: 0.3, minimum: -1e308, maximum: 1e308, mean: -0.5 },
      ...{ standard_deviation: 1.5, component_counts: { items: [2_147_483_648n, 0n, 7n] } },
    });
    expect(rows[1]).toMatchObject({
      ...{ partition: 18, mean_absolute_error: null, root_mean_square_error: null, max_absolute_error: null },
      ...{ bits_per_value: null, ks_distance: null, minimum: null, maximum: null, mean: null },
      ...{ standard_deviation: null, component_counts: { items: [] } },
    });
  });

  it('columns of nulls and tables without rows keep their types', async () => {
    const { types } = await read(metricsTable([metrics]));
    expect((await read(metricsTable([empty]))).types).toBe(types);
    expect(await read(metricsTable([]))).toEqual({ types, rows: [] });
  });

  it('the same rows give the same bytes', () => {
    expect(metricsTable([metrics, empty])).toEqual(metricsTable([metrics, empty]));
  });
});

describe('tasksTable', () => {
  it('has the columns, types and values of the contract', async () => {
    expect(await read(tasksTable([task]))).toEqual({
      types:
        'pass INTEGER, partition INTEGER, first_object VARCHAR, first_row BIGINT, objects BIGINT, rows BIGINT, ' +
        'bytes_read BIGINT, bytes_written BIGINT, seconds_read DOUBLE, seconds_transform DOUBLE, seconds_write DOUBLE, ' +
        'peak_memory_bytes BIGINT',
      rows: [
        {
          ...{ pass: 1, partition: 2, first_object: 'year=2024/a.parquet', first_row: 5_000_000_000n, objects: 3n },
          ...{ rows: 4n, bytes_read: 5n, bytes_written: 6n, seconds_read: 0.5, seconds_transform: 0.25 },
          ...{ seconds_write: 0, peak_memory_bytes: 7_000_000_000n },
        },
      ],
    });
  });
});

describe('componentsTable', () => {
  it('has the columns, types and values of the contract', async () => {
    const pruned = { ...atom(0.25, 0), pruned: true };
    const columns = [modelOf([gaussian(0.75, -1.5, 2), pruned], { name: 'délai', decimals: 3 })];
    expect(await read(componentsTable({ columns }))).toEqual({
      types:
        'column_name VARCHAR, component TINYINT, kind VARCHAR, weight DOUBLE, mean DOUBLE, standard_deviation DOUBLE, ' +
        'pruned BOOLEAN, bits_per_value DOUBLE, resolution DOUBLE, decimals INTEGER, precision VARCHAR',
      rows: [
        {
          ...{ column_name: 'délai', component: 0, kind: 'gaussian', weight: 0.75, mean: -1.5, standard_deviation: 2 },
          ...{ pruned: false, bits_per_value: null, resolution: 1e-6, decimals: 3, precision: 'float32' },
        },
        {
          ...{ column_name: 'délai', component: null, kind: 'atom', weight: 0.25, mean: 0, standard_deviation: 0 },
          ...{ pruned: true, bits_per_value: null, resolution: 1e-6, decimals: 3, precision: 'float32' },
        },
      ],
    });
  });
});
