#!/bin/sh
# Makes the recordings of docs/tutorial.md: five minutes under load, before and after the fix. record.sh FOLDER
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1" && cd "$1"
for version in before after; do
  mkdir -p "$version"
  cp "$here/service.py" "$here/../../recorder/leakdiff_record.py" "$version"
done
patch --silent after/service.py "$here/fix.diff"

# run VERSION PORT [FOLDER]: a service without the recorder is looked at from outside.
run() {
  python3 "$PWD/$1/service.py" "$2" ${3:+"$PWD/$1/$3"} &
  service=$!
  sleep 2
  python3 "$here/load.py" "$2" 300 &
  load=$!
  [ -n "${3:-}" ] || while kill -0 "$load" 2> /dev/null; do
    date -u
    grep -E 'Rss|Threads' "/proc/$service/status"
    sleep 5
  done > "$1/report.txt"
  wait "$load"
  kill "$service"
}
run before 8101 & run before 8102 snapshots & run after 8103 & run after 8104 snapshots &
wait

# One file a recording: the same path before and after, and nothing of this machine's control group.
for version in before after; do
  cat "$version"/snapshots/*.txt | sed -E "s|$PWD/$version/|/srv/quotes/|; /^(cgroup|memory\.)/d" |
    xz -9 --extreme > "$version-snapshots.txt.xz"
  mv "$version/report.txt" "$version-report.txt"
done
