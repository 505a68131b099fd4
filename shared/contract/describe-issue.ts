import type * as z from 'zod';

/**
 * One violation of a document's schema as one clause: the field, what is required of it, what arrived.
 *
 * Rules of our own (`custom` issues) say both themselves: `must be ..., got ...`.
 *
 * @param document as it was parsed from JSON
 */
export function describeIssue(issue: z.core.$ZodIssue, document: unknown): string {
  const field = fieldName(issue.path) || 'the document';
  if (issue.code === 'custom') return `${field} ${issue.message}`;
  if (issue.code === 'unrecognized_keys') return `unknown field ${fieldName([...issue.path, issue.keys[0]])}`;
  return `${field} ${constraintOf(issue)}, got ${shown(valueAt(document, issue.path))}`;
}

function constraintOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return `must be ${TYPES[issue.expected] ?? issue.expected}`;
  if (issue.code === 'invalid_value')
    return `must be ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}`;
  if (issue.code === 'too_small') {
    if (issue.origin === 'array') return `must hold at least ${issue.minimum}`;
    return `must be ${issue.inclusive ? '>=' : '>'} ${issue.minimum}`;
  }
  if (issue.code === 'too_big') {
    return issue.origin === 'array' ? `must hold at most ${issue.maximum}` : `must be <= ${issue.maximum}`;
  }
  return 'must be one of what is allowed there';
}

const TYPES: Record<string, string> = {
  number: 'a finite number',
  int: 'an integer',
  string: 'text',
  boolean: 'true or false',
  array: 'an array',
  object: 'an object',
};

const fieldName = (path: readonly PropertyKey[]) =>
  path
    .map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
    .join('')
    .replace(/^\./, '');

const valueAt = (document: unknown, path: readonly PropertyKey[]) =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], document);

/** JSON, but for what it has no words for; the beginning says what kind of thing it is. */
function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const text = JSON.stringify(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}...` : text;
}

const MOST_SHOWN = 60;
