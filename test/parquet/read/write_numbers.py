"""Writes numbers of every type with pyarrow in many encodings, and beside each file what it holds, as JSON.

usage: write_numbers.py FOLDER; prints the names of the files
"""

import datetime as dt
import decimal
import json
import random
import sys

import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 3000
random.seed(7)
decimal.getcontext().prec = 100


def nullable(make, share=0.2):
    return [None if random.random() < share else make() for _ in range(ROWS)]


def integers(bits, signed):
    low, high = (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) if signed else (0, 2**bits - 1)
    return [low, high, 0, None] + nullable(lambda: random.randint(low >> random.randrange(bits), high >> random.randrange(bits)))


def decimals(precision, scale):
    limit = 10**precision - 1
    edges = [limit, -limit, 1, -1, 0, None]
    unscaled = edges + nullable(lambda: random.randint(-limit, limit) // 10 ** random.randrange(precision))
    return [None if u is None else decimal.Decimal(u).scaleb(-scale) for u in unscaled]


SPECIAL = [float("nan"), float("inf"), float("-inf"), -0.0, 5e-324, 1.7976931348623157e308, None]
columns = {f"{'i' if s else 'u'}{b}": pa.array(integers(b, s), getattr(pa, f"{'' if s else 'u'}int{b}")()) for b in (8, 16, 32, 64) for s in (True, False)}
columns["f32"] = pa.array(SPECIAL[:4] + nullable(lambda: random.gauss(0, 1e3)), pa.float32())
columns["f64"] = pa.array(SPECIAL + nullable(lambda: random.gauss(0, 1e3)), pa.float64())
columns["few"] = pa.array(nullable(lambda: random.randrange(5) / 8, 0.01), pa.float64())
columns["none"] = pa.array([None] * ROWS, pa.float64())
columns["date"] = pa.array([-719162, 2932896] + nullable(lambda: random.randint(-9999, 9999)), pa.date32())
for unit in ("ms", "us", "ns"):
    columns[f"local_{unit}"] = pa.array(nullable(lambda: random.randint(-(2**62), 2**62)), pa.timestamp(unit))
    columns[f"utc_{unit}"] = pa.array(nullable(lambda: random.randint(0, 2**55)), pa.timestamp(unit, "UTC"))
for precision, scale in ((4, 2), (9, 0), (18, 3), (19, 19), (38, 10), (38, 30)):
    columns[f"m{precision}_{scale}"] = pa.array(decimals(precision, scale), pa.decimal128(precision, scale))
columns["m76_20"] = pa.array(decimals(76, 20), pa.decimal256(76, 20))
length = min(len(column) for column in columns.values())
columns = {name: column.slice(0, length) for name, column in columns.items()}
required = [f"{name}" for name in ("i64", "f64", "m18_3")]
for name in required:
    filled = columns[name].fill_null(decimal.Decimal("0.125") if name == "m18_3" else 0)
    columns[f"{name}_required"] = filled
beside = {
    "list": pa.array([[i] * (i % 3) if i % 4 else None for i in range(length)], pa.list_(pa.int64())),
    "struct": pa.array([{"a": i, "b": str(i)} for i in range(length)]),
    "text": pa.array([str(i) for i in range(length)]),
    "flag": pa.array([i % 2 == 0 for i in range(length)]),
    "half": pa.array([float(i) for i in range(length)], pa.float16()),
    "time": pa.array(range(length), pa.time64("us")),
}
table = pa.table({**columns, **beside})
table = table.cast(pa.schema([f.with_nullable(not f.name.endswith("_required")) for f in table.schema]))


def expected(column):
    """Each value as text that reads back as the nearest double, and how many of them no double holds."""
    texts, inexact = [], 0
    scale = getattr(column.type, "scale", 0)
    if pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    elif pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    for value in column.to_pylist():
        texts.append(None if value is None else repr(value) if isinstance(value, float) else str(value))
        if isinstance(value, (int, decimal.Decimal)):
            unscaled = int(decimal.Decimal(value).scaleb(scale))
            inexact += int(float(unscaled)) != unscaled
    return {"texts": texts, "inexact": inexact}


wanted = {name: expected(table[name].combine_chunks()) for name in table.column_names if name not in beside}
json.dump(wanted, open(f"{sys.argv[1]}/numbers.json", "w"))

flat = list(columns)
numbers = [name for name in flat if pa.types.is_integer(table[name].type) or pa.types.is_temporal(table[name].type)]
floats = [name for name in flat if pa.types.is_floating(table[name].type)]
fixed = [name for name in flat if name.startswith("m")]
VARIANTS = {
    **{f"codec-{codec}": {"compression": codec} for codec in ("none", "snappy", "gzip", "zstd", "brotli", "lz4")},
    "plain": {"use_dictionary": False},
    "page-v2": {"data_page_version": "2.0", "data_page_size": 4096},
    "page-v2-plain": {"data_page_version": "2.0", "use_dictionary": False},
    "small-pages": {"data_page_size": 512, "write_batch_size": 100, "compression": "zstd"},
    "checksums": {"write_page_checksum": True},
    "index": {"write_page_index": True},
    "integer-decimals": {"store_decimal_as_integer": True},
    "version-1": {"version": "1.0"},
    "delta": {"use_dictionary": False, "column_encoding": {name: "DELTA_BINARY_PACKED" for name in numbers}},
    "byte-stream-split": {"use_dictionary": False, "column_encoding": {name: "BYTE_STREAM_SPLIT" for name in numbers + floats + fixed}},
    "delta-byte-array": {"use_dictionary": False, "column_encoding": {name: "DELTA_BYTE_ARRAY" for name in fixed}},
}
for name, options in VARIANTS.items():
    source = table
    if name == "version-1":
        keep = [c for c in table.column_names if c not in ("local_ns", "utc_ns", "u32")]
        source = table.select(keep)
    pq.write_table(source, f"{sys.argv[1]}/{name}.parquet", row_group_size=1100, **options)
with pq.ParquetWriter(f"{sys.argv[1]}/empty-row-groups.parquet", table.schema) as writer:
    writer.write_table(table.slice(0, 0))
    writer.write_table(table.slice(0, 1500))
    writer.write_table(table.slice(0, 0))
    writer.write_table(table.slice(1500))
print("\n".join([*VARIANTS, "empty-row-groups"]))
