#!/bin/sh
# signs.sh - the ten official table signs are states of their own from the file to what is published.
. "$(dirname "$0")/lib.sh"
t_need_command python3
export KEKIZ_WORKSPACE="$T_DIR/w"
"$KEKIZ" init w --name Dorf --key 05315000 2> /dev/null
python3 - << 'PY'
import json
def square(i):
    w = 7 + i * .1
    ring = [[w, 51], [w + .1, 51], [w + .1, 51.1], [w, 51.1], [w, 51]]
    return {"type": "Feature", "properties": {"nr": "%02d" % i, "name": "Gebiet %02d" % i}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
json.dump({"type": "FeatureCollection", "features": [square(i) for i in range(1, 13)]}, open("areas.geojson", "w"))
PY
"$KEKIZ" area import areas.geojson --level Stadtteil --key nr --name name 2> /dev/null
cat > signs.map << 'END'
[datei]
quelle = einwohner-tabelle
aufbau = breit
[spalten]
gebiet = Nr
[zeitraum]
form = jahr
stichtag = 31.12.
[zahlen]
dezimalzeichen = komma
tabellenzeichen = amtlich
[gebiete]
* = stadtteil:*
[wertspalten]
{zeitraum} = pop
END
cat > signs.csv << 'END'
Nr;2001
01;–
02;0
03;.
04;…
05;x
06;/
07;(12)
08;12p
09;12r
10;12s
11;250
12;*
END
WANT="zero below_unit hidden later meaningless unreliable limited preliminary revised estimated shown hidden"
t_ok "a table of the official form" "$KEKIZ" import signs.csv --source einwohner-tabelle --map signs.map
stored() {
    python3 - "$KEKIZ_WORKSPACE/work.db" << 'PY'
import sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
print(*[r[0] for r in db.execute("SELECT o.state FROM observation o JOIN area a ON a.id = o.area ORDER BY a.key")])
PY
}
t_is "each sign is a state" "$(stored)" "1 2 3 4 5 6 7 8 9 10 0 3"
t_ok "the cells" "$KEKIZ" get einwohner --level stadtteil --as internal
states() { # CSV: the states by area
    python3 -c 'import csv, sys
rows = [r for r in csv.DictReader(open(sys.argv[1])) if r["area"].startswith("stadtteil:") or r["area"][:2].isdigit()]
print(*[r["state"] for r in sorted(rows, key=lambda r: r["area"])])' "$1"
}
t_is "have them all, in their words" "$(states "$T_OUT")" "$WANT"
cp "$T_OUT" internal.csv
t_is "and a number only where there is one" "$(python3 -c 'import csv
print(*[r["numerator"] or "-" for r in sorted(csv.DictReader(open("internal.csv")), key=lambda r: r["area"])])')" \
    "0 0 - - - - 12 12 12 12 250 -"

# What was said comes back as the same signs: the states of the export are the states of the file.
python3 - << 'PY'
import csv
SIGN = {"zero": "–", "below_unit": "0", "hidden": ".", "later": "…", "meaningless": "x", "unreliable": "/", "limited": "(%s)", "preliminary": "%sp",
        "revised": "%sr", "estimated": "%ss", "shown": "%s"}
rows = sorted(csv.DictReader(open("internal.csv")), key=lambda r: r["area"])
with open("again.csv", "w") as f:
    print("Nr;2002", file=f)
    for r in rows:
        s = SIGN[r["state"]]
        print(r["area"].split(":")[-1] + ";" + (s % r["numerator"] if "%" in s else s), file=f)
PY
t_ok "an export, written with its signs, can be imported" "$KEKIZ" import again.csv --source einwohner-tabelle --map signs.map
t_is "and is the same" "$(python3 - "$KEKIZ_WORKSPACE/work.db" << 'PY'
import sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
print(db.execute("""SELECT COUNT(*) FROM observation a JOIN observation b ON a.area = b.area AND a.state = b.state AND a.value IS b.value
    WHERE a.period = 1 AND b.period = 2""").fetchone()[0])
PY
)" 12
"$KEKIZ" user add anna --role statistik 2> /dev/null
"$KEKIZ" user add berta --role freigabe 2> /dev/null
t_ok "a release of it" "$KEKIZ" release draft r --by anna --period 2001 --indicator einwohner
t_ok "is protected" "$KEKIZ" release protect r
t_ok "is published" "$KEKIZ" release publish r --approve berta
t_ok "and read in public" "$KEKIZ" get einwohner --level stadtteil --as public
cp "$T_OUT" public.csv
t_is "signs without a number stay what they are" "$(states public.csv | cut -d' ' -f4-6)" "later meaningless unreliable"
t_is "and what the source hides is hidden" "$(states public.csv | cut -d' ' -f3,12)" "hidden hidden"
t_ok "the export has the same" "$KEKIZ" release export r out
t_true "in its file" sh -c 'grep -rlq unreliable out'
t_done
