#!/usr/bin/env python3
"""Writes growth_models.json: seeded series and what `stats::shape` and `stats::growth_models` must return for them.

Run from anywhere, with numpy and scipy installed:

    python3 tests/reference/make_growth_models.py

The formulas are written here a second time, with numpy's QR, medians and sums and without a thought for speed, so that
a slip in the Rust code shows as a difference. The same seed gives the same file (numpy 2.4, scipy 1.17).
"""
import json
import math
from pathlib import Path

import numpy as np
from scipy.signal import lfilter

# ---- the seven terms of a series' shape ------------------------------------------------------------------------------


def shape(y):
    y = np.asarray(y, float); n = len(y); m = n - 1
    if n < 3 or y.max() == y.min():
        return None
    R = y.max() - y.min(); ln_n = math.log(min(n, 100))
    x = np.arange(n) / m; xc = x - x.mean(); yc = y - y.mean()
    b = xc @ yc / (xc @ xc); r2 = 1 - ((yc - b * xc) ** 2).sum() / (yc @ yc)
    if abs(b) < 1e-12 * R:          # rounding must not decide which way a symmetric series goes
        b = 0.
    sg = 1 if b >= 0 else -1
    q = xc * xc - (xc * xc).mean(); bend = max(0, -max(-8, sg * (q @ yc) / (q @ q) / R))
    w = max(1, n // 10)

    def edge(i):
        lo = min(max(0, round(i) - w // 2), n - w)
        return float(np.median(y[lo:lo + w]))
    e = [edge(0), edge(m / 3), edge(2 * m / 3), edge(m)]; g1, g2, g3 = e[1] - e[0], e[2] - e[1], e[3] - e[2]
    rel = lambda a, c: (a - c) / (abs(a) + abs(c) + .05 * R)
    M = np.maximum.accumulate(y); hi = [t for t in range(m) if M[t + 1] > M[t]]
    pause = m - 1 - hi[-1] if hi else m; wait = (hi[-1] + 1) / len(hi) if hi else 0
    k = min(6, m)
    return dict(ln_n=ln_n, fit=float(np.sign(b)) * r2 * ln_n, overdue=max(0, math.log((pause + 1) / (wait + 1))),
                slowing=min(0, rel(g3, g2), rel(g3, g1)), bend=bend,
                parts=sum(any(M[t + 1] > M[t] for t in p) for p in np.array_split(range(m), k)) / k,
                steady=min(1, max(0, 3 * min(g2, g3) / R)))


# ---- the models: name, prior, what becomes of it, its curves ----------------------------------------------------------

PHI = {0.0: .2, 0.6: .1, 1.0: .7}
LEAST = 1e-9                        # a coefficient below this share of the series' movement has no sign


def table(t):
    """(model, prior, outlook, [(columns, corner)]); t runs from 0 to 1."""
    up = lambda a: (t >= a) * 1.0
    fill = lambda tau: 1 - np.exp(-t / tau)
    between = t[1:] - (t[1] - t[0]) / 2
    return [
        ("flat", .40, "stops", [([], None)]),
        ("shrinking", .05, "stops", [([t], None), ([fill(.3)], None)]),
        ("one-step", .15, "stops", [([up(a)], a) for a in between]),
        ("two-steps", .05, "stops", [([up(a), up(b)], None) for a in (.15, .3, .45, .6, .75) for b in (.3, .45, .6, .75, .9) if b > a]),
        ("stopped", .10, "stops", [([np.minimum(t, a)], a) for a in (.1, .2, .3, .4, .5, .6, .7, .8, .87, .93)]),
        ("ramp", .05, "stops", [([np.clip(t, a, b)], b) for a in (.15, .3, .45, .6) for b in (.6, .75, .87, .93) if b > a]),
        ("filling-cache", .12, "stops", [([fill(tau)], None) for tau in (.05, .1, .2, .3, .45)]),
        ("trickle", .05, "stops", [([np.log1p(t / .01)], None)]),
        ("slowing", .05, "undetermined", [([fill(tau)], None) for tau in (.6, .8, 1.0, 1.4)]),
        ("logarithmic", .03, "undetermined", [([np.log1p(t / a)], None) for a in (.03, .1, .3)]),
        ("leak", .25, "continues", [([t], None)]),
        ("late-leak", .08, "continues", [([np.maximum(0, t - a)], a) for a in (.15, .3, .45, .6, .75)]),
        ("warm-up-and-leak", .08, "continues", [([t, fill(tau)], None) for tau in (.03, .07, .15, .25)]),
        ("step-and-leak", .03, "continues", [([t, up(a)], None) for a in (.1, .2, .3, .4, .5, .6, .7, .8, .9)]),
        ("accelerating", .03, "continues", [([t * t], None)]),
    ]


def whiten(c, phi):
    w = c[1:] - phi * c[:-1]
    return w - w.mean() if phi < 1 else w


def posterior(c, h):
    """Weights of the outlooks, likeliest model and its corner, growth per unit of t and its variance given that it continues."""
    m = len(c); N = m - 1; t = np.arange(m) / (m - 1)
    c = c - c[0]; scale = np.abs(c).max()
    scale = scale if scale > 0 else 1.
    c = c / scale; h = h / scale
    found = []                      # (log weight, model, corner, curve number, outlook, b, variance)
    for phi, prior_phi in PHI.items():
        z = whiten(c, phi); nu = N - 1 if phi < 1 else N
        r0 = z @ z + N * h * h / 3 + 1e-18
        base = -nu / 2 * math.log(r0) - (.5 * math.log(N) if phi < 1 else 0) + math.log(prior_phi)
        for model, prior, outlook, curves in table(t):
            for number, (columns, corner) in enumerate(curves):
                lp = base + math.log(prior / len(curves)); K = len(columns); b = variance = 0.
                if K:
                    Q, R = np.linalg.qr(np.column_stack([whiten(x, phi) for x in columns]))
                    if np.abs(np.diag(R)).min() < 1e-9:
                        continue
                    q = Q.T @ z; beta = np.linalg.solve(R, q)
                    if (beta * (-1 if model == "shrinking" else 1)).min() <= LEAST:
                        continue
                    r1 = max(r0 - q @ q, 0)
                    lp += K * math.log(2) - K / 2 * math.log(1 + N) - nu / 2 * math.log((r0 + N * r1) / ((1 + N) * r0))
                    b = beta[0] * (2 if model == "accelerating" else 1)
                    variance = (np.linalg.inv(R)[0] ** 2).sum() * r1 / max(1, nu - K)
                found.append((lp, model, corner, number, outlook, b, variance))
    top = max(f[0] for f in found); total = sum(math.exp(f[0] - top) for f in found)
    by_model, by_curve, by_outlook = {}, {}, dict(continues=0., undetermined=0., stops=0.); growing = []
    for lp, model, corner, number, outlook, b, variance in found:
        w = math.exp(lp - top) / total
        by_model[model] = by_model.get(model, 0) + w; by_outlook[outlook] += w
        key = (model, number, corner); by_curve[key] = by_curve.get(key, 0) + w
        if outlook == "continues":
            growing.append((w, b, variance))
    likeliest = max(by_model, key=by_model.get)
    corner = max((k for k in by_curve if k[0] == likeliest), key=by_curve.get)[2]
    weight = sum(g[0] for g in growing); rate = variance = 0.
    if weight > 0:
        rate = sum(w * b for w, b, _ in growing) / weight
        variance = sum(w * (v + (b - rate) ** 2) for w, b, v in growing) / weight
    return by_outlook["continues"], by_outlook["undetermined"], likeliest, corner, rate * scale, variance * scale ** 2


def trim_start(y, a, b):
    n = b - a; part = y[a:b]; k = max(1, n // 10); cut = 0; span = part.max() - part.min()
    for i in range(1, k + 1):
        if part[i] - part[i - 1] > .5 * span:
            cut = i
    return (a + cut, b) if n - cut >= 5 else (a, b)


def blocks(y, most, how):
    k = max(1, math.ceil(len(y) / most)); q = len(y) // k
    return how(y[len(y) - q * k:].reshape(q, k), axis=1), k


def timing(y):
    d = np.diff(y); up = d[d > 0].sum(); down = -d[d < 0].sum()
    if up <= 0 or down > .02 * (up + down):
        return None
    E = d.sum() ** 2 / (d * d).sum(); m = min(24, len(d)); t = (np.arange(m) + .5) / m
    f = np.bincount(np.arange(len(d)) * m // len(d), np.maximum(d, 0), m) / up
    S = [("continues", .35, np.ones(m)), ("continues", .03, 2 * t)]
    S += [("continues", .016, (t > a) * 1.0) for a in (.15, .3, .45, .6, .75)]
    S += [("continues", .0133, 1 - s + s * np.exp(-t / tau) / tau) for tau in (.03, .07, .15) for s in (.3, .6)]
    S += [("stops", .04, np.exp(-t / tau)) for tau in (.05, .1, .2, .3, .45)]
    S += [("undetermined", .0125, np.exp(-t / tau)) for tau in (.6, .8, 1.0, 1.4)]
    S += [("stops", .015, 1 / (t + a)) for a in (.005, .03)] + [("undetermined", .015, 1 / (t + a)) for a in (.1, .3)]
    S += [("stops", .012, (t < a) * 1.0) for a in (.1, .2, .3, .4, .5, .6, .7, .8, .87, .93)]
    S += [("stops", .004, ((t > a) & (t < b)) * 1.0) for a in (.15, .3, .45, .6) for b in (.6, .75, .87, .93) if b > a]
    floored = [p + .02 * p.mean() + 1e-9 for _, _, p in S]; logs = [np.log(p / p.sum() * m) for p in floored]
    deviance = min(2 * E * float(sum(v * (math.log(v * m) - l) for v, l in zip(f, log) if v > 0)) for log in logs)
    E /= max(1, deviance / max(1, m - 3))
    z = [math.log(.6) - .35 * (E - 1) + .25]; outlooks = ["stops"]
    for (outlook, prior, _), log in zip(S, logs):
        z.append(math.log(prior) + E * float(f @ log)); outlooks.append(outlook)
    w = np.exp(np.array(z) - max(z)); w /= w.sum(); outlooks = np.array(outlooks)
    return w[outlooks == "continues"].sum(), w[outlooks == "undetermined"].sum()


def logit(p):
    p = min(max(p, 1e-4), 1 - 1e-4); return math.log(p / (1 - p))


sigmoid = lambda x: 1 / (1 + math.exp(-x))
calibrated = lambda raw: sigmoid(2.1 * logit(raw) + .40)


def models(y, h):
    y = np.asarray(y, float)
    if len(y) < 4:
        return None
    a, b = trim_start(y, 0, len(y)); u = y[a:b]; n = b - a
    if n < 4:
        return None
    c, k = blocks(u, 24, np.median); m = len(c); A = posterior(c, h); B = posterior(blocks(u, 12, np.min)[0], h)
    raw = sigmoid((logit(A[0]) + logit(B[0])) / 2); still_open = (A[1] + B[1]) / 2
    ev = timing(u)
    if ev:
        raw = sigmoid((logit(raw) + logit(ev[0])) / 2); still_open = (still_open + ev[1]) / 2
    d = np.diff(u); net = d.sum(); span = (m - 1) * k
    since = None if A[3] is None else (n - m * k + (k - 1) / 2 + A[3] * span) / (n - 1)
    return dict(p_continues=raw, open=min(still_open, 1 - calibrated(raw)), likeliest=A[2], since=since, rate=A[4] / span,
                rate_stderr=math.sqrt(A[5] / span ** 2 + (2 * h / math.sqrt(3) / n) ** 2), degrees=max(2, m - 2),
                used=[int(a), int(b)], effective_rises=float(net * net / (d * d).sum()) if net > 0 else 0.)


# ---- series ---------------------------------------------------------------------------------------------------------


def families(n, rng):
    t = np.arange(n); u = t / n; noise = lambda s: rng.standard_normal(n) * s
    base = float(10 ** rng.uniform(4.5, 7.5)); g = base * float(10 ** rng.uniform(-1.5, .3))
    step = max(1., round(g / n))
    yield "line", base // 1 + step * t
    yield "line down", base // 1 + step * (n - t)
    yield "leak in white noise", base + g * u + noise(g / rng.choice([3, 10, 100]))
    yield "leak in AR(0.8)", base + g * u + lfilter([1], [1, -.8], noise(g / 15))
    yield "leak every few steps", base // 1 + step * (t // int(rng.integers(2, 5)))
    yield "cache", base + g * (1 - np.exp(-u / rng.uniform(.05, .5)))
    yield "cache in noise", base + g * (1 - np.exp(-u / rng.uniform(.05, .5))) + noise(g / 50)
    yield "step", base // 1 + round(g) * (t >= n * rng.uniform(.2, .8))
    yield "staircase", base // 1 + round(g) * np.searchsorted(np.sort(rng.uniform(0, 1, 4)), u)
    yield "doubling", base // 8 * 2. ** np.ceil(np.log2(1 + 8 * u))
    yield "random walk", base + np.cumsum(noise(g / n))
    yield "white noise", base + noise(g / 10)
    yield "constant", np.full(n, base // 1)
    yield "restarts", base + 2 * base * ((u * rng.uniform(1.2, 3)) % 1) + noise(base / 100)
    yield "sawtooth", base + g * ((u * 9) % 1)
    yield "late", base + g * np.maximum(0, u - rng.uniform(.2, .7)) + noise(g / 100)
    yield "warm-up, then leak", base + g * (1 - np.exp(-u / .06)) + g * u + noise(g / 100)
    yield "ramp that stopped", base + g * np.clip(u, .2, .8)
    yield "logarithm", base + g * np.log1p(u / .1) + noise(g / 200)
    yield "start-up", base + g * u + 5 * g * (t >= 1) + noise(g / 30)


def main():
    rng = np.random.default_rng(20240611); out = []
    for n in (5, 6, 8, 12, 13, 20, 40, 100, 240, 500):
        for name, y in families(n, rng):
            rounded = rng.random() < .3; half = 0.
            if rounded:             # as a report in whole KiB
                y = np.rint(y / 1024) * 1024; half = 512.
            y = np.rint(y); rng.random()
            out.append(dict(name="%s, n = %d%s" % (name, n, ", rounded" if rounded else ""), half_width=half,
                            shape=shape(y), models=models(y, half), y=[int(v) for v in y]))
    text = "[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in out) + "\n]\n"
    (Path(__file__).parent / "growth_models.json").write_text(text)
    print(len(out), "series,", len(text), "bytes")


if __name__ == "__main__":
    main()
