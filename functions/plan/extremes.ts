import type { InputObject, SampledRowGroup, SamplePlan } from '../../shared/contract/stages.ts';

interface Extreme {
  value: number;
  rowGroup: number;
}

/** The extremes of one column in one object, by its footer's statistics; null where there are none. */
export interface ColumnRange {
  minimum: Extreme | null;
  maximum: Extreme | null;
}

interface Place extends Extreme {
  object: InputObject;
  index: number;
}

/** Finds, per column, the row groups that hold the dataset's smallest and largest value. */
export class ExtremeTracker {
  readonly #columns: readonly string[];
  readonly #minima: (Place | undefined)[];
  readonly #maxima: (Place | undefined)[];

  constructor(columns: readonly string[]) {
    this.#columns = columns;
    this.#minima = columns.map(() => undefined);
    this.#maxima = columns.map(() => undefined);
  }

  /** Take an object's ranges into account; the order of calls does not matter. */
  add(index: number, { key, etag, sizeBytes }: InputObject, ranges: readonly ColumnRange[]): void {
    const object = { key, etag, sizeBytes };
    for (const [i, { minimum, maximum }] of ranges.entries()) {
      this.#minima[i] = better(this.#minima[i], minimum && { ...minimum, object, index }, -1);
      this.#maxima[i] = better(this.#maxima[i], maximum && { ...maximum, object, index }, 1);
    }
  }

  /** The row groups of the extremes, by column, but those that the sample reads whole. */
  outside(sampled: readonly SampledRowGroup[]): SamplePlan['extremes'] {
    const whole = new Set(sampled.filter(({ step }) => step === 1).map(({ key, rowGroup }) => `${rowGroup} ${key}`));
    const extremes = this.#columns.map((column, i) => {
      const places = [this.#minima[i], this.#maxima[i]].filter((place) => place !== undefined);
      const rowGroups = places.map(({ object, rowGroup }) => ({ ...object, rowGroup }));
      const unique = rowGroups.filter(
        (a, at) => rowGroups.findIndex((b) => a.key === b.key && a.rowGroup === b.rowGroup) === at,
      );
      return [column, unique.filter(({ key, rowGroup }) => !whole.has(`${rowGroup} ${key}`))] as const;
    });
    return Object.fromEntries(extremes.filter(([, rowGroups]) => rowGroups.length > 0));
  }
}

/** The more extreme place; of equal ones the first in input order. */
function better(best: Place | undefined, place: Place | null, sign: 1 | -1): Place | undefined {
  if (!place) return best;
  if (!best || sign * place.value > sign * best.value) return place;
  const isEarlier = place.index < best.index || (place.index === best.index && place.rowGroup < best.rowGroup);
  return place.value === best.value && isEarlier ? place : best;
}
