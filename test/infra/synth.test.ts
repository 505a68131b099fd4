import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { STAGES } from '../../shared/contract/environment.ts';
import { root } from './synthesized.ts';

const folder = mkdtempSync(join(tmpdir(), 'modemap-synth-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `npm run synth` where there is no account: nothing of the environment but the path. */
const synth = (output: string, ...args: string[]) =>
  spawnSync('npm', ['run', 'synth', '--', '--output', output, ...args], {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env.PATH, HOME: folder },
  });

// the CDK's command, esbuild and cdk-nag one after another
describe('npm run synth', { timeout: 300_000 }, () => {
  it('bundles every handler and synthesizes the stack, without credentials', () => {
    const output = join(folder, 'cdk.out');
    const { status, stderr } = synth(output);
    expect(status, stderr).toBe(0);
    const { Resources } = JSON.parse(readFileSync(join(output, 'modemap.template.json'), 'utf8'));
    expect(Object.values(Resources as Record<string, { Type: string }>).map(({ Type }) => Type)).toContain(
      'AWS::StepFunctions::StateMachine',
    );
    const assets = readdirSync(output).filter((name) => name.startsWith('asset.'));
    expect(assets).toHaveLength(STAGES.length);
    for (const asset of assets) expect(existsSync(join(output, asset, 'index.mjs'))).toBe(true);
  });

  it('ends with one sentence where the context is wrong', () => {
    const { status, stderr } = synth(join(folder, 'wrong'), '-c', 'modemap:concurrency=0');
    expect(status).toBe(1);
    expect(stderr).toContain(
      'ConfigurationError: context modemap:concurrency: Too small: expected number to be >=1, got "0"',
    );
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
