import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { makeStack } from './synthesized.ts';

/** Findings of cdk-nag that nobody has acknowledged, by rule; a violation makes synth throw. */
function findingsOf({ app, outdir }: ReturnType<typeof makeStack>): string[] {
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  let refusal: unknown;
  try {
    app.synth();
  } catch (error) {
    refusal = error;
  }
  const path = join(outdir, 'validation-report.json');
  const report: { pluginReports: { violations: { ruleName: string }[] }[] } = existsSync(path)
    ? JSON.parse(readFileSync(path, 'utf8'))
    : { pluginReports: [] };
  const rules = report.pluginReports.flatMap(({ violations }) => violations.map(({ ruleName }) => ruleName));
  if (refusal && rules.length === 0) throw refusal;
  return rules;
}

const own = {
  'modemap:inputBucket': 'my-input',
  'modemap:workBucket': 'my-work',
  'modemap:outputBucket': 'my-output',
};

describe('cdk-nag (AwsSolutions)', { timeout: 180_000 }, () => {
  it('finds nothing that is not acknowledged beside its construct', () => {
    expect(findingsOf(makeStack())).toEqual([]);
  });

  it('finds nothing with buckets of the user and an address for alarms', () => {
    expect(findingsOf(makeStack({ ...own, 'modemap:alarmEmail': 'ops@example.com' }))).toEqual([]);
  });

  it('would find a bucket that is open', () => {
    const made = makeStack();
    new Bucket(made.stack, 'Open', { removalPolicy: RemovalPolicy.DESTROY });
    expect(findingsOf(made).join(' ')).toMatch(/AwsSolutions-S1\b.*AwsSolutions-S10/);
  });
});
