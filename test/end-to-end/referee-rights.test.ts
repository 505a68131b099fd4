import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Stage } from '../../shared/contract/environment.ts';
import { deployForTests } from '../referee/deploy-for-tests.ts';
import { makeTrialData, RightsTrial } from '../referee/rights-trial.ts';
import { RoleRights } from '../referee/role-rights.ts';
import { canReferee } from '../referee/tools.ts';
import { temporaryFolder } from '../support/command.ts';

/** One right of each function; `npm run referee -- --every-action` tries all of them. */
const HANDFUL = [
  'start states:StartExecution states:stateMachine:modemap',
  'plan s3:PutObject work/*/*/plan.jsonl',
  'fit s3:GetObject work/*/*/sample.json',
  'collect s3:PutObject work/*/*/model-*.json',
  'transform s3:PutObject output/data/dataset=*/run_id=*/pass-*/part-*.parquet',
  'reduce s3:GetObject work/*/*/pass-*/receipts/part-*.json',
  'commit s3:DeleteObject output/data/dataset=*/run_id=*/pass-*/part-*.parquet',
  'failed sns:Publish',
];

/** What is seen of it from outside, where it is no failed state that says so. */
const REASONS: Partial<Record<Stage, RegExp>> = {
  start: /^execution 1 of \w+ must start/,
  transform: /ExceedToleratedFailureThreshold/,
  reduce: /ExceedToleratedFailureThreshold/,
  failed: /failure\.json must tell of/,
};

describe.skipIf(!canReferee)('a function without one of its rights', { timeout: 180_000 }, () => {
  const { referee, deployed, inbox } = deployForTests();
  const folder = temporaryFolder();
  let rights: RoleRights;
  let trial: RightsTrial;

  beforeAll(async () => {
    rights = await RoleRights.open(referee().emulator.aws, deployed().outputs);
    trial = new RightsTrial(deployed(), inbox(), rights, await makeTrialData(folder));
  });
  afterAll(() => rights?.close());

  it.each(HANDFUL)('%s: does not do its part', async (text) => {
    const right = rights.all().find(({ stage, name }) => `${stage} ${name}`.startsWith(text));
    expect(right).toBeDefined();
    const { isGreen, reason } = await trial.without(right!);
    expect(isGreen).toBe(false);
    expect(reason).toMatch(REASONS[right!.stage] ?? /check the rights on the bucket and the key/);
  });

  it('with all of them back does it: the run of two passes, and the one that is told of', async () => {
    await expect(trial.withAll()).resolves.toBeUndefined();
  });
});
