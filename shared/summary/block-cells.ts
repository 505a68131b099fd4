import { instantiate, reserve } from '../numeric/wasm-instance.ts';
import blockCells from './block-cells.wasm.ts';
import { blankCells, type SummaryCells } from './summary-cells.ts';
import { coveredKeys, halfway, type Zoom } from './zooms.ts';

/** The functions and the addresses that assembly/block-cells.ts exports; it says what they mean. */
interface Functions {
  clear(): void;
  used(): number;
  open(centre: number, zooms: number): number;
  cover(column: number, key: number, zoom: number): void;
  gather(rows: number): number;
  add(column: number, start: number, end: number): void;
  inOrder(column: number, zooms: number): number;
}
type Address = 'RAW' | 'VALID' | 'FINITE' | 'EXTREMES' | 'ZOOM_CENTRES' | 'ZOOM_STARTS' | 'HEAP' | 'MOST_ROWS';

/** Columns move out when their cells take more than this: a normal distribution of a million rows takes about 1 MB. */
const MOST_BYTES = 32 << 20;
/** Rows that pass together, at most. */
export const BLOCK_ROWS = 1024;

/** Cells of a column that take rows. */
export interface OpenCells {
  /** its address */
  readonly column: number;
  readonly zooms: number;
  rows: number;
  isOpen: boolean;
  readonly takeOver: (cells: SummaryCells) => void;
}

/**
 * A summary's loops over a block of rows, in WebAssembly: no bounds to check, and the bits of a double at hand. Cells
 * are built there too, and handed over in order. One a thread, for all columns in turn.
 */
export class BlockCells {
  readonly #functions;
  readonly #at;
  #raw!: Float64Array;
  #valid!: Uint8Array;
  #extremes!: Float64Array;
  /** the finite values gathered last, -0 as 0 */
  finite!: Float64Array;
  #buffer: ArrayBuffer | undefined;
  readonly #open = new Set<OpenCells>();

  constructor() {
    const { functions, at } = instantiate<Functions, Address>(blockCells);
    this.#functions = functions;
    this.#at = at;
    reserve(functions.memory, at.HEAP);
    this.#look();
  }

  /** The least and the largest of the values gathered last; +Infinity and -Infinity where there is none. */
  get minimum(): number {
    return Math.min(this.#extremes[0], this.#extremes[1]);
  }
  get maximum(): number {
    return Math.max(this.#extremes[2], this.#extremes[3]);
  }

  /**
   * Take a block's finite values.
   *
   * @param from the first row, and `to` the one after the last; at most {@link BLOCK_ROWS}
   * @returns how many there are in {@link finite}
   */
  gather(values: Float64Array, valid: Uint8Array, from: number, to: number): number {
    this.#look();
    const rows = to - from;
    this.#raw.set(values.subarray(from, to));
    this.#valid.set(valid.subarray(from, to));
    if (rows === BLOCK_ROWS) return this.#functions.gather(rows);
    // lanes behind the last row see it too
    this.#raw.fill(values[to - 1], rows);
    this.#valid.fill(1, rows);
    return this.#functions.gather(rows);
  }

  /**
   * Begin cells of a column.
   *
   * @param takeOver is given them where they have to end before they are closed: rows or memory are as many as there can be
   */
  open(centre: number, zooms: readonly Zoom[], takeOver: (cells: SummaryCells) => void): OpenCells {
    // of columns that are done nothing is kept
    if (this.#open.size === 0 || this.#functions.used() > MOST_BYTES) this.#closeAll();
    const column = this.#functions.open(centre, zooms.length);
    const { buffer } = this.#functions.memory;
    const centres = new Float64Array(buffer, column + this.#at.ZOOM_CENTRES, zooms.length);
    const starts = new Float64Array(buffer, column + this.#at.ZOOM_STARTS, zooms.length + 1).fill(Number.NaN);
    for (const [i, zoom] of zooms.entries()) {
      centres[i] = zoom.centre;
      if (i > 0 && zooms[i - 1].from === zoom.from) starts[i] = halfway(zooms[i - 1].centre, zoom.centre);
    }
    for (let i = zooms.length - 1; i >= 0; i--)
      for (const key of coveredKeys(zooms[i])) this.#functions.cover(column, key, i);
    const opened = { column, zooms: zooms.length, rows: 0, isOpen: true, takeOver };
    this.#open.add(opened);
    return opened;
  }

  /** Add some of the {@link finite} values gathered last; the cells are closed where they hold as many rows as they can. */
  add(cells: OpenCells, start: number, end: number): void {
    this.#functions.add(cells.column, start, end);
    cells.rows += end - start;
    if (cells.rows > this.#at.MOST_ROWS - BLOCK_ROWS) cells.takeOver(this.close(cells));
  }

  /** End cells that are open. */
  close(cells: OpenCells): SummaryCells {
    cells.isOpen = false;
    this.#open.delete(cells);
    return this.#take(this.#functions.inOrder(cells.column, cells.zooms));
  }

  #closeAll(): void {
    for (const cells of this.#open) cells.takeOver(this.close(cells));
    this.#functions.clear();
  }

  #take(first: number): SummaryCells {
    const { buffer } = this.#functions.memory;
    const words = new Uint32Array(buffer);
    const doubles = new Float64Array(buffer);
    let length = 0;
    for (let cell = first; cell !== 0; cell = words[cell / 4 + 7]) length++;
    const cells = blankCells(length);
    for (let cell = first, i = 0; cell !== 0; cell = words[cell / 4 + 7], i++) {
      const word = cell / 4;
      // count << 41 | sum of offsets
      cells.counts[i] = words[word + 1] >>> 9;
      cells.sumsLow[i] = (words[word + 1] & 0x1ff) * 2 ** 32 + words[word];
      // in limbs of 52 bits
      cells.squaresHigh[i] = words[word + 3] >>> 20;
      cells.squaresLow[i] = (words[word + 3] & 0xfffff) * 2 ** 32 + words[word + 2];
      cells.values[i] = doubles[word / 2 + 2];
      cells.keys[i] = words[word + 6];
    }
    return cells;
  }

  /** Memory that has grown has another buffer. */
  #look(): void {
    const { buffer } = this.#functions.memory;
    if (buffer === this.#buffer) return;
    this.#buffer = buffer;
    this.#raw = new Float64Array(buffer, this.#at.RAW, BLOCK_ROWS);
    this.#valid = new Uint8Array(buffer, this.#at.VALID, BLOCK_ROWS);
    this.#extremes = new Float64Array(buffer, this.#at.EXTREMES, 4);
    this.finite = new Float64Array(buffer, this.#at.FINITE, BLOCK_ROWS);
  }
}
