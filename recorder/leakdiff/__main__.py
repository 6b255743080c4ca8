"""Runs leakdiff: `python -m leakdiff report.txt`."""

from leakdiff import main

if __name__ == "__main__":
    main()
