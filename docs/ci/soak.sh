#!/usr/bin/env bash
# Runs a command for a while, writes down its resident memory, and asks leakdiff whether it grows.
#
#   SAMPLES=60 PAUSE=10 LIMITS='--max-growth 1MiB/h' docs/ci/soak.sh ./my-service --port 8080
#
# The exit code is leakdiff's: 0 no findings, 1 it grows, 2 the recording could not be used.
set -euo pipefail
samples=${SAMPLES:-60} pause=${PAUSE:-10} report=${REPORT:-rss-report.txt}
read -r -a limits <<< "${LIMITS:-}"

"$@" &
process=$!
trap 'kill "$process" 2> /dev/null || true' EXIT
: > "$report"
for _ in $(seq "$samples"); do
  sleep "$pause"
  # A service that is gone has no memory: too few samples are a finding of --check.
  grep -q VmRSS "/proc/$process/status" 2> /dev/null || break
  { date -u '+%Y-%m-%dT%H:%M:%S.%NZ'; grep Rss "/proc/$process/status"; } >> "$report"
done
"${LEAKDIFF:-leakdiff}" --check ${limits[@]+"${limits[@]}"} -- "$report"
