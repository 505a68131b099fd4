"""Check a run with other people's readers: pyarrow, DuckDB, numpy and scipy; none of our code.

usage: check_run.py INPUT.parquet OUT; prints one line of JSON with what was found, exits 1 at the first difference.
"""
import glob
import json
import sys

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.stats import chi2

CELLS = 50


def main(input_path, out):
    [record_path] = glob.glob(f"{out}/runs/dataset=*/*.json")
    record = json.load(open(record_path))
    model = json.load(open(f"{out}/{record['model_key']}"))
    columns = {column["name"]: column for column in model["columns"]}
    source = pq.read_table(input_path)
    parts = sorted(glob.glob(f"{out}/{record['data_location']}*.parquet"))
    tables = [pq.read_table(part, partitioning=None) for part in parts]
    data = pa.concat_tables(tables)
    assert data.num_rows == source.num_rows == record["rows"], (data.num_rows, source.num_rows, record["rows"])
    for name in source.column_names:
        if name not in columns:
            # the source's ARROW:schema may ask for another layout of the same values, e.g. large_string
            assert data[name].cast(source[name].type).equals(source[name]), f"{name} differs"
    found = {"rows": data.num_rows, "columns": {}}
    for name, column in columns.items():
        found["columns"][name] = check_column(name, column, model["options"], source, data)
    metrics = duckdb.sql(f"select * from read_parquet('{out}/{record['metrics_location']}*.parquet')").fetchall()
    names = [description[0] for description in duckdb.sql(f"from read_parquet('{out}/{record['metrics_location']}*.parquet')").description]
    rows = [dict(zip(names, row)) for row in metrics]
    assert len(rows) == len(parts) * len(columns), len(rows)
    start = 0
    for number, table in enumerate(tables):
        for name, column in columns.items():
            [row] = [row for row in rows if row["partition"] == number and row["column"] == name]
            check_metrics(row, column, source[name].slice(start, table.num_rows), table)
        start += table.num_rows
    print(json.dumps(found))


def numbers(array):
    """Values as doubles with NaN under nulls, and where they are null."""
    array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
    nulls = np.asarray(array.is_null())
    if pa.types.is_temporal(array.type):
        array = array.cast(pa.int64() if array.type.bit_width == 64 else pa.int32())
    return np.asarray(array.cast(pa.float64(), safe=False).fill_null(np.nan), dtype=np.float64), nulls


def pair(name, table):
    z = table[f"{name}_normalized"].combine_chunks()
    k = table[f"{name}_component"].combine_chunks()
    assert k.type == pa.int8(), k.type
    return np.asarray(z.cast(pa.float64()).fill_null(np.nan)), np.asarray(k.cast(pa.int64()).fill_null(-99)), z.type


def parameters(column):
    components = column["components"]
    mean = np.array([c["mean"] for c in components])
    sd = np.array([c["standardDeviation"] for c in components])
    scale = np.array([-np.inf if c["logScale"] is None else c["logScale"] for c in components])
    atom = np.array([c["kind"] == "atom" for c in components])
    return mean, sd, scale, atom


def check_column(name, column, options, source, data):
    x, nulls = numbers(source[name])
    z, k, z_type = pair(name, data)
    mean, sd, scale, atom = parameters(column)
    clip = options["clip"]
    finite = np.isfinite(x)
    assert np.array_equal(k == -99, nulls), "component is null exactly where the value is"
    assert np.array_equal(np.isnan(z), ~finite), "normalized is null exactly where the value is not finite"
    assert ((k[finite] >= 0) & (k[finite] < len(mean))).all()
    with np.errstate(divide="ignore", invalid="ignore"):
        expected = np.where(atom[k[finite]], 0.0, (x[finite] - mean[k[finite]]) / (4 * sd[k[finite]]))
    if clip is not False:
        expected = np.clip(expected, -clip, clip)
    if z_type == pa.float32():
        expected = expected.astype(np.float32).astype(np.float64)
    assert np.array_equal(expected, z[finite]), f"{name}: {np.count_nonzero(expected != z[finite])} pairs differ"
    worst = check_frequencies(x[finite], k[finite], mean, sd, scale, atom, clip)
    return {"components": int(np.count_nonzero(np.bincount(k[finite], minlength=len(mean)))), "smallest_p": worst}


def check_frequencies(x, k, mean, sd, scale, atom, clip):
    """Chi-square of drawn against expected counts in each quantile cell; the expectation follows docs/format.md."""
    values, inverse, counts = np.unique(x, return_inverse=True, return_counts=True)
    probability = expected_probabilities(values, mean, sd, scale, atom, clip)
    cells = np.minimum((np.cumsum(counts) - counts) * CELLS // len(x), CELLS - 1)
    worst = 1.0
    for cell in range(CELLS):
        here = cells == cell
        if not here.any():
            continue
        expected = (probability[here] * counts[here, None]).sum(axis=0)
        drawn = np.bincount(k[here[inverse]], minlength=len(mean))
        assert (drawn[expected == 0] == 0).all(), "a component that cannot be drawn was"
        rare = expected < 5
        observed, wanted = drawn[~rare].astype(float), expected[~rare]
        if expected[rare].sum() > 0:
            observed, wanted = np.append(observed, drawn[rare].sum()), np.append(wanted, expected[rare].sum())
        if len(wanted) > 1:
            keep = wanted > 1
            statistic = ((observed[keep] - wanted[keep]) ** 2 / wanted[keep]).sum()
            worst = min(worst, float(chi2.sf(statistic, max(1, keep.sum() - 1))))
    assert worst > 1e-4, f"component frequencies disagree with the responsibilities: p = {worst}"
    return worst


def expected_probabilities(values, mean, sd, scale, atom, clip):
    gaussian = np.flatnonzero(~atom)
    with np.errstate(divide="ignore", invalid="ignore"):
        deviations = (values[:, None] - mean[gaussian]) / sd[gaussian]
    density = scale[gaussian] - deviations**2 / 2
    weight = np.exp(density - density.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    bound = 1.5 if clip is False else clip
    clips = np.abs(deviations / 4) > bound
    nearest = np.abs(deviations).argmin(axis=1)
    probability = np.zeros((len(values), len(mean)))
    probability[:, gaussian] = np.where(clips, 0, weight)
    probability[np.arange(len(values)), gaussian[nearest]] += np.where(clips, weight, 0).sum(axis=1)
    for index in np.flatnonzero(atom):
        probability[values == mean[index]] = np.eye(len(mean))[index]
    return probability


def check_metrics(row, column, source, part):
    name = column["name"]
    x, nulls = numbers(source)
    z, k, _ = pair(name, part)
    mean, sd, _, atom = parameters(column)
    finite = np.isfinite(x)
    x, z, k = x[finite], z[finite], k[finite]
    back = mean[k] + 4 * sd[k] * z
    if column["decimals"] is not None:
        step = 10.0 ** column["decimals"]
        back = np.where(atom[k], mean[k], np.rint(back * step) / step)
    if column["physicalType"] == "FLOAT":
        back = back.astype(np.float32).astype(np.float64)
    error = np.abs(back - x)
    close("mean_absolute_error", row, error.mean())
    close("root_mean_square_error", row, np.sqrt((error**2).mean()))
    close("max_absolute_error", row, error.max())
    close("minimum", row, x.min())
    close("maximum", row, x.max())
    close("mean", row, x.mean())
    close("standard_deviation", row, x.std())
    assert row["rows"] == len(nulls) and row["nulls"] == nulls.sum() and row["non_finite"] == (~finite & ~nulls).sum()
    assert list(row["component_counts"]) == list(np.bincount(k, minlength=len(mean))), row["component_counts"]
    with np.errstate(divide="ignore", invalid="ignore"):
        exact = np.where(atom[k], 0.0, (x - mean[k]) / (4 * sd[k]))
    assert row["clipped"] == np.count_nonzero(np.abs(exact) > 0.99), row["clipped"]


def close(field, row, expected):
    scale = max(abs(expected), abs(row[field]), 1e-300)
    assert abs(row[field] - expected) <= 1e-6 * scale, (field, row[field], expected)


main(*sys.argv[1:])
