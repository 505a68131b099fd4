// Builds the command and everything that runs beside it the same way the handlers are built: ESM, bundled, the wasm
// as a file of its own. What cannot be bundled (native code, a library that starts its own worker file) stays a
// dependency of the package; what only a benchmark draws with stays a development dependency.
import { chmodSync, rmSync } from 'node:fs';
import { build } from 'esbuild';
import { common } from './esbuild.handlers.mjs';

// the handlers, dist/functions, are built by themselves
for (const folder of ['cli', 'bench', 'chunks', 'assets']) rmSync(`dist/${folder}`, { recursive: true, force: true });
const options = {
  ...common,
  outdir: 'dist',
  outbase: '.',
  target: 'node20.19',
  external: ['@duckdb/node-api', 'fs-native-extensions', 'piscina', 'vega', 'vega-lite'],
  chunkNames: 'chunks/[name]-[hash]',
  assetNames: 'assets/[name]-[hash]',
};
// what commands share is loaded once; a worker needs all of its code, which is read sooner from one file than from twenty
await Promise.all([
  build({ ...options, entryPoints: ['cli/modemap.ts', 'bench/run.ts'], splitting: true }),
  build({ ...options, entryPoints: ['cli/stage-worker.ts'] }),
]);
chmodSync('dist/cli/modemap.js', 0o755);
