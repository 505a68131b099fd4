import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { digestOf, temporaryFolder } from '../support/command.ts';
import { writeParquetFile } from '../support/duckdb.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const node24 = join(root, '.tools/node_modules/.bin/node');
if (!existsSync(node24) && !process.env.CI)
  console.warn('skipped: tests that need Node 24; install it with test/support/install-tools.sh');

describe('the packed tarball, installed elsewhere', () => {
  const folder = temporaryFolder();
  const input = join(folder, 'table.parquet');
  const installed = join(folder, 'elsewhere');

  beforeAll(async () => {
    execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: root, stdio: 'ignore' });
    const [tarball] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
    mkdirSync(installed);
    writeFileSync(join(installed, 'package.json'), '{"private":true}');
    execFileSync('npm', ['install', '--silent', '--prefer-offline', '--no-save', join(folder, tarball)], {
      cwd: installed,
      stdio: 'ignore',
    });
    await writeParquetFile(
      input,
      "select (hash(i) % 5000) / 7.0 as x, hash(i * 3) % 900 as n, 'a' || i as s from range(100000) t(i)",
    );
  });

  const run = (node: string, out: string) =>
    spawnSync(node, [join(installed, 'node_modules/.bin/modemap'), 'run', input, '--out', out, '--quiet'], {
      cwd: folder,
      encoding: 'utf8',
    });

  it('runs without TypeScript tools', () => {
    expect(existsSync(join(installed, 'node_modules/typescript'))).toBe(false);
    expect(existsSync(join(installed, 'node_modules/esbuild'))).toBe(false);
    const { status, stderr } = run(process.execPath, join(folder, 'out-here'));
    expect(status, stderr).toBe(0);
  });

  it.skipIf(!existsSync(node24) && !process.env.CI)('writes on Node 24 the bytes it writes on this Node', () => {
    expect(execFileSync(node24, ['--version'], { encoding: 'utf8' })).toMatch(/^v24\./);
    const { status, stderr } = run(node24, join(folder, 'out-24'));
    expect(status, stderr).toBe(0);
    expect(digestOf(join(folder, 'out-24'))).toEqual(digestOf(join(folder, 'out-here')));
  });
});
