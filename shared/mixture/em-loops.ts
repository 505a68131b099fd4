import { EXP_TABLE, expShare, NEGLIGIBLE_LOG } from '../numeric/exp-share.ts';
import { instantiate, reserve } from '../numeric/wasm-instance.ts';
import emLoopsModule from './em-loops.wasm.ts';
import type { FitData } from './fit-data.ts';
import { REACH } from './unit.ts';

/** The functions and the addresses that assembly/em-loops.ts exports; it says what they mean. */
interface Functions {
  setBins(bins: number, farthest: number): void;
  iterate(components: number, offset: number, isTrial: number): void;
}
type Address = 'EXP_TABLE' | 'CENTRE' | 'CONSTANT' | 'HALF_PRECISION' | 'ATOM_BIN' | 'MOMENTS' | 'BINS';

/** What a row counts, in nats, that no Gaussian reaches and no atom holds. */
const OUT_OF_REACH = -1e6;
/** Components that move, at most; one more than a model may have. */
const MOST_COMPONENTS = 128;
/** Arrays by bin: count, mean, variance, what is fixed, largest term, sum. */
const ARRAYS = 6;

/**
 * Iterations of expectation-maximization over bins, in WebAssembly, two bins at a time: what some components get of the
 * rows beside a density that does not move. One a thread, for all fits in turn.
 */
export class EmLoops {
  readonly #functions;
  readonly #at;
  #data: FitData | undefined;
  #largest = new Float64Array();
  #sum = new Float64Array();
  /** by bin: ln of the density that does not move */
  fixed = new Float64Array();
  /** by component that moves: where it is, ln w - ln(2 pi v) / 2, 1 / 2v, and the bin of an atom or -1 */
  centre = new Float64Array();
  constant = new Float64Array();
  halfPrecision = new Float64Array();
  atomBin = new Float64Array();
  /** [components][4]: its responsibilities in rows, their first and second moment about its centre */
  moments = new Float64Array();

  constructor() {
    const { functions, at } = instantiate<Functions, Address>(emLoopsModule);
    this.#functions = functions;
    this.#at = at;
  }

  /** Go over to the bins of a fit; free of charge if they are those of the last call. */
  load(data: FitData): void {
    if (this.#data === data) return;
    this.#data = data;
    const { length, count, mean, variance } = data;
    const stride = (length + 1) & -2;
    const { memory } = this.#functions;
    const at = this.#at;
    reserve(memory, at.BINS + 8 * ARRAYS * stride);
    const array = (address: number, numbers: number) => new Float64Array(memory.buffer, address, numbers);
    const ofBins = (i: number) => array(at.BINS + 8 * i * stride, stride);
    array(at.EXP_TABLE, EXP_TABLE.length).set(EXP_TABLE);
    for (const [i, numbers] of [count, mean, variance].entries()) {
      ofBins(i).set(numbers);
      // an odd one's neighbour is like it, without rows
      if (stride > length) ofBins(i)[length] = i === 0 ? 0 : numbers[length - 1];
    }
    this.fixed = ofBins(3);
    this.#largest = ofBins(4);
    this.#sum = ofBins(5);
    this.centre = array(at.CENTRE, MOST_COMPONENTS);
    this.constant = array(at.CONSTANT, MOST_COMPONENTS);
    this.halfPrecision = array(at.HALF_PRECISION, MOST_COMPONENTS);
    this.atomBin = array(at.ATOM_BIN, MOST_COMPONENTS);
    this.moments = array(at.MOMENTS, 4 * MOST_COMPONENTS);
    this.#functions.setBins(length, REACH);
  }

  /**
   * One E-step of the components set; {@link moments} are what they get of the rows.
   *
   * @param offset to what is fixed
   * @param isTrial bins where the components are negligible keep what is fixed; remote ones are out of reach, atom or not
   * @returns the log-likelihood, in nats over all rows
   */
  iterate(components: number, offset: number, isTrial: boolean): number {
    if (components > MOST_COMPONENTS)
      throw new RangeError(`components must be at most ${MOST_COMPONENTS}, got ${components}`);
    this.#functions.iterate(components, offset, Number(isTrial));
    const { length, count } = this.#data!;
    const largest = this.#largest;
    const sum = this.#sum;
    let logLikelihood = 0;
    for (let b = 0; b < length; b++) {
      const terms = sum[b];
      const log = terms === 0 ? OUT_OF_REACH : largest[b] + (terms === 1 ? 0 : Math.log(terms));
      logLikelihood += count[b] * log;
    }
    return logLikelihood;
  }

  /** What the atom on a bin gets of its rows, after {@link iterate} beside the atoms' densities. */
  rowsOf(bin: number): number {
    const relative = this.fixed[bin] - this.#largest[bin];
    const share = relative > NEGLIGIBLE_LOG ? expShare(relative, EXP_TABLE) : 0;
    return (this.#data!.count[bin] / this.#sum[bin]) * share;
  }
}

let loops: EmLoops | undefined;

/** The thread's own. */
export function emLoops(): EmLoops {
  loops ??= new EmLoops();
  return loops;
}
