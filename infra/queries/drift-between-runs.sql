-- Drift between runs: each run of a dataset beside the one before it; shift is in standard deviations of that one.
WITH moments AS (
  SELECT dataset, run_id, "column", sum(rows) AS rows, sum(nulls) AS nulls,
    sum(mean * (rows - nulls - non_finite)) / nullif(sum(rows - nulls - non_finite), 0) AS mean,
    sum((standard_deviation * standard_deviation + mean * mean) * (rows - nulls - non_finite))
      / nullif(sum(rows - nulls - non_finite), 0) AS mean_square,
    min(minimum) AS minimum, max(maximum) AS maximum
  FROM metrics
  GROUP BY dataset, run_id, "column"
), ordered AS (
  SELECT r.dataset_id AS dataset, r."order", r.run_id, m."column", m.rows, m.mean, m.minimum, m.maximum,
    sqrt(greatest(m.mean_square - m.mean * m.mean, 0)) AS standard_deviation,
    CAST(m.nulls AS double) / nullif(m.rows, 0) AS share_of_nulls
  FROM runs r
  JOIN moments m ON m.dataset = r.dataset_id AND m.run_id = r.run_id
), paired AS (
  SELECT *, lag(run_id) OVER earlier AS earlier_run_id, lag(mean) OVER earlier AS earlier_mean,
    lag(standard_deviation) OVER earlier AS earlier_standard_deviation,
    lag(share_of_nulls) OVER earlier AS earlier_share_of_nulls
  FROM ordered
  WINDOW earlier AS (PARTITION BY dataset, "column" ORDER BY "order", run_id)
)
SELECT dataset, "column", "order", run_id, earlier_run_id, mean, earlier_mean,
  (mean - earlier_mean) / nullif(earlier_standard_deviation, 0) AS shift, standard_deviation,
  earlier_standard_deviation, share_of_nulls, earlier_share_of_nulls, minimum, maximum
FROM paired
WHERE earlier_run_id IS NOT NULL
ORDER BY "order" DESC, dataset, "column"
