import { PRICES, type Prices } from './prices.ts';

/** What a run on AWS runs on, as far as time and money depend on it. */
export interface Deployment {
  /** of every function, in MiB as Lambda counts them */
  memoryMegabytes: number;
  /** partitions worked on at the same time, at most */
  concurrency: number;
  prices: Prices;
}

/** 1,769 MB are one vCPU: a transform is one thread, so that more would be paid for and not used. */
export const DEFAULT_DEPLOYMENT: Deployment = { memoryMegabytes: 1769, concurrency: 500, prices: PRICES };
