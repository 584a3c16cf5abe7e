#!/bin/sh
# Importing with full checks: a CSV of ROWS (1 million; the budget is for 10) rows and 12 columns beside DuckDB
# read_csv on the same file, and a workbook of 100,000 rows.  A dry run: everything but the writing.
# DuckDB comes from npm (see cube.sh); without it only our own times are printed.
set -eu
cd "$(dirname "$0")/.."
ROWS=${ROWS:-1000000}
KEKIZ=${KEKIZ:-$PWD/build/kekiz}
work=$(mktemp -d "${TMPDIR:-/tmp}/kekiz-import.XXXXXX")
trap 'rm -rf "$work"' EXIT
load() { cut -d' ' -f1 /proc/loadavg; }
line() { printf '%s\t%s\t%s\t%s\t%s\n' "$@"; }

PYTHONPATH=test/cli PYTHONDONTWRITEBYTECODE=1 python3 bench/import_make.py "$work" "$ROWS"
"$KEKIZ" init "$work/w" --name Bench --key 05315000 2> /dev/null
"$KEKIZ" --workspace "$work/w" area import "$work/areas.geojson" --level Stadtteil --key nr --name name 2> /dev/null

# measure FILE: seconds, processor seconds, MiB of the largest process
measure() {
    python3 - "$KEKIZ" --workspace "$work/w" import "$1" --source einwohner-tabelle --map "$work/bench.map" --dry-run << 'PY'
import resource, subprocess, sys, time
at = time.monotonic()
subprocess.run(sys.argv[1:], check=True, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{time.monotonic() - at:.2f} {used.ru_utime + used.ru_stime:.2f} {used.ru_maxrss / 1024:.0f}")
PY
}
measure "$work/rows.xlsx" > "$work/times"
read -r wall cpu mib < "$work/times"
line import_xlsx "$wall" s 5 "100,000 rows, 12 columns, cpu $cpu s, load $(load)"
line import_xlsx_memory "$mib" MiB 256 "the larger of kekiz and kekiz-sheet"
measure "$work/rows.csv" > "$work/times"
read -r wall cpu mib < "$work/times"
line import_csv "$wall" s "" "$ROWS rows, 12 columns, cpu $cpu s, $mib MiB, load $(load)"

DUCKDB_FROM=${DUCKDB_FROM:-$PWD/build/bench/duckdb}
export DUCKDB_FROM
mkdir -p "$DUCKDB_FROM"
cp bench/package.json bench/package-lock.json "$DUCKDB_FROM"
if [ -d "$DUCKDB_FROM/node_modules/@duckdb/node-api" ] || npm ci --silent --prefix "$DUCKDB_FROM" > /dev/null 2>&1; then
    node bench/import_duckdb.mjs "$work/rows.csv" > "$work/times"
    read -r peer peer_cpu < "$work/times"
    line import_csv_duckdb "$peer" s "" "read_csv into a table, one thread, cpu $peer_cpu s; without areas, measures and sums"
else
    echo "# import: no DuckDB here (npm), so no peer"
fi
