import * as z from 'zod';
import { ConfigurationError } from './errors.ts';

/** The functions of the deployment, in the order in which a run meets them; each is functions/<stage>/handler.ts. */
export const STAGES = ['start', 'plan', 'fit', 'collect', 'transform', 'reduce', 'commit', 'failed'] as const;
export type Stage = (typeof STAGES)[number];

const bucket = z.string().min(3);
const integer = (least: number, most: number) =>
  z
    .string()
    .regex(/^\d+$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most, { error: `must be an integer ${least}..${most}` });

/** What every function is told: the name of the deployment, dimension `service` of its metrics (read by powertools). */
const common = { POWERTOOLS_SERVICE_NAME: z.string().min(1) };

/** The variables of each function, by the names the deployment sets: exactly these, no more. */
export const environmentSchemas = {
  start: z.object({
    ...common,
    INPUT_BUCKET: bucket,
    WORK_BUCKET: bucket,
    OUTPUT_BUCKET: bucket,
    /** the queue that brings S3's events and start's own delayed messages */
    QUEUE_URL: z.string().min(1),
    STATE_MACHINE_ARN: z.string().min(1),
    /** quiet time after which a dataset is complete; SQS delays by at most 900 s */
    SETTLE_SECONDS: integer(0, 899),
    /** a dataset that is never quiet starts after this */
    SETTLE_MAX_SECONDS: integer(0, 86_400),
    /** memory of the transform function, which plan budgets for: frozen with the inputs */
    TRANSFORM_MEMORY_MB: integer(128, 10_240),
  }),
  plan: z.object({
    ...common,
    INPUT_BUCKET: bucket,
    WORK_BUCKET: bucket,
    /** transform invocations at once */
    MAX_CONCURRENCY: integer(1, 10_000),
  }),
  fit: z.object({ ...common, INPUT_BUCKET: bucket, WORK_BUCKET: bucket }),
  collect: z.object({ ...common, WORK_BUCKET: bucket }),
  transform: z.object({ ...common, INPUT_BUCKET: bucket, WORK_BUCKET: bucket, OUTPUT_BUCKET: bucket }),
  reduce: z.object({ ...common, WORK_BUCKET: bucket }),
  commit: z.object({
    ...common,
    WORK_BUCKET: bucket,
    OUTPUT_BUCKET: bucket,
    /** Glue's database of metrics, tasks, components and runs */
    RESULTS_DATABASE: z.string().min(1),
    /** Glue's database of a table a dataset */
    DATA_DATABASE: z.string().min(1),
  }),
  failed: z.object({ ...common, INPUT_BUCKET: bucket, WORK_BUCKET: bucket, TOPIC_ARN: z.string().min(1) }),
} as const satisfies Record<Stage, z.ZodObject>;

/** What a stage's handler works with. */
export type StageEnvironment<S extends Stage> = z.output<(typeof environmentSchemas)[S]>;
/** What the deployment has to set for it. */
export type StageVariables<S extends Stage> = { [Name in keyof StageEnvironment<S>]: string };

/**
 * Read the variables of a stage.
 *
 * @param variables the process's environment
 * @throws {ConfigurationError} naming the variable that is missing or malformed
 */
export function environmentOf<S extends Stage>(
  stage: S,
  variables: Readonly<Record<string, string | undefined>>,
): StageEnvironment<S> {
  const result = environmentSchemas[stage].safeParse(variables);
  if (result.success) return result.data as StageEnvironment<S>;
  const [{ path, message }] = result.error.issues;
  const name = path.join('.');
  throw new ConfigurationError(
    `environment variable ${name} of the ${stage} function: ${message}, got ${JSON.stringify(variables[name]) ?? 'nothing'}`,
  );
}
