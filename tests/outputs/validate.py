#!/usr/bin/env python3
"""Holds JSON, SARIF and JUnit output of real runs, and a comparison, against their schemas.

usage: validate.py LEAKDIFF        (needs jsonschema and lxml)
"""
import json
import os
import subprocess
import sys
import tempfile

import jsonschema
from lxml import etree

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
FIXTURES = os.path.join(ROOT, "fixtures")
HOSTILE = "".join(
    f"<a href='x'>&amp;\x1b[31m]]>.py:{line}: size={900 * k} B, count={k}, average=900 B\n" if line == 1 else
    f"/srv/a b%20|é.py:{line}: size={700 * k} B, count={k}, average=700 B\nnot:0: size=4o B, count=1\n\n"
    for k in range(1, 10) for line in (1, 2))
RUNS = [
    ["rss-report/blog.txt"],
    ["rss-report/blog.txt", "--check", "--limit", "1GiB", "--within", "30d", "--min-points", "9"],
    ["recordings/openstack-atexit/report.txt", "recordings/openstack-atexit/diff.log", "--check", "--fail-on", "growing,unclear,settled"],
    ["recordings/two-rates/snapshots", "--check", "--source-root", "."],
    ["recordings/asyncio-tasks/traceback.log"],
    ["recordings/re-cache/diff.log", "--check"],
    ["tracemalloc/blog-diff.log", "--check"],
]


def load(path):
    with open(path) as file:
        return json.load(file)


def main():
    leakdiff = os.path.abspath(sys.argv[1])
    report = load(f"{ROOT}/docs/report.schema.json")
    sarif = load(f"{HERE}/sarif-2.1.0.schema.json")
    junit = etree.XMLSchema(etree.parse(f"{HERE}/junit.xsd"))

    def run(arguments, form):
        command = [leakdiff, *arguments, "--no-config", "--format", form]
        done = subprocess.run(command, cwd=FIXTURES, stdout=subprocess.PIPE, check=False)
        assert done.returncode in (0, 1), (command, done.returncode)
        return done.stdout

    checked = 0
    with tempfile.NamedTemporaryFile("w", suffix=".log") as hostile:
        hostile.write(HOSTILE)
        hostile.flush()
        for arguments in [*RUNS, [hostile.name, "--check"]]:
            jsonschema.validate(json.loads(run(arguments, "json")), report)
            log = json.loads(run(arguments, "sarif"))
            jsonschema.validate(log, sarif)
            for result in log["runs"][0]["results"]:
                assert result["locations"] and result["partialFingerprints"], result
            junit.assertValid(etree.fromstring(run(arguments, "junit")))
            checked += 3
    log = "recordings/re-cache/diff.log"
    compared = run(["--compare", log, "recordings/openstack-atexit/diff.log"], "json")
    jsonschema.validate(json.loads(compared), load(f"{ROOT}/docs/comparison.schema.json"))
    print(f"{checked + 1} outputs are valid")


if __name__ == "__main__":
    main()
