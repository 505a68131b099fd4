import { requireAffordable } from '../functions/plan/require-affordable.ts';
import type { Deployment } from '../shared/contract/deployment.ts';
import { BudgetExceededError } from '../shared/contract/errors.ts';
import type { Model } from '../shared/contract/model.ts';
import type { PlanHeader } from '../shared/contract/stages.ts';
import { estimateRun, type RunEstimates } from '../shared/cost/estimate-run.ts';
import { localSeconds } from '../shared/cost/stage-seconds.ts';
import { sweepVolume } from '../shared/cost/sweep-volume.ts';
import { timeWarnings } from '../shared/cost/time-warnings.ts';

/** What a run is expected to take here, and on AWS. */
export interface PlanEstimate {
  /** on one core of this machine's kind */
  localSeconds: number;
  aws: Deployment & RunEstimates & { maxRunDollars: number; warnings: string[] };
}

/** Estimate time and cost from the plan and from what the fit has decided. */
export function estimatePlan(header: PlanHeader, model: Model, deployment: Deployment): PlanEstimate {
  const configuration = model.options;
  const { fit, maxRunDollars } = configuration;
  const volume = sweepVolume(header, configuration, { model, writes: true });
  const sweeps = fit === 'full' ? [sweepVolume(header, configuration, { model, writes: false }), volume] : [volume];
  const estimates = estimateRun(header, configuration, { deployment, model });
  const warnings = [...refusal(header, model, deployment), ...timeWarnings(estimates.expected)];
  return {
    localSeconds: localSeconds({
      sweeps,
      fitted: header.columnGroups.flat().length,
      sampleBytes: header.workload.sampleBytes,
      lookedBack: fit === 'sample' ? 0 : model.columns.length,
    }),
    aws: { ...deployment, ...estimates, maxRunDollars, warnings },
  };
}

/** In the words of the plan stage on AWS, which knows no model yet. */
function refusal(header: PlanHeader, { options }: Model, deployment: Deployment): string[] {
  try {
    requireAffordable(header, options, deployment);
    return [];
  } catch (error) {
    if (error instanceof BudgetExceededError) return [`AWS would refuse this run: ${error.message}`];
    throw error;
  }
}
