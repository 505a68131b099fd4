import { describe, expect, it } from 'vitest';
import { fitColumn } from '../../../functions/fit/fit-column.ts';
import { SampledColumn } from '../../../functions/fit/sampled-column.ts';
import { columnOptionsOf } from '../../../shared/contract/configuration.ts';
import { type ColumnModel, modelSchema } from '../../../shared/contract/model.ts';
import { parseConfiguration } from '../../../shared/contract/parse-configuration.ts';
import type { Preset } from '../../../shared/mixture/fit-preset.ts';
import { ErrorMetrics } from '../../../shared/normalize/error-metrics.ts';
import { makeKernel } from '../../../shared/normalize/kernel.ts';
import type { NumericType } from '../../../shared/parquet/footer-types.ts';
import { drawn, type Random } from '../../support/random.ts';

const DOUBLE: NumericType = { kind: 'float', bits: 64 };
const LARGEST = Number.MAX_VALUE;
const SMALLEST = Number.MIN_VALUE;

/** What the fit stage makes of a DOUBLE column of these values, read back as the next stage reads it. */
function modelOf(values: ArrayLike<number>, preset: Preset, maxComponents: number, numeric = DOUBLE): ColumnModel {
  const options = parseConfiguration(JSON.stringify({ preset, maxComponents, columns: { x: 'normalize' } }), 'test');
  const sampled = new SampledColumn(
    {
      name: 'x',
      repetition: 'OPTIONAL',
      leafStart: 0,
      leafEnd: 1,
      typeName: 'DOUBLE',
      logicalType: null,
      numeric,
      schemaElements: [],
    },
    {
      path: ['x'],
      physicalType: numeric.kind === 'integer' ? 'INT64' : 'DOUBLE',
      typeLength: 0,
      maxDefinitionLevel: 1,
      maxRepetitionLevel: 0,
    },
  );
  sampled.add(Float64Array.from(values), new Uint8Array(values.length).fill(1), { offset: 0, step: 1, weight: 1 });
  const { decision, model } = fitColumn(sampled, columnOptionsOf(options, 'x'));
  const document = {
    format: 'modemap-model',
    version: 1,
    dataset: 'table',
    datasetId: 'table',
    pass: 0,
    source: { kind: 'sample', rows: values.length, ofRows: values.length },
    options,
    decisions: [decision],
    columns: [model],
  };
  return modelSchema.parse(JSON.parse(JSON.stringify(document))).columns[0];
}

/** Apply a model to the values it was fitted to: every figure of what that loses. */
function figuresOf(values: ArrayLike<number>, column: ColumnModel, preset: Preset) {
  const rows = Float64Array.from(values);
  const valid = new Uint8Array(rows.length).fill(1);
  const options = { choose: 'sample', clip: 0.99, preset } as const;
  const pairs = makeKernel(column, options)({ values: rows, valid, rowStart: 0, keys: { k0: 1, k1: 2 } });
  const metrics = new ErrorMetrics(column, options.clip);
  metrics.add(rows, valid, pairs);
  return metrics.figures();
}

const repeated = (values: number[], times = 200) => Array.from({ length: times }, () => values).flat();
const random = (draw: (random: Random) => number, rows = 1000) => drawn(rows, 1, draw);

/** Columns of every unkind sort, and what of them is finite. */
const COLUMNS: [string, ArrayLike<number>, NumericType?][] = [
  ['one value', repeated([7.25])],
  ['two values', repeated([1, 2])],
  ['two values far apart, one of them rare', repeated([...new Array(99).fill(3.5), -2e9], 10)],
  ['infinities and NaN only', repeated([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])],
  ['infinities and NaN, and one number', [Number.NaN, 3, Number.POSITIVE_INFINITY]],
  ['no row', []],
  ['one row', [3.3]],
  ['two rows', [3.3, 4.4]],
  ['two rows an ulp apart', [1, 1 + Number.EPSILON]],
  ['two rows of opposite extremes', [LARGEST, -LARGEST]],
  ['two values an ulp apart', repeated([1, 1 + Number.EPSILON])],
  ['two values an ulp apart near the largest double', repeated([1e308, 1e308 + 2 ** 971])],
  ['five subnormal values', repeated([1, 2, 3, 4, 5].map((k) => k * SMALLEST))],
  ['the smallest double', repeated([SMALLEST])],
  ['subnormal values beside one', repeated([0, SMALLEST, 1])],
  ['many subnormal values', random(({ normal }) => 1e-310 * normal())],
  ['+-1e308', repeated([1e308, -1e308])],
  ['about +-1e308', random(({ normal, uniform }) => (uniform() < 0.5 ? -1e308 : 1e308) + 1e300 * normal())],
  ['alternating extremes', repeated([LARGEST, SMALLEST, -LARGEST, -SMALLEST])],
  ['the largest doubles', repeated([LARGEST, -LARGEST])],
  ['steps of 1e-9 at 1e9', random(({ uniform }) => 1e9 + Math.round(1000 * uniform()) * 1e-9)],
  ['steps of 2^-23 at 1e9', random(({ uniform }) => 1e9 + Math.round(100 * uniform()) * 2 ** -23)],
  ['every magnitude', random(({ uniform, normal }) => 10 ** (300 * (2 * uniform() - 1)) * Math.sign(normal()))],
  ['the ends of int64', repeated([2 ** 63, -(2 ** 63), 0]), { kind: 'integer', bits: 64, signed: true }],
  ['the end of int64', repeated([2 ** 63]), { kind: 'integer', bits: 64, signed: true }],
  [
    'near the end of int64',
    random(({ uniform }) => 2 ** 63 - 1024 * Math.round(50 * uniform())),
    { kind: 'integer', bits: 64, signed: true },
  ],
  ['five atoms', repeated([-5, 0, 3.25, 100, 99_999])],
  [
    'thirty atoms',
    repeated(
      Array.from({ length: 30 }, (_, i) => Math.round(1.5 ** i)),
      50,
    ),
  ],
];

describe.each(['modemap', 'ctgan'] as const)('a column of the %s preset', (preset) => {
  it.each(COLUMNS)('%s: a valid model, whose every figure is finite', (_, values, numeric) => {
    const finite = Array.from(values).filter(Number.isFinite);
    for (const maxComponents of [1, 2, 10, 100]) {
      const column = modelOf(values, preset, maxComponents, numeric);
      const { components, bitsPerValue, objective, rows, nonFinite, min, max } = column;
      expect([rows, nonFinite]).toEqual([values.length, values.length - finite.length]);
      expect([min, max]).toEqual(finite.length > 0 ? [Math.min(...finite), Math.max(...finite)] : [null, null]);
      expect(components.length).toBeLessThanOrEqual(maxComponents);
      // the schema allows more, which is what a person may write
      expect(Math.abs(components.reduce((sum, { weight }) => sum + weight, 0) - 1)).toBeLessThan(1e-12);
      expect([bitsPerValue, objective].every((x) => (finite.length > 0 ? Number.isFinite(x) : x === null))).toBe(true);
      const figures = figuresOf(values, column, preset);
      expect(
        Object.values(figures)
          .flat()
          .every((x) => (finite.length > 0 ? Number.isFinite(x) : x !== undefined)),
      ).toBe(true);
    }
  });
});

describe('atoms', () => {
  it.each([
    ['five subnormal values', [1, 2, 3, 4, 5].map((k) => k * SMALLEST)],
    ['+-1e308', [-1e308, 1e308]],
    ['two values an ulp apart', [1, 1 + Number.EPSILON]],
    ['the ends of int64', [-(2 ** 63), 0, 2 ** 63]],
    ['five values far apart', [-5, 0, 3.25, 100, 99_999]],
  ])('%s are found, and come back exactly', (_, values) => {
    const column = modelOf(repeated(values), 'modemap', 10);
    const atoms = column.components.filter(({ kind }) => kind === 'atom').map(({ mean }) => mean);
    expect(atoms.sort((a, b) => a - b)).toEqual(values);
    expect(column.bitsPerValue).toBeCloseTo(Math.log2(values.length), 9);
    expect(figuresOf(repeated(values), column, 'modemap')).toMatchObject({ maxAbsoluteError: 0, clipped: 0 });
  });
});
