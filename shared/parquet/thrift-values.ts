import type { ThriftStruct, ThriftValue } from './thrift.ts';

export const isStruct = (value: ThriftValue | undefined): value is ThriftStruct =>
  typeof value === 'object' && 'fields' in value;

/** @throws {RangeError} if the value is not a list of structs */
export function structsOf(value: ThriftValue | undefined, what: string): ThriftStruct[] {
  const values = typeof value === 'object' && 'values' in value && Array.isArray(value.values) ? value.values : [value];
  if (!values.every(isStruct)) throw new RangeError(`${what} must be a list of structs`);
  return values;
}

/** @throws {RangeError} if the value is not an integer >= 0 that a double holds */
export function countOf(value: ThriftValue | undefined, what: string): number {
  const count = typeof value === 'bigint' || typeof value === 'number' ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(count) || count < 0) {
    throw new RangeError(`${what} must be an integer >= 0, got ${String(value)}`);
  }
  return count;
}

/** @throws {RangeError} if the value is not a string */
export function textOf(value: ThriftValue | undefined, what: string): string {
  if (!(value instanceof Uint8Array)) throw new RangeError(`${what} must be text`);
  return decoder.decode(value);
}

const decoder = new TextDecoder();

/** The value of an i8, i16 or i32 field; undefined where it is absent or of another type. */
export function numberOf(value: ThriftValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}
