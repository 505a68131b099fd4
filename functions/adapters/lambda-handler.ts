import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import type * as z from 'zod';
import { RunMetrics } from './run-metrics.ts';

/** What one invocation is about: log keys, never cell values. */
interface Subject {
  execution?: string;
  datasetId?: string;
  runId?: string;
  pass?: number;
  /** a line of the plan, or its number */
  partition?: { partition: number } | number;
  /** a line of the groups, or its number */
  group?: { group: number } | number;
}

/** What a handler may report beside its result. */
export interface Invocation {
  metrics: RunMetrics;
}

export interface HandlerOptions<Event> {
  /** left out: the fields of the event that say so themselves */
  subjectOf?: (event: Event) => Subject;
  /** asked after an error: true where this process must not be trusted with another event */
  isPoisoned?: () => boolean;
}

/** Longer than the runtime needs to hand an answer over, shorter than anybody would wait. */
const ANSWER_MS = 50;

/**
 * A stage as Lambda calls it: the event is checked, the invocation logged by run and partition, and an error passed on
 * with its `name`, by which the state machine retries.
 *
 * A poisoned process answers first and then ends, so that the state machine learns the reason and the next event meets
 * a fresh one.
 *
 * @throws {TypeError} if the event is not what the state machine sends: a defect
 */
export function lambdaHandler<Event extends object, Result>(
  schema: z.ZodType<Event>,
  run: (event: Event, invocation: Invocation) => Promise<Result>,
  { subjectOf = (event) => event, isPoisoned = () => false }: HandlerOptions<Event> = {},
) {
  const logger = new Logger();
  const metrics = new RunMetrics();
  return async (received: unknown, context: Context): Promise<Result> => {
    logger.addContext(context);
    try {
      const event = parseEvent(schema, received);
      logger.appendKeys(keysOf(subjectOf(event)));
      const result = await run(event, { metrics });
      logger.info('done');
      return result;
    } catch (error) {
      logger.error('failed', error as Error);
      if (isPoisoned()) setTimeout(() => process.exit(1), ANSWER_MS);
      throw error;
    } finally {
      logger.resetKeys();
    }
  };
}

function parseEvent<Event>(schema: z.ZodType<Event>, received: unknown): Event {
  const result = schema.safeParse(received);
  if (result.success) return result.data;
  const [{ path, message }] = result.error.issues;
  throw new TypeError(`event field ${path.join('.') || '(root)'}: ${message}`);
}

function keysOf({ execution, datasetId, runId, pass, partition, group }: Subject) {
  return {
    execution,
    dataset: datasetId,
    runId,
    pass,
    partition: typeof partition === 'object' ? partition.partition : partition,
    group: typeof group === 'object' ? group.group : group,
  };
}
