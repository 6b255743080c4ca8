#!/usr/bin/env bash
# Builds the container image around a program that is linked statically, and runs it: packaging/check_container.sh PROGRAM
# Needs buildah; no daemon and no registry.
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp "$1" "$work/leakdiff"
if file "$work/leakdiff" | grep -q 'dynamically linked'; then echo "$1 is linked dynamically"; exit 1; fi
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
buildah --root "$work/storage" --runroot "$work/run" build --quiet --file "$root/packaging/Containerfile" --tag leakdiff "$work"
container=$(buildah --root "$work/storage" --runroot "$work/run" from --pull-never leakdiff)
buildah --root "$work/storage" --runroot "$work/run" run --volume "$root/fixtures:/data:ro" "$container" -- \
  /usr/local/bin/leakdiff rss-report/blog.txt | grep 'RssAnon grows'
