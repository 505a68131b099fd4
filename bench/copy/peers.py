"""Move the columns of a table as modemap does, but with an affine and a code in place of the mixture.

usage: peers.py duckdb|polars TABLE OUT THREADS CODEC    the same columns out of one Parquet file into another, synced
       peers.py bytes TABLE OUT BYTES                    read the table's bytes, write so many, synced: what the disk asks for
       peers.py rdt TABLE SECONDS                        RDT's transform of one column, as many rows as it manages
"""
import os
import sys
import time

DOUBLES = ["lognormal", "zeros_and_tail", "two_modes", "uniform"]
BUFFER = 8 << 20


def duckdb_copy(table, out, threads, codec):
    import duckdb

    pairs = ", ".join(f"(({c} - 20.0) / 80.0)::float as {c}_n, ({c} > 20)::tinyint as {c}_c" for c in DOUBLES)
    connection = duckdb.connect(config={"threads": int(threads)})
    connection.execute(f"copy (select {pairs} from read_parquet('{table}')) to '{out}' (format parquet, codec {codec}, row_group_size 1000000)")
    sync(out)


def polars_copy(table, out, threads, codec):
    os.environ["POLARS_MAX_THREADS"] = threads
    import polars as pl

    pairs = [
        half
        for c in DOUBLES
        for half in (
            ((pl.col(c) - 20) / 80).cast(pl.Float32).alias(f"{c}_n"),
            (pl.col(c) > 20).cast(pl.Int8).alias(f"{c}_c"),
        )
    ]
    frame = pl.scan_parquet(table).select(*pairs)
    frame.sink_parquet(out, compression=codec, row_group_size=1_000_000)
    sync(out)


def copy_bytes(table, out, size):
    buffer = bytearray(BUFFER)
    with open(table, "rb", buffering=0) as file:
        while file.readinto(buffer):
            pass
    left = int(size)
    with open(out, "wb", buffering=0) as file:
        while left > 0:
            left -= file.write(memoryview(buffer)[: min(left, BUFFER)])
        os.fsync(file.fileno())


def rdt_transform(table, seconds):
    import pandas as pd
    import pyarrow.parquet as pq
    from rdt.transformers.numerical import ClusterBasedNormalizer

    values = next(pq.ParquetFile(table).iter_batches(1_000_000, columns=["lognormal"])).to_pandas()
    normalizer = ClusterBasedNormalizer(max_clusters=10)
    normalizer.fit(values.sample(100_000, random_state=0), "lognormal")
    rows, start, cpu = 0, time.monotonic(), time.process_time()
    while time.monotonic() - start < float(seconds):
        normalizer.transform(pd.DataFrame(values[rows % 900_000 :][:100_000].reset_index(drop=True)))
        rows += 100_000
    print(f"{rows} {(time.process_time() - cpu) / rows * 1e9:.0f}")


def sync(path):
    with open(path, "rb") as file:
        os.fsync(file.fileno())


if __name__ == "__main__":
    {"duckdb": duckdb_copy, "polars": polars_copy, "bytes": copy_bytes, "rdt": rdt_transform}[sys.argv[1]](*sys.argv[2:])
