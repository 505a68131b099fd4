import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { readContext } from '../../infra/context.ts';
import { ModemapStack } from '../../infra/modemap-stack.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundle every handler as `npm run synth` does. */
export function bundleHandlers(to: string): void {
  execFileSync(process.execPath, [join(root, 'esbuild.handlers.mjs'), to], { stdio: 'inherit' });
}

/**
 * Synthesize the stack of infra/ with the context of cdk.json.
 *
 * @param bundles what {@link bundleHandlers} wrote
 * @param context values of `modemap:...` other than cdk.json's
 * @returns the stack's name, that of its template in `to`
 */
export function synthesize(bundles: string, to: string, context: Record<string, string | number> = {}): string {
  const { context: fixed } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  const changed = Object.entries(context).map(([name, value]) => [`modemap:${name}`, value]);
  const app = new App({ context: { ...fixed, ...Object.fromEntries(changed) }, outdir: to });
  const read = readContext(app);
  new ModemapStack(app, read.name, { context: read, bundles });
  app.synth();
  return read.name;
}
