// Columns of which a sample was taken: fairly, or so that it misleads. The same number gives the same rows everywhere.
import { type Random, seededRandom } from '../test/support/random.ts';

export interface AuditDataset {
  name: string;
  /** all rows; the sampled ones come first */
  rows: Float64Array;
  sampleRows: number;
  /** digits after the point, or null for a continuous column */
  decimals: number | null;
}

interface Shape {
  name: string;
  decimals: number | null;
  draw(random: Random): number;
}

const NARROW_MODES = [-50, 0, 10, 40, 100, 150, 400, 900];
const YEAR = 31_557_600_000;

/** The kinds of columns that tables have. */
const SHAPES: readonly Shape[] = [
  { name: 'normal', decimals: null, draw: ({ normal }) => 100 + 15 * normal() },
  { name: 'lognormal', decimals: null, draw: ({ normal }) => Math.exp(3 + 0.8 * normal()) },
  { name: 'wide lognormal', decimals: null, draw: ({ normal }) => Math.exp(2 * normal()) },
  { name: 'Pareto', decimals: null, draw: ({ uniform }) => uniform() ** (-1 / 1.5) },
  { name: 'Cauchy', decimals: null, draw: ({ uniform }) => Math.tan(Math.PI * (uniform() - 0.5)) },
  { name: 'Laplace', decimals: null, draw: ({ uniform }) => Math.log(uniform() / uniform()) },
  { name: 'uniform', decimals: null, draw: ({ uniform }) => 100 * uniform() },
  { name: 'zeros', decimals: null, draw: ({ normal, uniform }) => (uniform() < 0.6 ? 0 : Math.exp(4 + normal())) },
  {
    name: 'sentinel',
    decimals: null,
    draw: ({ uniform }) => (uniform() < 0.02 ? 99_999 : -100 * Math.log(uniform())),
  },
  {
    name: 'ages',
    decimals: 0,
    draw: ({ normal, uniform }) => {
      const which = uniform();
      const age = which < 0.5 ? 30 + 8 * normal() : which < 0.85 ? 50 + 9 * normal() : 72 + 7 * normal();
      return Math.max(0, Math.min(105, Math.round(age)));
    },
  },
  { name: 'counts', decimals: 0, draw: ({ uniform }) => Math.floor(-40 * Math.log(uniform())) },
  { name: 'money', decimals: 2, draw: ({ normal }) => Math.round(100 * Math.exp(4 + 1.2 * normal())) / 100 },
  {
    name: 'three modes',
    decimals: null,
    draw: ({ normal, uniform }) => {
      const which = uniform();
      return which < 0.5 ? normal() : which < 0.85 ? 8 + 2 * normal() : -30 + 0.25 * normal();
    },
  },
  {
    name: 'eight modes',
    decimals: null,
    draw: ({ normal, uniform }) => NARROW_MODES[Math.floor(8 * uniform())] + normal(),
  },
  {
    name: 'timestamps',
    decimals: 0,
    draw: ({ normal, uniform }) => Math.round(uniform() < 0.2 ? 3 * YEAR + 3.6e6 * normal() : uniform() * 10 * YEAR),
  },
];

/** What the rows are, and how many of them a sample takes: 500 to `mostSampled`, a half to a twentieth of all. */
function baseOf(
  number: number,
  mostSampled: number,
): { shape: Shape; random: Random; sampleRows: number; rows: number } {
  const random = seededRandom(0x5eed + 7919 * number);
  const sampleRows = Math.round(500 * (mostSampled / 500) ** random.uniform());
  const rows = Math.round(sampleRows * (2 + 18 * random.uniform() ** 2));
  return { shape: SHAPES[number % SHAPES.length], random, sampleRows, rows };
}

/** Independent rows of one distribution: any of them are a fair sample of all. */
export function fairDataset(number: number, mostSampled: number): AuditDataset {
  const { shape, random, sampleRows, rows } = baseOf(number, mostSampled);
  return {
    name: `${shape.name}, fair`,
    rows: Float64Array.from({ length: rows }, () => shape.draw(random)),
    sampleRows,
    decimals: shape.decimals,
  };
}

/** A narrow mode of 30 to 300 rows, of which the sample holds `seen`, where there are hardly any other rows. */
export function unseenMode(number: number, mostSampled: number, seen = 0): AuditDataset {
  const { random, ...fair } = { ...baseOf(number, mostSampled), ...fairDataset(number, mostSampled) };
  const { rows, sampleRows, decimals } = fair;
  const planted = Math.round(30 * 10 ** random.uniform());
  const { mean, standardDeviation } = lonelyPlace(rows, random);
  const step = decimals === null ? 0 : 10 ** -decimals;
  const one = () => {
    const x = mean + standardDeviation * random.normal();
    return step > 0 ? Math.round(x / step) * step : x;
  };
  for (let i = 0; i < planted - seen; i++)
    rows[sampleRows + Math.floor((i * (rows.length - sampleRows)) / (planted - seen))] = one();
  for (let i = 0; i < seen; i++) rows[i] = one();
  return {
    name: `${fair.shape.name}, ${planted} rows at ${mean.toPrecision(6)} +- ${standardDeviation.toPrecision(2)}, ${seen} in the sample`,
    rows,
    sampleRows,
    decimals,
  };
}

/** Beyond all rows, or out in the tail, where a window of the mode's width would hold a row or two. */
function lonelyPlace(rows: Float64Array, random: Random): { mean: number; standardDeviation: number } {
  const sorted = rows.slice().sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))];
  const spread = at(0.9) - at(0.1);
  if (random.uniform() < 0.5) {
    const mean = at(1) + spread * (0.5 + 5 * random.uniform());
    return { mean, standardDeviation: spread * 0.02 * (0.1 + random.uniform()) };
  }
  const [from, to] = [at(1 - 5 / rows.length), at(1)];
  const gap = Math.max(to - from, 0.2 * spread);
  return { mean: to + gap * random.uniform(), standardDeviation: gap * 0.02 * (0.1 + random.uniform()) };
}

/** A sample of the first rows only, before they moved, widened, or got company. */
export function movedDataset(number: number, mostSampled: number): AuditDataset {
  const { shape, random, sampleRows, ...fair } = {
    ...baseOf(number, mostSampled),
    ...fairDataset(number, mostSampled),
  };
  const sorted = fair.rows.slice().sort();
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))];
  const [middle, spread] = [at(0.5), at(0.9) - at(0.1)];
  const how = Math.floor(3 * random.uniform());
  const step = shape.decimals === null ? 0 : 10 ** -shape.decimals;
  const moved = (x: number) => {
    if (how === 0) return x + 0.5 * spread;
    if (how === 1) return middle + 2 * (x - middle);
    return random.uniform() < 0.2 ? middle + spread * (1 + 0.1 * random.normal()) : x;
  };
  const half = Math.max(sampleRows, Math.floor(fair.rows.length / 2));
  const rows = fair.rows.map((x, i) => (i < half ? x : step > 0 ? Math.round(moved(x) / step) * step : moved(x)));
  const name = `${shape.name}, ${['moved', 'widened', 'with company'][how]} after row ${half}`;
  return { name, rows, sampleRows, decimals: shape.decimals };
}
