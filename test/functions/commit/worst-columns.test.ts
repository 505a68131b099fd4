import { describe, expect, it } from 'vitest';
import { worstColumns } from '../../../functions/commit/worst-columns.ts';
import type { ColumnModel, Model } from '../../../shared/contract/model.ts';
import { parseConfiguration } from '../../../shared/contract/parse-configuration.ts';
import type { RunColumn } from '../../../shared/contract/run-record.ts';
import { columnModel, recordOf } from '../../support/run-fixture.ts';

const run = { datasetId: 'trips', runId: '0123456789012345' };
const [summary] = recordOf(run).columns;
const column = (name: string, changes: Partial<RunColumn>): RunColumn => ({ ...summary, name, ...changes });

const modelOf = (columns: ColumnModel[]): Model => ({
  format: 'modemap-model',
  version: 1,
  dataset: 'trips',
  datasetId: 'trips',
  pass: 0,
  source: { kind: 'sample', rows: 4, ofRows: 4 },
  options: parseConfiguration(null, 'none'),
  decisions: [],
  columns,
});

describe('worstColumns', () => {
  it('measures errors by the spread of the mixture, so that units do not count', () => {
    const two = (scale: number): ColumnModel => ({
      ...columnModel,
      name: `times ${scale}`,
      components: [-3, 3].map((mean) => ({
        ...columnModel.components[0],
        weight: 0.5,
        mean: mean * scale,
        standardDeviation: 4 * scale,
      })),
    });
    const columns = [1, 1000].map((scale) => column(`times ${scale}`, { root_mean_square_error: scale }));
    const figures = worstColumns(recordOf(run, { columns }), modelOf([two(1), two(1000)]));
    expect(figures.map((entry) => entry.figures.RelativeError)).toEqual([0.2, 0.2]);
  });

  it('puts first what is worst by any figure, and takes shares of the finite values', () => {
    const columns = [
      column('fair', {}),
      column('clipped', { clipped: 5, nulls: 80, non_finite: 10 }),
      column('unexplained', { low_mass: 60 }),
      column('empty', { nulls: 90, non_finite: 10, root_mean_square_error: null }),
    ];
    const worst = worstColumns(recordOf(run, { rows: 100, columns }), modelOf([]));
    expect(worst.map((entry) => entry.column)).toEqual(['unexplained', 'clipped', 'fair']);
    expect(worst[0].figures).toEqual({ RelativeError: 0, LowMassShare: 0.6, ClippedShare: 0 });
    expect(worst[1].figures.ClippedShare).toBe(0.5);
  });

  it('is finite for a column of one atom, and short for a table of a thousand columns', () => {
    const columns = Array.from({ length: 1000 }, (_, i) => column(`c${i}`, { root_mean_square_error: i }));
    const atom = { ...columnModel, name: 'c999', components: [{ ...columnModel.components[1], weight: 1, mean: 0 }] };
    const worst = worstColumns(recordOf(run, { columns }), modelOf([atom]));
    expect(worst.length).toBe(20);
    expect(worst[0]).toMatchObject({ column: 'c999', figures: { RelativeError: 999 } });
  });
});
