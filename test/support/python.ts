import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const candidates = [
  process.env.MODEMAP_PYTHON,
  fileURLToPath(new URL('../../.tools/venv/bin/python', import.meta.url)),
];

/** Python with the packages of test/support/requirements.txt, or undefined; test/support/install-tools.sh installs it. */
export const python = candidates.find((candidate) => candidate !== undefined && existsSync(candidate));

if (python === undefined) {
  if (process.env.CI) throw new Error('python tools are required in CI: run test/support/install-tools.sh');
  console.warn('skipped: tests that need Python; install it with test/support/install-tools.sh');
}

/** Run a committed script and return what it prints; its error output is part of the exception. */
export function runPython(script: string, ...args: string[]): string {
  return execFileSync(python!, [script, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}
