#!/bin/sh
# Counting with all margins and exact persons, beside DuckDB in the same run, cells compared.
#
# ROWS (10 million) made-up rows of 30 columns, see bench_cube.c.  DuckDB comes from npm (@duckdb/node-api,
# kept in build/bench); without it only our own times are printed.  Both have their columns
# in place: a mapped segment here, a native table there.  `wall` counts on a quiet machine, `cpu` is
# the time of all threads and the fairer one when others work, too.
set -eu
cd "$(dirname "$0")/.."
ROWS=${ROWS:-10000000}
THREADS=${THREADS:-1 2}
KEKIZ=${KEKIZ:-$PWD/build/kekiz}
work=$(mktemp -d "${TMPDIR:-/tmp}/kekiz-cube.XXXXXX")
trap 'rm -rf "$work"' EXIT
ninja -C build --quiet bench/bench_cube > /dev/null
cube=$PWD/build/bench/bench_cube

DUCKDB_FROM=$PWD/build/bench/duckdb
export DUCKDB_FROM
mkdir -p "$DUCKDB_FROM"
cp bench/package.json "$DUCKDB_FROM"
duckdb=yes
[ -d "$DUCKDB_FROM/node_modules/@duckdb/node-api" ] ||
    (cd "$DUCKDB_FROM" && npm install --ignore-scripts --no-audit --no-fund --no-package-lock) > /dev/null 2>&1 || duckdb=
[ -n "$duckdb" ] || echo "# cube: no DuckDB here (npm), so no peer"

"$cube" make "$ROWS" 30 "${SEED:-1}" "$work"
line() { printf '%s\t%s\t%s\t%s\t%s\n' "$@"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf("%.1f", a / b) }'; }
load() { cut -d' ' -f1 /proc/loadavg; }

for what in base full distinct; do
    case $what in base) budget=1 ;; full) budget=8 ;; distinct) budget=20 ;; esac
    for threads in $THREADS; do
        "$cube" $what "$threads" "$work" "$work/ours" > "$work/times"
        read -r wall cpu _ < "$work/times"
        cells=$(wc -l < "$work/ours")
        line "cube_${what}_t$threads" "$wall" s "" "$ROWS rows, $cells cells, cpu $cpu s, load $(load)"
        [ -n "$duckdb" ] || continue
        node bench/cube_duckdb.mjs "$work" "$threads" $what "$work/peer" > "$work/times"
        read -r peer_wall peer_cpu < "$work/times"
        same=equal
        LC_ALL=C sort "$work/ours" > "$work/ours.sorted"
        LC_ALL=C sort "$work/peer" | cmp -s - "$work/ours.sorted" || same=DIFFERENT
        line "cube_${what}_t${threads}_wall_ratio" "$(ratio "$peer_wall" "$wall")" "×" "$budget" \
            "DuckDB $peer_wall s; cells $same, load $(load)"
        line "cube_${what}_t${threads}_cpu_ratio" "$(ratio "$peer_cpu" "$cpu")" "×" "$budget" "DuckDB $peer_cpu s of all threads"
        [ $same = equal ] || exit 1
    done
done

# The command itself, from text to text.
start=$(date +%s.%N)
"$KEKIZ" cube "$work/rows.csv" --by area,age,sex --distinct child > "$work/ours"
line cube_command "$(awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN { printf("%.2f", b - a) }')" s "" \
    "$(wc -c < "$work/rows.csv" | awk '{ printf("%.0f", $1 / 1048576) }') MiB of CSV, area × age × sex, children"
