#!/usr/bin/env bash
# Builds the wheel and the source distribution into FOLDER, installs each into a fresh environment, and runs what is in it:
# packaging/check_wheel.sh FOLDER
# Needs maturin, twine and pre-commit in PATH (packaging/requirements.txt, tests/recipes/requirements.txt), git and cargo.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$1"
wheels=$(cd "$1" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_QUIET=1
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)

step() { printf -- '-- %s\n' "$*"; }

# Runs what a wheel installs: the program, the package that finds it, and the module that records.
try() {
  local environment=$1 recording=$work/recorded
  rm -rf "$recording"
  (
    cd "$work"
    test "$("$environment/bin/leakdiff" --version)" = "leakdiff $version"
    test "$("$environment/bin/python" -m leakdiff --version)" = "leakdiff $version"
    "$environment/bin/leakdiff" "$root/fixtures/rss-report/blog.txt" | grep -q 'RssAnon grows'
    code=0
    "$environment/bin/python" -m leakdiff --check "$root/fixtures/rss-report/blog.txt" > /dev/null || code=$?
    test "$code" = 1
    "$environment/bin/python" -m leakdiff_record --help > /dev/null
    "$environment/bin/python" - "$recording" << 'PYTHON'
import sys, time
import leakdiff_record

leakdiff_record.start(sys.argv[1], every=0.1, frames=2)
kept = []
for _ in range(30):
    kept.append(bytearray(100_000))
    time.sleep(0.05)
leakdiff_record.stop()
PYTHON
    "$environment/bin/leakdiff" "$recording" --top 0 | grep -q '<stdin>:7'
  )
}

step 'the wheel and the source distribution'
rm -f "$wheels"/leakdiff-*
# maturin builds the wheel from the source distribution, in a folder of its own. What cargo built of the same files
# already is not built again; a file that the distribution lacks is missed all the same, since cargo looks for each.
export CARGO_TARGET_DIR=$root/target
(cd "$root" && maturin build --release --quiet --sdist --out "$wheels" --compatibility linux)
twine check --strict "$wheels"/leakdiff-*
ls -l "$wheels"

step 'the files of the source distribution are those of the repository'
mkdir "$work/source"
tar -xzf "$wheels/leakdiff-$version.tar.gz" -C "$work/source"
(cd "$work/source/leakdiff-$version" && find . -type f ! -name PKG-INFO -print0 | xargs -0 -I {} cmp {} "$root/{}")

step 'the wheel in a fresh environment'
python3 -m venv "$work/of-wheel"
"$work/of-wheel/bin/pip" install --no-index --find-links "$wheels" leakdiff
try "$work/of-wheel"

step 'the program of a folder that is no environment'
"$work/of-wheel/bin/pip" install --no-index --find-links "$wheels" --target "$work/folder" leakdiff
test "$(PYTHONPATH=$work/folder python3 -m leakdiff --version)" = "leakdiff $version"

step 'the source distribution, built where the repository is not'
python3 -m venv "$work/of-source"
"$work/of-source/bin/pip" install "$wheels/leakdiff-$version.tar.gz"
try "$work/of-source"

step 'the hook of pre-commit that brings the wheel'
mkdir "$work/hook" "$work/repository"
cp -r "$root/packaging/pre-commit/." "$work/hook/"
(
  cd "$work/hook"
  git init -q . && git add -A && git -c user.name=n -c user.email=e commit -qm hook
  cd "$work/repository"
  mkdir recordings
  cp "$root/fixtures/recordings/re-cache/report.txt" recordings/
  git init -q . && git add -A
  printf 'repos:\n  - repo: %s\n    rev: %s\n    hooks:\n      - id: leakdiff\n        args: [recordings/]\n' \
    "$work/hook" "$(git -C "$work/hook" rev-parse HEAD)" > .pre-commit-config.yaml
  git add -A
  export PRE_COMMIT_HOME=$work/hooks PIP_FIND_LINKS=$wheels
  pre-commit run --all-files
  cp "$root/fixtures/recordings/openstack-atexit/report.txt" recordings/
  git add -A
  if pre-commit run --all-files > "$work/found.txt"; then echo 'the hook let growth pass'; exit 1; fi
  grep -q process-growing "$work/found.txt"
)
printf 'the wheel works\n'
