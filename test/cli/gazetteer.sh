#!/bin/sh
# gazetteer.sh - the list of addresses comes in, is replaced, and goes again without a trace.
. "$(dirname "$0")/lib.sh"
t_need_command python3

"$KEKIZ" demo files --files-only 2> /dev/null
"$KEKIZ" init w --name Musterstadt --key 05999000 2> /dev/null
export KEKIZ_WORKSPACE="$T_DIR/w"
"$KEKIZ" area import files/viertel.geojson --level Viertel --key nr --name name 2> /dev/null

# what an undo must restore: every row but the journal of what was undone
dump() {
    python3 - w/work.db <<'PY'
import sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall():
    where = " WHERE state = 'applied'" if name == "import" else ""
    for row in sorted(map(repr, db.execute(f'SELECT * FROM "{name}"{where}'))):
        print(name, row)
PY
}

t_exit 4 "a file that is not there" "$KEKIZ" area gazetteer nichts.csv
dump > before
t_ok "the list of the demo comes in" "$KEKIZ" area gazetteer files/adressen.csv
t_err "240 Viertel" "it says how many areas the list reaches"
t_err "lon, lat" "and which columns it left out"
t_ok "lists of addresses are shown" "$KEKIZ" area addresses
t_out ",viertel," "with their level"
t_out ",used" "and whether they are used"
t_exit 6 "the same list again" "$KEKIZ" area gazetteer files/adressen.csv
t_err "Import 1" "names the first"
t_ok "the journal has it" "$KEKIZ" import list
t_out "1,adressen,files/adressen.csv" "as an import like others"
t_ok "it can be taken back" "$KEKIZ" import undo 1
dump > after
t_true "and the workspace is as it was, byte by byte" cmp before after

printf 'Straße;Hausnr;Mieter;Viertel\nTulpenring;1;Canary Vogel;10101\n' > small.csv
t_ok "a list with a column too many" "$KEKIZ" area gazetteer small.csv
t_err "Mieter" "says that it was left out"
t_true "and nothing of it is kept" sh -c '! grep -rq "Canary" w'
dump > before
t_ok "a second list" "$KEKIZ" area gazetteer files/adressen.csv
t_ok "stands for the first" "$KEKIZ" area addresses
t_out ",replaced" "which is replaced"
t_exit 6 "the first cannot go before the second" "$KEKIZ" import undo 2
t_ok "the second goes" "$KEKIZ" import undo 3
dump > after
t_true "and the first is in use as before" cmp before after

printf 'Straße;Hausnr;Viertel\nTulpenring;1;10101\nTulpenring;zwei;10101\nTulpenring;3;99999\n' > bad.csv
t_exit 3 "a list with mistakes" "$KEKIZ" area gazetteer bad.csv
t_err "bad.csv, Zeile 3" "names the line"
t_err "zwei" "and the value"
t_err "Zeile 4" "of every mistake"
dump > after
t_true "and nothing is written" cmp before after
printf 'Straße;Hausnr;Viertel\nTulpenring;1;10101\nTulpenring;1;10102\n' > two.csv
t_exit 1 "one house in two areas is a warning" "$KEKIZ" area gazetteer two.csv
t_ok "that somebody may accept" "$KEKIZ" area gazetteer two.csv --accept-warnings
t_ok "a trial writes nothing" "$KEKIZ" area gazetteer small.csv --dry-run
# by points: the areas follow from the outlines, and are those that the list itself names
cut -d';' -f1-4,6,7 files/adressen.csv > points.csv
t_exit 0 "a list with coordinates and no area" "$KEKIZ" area gazetteer points.csv
t_err "ergaben sich aus den Koordinaten" "says where the areas are from"
t_err "240 Viertel" "and finds all of them"
t_run "$KEKIZ" area locate files/adressen.csv --address Strasse,Hausnr,Zusatz,PLZ --expect Viertel
t_is "one house of 25,249 lies on a border" "$(grep -c ',mismatch$' "$T_OUT") $(grep -c ',ok$' "$T_OUT")" "1 25248"
printf 'Straße;Hausnr;lon;lat\nTulpenring;1;8.421939;51.806108\nFernweg;1;7.5;50\nNirgends;1;;\n' > far.csv
t_exit 1 "houses outside or without a point are warnings" "$KEKIZ" area gazetteer far.csv
t_err "Fernweg" "by name"
t_ok "that may be accepted" "$KEKIZ" area gazetteer far.csv --accept-warnings
t_err "1 Adressen" "and are left out"
t_exit 4 "an unknown level" "$KEKIZ" area gazetteer small.csv --level Mond
t_done
