import type { DatasetListing } from './list-dataset.ts';

/** Times of a listing are whole seconds of several machines' clocks: a marker may look this much older than its data. */
const MARKER_SLACK_MS = 2000;

/**
 * Whether data events never start the dataset: it has a marker, or its configuration asks for one. A file at the root
 * has no place for a marker.
 *
 * The configuration is read no further than that: a mistake elsewhere in it is for plan to report, and must not start
 * a drop early.
 */
export function startsOnMarker({ root, marker }: DatasetListing, configuration: string | null): boolean {
  if (root === '') return false;
  return marker !== undefined || asksForMarker(configuration);
}

/**
 * Whether the marker stands for what is listed. Data younger than the marker belongs to a drop that has not left its
 * own marker yet: an event of the old one, come late or twice, must not start it.
 */
export function isMarked({ marker, dataModified }: DatasetListing): boolean {
  return marker !== undefined && dataModified <= marker.modified + MARKER_SLACK_MS;
}

function asksForMarker(configuration: string | null): boolean {
  try {
    return (JSON.parse(configuration ?? '{}') as { start?: unknown } | null)?.start === 'marker';
  } catch {
    return false;
  }
}
