import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const read = (name: string) => readFileSync(fileURLToPath(new URL(`../../${name}`, import.meta.url)), 'utf8');
const manifest = JSON.parse(read('package.json'));
const lock: { packages: Record<string, { optionalDependencies?: Record<string, string> }> } = JSON.parse(
  read('package-lock.json'),
);

describe('package policy', () => {
  it('pins every dependency exactly', () => {
    for (const version of Object.values({ ...manifest.dependencies, ...manifest.devDependencies })) {
      expect(version).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/);
    }
  });

  it('names no host in the lock file', () => {
    expect(read('package-lock.json')).not.toMatch(/"resolved": "https?:/);
  });

  it('locks the optional packages of every platform, or npm ci refuses the file (test/support/complete-lock-file.mjs)', () => {
    const missing = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter(
        (name) => !lock.packages[`node_modules/${name}`] && !lock.packages[`${path}/node_modules/${name}`],
      ),
    );
    expect(missing).toEqual([]);
  });

  it('installs nothing for its users but what cannot be bundled', () => {
    expect(Object.keys(manifest.dependencies)).toEqual(['@duckdb/node-api', 'fs-native-extensions', 'piscina']);
  });
});
