import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
const probes: string[] = [];

/** Lint a file that is in the tree just long enough to be looked at. */
function lint(path: string, specifier: string) {
  const file = `${root}${path}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `import * as it from '${specifier}';\n\nexport const used = it;\n`);
  probes.push(file);
  return spawnSync('npx', ['biome', 'lint', '--only=style/noRestrictedImports', file], { cwd: root, encoding: 'utf8' });
}

afterEach(() => {
  for (const file of probes.splice(0)) rmSync(file);
});

describe('the linter holds the directions of imports', () => {
  it.each([
    ['shared/contract/probe.ts', '../parquet/footer.ts', 'contract, numeric and store are the base'],
    ['shared/mixture/probe.ts', '../summary/merge-summaries.ts', 'stand side by side'],
    ['shared/parquet/write/probe.ts', '../../partition/plan-sample.ts', 'stand side by side'],
    ['shared/parquet/write/probe.ts', '../../../functions/stage-io.ts', 'imports nothing above it'],
    ['shared/partition/probe.ts', '../cost/estimate-run.ts', 'stand side by side'],
    ['shared/cost/probe.ts', '../parquet/footer.ts', 'stand side by side'],
    ['shared/contract/probe.ts', '../cost/makespan.ts', 'contract, numeric and store are the base'],
    ['shared/catalog/probe.ts', '../partition/plan-sample.ts', 'stands beside everything else'],
    ['shared/parquet/probe.ts', '../catalog/hive-type.ts', 'stand side by side'],
    ['shared/normalize/probe.ts', 'node:fs', 'shared/ is pure'],
    ['shared/store/probe.ts', '@aws-sdk/client-s3', 'shared/ is pure'],
    ['functions/fit/probe.ts', '../plan/plan.ts', 'stages do not know each other'],
    ['functions/fit/probe.ts', '../adapters/local-store.ts', 'adapters are wired in by its handler'],
    ['functions/adapters/probe.ts', '../../cli/run.ts', 'functions/ imports only shared/'],
    ['infra/probe.ts', '../functions/plan/plan.ts', 'infra/ imports only shared/contract'],
    ['infra/run/probe.ts', '../../shared/partition/plan-partitions.ts', 'infra/ imports only shared/contract'],
  ])('%s may not import %s', (path, specifier, message) => {
    const { status, stdout, stderr } = lint(path, specifier);
    expect(status).not.toBe(0);
    expect(`${stdout}${stderr}`).toContain(message);
  });

  it.each([
    ['shared/mixture/probe.ts', '../numeric/weighted-bins.ts'],
    ['shared/cost/probe.ts', '../contract/limits.ts'],
    ['shared/catalog/probe.ts', '../parquet/schema-tree.ts'],
    ['functions/fit/probe.ts', '../stage-io.ts'],
    ['functions/fit/probe.ts', '../../shared/summary/merge-summaries.ts'],
    ['cli/probe.ts', '../functions/plan/plan.ts'],
    ['infra/run/probe.ts', '../../shared/contract/keys.ts'],
  ])('%s may import %s', (path, specifier) => {
    expect(lint(path, specifier).status).toBe(0);
  });

  it('looks at every folder: the same rule is part of the check', () => {
    const scripts = JSON.parse(execFileSync('npm', ['pkg', 'get', 'scripts'], { cwd: root, encoding: 'utf8' }));
    expect(scripts.check).toContain('check:format');
    expect(scripts['check:format']).toBe('biome ci --error-on-warnings .');
  });
});
