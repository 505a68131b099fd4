/** One stored version of an object: its bytes, or the mark that it was deleted. */
export interface StoredVersion {
  key: string;
  /** 0 for the mark of a deletion */
  sizeBytes: number;
  /** when it was stored, ms since 1970 */
  modified: number;
}

/**
 * The port for erasing: what a store holds beneath the objects that readers see.
 *
 * A bucket with versioning keeps what was overwritten or removed; so `ObjectStore.remove` can be taken back there, and
 * what is removed here cannot. Where a store keeps no versions, every object is its only one.
 */
export interface Eraser {
  /** Every version of every key that starts with `prefix`, in no order, the marks of deletions too. */
  versions(prefix: string): AsyncIterable<StoredVersion>;
  /**
   * Remove all of it for good, unfinished uploads too, until nothing is found any more. Whenever it is cut short, a key
   * reads as it did before, or is not there: never as one of its older versions.
   */
  removeEveryVersion(prefix: string): Promise<void>;
}
