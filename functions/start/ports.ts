import type { ObjectHead } from '../../shared/store/object-store.ts';

/** An object as a listing shows it. */
export interface ListedObject extends ObjectHead {
  /** ms since 1970, whole seconds; of a multipart upload: when it began, however long it took */
  modified: number;
}

export interface ListedPage {
  /** the store's own time of this page, ms since 1970: no clock of ours is compared with its times */
  now: number;
  objects: ListedObject[];
}

/** The input bucket as start sees it: not only what is there, but since when, and what time it is. */
export interface InputLister {
  /**
   * Pages of every object whose key starts with `prefix`, sorted by the UTF-8 bytes of the key; at least one page.
   *
   * @param options.folder only keys without a `/` after the prefix
   */
  pages(prefix: string, options?: { folder?: boolean }): AsyncIterable<ListedPage>;
}

/** The queue that start reads from, as far as it writes to it. */
export interface DelayedQueue {
  /** Send a message that is not seen by anyone for `delaySeconds`, 0..900. */
  sendDelayed(body: string, delaySeconds: number): Promise<void>;
}

export interface Execution {
  status: 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'PENDING_REDRIVE';
  /** ms since 1970; undefined while it runs */
  stopped: number | undefined;
}

/** The state machine: executions have names, and a name is given once. */
export interface Executions {
  /** undefined: no execution has that name (as far as is known at this moment) */
  describe(name: string): Promise<Execution | undefined>;
  /**
   * Start an execution. `exists`: the name is taken; where name and input equal those of a running one, the answer may
   * also be `started`.
   */
  start(name: string, input: string): Promise<'started' | 'exists'>;
  /** the ARN an execution of that name has */
  arnOf(name: string): string;
}
