/**
 * Every failure a caller can do something about. `name` is a literal because Lambda reports it as the error type
 * and the state machine retries by it. Anything else that is thrown is a defect of ours.
 */
export abstract class ModemapError extends Error {
  abstract override readonly name: string;
}

/** The configuration, or a path or flag of the command, is wrong: names the field, the constraint and what arrived. */
export class ConfigurationError extends ModemapError {
  override readonly name = 'ConfigurationError';
}

/** An input object cannot be read as Parquet that modemap supports: names the object and what is wrong in it. */
export class UnreadableInputError extends ModemapError {
  override readonly name = 'UnreadableInputError';
}

/** An input object is not the one that was listed when the run started (its ETag differs, or it is gone). */
export class InputChangedError extends ModemapError {
  override readonly name = 'InputChangedError';
}

/** The work needs more memory, objects or money than allowed: says what it would need. */
export class BudgetExceededError extends ModemapError {
  override readonly name = 'BudgetExceededError';
}

/** The objects of a dataset, or a dataset and its configuration, do not describe one table. */
export class SchemaMismatchError extends ModemapError {
  override readonly name = 'SchemaMismatchError';
}

/** What was written is not what was planned; nothing is committed. */
export class IncompleteRunError extends ModemapError {
  override readonly name = 'IncompleteRunError';
}

/** The store refuses for good: no space left, no permission, read-only, or the key holds other bytes. */
export class StoreRefusedError extends ModemapError {
  override readonly name = 'StoreRefusedError';
}

/** Another process is working on the same output right now. */
export class RunInProgressError extends ModemapError {
  override readonly name = 'RunInProgressError';
}

/** The store did not answer in time or asks to slow down; the same call may succeed later. */
export class StoreUnavailableError extends ModemapError {
  override readonly name = 'StoreUnavailableError';
}

const classes = [
  ConfigurationError,
  UnreadableInputError,
  InputChangedError,
  BudgetExceededError,
  SchemaMismatchError,
  IncompleteRunError,
  StoreRefusedError,
  RunInProgressError,
  StoreUnavailableError,
];

/** An error as it crosses a process or thread boundary, where classes are lost. */
export interface SerializedError {
  name: string;
  message: string;
  stack?: string;
}

/** Reduce any thrown value to what {@link reviveError} needs. */
export function serializeError(error: unknown): SerializedError {
  if (error instanceof Error) return { name: error.name, message: error.message, stack: error.stack };
  return { name: 'Error', message: String(error) };
}

/** Give an error that crossed a thread or process boundary its class back; foreign names become plain `Error`s. */
export function reviveError({ name, message, stack }: SerializedError): Error {
  const Class = classes.find((candidate) => new candidate('').name === name);
  const error = Class ? new Class(message) : new Error(message);
  if (stack) error.stack = stack;
  return error;
}
