import type { ColumnModel, Component } from '../../../shared/contract/model.ts';
import { makeInverse } from '../../../shared/normalize/inverse.ts';
import { makeKernel } from '../../../shared/normalize/kernel.ts';
import { drawKeys, uniform } from '../../../shared/numeric/draw.ts';
import { expNonPositive } from '../../../shared/numeric/exp.ts';
import { cellEdges, locate, locatedOffset } from '../../../shared/summary/cell-key.ts';
import { atom, gaussian, modelOf } from '../../support/models.ts';

/**
 * Every rule of docs/format.md with inputs that reach its corners. Doubles are written as their bits in hexadecimal, so
 * that another language can compare exactly.
 */
export function formatVectors() {
  return { exp: expVectors(), draw: drawVectors(), pairs: pairVectors(), cells: cellVectors() };
}

function expVectors() {
  const steps = Array.from({ length: 60 }, (_, i) => -i * 0.0577 - i ** 3 / 300);
  return [...steps, -708, -708.5, -0.34657359027997264, -0.3465735902799727, -1e-300].map((x) => ({
    x: bitsOf(x),
    y: bitsOf(expNonPositive(x)),
  }));
}

function drawVectors() {
  const rows = [0, 1, 2, 1000, 2 ** 32 - 1, 2 ** 32, 2 ** 32 + 1, 2 ** 45 + 12345, 2 ** 53 - 1];
  const streams = [
    { seed: 0, column: 'delay', key: 'part-0.parquet' },
    { seed: 42, column: 'größe', key: 'year=2024/part-1.parquet' },
    { seed: 2 ** 53 - 1, column: '', key: '数据.parquet' },
  ];
  return streams.map((stream) => {
    const { k0, k1 } = drawKeys(stream.seed, stream.column, stream.key);
    return { ...stream, k0, k1, uniform: rows.map((row) => [row, uniform(k0, k1, row) * 2 ** 32]) };
  });
}

function pairVectors() {
  const three = [gaussian(0.5, 3.25, 1.5), gaussian(0.3, -20, 7), gaussian(0.2, 3, 0.02)].map(withRoundScale);
  const values = [3, 3.01, -0, 0, 5e-324, 9.19, 9.2, 12.5, -47.7, -47.8, 1e6, -1e300, 0.1, 2.5, 1.7e308];
  const grid = Array.from({ length: 60 }, (_, i) => -8 + i * 0.37);
  const all = [...values, ...grid];
  return [
    pairsOf(modelOf(three), 'sample', 0.99, all),
    pairsOf(modelOf(three, { precision: 'float64' }), 'sample', 0.99, all),
    pairsOf(modelOf([...three, atom(0.1, 0), gaussian(0, 1000, 1)], { decimals: 2 }), 'sample', 0.99, all),
    pairsOf(modelOf([...three, atom(0.1, 0.1)], { decimals: 1, physicalType: 'FLOAT' }), 'argmax', false, all),
    pairsOf(
      modelOf([withRoundScale(gaussian(1, 2 ** 60, 2 ** 30))], { decimals: 0, precision: 'float64' }),
      'sample',
      0.5,
      [2 ** 60 - 256, 2 ** 60 + 2 ** 31, 0],
    ),
  ];
}

/** Engines may differ in the last bit of a logarithm, which is an input here. */
function withRoundScale(component: Component): Component {
  return { ...component, logScale: Math.fround(component.logScale ?? 0) };
}

function pairsOf(model: ColumnModel, choose: 'sample' | 'argmax', clip: number | false, values: number[]) {
  const [rowStart, draw] = [2 ** 32 - 20, { seed: 7, column: 'x', key: 'a/b.parquet' }];
  const keys = drawKeys(draw.seed, draw.column, draw.key);
  const input = { values: Float64Array.from(values), valid: new Uint8Array(values.length).fill(1), rowStart, keys };
  const { normalized, components } = makeKernel(model, { choose, clip, preset: 'modemap' })(input);
  const invert = makeInverse(model);
  return {
    ...draw,
    choose,
    clip,
    precision: model.precision,
    decimals: model.decimals,
    isFloat: model.physicalType === 'FLOAT',
    components: model.components.map(({ kind, mean, standardDeviation, logScale }) => ({
      kind,
      mean: bitsOf(mean),
      standardDeviation: bitsOf(standardDeviation),
      logScale: logScale === null ? null : bitsOf(logScale),
    })),
    /** row in its object, x, stored normalized value, component, inverse */
    rows: values.map((x, i) => [
      rowStart + i,
      bitsOf(x),
      bitsOf(normalized[i]),
      components[i],
      bitsOf(invert(normalized[i], components[i])),
    ]),
  };
}

function cellVectors() {
  const values = [0, 1, -1, 0.1, 1e9 + 0.123, -1e-310, 5e-324, 1.7e308, -1.7e308, Math.PI, 0.1 + 2 ** -40];
  return [0, 0.1, 1e9, -1.7e308].flatMap((centre) =>
    values.map((x) => {
      const key = locate(x, centre);
      const offset = locatedOffset();
      const { near, far } = cellEdges(key);
      return { x: bitsOf(x), centre: bitsOf(centre), key, offset, near: bitsOf(near), far: bitsOf(far) };
    }),
  );
}

/** The 64 bits of a double, most significant first. */
function bitsOf(x: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  return view.getBigUint64(0).toString(16).padStart(16, '0');
}
