// Builds the command and everything that runs beside it the same way the handlers are built: ESM, bundled, the wasm
// as a file of its own. What cannot be bundled (native code, a library that starts its own worker file) stays a
// dependency of the package; what only a benchmark draws with stays a development dependency.
import { chmodSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const handlers = readdirSync('functions')
  .map((stage) => `functions/${stage}/handler.ts`)
  .filter((path) => existsSync(path));

rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: ['cli/modemap.ts', 'cli/stage-worker.ts', 'bench/run.ts', ...handlers].filter((path) =>
    existsSync(path),
  ),
  outdir: 'dist',
  outbase: '.',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  mainFields: ['module', 'main'],
  loader: { '.wasm': 'file' },
  external: ['@duckdb/node-api', 'fs-native-extensions', 'piscina', 'vega', 'vega-lite'],
  sourcemap: true,
  sourcesContent: false,
  chunkNames: 'chunks/[name]-[hash]',
  assetNames: 'assets/[name]-[hash]',
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
  logLevel: 'warning',
});
chmodSync('dist/cli/modemap.js', 0o755);
