#!/usr/bin/env python3
"""Writes transforms.json: seeded series and what `stats::{cycle, sawtooth, step_pattern, trailing_plateau}` must return for them.

Run from anywhere, with numpy installed:

    python3 tests/reference/make_transforms.py

The rules are written here a second time, with numpy's least squares and whole-array arithmetic, so that a slip in the
Rust code shows as a difference. The same seed gives the same file (numpy 2.4).
"""
import json
import math
from pathlib import Path

import numpy as np


def means(y, most=120):
    k = max(1, math.ceil(len(y) / most)); before = len(y) % k
    return y[before:].reshape(-1, k).mean(1), k, before


def waves(t, f, harmonics):
    return np.column_stack([g(2 * math.pi * f * h * t) for h in range(1, harmonics + 1) for g in (np.sin, np.cos)])


def cycle(y):
    z, k, before = means(np.asarray(y, float)); n = len(z)
    if n < 12:
        return None
    t = np.arange(n) / (n - 1); X0 = np.column_stack([np.ones(n), t])
    rest = lambda X, v: v - X @ np.linalg.lstsq(X, v, rcond=None)[0]
    r = rest(X0, z); total = r @ r
    if total <= 1e-18 * (z @ z):
        return None
    best = None; f = 2.0
    while f < min(24, n / 2.6):
        h = 2 if 2 * f < n / 2.2 else 1; e = rest(np.column_stack([X0, waves(t, f, h)]), z)
        first = rest(np.column_stack([X0, waves(t, f, 1)]), z); first = total - first @ first
        if 2 * first < (total - e @ e) * (1 - 1e-12):
            f += .125
            continue
        if best is None or e @ e < best[0] * (1 - 1e-12):
            best = (e @ e, f, h)
        f += .125
    if best is None:
        return None
    s, f, h = best; share = 1 - (s / (n - 3 - 2 * h)) / (total / (n - 2))
    if share < .7:
        return None
    X = np.column_stack([X0, waves(t, f, 1)])
    a, b = (np.linalg.lstsq(X[q], z[q], rcond=None)[0][2:] for q in (slice(0, n // 2), slice(n - n // 2, n)))
    if a @ b < .6 * math.sqrt((a @ a) * (b @ b)):
        return None
    w = max(1, int(n / f / 8)); m = z[n % w:].reshape(-1, w).sum(1); d = np.diff(m)
    if -d[d < 0].sum() < .15 * np.abs(d).sum():
        return None
    C = waves(t, f, h); b = np.linalg.lstsq(np.column_stack([X0, C]), z, rcond=None)[0]
    return dict(periods=f, share=share, rest=[float(v) for v in z - C @ b[2:]], places=[int(before + k // 2 + i * k) for i in range(n)])


def lower_envelope(y):
    n = len(y); d = np.diff(y); up, down = d[d > 0], -d[d < 0]
    tilt = (y[-1] - y[0]) / (n - 1); level = y - tilt * np.arange(n); big = np.flatnonzero(-d > .35 * np.ptp(level)); J = len(big)
    scatter = 1.4826 * np.median(np.abs(d - np.median(d)))
    noise = 3 * scatter - np.median(d) if .35 * np.ptp(level) >= 5 * scatter else 0; fallen = down[down > noise].sum()
    ok = J >= 4 and J * 2.2 <= n and -d[big].sum() >= .8 * fallen and len(up) >= 1.4 * J and up.sum() ** 2 >= 1.3 * J * (up @ up)
    return [int(i + 1) for i in big] if ok else None


def step_pattern(y, h):
    n = len(y); d = np.diff(y); least = max(1.5 * h, .01 * np.ptp(y)); up, down = d[d > 0].sum(), -d[d < 0].sum()
    j = np.flatnonzero(d > least); J = len(j)
    if down > .02 * (up + down) or d[d <= least].sum() > .05 * (up - down) or not 3 <= J <= max(3, n // 2):
        return None
    s = d[j]; t = j + 1.; tol = max(.03, 2.5 * h / s.min()); waits = np.diff(t); every = (t[-1] - t[0]) / (J - 1)
    if s.max() <= s.min() * (1 + 2 * tol) and np.ptp(waits) <= max(1, .15 * every) and n - 1 - t[-1] <= waits.max() + 1:
        return dict(pattern="periodic", every=float(every), size=float(s.mean()))
    return table(y, s, t, j, tol) or (table(y, s[1:], t[1:], j[1:], tol) if J > 3 else None)


def table(y, s, t, j, tol):
    n = len(y); J = len(j); f = s[1:] / s[:-1]
    if f.min() < 1.05 or f.max() / f.min() > 1.02 + 2 * tol:
        return None
    level = y[j]; slope, base = np.polyfit(t, level, 1); slack = slope + .03 * (level[-1] - level[0])
    if slope > 0 and np.abs(level - base - slope * t).max() <= slack and base + slope * (n - 1) <= y[-1] + slack:
        return dict(pattern="geometric", factor=float((s[-1] / s[0]) ** (1 / (J - 1))), filling=float(slope))
    return None


def trailing_plateau(y):
    d = np.diff(y); up, down = d[d > 0].sum(), -d[d < 0].sum(); hi = np.flatnonzero(d > 0)
    if len(hi) < 8 or down > .02 * (up + down) or d.sum() ** 2 < 8 * (d @ d):
        return 0
    plateau = len(d) - 1 - hi[-1]
    return int(plateau) if 2 <= plateau < np.diff(hi).max() else 0


def families(n, rng):
    t = np.arange(n); u = t / n; noise = lambda s: rng.standard_normal(n) * s
    base = float(10 ** rng.uniform(4.5, 7.5)); g = base * float(10 ** rng.uniform(-1, .3)); f = rng.uniform(2.2, 8)
    wave = np.maximum(-.6, np.sin(2 * math.pi * f * u)) + .3 * np.sin(4 * math.pi * f * u + 1)
    yield "line", base + g * u
    yield "white noise", base + noise(g / 10)
    yield "random walk", base + np.cumsum(noise(g / n))
    yield "wave", base + g * wave + noise(g / 20)
    yield "leak under a wave", base + g * u + g / 2 * wave + noise(g / 20)
    p = max(3, round(n * rng.uniform(.05, .2)))
    yield "sawtooth", base + g * (t % p) / p + noise(g / 100)
    yield "leak under a sawtooth", base + g * u + g / 2 * (t % p) / p
    k = int(rng.integers(2, max(3, n // 4)))
    yield "every k-th", base + round(g / n * k) * ((t + int(rng.integers(0, k))) // k)
    factor = rng.choice([1.5, 2.0]); items = rng.uniform(.02, 1) + u * rng.uniform(2, 12)
    yield "table", base * (.2 + factor ** np.ceil(np.log(items) / math.log(factor)))
    yield "steps", base + g * np.searchsorted(np.sort(rng.uniform(0, .8, 3)), u) * rng.uniform(.5, 1)
    on = np.cumsum(rng.random(n) < .15) % 2 == 0
    yield "bursts", base + np.cumsum(on * rng.uniform(.5, 1.5, n)) * g / n


def main():
    rng = np.random.default_rng(20261123); out = []
    for n in (8, 12, 20, 40, 90, 120, 121, 250, 600):
        for name, y in families(n, rng):
            half = 0.
            if rng.random() < .3:
                y = np.rint(y / 1024) * 1024; half = 512.
            y = np.rint(y)
            out.append(dict(name="%s, n = %d" % (name, n), half_width=half, cycle=cycle(y), lower_envelope=lower_envelope(y),
                            step_pattern=step_pattern(y, half), trailing_plateau=trailing_plateau(y), y=[int(v) for v in y]))
    text = "[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in out) + "\n]\n"
    (Path(__file__).parent / "transforms.json").write_text(text)
    count = lambda key: sum(bool(c[key]) for c in out)
    print(len(out), "series,", len(text), "bytes;", ", ".join("%s %d" % (k, count(k)) for k in ("cycle", "lower_envelope", "step_pattern", "trailing_plateau")))


if __name__ == "__main__":
    main()
