-- Drift between partitions: how far the partitions of a run lie from its one model, and from each other.
SELECT dataset, run_id, "column", count(*) AS partitions, max(ks_distance) AS largest_ks_distance,
  max_by(partition, ks_distance) AS most_distant_partition, min(mean) AS smallest_mean, max(mean) AS largest_mean,
  (max(mean) - min(mean)) / nullif(max(standard_deviation), 0) AS spread_of_means
FROM metrics
WHERE ks_distance IS NOT NULL
GROUP BY dataset, run_id, "column"
ORDER BY largest_ks_distance DESC, dataset, run_id, "column"
