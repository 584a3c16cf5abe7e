#!/bin/sh
# geo_rows.sh - rows 44 to 57 of the table of bad inputs (TRUST.md b): each geometry file is repaired with a
# notice, or refused with its place; never believed, never endless, and nothing is half stored.
. "$(dirname "$0")/lib.sh"
t_need_command python3
"$KEKIZ" init empty --name Dorf --key 05315000 2> /dev/null
mkdir bad
t_ok "the files are made" python3 "$KZ_ROOT/test/cli/geo_rows.py" bad
cp "$T_OUT" list
t_true "there are many of them" test "$(grep -c . list)" -gt 90
TAB=$(printf '\t')
while IFS=$TAB read -r row file code text; do
    rm -rf w
    cp -r empty w
    t_exit "$code" "row $row: $file" timeout 60 "$KEKIZ" --workspace w area import "bad/$file" --level Stadtteil --key nr --name bez
    [ "$code" = 0 ] || t_err "bad/$file" "row $row: $file, the message names it"
    [ -z "$text" ] || t_err "$text" "row $row: $file, the message says what"
    if [ "$code" != 0 ]; then
        "$KEKIZ" --workspace w area list > areas 2> /dev/null
        t_is "row $row: $file, nothing is stored" "$(grep -c . areas)" 2
    fi
done < list

t_exit 3 "row 54: a virtual table that is asked for by name" "$KEKIZ" --workspace w area import bad/virtual.gpkg \
    --layer orte --level Stadtteil --key nr --name bez
t_err "keine Tabelle" "row 54: is not read"
for code in 1252 850 none; do
    rm -rf w
    cp -r empty w
    "$KEKIZ" --workspace w area import bad/shape_$code.shp --level Stadtteil --key nr --name bez 2> /dev/null
    t_ok "row 57: letters of shape_$code.shp" "$KEKIZ" --workspace w area list --level Stadtteil
    t_out "1,Wüst,stadtteil" "row 57: are those of its code page"
done

# row 53: bytes changed at random; the program answers each time, with a message or with what still is there
FLIPS=$(python3 - "$KEKIZ" <<'PY'
import os, random, subprocess, sys
worker = os.path.join(os.path.dirname(sys.argv[1]), "kekiz-geo")
good = open("bad/good.gpkg", "rb").read()
rng = random.Random(53)
flips, bad = int(os.environ.get("KZ_FLIPS", "150")), []
os.mkdir("flip")
for i in range(flips):
    data = bytearray(good)
    for _ in range(rng.choice((1, 1, 3, 20))):
        data[rng.randrange(len(data))] = rng.randrange(256)
    open("flip/a.gpkg", "wb").write(data)
    r = subprocess.run([worker, "flip/a.gpkg", "auto", "25832", ""], stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60)
    if r.returncode != 0 or r.stdout[-200:].count(b"E") + r.stdout[-200:].count(b"Z") == 0:
        bad.append((i, r.returncode))
print(len(bad), "of", flips, "without an answer", *bad[:3])
PY
)
t_is "row 53: no damaged GeoPackage ends the worker" "$FLIPS" "0 of ${KZ_FLIPS:-150} without an answer"
t_done
