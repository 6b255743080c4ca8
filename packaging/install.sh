#!/usr/bin/env bash
# Puts the leakdiff of this checkout into FOLDER/bin, for action.yml: packaging/install.sh FOLDER
# If the checkout is that of a release, the program is downloaded and its attestation verified; else it is built with cargo.
#
# REPOSITORY   the repository of the action, OWNER/NAME
# REF          the tag or the commit of `uses`
# GH_TOKEN     what gh may read releases with
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
folder=$1
tag=v$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)

build() {
  printf 'leakdiff is built from its source: %s\n' "$1"
  cargo install --quiet --locked --path "$root" --root "$folder"
  exit
}

case $(uname -s)-$(uname -m) in
  Linux-x86_64) target=x86_64-unknown-linux-musl ;;
  Linux-aarch64) target=aarch64-unknown-linux-musl ;;
  Darwin-x86_64) target=x86_64-apple-darwin ;;
  Darwin-arm64) target=aarch64-apple-darwin ;;
  MINGW*-x86_64 | MSYS*-x86_64) target=x86_64-pc-windows-msvc ;;
  *) build "no release has a program for $(uname -s) on $(uname -m)" ;;
esac
[ -n "${REPOSITORY:-}" ] || build 'the action is used by its path'
# A commit is pinned by those who trust no tag: the program of a release is its own only if the tag is at that commit.
if [ "${REF:-}" != "$tag" ]; then
  commit=$(gh api "repos/$REPOSITORY/commits/$tag" --jq .sha 2> /dev/null) || build "$REPOSITORY has no release $tag"
  [ "${REF:-}" = "$commit" ] || build "${REF:-the checkout} is not the commit of the release $tag"
fi

download=$(mktemp -d)
trap 'rm -rf "$download"' EXIT
archive=leakdiff-$target.tar.gz
gh release download "$tag" --repo "$REPOSITORY" --pattern "$archive" --dir "$download" || build "$archive of $tag cannot be downloaded"
# A program that nobody vouches for is neither run nor replaced by one that is built: something is wrong.
gh attestation verify "$download/$archive" --repo "$REPOSITORY" > /dev/null
mkdir -p "$folder/bin"
tar -xzf "$download/$archive" --strip-components=1 -C "$folder/bin"
printf 'leakdiff %s was downloaded, and its attestation verified\n' "$tag"
