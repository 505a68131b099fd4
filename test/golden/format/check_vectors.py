"""Recomputes every vector of docs/format.md bit for bit; standard library only. Usage: check_vectors.py vectors.json"""
import hashlib, json, math, struct, sys

M = 0xFFFFFFFF
bits = lambda x: struct.pack(">d", x).hex()
double = lambda h: struct.unpack(">d", bytes.fromhex(h))[0]
fround = lambda x: struct.unpack("<f", struct.pack("<f", x))[0]

def exp(x):
    if x < -708: return 0.0
    k = float(round(x * 1.4426950408889634))
    r = x - k * 0.6931471803691238 - k * 1.9082149292705877e-10
    p = 1 / math.factorial(13)
    for i in range(12, -1, -1): p = p * r + 1 / math.factorial(i)
    return p * 2.0**k

def mix(h):
    h &= M; h ^= h >> 16; h = h * 0x21F0AAAD & M; h ^= h >> 15; h = h * 0xD35A2D97 & M
    return h ^ h >> 15

def keys(seed, column, key): return struct.unpack("<II", hashlib.sha256(f"{seed}\0{column}\0{key}".encode()).digest()[:8])
def word(k0, k1, row): return mix(mix(row + k0) + (row >> 32) * 0x9E3779B9 + k1)

def pair(v, components, k, row, x):
    for i, (kind, m, sd, scale) in enumerate(components):
        if kind == "atom" and m == x: return 0.0, i
    g = [(i, m, sd, -math.inf if s is None else s) for i, (kind, m, sd, s) in enumerate(components) if kind == "gaussian"]
    logs = [s - 0.5 * (((x - m) * (1 / sd)) * ((x - m) * (1 / sd))) for _, m, sd, s in g]
    nearest = min(range(len(g)), key=lambda j: abs((x - g[j][1]) / g[j][2]))
    top = max(logs)
    j = nearest if top == -math.inf else logs.index(top)
    if v["choose"] == "sample" and top > -math.inf:
        total, shares = 0.0, []
        for value in logs: total += exp(value - top); shares.append(total)
        u = word(*k, row) / 2**32
        j = next((n for n, share in enumerate(shares) if u * total < share), len(g) - 1)
    z = lambda j: (x - g[j][1]) / g[j][2] / 4
    if abs(z(j)) > (v["clip"] or 1.5): j = nearest
    largest = 2.0**128 - 2.0**104 if v["precision"] == "float32" else sys.float_info.max
    bound = v["clip"] or largest
    stored = max(-bound, min(bound, z(j)))
    return fround(stored) if v["precision"] == "float32" else stored, g[j][0]

def inverse(v, components, z, i):
    kind, m, sd, _ = components[i]
    if kind == "atom": return m
    x = m + 4 * (sd * z)
    if v["decimals"] is not None: x = round(x * 10.0**v["decimals"]) / 10.0**v["decimals"]
    return fround(x) if v["isFloat"] and abs(x) < 3.4028235e38 else math.copysign(math.inf, x) if v["isFloat"] else float(x)

def cell(x, centre):
    d = max(-sys.float_info.max, min(sys.float_info.max, x - centre))
    b = struct.unpack(">Q", struct.pack(">d", d))[0]
    edge = lambda n: min(sys.float_info.max, struct.unpack(">d", struct.pack(">Q", n << 42))[0])
    return b >> 42, b >> 22 & 0xFFFFF, bits(edge(b >> 42 & 0x1FFFFF)), bits(edge((b >> 42 & 0x1FFFFF) + 1))

vectors, count = json.load(open(sys.argv[1])), 0
def same(what, actual, expected):
    global count; count += 1
    if actual != expected: sys.exit(f"{what}: {actual} must be {expected}")

for v in vectors["exp"]: same(f"exp of {double(v['x'])}", bits(exp(double(v["x"]))), v["y"])
for v in vectors["draw"]:
    k = keys(v["seed"], v["column"], v["key"])
    same("keys", list(k), [v["k0"], v["k1"]])
    for row, w in v["uniform"]: same(f"draw of row {row}", word(*k, row), w)
for v in vectors["pairs"]:
    parts = [(c["kind"], double(c["mean"]), double(c["standardDeviation"]), c["logScale"] and double(c["logScale"])) for c in v["components"]]
    for row, x, normalized, component, back in v["rows"]:
        z, i = pair(v, parts, keys(v["seed"], v["column"], v["key"]), row, double(x))
        same(f"pair of {double(x)} at row {row}", [bits(z), i], [normalized, component])
        same(f"inverse of {z}, {i}", bits(inverse(v, parts, z, i)), back)
for v in vectors["cells"]: same(f"cell of {double(v['x'])}", cell(double(v["x"]), double(v["centre"])), (v["key"], v["offset"], v["near"], v["far"]))
print(f"{count} vectors agree")
