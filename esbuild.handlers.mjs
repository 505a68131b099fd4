// Builds each Lambda handler into a folder of its own, <out>/<stage>/: index.mjs, its source map and, where it decodes
// Parquet, the decoder's wasm. Nothing else is needed to run it, so the folder is the function's asset as it is.
//
//   node esbuild.handlers.mjs [OUT]        OUT: dist/functions
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('.', import.meta.url));

/** What the command and the handlers have in common: ESM, bundled, the wasm as a file beside the code. */
export const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  mainFields: ['module', 'main'],
  loader: { '.wasm': 'file' },
  sourcemap: true,
  sourcesContent: false,
  // packages that are CommonJS inside ask for `require`
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
};

/** Bundle every functions/<stage>/handler.ts; the AWS SDK included, for what the runtime brings is of no fixed version. */
async function buildHandlers(out) {
  const stages = readdirSync(`${root}functions`).filter((stage) => existsSync(`${root}functions/${stage}/handler.ts`));
  const builds = stages.map(async (stage) => {
    const outdir = resolve(out, stage);
    rmSync(outdir, { recursive: true, force: true });
    await build({
      ...common,
      entryPoints: [{ in: `functions/${stage}/handler.ts`, out: 'index' }],
      outdir,
      outExtension: { '.js': '.mjs' },
      target: 'node24',
      minify: true,
      // the names of functions, for stack traces
      keepNames: true,
      legalComments: 'none',
      assetNames: '[name]-[hash]',
    });
  });
  await Promise.all(builds);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildHandlers(process.argv[2] ?? 'dist/functions');
