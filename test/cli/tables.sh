#!/bin/sh
# tables.sh - the tables that Musterstadt's offices deliver come in without a question.
. "$(dirname "$0")/lib.sh"
t_need_command python3
export KEKIZ_WORKSPACE="$T_DIR/w"
ask() {
    python3 - "$KEKIZ_WORKSPACE/work.db" "$1" << 'PY'
import sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
print(*["|".join(map(str, row)) for row in db.execute(sys.argv[2])])
PY
}
t_ok "the files of Musterstadt" "$KEKIZ" demo files --size small --files-only
"$KEKIZ" init w --name Musterstadt --key 05999000 2> /dev/null
"$KEKIZ" area import files/stadtbezirke.geojson --level Stadtbezirk --key nr --name name 2> /dev/null
"$KEKIZ" area import files/stadtteile.geojson --level Stadtteil --key nr --name name --parent bezirk 2> /dev/null
"$KEKIZ" area import files/viertel.geojson --level Viertel --key nr --name name --parent stadtteil 2> /dev/null
for year in 2021 2022 2023 2024; do
    for source in sgb2-tabelle but-tabelle; do
        t_ok "$source of $year" "$KEKIZ" import files/${source}_$year.csv --source $source
        t_err "an den Spalten erkannt" "$source: without a map"
    done
    t_ok "a free table of $year" "$KEKIZ" import files/frei_$year.csv --source frei --map musterstadt-frei
    t_ok "and one of the whole city" "$KEKIZ" import files/mikrozensus_$year.csv --source frei --map musterstadt-mikrozensus
done
t_ok "residents by age and origin" "$KEKIZ" import files/bevoelkerung.csv --source einwohner-tabelle
t_is "no import had a warning" "$(ask "SELECT SUM(warnings), COUNT(*) FROM import WHERE state = 'applied'")" "0|17"

# The signs of the agency are states: what is in the file is what is stored.
t_is "every * is hidden, every - a zero, every number itself" "$(python3 - "$KEKIZ_WORKSPACE/work.db" << 'PY'
import csv, sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
stored = {(a, m): (v, s) for a, m, v, s in db.execute("""SELECT a.key, m.code, o.value, o.state FROM observation o JOIN area a ON a.id = o.area
    JOIN measure m ON m.id = o.measure JOIN period p ON p.id = o.period WHERE p.code = '2024'""")}
wrong = seen = 0
rows = list(csv.DictReader(open("files/sgb2-tabelle_2024.csv", encoding="cp1252"), delimiter=";"))
codes = ["sgb2_u3", "sgb2_03_06", "sgb2_06_15", "sgb2_15_18", "sgb2_18_25", "sgb2_15_64", "unemployed", "unemployed_long", "unemployed_15_25",
         "bg", "bg_lone_parent"]
for row in rows:
    key = row["Viertel"]
    for code, text in zip(codes, list(row.values())[2:]):
        if key == "Insgesamt":
            continue
        want = (None, 3) if text in "*." else (0, 1) if text in ("-", "0") else (int(text.replace(".", "")), 0)
        seen += 1
        wrong += stored.get((key, code)) != want
print(seen, wrong)
PY
)" "2640 0"
t_is "Euros are cents" "$(ask "SELECT decimals, unit FROM measure WHERE code = 'hze_spend_eur'")" "2|Euro"
t_is "and as many as the file says" "$(ask "SELECT SUM(o.value) FROM observation o JOIN measure m ON m.id = o.measure JOIN period p ON p.id = o.period
    WHERE m.code = 'hze_spend_eur' AND p.code = '2024'")" "$(python3 -c '
import csv
rows = csv.DictReader(open("files/frei_2024.csv", encoding="cp1252"), delimiter=";")
print(sum(round(float(r["Ausgaben für Hilfen zur Erziehung in Euro"].replace(".", "").replace(",", ".")) * 100) for r in rows))')"
t_done
