"""Fit scikit-learn's BayesianGaussianMixture to the columns of columns.ts, which are made here again, and write what it finds.

python make_golden.py FLIGHTS.parquet > sklearn.json

FLIGHTS.parquet is node_modules/vega-datasets/data/flights-3m.parquet (vega-datasets 3.2.1). The data is not kept: its rows come
from integer hashes by operations that every language rounds alike, and `sum` and `distinct` say whether they do.
"""
import json, sys, warnings
import numpy as np, scipy, sklearn
from scipy.special import digamma, gammaln
from sklearn.mixture import BayesianGaussianMixture

warnings.simplefilter("ignore")
SEED = 42

def word(i, stream):
    """The 32-bit hash of a row and a stream, as columns.ts has it."""
    h = (np.asarray(i, dtype=np.uint64) + np.uint64(stream * 0x9E3779B9 & 0xFFFFFFFF)) & np.uint64(0xFFFFFFFF)
    for shift, factor in ((16, 0x21F0AAAD), (15, 0xD35A2D97)):
        h ^= h >> np.uint64(shift)
        h = h * np.uint64(factor) & np.uint64(0xFFFFFFFF)
    return h ^ h >> np.uint64(15)

def uniform(i, stream): return (word(i, stream).astype(np.float64) + 0.5) / 2**32
def bell(i, stream):
    total = np.zeros(len(i))
    for part in range(12): total += uniform(i, stream * 16 + part)
    return total - 6

def three_modes(i):
    pick, g = uniform(i, 1), bell(i, 2)
    return np.where(pick < 0.5, g, np.where(pick < 0.85, 8 + 2 * g, -30 + 0.25 * g))
def bell_curve(i): return 100 + 15 * bell(i, 3)
def ages(i): return np.floor(np.where(uniform(i, 4) < 0.6, 28 + 6 * bell(i, 5), 55 + 11 * bell(i, 6)))
def money(i): return np.floor(100 * (3 / (uniform(i, 7) + 0.002))) / 100
def mostly_zero(i): return np.where(uniform(i, 8) < 0.95, 0, 500 + 120 * bell(i, 9))
def five_values(i): return np.floor(5 * uniform(i, 10) * uniform(i, 11))
def tiny(i): return np.where(uniform(i, 12) < 0.5, 1e-3 * bell(i, 13), 0.02 + 1e-4 * bell(i, 14))
def sentinel(i): return np.where(uniform(i, 15) < 0.004, 99999, np.floor(50 + 10 * bell(i, 16)))

GENERATED = [
    ("three modes", three_modes, 3000, 10), ("three modes, 3 components", three_modes, 3000, 3), ("one component", three_modes, 500, 1),
    ("bell curve", bell_curve, 2000, 10), ("ages", ages, 20000, 10), ("money", money, 4000, 10), ("mostly zero", mostly_zero, 6000, 10),
    ("five values", five_values, 1000, 10), ("tiny", tiny, 2000, 10), ("sentinel", sentinel, 10000, 10), ("as many rows as components", three_modes, 10, 10),
]

class Labelled(BayesianGaussianMixture):
    def _initialize(self, X, resp, *rest):
        self.labels = np.asarray(resp).argmax(axis=1)
        super()._initialize(X, resp, *rest)

def intervals(x, labels):
    """[last value, label] of each run of equal labels in ascending order: a value has one label, wherever it stands."""
    order = np.argsort(x, kind="stable")
    x, labels = x[order], labels[order]
    ends = np.append(np.flatnonzero(np.diff(labels)), len(x) - 1)
    return [[float(x[e]), int(labels[e])] for e in ends]

def case(name, x, max_components):
    x = np.asarray(x, dtype=np.float64)
    mixture = Labelled(n_components=max_components, weight_concentration_prior_type="dirichlet_process",
                       weight_concentration_prior=0.001, n_init=1, random_state=SEED)
    mixture.fit(x.reshape(-1, 1))
    scores = []
    for seed in range(SEED, SEED + 5):
        other = BayesianGaussianMixture(n_components=max_components, weight_concentration_prior=0.001, n_init=1, random_state=seed)
        scores.append(float(other.fit(x.reshape(-1, 1)).score(x.reshape(-1, 1))))
    probes = np.quantile(x, [0, 0.01, 0.3, 0.5, 0.8, 1])
    return {
        "name": name, "rows": len(x), "distinct": len(np.unique(x)), "sum": float(sum(x.tolist())), "maxComponents": max_components,
        "labels": intervals(x, mixture.labels), "weights": mixture.weights_.tolist(), "means": mixture.means_.ravel().tolist(),
        "covariances": mixture.covariances_.ravel().tolist(), "iterations": int(mixture.n_iter_), "converged": bool(mixture.converged_),
        "lowerBound": float(mixture.lower_bound_), "scores": scores,
        "probes": [[float(p), mixture.predict_proba([[p]])[0].tolist()] for p in probes],
    }

def flights(path, every):
    import pyarrow.parquet as pq
    table = pq.read_table(path, columns=["delay", "distance"]).to_pandas()[::every]
    return [case(f"flights {name}", table[name].to_numpy(), 10) for name in ("delay", "distance")]

xs = [1e-10, 0.001, 0.1, 0.5, 1, 1.25, 1.4616321449683622, 1.5, 2, 2.5, 3.3, 5, 9.999999, 10, 10.5, 37.25, 100, 1234.5, 1e5 + 0.5, 1e9, 1e15, 1e100]
print(json.dumps({
    "made": {"python": sys.version.split()[0], "numpy": np.__version__, "scipy": scipy.__version__, "scikit-learn": sklearn.__version__, "seed": SEED},
    "special": [[x, float(digamma(x)), float(gammaln(x))] for x in xs],
    "flightsEvery": 60,
    "columns": [case(name, make(np.arange(rows)), k) for name, make, rows, k in GENERATED] + flights(sys.argv[1], 60),
}, indent=None, separators=(",", ":")).replace('{"name"', '\n{"name"'))
