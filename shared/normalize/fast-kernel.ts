import type { ColumnModel } from '../contract/model.ts';
import { laterKey, rowWord } from '../numeric/draw.ts';
import { AtomTable } from './atom-table.ts';
import { type ChoiceTable, makeChoiceTable } from './choice-table.ts';
import { type ChooseGaussian, makeChoice } from './choose-gaussian.ts';
import { GaussianTable } from './gaussian-table.ts';
import { boundOf, codeOf, type Kernel, type KernelInput, type KernelOptions, type Pairs, reachOf } from './pairs.ts';

/** Rows whose normalized values are held as doubles before they are stored, so that one loop serves both precisions. */
const BLOCK_ROWS = 1024;
/** In place of a Gaussian's position: the pair needs none. */
const NONE = 100;

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
  /** of a block: the Gaussian's position in the table, 100 for none, 128 and more while that is pending */
  readonly #chosen = new Uint8Array(BLOCK_ROWS);
  readonly #pending = new Int32Array(BLOCK_ROWS + 1);
  /** normalized values of a block */
  readonly #placed = new Float64Array(BLOCK_ROWS);

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
      const pending = this.#chooseBlock(input, from, to);
      this.#settle(input, pairs, from, pending);
      this.#placeBlock(input.values, pairs.components, from, to);
      normalized.set(this.#placed.subarray(0, to - from), from);
    }
    return pairs;
  }

  /**
   * The first tier. What it leaves is listed without a branch, because none could be foreseen.
   *
   * The numbers of CellGrid and ShareTable stand here as literals: a bundle's module constants are looked up each time.
   *
   * @returns how many rows are pending
   */
  #chooseBlock({ values, valid, rowStart, keys }: KernelInput, from: number, to: number): number {
    const { grid, entries, shares } = this.#table;
    const { low, scale, guide } = grid;
    const chosen = this.#chosen;
    const pendingRows = this.#pending;
    const isDrawn = shares !== undefined;
    const k0 = keys.k0;
    const later = laterKey(keys.k1, rowStart + from);
    const firstRow = (rowStart + from) | 0;
    const rows = to - from;
    let pending = 0;
    for (let i = 0; i < rows; i++) {
      const position = (values[from + i] - low) * scale;
      let k = 255;
      if (position >= 0 && position < 0x40000000) {
        const p = position | 0;
        const part = guide[p >>> 22];
        // an inner part has 9 in its low bits, an outer one 0
        const entry = guide[(part >>> 4) + ((p >>> 14) & 0xff & -(part & 1))];
        const cell = (entry >>> 5) + ((p & (0x3fffff >>> (part & 8))) >>> (entry & 31));
        if (isDrawn) {
          const word = rowWord(k0, later, (firstRow + i) | 0);
          k = word === 0 ? 255 : entries[(cell << 6) | (word >>> 26)];
        } else k = entries[cell];
      }
      if (valid[from + i] === 0) k = 100;
      chosen[i] = k;
      pendingRows[pending] = i;
      pending += k >>> 7;
    }
    return pending;
  }

  /** The second tier for the pending rows of a draw, and the plain rule for what is left. */
  #settle(input: KernelInput, pairs: Pairs, from: number, pending: number): void {
    const { grid, shares } = this.#table;
    const { values, rowStart, keys } = input;
    const later = laterKey(keys.k1, rowStart + from);
    const firstRow = (rowStart + from) | 0;
    for (let n = 0; n < pending; n++) {
      const i = this.#pending[n];
      let k = this.#chosen[i];
      if (k !== 255 && shares !== undefined) {
        const position = (values[from + i] - grid.low) * grid.scale;
        k = shares.decide(position, rowWord(keys.k0, later, (firstRow + i) | 0), k);
      }
      this.#chosen[i] = k === 255 ? this.#undecided(input, pairs, from + i) : k;
    }
  }

  #placeBlock(values: Float64Array, components: Int8Array, from: number, to: number): void {
    const { means, standardDeviations, indices } = this.#gaussians;
    const chosen = this.#chosen;
    const placed = this.#placed;
    const reach = this.#reach;
    const rows = to - from;
    for (let i = 0; i < rows; i++) {
      const k = chosen[i];
      placed[i] = 0;
      if (k === 100) continue;
      const x = values[from + i];
      const z = (x - means[k]) / standardDeviations[k] / 4;
      if (Math.abs(z) <= reach) {
        components[from + i] = indices[k];
        placed[i] = z;
      } else placed[i] = this.#placeNearest(x, from + i, components);
    }
  }

  /** The plain rule, but for what follows the choice of a Gaussian. */
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
