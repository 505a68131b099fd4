-- Cost of a run: what plan expected it to cost at most, what its tasks used, and what their time cost.
SELECT dataset, run_id, "order", status, passes, rows, bytes_in, bytes_out, seconds, task_seconds, task_bytes_read,
  peak_memory_bytes, estimated_dollars, task_seconds * {{dollarsPerSecond}} AS task_dollars
FROM runs
ORDER BY "order" DESC, dataset, run_id
