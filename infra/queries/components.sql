-- Components of the newest run of each dataset: its model, and how many rows each component got.
WITH newest AS (
  SELECT dataset_id, max_by(run_id, "order") AS run_id
  FROM runs
  GROUP BY dataset_id
), chosen AS (
  SELECT m.dataset, m.run_id, m."column", i.position - 1 AS component, sum(i.rows) AS rows
  FROM metrics m
  CROSS JOIN UNNEST(m.component_counts) WITH ORDINALITY AS i(rows, position)
  GROUP BY m.dataset, m.run_id, m."column", i.position
)
SELECT c.dataset, c.run_id, c.column_name, c.component, c.kind, c.weight, c.mean, c.standard_deviation, c.bits_per_value,
  c.resolution, c.decimals, c."precision", chosen.rows
FROM components c
JOIN newest n ON n.dataset_id = c.dataset AND n.run_id = c.run_id
LEFT JOIN chosen ON chosen.dataset = c.dataset AND chosen.run_id = c.run_id AND chosen."column" = c.column_name
  AND chosen.component = c.component
WHERE c.component IS NOT NULL
ORDER BY c.dataset, c.column_name, c.component
