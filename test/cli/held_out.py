"""Split a column as `modemap tune` does and score a model on the rows held out; numpy and scipy, none of our code.

usage: held_out.py split INPUT.parquet COLUMN SEED FIT.parquet HELD.parquet
       held_out.py score MODEL.json COLUMN HELD.parquet
score prints one line of JSON: bits a value, and the standard error of their mean.
"""
import hashlib
import json
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.special import ndtr


def split(source, column, seed, fit, held):
    values = finite_values(source, column)
    is_fitted = uniform_numbers(seed, column, "hold-out", len(values)) < 0.5
    is_fitted[:2] = [True, False]
    pq.write_table(pa.table({column: values[is_fitted]}), fit)
    pq.write_table(pa.table({column: values[~is_fitted]}), held)


def score(model, column, held):
    [entry] = [each for each in json.load(open(model))["columns"] if each["name"] == column]
    values = finite_values(held, column).astype(np.float64)
    step = entry["resolution"]
    mass = np.full(len(values), 2.0**-94)
    for component in entry["components"]:
        mean, deviation, weight = component["mean"], component["standardDeviation"], component["weight"]
        if component["kind"] == "atom":
            mass += weight * (values == mean)
            continue
        # on the side of the mean where the tail does not cancel
        distance = np.abs(values - mean)
        mass += weight * (ndtr((step / 2 - distance) / deviation) - ndtr((-step / 2 - distance) / deviation))
    bits = -np.log2(mass)
    print(json.dumps({"bits": bits.mean(), "standardError": bits.std() / np.sqrt(len(bits)), "rows": len(bits)}))


def finite_values(path, column):
    values = pq.read_table(path, columns=[column])[column].drop_null().to_numpy()
    return values[np.isfinite(values)]


def uniform_numbers(seed, column, purpose, count):
    digest = hashlib.sha256(f"{seed}\0{column}\0{purpose}".encode()).digest()
    first, second = (np.uint32(int.from_bytes(digest[at : at + 4], "little")) for at in (0, 4))
    words = mix(mix(np.arange(2 * count, dtype=np.uint32) + first) + second).astype(np.float64)
    return (words[0::2] * 2.0**20 + np.floor(words[1::2] / 2.0**12) + 0.5) / 2.0**52


def mix(h):
    h = h ^ (h >> np.uint32(16))
    h = h * np.uint32(0x21F0AAAD)
    h = h ^ (h >> np.uint32(15))
    h = h * np.uint32(0xD35A2D97)
    return h ^ (h >> np.uint32(15))


command, *arguments = sys.argv[1:]
{"split": split, "score": score}[command](*arguments)
