import * as z from 'zod';
import { ConfigurationError } from './errors.ts';

const dollars = z.number().min(0);

/** What AWS asks for what a run uses; US dollars. */
const pricesSchema = z.strictObject({
  region: z.string(),
  /** ISO 8601 date at which the figures were looked up */
  date: z.string(),
  source: z.string(),
  /** one GB (2^30 bytes) of Lambda memory for one second, arm64 */
  lambdaGbSecond: dollars,
  lambdaInvocation: dollars,
  /** one state transition of a STANDARD workflow */
  transition: dollars,
  /** one GET or HEAD */
  s3Get: dollars,
  /** one PUT, POST (the steps of a multipart upload) or LIST */
  s3Put: dollars,
});
export type Prices = z.infer<typeof pricesSchema>;

/** Prices given in place of some of ours. */
const pricesInputSchema = pricesSchema.partial();

/** Without free tiers, discounts and taxes. */
export const PRICES: Prices = {
  region: 'us-east-1',
  date: '2026-11-01',
  source: 'aws.amazon.com/lambda/pricing, /step-functions/pricing, /s3/pricing',
  lambdaGbSecond: 0.0000133334,
  lambdaInvocation: 0.2e-6,
  transition: 25e-6,
  s3Get: 0.4e-6,
  s3Put: 5e-6,
};

/**
 * Our prices with those of `text` in place of them.
 *
 * @param text JSON, an object of some of the fields
 * @param source what to call it in errors
 * @throws {ConfigurationError} naming the field
 */
export function parsePrices(text: string, source: string): Prices {
  const input = parseJson(text, source);
  const result = pricesInputSchema.safeParse(input);
  if (result.success) return { ...PRICES, ...result.data };
  const [issue] = result.error.issues;
  const valid = Object.keys(PRICES).join(', ');
  if (issue.code === 'unrecognized_keys') {
    throw new ConfigurationError(`${source}: unknown field ${issue.keys[0]}, valid fields are ${valid}`);
  }
  const [field] = issue.path;
  const arrived = JSON.stringify(field === undefined ? input : (input as Record<PropertyKey, unknown>)[field]);
  const required = field === undefined ? `an object of ${valid}` : requirementOf(String(field));
  throw new ConfigurationError(`${source}: ${String(field ?? 'the prices')} must be ${required}, got ${arrived}`);
}

const requirementOf = (field: string) =>
  typeof PRICES[field as keyof Prices] === 'number' ? 'a number >= 0 (dollars)' : 'text';

function parseJson(text: string, source: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError(`${source} must be JSON: ${(cause as Error).message}`, { cause });
  }
}
