#!/usr/bin/env bash
# Packs a program that `cargo build --profile dist --target TARGET` made: packaging/archive.sh TARGET FOLDER
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
tar -czf "$folder/$name.tar.gz" -C "$work" "$name"
