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
  /** partitions written, with their receipt */
  partitionsTransformed: 'PartitionsTransformed',
  /** planned partitions without a receipt when their run was committed or had failed */
  partitionsMissing: 'PartitionsMissing',
  /** largest resident memory so far of the process that transformed a partition */
  peakMemory: 'PeakMemory',
  /** of a committed run, from its listing to its record */
  runDuration: 'RunDuration',
  /** what plan expected a committed run to cost at most, US dollars */
  plannedDollars: 'PlannedDollars',
} as const;
export type MetricName = (typeof METRICS)[keyof typeof METRICS];

/** What is not a count. */
export const METRIC_UNITS: Partial<Record<MetricName, 'Bytes' | 'Seconds' | 'None'>> = {
  PeakMemory: 'Bytes',
  RunDuration: 'Seconds',
  PlannedDollars: 'None',
};

/**
 * Of the worst columns of a committed run, with the dimensions `service`, `dataset` and `column`; ratios without a unit,
 * so that columns of any scale stand beside each other.
 */
export const COLUMN_METRICS = {
  /** root mean square error over the standard deviation of the column's mixture */
  relativeError: 'RelativeError',
  /** share of the finite values that no component explains */
  lowMassShare: 'LowMassShare',
  /** share of the finite values that were clipped */
  clippedShare: 'ClippedShare',
} as const;
export type ColumnMetricName = (typeof COLUMN_METRICS)[keyof typeof COLUMN_METRICS];

/** Columns of a run that are published, and shown: a metric is paid for by the month, and tables have thousands. */
export const WORST_COLUMNS = 20;
