#!/bin/sh
# Local Moran with conditional permutations: 10,000 areas × 999, queen neighbours of a grid of 100 × 100.
#
# Peers on such a grid, measured on another machine of this kind: libgeoda 1.5 s, spdep 5.5 s.
set -eu
cd "$(dirname "$0")/.."
KEKIZ=${KEKIZ:-$PWD/build/kekiz}
work=$(mktemp -d "${TMPDIR:-/tmp}/kekiz-lisa.XXXXXX")
trap 'rm -rf "$work"' EXIT
python3 - "$work" "${SEED:-1}" << 'END'
import random, sys
work, seed = sys.argv[1], int(sys.argv[2])
random.seed(seed)
side = 100
with open(work + "/grid.csv", "w") as table, open(work + "/grid.gal", "w") as gal:
    table.write("area,value\n")
    gal.write(f"{side * side}\n")
    for y in range(side):
        for x in range(side):
            table.write(f"{y * side + x},{random.gauss(x * 0.02, 1):.6f}\n")
            near = [b * side + a for b in range(y - 1, y + 2) for a in range(x - 1, x + 2)
                    if (a, b) != (x, y) and 0 <= a < side and 0 <= b < side]
            gal.write(f"{y * side + x} {len(near)}\n{' '.join(map(str, near))}\n")
END
once() { # THREADS PERMUTATIONS: seconds of the whole command and of its CPUs, best of three
    python3 - "$KEKIZ" "$work" "$1" "$2" << 'END'
import resource, subprocess, sys, time
kekiz, work, threads, draws = sys.argv[1:]
def cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
best = least = 1e9
for _ in range(3):
    start, before = time.monotonic(), cpu()
    with open(f"{work}/out.{threads}", "w") as out:
        subprocess.run([kekiz, "stat", "lisa", work + "/grid.csv", "--value", "value", "--weights", work + "/grid.gal",
                        "--threads", threads, "--permutations", draws], stdout=out, check=True)
    best, least = min(best, time.monotonic() - start), min(least, cpu() - before)
print(f"{best:.3f} {least:.3f}")
END
}
for threads in 2 1; do
    budget=0.5
    [ $threads = 2 ] || budget=
    once $threads 999 > "$work/time"
    read -r whole cpu < "$work/time"
    printf 'lisa_10000x999_threads_%s\t%s\ts\t%s\twhole command, reading included; CPU %s s, load %s\n' \
        $threads "$whole" "$budget" "$cpu" "$(cut -d' ' -f1 /proc/loadavg)"
done
if cmp -s "$work/out.1" "$work/out.2"; then same=yes; else same=NO; fi
printf 'lisa_same_bytes\t%s\t\tyes\tone thread against two\n' "$same"
[ $same = yes ]
