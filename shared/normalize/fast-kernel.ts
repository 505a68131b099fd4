import type { ColumnModel } from '../contract/model.ts';
import { laterKey, rowWord } from '../numeric/draw.ts';
import { AtomTable } from './atom-table.ts';
import { type ChoiceTable, makeChoiceTable } from './choice-table.ts';
import { type ChooseGaussian, makeChoice } from './choose-gaussian.ts';
import { GaussianTable } from './gaussian-table.ts';
import { boundOf, codeOf, type Kernel, type KernelInput, type KernelOptions, type Pairs, reachOf } from './pairs.ts';

/** Rows whose normalized values are held as doubles before they are stored, so that one loop serves both precisions. */
const BLOCK_ROWS = 1024;
/** In place of a Gaussian: the pair needs none. */
const NONE = -1;

/**
 * The kernel of the default preset for many rows: the same pairs as the plain one, from tables made of the model alone.
 *
 * @returns undefined where tables would say nothing: for mixtures at the edge of the doubles
 */
export function makeFastKernel(column: ColumnModel, options: KernelOptions): Kernel | undefined {
  const gaussians = new GaussianTable(column.components);
  const atoms = new AtomTable(column.components);
  const table = makeChoiceTable(gaussians, atoms.values, options);
  if (!table) return undefined;
  const kernel = new FastKernel(column, options, gaussians, atoms, table);
  return (input) => kernel.apply(input);
}

class FastKernel {
  readonly #gaussians: GaussianTable;
  readonly #atoms: AtomTable;
  readonly #table: ChoiceTable;
  readonly #choose: ChooseGaussian;
  readonly #precision: 'float32' | 'float64';
  readonly #reach: number;
  readonly #bound: number;
  readonly #block = new Float64Array(BLOCK_ROWS);

  constructor(
    { precision }: ColumnModel,
    options: KernelOptions,
    gaussians: GaussianTable,
    atoms: AtomTable,
    table: ChoiceTable,
  ) {
    this.#gaussians = gaussians;
    this.#atoms = atoms;
    this.#table = table;
    this.#choose = makeChoice(gaussians, options.choose);
    this.#precision = precision;
    this.#reach = reachOf(options);
    this.#bound = boundOf(options.clip, precision);
  }

  apply(input: KernelInput): Pairs {
    const rows = input.valid.length;
    const normalized = this.#precision === 'float64' ? new Float64Array(rows) : new Float32Array(rows);
    const pairs: Pairs = { normalized, normalizedValid: input.valid.slice(), components: new Int8Array(rows) };
    for (let from = 0, to = 0; from < rows; from = to) {
      // all rows of a block have the same row / 2^32
      to = Math.min(rows, from + BLOCK_ROWS, from + 2 ** 32 - ((input.rowStart + from) >>> 0));
      this.#applyBlock(input, pairs, from, to);
      normalized.set(this.#block.subarray(0, to - from), from);
    }
    return pairs;
  }

  /**
   * Numbers of {@link CellGrid} and {@link ShareTable} stand here as literals, because a bundle's module constants are
   * looked up each time.
   */
  #applyBlock(input: KernelInput, pairs: Pairs, from: number, to: number): void {
    const { values, valid, rowStart, keys } = input;
    const { components } = pairs;
    const { means, standardDeviations, indices } = this.#gaussians;
    const { grid, entries, shares } = this.#table;
    const { low, scale, guide } = grid;
    const block = this.#block;
    const reach = this.#reach;
    const k0 = keys.k0;
    const later = laterKey(keys.k1, rowStart + from);
    const firstRow = (rowStart + from) | 0;
    for (let i = 0; i < to - from; i++) {
      const row = from + i;
      block[i] = 0;
      if (valid[row] === 0) continue;
      const x = values[row];
      const position = (x - low) * scale;
      let k = 255;
      if (position >= 0 && position < 0x40000000) {
        const p = position | 0;
        let entry = guide[p >>> 22];
        let rest = p & 0x3fffff;
        if (entry < 0) {
          entry = guide[(rest >>> 14) - entry];
          rest &= 0x3fff;
        }
        const cell = (entry >>> 5) + (rest >>> (entry & 31));
        if (shares === undefined) k = entries[cell];
        else {
          const word = rowWord(k0, later, (firstRow + i) | 0);
          k = entries[(cell << 6) | (word >>> 26)];
          if (k >= 100) k = shares.decide(cell, position, word, k);
          else if (word === 0) k = 255;
        }
      }
      if (k === 255) {
        k = this.#undecided(input, pairs, row);
        if (k < 0) continue;
      }
      const z = (x - means[k]) / standardDeviations[k] / 4;
      if (Math.abs(z) <= reach) {
        components[row] = indices[k];
        block[i] = z;
      } else block[i] = this.#placeNearest(x, row, components);
    }
  }

  /** The plain rule. */
  #undecided({ values, rowStart, keys }: KernelInput, { normalizedValid, components }: Pairs, row: number): number {
    const x = values[row];
    if (x - x !== 0) {
      components[row] = codeOf(x);
      normalizedValid[row] = 0;
      return NONE;
    }
    const atom = this.#atoms.find(x);
    if (atom < 0) return this.#choose(x, keys, rowStart + row);
    components[row] = atom;
    return NONE;
  }

  /** @returns the normalized value in the nearest Gaussian, clipped */
  #placeNearest(x: number, row: number, components: Int8Array): number {
    const { means, standardDeviations, indices } = this.#gaussians;
    const k = this.#gaussians.nearest(x);
    components[row] = indices[k];
    return Math.min(this.#bound, Math.max(-this.#bound, (x - means[k]) / standardDeviations[k] / 4));
  }
}
