/** One run: how much there was of what grows, and what it took. */
export interface GrowthPoint {
  of: 'rows' | 'columns' | 'partitions' | 'workers';
  count: number;
  seconds: number;
  cpuSeconds: number;
  peakMegabytes: number;
}
