import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const source = fileURLToPath(new URL('../../cli/tier-up-later.ts', import.meta.url));
const tsx = fileURLToPath(import.meta.resolve('tsx'));

/** What a process says that runs a script. */
function complaints(script: string): string {
  const args = ['--import', tsx, '--input-type=module', '--eval', script];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect(status).toBe(0);
  return stderr;
}

it('asks of the V8 it runs on nothing that is unknown to it, which V8 would say on stderr', () => {
  expect(complaints(`import { tierUpLater } from ${JSON.stringify(source)}; tierUpLater()`)).toBe('');
  expect(complaints("import v8 from 'node:v8'; v8.setFlagsFromString('--interrupt-budgets=1')")).toMatch(
    /unrecognized/,
  );
});
