#!/bin/sh
# What a question costs: 53 conditions by 400 areas in one pass over ROWS (10 million) rows of 30 columns, beside DuckDB
# in the same run, cells compared; and all indicators of Musterstadt, 15 years, from person rows to stored cells.
#
# `wall` counts on a quiet machine, `cpu` is the time of all threads and the fairer one when others work, too.
# CITY= (empty) leaves out the city, ROWS=0 the rows.
set -eu
cd "$(dirname "$0")/.."
ROWS=${ROWS:-10000000}
CITY=${CITY-city}
KEKIZ=${KEKIZ:-$PWD/build/kekiz}
work=$(mktemp -d "${TMPDIR:-/tmp}/kekiz-compute.XXXXXX")
trap 'rm -rf "$work"' EXIT
ninja -C build --quiet bench/bench_cube bench/bench_compute > /dev/null
line() { printf '%s\t%s\t%s\t%s\t%s\n' "$@"; }
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf("%.1f", a / b) }'; }
load() { cut -d' ' -f1 /proc/loadavg; }

# Questions as indicators ask them: ages, a few codes, joined; the same text is a condition of ours and of SQL.
awk 'BEGIN {
    for (i = 0; i < 53; i++) {
        from = i % 15; to = from + 1 + i % 3; ages = from
        for (a = from + 1; a <= to; a++) ages = ages ", " a
        q = "age in (" ages ")"
        if (i % 2) q = q " and sex = " i % 4 / 2 % 2
        if (i % 5 == 1) q = q " and origin != " i % 6
        if (i % 7 == 2) q = q " and (status = 1 or status = " 2 + i % 3 ")"
        if (i % 11 == 3) q = q " and not (origin in (0, 1) or year < 100)"
        gsub(/ or year < 100/, " or year in (0, 1, 2)", q)
        gsub(/sex = 0\.5/, "sex = 0", q); gsub(/sex = 1\.5/, "sex = 1", q)
        print q
    }
}' > "$work/questions"

if [ "$ROWS" -gt 0 ]; then
    DUCKDB_FROM=$PWD/build/bench/duckdb
    export DUCKDB_FROM
    mkdir -p "$DUCKDB_FROM"
    cp bench/package.json "$DUCKDB_FROM"
    duckdb=yes
    [ -d "$DUCKDB_FROM/node_modules/@duckdb/node-api" ] ||
        (cd "$DUCKDB_FROM" && npm install --ignore-scripts --no-audit --no-fund --no-package-lock) > /dev/null 2>&1 ||
        duckdb=
    [ -n "$duckdb" ] || echo "# compute: no DuckDB here (npm), so no peer"
    build/bench/bench_cube make "$ROWS" 30 "${SEED:-1}" "$work"
    build/bench/bench_compute "$work" "$work/questions" "$work/ours" > "$work/times"
    read -r wall cpu nodes < "$work/times"
    line compute_questions_t1 "$wall" s "" "53 questions × 400 areas, $ROWS rows, $nodes steps, cpu $cpu s, load $(load)"
    for threads in 1 2; do
        [ -n "$duckdb" ] || continue
        node bench/compute_duckdb.mjs "$work" "$threads" "$work/questions" "$work/peer" > "$work/times"
        read -r peer_wall peer_cpu < "$work/times"
        same=equal
        LC_ALL=C sort "$work/ours" > "$work/ours.sorted"
        LC_ALL=C sort "$work/peer" | cmp -s - "$work/ours.sorted" || same=DIFFERENT
        line "compute_questions_wall_ratio_t$threads" "$(ratio "$peer_wall" "$wall")" "×" "" \
            "DuckDB $peer_wall s with $threads threads, we one; cells $same, load $(load)"
        line "compute_questions_cpu_ratio_t$threads" "$(ratio "$peer_cpu" "$cpu")" "×" "" "DuckDB $peer_cpu s of all threads"
        [ $same = equal ] || exit 1
    done
fi

[ -n "$CITY" ] || exit 0
"$KEKIZ" demo "$work/city" --size city > /dev/null 2>&1 || { echo "# compute: no Musterstadt"; exit 0; }
for threads in 1 2; do
    start=$(date +%s.%N)
    "$KEKIZ" --workspace "$work/city" compute --threads $threads 2> "$work/said" || exit 1
    wall=$(awk -v a="$start" -v b="$(date +%s.%N)" 'BEGIN { printf("%.2f", b - a) }')
    line "compute_city_t$threads" "$wall" s 5 "$(tr '\n' ' ' < "$work/said" | sed 's/kekiz: //g'), load $(load)"
done
