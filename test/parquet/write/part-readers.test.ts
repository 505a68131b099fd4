import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { initialiseParquetWasm } from '../../../functions/adapters/parquet-wasm.ts';
import { encodeConstant } from '../../../shared/parquet/write/encode-constant.ts';
import { encodeComponents, encodeNormalized } from '../../../shared/parquet/write/encode-pair.ts';
import { componentColumn, folderColumn, normalizedColumn } from '../../../shared/parquet/write/output-columns.ts';
import { temporaryFolder } from '../../support/command.ts';
import { writeParquetFile } from '../../support/duckdb.ts';
import { python, runPython } from '../../support/python.ts';
import { EVERY_TYPE } from './every-type.ts';
import { splice } from './part-fixture.ts';

const folder = temporaryFolder();
const script = fileURLToPath(new URL('read_part.py', import.meta.url));
beforeAll(() => initialiseParquetWasm());

describe.skipIf(!python)('readers of other makers', () => {
  it.each(['snappy', 'zstd'])(
    '%s: pyarrow, polars and DuckDB read a part like its source and its new columns',
    async (codec) => {
      const [source, part] = [join(folder, 'source.parquet'), join(folder, 'part.parquet')];
      // polars does not read intervals
      await writeParquetFile(
        source,
        `select * exclude (period) from (${EVERY_TYPE})`,
        `codec ${codec}, row_group_size 2048`,
      );
      await splice([source], part, {
        columns: [normalizedColumn('z', 'float64'), componentColumn('k'), folderColumn('year'), folderColumn('none')],
        encode: (rowStart, rows) => {
          const index = Array.from({ length: rows }, (_, row) => rowStart + row);
          return [
            encodeNormalized(
              Float64Array.from(index, (row) => row / 8),
              Uint8Array.from(index, (row) => Math.sign(row % 5)),
            ),
            encodeComponents(
              Int8Array.from(index, (row) => (row % 10) - 3),
              Uint8Array.from(index, (row) => Math.sign(row % 10)),
            ),
            encodeConstant('2024', rows),
            encodeConstant(null, rows),
          ];
        },
      });
      expect(runPython(script, source, part).trim()).toBe('2100');
    },
  );
});
