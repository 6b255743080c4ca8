#!/usr/bin/env bash
# Builds the site of docs/ in target/book/site, and repeats the run of Python that docs/tutorial.md shows.
# Installs mdBook into target/book if it is not in PATH, which takes some minutes once; needs Python 3 with venv.
set -euo pipefail
cd "$(dirname "$0")/../.."
root=$PWD/target/book
mkdir -p "$root"

step() { printf -- '-- %s\n' "$*"; }

PATH=$PATH:$root/bin
if ! command -v mdbook > /dev/null; then
  step 'mdBook'
  CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_RELEASE_OPT_LEVEL=1 \
    cargo install mdbook --version 0.5.4 --locked --quiet --root "$root" --target-dir "$root/build"
  rm -rf "$root/build"
fi

step 'the site'
rm -rf "$root/site"
mdbook build 2> "$root/mdbook.txt" || { cat "$root/mdbook.txt"; exit 1; }
if grep -E 'WARN|ERROR' "$root/mdbook.txt"; then exit 1; fi
python3 tests/book/site_links.py "$root/site"

step 'who holds the sessions (docs/tutorial.md)'
[ -x "$root/venv/bin/pip" ] || python3 -m venv --clear "$root/venv"
"$root/venv/bin/pip" install --quiet --disable-pip-version-check 'objgraph==3.7.0'
shown() { sed -n '/<!-- holders -->/,/<!-- \/holders -->/p' docs/tutorial.md | sed '/^<!--/d; /^```/d; /^\$ /d'; }
PYTHONDONTWRITEBYTECODE=1 "$root/venv/bin/python" docs/tutorial/holders.py | diff -u <(shown) -
# After the fix nothing stays.
rm -rf "$root/fixed" && mkdir "$root/fixed"
cp docs/tutorial/holders.py docs/tutorial/service.py "$root/fixed"
patch --silent "$root/fixed/service.py" docs/tutorial/fix.diff
"$root/venv/bin/python" "$root/fixed/holders.py" | diff -u <(echo '0 sessions after 50 answers') -
