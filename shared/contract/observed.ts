/** CloudWatch namespace of every metric below. */
export const METRIC_NAMESPACE = 'modemap';

/**
 * The metrics the functions publish: with the dimension `service`, and again with `service` and `dataset`. Runs and
 * partitions are properties of the log line: as dimensions every run would make thousands of metrics.
 */
export const METRICS = {
  /** runs that ended without a record and that no newer run replaces: worth an alarm */
  failedRuns: 'FailedRuns',
  /** runs whose input changed under way and for whose dataset a newer run exists or is on its way */
  supersededRuns: 'SupersededRuns',
  committedRuns: 'CommittedRuns',
  /** runs committed without some of their partitions, as tolerated */
  partialRuns: 'PartialRuns',
  rowsTransformed: 'RowsTransformed',
} as const;
export type MetricName = (typeof METRICS)[keyof typeof METRICS];
