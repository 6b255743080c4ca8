#!/usr/bin/env python3
"""Holds forecasts of resident memory against what came: check_forecasts.py LEAKDIFF CORPUS

Each case of the corpus has a report of 40 samples and the whole recording of the same process. Of each metric that
leakdiff calls growing after 40 samples, the size that its forecast predicts is held against the size that the whole
recording has at that time. Prints, for each horizon in lengths of the report, how often the size lies within the
interval, above and below it; and the same of the processes that kept growing: those that gained at least half of the
prediction in that time. That growth may stop is what the probability says, not the interval.
"""
import json
import re
import subprocess
import sys
from pathlib import Path

HORIZONS = (0.5, 1, 2, 4)


def samples(text):
    """The sizes in bytes of each metric, in the order of the report."""
    sizes = {}
    for name, kilobytes in re.findall(r"^(\w+):\s+(\d+) kB", text, re.M):
        sizes.setdefault(name, []).append(int(kilobytes) * 1024)
    return sizes


def main():
    leakdiff, corpus = sys.argv[1], Path(sys.argv[2])
    found = {horizon: [0, 0, 0] for horizon in HORIZONS}
    went_on = {horizon: [0, 0] for horizon in HORIZONS}
    relative = []
    for case in sorted(corpus.iterdir()):
        report, whole = case / "prefix" / "report.txt", case / "report-full.txt"
        truth = case / "truth.json"
        if not report.exists() or not whole.exists():
            continue
        if json.loads(truth.read_text()).get("verdict_doubtful"):
            continue
        out = subprocess.run([leakdiff, "--no-config", "--format", "json", report], capture_output=True, check=False)
        future = samples(whole.read_text())
        for row in json.loads(out.stdout)["processes"]:
            forecast, actual = row["forecast"], future.get(row["metric"])
            if not forecast or not actual or not row["leading"] or row["duration_seconds"] in (None, 0):
                continue
            n = row["samples"]
            step = row["duration_seconds"] / (n - 1)
            for horizon in HORIZONS:
                at = n - 1 + round(horizon * (n - 1))
                if at >= len(actual):
                    continue
                days = (at - n + 1) * step / 86400
                rate = forecast["per_day_bytes"]
                low, value, high = (row["last_bytes"] + rate[key] * days for key in ("low", "value", "high"))
                if actual[at] - row["last_bytes"] >= 0.5 * rate["value"] * days:
                    went_on[horizon][0 if low <= actual[at] <= high else 1] += 1
                found[horizon][0 if low <= actual[at] <= high else 1 if actual[at] > high else 2] += 1
                if "-v" in sys.argv and not low <= actual[at] <= high:
                    gained, said = actual[at] - row["last_bytes"], rate["value"] * days
                    print(f"{case.name} {row['metric']} x{horizon}: gained {gained / 1024:.0f} kB, predicted "
                          f"{said / 1024:.0f} ({rate['low'] * days / 1024:.0f} to {rate['high'] * days / 1024:.0f})")
                relative.append((high - low) / max(value - row["last_bytes"], 1))
    print("horizon  within  above  below  of  went on: within  of")
    for horizon, (within, above, below) in found.items():
        total, (kept, lost) = within + above + below, went_on[horizon]
        print(f"{horizon:7}  {within / max(total, 1):6.0%}  {above:5}  {below:5}  {total:2}"
              f"  {kept / max(kept + lost, 1):15.0%}  {kept + lost:2}")
    if relative:
        print(f"median width of the interval: {sorted(relative)[len(relative) // 2]:.2f} of the growth")


if __name__ == "__main__":
    main()
