import type { Configuration } from '../../shared/contract/configuration.ts';
import type { Deployment } from '../../shared/contract/deployment.ts';
import { BudgetExceededError } from '../../shared/contract/errors.ts';
import type { PlanHeader } from '../../shared/contract/stages.ts';
import { estimateRun, type RunEstimate } from '../../shared/cost/estimate-run.ts';
import { timeWarnings } from '../../shared/cost/time-warnings.ts';

/**
 * Refuse a run that may cost more than `maxRunDollars`, the second pass included that a misleading sample would need:
 * nobody can be asked once the run is under way.
 *
 * @returns what the run is expected to use and cost at most
 * @throws {BudgetExceededError} saying what it would need
 */
export function requireAffordable(
  header: PlanHeader,
  configuration: Configuration,
  deployment: Deployment,
): RunEstimate {
  const { expected, withSecondPass } = estimateRun(header, configuration, { deployment });
  const estimate = withSecondPass ?? expected;
  const { dollars, invocations } = estimate;
  if (dollars <= configuration.maxRunDollars) return estimate;
  const { region, date } = deployment.prices;
  const pass = withSecondPass ? ', with the second pass that a misleading sample would need' : '';
  throw new BudgetExceededError(
    `maxRunDollars must be at least ${needed(dollars)} for this run, it is ${configuration.maxRunDollars}: ` +
      `${header.rows} rows in ${header.partitions} partitions take about ${invocations} invocations${pass} ` +
      `(prices of ${region}, ${date}); raise maxRunDollars, pass columns, or split the dataset`,
  );
}

/**
 * The header with what the run is expected to cost at most, and with what may take too long.
 *
 * @throws {BudgetExceededError} as {@link requireAffordable} does
 */
export function pricedHeader(header: PlanHeader, configuration: Configuration, deployment: Deployment): PlanHeader {
  const estimate = requireAffordable(header, configuration, deployment);
  const warnings = [...header.warnings, ...timeWarnings(estimate)];
  return { ...header, estimatedDollars: estimate.dollars, warnings };
}

/** Rounded up to the cent, so that the figure named is enough; small ones to a hundredth of a cent. */
function needed(dollars: number): string {
  const digits = dollars < 0.1 ? 4 : 2;
  return (Math.ceil(dollars * 10 ** digits) / 10 ** digits).toFixed(digits);
}
