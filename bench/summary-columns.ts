// Columns that summaries could blur: rare modes, bursts, point masses beside dense places. The same seed, the same rows.
import type { Random } from '../test/support/random.ts';

export interface SummaryColumn {
  name: string;
  rows: number;
  /** digits after the point, or null for a continuous column */
  decimals: number | null;
  draw(random: Random): number;
}

const MODES = [
  [-500, 10],
  [-300, 5],
  [-200, 0.5],
  [-100, 2],
  [-50, 0.02],
  [0, 1],
  [10, 0.1],
  [40, 3],
  [100, 0.05],
  [150, 7],
  [400, 0.2],
  [900, 1],
];
const YEAR = 31_557_600_000;
const START = Date.UTC(2015, 0, 1);

const rareMode = (mass: number, rows: number): SummaryColumn => ({
  name: `lognormal + mode of mass ${mass}`,
  rows,
  decimals: null,
  draw: ({ normal, uniform }) => (uniform() < mass ? 5000 + 10 * normal() : Math.exp(3 + 0.8 * normal())),
});

/** With the number of rows at which the full bench draws them. */
export const SUMMARY_COLUMNS: readonly SummaryColumn[] = [
  rareMode(1e-4, 1_000_000),
  rareMode(1e-5, 2_000_000),
  rareMode(1e-6, 5_000_000),
  {
    name: '60 % zeros + lognormal',
    rows: 1_000_000,
    decimals: null,
    draw: ({ normal, uniform }) => (uniform() < 0.6 ? 0 : Math.exp(4 + normal())),
  },
  {
    name: '40 % zeros + exponential',
    rows: 1_000_000,
    decimals: null,
    draw: ({ uniform }) => (uniform() < 0.4 ? 0 : -30 * Math.log(uniform())),
  },
  {
    name: '0.3 % at 99,999 + exponential',
    rows: 1_000_000,
    decimals: null,
    draw: ({ uniform }) => (uniform() < 0.003 ? 99_999 : -100 * Math.log(uniform())),
  },
  { name: '1e9 + normal', rows: 1_000_000, decimals: null, draw: ({ normal }) => 1e9 + normal() },
  { name: 'normal of sd 1e-9', rows: 1_000_000, decimals: null, draw: ({ normal }) => 1e-9 * normal() },
  {
    name: '12 modes',
    rows: 1_000_000,
    decimals: null,
    draw: ({ normal, uniform }) => {
      const [mean, standardDeviation] = MODES[Math.floor(12 * uniform())];
      return mean + standardDeviation * normal();
    },
  },
  { name: 'uniform', rows: 1_000_000, decimals: null, draw: ({ uniform }) => 100 * uniform() },
  {
    name: 'ages',
    rows: 1_000_000,
    decimals: 0,
    draw: ({ normal, uniform }) => {
      const which = uniform();
      const age = which < 0.5 ? 30 + 8 * normal() : which < 0.85 ? 50 + 9 * normal() : 72 + 7 * normal();
      return Math.max(0, Math.min(105, Math.round(age)));
    },
  },
  {
    name: 'timestamps, a burst of a minute in ten years of ms',
    rows: 1_000_000,
    decimals: 0,
    draw: ({ normal, uniform }) => {
      const which = uniform();
      if (which < 0.2) return Math.round(START + 3 * YEAR + 3.6e6 * normal());
      if (which < 0.25) return Math.round(START + 8 * YEAR + 6e4 * normal());
      return Math.round(START + 10 * YEAR * uniform());
    },
  },
];
