import { wasmMemory } from 'parquet-wasm/esm';
import { beforeAll, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { readJsonLines } from '../../../functions/stage-io.ts';
import { makeTransform } from '../../../functions/transform/transform.ts';
import { outputKeys, workKeys } from '../../../shared/contract/keys.ts';
import { partitionSchema } from '../../../shared/contract/stages.ts';
import { parquetBytes } from '../../support/parquet-bytes.ts';
import { PROBES, runUntil, storesOf } from '../../support/stage-run.ts';

beforeAll(() => initialiseParquetWasm());

it('the decoder of a warm worker needs no more memory for the two hundredth partition than for the tenth, and writes the same bytes', async () => {
  const columns = 'case when i % 9 > 0 then sqrt(i)::double end as x, i * 7 % 1009 as n, ln(1 + i)::float as f';
  const stores = storesOf({ 'a.parquet': await parquetBytes(`select ${columns} from range(20000) t(i)`) });
  const run = await runUntil('fit', stores, { configuration: { maxComponents: 2, fit: 'sample' } });
  const [partition] = await readJsonLines(stores.work, workKeys.plan(run), partitionSchema);
  const transform = makeTransform(stores, PROBES);
  const part = outputKeys.part(run, 0, partition.partition);
  const once = async () => {
    await transform({ ...run, pass: 0, partition });
    const bytes = await stores.output.read(part);
    await stores.work.remove(workKeys.receipt(run, 0, partition.partition));
    await stores.output.remove(part);
    return bytes;
  };
  let first: Uint8Array | undefined;
  for (let i = 0; i < 10; i++) first = await once();
  const { byteLength } = wasmMemory().buffer;
  let last: Uint8Array | undefined;
  for (let i = 10; i < 200; i++) last = await once();
  expect(wasmMemory().buffer.byteLength).toBe(byteLength);
  expect(Buffer.compare(last!, first!)).toBe(0);
});
