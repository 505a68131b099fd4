import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeStack, root } from './synthesized.ts';

const tools = join(root, '.tools/lint-venv/bin');
const isInstalled = existsSync(join(tools, 'checkov')) || process.env.CI !== undefined;
if (!isInstalled) {
  console.warn('skipped: cfn-lint and checkov look at the template; install them with test/support/install-tools.sh');
}

/** Run a linter on a template. */
function lint(tool: string, args: string[], template: string) {
  const { status, stdout, stderr, error } = spawnSync(join(tools, tool), [...args, template], { encoding: 'utf8' });
  if (error) throw error;
  return { status, stdout, stderr };
}
const cfnLint = (template: string) => lint('cfn-lint', ['--non-zero-exit-code', 'informational'], template);
const checkov = (template: string) =>
  lint('checkov', ['--framework', 'cloudformation', '--skip-download', '--compact', '--quiet', '-f'], template);

describe.skipIf(!isInstalled)('linters of the deployed template', { timeout: 180_000 }, () => {
  const { app, stack, outdir } = makeStack();
  app.synth();
  const template = join(outdir, stack.templateFile);

  it('cfn-lint finds nothing', () => {
    expect(cfnLint(template)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('checkov finds nothing that is not acknowledged in the code', () => {
    const { status, stdout } = checkov(template);
    expect(stdout).toContain('Failed checks: 0');
    expect(status).toBe(0);
  });

  it('would both find a bucket that is open and a property that does not exist', () => {
    const broken = JSON.parse(readFileSync(template, 'utf8'));
    broken.Resources.Open = { Type: 'AWS::S3::Bucket', Properties: { Opened: true } };
    const path = join(outdir, 'broken.template.json');
    writeFileSync(path, JSON.stringify(broken));
    expect(cfnLint(path).stdout).toContain("'Opened' was unexpected");
    expect(checkov(path).stdout).toMatch(/FAILED for resource: AWS::S3::Bucket.Open/);
  });

  it('every acknowledgement gives its reason', () => {
    const { Resources } = JSON.parse(readFileSync(template, 'utf8')) as {
      Resources: Record<string, { Metadata?: { checkov?: { skip: { id: string; comment: string }[] } } }>;
    };
    const skipped = Object.values(Resources).flatMap(({ Metadata }) => Metadata?.checkov?.skip ?? []);
    expect(skipped.length).toBeGreaterThan(0);
    for (const { id, comment } of skipped) expect([id, comment]).toEqual([id, expect.stringMatching(/\w+ \w+ \w+/)]);
  });
});
