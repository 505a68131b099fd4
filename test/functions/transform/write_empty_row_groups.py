"""Write a Parquet file of row groups of 0, 3, 0, 2 and 0 rows to argv[1]."""

import sys

import pyarrow as pa
import pyarrow.parquet as pq

schema = pa.schema([("id", pa.int32()), ("x", pa.float64())])
with pq.ParquetWriter(sys.argv[1], schema) as writer:
    for ids in ([], [0, 1, 2], [], [3, 4], []):
        writer.write_table(pa.table({"id": ids, "x": [i / 3 for i in ids]}, schema=schema))
