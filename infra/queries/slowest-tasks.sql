-- Slowest and largest tasks: what a run waits for, and what decides how much memory its functions need.
SELECT dataset, run_id, partition, first_object, first_row, objects, rows, bytes_read, bytes_written,
  seconds_read + seconds_transform + seconds_write AS seconds, seconds_read, seconds_transform, seconds_write,
  peak_memory_bytes
FROM tasks
ORDER BY seconds DESC, peak_memory_bytes DESC, dataset, run_id, partition
LIMIT 100
