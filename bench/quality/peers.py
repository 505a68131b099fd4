"""Fit scikit-learn's mixture and RDT's normalizer to each column's sample, and leave what they found for the judge.

python peers.py [--fresh] DIRECTORY COLUMN...

reads DIRECTORY/COLUMN/{sample,train}.f64 and writes DIRECTORY/COLUMN/peers.json. What is there is kept while the rows, this text and the
versions are the same, unless --fresh. Seconds are this process's CPU seconds; thread pools are held to one thread.
"""
import os
os.environ.update({name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")})
import hashlib, json, sys, time, warnings
from importlib.metadata import version
from pathlib import Path
import numpy as np, pandas as pd
from rdt.transformers import ClusterBasedNormalizer
from sklearn.mixture import BayesianGaussianMixture

warnings.simplefilter("ignore")
VERSIONS = {name: version(name) for name in ("scikit-learn", "rdt", "numpy", "scipy", "pandas")}
SEED = 42
COMPONENTS = 10
SMALLEST_WEIGHT = 0.005
CLIP = 0.99
# a Python loop over rows: what it manages in some seconds
TRANSFORMED_ROWS = 500_000

def timed(work):
    start = time.process_time()
    result = work()
    return result, time.process_time() - start

def components_of(mixture):
    weights, means, sds = mixture.weights_, mixture.means_.ravel(), np.sqrt(mixture.covariances_.ravel())
    return [{"kind": "gaussian", "weight": float(w), "mean": float(m), "standardDeviation": float(s), "pruned": bool(w <= SMALLEST_WEIGHT)}
            for w, m, s in zip(weights, means, sds)]

def with_scikit_learn(sample):
    """As CTGAN and RDT set it."""
    mixture = BayesianGaussianMixture(n_components=COMPONENTS, weight_concentration_prior_type="dirichlet_process",
                                      weight_concentration_prior=0.001, n_init=1, random_state=SEED)
    _, seconds = timed(lambda: mixture.fit(sample.reshape(-1, 1)))
    return {"rule": "argmax", "components": components_of(mixture), "fitSeconds": seconds, "converged": bool(mixture.converged_)}

def with_rdt(sample, train):
    """Fitted to the sample, applied to as many rows: the errors are those of its own answers, drawn components and all."""
    whole = np.array_equal(train, np.rint(train))
    series = lambda x: pd.Series(x.astype(np.int64) if whole else x, name="x")
    normalizer = ClusterBasedNormalizer(max_clusters=COMPONENTS, weight_threshold=SMALLEST_WEIGHT)
    _, fit_seconds = timed(lambda: normalizer.fit(series(sample).to_frame(), "x"))
    rows = np.random.Generator(np.random.PCG64(SEED)).choice(train, min(len(train), TRANSFORMED_ROWS), replace=False)
    table = series(rows).to_frame()
    transformed, transform_seconds = timed(lambda: normalizer.transform(table))
    back, reverse_seconds = timed(lambda: normalizer.reverse_transform(transformed))
    error = back["x"].to_numpy().astype(np.float64) - rows
    kept = [c for c in components_of(normalizer._bgm_transformer) if not c["pruned"]]
    total = sum(c["weight"] for c in kept)
    return {"rule": "argmax", "components": [{**c, "weight": c["weight"] / total} for c in kept], "fitSeconds": fit_seconds,
            "transformedRows": len(rows), "transformSeconds": transform_seconds, "reverseSeconds": reverse_seconds,
            "rmse": float(np.sqrt(np.mean(error**2))), "largestError": float(np.abs(error).max()),
            "clipped": float(np.mean(np.abs(transformed.iloc[:, 0].to_numpy(dtype=np.float64)) >= CLIP))}

def main(fresh, directory, names):
    for name in names:
        folder = Path(directory) / name
        key = hashlib.sha256(b"".join([Path(__file__).read_bytes(), json.dumps(VERSIONS).encode(),
                                       (folder / "train.f64").read_bytes(), (folder / "sample.f64").read_bytes()])).hexdigest()
        path = folder / "peers.json"
        if not fresh and path.exists() and json.loads(path.read_text())["key"] == key: continue
        print(f"fitting peers to {name}", file=sys.stderr)
        sample, train = (np.fromfile(folder / f"{part}.f64", "<f8") for part in ("sample", "train"))
        contestants = {"scikit-learn": with_scikit_learn(sample), "RDT": with_rdt(sample, train)}
        path.write_text(json.dumps({"key": key, "versions": VERSIONS, "rows": len(sample), "contestants": contestants}))

if __name__ == "__main__":
    arguments = [a for a in sys.argv[1:] if a != "--fresh"]
    main("--fresh" in sys.argv, arguments[0], arguments[1:])
