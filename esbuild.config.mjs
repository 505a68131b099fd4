// Builds the command and everything that runs beside it the same way the handlers are built: ESM, bundled, the wasm
// as a file of its own. What cannot be bundled (native code, a library that starts its own worker file) stays a
// dependency of the package; what only a benchmark draws with stays a development dependency.
import { chmodSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { common } from './esbuild.handlers.mjs';

// the handlers, dist/functions, are built by themselves
for (const folder of ['cli', 'bench', 'chunks', 'assets']) rmSync(`dist/${folder}`, { recursive: true, force: true });
await build({
  ...common,
  entryPoints: ['cli/modemap.ts', 'cli/stage-worker.ts', 'bench/run.ts'],
  outdir: 'dist',
  outbase: '.',
  splitting: true,
  target: 'node20.19',
  external: ['@duckdb/node-api', 'fs-native-extensions', 'piscina', 'vega', 'vega-lite'],
  chunkNames: 'chunks/[name]-[hash]',
  assetNames: 'assets/[name]-[hash]',
});
chmodSync('dist/cli/modemap.js', 0o755);
