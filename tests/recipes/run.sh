#!/usr/bin/env bash
# Runs the recipes of docs/ci.md with a program that was built: tests/recipes/run.sh PROGRAM
# Needs pytest, tox, pre-commit and PyYAML in PATH (tests/recipes/requirements.txt), and git.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
LEAKDIFF=$(cd "$(dirname "$1")" && pwd)/$(basename "$1")
export LEAKDIFF PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
PATH=$(dirname "$LEAKDIFF"):$PATH
growing=$root/fixtures/recordings/openstack-atexit/report.txt
settled=$root/fixtures/recordings/re-cache/report.txt

step() { printf -- '-- %s\n' "$*"; }
# Runs a command that must end with this code.
expect() {
  local wanted=$1 code=0
  shift
  "$@" > "$work/out.txt" 2>&1 || code=$?
  if [ "$code" != "$wanted" ]; then
    printf 'ended with %s, not with %s: %s\n' "$code" "$wanted" "$*"
    cat "$work/out.txt"
    exit 1
  fi
}

step 'files that others read are sound'
python3 - "$root" << 'PYTHON'
import pathlib, sys, yaml
root = pathlib.Path(sys.argv[1])
files = [root / "action.yml", root / ".pre-commit-hooks.yaml", root / "packaging/pre-commit/.pre-commit-hooks.yaml"]
for folder, pattern in [("docs/ci", "*.y*ml"), (".github", "*.yml")]:
    found = [*(root / folder).rglob(pattern)]
    assert found, f"no {pattern} in {folder}"
    files += found
for path in files:
    assert yaml.safe_load(path.read_text(encoding="utf-8")), path
PYTHON
expect 0 pre-commit validate-manifest "$root/.pre-commit-hooks.yaml" "$root/packaging/pre-commit/.pre-commit-hooks.yaml"
expect 0 pre-commit validate-config "$root/docs/ci/pre-commit-config.yaml"

step 'pytest: a fixture that records'
cp -r "$root/docs/ci" "$work/pytest"
expect 0 pytest -q "$work/pytest"

step 'tox'
expect 0 tox run -q -c "$work/pytest/tox.ini" -e memory

step 'a soak test in the shell'
export REPORT=$work/rss-report.txt
SAMPLES=8 PAUSE=0.1 expect 0 "$root/docs/ci/soak.sh" sleep 60
# Touched in one go, a second long: enough samples, and each is larger than the one before.
SAMPLES=20 PAUSE=0.1 expect 1 "$root/docs/ci/soak.sh" python3 -c '
import time
kept = []
while True: kept.append(b"x" * 400_000); time.sleep(0.02)'
grep -q process-growing "$work/out.txt"
SAMPLES=20 PAUSE=0.1 expect 1 "$root/docs/ci/soak.sh" sleep 0.3
grep -q too-few-points "$work/out.txt"

step 'versions agree, and what a release needs is asked for'
expect 0 python3 "$root/packaging/check_release.py"
expect 1 python3 "$root/packaging/check_release.py" --tag v9.9.9 --repository o/leakdiff
grep -q 'the tag is v9.9.9' "$work/out.txt" && grep -q "no section '## " "$work/out.txt" && grep -q 'repository in Cargo.toml' "$work/out.txt"

step 'pre-commit'
mkdir -p "$work/repository/recordings"
cp "$root/docs/ci/pre-commit-config.yaml" "$work/repository/.pre-commit-config.yaml"
cp "$settled" "$work/repository/recordings/"
cd "$work/repository"
git init -q . && git add -A
expect 0 pre-commit run --all-files
cp "$growing" recordings/report.txt && git add -A
expect 1 pre-commit run --all-files
grep -q process-growth "$work/out.txt"
cd "$root"

step 'a log on standard input, as kubectl gives it'
log=$root/fixtures/recordings/openstack-atexit/diff.log
for prefix in '' '[pod/api-7d4b9c-x2x1z/api] ' '2024-05-23T15:00:00.123456789Z '; do
  expect 1 sh -c "sed 's|^|$prefix|' '$log' | leakdiff --check -"
  grep -q site-growing "$work/out.txt"
done
expect 2 sh -c 'printf "" | leakdiff --check -'

step 'the GitLab job'
mkdir "$work/gitlab" && cp -r "$work/repository/recordings" "$work/gitlab/"
cd "$work/gitlab"
python3 -c 'import sys, yaml; print(*yaml.safe_load(open(sys.argv[1]))["leakdiff"]["script"], sep="\n")' \
  "$root/docs/ci/gitlab-ci.yml" > job.sh
expect 1 sh -e job.sh
python3 -c 'import xml.etree.ElementTree as x; assert list(x.parse("leakdiff.xml").iter("failure"))'
cd "$root"

step 'the GitHub action, its steps as GitHub runs them'
python3 - "$root/action.yml" "$work" << 'PYTHON'
import pathlib, sys, yaml
for step in yaml.safe_load(open(sys.argv[1], encoding="utf-8"))["runs"]["steps"]:
    # What is pasted into a script would be code.
    assert "${{" not in step["run"], step
    pathlib.Path(sys.argv[2], step["id"] + ".sh").write_text(step["run"], encoding="utf-8")
PYTHON

# A release, a runner and a gh that stand in for the real ones. GH says of which commit the tag is, and whether it is attested.
release=$work/release/leakdiff-$(uname -m)-unknown-linux-musl
mkdir -p "$release" "$work/stand-ins"
printf '#!/bin/sh\necho released\n' > "$release/leakdiff" && chmod +x "$release/leakdiff"
tar -czf "$release.tar.gz" -C "$work/release" "$(basename "$release")"
cat > "$work/stand-ins/gh" << 'SHELL'
#!/bin/sh
case "$1 $2" in
  'api repos/o/leakdiff/commits/v0.1.0') [ -n "$GH_COMMIT" ] && echo "$GH_COMMIT" ;;
  'release download') [ "$3 $4 $5" = 'v0.1.0 --repo o/leakdiff' ] && cp "$GH_RELEASE/$7" "$9/" ;;
  'attestation verify') [ "$GH_ATTESTED" = yes ] ;;
  *) exit 9 ;;
esac
SHELL
printf '#!/bin/sh\necho "cargo $*"\n' > "$work/stand-ins/cargo"
chmod +x "$work/stand-ins/gh" "$work/stand-ins/cargo"
# install REPOSITORY REF COMMIT-OF-THE-TAG ATTESTED
install() {
  rm -rf "$work/leakdiff"
  REPOSITORY=$1 REF=$2 GH_COMMIT=$3 GH_ATTESTED=$4 GH_RELEASE=$work/release RUNNER_TEMP=$work GITHUB_ACTION_PATH=$root \
    PATH=$work/stand-ins:$PATH bash --noprofile --norc -eo pipefail "$work/install.sh"
}
said() { grep -q "$1" "$work/out.txt"; }
expect 0 install o/leakdiff v0.1.0 '' yes && said 'attestation verified' && test "$("$work/leakdiff/bin/leakdiff")" = released
expect 0 install o/leakdiff abc123 abc123 yes && said 'attestation verified'
expect 1 install o/leakdiff v0.1.0 '' no && test ! -e "$work/leakdiff/bin/leakdiff"
expect 0 install o/leakdiff abc123 def456 yes && said 'not the commit of the release' && said '^cargo install'
expect 0 install o/leakdiff main '' yes && said 'has no release' && said '^cargo install'
expect 0 install '' '' '' yes && said 'used by its path' && said '^cargo install'
mv "$release.tar.gz" "$work/gone.tar.gz"
expect 0 install o/leakdiff v0.1.0 '' yes && said 'cannot be downloaded' && said '^cargo install'

mkdir "$work/with blank"
cp "$settled" "$work/with blank/a report.txt"
cp "$growing" "$work/with blank/growing.txt"
action() {
  PATHS=$1 ARGUMENTS=$2 FAIL=$3 BINARY=$LEAKDIFF RUNNER_TEMP=$work GITHUB_ACTION_PATH=$root \
    GITHUB_OUTPUT=$work/output.txt GITHUB_STEP_SUMMARY=$work/summary.md \
    bash --noprofile --norc -eo pipefail "$work/check.sh"
}
expect 0 action "$work/with blank/a *.txt" '' true
grep -q '^passed=true$' "$work/output.txt"
expect 1 action "$work/with blank/a report.txt
$work/with blank/growing.txt
" '--fail-on growing --min-points 6' true
grep -q '^exit-code=1$' "$work/output.txt"
grep -q '^::error' "$work/out.txt"
grep -q process-growing "$work/summary.md"
expect 0 action "$work/with blank/growing.txt" '' false
expect 2 action "$work/no such *.txt" '' false
# Nothing of an input is run.
expect 2 action "\$(touch $work/evil)" "\`touch $work/evil\`" true
test ! -e "$work/evil"

printf 'all recipes work\n'
