import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { wasmMemory } from 'parquet-wasm/esm';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { toDoubles } from '../../../shared/parquet/column-values.ts';
import { decodeColumn } from '../../../shared/parquet/decode-column.ts';
import { parseFooter } from '../../../shared/parquet/footer.ts';
import { transformBytesNeeded } from '../../../shared/parquet/budget.ts';
import { writeParquetFile } from '../../support/duckdb.ts';
import { existsSync } from 'node:fs';
beforeAll(() => initialiseParquetWasm());
const footerOf = (file: Uint8Array) => {
  const length = new DataView(file.buffer, file.byteOffset).getUint32(file.length - 8, true);
  return parseFooter(file.subarray(file.length - 8 - length, file.length - 8), file.length, 'f');
};
it('speed', async () => {
  const p = '/tmp/p2/speed.parquet';
  if (!existsSync(p)) await writeParquetFile(p, `select random() as d, (random()*1e15)::bigint as i, (random()*1e9)::integer as i32, random()::float as f, case when random()<0.1 then null else random() end as dn, case when random()<0.1 then null else (random()*1e9)::bigint end as inull, (random()*1e6)::decimal(9,3) as m9, (random()*1e10)::decimal(18,3) as m18, (random()*1e10)::decimal(38,10) as m38, (random()*1e18)::decimal(38,10) as m38b, make_timestamp((1700000000000000+random()*1e14)::bigint) as ts from range(1000000)`, 'row_group_size 1000000');
  const file = readFileSync(p);
  const footer = footerOf(file);
  const lines: string[] = [];
  for (const c of footer.columns) {
    const chunk = footer.rowGroups[0].chunks[c.leafStart];
    const rows = footer.rowGroups[0].rows;
    const bytes = file.subarray(chunk.start, chunk.end);
    let best = [1e9, 1e9];
    for (let r = 0; r < 6; r++) {
      const t0 = performance.now();
      const dec = decodeColumn(c, footer.leaves[c.leafStart], chunk, bytes, rows, 'f');
      const t1 = performance.now();
      toDoubles(dec, c.numeric!);
      const t2 = performance.now();
      dec.free();
      best = [Math.min(best[0], t1 - t0), Math.min(best[1], t2 - t1)];
    }
    lines.push(`${c.name} ${c.typeName} decode ${(best[0] * 1e6 / rows).toFixed(2)} toDoubles ${(best[1] * 1e6 / rows).toFixed(2)} ns/value; need ${transformBytesNeeded(chunk, footer.leaves[c.leafStart], rows) / 1e6 | 0} MB wasm ${wasmMemory().buffer.byteLength / 1e6 | 0}`);
  }
  console.log(rowsOf(footer), lines.join('\n'));
  expect(1).toBe(1);
});
const rowsOf = (f: any) => f.rowGroups.map((g: any) => g.rows).join();
it('wide', async () => {
  const p = '/tmp/p2/wide.parquet';
  if (!existsSync(p)) await writeParquetFile(p, `select ${Array.from({ length: 1500 }, (_, i) => `i * ${i} as c${i}`).join(', ')} from range(204800) t(i)`, 'row_group_size 2048');
  const file = readFileSync(p);
  for (let r = 0; r < 3; r++) { const t = performance.now(); const f = footerOf(file); console.log('wide', f.footerBytes, f.rowGroups.length, (performance.now() - t).toFixed(0), 'ms'); }
  expect(1).toBe(1);
});
