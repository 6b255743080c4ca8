#!/usr/bin/env python3
"""Holds a tag against what would be released under it, and writes the notes of the release.

usage: check_release.py [--tag vX.Y.Z] [--repository OWNER/NAME] [--notes FILE]

Every place that names a version must name the one of Cargo.toml. With a tag, it must be that version, CHANGELOG.md must have
a section for it, and `repository` of Cargo.toml must be the repository that releases. Needs Python 3.11.
"""
import argparse
import pathlib
import re
import sys
import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent


def places(version):
    """Yields each place that names the version: its file, the text that it must hold."""
    yield "docs/ci.md", "OWNER/leakdiff@v%s" % version
    yield "docs/ci.md", "rev: v%s" % version
    yield "docs/ci/github.yml", "OWNER/leakdiff@v%s" % version
    yield "packaging/pre-commit/pyproject.toml", '"leakdiff==%s"' % version
    yield "packaging/pre-commit/pyproject.toml", 'version = "%s"' % version


def section(changelog, version):
    """Returns the text of a version's section in a changelog; None if it has none."""
    found = re.search(r"^## %s( .*)?\n(?P<text>.*?)(?=^## |\Z)" % re.escape(version), changelog, re.DOTALL | re.MULTILINE)
    return found and found["text"].strip()


def faults(package, tag, repository):
    """Yields what keeps the tag from being released, in words."""
    version = package["version"]
    for name, text in places(version):
        if text not in (ROOT / name).read_text(encoding="utf-8"):
            yield "%s does not say %s, the version of Cargo.toml" % (name, text)
    if tag is None:
        return
    if tag != "v" + version:
        yield "the tag is %s, the version of Cargo.toml %s" % (tag, version)
    if not section((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), version):
        yield "CHANGELOG.md has no section '## %s'" % version
    wanted = "https://github.com/%s" % repository
    if package.get("repository") != wanted:
        yield "repository in Cargo.toml is %s, expected %s" % (package.get("repository"), wanted)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tag")
    parser.add_argument("--repository")
    parser.add_argument("--notes", type=pathlib.Path)
    asked = parser.parse_args()
    package = tomllib.loads((ROOT / "Cargo.toml").read_text(encoding="utf-8"))["package"]
    found = list(faults(package, asked.tag, asked.repository))
    for fault in found:
        print(fault, file=sys.stderr)
    if found:
        sys.exit(1)
    if asked.notes:
        asked.notes.write_text(section((ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), package["version"]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
