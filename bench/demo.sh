#!/bin/sh
# Musterstadt in full: how long its files take, how large they are, how much memory; and the whole workspace, published.
set -eu
cd "$(dirname "$0")/.."
KEKIZ=${KEKIZ:-$PWD/build/kekiz}
work=$(mktemp -d "${TMPDIR:-/tmp}/kekiz-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
line() { printf '%s\t%s\t%s\t%s\t%s\n' "$@"; }
# timed OUT COMMAND…: wall and cpu seconds, KiB at most
timed() {
    python3 - "$@" << 'PY'
import resource, subprocess, sys, time
begin = time.monotonic()
subprocess.run(sys.argv[2:], check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
r = resource.getrusage(resource.RUSAGE_CHILDREN)
open(sys.argv[1], "w").write("%.1f %.1f %d\n" % (time.monotonic() - begin, r.ru_utime + r.ru_stime, r.ru_maxrss))
PY
}
timed "$work/t" "$KEKIZ" demo --files-only "$work/files"
read -r wall cpu rss < "$work/t"
line demo_files "$wall" s "" "all deliveries of 15 years, cpu $cpu s"
line demo_files_rss $((rss / 1024)) MiB "" "most memory of it"
line demo_files_size "$(du -sm "$work/files" | cut -f1)" MB "" "$(cat "$work"/files/ewo_*.csv | wc -l) lines of residents"
rm -r "$work/files"
timed "$work/t" "$KEKIZ" demo "$work/city"
read -r wall cpu rss < "$work/t"
line demo_city "$wall" s "60" "made, brought in, computed, protected, published; cpu $cpu s; budget 60"
line demo_city_rss $((rss / 1024)) MiB "" "most memory of it"
line demo_city_size "$(du -sm "$work/city" | cut -f1)" MB "" "the workspace"
