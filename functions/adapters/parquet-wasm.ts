import { readFileSync } from 'node:fs';
import { initSync } from 'parquet-wasm/esm';
import wasmFile from 'parquet-wasm/esm/parquet_wasm_bg.wasm';
import { readyDecoderBy } from '../../shared/parquet/decode-column.ts';

let initialised = false;

/** Have the Parquet decoder loaded by the first chunk that needs it. */
export function offerParquetWasm(): void {
  readyDecoderBy(initialiseParquetWasm);
}

/** Load the Parquet decoder; once a process or worker thread, again is a no-op. */
export function initialiseParquetWasm(): void {
  if (initialised) return;
  initSync({ module: readFileSync(new URL(wasmFile, import.meta.url)) });
  initialised = true;
}
