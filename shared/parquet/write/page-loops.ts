import { instantiate, reserve } from '../../numeric/wasm-instance.ts';
import pageLoops from '../page-loops.wasm.ts';

/** Values that the loops see together, at most. */
const PAGE_VALUES = 131_072;

/** The functions and the addresses that assembly/page-loops.ts exports; it says what they mean. */
interface Functions {
  extremes32(count: number): void;
  extremes64(count: number): void;
  mark(count: number): void;
  replace(count: number): void;
  pack(count: number, bits: number): void;
}
type Address = 'PAGE' | 'OCCURS' | 'PLACES' | 'EXTREMES' | 'PACKED' | 'END';

/** The page writer's loops, in WebAssembly: what is looked at or packed is copied in, which costs next to nothing. */
class PageLoops {
  readonly #functions;
  readonly #bytes: Uint8Array;
  readonly #floats: Float32Array;
  readonly #doubles: Float64Array;
  readonly #extremes: Float64Array;
  readonly #at: Record<Address, number>;

  constructor() {
    const { functions, at } = instantiate<Functions, Address>(pageLoops);
    reserve(functions.memory, at.END);
    const { buffer } = functions.memory;
    this.#functions = functions;
    this.#at = at;
    this.#bytes = new Uint8Array(buffer);
    this.#floats = new Float32Array(buffer, at.PAGE, PAGE_VALUES + 4);
    this.#doubles = new Float64Array(buffer, at.PAGE, PAGE_VALUES + 2);
    this.#extremes = new Float64Array(buffer, at.EXTREMES, 2);
  }

  /** @see extremesOf */
  extremes(values: Float32Array | Float64Array): { minimum: number; maximum: number } {
    const isFloat = values instanceof Float32Array;
    const page = isFloat ? this.#floats : this.#doubles;
    let [minimum, maximum] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let start = 0; start < values.length; start += PAGE_VALUES) {
      const some = values.subarray(start, start + PAGE_VALUES);
      page.set(some);
      page.fill(some[some.length - 1], some.length, some.length + 3);
      if (isFloat) this.#functions.extremes32(some.length);
      else this.#functions.extremes64(some.length);
      minimum = Math.min(minimum, this.#extremes[0]);
      maximum = Math.max(maximum, this.#extremes[1]);
    }
    return { minimum, maximum };
  }

  /** @see occurring */
  occurring(bytes: Uint8Array): Uint8Array {
    const { OCCURS } = this.#at;
    this.#bytes.fill(0, OCCURS, OCCURS + 256);
    for (let start = 0; start < bytes.length; start += PAGE_VALUES) {
      const some = bytes.subarray(start, start + PAGE_VALUES);
      this.#take(some);
      this.#functions.mark(some.length);
    }
    return this.#bytes.slice(OCCURS, OCCURS + 256);
  }

  /** @see packInto */
  pack(bytes: Uint8Array, places: Uint8Array | undefined, bits: number, target: Uint8Array): void {
    const { PACKED, PLACES } = this.#at;
    if (places) this.#bytes.set(places, PLACES);
    for (let start = 0, to = 0; start < bytes.length; start += PAGE_VALUES) {
      const some = bytes.subarray(start, start + PAGE_VALUES);
      this.#take(some);
      if (places) this.#functions.replace(some.length);
      this.#functions.pack(some.length, bits);
      const length = Math.ceil(some.length / 8) * bits;
      target.set(this.#bytes.subarray(PACKED, PACKED + length), to);
      to += length;
    }
  }

  #take(bytes: Uint8Array): void {
    const { PAGE } = this.#at;
    this.#bytes.set(bytes, PAGE);
    this.#bytes.fill(0, PAGE + bytes.length, PAGE + bytes.length + 16);
  }
}

let loops: PageLoops | undefined;

/** The smallest and the largest of values that are numbers; +Infinity and -Infinity of none. */
export function extremesOf(values: Float32Array | Float64Array): { minimum: number; maximum: number } {
  loops ??= new PageLoops();
  return loops.extremes(values);
}

/** By byte: 1 if it is among those given. */
export function occurring(bytes: Uint8Array): Uint8Array {
  loops ??= new PageLoops();
  return loops.occurring(bytes);
}

/**
 * Pack numbers in groups of eight, least significant bit first, the last group filled with zeros.
 *
 * @param bytes what is packed, if it is below 2^bits
 * @param places what is packed in place of each byte; left out: itself
 * @param target for `bits` bytes a group
 */
export function packInto(target: Uint8Array, bytes: Uint8Array, bits: number, places?: Uint8Array): void {
  loops ??= new PageLoops();
  loops.pack(bytes, places, bits, target);
}
