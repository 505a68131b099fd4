import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeParquetFile } from './duckdb.ts';

/** Every second row is of a mode that a sample of every second row never sees: the table is written twice. */
const MISLEADING = 'case when i % 2 = 1 then 10 + (hash(i) % 1000) / 1000 else 500 + (hash(i * 3) % 1000) / 100 end';
const CONFIGURATION = { sampleRows: 12_000, partitionBytes: 40_000 };

/** Files of {@link writeMisleadingTable}, relative to its folder. */
export const MISLEADING_FILES = ['day=1/a.parquet', 'day=2/b.parquet', '_modemap.json'] as const;
export const MISLEADING_ROWS = 24_000;

/** Write a dataset of two files in `k=v` folders, several partitions and a configuration, whose run takes two passes. */
export async function writeMisleadingTable(to: string): Promise<void> {
  for (const day of ['day=1', 'day=2']) mkdirSync(join(to, day), { recursive: true });
  const [first, second, configuration] = MISLEADING_FILES.map((key) => join(to, key));
  const columns = `(${MISLEADING})::double as x, (hash(i) % 4000) / 8 as y, 'a' || i % 50 as s`;
  await writeParquetFile(first, `select ${columns} from range(16000) t(i)`, 'row_group_size 4000');
  await writeParquetFile(second, `select ${columns} from range(8000) t(i)`);
  writeFileSync(configuration, JSON.stringify(CONFIGURATION));
}
