import type { App } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { closest } from 'fastest-levenshtein';
import * as z from 'zod';
import { ConfigurationError } from '../shared/contract/errors.ts';
import { DEFAULT_STACK_NAME } from '../shared/contract/stack-outputs.ts';

const PREFIX = 'modemap:';

/** `-c modemap:concurrency=100` arrives as text, cdk.json gives a number. */
const integer = (least: number, most: number) =>
  z.preprocess(
    (value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value),
    z.int().min(least).max(most),
  );

/** S3's rules for names, without the dots that break TLS host names. */
const bucketName = z
  .string()
  .regex(/^(?!xn--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, 'must be a bucket name of 3 to 63 characters a-z, 0-9 and -');

const logRetention = Object.values(RetentionDays).filter((days) => typeof days === 'number');

const contextSchema = z.strictObject({
  /** of the stack, its state machine, and the dimension `service` of its metrics */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,39}$/, 'must be 1 to 40 characters a-z, 0-9 and -, the first one a letter')
    .default(DEFAULT_STACK_NAME),
  /** of every function that works on data; 1,769 MB are one vCPU */
  memoryMb: integer(512, 10_240).default(1_769),
  /** transform invocations at once; below what the account has free */
  concurrency: integer(1, 10_000).default(500),
  /** quiet time after which a dropped dataset is complete; SQS delays a message by 900 s at most */
  settleSeconds: integer(0, 899).default(60),
  /** a dataset that never comes to rest starts after this */
  settleMaxSeconds: integer(0, 86_400).default(3_600),
  /** until work objects expire: a redrive comes up to 14 days late and needs them */
  workDays: integer(15, 3_650).default(30),
  /** until log lines expire */
  logDays: z
    .preprocess((value) => (typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value), z.int())
    .refine((days) => logRetention.includes(days), `must be one of CloudWatch's: ${logRetention.join(', ')}`)
    .default(30),
  /** what one query in Athena may scan, at about half a cent a gigabyte */
  queryGigabytes: integer(1, 1_000_000).default(100),
  /** who is told of failed runs and alarms; without it the topic has no subscriber yet */
  alarmEmail: z.email().optional(),
  /** existing buckets to use instead of new ones: same account and Region */
  inputBucket: bucketName.optional(),
  workBucket: bucketName.optional(),
  outputBucket: bucketName.optional(),
});

/** What a deployment is told: the values of cdk.json and `-c modemap:...`, checked, with defaults. */
export type Context = z.infer<typeof contextSchema>;

/**
 * Read and check the app's context.
 *
 * @throws {ConfigurationError} naming the value, the constraint and what arrived: an unknown name, a wrong type, or
 *   one bucket in two places
 */
export function readContext(app: App): Context {
  const given = Object.entries(app.node.getAllContext() as Record<string, unknown>)
    .filter(([key]) => key.startsWith(PREFIX))
    .map(([key, value]) => [key.slice(PREFIX.length), value] as const);
  for (const [name] of given) requireKnown(name);
  const result = contextSchema.safeParse(Object.fromEntries(given));
  if (!result.success) {
    const [{ path, message }] = result.error.issues;
    const name = String(path[0]);
    const value = given.find(([key]) => key === name)?.[1];
    throw new ConfigurationError(`context ${PREFIX}${name}: ${message}, got ${JSON.stringify(value)}`);
  }
  requireSeparateBuckets(result.data);
  if (result.data.settleMaxSeconds < result.data.settleSeconds) {
    throw new ConfigurationError(
      `context ${PREFIX}settleMaxSeconds must be at least ${PREFIX}settleSeconds, got ${result.data.settleMaxSeconds} and ${result.data.settleSeconds}`,
    );
  }
  return result.data;
}

function requireKnown(name: string): void {
  const known = Object.keys(contextSchema.shape);
  if (known.includes(name)) return;
  throw new ConfigurationError(
    `context ${PREFIX}${name} is not known, the nearest name is ${PREFIX}${closest(name, known)}`,
  );
}

/** Output in the input bucket would be input again; work objects expire, output must not. */
function requireSeparateBuckets({ inputBucket, workBucket, outputBucket }: Context): void {
  const owners = new Map<string, string>();
  for (const [role, name] of Object.entries({ inputBucket, workBucket, outputBucket })) {
    if (name === undefined) continue;
    const other = owners.get(name);
    if (other) {
      throw new ConfigurationError(
        `context ${PREFIX}${other} and ${PREFIX}${role} must be different buckets, both are ${name}`,
      );
    }
    owners.set(name, role);
  }
}
