#!/usr/bin/env bash
# Builds the program that is published: packaging/build.sh TARGET
# The folders of the machine are left out of it: a commit gives the same bytes wherever it is built.
set -euo pipefail
cd "$(dirname "$0")/.."
CARGO_ENCODED_RUSTFLAGS=$(printf -- '--remap-path-prefix=%s=/leakdiff\x1f--remap-path-prefix=%s=/cargo' \
  "$PWD" "${CARGO_HOME:-$HOME/.cargo}")
export CARGO_ENCODED_RUSTFLAGS
cargo build --locked --profile dist --target "$1"
