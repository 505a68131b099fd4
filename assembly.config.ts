// Compiles what runs as WebAssembly, shared/*/assembly/NAME.ts, to shared/*/NAME.wasm.ts: the module as text, because
// pure code reads no files, and neither tests nor bundles then need to know of it.
//
//   npm run build:wasm        after a change; test/workshop/wasm.test.ts holds that it was done
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('.', import.meta.url));

/** Paths of the sources, from the project's root. */
export const sources = readdirSync(`${root}shared`, { recursive: true })
  .map((path) => `shared/${String(path)}`)
  .filter((path) => /\/assembly\/[^/]+\.ts$/.test(path))
  .sort();

/** Where the module of a source is kept. */
export const moduleOf = (source: string) => `${dirname(dirname(source))}/${basename(source, '.ts')}.wasm.ts`;

/** The text of a source's module. */
export async function compile(source: string): Promise<string> {
  let bytes: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    // no runtime: the memory is laid out by hand, and nothing is allocated
    [source, '--runtime', 'stub', '--enable', 'simd', '--noAssert', '-O3', '--converge', '--outFile', 'module.wasm'],
    {
      readFile: (name: string) => (existsSync(root + name) ? readFileSync(root + name, 'utf8') : null),
      writeFile: (name: string, contents: string | Uint8Array) => {
        if (typeof contents !== 'string' && name === 'module.wasm') bytes = contents;
      },
      listFiles: () => [],
    },
  );
  if (error || !bytes) throw new Error(`${source} must compile\n${stderr}`, { cause: error });
  const text = Buffer.from(bytes).toString('base64');
  return `// Made of ${source.split('/').slice(2).join('/')} by \`npm run build:wasm\`.\nexport default '${text}';\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const source of sources) writeFileSync(root + moduleOf(source), await compile(source));
