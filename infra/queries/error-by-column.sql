-- Error by column: what the pairs of each run give back, over all of its rows.
SELECT dataset, run_id, "column", sum(rows) AS rows, sum(nulls) AS nulls, sum(non_finite) AS non_finite,
  sum(mean_absolute_error * (rows - nulls - non_finite)) / nullif(sum(rows - nulls - non_finite), 0) AS mean_absolute_error,
  sqrt(sum(root_mean_square_error * root_mean_square_error * (rows - nulls - non_finite))
    / nullif(sum(rows - nulls - non_finite), 0)) AS root_mean_square_error,
  max(max_absolute_error) AS max_absolute_error, sum(clipped) AS clipped, sum(low_mass) AS low_mass,
  sum(bits_per_value * (rows - nulls - non_finite)) / nullif(sum(rows - nulls - non_finite), 0) AS bits_per_value
FROM metrics
GROUP BY dataset, run_id, "column"
ORDER BY dataset, run_id, "column"
