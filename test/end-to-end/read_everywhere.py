"""Read a run's data and metrics with pyarrow, DuckDB and polars; print the column sums of each file's first rows.

usage: read_everywhere.py OUT; exits 1 where two readers disagree.
"""
import glob
import json
import math
import sys

import duckdb
import polars as pl
import pyarrow.parquet as pq

ROWS = 20_000


def main(out):
    assert len(duckdb.sql(f"select run_id from read_json('{out}/runs/*/*.json', hive_partitioning=false)").fetchall()) == 1
    assert pl.read_ndjson(glob.glob(f"{out}/runs/*/*.json")[0]).height == 1
    digest = {}
    for kind in ["data", "metrics"]:
        for path in sorted(glob.glob(f"{out}/{kind}/**/*.parquet", recursive=True)):
            by_arrow = pq.read_table(path, partitioning=None).slice(0, ROWS).to_pylist()
            relation = duckdb.sql(f"select * from read_parquet('{path}', hive_partitioning=false) limit {ROWS}")
            by_duckdb = [dict(zip(relation.columns, row)) for row in relation.fetchall()]
            by_polars = pl.read_parquet(path, hive_partitioning=False).head(ROWS).to_dicts()
            assert same(by_arrow, by_duckdb), (path, "pyarrow and DuckDB differ")
            assert same(by_arrow, by_polars), (path, "pyarrow and polars differ")
            for name in by_arrow[0]:
                numbers = [row[name] for row in by_arrow if isinstance(row[name], (int, float))]
                if numbers:
                    total = 0.0
                    for number in numbers:
                        total += number
                    digest.setdefault(f"{kind}.{name}", []).append(total)
    print(json.dumps({"readers": ["pyarrow", "duckdb", "polars"], "digest": digest}))


def same(a, b):
    return len(a) == len(b) and all(equal(x, y) for x, y in zip(a, b))


def equal(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(equal(a[key], b[key]) for key in a)
    if isinstance(a, float) and isinstance(b, float):
        return a == b or (math.isnan(a) and math.isnan(b))
    return a == b


main(*sys.argv[1:])
