// What does the mixture cost a value? The kernel against the plain loop, on one core, in one process.
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { cellAt } from '../shared/normalize/cell-grid.ts';
import { makeChoiceTable } from '../shared/normalize/choice-table.ts';
import { ErrorMetrics } from '../shared/normalize/error-metrics.ts';
import { makeFastKernel } from '../shared/normalize/fast-kernel.ts';
import { GaussianTable } from '../shared/normalize/gaussian-table.ts';
import { PairBuffers } from '../shared/normalize/pair-buffers.ts';
import type { Kernel, KernelInput, KernelOptions } from '../shared/normalize/pairs.ts';
import { makePlainKernel } from '../shared/normalize/plain-kernel.ts';
import { laterKey, rowWord } from '../shared/numeric/draw.ts';
import { SummaryBuilder } from '../shared/summary/summary-builder.ts';
import { zoomsOf } from '../shared/summary/zooms.ts';
import { type KernelColumn, type Kind, kernelColumn, type Shape } from './kernel-columns.ts';

const SHAPES: Shape[] = ['separated', 'overlapping', 'heavy tail'];
const KINDS: Kind[] = ['double', 'int64'];
const COUNTS = [3, 10, 50];
const CHOICES = ['sample', 'argmax'] as const;
/** Rows of a call, and how often they are done: the best of short runs is what an idle core would take. */
const ROWS = 1 << 16;
const REPEATS = 60;
const KEYS = { k0: 123456789, k1: 987654321 };

/** ns a value: pairs alone; with metrics; summary; the same of the plain loop; what the tables leave open. */
export async function benchKernel(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { differences: { type: 'string' } } });
  if (values.differences !== undefined) return countDifferences(Number(values.differences));
  process.stdout.write(
    `${cpus()[0].model.trim()}, Node ${process.version}; CPU time of one thread, best of ${REPEATS} x ${ROWS} rows; ns a value\n\n` +
      '| mixture | K | values | choice | pairs | with metrics | summary | all | plain pairs | plain, all | times | open |\n' +
      '|---|---|---|---|---|---|---|---|---|---|---|---|\n',
  );
  for (const choose of CHOICES)
    for (const kind of KINDS)
      for (const shape of SHAPES) for (const count of COUNTS) process.stdout.write(rowOf(shape, count, kind, choose));
}

function rowOf(shape: Shape, count: number, kind: Kind, choose: KernelOptions['choose']): string {
  const options = optionsOf(choose);
  const column = kernelColumn(shape, count, kind, ROWS);
  const input = inputOf(column.values, 0);
  const fast = measure(column, makeFastKernel(column.model, options, new PairBuffers())!, input, REPEATS);
  const plain = measure(column, makePlainKernel(column.model, options), input, REPEATS / 4);
  const all = fast.measured + fast.summary;
  const plainAll = plain.measured + fast.summary;
  const figures = [fast.pairs, fast.measured, fast.summary, all, plain.pairs, plainAll, plainAll / all];
  const open = openShare(column, options);
  const cells = [shape, count, kind, choose, ...figures.map((figure) => figure.toFixed(1)), percent(open)];
  return `| ${cells.join(' | ')} |\n`;
}

/** Nanoseconds a value of each step, the least of all repeats. */
function measure({ model, values }: KernelColumn, kernel: Kernel, input: KernelInput, repeats: number) {
  const least = { pairs: Infinity, measured: Infinity, summary: Infinity };
  const time = (step: keyof typeof least, action: () => unknown): void => {
    const start = process.cpuUsage();
    action();
    const { user, system } = process.cpuUsage(start);
    least[step] = Math.min(least[step], ((user + system) * 1000) / values.length);
  };
  const metrics = new ErrorMetrics(model, 0.99);
  const summary = new SummaryBuilder({
    centre: model.centre,
    zooms: zoomsOf(model.centre, model.components, model.resolution),
    decimals: model.decimals === null ? { floatBits: 64 } : { fixed: model.decimals },
  });
  for (let i = 0; i < repeats; i++) {
    time('pairs', () => kernel(input));
    time('measured', () => kernel(input, metrics));
    time('summary', () => summary.add(input.values, input.valid, 0));
  }
  return least;
}

/** The share of values that the first look into the tables leaves open. */
function openShare({ model, values }: KernelColumn, options: KernelOptions): number {
  const { grid, entries, shares } = makeChoiceTable(new GaussianTable(model.components), new Float64Array(), options)!;
  let open = 0;
  for (const [row, x] of values.entries()) {
    const position = (x - grid.low) * grid.scale;
    if (!(position >= 0 && position < 2 ** 30)) continue;
    const cell = cellAt(grid, position);
    const word = rowWord(KEYS.k0, laterKey(KEYS.k1, row), row);
    if (entries[shares ? (cell << 6) | (word >>> 26) : cell] >= 128) open++;
  }
  return open / values.length;
}

/** Compare both kernels on so many values of each kind. */
function countDifferences(wanted: number): void {
  let isEqual = true;
  for (const choose of CHOICES)
    for (const kind of KINDS)
      for (const shape of SHAPES) {
        const differences = differencesOf(shape, kind, choose, wanted);
        isEqual &&= differences === 0;
        process.stdout.write(`${shape}, ${kind}, ${choose}: ${differences} differences in ${wanted} values\n`);
      }
  if (!isEqual) process.exitCode = 1;
}

function differencesOf(shape: Shape, kind: Kind, choose: KernelOptions['choose'], wanted: number): number {
  const { model } = kernelColumn(shape, 10, kind, 0);
  const plain = makePlainKernel(model, optionsOf(choose));
  const fast = makeFastKernel(model, optionsOf(choose))!;
  let differences = 0;
  for (let done = 0; done < wanted; done += ROWS) {
    const rows = Math.min(ROWS, wanted - done);
    const input = inputOf(kernelColumn(shape, 10, kind, rows, done).values, done);
    const [a, b] = [plain(input), fast(input)];
    for (let row = 0; row < rows; row++)
      if (a.components[row] !== b.components[row] || a.normalized[row] !== b.normalized[row]) differences++;
  }
  return differences;
}

const optionsOf = (choose: KernelOptions['choose']): KernelOptions => ({ choose, clip: 0.99, preset: 'modemap' });

const inputOf = (values: Float64Array, rowStart: number): KernelInput => ({
  values,
  valid: new Uint8Array(values.length).fill(1),
  rowStart,
  keys: KEYS,
});

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;
