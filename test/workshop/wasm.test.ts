import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compile, moduleOf, sources } from '../../assembly.config.ts';

describe('WebAssembly', () => {
  it('is there', () => expect(sources).not.toHaveLength(0));

  it.each(sources)('%s is what its committed module was made of (npm run build:wasm)', async (source) => {
    expect(readFileSync(moduleOf(source), 'utf8')).toBe(await compile(source));
  });
});
