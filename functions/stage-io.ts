import type * as z from 'zod';
import { describeIssue } from '../shared/contract/describe-issue.ts';
import { IncompleteRunError, InputChangedError } from '../shared/contract/errors.ts';
import type { ObjectStore, ReadRange } from '../shared/store/object-store.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Read what an earlier stage wrote, whole or a range of it.
 *
 * @throws {IncompleteRunError} if it is missing
 */
export async function readWritten(store: ObjectStore, key: string, range?: ReadRange): Promise<Uint8Array> {
  const bytes = await readIfThere(store, key, range);
  if (!bytes) throw new IncompleteRunError(`${key} must have been written by an earlier stage, it is not there`);
  return bytes;
}

/** One request: whether an object is there shows when it is read. */
async function readIfThere(store: ObjectStore, key: string, range?: ReadRange): Promise<Uint8Array | undefined> {
  try {
    return await store.read(key, range);
  } catch (error) {
    // of a read that names no version: there is none
    if (error instanceof InputChangedError) return undefined;
    throw error;
  }
}

/**
 * Read and validate what an earlier stage wrote.
 *
 * @throws {IncompleteRunError} if it is missing or not what that stage writes
 */
export async function readJson<T>(store: ObjectStore, key: string, schema: z.ZodType<T>): Promise<T> {
  return parseDocument(await readWritten(store, key), key, schema);
}

/** Like {@link readJson}, or undefined where the key is free. */
export async function readJsonIfThere<T>(
  store: ObjectStore,
  key: string,
  schema: z.ZodType<T>,
): Promise<T | undefined> {
  const bytes = await readIfThere(store, key);
  return bytes && parseDocument(bytes, key, schema);
}

/** Read and validate a file of one JSON document a line. */
export async function readJsonLines<T>(store: ObjectStore, key: string, schema: z.ZodType<T>): Promise<T[]> {
  const text = decoder.decode(await readWritten(store, key));
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => parseDocument(encoder.encode(line), key, schema));
}

/**
 * Write a document once. Where the key is taken the stored document wins: it is what other invocations may have read.
 *
 * @returns the document to go on with
 */
export async function writeJsonOnce<T>(store: ObjectStore, key: string, value: T, schema: z.ZodType<T>): Promise<T> {
  const outcome = await store.write(key, encoder.encode(`${JSON.stringify(value)}\n`));
  return outcome.status === 'written' ? value : readJson(store, key, schema);
}

/**
 * Write bytes that a retry must reproduce.
 *
 * @throws {Error} if the key holds other bytes: a defect, never to be overwritten
 */
export async function writeReproducible(store: ObjectStore, key: string, bytes: Uint8Array): Promise<void> {
  const outcome = await store.write(key, bytes);
  if (outcome.status === 'written') return;
  if (Buffer.compare(await store.read(key), bytes) !== 0) {
    throw new Error(`a retry must write the same bytes, ${key} holds others`);
  }
}

export const encodeJson = (value: unknown) => encoder.encode(`${JSON.stringify(value)}\n`);

export const encodeJsonLines = (values: readonly unknown[]) =>
  encoder.encode(values.map((value) => `${JSON.stringify(value)}\n`).join(''));

function parseDocument<T>(bytes: Uint8Array, key: string, schema: z.ZodType<T>): T {
  let document: unknown;
  try {
    document = JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    throw new IncompleteRunError(`${key} must be JSON: ${(cause as Error).message}`, { cause });
  }
  // to compile the schema first takes longer than it saves, for documents of any size
  const result = schema.safeParse(document, { jitless: true });
  if (result.success) return result.data;
  throw new IncompleteRunError(`${key}: ${describeIssue(result.error.issues[0], document)}`);
}
