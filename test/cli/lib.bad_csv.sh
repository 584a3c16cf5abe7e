# lib.bad_csv.sh - a village, its maps, and words for tests of bad deliveries.  For bad_csv.sh and bad_csv_more.sh.
# shellcheck shell=sh
t_need_command python3 iconv
export KEKIZ_WORKSPACE="$T_DIR/w"
export PYTHONPATH="$KZ_ROOT/test/cli" PYTHONDONTWRITEBYTECODE=1
H='Nr;Name;Jahr;Was;Zahl'

"$KEKIZ" init w --name Dorf --key 05315000 2> /dev/null
python3 - << 'PY'
import json
NAMES = {"007": "Nord", "012": "Süd", "013": "=cmd|' /C calc'!A0", "014": "<script>alert(1)</script>", "015": "%n%s%s'; DROP TABLE area",
         "016": "+1+1", "017": "@SUM(1)"}
def square(i, nr, name):
    w = 7 + i * .1
    ring = [[w, 51], [w + .1, 51], [w + .1, 51.1], [w, 51.1], [w, 51]]
    return {"type": "Feature", "properties": {"nr": nr, "name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
json.dump({"type": "FeatureCollection", "features": [square(i, *x) for i, x in enumerate(NAMES.items())]}, open("areas.geojson", "w"))
PY
"$KEKIZ" area import areas.geojson --level Stadtteil --key nr --name name 2> /dev/null

map() { # DECIMAL SIGNS
    cat << END
[datei]
quelle = einwohner-tabelle
aufbau = lang
[spalten]
gebiet = Nr
gebietsname = Name
zeitraum = Jahr
merkmal = Was
wert = Zahl
[zeitraum]
form = jahr
stichtag = 31.12.
[zahlen]
dezimalzeichen = $1
tabellenzeichen = $2
[gebiete]
000 = stadt
*   = stadtteil:*
[merkmale]
Einwohner = pop
unter 3 = age_00_03
männlich = sex_m
weiblich = sex_f
mit Migrationshintergrund = mig_total
END
}
map komma ja > komma.map
map punkt ja > punkt.map
map auto ja > auto.map
map komma nein > no_signs.map

ask() { # SQL: rows, columns parted by |
    python3 - "$KEKIZ_WORKSPACE/work.db" "$1" << 'PY'
import sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
print(*["|".join(map(str, row)) for row in db.execute(sys.argv[2])])
PY
}
dump() { # all that an undo restores
    python3 - "$KEKIZ_WORKSPACE/work.db" << 'PY'
import sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall():
    where = " WHERE state = 'applied'" if name == "import" else ""
    for row in sorted(map(repr, db.execute(f'SELECT * FROM "{name}"{where}'))):
        print(name, row)
PY
}
values() { # PERIOD: area value state
    ask "SELECT a.key, COALESCE(o.value, '-'), o.state FROM observation o JOIN period p ON p.id = o.period
        JOIN area a ON a.id = o.area WHERE p.code = '$1' ORDER BY o.measure, a.key"
}
names_of() { # KEY…
    for k; do ask "SELECT name FROM area WHERE key = '$k'"; done | tr '\n' '|' | sed 's/|$//'
}
last_import() {
    ask "SELECT MAX(id) FROM import WHERE state = 'applied'"
}
take_back() {
    "$KEKIZ" import undo "$(last_import)" 2> /dev/null
}
bring() { # FILE [OPTIONS]
    "$KEKIZ" import "$@" --source einwohner-tabelle
}
csv() { # FILE: rows from stdin below the usual header
    { echo "$H"; cat; } > "$1"
}
numbers() { # FILE VALUE…: one year a value
    n_file=$1 n_year=2100
    shift
    echo "$H" > "$n_file"
    for n_value; do
        printf '007;Nord;%s;Einwohner;%s\n' $n_year "$n_value" >> "$n_file"
        n_year=$((n_year - 1))
    done
}
complete() { # REPORT: no finding without a rule, a message and what to do now
    python3 - "$1" << 'PY'
import csv, sys
for f in csv.DictReader(open(sys.argv[1])):
    bad = [k for k in ("file", "rule", "severity", "message", "remedy") if not f[k]]
    if bad or f["message"].startswith("check.") or f["remedy"].startswith("check."):
        sys.exit(f"{f['rule']}: {bad or f['message']}")
PY
}
dump > before
# NUMBER NAME CODE FILE MAP TEXT…: ends with the code, nothing is stored, message or report have the texts
refused() {
    r_name="b$1: $2"
    t_exit "$3" "$r_name" bring "$4" --map "$5" --report found.csv
    shift 5
    cat "$T_ERR" found.csv > said
    for r_text; do t_holds said "$r_text" "$r_name: $r_text"; done
    t_free_of found.csv '{' "$r_name: every message is complete"
    t_true "$r_name: every finding has place, rule, message and remedy" complete found.csv
    dump > after
    t_true "$r_name: nothing is stored" cmp -s before after
}
