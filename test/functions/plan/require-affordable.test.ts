import { beforeAll, describe, expect, it } from 'vitest';
import { makePlan } from '../../../functions/plan/plan.ts';
import { pricedHeader } from '../../../functions/plan/require-affordable.ts';
import { makeFreezeInputs } from '../../../functions/start/freeze-inputs.ts';
import { DEFAULTS } from '../../../shared/contract/configuration.ts';
import { DEFAULT_DEPLOYMENT } from '../../../shared/contract/deployment.ts';
import { parquetBytes } from '../../support/parquet-bytes.ts';
import { contentsOf, ORDER, planHeaderOf, runUntil, storesOf } from '../../support/stage-run.ts';

let file: Uint8Array;
beforeAll(async () => {
  file = await parquetBytes('select sqrt(i + 1)::double as x from range(50) t(i)');
});

/** Plan 50 rows in a partition, for a configuration, on a deployment or on this machine. */
async function planned(configuration: object, deployment?: typeof DEFAULT_DEPLOYMENT) {
  const stores = storesOf({ 'a.parquet': file });
  const text = JSON.stringify(configuration);
  const request = { dataset: 'table', root: '', order: ORDER, memoryBytes: 2e9, configuration: text };
  const { datasetId, runId } = await makeFreezeInputs(stores)(request);
  const run = { datasetId, runId };
  return { stores, run, outcome: makePlan(stores)(run, { deployment }) };
}

const dear = { ...DEFAULT_DEPLOYMENT, prices: { ...DEFAULT_DEPLOYMENT.prices, transition: 10 } };

describe('maxRunDollars', () => {
  it('refuses a dearer run on AWS, says what it would need, and leaves no plan', async () => {
    const { stores, outcome } = await planned({ maxRunDollars: 100 }, dear);
    await expect(outcome).rejects.toMatchObject({
      name: 'BudgetExceededError',
      message: expect.stringMatching(
        /^maxRunDollars must be at least 380\.\d\d for this run, it is 100: 50 rows in 1 partitions take about 11 invocations, with the second pass that a misleading sample would need \(prices of us-east-1, 2026-11-01\); raise maxRunDollars, pass columns, or split the dataset$/,
      ),
    });
    expect(Object.keys(await contentsOf(stores.work)).filter((key) => key.includes('plan'))).toEqual([]);
  });

  it('that is what the refusal asked for is enough, and the plan says what it expects', async () => {
    const refused = await planned({ maxRunDollars: 1e-9 }, DEFAULT_DEPLOYMENT);
    const message = await refused.outcome.then(
      () => '',
      (error: Error) => error.message,
    );
    const asked = Number(/at least ([\d.]+) for/.exec(message)?.[1]);
    const { stores, run, outcome } = await planned({ maxRunDollars: asked }, DEFAULT_DEPLOYMENT);
    await outcome;
    const { estimatedDollars } = await planHeaderOf(stores, run);
    expect(estimatedDollars).toBeGreaterThan(asked - 0.0001);
    expect(estimatedDollars).toBeLessThanOrEqual(asked);
  });

  it('counts no second pass where nothing looks back', async () => {
    const { outcome } = await planned({ maxRunDollars: 100, fit: 'sample' }, dear);
    await expect(outcome).rejects.toThrow(/take about 7 invocations \(prices/);
  });

  it('asks nobody on this machine', async () => {
    const { stores, run, outcome } = await planned({ maxRunDollars: 1e-9 });
    await outcome;
    expect((await planHeaderOf(stores, run)).estimatedDollars).toBeNull();
  });
});

describe('an invocation that Lambda would end before it is done', () => {
  it('is a warning of the plan', async () => {
    const columns = Array.from({ length: 100 }, (_, i) => `${i}.5::double as c${i}`);
    const stores = storesOf({ 'a.parquet': await parquetBytes(`select ${columns.join(', ')}`) });
    const header = await planHeaderOf(stores, await runUntil('plan', stores));
    // 32 columns a fit, on a 442nd of a vCPU
    const slow = { ...DEFAULT_DEPLOYMENT, memoryMegabytes: 4 };
    expect(pricedHeader(header, DEFAULTS, slow).warnings).toEqual([
      expect.stringMatching(/^an invocation of fit may take \d+ s, Lambda ends it after 900$/),
      expect.stringMatching(/^an invocation of audit may take \d+ s, Lambda ends it after 900$/),
    ]);
    expect(pricedHeader(header, DEFAULTS, DEFAULT_DEPLOYMENT).warnings).toEqual([]);
  });
});
