import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { formatVectors } from '../golden/format/format-vectors.ts';

const golden = fileURLToPath(new URL('../golden/format/', import.meta.url));
const script = join(golden, 'check_vectors.py');
const vectors = formatVectors();
/** Any Python 3 will do: the script needs its standard library only. */
const python = ['python3', 'python'].find(
  (name) => spawnSync(name, ['-c', 'import hashlib, sys; sys.exit(sys.version_info < (3, 6))']).status === 0,
);

describe('the stored format', () => {
  it('is still the one whose vectors are committed', async () => {
    await expect(`${JSON.stringify(vectors, null, 1)}\n`).toMatchFileSnapshot(join(golden, 'vectors.json'));
  });

  it.skipIf(!python)('is what an independent program computes from docs/format.md, bit for bit', () => {
    const rows = vectors.pairs.reduce((sum, { rows }) => sum + rows.length, 0);
    const output = execFileSync(python!, [script, join(golden, 'vectors.json')], { encoding: 'utf8' });
    expect(output).toMatch(/^\d+ vectors agree/);
    expect(Number.parseInt(output, 10)).toBeGreaterThan(2 * rows);
  });

  it.skipIf(!python)('differs where one bit of one vector does', () => {
    const folder = mkdtempSync(join(tmpdir(), 'modemap-'));
    try {
      const changed = structuredClone(vectors);
      const { y } = changed.exp[7];
      changed.exp[7].y = y.slice(0, -1) + (Number.parseInt(y.slice(-1), 16) ^ 1).toString(16);
      writeFileSync(join(folder, 'vectors.json'), JSON.stringify(changed));
      const { status, stderr } = spawnSync(python!, [script, join(folder, 'vectors.json')], { encoding: 'utf8' });
      expect(status).toBe(1);
      expect(stderr).toContain('exp of ');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
