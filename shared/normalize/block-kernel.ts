import type { ColumnModel } from '../contract/model.ts';
import { type DrawKeys, laterKey } from '../numeric/draw.ts';
import { instantiate, reserve, type WasmInstance } from '../numeric/wasm-instance.ts';
import { AtomTable } from './atom-table.ts';
import blockKernel from './block-kernel.wasm.ts';
import { type ChoiceTable, makeChoiceTable } from './choice-table.ts';
import { type ChooseGaussian, makeChoice } from './choose-gaussian.ts';
import { BLOCK_ROWS, type MeasuredBlock } from './error-metrics.ts';
import { GaussianTable } from './gaussian-table.ts';
import { boundOf, type KernelOptions, nearOf, reachOf } from './pairs.ts';

/** What the loops need to know of a column. */
export interface BlockColumn {
  model: ColumnModel;
  options: KernelOptions;
  gaussians: GaussianTable;
  atoms: AtomTable;
  table: ChoiceTable;
  choose: ChooseGaussian;
}

/**
 * The tables of a column, made of its model alone.
 *
 * @returns undefined where tables would say nothing: for mixtures at the edge of the doubles
 */
export function blockColumnOf(model: ColumnModel, options: KernelOptions): BlockColumn | undefined {
  const gaussians = new GaussianTable(model.components);
  const atoms = new AtomTable(model.components);
  const table = makeChoiceTable(gaussians, atoms.values, options);
  return table && { model, options, gaussians, atoms, table, choose: makeChoice(gaussians, options.choose) };
}

/** The functions and the addresses that assembly/block-kernel.ts exports; it says what they mean. */
interface Functions {
  setColumn(...numbers: number[]): void;
  apply(rows: number, key: number, later: number): number;
  spread(rows: number, finite: number): void;
  sum(finite: number): number;
}
type Address =
  | 'RAW'
  | 'VALID'
  | 'FINITE'
  | 'CODES'
  | 'NORMALIZED'
  | 'ERRORS'
  | 'FAR'
  | 'SUMS'
  | 'COUNTS'
  | 'COMPONENTS'
  | 'IS_ATOM'
  | 'ATOM_OF_CELL'
  | 'ATOMS'
  | 'ATOM_CODES'
  | 'CODE_OF_POSITION'
  | 'GUIDE'
  | 'STARTS'
  | 'LINE_STARTS'
  | 'FIRST'
  | 'LAST'
  | 'ENTRIES'
  | 'LINES';

const NOTHING = new Int32Array();
/** Components are at most so many. */
const CODES = 128;

/**
 * The kernel's loops over a block of rows, in WebAssembly: no bounds to check, four draws or two values at a time. One
 * a thread, for all columns in turn.
 */
export class BlockKernel {
  readonly #functions: WasmInstance<Functions, Address>['functions'];
  readonly #at: Record<Address, number>;
  #column: BlockColumn | undefined;
  #keys: DrawKeys = { k0: 0, k1: 0 };
  #firstRow = 0;
  /** where the block goes in */
  #raw!: Float64Array;
  #valid!: Uint8Array;
  /** what comes out, by row: the number of the component, or 0 */
  codes!: Uint8Array;
  /** by row, or 0 */
  normalized!: Float32Array | Float64Array;
  #finite!: Float64Array;
  #errors!: Float64Array;
  #sums!: Float64Array;
  #far!: Int32Array;
  #counts!: Uint32Array;

  constructor() {
    const { functions, at } = instantiate<Functions, Address>(blockKernel, {
      choose: { undecided: (x: number, row: number) => this.#undecided(x, row) },
      place: { nearest: (x: number) => this.#nearest(x) },
    });
    this.#functions = functions;
    this.#at = at;
    reserve(functions.memory, at.LINES);
    this.#look();
  }

  /** Go over to a column; free of charge if it is the one of the last call. */
  load(column: BlockColumn): void {
    if (this.#column === column) return;
    const { gaussians, atoms, table, options, model } = column;
    const { grid, shares, entries, atomOfCell } = table;
    const { memory } = this.#functions;
    if (reserve(memory, this.#at.LINES + (shares?.lines.byteLength ?? 0))) this.#look();
    const at = this.#at;
    const bytes = (address: number, length: number) => new Uint8Array(memory.buffer, address, length);
    const doubles = (address: number, length: number) => new Float64Array(memory.buffer, address, length);
    const integers = (address: number, length: number) => new Int32Array(memory.buffer, address, length);
    integers(at.GUIDE, grid.guide.length).set(grid.guide);
    doubles(at.STARTS, grid.starts.length).set(grid.starts);
    // settled entries become numbers of components
    const { indices } = gaussians;
    const settled = bytes(at.ENTRIES, entries.length);
    for (let i = 0; i < entries.length; i++) settled[i] = entries[i] < CODES ? indices[entries[i]] : entries[i];
    bytes(at.CODE_OF_POSITION, indices.length).set(indices);
    if (shares) {
      integers(at.LINE_STARTS, shares.lineStarts.length).set(shares.lineStarts);
      bytes(at.FIRST, shares.first.length).set(shares.first);
      bytes(at.LAST, shares.last.length).set(shares.last);
      new Float32Array(memory.buffer, at.LINES, shares.lines.length).set(shares.lines);
    }
    bytes(at.ATOM_OF_CELL, atomOfCell.length).set(atomOfCell);
    doubles(at.ATOMS, atoms.values.length + 1).set([Number.NaN, ...atoms.values]);
    bytes(at.ATOM_CODES, atoms.values.length + 1).set([0, ...atoms.indices]);
    bytes(at.IS_ATOM, CODES).fill(0);
    for (const index of atoms.indices) bytes(at.IS_ATOM, CODES)[index] = 1;
    const components = doubles(at.COMPONENTS, 2 * CODES);
    for (const [index, { kind, mean, standardDeviation }] of model.components.entries()) {
      components[2 * index] = mean;
      components[2 * index + 1] = kind === 'atom' ? 1 : standardDeviation;
    }
    const isDouble = model.precision === 'float64';
    this.#functions.setColumn(
      grid.low,
      grid.scale,
      reachOf(options),
      boundOf(options.clip, model.precision),
      nearOf(options.clip, model.precision),
      model.decimals === null ? 0 : Number(`1e${model.decimals}`),
      Number(shares !== undefined),
      Number(isDouble),
      Number(model.physicalType === 'FLOAT'),
      Number(atoms.values.length > 0),
    );
    const Normalized = isDouble ? Float64Array : Float32Array;
    this.normalized = new Normalized(memory.buffer, at.NORMALIZED, BLOCK_ROWS);
    this.#column = column;
  }

  /**
   * Apply the column's model to a block.
   *
   * @param from the first row in the arrays, and `to` the one after the last; at most {@link BLOCK_ROWS}
   * @param firstRow its number in the object; all rows of a block have the same row / 2^32
   * @returns how many values are finite
   */
  apply(values: Float64Array, valid: Uint8Array, from: number, to: number, firstRow: number, keys: DrawKeys): number {
    const rows = to - from;
    this.#keys = keys;
    this.#firstRow = firstRow;
    this.#raw.set(values.subarray(from, to));
    // lanes behind the block are looked at
    if (rows < BLOCK_ROWS) this.#valid.fill(1, rows);
    if (rows < BLOCK_ROWS) this.#raw.fill(0, rows);
    this.#valid.set(valid.subarray(from, to));
    const finite = this.#functions.apply(rows, ((firstRow | 0) + keys.k0) | 0, laterKey(keys.k1, firstRow));
    return finite;
  }

  /** After {@link apply} and before results are read by row, unless all of them are finite. */
  spread(rows: number, finite: number): void {
    this.#functions.spread(rows, finite);
  }

  /** Sum up the full block just applied, before it is spread; valid until the next one. */
  measure(finite: number, nulls: number): MeasuredBlock {
    const listed = this.#functions.sum(finite);
    const [absolute, squared, differences, squares, ...extremes] = this.#sums;
    return {
      nulls,
      values: finite === BLOCK_ROWS ? this.#finite : this.#finite.subarray(0, finite),
      errors: this.#errors,
      sums: {
        absolute,
        squared,
        differences,
        squares,
        largest: Math.max(extremes[0], extremes[1]),
        minimum: Math.min(extremes[2], extremes[3]),
        maximum: Math.max(extremes[4], extremes[5]),
      },
      counts: this.#counts,
      far: listed === 0 ? NOTHING : this.#far.subarray(0, listed),
      components: this.codes,
    };
  }

  #undecided(x: number, row: number): number {
    const { atoms, gaussians, choose } = this.#column!;
    const atom = atoms.find(x);
    return atom >= 0 ? atom : gaussians.indices[choose(x, this.#keys, this.#firstRow + row)];
  }

  #nearest(x: number): number {
    const { atoms, gaussians } = this.#column!;
    const atom = atoms.find(x);
    return atom >= 0 ? atom : gaussians.indices[gaussians.nearest(x)];
  }

  #look(): void {
    const { buffer } = this.#functions.memory;
    const at = this.#at;
    this.#raw = new Float64Array(buffer, at.RAW, BLOCK_ROWS);
    this.#valid = new Uint8Array(buffer, at.VALID, BLOCK_ROWS);
    this.codes = new Uint8Array(buffer, at.CODES, BLOCK_ROWS);
    this.#finite = new Float64Array(buffer, at.FINITE, BLOCK_ROWS);
    this.#errors = new Float64Array(buffer, at.ERRORS, BLOCK_ROWS);
    this.#sums = new Float64Array(buffer, at.SUMS, 10);
    this.#far = new Int32Array(buffer, at.FAR, BLOCK_ROWS);
    this.#counts = new Uint32Array(buffer, at.COUNTS, CODES);
  }
}
