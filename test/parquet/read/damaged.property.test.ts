import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { wasmMemory } from 'parquet-wasm/esm';
import { beforeAll, describe, expect, it } from 'vitest';
import { MemoryStore } from '../../../functions/adapters/memory-store.ts';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { UnreadableInputError } from '../../../shared/contract/errors.ts';
import { checkPages } from '../../../shared/parquet/check-pages.ts';
import { toDoubles } from '../../../shared/parquet/column-values.ts';
import { decodeColumn } from '../../../shared/parquet/decode-column.ts';
import { readFooter } from '../../../shared/parquet/footer.ts';
import { copyPlainValues } from '../../../shared/parquet/plain-values.ts';
import { temporaryFolder } from '../../support/command.ts';
import { writeParquetFile } from '../../support/duckdb.ts';
import { footerOf, readNumbers } from './parquet-file.ts';

const KEY = 'd/f.parquet';
const files: Uint8Array[] = [];
beforeAll(async () => {
  initialiseParquetWasm();
  const folder = temporaryFolder();
  const query = `select case when i % 7 > 0 then i * 0.3 end as d, (i % 9)::float as f, i * i * i as l, (i % 5)::utinyint as few,
    (i / 8)::decimal(9, 3) as m9, (i / 8)::decimal(38, 10) as m38, timestamp '2000-01-01' + to_seconds(i) as t, [i] as list,
    (hash(i) >> 11)::double as plain from range(900) t(i)`;
  for (const codec of ['uncompressed', 'snappy', 'zstd', 'gzip', 'brotli', 'lz4_raw']) {
    const path = join(folder, `${codec}.parquet`);
    await writeParquetFile(path, query, `codec ${codec}, row_group_size 400`);
    files.push(Uint8Array.from(readFileSync(path)));
  }
});

/** The rows read, or the error that says in one line what is wrong with which file. */
function rowsOrRefusal(file: Uint8Array): number | undefined {
  try {
    const { rows } = footerOf(file, KEY);
    for (const [name, { values }] of Object.entries(readNumbers(file, KEY)))
      expect([name, values.length]).toEqual([name, rows]);
    return rows;
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableInputError);
    expect((error as Error).message).toContain(KEY);
    expect((error as Error).message).not.toContain('\n');
    return undefined;
  }
}

/** What the pages' checks refuse is not read. */
function orFalse(isRead: () => boolean): boolean {
  try {
    return isRead();
  } catch {
    return false;
  }
}

const change = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 3 });
const anyFile = fc.nat({ max: 5 });

describe('a damaged file', () => {
  it('is refused wherever it is cut', async () => {
    const [file] = files;
    for (let place = 0; place < 50; place++) {
      const cut = file.slice(0, Math.floor((file.length * place) / 50));
      const store = new MemoryStore();
      await store.write(KEY, cut);
      const { etag } = (await store.head(KEY))!;
      await expect(readFooter(store, KEY, etag, cut.length)).rejects.toThrow(UnreadableInputError);
    }
  });

  it('is read whole or refused, whichever bytes of its footer are changed', () => {
    fc.assert(
      fc.property(anyFile, change, (which, changes) => {
        const file = files[which].slice();
        const { footerBytes } = footerOf(file);
        for (const [place, bits] of changes) file[file.length - 9 - (place % (footerBytes - 8))] ^= bits;
        rowsOrRefusal(file);
      }),
      { numRuns: 500 },
    );
  });

  it('is read whole or refused, whichever bytes of its pages are changed', () => {
    fc.assert(
      fc.property(anyFile, change, (which, changes) => {
        const file = files[which].slice();
        const dataEnd = file.length - footerOf(file).footerBytes;
        for (const [place, bits] of changes) file[4 + (place % (dataEnd - 4))] ^= bits;
        rowsOrRefusal(file);
      }),
      { numRuns: 500 },
    );
  });

  it('is never read without the decoder where that refuses it, nor otherwise', () => {
    fc.assert(
      fc.property(fc.nat({ max: 1 }), change, (which, changes) => {
        const file = files[which].slice();
        const { columns, leaves, rowGroups } = footerOf(file);
        const column = columns.find(({ name }) => name === 'plain')!;
        const chunk = rowGroups[0].chunks[column.leafStart];
        const bytes = file.subarray(chunk.start, chunk.end);
        // of the page's header and levels, and of the values
        for (const [place, bits] of changes) bytes[bits > 64 ? place % 64 : place % bytes.length] ^= bits;
        const leaf = leaves[column.leafStart];
        const { rows } = rowGroups[0];
        const target = new Float64Array(rows);
        const isRead = () =>
          copyPlainValues(chunk, leaf, checkPages(chunk, bytes), bytes, new Uint8Array(target.buffer));
        if (!orFalse(isRead)) return;
        const decoded = decodeColumn(column, leaf, chunk, bytes, rows, KEY);
        const { values, nulls } = toDoubles(decoded, column.numeric!);
        decoded.free();
        expect(nulls).toBe(0);
        expect(Buffer.compare(Buffer.from(values.buffer), Buffer.from(target.buffer))).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes no more memory than its footer says', () => {
    expect(wasmMemory().buffer.byteLength).toBeLessThan(64_000_000);
  });

  it('is the exception: undamaged, each is read whole', () => {
    expect(files.map(rowsOrRefusal)).toEqual(Array(6).fill(900));
  });
});
