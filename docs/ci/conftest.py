"""A fixture that records what a piece of work allocates, and asks leakdiff whether it leaves something behind.

Copy it beside your tests. The program is taken from LEAKDIFF, else from PATH.
"""

import gc
import os
import subprocess
import tracemalloc

import pytest


class Recording:
    """Snapshots of tracemalloc in a folder, one file each."""

    def __init__(self, folder):
        self.folder = str(folder)
        self.taken = 0

    def snapshot(self):
        """Writes down which lines hold how much memory now."""
        # Objects in cycles are no leak: they would go when the collector comes.
        gc.collect()
        # Recording has a footprint of its own: Python's caches keep a little for each file that is opened.
        not_ours = tracemalloc.Filter(False, __file__)
        statistics = tracemalloc.take_snapshot().filter_traces([not_ours]).statistics("lineno")
        self.taken += 1
        with open(f"{self.folder}/{self.taken:04}.txt", "w", encoding="utf-8") as out:
            out.writelines(f"{statistic}\n" for statistic in statistics)

    def repeat(self, work, times=40):
        """Does the work again and again, with a snapshot after each time. Forty snapshots decide most cases."""
        # What is made only once (imports, caches of compiled patterns) is not of interest.
        work()
        for _ in range(times):
            work()
            self.snapshot()

    def check(self, *options):
        """What `leakdiff --check` says to the recording: its exit code is 0 if there are no findings, 1 if there are."""
        program = os.environ.get("LEAKDIFF", "leakdiff")
        found = subprocess.run(
            [program, "--check", *options, "--", self.folder], capture_output=True, text=True, encoding="utf-8"
        )
        if found.returncode not in (0, 1):
            raise RuntimeError(found.stderr)
        return found


@pytest.fixture
def recording(tmp_path):
    """Traces allocations during the test."""
    folder = tmp_path / "snapshots"
    folder.mkdir()
    tracemalloc.start()
    try:
        yield Recording(folder)
    finally:
        tracemalloc.stop()
