import { readFooter } from '../shared/parquet/footer.ts';
import type { ParquetFooter } from '../shared/parquet/footer-types.ts';
import type { ObjectStore } from '../shared/store/object-store.ts';

/** One version of one object, by its key in the store. */
interface Source {
  key: string;
  etag: string;
  sizeBytes: number;
}

/**
 * Remembers the last footer: a large object is many partitions and many sampled row groups, and a worker that parsed
 * its footer for each of them would do little else. One footer only, for they can be large.
 */
export class FooterCache {
  readonly #store: ObjectStore;
  #source: Source | undefined;
  #footer: Promise<ParquetFooter> | undefined;
  #bytesRead = 0;

  constructor(store: ObjectStore) {
    this.#store = store;
  }

  of({ key, etag, sizeBytes }: Source): Promise<ParquetFooter> {
    if (this.#footer && this.#source?.key === key && this.#source.etag === etag) return this.#footer;
    const footer = this.#read({ key, etag, sizeBytes });
    this.#source = { key, etag, sizeBytes };
    this.#footer = footer;
    footer.catch(() => {
      // what failed may be tried again
      if (this.#footer === footer) this.#footer = undefined;
    });
    return footer;
  }

  /** bytes of all footers that had to be fetched so far */
  get bytesRead(): number {
    return this.#bytesRead;
  }

  async #read({ key, etag, sizeBytes }: Source): Promise<ParquetFooter> {
    const footer = await readFooter(this.#store, key, etag, sizeBytes);
    this.#bytesRead += footer.footerBytes;
    return footer;
  }
}
