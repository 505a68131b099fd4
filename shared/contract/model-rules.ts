import type { Configuration } from './configuration.ts';
import { columnOptionsOf } from './configuration.ts';
import type { ColumnDecision, ColumnModel, Component } from './model.ts';

/** A rule that a document breaks: where, and `must ..., got ...`. */
export interface BrokenRule {
  path: PropertyKey[];
  message: string;
}

/** Doubles survive JSON; the rest is rounding of a few operations. */
const TOLERANCE = 1e-9;
const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2;

/** What has to be true of a column's model as a whole, whatever its preset. */
export function* columnRules(column: ColumnModel): Generator<BrokenRule> {
  const { rows, nulls, nonFinite, min, max, decimals, resolution, components } = column;
  if (rows < nulls + nonFinite) yield { path: ['rows'], message: `must be >= nulls + nonFinite, got ${rows}` };
  if ((min === null) !== (max === null)) yield { path: ['max'], message: `must be null where min is, got ${max}` };
  if (min !== null && max !== null && min > max) yield { path: ['min'], message: `must be <= max, ${max}, got ${min}` };
  // parsing rounds to the nearest double, which a power with a negative exponent does not
  const step = Number(`1e-${decimals ?? 0}`);
  if (decimals !== null && resolution !== step)
    yield { path: ['resolution'], message: `must be 10^-decimals, ${step}, got ${resolution}` };
  for (const [k, component] of components.entries()) yield* within(componentRules(component), ['components', k]);
  yield* within(mixtureRules(components), ['components']);
}

/** What has to be true of all columns together, and of each under its preset. */
export function* modelRules(model: {
  options: Configuration;
  decisions: readonly ColumnDecision[];
  columns: readonly ColumnModel[];
}): Generator<BrokenRule> {
  const { options, decisions, columns } = model;
  const names = columns.map(({ name }) => name);
  for (const [i, name] of names.entries()) {
    if (names.indexOf(name) < i) yield { path: ['columns', i, 'name'], message: `must be unique, got ${quoted(name)}` };
  }
  const decided = decisions.filter(({ action }) => action === 'normalize').map(({ name }) => name);
  const odd = names.find((name) => !decided.includes(name)) ?? decided.find((name) => !names.includes(name));
  if (odd !== undefined)
    yield { path: ['columns'], message: `must be those that decisions normalize, got a difference in ${quoted(odd)}` };
  for (const [i, { name, components }] of columns.entries()) {
    const rules = columnOptionsOf(options, name).preset === 'ctgan' ? ctganRules : modemapRules;
    for (const [k, component] of components.entries()) yield* within(rules(component), ['columns', i, 'components', k]);
  }
}

function* componentRules({ kind, standardDeviation, logScale, pruned }: Component): Generator<BrokenRule> {
  if (kind === 'gaussian') {
    if (!(standardDeviation > 0))
      yield { path: ['standardDeviation'], message: `must be > 0 for a gaussian, got ${standardDeviation}` };
    return;
  }
  if (standardDeviation !== 0)
    yield { path: ['standardDeviation'], message: `must be 0 for an atom, got ${standardDeviation}` };
  if (logScale !== null) yield { path: ['logScale'], message: `must be null for an atom, got ${logScale}` };
  if (pruned) yield { path: ['pruned'], message: 'must be false for an atom, got true' };
}

function* mixtureRules(components: readonly Component[]): Generator<BrokenRule> {
  const total = components.reduce((sum, { weight }) => sum + weight, 0);
  if (!(Math.abs(total - 1) <= TOLERANCE)) yield { path: [], message: `must have weights that sum to 1, got ${total}` };
  if (!components.some(({ kind, pruned }) => kind === 'gaussian' && !pruned))
    yield { path: [], message: 'must hold a gaussian that is not pruned, got none' };
  for (let k = 1; k < components.length; k++) {
    const [before, { weight, mean, pruned }] = [components[k - 1], components[k]];
    if (before.pruned && !pruned) yield { path: [k, 'pruned'], message: 'must be true after a pruned one, got false' };
    if (weight > before.weight)
      yield {
        path: [k, 'weight'],
        message: `must be <= that of the component before, ${before.weight}, got ${weight}`,
      };
    if (weight === before.weight && mean < before.mean)
      yield { path: [k, 'mean'], message: `must be >= that before of the same weight, ${before.mean}, got ${mean}` };
  }
  const atoms = new Set<number>();
  for (const [k, { kind, mean }] of components.entries()) {
    if (kind !== 'atom') continue;
    if (atoms.has(mean))
      yield { path: [k, 'mean'], message: `must be another value than that of any atom, got ${mean}` };
    atoms.add(mean);
  }
}

function* modemapRules({ kind, weight, standardDeviation, logScale, pruned }: Component): Generator<BrokenRule> {
  if (pruned) yield { path: ['pruned'], message: 'must be false but in the ctgan preset, got true' };
  if (kind === 'atom') return;
  const expected = weight > 0 ? Math.log(weight) - Math.log(standardDeviation) - HALF_LOG_TWO_PI : null;
  const isRight =
    expected === null || logScale === null ? expected === logScale : Math.abs(logScale - expected) <= TOLERANCE;
  if (!isRight)
    yield {
      path: ['logScale'],
      message: `must be ln weight - ln standardDeviation - ln(2 pi)/2, ${expected}, got ${logScale}`,
    };
}

function* ctganRules({ kind, logScale }: Component): Generator<BrokenRule> {
  if (kind === 'atom') yield { path: ['kind'], message: 'must be "gaussian" in the ctgan preset, got "atom"' };
  else if (logScale === null) yield { path: ['logScale'], message: 'must be a number in the ctgan preset, got null' };
}

function* within(rules: Iterable<BrokenRule>, outer: PropertyKey[]): Generator<BrokenRule> {
  for (const { path, message } of rules) yield { path: [...outer, ...path], message };
}

const quoted = (name: string) => JSON.stringify(name);
