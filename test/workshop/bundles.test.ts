import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const dist = fileURLToPath(new URL('../../dist', import.meta.url));

/** The scripts of the built package: the command, its worker and what they share. */
const scripts = ['cli', 'chunks']
  .flatMap((folder) => readdirSync(join(dist, folder)).map((name) => join(dist, folder, name)))
  .filter((path) => path.endsWith('.js'));

describe('the built package', () => {
  it('does not carry what the validator says in languages that nobody asks it for', () => {
    const texts = scripts.map((path) => readFileSync(path, 'utf8'));
    expect(texts.some((text) => text.includes('ZodObject'))).toBe(true);
    expect(texts.filter((text) => text.includes('Ongeldige invoer') || text.includes('Input non valido'))).toEqual([]);
  });
});
