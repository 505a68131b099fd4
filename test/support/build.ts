import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Build the command once before any test: tests of the command run what users run. */
export default function setup(): void {
  execFileSync(process.execPath, ['esbuild.config.mjs'], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: 'inherit',
  });
}
