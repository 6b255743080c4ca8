#!/usr/bin/env python3
"""Write statistics.json: series, and what scipy, pymannkendall and numpy say of them.

usage: pip install numpy scipy pymannkendall && python3 tests/reference/make_statistics.py

240 seeded series of 3 to 200 points: lines, noise, random walks, steps, many with ties, some constant; x even, uneven, or epoch seconds.
tests/statistics.rs holds the Rust code against the file.
"""
import json
import os
import warnings

import numpy as np
import pymannkendall
import scipy.stats

warnings.simplefilter("ignore")
HERE = os.path.dirname(os.path.abspath(__file__))


def series(rng, k):
    n = int(rng.choice([3, 4, 5, 6, 8, 12, 20, 40, 60, 100, 200], p=[.08, .08, .1, .1, .12, .12, .12, .12, .06, .06, .04]))
    t = np.arange(n)
    y = {
        0: lambda: 3.0 * t + rng.normal(0, 5, n),
        1: lambda: rng.normal(0, 1, n),
        2: lambda: np.cumsum(rng.normal(0, 1, n)),
        3: lambda: rng.integers(0, 4, n).astype(float),
        4: lambda: np.floor(t / 3.0) * 4096,
        5: lambda: np.full(n, 7.0),
        6: lambda: 1e9 + 512.0 * rng.integers(0, 3, n).cumsum(),
        7: lambda: 100 * (1 - np.exp(-t / max(1.0, n / 5))) + rng.normal(0, .5, n),
    }[k % 8]()
    x = {
        0: lambda: t.astype(float),
        1: lambda: np.cumsum(rng.integers(1, 20, n)).astype(float),
        2: lambda: 1_716_465_395.0 + 600.0 * t + rng.integers(0, 2, n),
    }[k % 3]()
    return np.round(x, 3), np.round(y, 6)


def p_of(z):
    """pymannkendall takes 1 - cdf, which has lost its digits at 1e-9; the same p by the survival function."""
    return 2 * scipy.stats.norm.sf(abs(z))


def newey_west(x, y):
    m = len(y) - 1
    slope = (y[-1] - y[0]) / (x[-1] - x[0])
    d = np.diff(y) - slope * (np.diff(x) - (x[-1] - x[0]) / m)
    lags = min(max(1, int(round(m ** (1 / 3)))), m - 1)
    c = d - d.mean()
    v = c @ c / m
    for lag in range(1, lags + 1):
        v += 2 * (1 - lag / (lags + 1)) * (c[lag:] @ c[:-lag]) / m
    spacing = (x[-1] - x[0]) / m
    se = np.sqrt(max(v, 0.0) / m)
    half = scipy.stats.t.ppf(.975, m - 1) * se
    return [d.mean() / spacing, se / spacing, (d.mean() - half) / spacing, (d.mean() + half) / spacing, lags]


def main():
    rng = np.random.default_rng(20261123)
    rows = []
    for k in range(240):
        x, y = series(rng, k)
        shifted = x - x[0]
        line = scipy.stats.linregress(shifted, y)
        half = scipy.stats.t.ppf(.975, len(x) - 2) * line.stderr
        sen = scipy.stats.theilslopes(y, shifted, .95)
        mk = pymannkendall.original_test(y)
        clean = lambda v: None if v is None or not np.isfinite(v) else float(v)
        rows.append(dict(
            x=x.tolist(), y=y.tolist(),
            ols=[clean(v) for v in (line.slope, line.intercept, line.rvalue ** 2, line.stderr, line.pvalue, line.slope - half, line.slope + half)],
            theil_sen=[clean(v) for v in (sen[0], sen[1])],
            mann_kendall=[clean(v) for v in (mk.s, mk.var_s, mk.z, p_of(mk.z), mk.Tau)],
            mean_change=[clean(v) for v in newey_west(x, y)] if len(x) > 3 else None))
    with open(HERE + "/statistics.json", "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(r, separators=(",", ":")) for r in rows) + "\n]\n")


if __name__ == "__main__":
    main()
