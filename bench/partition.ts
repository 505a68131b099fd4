// What does one partition take in a process like a Lambda environment, at first and once it is warm?
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { wasmMemory } from 'parquet-wasm/esm';
import { LocalStore } from '../functions/adapters/local-store.ts';
import { offerParquetWasm } from '../functions/adapters/parquet-wasm.ts';
import { makeCollect } from '../functions/collect/collect.ts';
import { makeFit } from '../functions/fit/fit.ts';
import { makePlan } from '../functions/plan/plan.ts';
import { readJsonLines } from '../functions/stage-io.ts';
import { makeFreezeInputs } from '../functions/start/freeze-inputs.ts';
import { makeTransform } from '../functions/transform/transform.ts';
import { outputKeys, type RunReference, workKeys } from '../shared/contract/keys.ts';
import { type Partition, partitionSchema } from '../shared/contract/stages.ts';
import type { Stores } from '../shared/store/object-store.ts';
import { DATA } from './paths.ts';
import { machine, tableOf } from './whole-run.ts';

const DECODED_BYTES = 128_000_000;

/**
 * A partition of 128 MB of 4 and of 20 doubles, in a process held to one core; then one of 1 MB, a thousand times.
 *
 * `-- partition run FOLDER TIMES` is what that process does.
 */
export async function benchPartition([mode, folder, times = '5']: string[]): Promise<void> {
  if (mode === 'run') return transformAgainAndAgain(folder, Number(times));
  process.stdout.write(`${machine()}, one core\n\n`);
  const again = Number(mode ?? 1000);
  for (const [columns, bytes, repeats] of [
    [4, DECODED_BYTES, 5],
    [20, DECODED_BYTES, 5],
    [4, 1_000_000, again],
  ]) {
    const out = await prepare(columns, bytes);
    process.stdout.write(`${columns} doubles, ${bytes / 1e6} MB\n`);
    execFileSync('taskset', ['-c', '0', process.execPath, process.argv[1], 'partition', 'run', out, String(repeats)], {
      stdio: 'inherit',
    });
    rmSync(out, { recursive: true });
  }
}

const storesOf = (out: string): Stores => ({
  input: new LocalStore(`${out}/input`),
  work: new LocalStore(`${out}/work`),
  output: new LocalStore(`${out}/output`),
});

/** A table of one partition, planned and fitted. */
async function prepare(columns: number, bytes: number): Promise<string> {
  offerParquetWasm();
  const out = `${DATA}partition`;
  rmSync(out, { recursive: true, force: true });
  const rows = Math.floor(bytes / 8 / columns);
  const select = Array.from({ length: columns }, (_, i) => `(hash(i * 20 + ${i}) % 1000003) / 8.0 as c${i}`);
  await tableOf('partition/input/table', `select ${select.join(', ')} from range(${rows}) t(i)`, 122_880);
  const stores = storesOf(out);
  const frozen = { dataset: 'table', root: '', order: new Date().toISOString(), memoryBytes: 1769 * 2 ** 20 };
  const configuration = JSON.stringify({ partitionBytes: 4 * DECODED_BYTES, fit: 'sample' });
  const { datasetId, runId } = await makeFreezeInputs(stores)({ ...frozen, configuration });
  const run = { datasetId, runId };
  const { fitGroups } = await makePlan(stores)(run);
  for (const group of fitGroups) await makeFit(stores)({ ...run, pass: 0, group });
  await makeCollect(stores)({ ...run, pass: 0 });
  return out;
}

async function transformAgainAndAgain(out: string, times: number): Promise<void> {
  const start = performance.now();
  offerParquetWasm();
  const stores = storesOf(out);
  const { run, partition } = await findRun(stores);
  const peakMemoryBytes = () => process.resourceUsage().maxRSS * 1024;
  const transform = makeTransform(stores, { now: () => performance.now() / 1000, peakMemoryBytes });
  const seconds: number[] = [];
  for (let i = 1; i <= times; i++) {
    const began = i === 1 ? start : performance.now();
    await transform({ ...run, pass: 0, partition });
    seconds.push((performance.now() - began) / 1000);
    if (i === 1 || i === times || Math.log10(i) % 1 === 0) {
      const [wasm, peak] = [wasmMemory().buffer.byteLength, peakMemoryBytes()].map((bytes) => (bytes / 1e6).toFixed(0));
      process.stdout.write(`  after ${i}: ${seconds.at(-1)?.toFixed(2)} s, wasm ${wasm} MB, peak ${peak} MB\n`);
    }
    await stores.work.remove(workKeys.receipt(run, 0, partition.partition));
    await stores.output.remove(outputKeys.part(run, 0, partition.partition));
  }
}

async function findRun({ work }: Stores): Promise<{ run: RunReference; partition: Partition }> {
  for await (const { key } of work.list('')) {
    const [datasetId, runId, name] = key.split('/');
    const run = { datasetId, runId };
    if (name !== 'plan.jsonl') continue;
    const [partition] = await readJsonLines(work, workKeys.plan(run), partitionSchema);
    return { run, partition };
  }
  throw new Error('the run must have been planned');
}
