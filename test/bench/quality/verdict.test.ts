import { describe, expect, it } from 'vitest';
import { OURS } from '../../../bench/quality/fit-ours.ts';
import type { ColumnResult, Score } from '../../../bench/quality/judgement.ts';
import { TARGETS } from '../../../bench/quality/targets.ts';
import { failuresOf } from '../../../bench/quality/verdict.ts';
import type { Component } from '../../../shared/contract/model.ts';

const gaussian = (weight: number, mean: number, standardDeviation: number): Component => ({
  ...{ kind: 'gaussian', weight, mean, standardDeviation, logScale: 0, pruned: false },
});
const atom = (weight: number, mean: number): Component => ({ ...gaussian(weight, mean, 0), kind: 'atom' });

const score = { bits: 10.001, freshBits: 9.001, freshError: 0, rmse: 0, largestError: 0, clipped: 0 };
const components = [gaussian(0.5, 0, 1), gaussian(0.5, 9, 1)];

/** A column that shows everything, but for what is overridden. */
function result({
  ours = {},
  summaryBits = 10.001,
  scikitLearnBits = 11,
  fitSeconds = 1,
  distinct = 5000,
  fitted = components,
}: {
  ours?: Partial<Score>;
  summaryBits?: number;
  scikitLearnBits?: number;
  fitSeconds?: number;
  distinct?: number;
  fitted?: Component[];
} = {}): ColumnResult {
  return {
    judgement: {
      ...{ rows: 10_000, distinct, decimals: null, step: 1e-6, sha256: '', entropy: 9.9 },
      truth: { train: 10, fresh: 9 },
      contestants: {
        [OURS.rows]: { ...score, ...ours },
        [OURS.summary]: { ...score, bits: summaryBits },
        'scikit-learn': { ...score, bits: scikitLearnBits },
      },
    },
    ours: { [OURS.rows]: { rule: 'nearest', components: fitted, binSeconds: 1, fitSeconds } },
    peers: {
      versions: {},
      rows: 100,
      contestants: {
        'scikit-learn': { fitSeconds: 1, converged: true },
        RDT: { ...score, fitSeconds: 1, transformSeconds: 1, reverseSeconds: 1, transformedRows: 1 },
      },
    },
  };
}

const target = { what: 'a column', excess: 0.001, exact: true };

describe('failuresOf', () => {
  it('names nothing where a column shows everything', () => {
    expect(failuresOf(target, result())).toEqual([]);
    expect(failuresOf(target, result({ ours: { bits: 10.0029, largestError: 4e-7 } }))).toEqual([]);
  });

  it.each([
    ['bits', { ours: { bits: 10.0031 }, summaryBits: 10.0031 }],
    ['fresh bits', { ours: { freshBits: 9.0031 } }],
    ["scikit-learn's bits", { scikitLearnBits: 10.001 }],
    ['inverse', { ours: { largestError: 6e-7 } }],
    ['inverse', { ours: { clipped: 1e-6 } }],
    ['summary', { summaryBits: 10.0031 }],
    ['seconds', { fitSeconds: 3.1 }],
    ['seconds', { fitSeconds: 0.11, distinct: 2048 }],
  ])('names %s where that is missed: %o', (failure, wrong) => {
    expect(failuresOf(target, result(wrong))).toEqual([failure]);
  });

  it('lets other rows be as unlucky as three standard errors', () => {
    expect(failuresOf(target, result({ ours: { freshBits: 9.0059, freshError: 0.001 } }))).toEqual([]);
    expect(failuresOf(target, result({ ours: { freshBits: 9.0061, freshError: 0.001 } }))).toEqual(['fresh bits']);
  });

  it('holds bits of a column whose truth nobody knows against the prototype', () => {
    const of = (bits: number) => {
      const known = result({ ours: { bits, freshBits: null }, summaryBits: bits });
      return { ...known, judgement: { ...known.judgement, truth: { train: null, fresh: null } } };
    };
    const flights = { what: 'flights', bits: 10, exact: true };
    expect(failuresOf(flights, of(10.0019))).toEqual([]);
    expect(failuresOf(flights, of(10.0021))).toEqual(['bits']);
  });

  it.each([
    ['rare-1e-4', [gaussian(1e-4, 5002, 11)], []],
    ['rare-1e-4', [gaussian(1e-4, 5004, 11)], ['no mode at 5000']],
    ['rare-1e-6', [gaussian(1e-6, 4990, 7)], []],
    ['rare-1e-6', [gaussian(1e-5, 4990, 7)], ['no mode at 5000']],
    ['rare-1e-6', [gaussian(1e-6, 4990, 70)], ['no mode at 5000']],
    ['zeros', [atom(0.6, 0)], []],
    ['zeros', [atom(0.6, 1e-300)], ['no atom at 0']],
    ['sentinel', [gaussian(0.003, 99999, 1)], ['no atom at 99999']],
    ['ages', [atom(1e-4, 0)], []],
    ['ages', [atom(1e-4, 40)], ['an atom at 40']],
  ])('looks for what was planted in %s', (name, fitted, missing) => {
    expect(TARGETS[name].missing!(fitted)).toEqual(missing);
  });
});
