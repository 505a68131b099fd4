import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../functions/adapters/parquet-wasm.ts';
import { RUN_KINDS } from '../../shared/contract/keys.ts';
import { parquetBytes } from '../support/parquet-bytes.ts';
import { contentsOf, type MemoryStores, runUntil, storesOf } from '../support/stage-run.ts';

const TEXT = 'Agent 4711';
/** one row's, and of no other */
const RARE = 987654.5;
/** beside what JSON writes */
const bytesOf = (value: number) => {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes.toString('latin1');
};

/** Kinds of objects, as SECURITY.md names them. */
const kindOf = (key: string) =>
  key
    .replace(/^table\/[0-9a-f]{16}\//, 'work ')
    .replace(/pass-\d+\//, '')
    .replace(/([/-]).*/, '')
    .replace(/\..*/, '');

describe('what SECURITY.md says of where values are', () => {
  let stores: MemoryStores;
  beforeAll(async () => {
    initialiseParquetWasm();
    const income = `case when i = 7 then ${RARE} else 100 + (hash(i) % 5000) / 7.0 end::double`;
    const name = `case when i = 7 then '${TEXT}' else 'name ' || i end`;
    const file = await parquetBytes(`select ${income} as income, ${name} as name from range(3000) t(i)`);
    stores = storesOf({ 'a.parquet': file });
    await runUntil('audit', stores, { configuration: { partitionBytes: 20_000 } });
    await runUntil('commit', stores, { configuration: { partitionBytes: 20_000 } });
  });

  const kindsThatHold = async (...needles: string[]) => {
    const contents = { ...(await contentsOf(stores.work)), ...(await contentsOf(stores.output)) };
    const found = Object.entries(contents).filter(([, text]) => needles.some((needle) => text.includes(needle)));
    return [...new Set(found.map(([key]) => kindOf(key)))].sort();
  };

  it('text is in the data and nowhere else', async () => {
    expect(await kindsThatHold(TEXT)).toEqual(['data']);
  });

  it('the largest value of a normalized column is in models, metrics and summaries, in no record and no plan', async () => {
    expect(await kindsThatHold(String(RARE), bytesOf(RARE))).toEqual([
      ...['metrics', 'models'],
      ...['work fits', 'work metrics', 'work model', 'work reduced', 'work summaries'],
    ]);
  });

  it('names every kind of object that a run leaves', () => {
    const page = readFileSync(new URL('../../SECURITY.md', import.meta.url), 'utf8');
    for (const kind of [...RUN_KINDS, 'runs', 'current']) expect(page).toContain(`\`${kind}/`);
  });
});
