/** What is used of WebAssembly here; the language's own types leave it to those of browsers. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: Record<string, Record<string, unknown>>) => { exports: object };
};

/** Bytes that grow by pages of 65,536; typed arrays over them end when they do. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  /** @returns the pages before */
  grow(pages: number): number;
}

/** An instance of a module of shared/<part>/assembly. */
export interface WasmInstance<Functions, Address extends string> {
  functions: Functions & { memory: WasmMemory };
  /** the constants that the module exports: where in its memory it keeps what */
  at: Record<Address, number>;
}

/**
 * Make an instance of a module, at once: it has a few thousand bytes.
 *
 * @param text the module in base64, as `npm run build:wasm` leaves it
 * @param imports functions that it calls, by module and name
 */
export function instantiate<Functions, Address extends string>(
  text: string,
  imports: Record<string, Record<string, unknown>> = {},
): WasmInstance<Functions, Address> {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(text, 'base64')), imports);
  const constants = Object.entries(exports).filter(([, value]) => typeof value === 'object' && 'value' in value);
  const at = Object.fromEntries(constants.map(([name, { value }]) => [name, Number(value)])) as Record<Address, number>;
  return { functions: exports as Functions & { memory: WasmMemory }, at };
}

/** Make sure that the memory holds so many bytes. @returns whether it has grown */
export function reserve(memory: WasmMemory, bytes: number): boolean {
  const missing = bytes - memory.buffer.byteLength;
  if (missing <= 0) return false;
  memory.grow(Math.ceil(missing / 65536));
  return true;
}
