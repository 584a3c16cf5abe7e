#!/bin/sh
# BYM2 with all marginals on one core: the program bench/bench_bym2.c.  Peers (TMB, Stan) are not
# available here; what they took on other machines stands in the note.
set -eu
cd "$(dirname "$0")/.."
build=$(dirname "${KEKIZ:-$PWD/build/kekiz}")
ninja -C "$build" bench/bench_bym2 > /dev/null
"$build/bench/bench_bym2"
