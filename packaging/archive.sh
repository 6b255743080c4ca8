#!/usr/bin/env bash
# Packs a program that `packaging/build.sh TARGET` made: packaging/archive.sh TARGET FOLDER
# The names are those that `[package.metadata.binstall]` and action.yml expect.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$1 folder=$2
name=leakdiff-$target
program=leakdiff
case $target in *-windows-*) program=leakdiff.exe ;; esac
mkdir -p "$folder"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/$name"
cp "${CARGO_TARGET_DIR:-target}/$target/dist/$program" LICENSE-MIT LICENSE-APACHE README.md CHANGELOG.md recorder/leakdiff_record.py \
  recorder/leakdiff_record.sh "$work/$name/"
# The same files give the same bytes, where tar can do that: in order, of nobody, at the time of the commit.
same=()
if tar --version | grep -q GNU; then
  same=(--sort=name --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX "--mtime=@$(git log -1 --format=%ct)")
fi
tar -c ${same[@]+"${same[@]}"} -C "$work" "$name" | gzip -9n > "$folder/$name.tar.gz"
