import type { Component } from '../contract/model.ts';
import {
  cellEdges,
  KEY_BITS,
  keyOf,
  locate,
  locatedOffset,
  locatedZoomOffset,
  locateInZoom,
  ordinalOf,
} from './cell-key.ts';

/**
 * A place where cells are cut about a centre of its own, because what lies there is narrower than the cells about the
 * summary's centre: a minute's burst in ten years, a sentinel far out. It covers whole cells of the summary; zooms that
 * share cells cover the same ones, and a value belongs to the one with the nearest centre.
 */
export interface Zoom {
  centre: number;
  /** first and last cell covered, as ordinals */
  from: number;
  to: number;
}

/** A Gaussian is narrow if its standard deviation is below this many widths of the cell that its mean lies in. */
const NARROW = 2;
/** So many standard deviations about the mean are covered. */
const REACH = 8;
/** The heaviest components get a zoom, so that a summary stays small. */
const MOST_ZOOMS = 16;

/**
 * Where the summaries of a run are to look closely: at the atoms of its model, and at Gaussians as narrow as a cell.
 *
 * A function of the model alone, so that all parts of a run cut the same cells.
 *
 * @param step the column's resolution: a cell this narrow needs none
 * @returns by rising centre
 */
export function zoomsOf(centre: number, components: readonly Component[], step: number): Zoom[] {
  const zooms = components
    .filter(({ weight, pruned }) => weight > 0 && !pruned)
    .slice()
    .sort((a, b) => b.weight - a.weight || a.mean - b.mean)
    .map((component) => zoomOf(component, centre, step))
    .filter((zoom) => zoom !== undefined)
    .slice(0, MOST_ZOOMS)
    .sort((a, b) => a.centre - b.centre)
    .filter((zoom, i, all) => i === 0 || zoom.centre !== all[i - 1].centre);
  return withSharedCells(zooms);
}

function zoomOf({ mean, standardDeviation }: Component, centre: number, step: number): Zoom | undefined {
  const key = locate(mean + 0, centre);
  const { near, far } = cellEdges(key);
  if (far - near <= step || standardDeviation >= NARROW * (far - near)) return undefined;
  const ordinalAt = (x: number) => ordinalOf(locate(x + 0, centre));
  const reach = REACH * standardDeviation;
  return { centre: mean + 0, from: ordinalAt(mean - reach), to: ordinalAt(mean + reach) };
}

function withSharedCells(zooms: readonly Zoom[]): Zoom[] {
  const groups: Zoom[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const zoom of zooms) {
    if (zoom.from <= end) groups.at(-1)!.push(zoom);
    else groups.push([zoom]);
    end = Math.max(end, zoom.to);
  }
  return groups.flatMap((group) => {
    const from = Math.min(...group.map((zoom) => zoom.from));
    const to = Math.max(...group.map((zoom) => zoom.to));
    return group.map((zoom) => ({ centre: zoom.centre, from, to }));
  });
}

/** Key of the cell that a finite value, never -0, falls into, about the centre or that of a zoom, and its offset there. */
export function cellOf(x: number, centre: number, zooms: readonly Zoom[]): { key: number; offset: number } {
  const key = locate(x, centre);
  const offset = locatedOffset();
  if (zooms.length === 0) return { key, offset };
  const ordinal = ordinalOf(key);
  const first = zooms.findIndex(({ from, to }) => from <= ordinal && ordinal <= to);
  if (first < 0) return { key, offset };
  const zoom = nearestZoom(zooms, first, x);
  const keyInZoom = locateInZoom(x, zooms[zoom].centre);
  return { key: ((zoom + 1) << KEY_BITS) | keyInZoom, offset: locatedZoomOffset() };
}

/**
 * The zoom with the nearest centre among those that cover the same cells as the one at `first`, the first of them. By the
 * points halfway between: distances of a remote value are rounded to the same number, and would not rise with it.
 */
function nearestZoom(zooms: readonly Zoom[], first: number, x: number): number {
  let nearest = first;
  const { from } = zooms[first];
  for (let i = first + 1; i < zooms.length && zooms[i].from === from; i++) {
    if (x > halfway(zooms[i - 1].centre, zooms[i].centre)) nearest = i;
  }
  return nearest;
}

/** Values between which a zoom's cells lie, as edges: those of the cells it covers, or halfway to the next centre. */
export function territoryOf(zooms: readonly Zoom[], i: number, centre: number): { lower: number; upper: number } {
  const { from, to, centre: own } = zooms[i];
  const [before, after] = [zooms[i - 1], zooms[i + 1]];
  return {
    lower: before?.from === from ? halfway(before.centre, own) : edgesOf(from, centre).lower,
    upper: after?.from === from ? halfway(own, after.centre) : edgesOf(to, centre).upper,
  };
}

function edgesOf(ordinal: number, centre: number): { lower: number; upper: number } {
  const { near, far } = cellEdges(keyOf(ordinal));
  return ordinal < 0 ? { lower: centre - far, upper: centre - near } : { lower: centre + near, upper: centre + far };
}

/** Between the centres of two zooms that cover the same cells. */
export const halfway = (a: number, b: number) => a / 2 + b / 2;

/** Keys of the cells that a zoom covers. */
export function* coveredKeys({ from, to }: Zoom): Generator<number> {
  for (let ordinal = from; ordinal <= to; ordinal++) yield keyOf(ordinal);
}
