#!/bin/sh
# Importing with full checks: tables and persons, each a CSV of ROWS (1 million; the budget is for 10) rows and 12
# columns beside DuckDB read_csv on the same file, and a workbook of 100,000 rows.  A dry run is everything but the
# writing; persons are written as well.  W="persons" measures only those.
# DuckDB comes from npm (see cube.sh); without it only our own times are printed.
set -eu
cd "$(dirname "$0")/.."
ROWS=${ROWS:-1000000}
KEKIZ=${KEKIZ:-$PWD/build/kekiz}
work=$(mktemp -d "${TMPDIR:-/tmp}/kekiz-import.XXXXXX")
trap 'rm -rf "$work"' EXIT
load() { cut -d' ' -f1 /proc/loadavg; }
line() { printf '%s\t%s\t%s\t%s\t%s\n' "$@"; }

# measure ARGS…: of an import; seconds, processor seconds, MiB of the largest process
measure() {
    python3 - "$KEKIZ" --workspace "$work/w" import "$@" << 'PY'
import resource, subprocess, sys, time
at = time.monotonic()
subprocess.run(sys.argv[1:], check=True, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{time.monotonic() - at:.2f} {used.ru_utime + used.ru_stime:.2f} {used.ru_maxrss / 1024:.0f}")
PY
}
DUCKDB_FROM=${DUCKDB_FROM:-$PWD/build/bench/duckdb}
export DUCKDB_FROM
mkdir -p "$DUCKDB_FROM"
cp bench/package.json "$DUCKDB_FROM"
if ! [ -d "$DUCKDB_FROM/node_modules/@duckdb/node-api" ]; then
    npm install --silent --ignore-scripts --no-audit --no-fund --no-package-lock --prefix "$DUCKDB_FROM" > /dev/null 2>&1 || echo "# import: no DuckDB here (npm), so no peer"
fi
# peer NAME FILE THREADS: DuckDB on the same file
peer() {
    [ -d "$DUCKDB_FROM/node_modules/@duckdb/node-api" ] || return 0
    node bench/import_duckdb.mjs "$2" "$3" > "$work/times"
    read -r peer peer_cpu peer_mib < "$work/times"
    line "$1" "$peer" s "" "read_csv into a table, $3 thread(s), cpu $peer_cpu s, $peer_mib MiB; no areas, codes or sums, load $(load)"
}

tables() {
    PYTHONPATH=test/cli PYTHONDONTWRITEBYTECODE=1 python3 bench/import_make.py "$work" "$ROWS"
    "$KEKIZ" init "$work/w" --name Bench --key 05315000 2> /dev/null
    "$KEKIZ" --workspace "$work/w" area import "$work/areas.geojson" --level Stadtteil --key nr --name name 2> /dev/null
    measure "$work/rows.xlsx" --source einwohner-tabelle --map "$work/bench.map" --dry-run > "$work/times"
    read -r wall cpu mib < "$work/times"
    line import_xlsx "$wall" s 5 "100,000 rows, 12 columns, cpu $cpu s, load $(load)"
    line import_xlsx_memory "$mib" MiB 256 "the larger of kekiz and kekiz-sheet"
    measure "$work/rows.csv" --source einwohner-tabelle --map "$work/bench.map" --dry-run > "$work/times"
    read -r wall cpu mib < "$work/times"
    line import_csv "$wall" s "" "$ROWS rows, 12 columns, cpu $cpu s, $mib MiB, load $(load)"
    peer import_csv_duckdb "$work/rows.csv" 1
    rm -rf "$work/w" "$work/rows.csv"
}

persons() {
    python3 bench/import_persons_make.py "$work" "$ROWS"
    "$KEKIZ" init "$work/w" --name Bench --key 05315000 2> /dev/null
    "$KEKIZ" --workspace "$work/w" area import "$work/areas.geojson" --level Viertel --key nr --name name 2> /dev/null
    "$KEKIZ" --workspace "$work/w" area gazetteer "$work/houses.csv" --level Viertel 2> /dev/null
    cat "$work/ewo.csv" > /dev/null # both read it from memory
    measure "$work/ewo.csv" --source ewo --period 2024 --dry-run > "$work/times"
    read -r wall cpu mib < "$work/times"
    line import_persons "$wall" s "" "$ROWS rows, 12 columns, checked, $(nproc) threads, cpu $cpu s, $mib MiB, load $(load)"
    peer import_persons_duckdb "$work/ewo.csv" "$(nproc)"
    measure "$work/ewo.csv" --source ewo --period 2024 --accept-warnings > "$work/times"
    read -r wall cpu mib < "$work/times"
    line import_persons_stored "$wall" s "" "the same, written and counted, cpu $cpu s, $mib MiB, load $(load)"
}

for what in ${W:-tables persons}; do
    "$what"
done
