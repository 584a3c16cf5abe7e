#!/bin/sh
# hidden.sh - what a table of the agency hides has bounds inside, and nothing of them is ever public.
. "$(dirname "$0")/lib.sh"
t_need_command python3
export KEKIZ_WORKSPACE="$T_DIR/w"
"$KEKIZ" init w --name Dorf --key 05315000 2> /dev/null
python3 - << 'PY'
import json
def square(w, **p):
    ring = [[w, 51], [w + .1, 51], [w + .1, 51.1], [w, 51.1], [w, 51]]
    return {"type": "Feature", "properties": p, "geometry": {"type": "Polygon", "coordinates": [ring]}}
json.dump({"type": "FeatureCollection", "features": [square(7, nr="1", name="Nord"), square(8, nr="2", name="Süd")]}, open("b.geojson", "w"))
json.dump({"type": "FeatureCollection", "features": [square(7 + i * .1, nr="%02d" % i, name="Gebiet %02d" % i, bezirk="1" if i < 4 else "2") for i in range(1, 7)]},
          open("s.geojson", "w"))
PY
"$KEKIZ" area import b.geojson --level Stadtbezirk --key nr --name name 2> /dev/null
"$KEKIZ" area import s.geojson --level Stadtteil --key nr --name name --parent bezirk 2> /dev/null
cat > but.map << 'END'
[datei]
quelle = but-tabelle
aufbau = breit
[spalten]
gebiet = Nr
zeitraum = Jahr
[zeitraum]
form = jahr
stichtag = 31.12.
[zahlen]
dezimalzeichen = komma
tabellenzeichen = amtlich
[gebiete]
B? = stadtbezirk:?
* = stadtteil:*
[wertspalten]
Anspruch = but_entitled
Essen = but_lunch
Fahrten = but_trip
Lernen = but_learning
Kultur = but_culture
Bedarf = but_supplies
END
cat > but.csv << 'END'
Nr;Jahr;Anspruch;Essen;Fahrten;Lernen;Kultur;Bedarf
01;2024;400;120;10;10;10;50
02;2024;200;*;10;10;10;50
03;2024;250;70;10;10;10;50
04;2024;300;*;10;10;10;50
05;2024;100;20;10;10;10;50
06;2024;50;20;10;10;10;*
B1;2024;900;220;30;30;30;150
END
t_ok "a table with *" "$KEKIZ" import but.csv --source but-tabelle --map but.map --accept-warnings
t_ok "the cells inside" "$KEKIZ" get but --as internal --group Total
line() { # KEY NAME: value,lo,hi,state
    python3 -c 'import csv, sys
short = lambda x: x and "%.6g" % float(x)
print(*[",".join((r["value"], short(r["lo"]), short(r["hi"]), r["state"])) for r in csv.DictReader(open(sys.argv[1])) if r["area"] == sys.argv[2]])' "$T_OUT" "$1"
}
# 02: of 220 in Nord 120 and 70 are elsewhere, so at most 30 of 200: (0 … 30 + 80) / 200.
t_is "what is left of the area above is the most" "$(line 02)" ",0.4,0.55,hidden"
# 04: nothing above; but whoever has lunch is entitled, and those are 300: (0 … 300 + 80) / 300.
t_is "or the measure that it is part of" "$(line 04)" ",0.266667,1.26667,hidden"
t_is "below the minimum there is nothing to bound" "$(line 06)" ",,,hidden"
# Süd has no number of its own: 300 + 100 + 50 entitled, lunch 40 … 340, supplies 100 … 150, others 90.
# lo (40 + 90 + 100) / 450, hi (340 + 90 + 150) / 450
t_is "a sum of hidden parts has the bounds of the sum" "$(line 2)" ",0.511111,1.28889,hidden"
t_ok "explain" "$KEKIZ" explain but stadtteil:02 2024
t_out "but_lunch (0–30)" "the hidden count is a span"
t_out "Schranken" "in words"
t_out "Zahl des übergeordneten Gebiets" "and where the upper end comes from"
t_ok "explain the other" "$KEKIZ" explain but stadtteil:04 2024
t_out "Teil einer anderen Zahl" "a part of another measure"
t_ok "explain the sum" "$KEKIZ" explain but stadtbezirk:2 2024
t_out "Summe der Teilgebiete" "a sum of areas"

# Outside nobody learns any of it: not from the release, its export, release.db, a public CSV or a page.
"$KEKIZ" user add anna --role statistik > /dev/null 2>&1
"$KEKIZ" user add bernd --role freigabe > /dev/null 2>&1
t_ok "a draft" "$KEKIZ" release draft r --by anna --indicator but
t_ok "protected" "$KEKIZ" release protect r
t_ok "exported" "$KEKIZ" release export r out
t_ok "published" "$KEKIZ" release publish r --approve bernd
t_ok "the public's cells" "$KEKIZ" get but --as public
cp "$T_OUT" public.csv
t_serve w
t_ok "the page's CSV" curl -sf "$T_URL/thema/but.csv"
cp "$T_OUT" page.csv
t_ok "the page" curl -sf "$T_URL/thema/but?stufe=stadtteil"
t_free_of "$T_OUT" "0,55" "has no upper end"
t_free_of "$T_OUT" "55 " "in no form"
python3 - << 'PY' > left
import csv, sqlite3
def bare(name):
    rows = [r for r in csv.DictReader(open(name)) if r["state"] == "hidden"]
    return len(rows) >= 4 and not any(r[c] for r in rows for c in r if c in ("value", "lo", "hi", "smoothed", "smoothed_lo", "smoothed_hi"))
def ends(db, table):
    return sqlite3.connect("file:w/%s.db?mode=ro" % db, uri=True).execute(
        "SELECT COUNT(*), SUM(value IS NOT NULL OR lo IS NOT NULL OR hi IS NOT NULL) FROM %s WHERE state = 3" % table).fetchone()
inside, drafted, public = ends("work", "cell"), ends("work", "release_cell"), ends("release", "cell")
print(inside[1] >= 3, drafted[0] >= 4 and drafted[1] == 0, public[0] >= 4 and public[1] == 0, *[bare(n) for n in ("out/but.csv", "public.csv", "page.csv")])
PY
t_is "inside there are bounds; none in release, release.db, export, public and page CSV" "$(cat left)" "True True True True True True"
t_done
