-- Worst partitions: where values lose most on the way through a pair and back, with the file and row each begins at.
SELECT m.dataset, m.run_id, m."column", m.partition, t.first_object, t.first_row, m.rows, m.max_absolute_error,
  m.mean_absolute_error, m.root_mean_square_error, m.clipped, m.low_mass, m.ks_distance
FROM metrics m
JOIN tasks t ON t.dataset = m.dataset AND t.run_id = m.run_id AND t.pass = m.pass AND t.partition = m.partition
WHERE m.max_absolute_error IS NOT NULL
ORDER BY m.max_absolute_error DESC, m.dataset, m.run_id, m."column", m.partition
LIMIT 100
