import { closest, distance } from 'fastest-levenshtein';
import type * as z from 'zod';
import { type Configuration, configurationInputSchema, DEFAULTS } from './configuration.ts';
import { ConfigurationError } from './errors.ts';

/**
 * Resolve the text of a configuration: validate every field and fill in the defaults.
 *
 * @param text JSON, or null for no configuration at all
 * @param source what to call it in errors, e.g. `_modemap.json`
 * @throws {ConfigurationError} naming the field, the constraint, what arrived and the nearest valid name
 */
export function parseConfiguration(text: string | null, source: string): Configuration {
  const input = text === null ? {} : parseJson(text, source);
  const result = configurationInputSchema.safeParse(input);
  if (!result.success) throw new ConfigurationError(`${source}: ${describeIssue(result.error.issues[0], input)}`);
  return { ...DEFAULTS, ...result.data, columns: shortened(result.data.columns ?? {}) };
}

/** `{"action": "pass"}` means what `"pass"` means, so it has to give the same run. */
function shortened(columns: Configuration['columns']): Configuration['columns'] {
  const entries = Object.entries(columns).map(([name, own]) => {
    const isActionOnly = typeof own === 'object' && own.action !== undefined && Object.keys(own).length === 1;
    return [name, isActionOnly ? own.action! : own] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * `, did you mean "x"?` for the valid name nearest to `name`, or nothing where none is near.
 */
export function suggestion(name: string, validNames: readonly string[]): string {
  if (validNames.length === 0) return '';
  const nearest = closest(name, validNames);
  return distance(name, nearest) <= Math.max(2, name.length / 3) ? `, did you mean ${JSON.stringify(nearest)}?` : '';
}

/** The resolved configuration as canonical JSON (sorted keys): what the run's fingerprint is made of. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, entry) =>
    entry !== null && typeof entry === 'object' && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : entry,
  );
}

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError(`${source} must be JSON: ${(cause as Error).message}`, { cause });
  }
}

const columnFields = ['action', 'preset', 'maxComponents', 'choose', 'clip', 'precision', 'keepOriginal'];

type Issue = z.core.$ZodIssue;

/** One zod issue as one line; a union is described by the member that got furthest into the value. */
function describeIssue(issue: Issue, input: unknown, base: PropertyKey[] = []): string {
  const path = [...base, ...issue.path];
  const arrived = path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    input,
  );
  if (issue.code === 'invalid_union' && arrived !== null && typeof arrived === 'object') {
    const deepest = issue.errors.flat().find((inner) => inner.path.length > 0 || inner.code === 'unrecognized_keys');
    if (deepest) return describeIssue(deepest, input, path);
  }
  if (issue.code === 'unrecognized_keys') {
    const valid = path[0] === 'columns' ? columnFields : Object.keys(DEFAULTS);
    const [key] = issue.keys;
    return `unknown field ${fieldName([...path, key])}${suggestion(key, valid) || `, valid fields are ${valid.join(', ')}`}`;
  }
  const field = path.length === 0 ? 'the configuration' : fieldName(path);
  return `${field} must be ${constraint(path)}, got ${JSON.stringify(arrived) ?? 'nothing'}`;
}

const fieldName = (path: PropertyKey[]) =>
  path
    .map((key, depth) => (path[0] === 'columns' && depth === 1 ? `[${JSON.stringify(key)}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');

const constraints: Record<string, string> = {
  columns: 'an object of column names, each "normalize", "pass", "drop" or an object of column options',
  action: '"normalize", "pass" or "drop"',
  preset: '"modemap" or "ctgan"',
  maxComponents: 'an integer 1..100',
  choose: '"sample" or "argmax"',
  clip: 'a number > 0 and at most 1000, or false',
  precision: '"auto", "float32" or "float64"',
  keepOriginal: 'true or false',
  fit: '"sample", "audit" or "full"',
  sampleRows: 'an integer 1..100000000',
  partitionBytes: 'an integer >= 1 (bytes) or "auto"',
  seed: `an integer 0..${Number.MAX_SAFE_INTEGER}`,
  start: '"settle" or "marker"',
  toleratedFailures: 'an integer >= 0 or a percentage such as "1%"',
  maxRunDollars: 'a number > 0',
};

function constraint(path: PropertyKey[]): string {
  if (path.length === 0) return 'a JSON object';
  if (path[0] === 'columns' && path.length === 2) return '"normalize", "pass", "drop" or an object of column options';
  return constraints[String(path.at(-1))];
}
