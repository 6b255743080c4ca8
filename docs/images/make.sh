#!/bin/sh
# Makes docs/images/page.png, the HTML report of a recording that ships with leakdiff. make.sh LEAKDIFF
# Needs Chromium.
set -eu
leakdiff=$(realpath "$1")
cd "$(dirname "$0")/../.."
page=$(mktemp --directory)
trap 'rm -rf "$page"' EXIT
"$leakdiff" fixtures/recordings/shop-receipts --format html --output "$page/page.html"
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$page/profile" \
  --window-size=1440,1400 --force-device-scale-factor=0.85 --screenshot="$page/page.png" "file://$page/page.html" 2> /dev/null
mv "$page/page.png" docs/images/page.png
