"""Score every contestant's components on the same rows: one judge, and nobody is his own.

python score.py DIRECTORY COLUMN FILE...

reads the FILEs of DIRECTORY/COLUMN: {"contestants": {name: {"rule": "nearest" | "argmax", "components": [{kind, weight, mean,
standardDeviation, pruned}, ...]}}}, and prints {"rows", "distinct", "decimals", "step", "sha256", "entropy", "truth": {"train", "fresh"},
"contestants": {name: {"bits", "freshBits", "freshError", "rmse", "largestError", "clipped"}}}; what nobody knows is null.

Bits: the mean over all rows of -log2 of the mass of a value's step, with an escape for what nothing explains. Errors: of the components
that were not pruned the one of largest density (rule "nearest": if it would clip, the one nearest in standard deviations instead),
z = (x - mean) / (4 sd) clipped to 0.99, and back, rounded to the column's decimals; a value on an atom is the atom's.
"""
import hashlib, json, sys
from pathlib import Path
import numpy as np
from columns import COLUMNS, normal_mass

ESCAPE = 2.0**-94
CLIP = 0.99
CHUNK = 1 << 17

def decimals_of(x):
    """Smallest number of digits, 0..9, that reproduces every value, or None."""
    most = 15 - len(str(int(np.abs(x).max())).lstrip("0"))
    for digits in range(min(9, most) + 1):
        if np.array_equal(np.rint(x * 10.0**digits) / 10.0**digits, x): return digits
    return None

def step_of(x, decimals):
    if decimals is not None: return 10.0**-decimals
    low, high = np.quantile(x, [0.25, 0.75])
    return float(high - low) * 2.0**-20

def columns_of(components, kind):
    kept = [c for c in components if c["kind"] == kind and not c["pruned"]]
    return [np.array([c[field] for c in kept]) for field in ("weight", "mean", "standardDeviation")]

def mass_of(components, x, step):
    mass = np.zeros(len(x))
    for c in components:
        if c["kind"] == "atom": mass += c["weight"] * (x == c["mean"])
        elif c["weight"] > 0: mass += c["weight"] * normal_mass(x, step, c["mean"], c["standardDeviation"])
    return mass

def mean_bits(mass_at, x, counts):
    total = sum((counts[i:i + CHUNK] * -np.log2(mass_at(x[i:i + CHUNK]) + ESCAPE)).sum() for i in range(0, len(x), CHUNK))
    return float(total / counts.sum())

def error_of_excess(mass_at, truth_at, x, counts):
    """Standard error of the mean bits over the truth: what a seed's luck may do to it."""
    excess = np.concatenate([np.log2((truth_at(v) + ESCAPE) / (mass_at(v) + ESCAPE)) for v in np.split(x, range(CHUNK, len(x), CHUNK))])
    mean, square = np.average(excess, weights=counts), np.average(excess**2, weights=counts)
    return float(np.sqrt(max(0, square - mean**2) / counts.sum()))

def inverse_errors(components, rule, x, decimals):
    """Error of each value, and whether it was clipped."""
    weight, mean, sd = columns_of(components, "gaussian")
    with np.errstate(divide="ignore"): log_scale = np.log(weight) - np.log(sd)
    z = (x[:, None] - mean) / sd
    k = (log_scale - 0.5 * z * z).argmax(axis=1)
    rows = np.arange(len(x))
    if rule == "nearest":
        out = np.abs(z[rows, k]) > 4 * CLIP
        k[out] = np.abs(z[out]).argmin(axis=1)
    normalized = (x - mean[k]) / (4 * sd[k])
    clipped = np.abs(normalized) > CLIP
    back = mean[k] + 4 * sd[k] * np.clip(normalized, -CLIP, CLIP)
    if decimals is not None: back = np.rint(back * 10.0**decimals) / 10.0**decimals
    on_atom = np.isin(x, columns_of(components, "atom")[1])
    return np.where(on_atom, 0, back - x), clipped & ~on_atom

def errors(components, rule, x, counts, decimals):
    squares, largest, clipped = 0.0, 0.0, 0.0
    for i in range(0, len(x), CHUNK):
        error, out = inverse_errors(components, rule, x[i:i + CHUNK], decimals)
        squares += (counts[i:i + CHUNK] * error**2).sum()
        largest = max(largest, np.abs(error).max())
        clipped += counts[i:i + CHUNK][out].sum()
    return {"rmse": float(np.sqrt(squares / counts.sum())), "largestError": float(largest), "clipped": float(clipped / counts.sum())}

def read(folder, part):
    path = folder / f"{part}.f64"
    return np.unique(np.fromfile(path, "<f8"), return_counts=True) if path.exists() else None

def judge(folder, name, files):
    (x, counts), fresh = read(folder, "train"), read(folder, "fresh")
    decimals = decimals_of(x)
    step = step_of(np.repeat(x, counts), decimals)
    on = lambda rows, mass_at: None if rows is None else mean_bits(mass_at, *rows)
    truth_at = lambda v: COLUMNS[name].mass_of(v, step)
    truth = {part: on(fresh and rows, truth_at) for part, rows in (("train", (x, counts)), ("fresh", fresh))}
    contestants = {}
    for file in files:
        for contestant, entry in json.loads((folder / file).read_text())["contestants"].items():
            mass_at = lambda v: mass_of(entry["components"], v, step)
            contestants[contestant] = {"bits": on((x, counts), mass_at), "freshBits": on(fresh, mass_at),
                                       "freshError": None if fresh is None else error_of_excess(mass_at, truth_at, *fresh),
                                       **errors(entry["components"], entry["rule"], x, counts, decimals)}
    share = counts / counts.sum()
    return {"rows": int(counts.sum()), "distinct": len(x), "decimals": decimals, "step": step,
            "sha256": hashlib.sha256((folder / "train.f64").read_bytes()).hexdigest(),
            "entropy": float(-(share * np.log2(share)).sum()), "truth": truth, "contestants": contestants}

if __name__ == "__main__":
    directory, name, *files = sys.argv[1:]
    print(json.dumps(judge(Path(directory) / name, name, files)))
