/**
 * Columns of the tables that commit writes as Parquet, in order, with their SQL types: the one owner of both, for the
 * writer and for the catalog.
 */
export const RESULT_COLUMNS = {
  /** one row per partition and normalized column; null where there is no finite row */
  metrics: {
    pass: 'int',
    partition: 'int',
    column: 'string',
    rows: 'bigint',
    nulls: 'bigint',
    non_finite: 'bigint',
    inexact: 'bigint',
    mean_absolute_error: 'double',
    root_mean_square_error: 'double',
    max_absolute_error: 'double',
    clipped: 'bigint',
    low_mass: 'bigint',
    bits_per_value: 'double',
    ks_distance: 'double',
    minimum: 'double',
    maximum: 'double',
    mean: 'double',
    standard_deviation: 'double',
    component_counts: 'array<bigint>',
  },
  /** one row per partition: what working on it took */
  tasks: {
    pass: 'int',
    partition: 'int',
    first_object: 'string',
    first_row: 'bigint',
    objects: 'bigint',
    rows: 'bigint',
    bytes_read: 'bigint',
    bytes_written: 'bigint',
    seconds_read: 'double',
    seconds_transform: 'double',
    seconds_write: 'double',
    peak_memory_bytes: 'bigint',
  },
  /** one row per component of the model, numbered as in the data */
  components: {
    column_name: 'string',
    component: 'tinyint',
    kind: 'string',
    weight: 'double',
    mean: 'double',
    standard_deviation: 'double',
    pruned: 'boolean',
    bits_per_value: 'double',
    resolution: 'double',
    decimals: 'int',
    precision: 'string',
  },
} as const;

/** The tables that hold a partition a run. */
export type ResultTable = keyof typeof RESULT_COLUMNS;
export type ResultType = 'boolean' | 'tinyint' | 'int' | 'bigint' | 'double' | 'string' | 'array<bigint>';
