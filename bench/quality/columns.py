"""The columns that the contest is about: their rows, and the density that made them.

python columns.py DIRECTORY COLUMN...

writes, as raw little-endian doubles, DIRECTORY/COLUMN/{train,fresh,sample}.f64: the rows that all contestants are given, rows of
another seed of the same density to score them on (flights: none), and the 100,000 of the training rows that the slow ones are given.
Rows that are there already are kept while this text and numpy's version are what made them.
"""
import hashlib, math, sys
from pathlib import Path
import numpy as np
from scipy.special import ndtr

SEED = 20261121
FRESH_ROWS = 1_000_000
SAMPLE_ROWS = 100_000
FLIGHTS = Path(__file__).parents[2] / "node_modules/vega-datasets/data/flights-3m.parquet"

SQRT_TWO_PI = math.sqrt(2 * math.pi)
NARROW_STEP = 1e-3

def normal_mass(x, step, mean, sd):
    """Mass of the steps about x under a Gaussian; on the side of the mean where no digits cancel."""
    z, width = (x - mean) / sd, step / sd
    if width < NARROW_STEP: return np.exp(-0.5 * z * z) * (width / SQRT_TWO_PI)
    z = -np.abs(z)
    return ndtr(z + width / 2) - ndtr(z - width / 2)

class Rare:
    """A lognormal of which `mass` is replaced, in exactly that many rows, by a narrow mode in its tail."""
    def __init__(self, mass, rows): self.mass, self.rows = mass, rows
    def make(self, rng, rows):
        x = np.exp(3 + 0.8 * rng.standard_normal(rows))
        rare = rng.choice(rows, round(self.mass * rows), replace=False)
        x[rare] = 5000 + 10 * rng.standard_normal(len(rare))
        return x
    def mass_of(self, x, step):
        return (1 - self.mass) * lognormal_mass(x, step, 3, 0.8) + self.mass * normal_mass(x, step, 5000, 10)

class Zeros:
    rows = 1_000_000
    def make(self, rng, rows): return np.where(rng.random(rows) < 0.6, 0, np.exp(4 + rng.standard_normal(rows)))
    def mass_of(self, x, step): return np.where(x == 0, 0.6, 0.4 * lognormal_mass(np.where(x == 0, 1, x), step, 4, 1))

class Sentinel:
    rows = 1_000_000
    def make(self, rng, rows): return np.where(rng.random(rows) < 0.003, 99999, 100 * rng.standard_exponential(rows))
    def mass_of(self, x, step): return np.where(x == 99999, 0.003, 0.997 * np.exp(-x / 100) * step / 100)

class Gaussians:
    """Of (weight, mean, standard deviation)."""
    rows = 1_000_000
    def __init__(self, *components): self.components = components
    def make(self, rng, rows):
        weight, mean, sd = np.transpose(self.components)
        k = rng.choice(len(weight), rows, p=weight)
        return mean[k] + sd[k] * rng.standard_normal(rows)
    def mass_of(self, x, step): return sum(w * normal_mass(x, step, m, s) for w, m, s in self.components)

class Uniform:
    rows = 1_000_000
    def make(self, rng, rows): return 100 * rng.random(rows)
    def mass_of(self, x, step): return np.full(len(x), step / 100)

class Ages(Gaussians):
    """Whole years, none below 0 or above 105."""
    def make(self, rng, rows): return np.clip(np.rint(super().make(rng, rows)), 0, 105)
    def mass_of(self, x, step):
        below = lambda edge: sum(w * ndtr((edge - m) / s) for w, m, s in self.components)
        return np.where(x >= 105, 1, below(x + 0.5)) - np.where(x <= 0, 0, below(x - 0.5))

class Timestamps:
    """Milliseconds: ten even years, a burst of hours and one of minutes."""
    rows = 1_000_000
    start, year = 1_400_000_000_000, 365.25 * 86_400_000
    bursts = [(0.2, start + 3 * year, 3.6e6), (0.05, start + 8 * year, 6e4)]
    def make(self, rng, rows):
        k = rng.choice(3, rows, p=[0.75, 0.2, 0.05])
        n = rng.standard_normal(rows)
        x = self.start + 10 * self.year * rng.random(rows)
        for i, (_, mean, sd) in enumerate(self.bursts, 1): x = np.where(k == i, mean + sd * n, x)
        return np.rint(x)
    def mass_of(self, x, step):
        return 0.75 / (10 * self.year) + sum(w * normal_mass(x, step, m, s) for w, m, s in self.bursts)

class Flights:
    """3,000,000 rows of somebody else's: nothing is known of what made them."""
    def __init__(self, name): self.name = name
    def read(self):
        import pyarrow.parquet as parquet
        return parquet.read_table(FLIGHTS, columns=[self.name])[self.name].to_numpy().astype(np.float64)

def lognormal_mass(x, step, mu, sigma):
    z = (np.log(x) - mu) / sigma
    return np.exp(-0.5 * z * z) * step / (x * sigma * SQRT_TWO_PI)

TWELVE = [(-500, 10), (-300, 5), (-200, .5), (-100, 2), (-50, .02), (0, 1), (10, .1), (40, 3), (100, .05), (150, 7), (400, .2), (900, 1)]

# a column's place in this list is part of its seed: new ones go to the end
COLUMNS = {
    "delay": Flights("delay"), "distance": Flights("distance"),
    "rare-1e-4": Rare(1e-4, 1_000_000), "rare-1e-5": Rare(1e-5, 2_000_000), "rare-1e-6": Rare(1e-6, 5_000_000),
    "zeros": Zeros(), "sentinel": Sentinel(), "far": Gaussians((1, 1e9, 1)), "tiny": Gaussians((1, 0, 1e-9)),
    "twelve-modes": Gaussians(*((1 / 12, m, s) for m, s in TWELVE)), "uniform": Uniform(),
    "ages": Ages((0.5, 30, 8), (0.35, 50, 9), (0.15, 72, 7)), "timestamps": Timestamps(),
}

def rows_of(name):
    """The training rows, the fresh rows or None, and the slow contestants' sample."""
    column = COLUMNS[name]
    rng = lambda part: np.random.Generator(np.random.PCG64([SEED, list(COLUMNS).index(name), part]))
    known = not isinstance(column, Flights)
    train = column.make(rng(0), column.rows) if known else column.read()
    fresh = column.make(rng(1), FRESH_ROWS) if known else None
    return train, fresh, rng(2).choice(train, SAMPLE_ROWS, replace=False)

def main(directory, names):
    made_by = hashlib.sha256(Path(__file__).read_bytes() + np.__version__.encode()).hexdigest()
    for name in names:
        folder = Path(directory) / name
        stamp = folder / "made-by"
        if stamp.exists() and stamp.read_text() == made_by: continue
        print(f"making {name}", file=sys.stderr)
        folder.mkdir(parents=True, exist_ok=True)
        for part, x in zip(("train", "fresh", "sample"), rows_of(name)):
            if x is not None: x.astype("<f8").tofile(folder / f"{part}.f64")
        stamp.write_text(made_by)

if __name__ == "__main__": main(sys.argv[1], sys.argv[2:])
