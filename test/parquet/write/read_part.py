"""Compare a part with its source by pyarrow, polars and DuckDB, and check the columns that the part adds.

usage: read_part.py SOURCE PART; prints the number of rows, exits 1 where a reader sees something else.
"""
import sys

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

ADDED = ["z", "k", "year", "none"]


def main(source, part):
    expected = pq.read_table(source)
    table = pq.read_table(part)
    rows = table.num_rows
    for name in expected.column_names:
        # as text, NaN equals itself and -0 is not 0
        assert str(table[name].to_pylist()) == str(expected[name].to_pylist()), f"pyarrow: {name} differs"
    assert table.drop_columns(ADDED).schema.equals(expected.schema), "pyarrow: types differ"
    assert [str(table.schema.field(name).type) for name in ADDED] == ["double", "int8", "string", "string"]
    added = [
        {"z": None if i % 5 == 0 else i / 8, "k": None if i % 10 == 0 else i % 10 - 3, "year": "2024", "none": None}
        for i in range(rows)
    ]
    assert table.select(ADDED).to_pylist() == added, "pyarrow: added columns differ"
    check_metadata(part, rows)

    by_polars = pl.read_parquet(part, columns=ADDED)
    assert by_polars.to_dicts() == added, "polars: added columns differ"
    assert by_polars.schema["k"] == pl.Int8
    by_polars = pl.read_parquet(part).drop(ADDED)
    assert str(by_polars.to_dicts()) == str(pl.read_parquet(source).to_dicts()), "polars: spliced columns differ"

    numbered = "(select *, row_number() over () as row from read_parquet('{}'))"
    kept = numbered.format(part).replace("*", f"* exclude ({', '.join(ADDED)})")
    for a, b in [(kept, numbered.format(source)), (numbered.format(source), kept)]:
        assert duckdb.sql(f"select count(*) from (from {a} except all from {b})").fetchall() == [(0,)], "DuckDB differs"
    assert duckdb.sql(f"select {', '.join(ADDED)} from read_parquet('{part}')").fetchall() == [
        tuple(row.values()) for row in added
    ]
    assert pq.read_table(part, columns=["k"], filters=[("k", "=", 6)]).num_rows == sum(r["k"] == 6 for r in added)
    print(rows)


def check_metadata(part, rows):
    metadata = pq.read_metadata(part)
    assert metadata.created_by == "modemap version 2.0.0" and metadata.num_rows == rows
    assert pa.types.is_int8(pq.read_schema(part).field("k").type)
    row = 0
    for group in map(metadata.row_group, range(metadata.num_row_groups)):
        here = range(row, row + group.num_rows)
        row += group.num_rows
        columns = {group.column(i).path_in_schema: group.column(i) for i in range(group.num_columns)}
        z = [i / 8 for i in here if i % 5]
        k = [i % 10 - 3 for i in here if i % 10]
        for name, values in [("z", z), ("k", k), ("year", ["2024"] * len(here))]:
            found = columns[name].statistics
            assert (found.min, found.max) == (min(values), max(values)), (name, found)
            assert found.null_count == len(here) - len(values), (name, found)
        assert columns["none"].statistics.null_count == len(here) and not columns["none"].statistics.has_min_max
        assert group.total_byte_size == sum(column.total_uncompressed_size for column in columns.values())


main(*sys.argv[1:])
