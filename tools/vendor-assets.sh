#!/bin/sh
# Fetch the third-party front-end files under assets/vendor/ again and prove that they are the ones we know.
# SPDX-License-Identifier: EUPL-1.2
#
# usage: tools/vendor-assets.sh            fetch, check, write assets/vendor/kern
#        tools/vendor-assets.sh --check    only compare what stands there with the checksums
#
# Source: npm @kern-ux/native 2.7.2 (KERN UX, EUPL-1.2), Fira Sans (Mozilla, OFL-1.1) inside it.
# The fonts are copied as they are.  kern.min.css is cut by tools/kern-subset.py to the tokens and the few
# components that the pages use: 340 KB become 47 KB, no rule is changed.
set -eu
version=2.7.2
tarball_sha256=b82c23c35a198e60ee4c53c5d14911432437f03802441b7473e8d7003795adb0
cd "$(dirname "$0")/.."
to=assets/vendor/kern

check() {
    sha256sum -c --quiet tools/vendor-assets.sha256
}

if [ "${1:-}" = --check ]; then
    check
    exit
fi

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
(cd "$tmp" && npm pack --silent "@kern-ux/native@$version" > /dev/null)
echo "$tarball_sha256  $tmp/kern-ux-native-$version.tgz" | sha256sum -c --quiet
tar -xzf "$tmp/kern-ux-native-$version.tgz" -C "$tmp"

mkdir -p "$to/fonts"
python3 tools/kern-subset.py "$tmp/package/dist/kern.min.css" "$to/kern.min.css"
for weight in Light Regular Medium SemiBold; do
    install -m 644 "$tmp/package/dist/fonts/fira-sans/FiraSans-$weight.woff2" "$to/fonts/"
done
install -m 644 "$tmp/package/LICENSE.md" "$to/LICENSE.md"
check
