import { fileURLToPath, pathToFileURL } from 'node:url';
import { defineConfig } from 'vitest/config';

/** What esbuild's `file` loader does for the bundles: the import of a .wasm file is a URL that can be opened. */
const wasmAsFile = {
  name: 'wasm-as-file',
  enforce: 'pre' as const,
  load(id: string) {
    if (id.endsWith('.wasm')) return `export default ${JSON.stringify(pathToFileURL(id).href)}`;
    return undefined;
  },
};

export default defineConfig({
  plugins: [wasmAsFile],
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    server: { deps: { inline: [/parquet-wasm/] } },
    globalSetup: ['test/support/build.ts', 'test/support/shared-trino.ts'],
    include: ['test/**/*.test.ts'],
    expect: { requireAssertions: true },
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
