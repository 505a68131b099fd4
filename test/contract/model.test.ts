import { describe, expect, it } from 'vitest';
import { describeIssue } from '../../shared/contract/describe-issue.ts';
import { type ColumnModel, type Component, type Model, modelSchema } from '../../shared/contract/model.ts';
import { parseConfiguration } from '../../shared/contract/parse-configuration.ts';
import { atom, gaussian, modelOf } from '../support/models.ts';

const pruned = (weight: number): Component => ({ ...gaussian(weight, 0, 9), logScale: -7, pruned: true });
const column: ColumnModel = modelOf([gaussian(0.5, 3, 1), atom(0.25, -7), gaussian(0.25, -7, 2)], {
  name: 'x',
  decimals: 1,
  resolution: 0.1,
  rows: 10,
  nulls: 3,
  nonFinite: 1,
  min: -7,
  max: 8,
});
const peer: ColumnModel = { ...column, name: 'peer', components: [gaussian(0.99, 3, 1), pruned(0.006), pruned(0.004)] };

const valid: Model = {
  format: 'modemap-model',
  version: 1,
  dataset: 'table',
  datasetId: 'table',
  pass: 0,
  source: { kind: 'sample', rows: 10, ofRows: 10 },
  options: parseConfiguration('{"columns":{"peer":{"preset":"ctgan"}}}', 'x'),
  decisions: [
    { name: 'x', action: 'normalize', reason: '' },
    { name: 'peer', action: 'normalize', reason: '' },
    { name: 'other', action: 'pass', reason: '' },
  ],
  columns: [column, peer],
};

/** What is said of the model whose value at `path` is another one; undefined: the field is gone. */
function saidOf(path: (string | number)[], value: unknown): string {
  const document = structuredClone(valid);
  const outer = path
    .slice(0, -1)
    .reduce<Record<PropertyKey, unknown>>(
      (at, key) => at[key] as Record<PropertyKey, unknown>,
      document as unknown as Record<PropertyKey, unknown>,
    );
  outer[path.at(-1)!] = value;
  const parsed = JSON.parse(JSON.stringify(document));
  const result = modelSchema.safeParse(parsed);
  return result.success ? 'valid' : describeIssue(result.error.issues[0], parsed);
}

const x = (...path: (string | number)[]) => ['columns', 0, ...path];
const ctgan = (...path: (string | number)[]) => ['columns', 1, ...path];
const component = (k: number, ...path: (string | number)[]) => x('components', k, ...path);

describe('modelSchema', () => {
  it('takes a model as it was written, and one that was changed within the rules', () => {
    expect(saidOf(['pass'], 1)).toBe('valid');
    expect(saidOf(x('max'), 1000)).toBe('valid');
    expect(saidOf(component(0, 'mean'), 3.5)).toBe('valid');
    expect(saidOf(ctgan('components', 0, 'logScale'), -9)).toBe('valid');
  });

  it.each<[(string | number)[], unknown, string]>([
    [['version'], 2, 'version must be 1, got 2'],
    [['columns'], {}, 'columns must be an array, got {}'],
    [['extra'], 1, 'unknown field extra'],
    [['options', 'maxComponents'], 0, 'options.maxComponents must be >= 1, got 0'],
    [['decisions', 0, 'action'], 'pass', 'columns must be those that decisions normalize, got a difference in "x"'],
    [
      ['decisions', 2, 'action'],
      'normalize',
      'columns must be those that decisions normalize, got a difference in "other"',
    ],
    [ctgan('name'), 'x', 'columns[1].name must be unique, got "x"'],
    [x('centre'), null, 'columns[0].centre must be a finite number, got null'],
    [x('centre'), undefined, 'columns[0].centre must be a finite number, got nothing'],
    [x('precision'), 'float16', 'columns[0].precision must be "float32" or "float64", got "float16"'],
    [x('rows'), 3, 'columns[0].rows must be >= nulls + nonFinite, got 3'],
    [x('nulls'), -1, 'columns[0].nulls must be >= 0, got -1'],
    [x('iterations'), 1.5, 'columns[0].iterations must be an integer, got 1.5'],
    [x('converged'), 'yes', 'columns[0].converged must be true or false, got "yes"'],
    [x('min'), 9, 'columns[0].min must be <= max, 8, got 9'],
    [x('max'), null, 'columns[0].max must be null where min is, got null'],
    [x('resolution'), 0, 'columns[0].resolution must be > 0, got 0'],
    [x('resolution'), 0.01, 'columns[0].resolution must be 10^-decimals, 0.1, got 0.01'],
    [x('components'), [], 'columns[0].components must hold at least 1, got an array of 0'],
    [component(0, 'kind'), 'normal', 'columns[0].components[0].kind must be "gaussian" or "atom", got "normal"'],
    [component(0, 'weight'), 0.6, 'columns[0].components must have weights that sum to 1, got 1.1'],
    [component(0, 'weight'), 1.5, 'columns[0].components[0].weight must be <= 1, got 1.5'],
    [component(0, 'weight'), '0.5', 'columns[0].components[0].weight must be a finite number, got "0.5"'],
    [
      component(0, 'standardDeviation'),
      0,
      'columns[0].components[0].standardDeviation must be > 0 for a gaussian, got 0',
    ],
    [component(0, 'standardDeviation'), -1, 'columns[0].components[0].standardDeviation must be >= 0, got -1'],
    [component(1, 'standardDeviation'), 1, 'columns[0].components[1].standardDeviation must be 0 for an atom, got 1'],
    [component(1, 'logScale'), 1, 'columns[0].components[1].logScale must be null for an atom, got 1'],
    [component(1, 'pruned'), true, 'columns[0].components[1].pruned must be false for an atom, got true'],
    [component(2, 'pruned'), true, 'columns[0].components[2].pruned must be false but in the ctgan preset, got true'],
    [
      component(0, 'logScale'),
      -1.6,
      'columns[0].components[0].logScale must be ln weight - ln standardDeviation - ln(2 pi)/2, -1.612085713764618, got -1.6',
    ],
    [
      component(0, 'logScale'),
      null,
      'columns[0].components[0].logScale must be ln weight - ln standardDeviation - ln(2 pi)/2, -1.612085713764618, got null',
    ],
    [component(0), gaussian(0.2, 3, 1), 'columns[0].components must have weights that sum to 1, got 0.7'],
    [
      x('components'),
      [gaussian(0.25, -7, 2), gaussian(0.75, 3, 1)],
      'columns[0].components[1].weight must be <= that of the component before, 0.25, got 0.75',
    ],
    [
      x('components'),
      [gaussian(0.5, 3, 1), gaussian(0.5, -7, 2)],
      'columns[0].components[1].mean must be >= that before of the same weight, 3, got -7',
    ],
    [
      x('components'),
      [atom(0.5, 0), atom(0.5, 1)],
      'columns[0].components must hold a gaussian that is not pruned, got none',
    ],
    [
      x('components'),
      [gaussian(0.5, 3, 1), atom(0.25, 1), atom(0.25, 1)],
      'columns[0].components[2].mean must be another value than that of any atom, got 1',
    ],
    [
      x('components'),
      Array.from({ length: 101 }, (_, i) => gaussian(1 / 101, i, 1)),
      'columns[0].components must hold at most 100, got an array of 101',
    ],
    [
      ctgan('components'),
      [pruned(0.994), gaussian(0.006, 0, 1)],
      'columns[1].components[1].pruned must be true after a pruned one, got false',
    ],
    [
      ctgan('components', 0, 'logScale'),
      null,
      'columns[1].components[0].logScale must be a number in the ctgan preset, got null',
    ],
    [
      ctgan('components'),
      [gaussian(0.99, 3, 1), atom(0.01, 2)],
      'columns[1].components[1].kind must be "gaussian" in the ctgan preset, got "atom"',
    ],
  ])('%j, %#', (path, value, message) => expect(saidOf(path, value)).toBe(message));

  it('takes a number too large for a double for what it is', () => {
    const text = JSON.stringify(valid).replace('"mean":3', '"mean":1e999');
    const parsed = JSON.parse(text);
    const result = modelSchema.safeParse(parsed);
    expect(result.success ? 'valid' : describeIssue(result.error.issues[0], parsed)).toBe(
      'columns[0].components[0].mean must be a finite number, got Infinity',
    );
  });
});
