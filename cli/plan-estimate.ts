import type { PlanHeader } from '../shared/contract/stages.ts';

/** What a run is expected to cost; figures measured by `npm run bench -- run`. */
export interface Estimate {
  localSeconds: number;
  dollars: number;
  assumptions: string;
}

/** CPU nanoseconds to read, decode, apply, encode and write one value of a normalized column. */
const NS_PER_VALUE = 330;
/** CPU nanoseconds to copy one byte of an untouched column. */
const NS_PER_BYTE = 1.5;
/** Start-up of the stages, and the fit of one column to its sample. */
const START_SECONDS = 1;
const FIT_SECONDS = 1.5;

/** us-east-1, arm64, November 2026; aws.amazon.com/lambda/pricing, /step-functions/pricing, /s3/pricing */
const PRICES = { gbSecond: 0.0000133334, invocation: 0.2e-6, transition: 25e-6, get: 0.4e-6, put: 5e-6 };
const LAMBDA_GB = 1.769;
/** state transitions of one child of a distributed map */
const TRANSITIONS_PER_PARTITION = 3;

/**
 * Estimate time on one core and price on AWS from the plan alone; one pass.
 *
 * @param normalized number of columns that would be normalized
 */
export function estimate({ rows, bytesIn, partitions, objects }: PlanHeader, normalized: number): Estimate {
  const cpuSeconds = (rows * normalized * NS_PER_VALUE + bytesIn * NS_PER_BYTE) / 1e9;
  const fitSeconds = START_SECONDS + 2 * FIT_SECONDS * normalized;
  const lambdaSeconds = cpuSeconds + fitSeconds + partitions;
  const requests = { get: objects * 2 + partitions * (4 + normalized), put: partitions * 5 };
  const dollars =
    lambdaSeconds * LAMBDA_GB * PRICES.gbSecond +
    partitions * (PRICES.invocation + TRANSITIONS_PER_PARTITION * PRICES.transition) +
    requests.get * PRICES.get +
    requests.put * PRICES.put;
  return {
    localSeconds: cpuSeconds + fitSeconds,
    dollars,
    assumptions: 'us-east-1, arm64, 1,769 MB, one pass, prices of November 2026',
  };
}
