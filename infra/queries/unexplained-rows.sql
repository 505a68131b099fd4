-- Rows no component explains: finite values farther than 6 standard deviations from every Gaussian and on no atom, and
-- values that are not finite, with the file and the rows they are among.
SELECT m.dataset, m.run_id, m."column", m.partition, t.first_object, t.first_row, m.rows, m.low_mass, m.non_finite,
  m.minimum, m.maximum
FROM metrics m
JOIN tasks t ON t.dataset = m.dataset AND t.run_id = m.run_id AND t.pass = m.pass AND t.partition = m.partition
WHERE m.low_mass > 0 OR m.non_finite > 0
ORDER BY m.low_mass DESC, m.non_finite DESC, m.dataset, m.run_id, m."column", m.partition
