import { NAN_COMPONENT, NEGATIVE_INFINITY_COMPONENT, POSITIVE_INFINITY_COMPONENT } from '../contract/names.ts';
import type { DrawKeys } from '../numeric/draw.ts';
import type { ErrorMetrics } from './error-metrics.ts';

/** How a column's mixture is applied. */
export interface KernelOptions {
  choose: 'sample' | 'argmax';
  clip: number | false;
  preset: 'modemap' | 'ctgan';
}

/** Rows of one object, as doubles. */
export interface KernelInput {
  values: Float64Array;
  /** 1 where there is a value, 0 under a null */
  valid: Uint8Array;
  /** index of the first of these rows in its object */
  rowStart: number;
  keys: DrawKeys;
}

/** The stored pair of each row, and which of its halves are null. */
export interface Pairs {
  normalized: Float32Array | Float64Array;
  /** 1 where `normalized` is a number: where the value is neither null nor NaN nor infinite */
  normalizedValid: Uint8Array;
  /** null where the value is null, and only there */
  components: Int8Array;
}

/**
 * Normalizes rows of one object.
 *
 * @param metrics take note of what the pairs lose
 * @returns the pairs, until the next call
 */
export type Kernel = (input: KernelInput, metrics?: ErrorMetrics) => Pairs;

/** With clipping off, a component farther than this (six standard deviations) counts as out of reach. */
const REACH_UNCLIPPED = 1.5;

/** The largest |z| with which a component that was chosen is kept: beyond it the nearest takes its place. */
export function reachOf({ preset, clip }: KernelOptions): number {
  if (preset === 'ctgan') return Number.POSITIVE_INFINITY;
  return clip === false ? REACH_UNCLIPPED : clip;
}

/** Without clipping too, what is stored is a number. */
const LARGEST = { float32: 2 ** 128 - 2 ** 104, float64: Number.MAX_VALUE } as const;

/** The largest |z| that is stored. */
export function boundOf(clip: number | false, precision: 'float32' | 'float64'): number {
  return clip === false ? LARGEST[precision] : clip;
}

/** Low mass begins here, in standard deviations from every Gaussian. */
export const LOW_MASS_DEVIATIONS = 6;

/** What is clipped, or has low mass, is stored beyond this; less what storing a number as float32 may round off it. */
export function nearOf(clip: number | false, precision: 'float32' | 'float64'): number {
  return Math.min(boundOf(clip, precision), LOW_MASS_DEVIATIONS / 4) * (1 - 2 ** -20);
}

/** What stands in place of a component for a value that is not finite. */
export function codeOf(x: number): number {
  if (Number.isNaN(x)) return NAN_COMPONENT;
  return x > 0 ? POSITIVE_INFINITY_COMPONENT : NEGATIVE_INFINITY_COMPONENT;
}
