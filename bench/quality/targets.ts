import type { Component } from '../../shared/contract/model.ts';

/** What a column is to show; the prototype is what the algorithm was tried out with before it was written here. */
export interface Target {
  /** in a reader's words */
  what: string;
  /** bits a value that the prototype needed: over the planted truth, or where nobody knows it in all */
  excess?: number;
  bits?: number;
  /** the prototype gave every value back */
  exact: boolean;
  /** what of the planted structure some components do not show; empty where they show it */
  missing?: (components: readonly Component[]) => string[];
}

/** Bits that a fit may lie above the prototype's: other rows were drawn, and other bins cut. */
export const TOLERANCE = 0.002;
/** A fit's seconds, one thread, whatever the number of rows. */
export const FEW_VALUES = 2048;
export const SECONDS = { few: 0.1, many: 3 };

const RARE = { mean: 5000, standardDeviation: 10 };

/** The columns in the order of the table; columns.py makes them. */
export const TARGETS: Record<string, Target> = {
  delay: { what: 'flights `delay`', bits: 6.2817, exact: true },
  distance: { what: 'flights `distance`', bits: 10.7068, exact: true },
  'rare-1e-4': { what: 'lognormal, mode of mass 1e-4', excess: 0.0021, exact: true, missing: rareMode(1e-4, 100) },
  'rare-1e-5': { what: 'lognormal, mode of mass 1e-5', excess: 0.0019, exact: true, missing: rareMode(1e-5, 20) },
  'rare-1e-6': { what: 'lognormal, mode of mass 1e-6', excess: 0.002, exact: true, missing: rareMode(1e-6, 5) },
  zeros: { what: '60 % zeros, lognormal', excess: 0.0021, exact: true, missing: atom(0, 0.6) },
  sentinel: { what: '0.3 % 99,999, exponential', excess: 0.0096, exact: true, missing: atom(99999, 0.003) },
  far: { what: '1e9 + N(0, 1)', excess: 0.0003, exact: true },
  tiny: { what: 'N(0, 1e-9)', excess: 0.0003, exact: true },
  'twelve-modes': { what: '12 modes, 10 components', excess: 0.7302, exact: false },
  uniform: { what: 'uniform', excess: 0.0089, exact: true },
  // the prototype's own excess is not known: as if it had none
  ages: { what: 'rounded ages', excess: 0, exact: true, missing: noAtomBetween(0, 105) },
  timestamps: { what: 'timestamps in ms, two bursts', excess: 0.0135, exact: true },
};

/** A Gaussian of about the planted mass, its mean within three standard errors of the planted one. */
function rareMode(mass: number, rows: number): Target['missing'] {
  const error = (3 * RARE.standardDeviation) / Math.sqrt(rows);
  return (components) =>
    components.some(
      ({ kind, weight, mean, standardDeviation }) =>
        kind === 'gaussian' &&
        weight > mass / 2 &&
        weight < mass * 2 &&
        Math.abs(mean - RARE.mean) <= error &&
        standardDeviation < 2 * RARE.standardDeviation,
    )
      ? []
      : [`no mode at ${RARE.mean}`];
}

function atom(value: number, mass: number): Target['missing'] {
  return (components) =>
    components.some(({ kind, mean, weight }) => kind === 'atom' && mean === value && Math.abs(weight / mass - 1) < 0.1)
      ? []
      : [`no atom at ${value}`];
}

/** But where clipping piles the tails up. */
function noAtomBetween(least: number, most: number): Target['missing'] {
  return (components) =>
    components
      .filter(({ kind, mean }) => kind === 'atom' && mean > least && mean < most)
      .map(({ mean }) => `an atom at ${mean}`);
}
