import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { METRIC_NAMESPACE } from '../../shared/contract/observed.ts';
import { hasEmulator, startEmulator } from '../support/aws-emulator.ts';
import { BundledHandlers, executionOf } from '../support/bundled-handlers.ts';
import { temporaryFolder } from '../support/command.ts';
import { dashboardWidgets, metricId, metricsAskedFor } from '../support/dashboard-metrics.ts';
import { node24 } from '../support/node24.ts';
import { parquetBytes } from '../support/parquet-bytes.ts';

const canRun = hasEmulator && existsSync(node24);
/** The service that the handlers of the test are. */
const SERVICE = 'modemap-test';

interface Emitted {
  _aws: { CloudWatchMetrics: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] };
  [property: string]: unknown;
}

describe.skipIf(!canRun && !process.env.CI)('the dashboard and what the functions emit', () => {
  let handlers: BundledHandlers;
  let emitted: Emitted[];

  beforeAll(async () => {
    const folder = temporaryFolder();
    const script = fileURLToPath(new URL('../../esbuild.handlers.mjs', import.meta.url));
    execFileSync(process.execPath, [script, join(folder, 'built')]);
    handlers = await BundledHandlers.open(folder, await startEmulator());
    const table = await parquetBytes(
      'select sqrt(i + 1)::double as "größe", ln(i + 1)::double as y from range(3000) t(i)',
    );
    await handlers.store('INPUT_BUCKET').write('calm/a.parquet', table);
    const execution = executionOf('calm', await handlers.freeze('calm'));
    await handlers.execute(execution);
    const lost = executionOf('lost', await handlers.freeze('lost'));
    const detail = {
      executionArn: 'arn:aws:states:us-east-1:000000000000:execution:modemap:lost-1',
      name: 'lost-1',
      status: 'FAILED',
      stopDate: 1,
      input: JSON.stringify(lost),
    };
    await handlers.call('failed', { source: 'aws.states', detail });
    emitted = [...handlers.processes.values()]
      .flatMap(({ output }) => output.split('\n'))
      .filter((line) => line.startsWith('{') && line.includes('"_aws"'))
      .map((line) => JSON.parse(line));
  }, 240_000);

  afterAll(() => handlers?.close());

  it('shows every metric that is emitted, with its dimensions, and of ours no other', () => {
    const shown = metricsAskedFor(dashboardWidgets({ 'modemap:name': SERVICE }));
    const ours = shown.filter(({ id }) => id.startsWith(`${METRIC_NAMESPACE} `));
    const ids = emitted.flatMap(({ _aws }) =>
      _aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
        Dimensions.flatMap((dimensions) => Metrics.map(({ Name }) => metricId(Namespace, Name, dimensions))),
      ),
    );
    const unique = (all: string[]) => [...new Set(all)].sort();
    expect(unique(ours.map(({ id }) => id))).toEqual(unique(ids));
    expect(unique(ids).length).toBeGreaterThan(20);
  });

  it('asks for the service that the functions say they are', () => {
    const ours = metricsAskedFor(dashboardWidgets({ 'modemap:name': SERVICE })).filter(({ id }) =>
      id.startsWith(`${METRIC_NAMESPACE} `),
    );
    expect(new Set(ours.map(({ values }) => values.service))).toEqual(new Set(emitted.map(({ service }) => service)));
  });

  it('holds a value for every metric and dimension of a document, and none of the data', () => {
    for (const document of emitted) {
      for (const { Dimensions, Metrics } of document._aws.CloudWatchMetrics) {
        for (const { Name } of Metrics) expect([Name, document[Name]]).toEqual([Name, expect.any(Number)]);
        for (const name of Dimensions.flat())
          expect([name, document[name]]).toEqual([name, expect.stringMatching(/^[ -~]+$/)]);
      }
    }
    const columns = emitted.flatMap(({ column }) => column ?? []);
    expect(columns.sort()).toEqual(['gr%C3%B6%C3%9Fe', 'y']);
  });
});
