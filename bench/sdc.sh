#!/bin/sh
# Disclosure control: time, memory and hidden cells on the published instances, one thread, width 3.
#
# Peer: R GaussSuppression (exact protection only, no intervals), single runs on a quiet machine of this
# kind: g540 5,524 partners in 148 s, 416 MiB; c373 3,824 in 52 s.  Times are of the processor (user + system),
# so that a loaded machine does not count.  g3700 and the sparse city are made by make_sdc_city.py.
set -eu
cd "$(dirname "$0")/.."
KEKIZ=${KEKIZ:-$PWD/build/kekiz}
data=${KZ_SHARED:-$PWD/../shared}/data/microdata
seed=${SEED:-1}
work=$(mktemp -d "${TMPDIR:-/tmp}/kekiz-sdc.XXXXXX")
trap 'rm -rf "$work"' EXIT
[ -e "$data/sdc_g540.csv" ] || { echo "# sdc: no $data here"; exit 1; }
# quarter, Stadtteil, Bezirk stand in the columns of the city
awk -F, 'NR == 1 { print "code,parent"; next } !($1 in q) { q[$1]; print $1 "," $2 }
    !($2 in s) { s[$2]; print $2 "," $3 } !($3 in b) { b[$3]; print $3 ",Total" }' \
    "$data/sdc_city373.csv" > "$work/c373_hier.csv"
python3 bench/make_sdc_city.py 3700 "$work/g3700.csv" "$work/g3700_hier.csv" --seed "$seed"
python3 bench/make_sdc_city.py 540 "$work/sparse.csv" "$work/sparse_hier.csv" --seed "$seed" --mean 20

timed() { # NAME COMMAND…: processor seconds and peak MiB into NAME.time, NAME.memory
    into=$work/$1
    shift
    python3 - "$into" "$@" << 'END'
import resource, subprocess, sys
code = subprocess.run(sys.argv[2:], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
open(sys.argv[1] + ".time", "w").write(f"{used.ru_utime + used.ru_stime:.2f}")
open(sys.argv[1] + ".memory", "w").write(f"{used.ru_maxrss / 1024:.1f}")
sys.exit(code)
END
}
instance() { # NAME FILE HIER COUNT MIN BUDGET_SECONDS BUDGET_PARTNERS BUDGET_MIB BUDGET_AUDIT OPTIONS…
    name=$1 file=$2 hier=$3 count=$4 min=$5 seconds=$6 partners=$7 mib=$8 bounds=$9
    shift 9
    set -- sdc protect "$file" --count "$count" --dim "q=$hier" --dim age --dim mig --dim sgb --min "$min" --threads 1 "$@"
    timed plain "$KEKIZ" "$@" -o "$work/out.csv"
    memory=$(cat "$work/plain.memory")
    timed cert "$KEKIZ" "$@" -o "$work/out.csv" --certificate "$work/cert.csv"
    found=$(awk -F, '{ v[$NF]++ } END { print v["exact"] + 0 " exact, " v["narrow"] + 0 " narrow" }' "$work/cert.csv")
    awk -F, -v t="$(cat "$work/plain.time")" -v c="$(cat "$work/cert.time")" -v m="$memory" -v name="$name" \
        -v bt="$seconds" -v bp="$partners" -v bm="$mib" -v ba="$bounds" -v found="$found" '
        $6 == "primary" { p++ } $6 == "secondary" { s++ }
        END {
            printf("sdc_%s_time\t%s\ts\t%s\t%d cells, %d primary, one thread, all files read and written\n", name, t, bt, NR - 1, p)
            printf("sdc_%s_partners\t%d\tcells\t%s\t%s\n", name, s, bp, found)
            printf("sdc_%s_memory\t%s\tMiB\t%s\tpeak\n", name, m, bm)
            printf("sdc_%s_bounds\t%.2f\ts\t%s\texact bounds of every hidden cell\n", name, c - t < 0 ? 0 : c - t, ba)
        }' "$work/out.csv"
}
instance g540 "$data/sdc_g540.csv" "$data/sdc_g540_hier.csv" n 3 1.5 4971 32 0.3
if /usr/bin/python3 -c 'import scipy' 2> /dev/null; then
    # shellcheck disable=SC2046 # four numbers
    set -- $(/usr/bin/python3 bench/sdc_attack.py "$work/out.csv" "$data/sdc_g540_hier.csv" "$work/cert.csv" 20)
    printf 'sdc_g540_attack\t%s\tcells\t0\tHiGHS on %s cells: %s exact, %s narrow, %s other bounds than certified\n' \
        "$(($2 + $3 + $4))" "$1" "$2" "$3" "$4"
fi
timed threads "$KEKIZ" sdc protect "$data/sdc_g540.csv" --count n --dim "q=$data/sdc_g540_hier.csv" --dim age \
    --dim mig --dim sgb --threads 2 -o "$work/two.csv"
printf 'sdc_g540_same_bytes\t%s\t\t0\tone and two threads\n' "$(cmp -s "$work/out.csv" "$work/two.csv" && echo 0 || echo 1)"
instance c373 "$data/sdc_city373.csv" "$work/c373_hier.csv" freq 4 2 3700 32 0.3
instance g3700 "$work/g3700.csv" "$work/g3700_hier.csv" n 3 6 "" 100 2
instance sparse "$work/sparse.csv" "$work/sparse_hier.csv" n 3 "" "" "" ""
