#!/bin/sh
# import.sh - a table comes in whole or not at all, on the real tables of Köln.
. "$(dirname "$0")/lib.sh"
t_need_shared data/koeln/bevoelkerung.csv data/koeln/Stadtbezirk.shp data/koeln/Stadtteil.shp
t_need_command python3
CSV=$SHARED/data/koeln/bevoelkerung.csv
export KEKIZ_WORKSPACE="$T_DIR/w"

# what an undo must restore: every row but the journal of what was undone
dump() {
    python3 - "$KEKIZ_WORKSPACE/work.db" <<'PY'
import sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall():
    where = " WHERE state = 'applied'" if name == "import" else ""
    for row in sorted(map(repr, db.execute(f'SELECT * FROM "{name}"{where}'))):
        print(name, row)
PY
}
# the first column of a query
count_of() {
    python3 - "$KEKIZ_WORKSPACE/work.db" "$1" <<'PY'
import sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
print(*[row[0] for row in db.execute(sys.argv[2])])
PY
}
FROM="FROM observation o JOIN measure m ON m.id = o.measure JOIN period p ON p.id = o.period
      JOIN area a ON a.id = o.area JOIN level l ON l.id = a.level"

"$KEKIZ" init w --name Köln --key 05315000 2> /dev/null
"$KEKIZ" area import "$SHARED/data/koeln/Stadtbezirk.shp" --level Stadtbezirk --key STB_NR --name STB_NAME 2> /dev/null
t_exit 3 "a table whose areas are not there is refused" "$KEKIZ" import "$CSV" --source einwohner-tabelle
t_err "kekiz area import" "the message says how areas come in"
"$KEKIZ" area import "$SHARED/data/koeln/Stadtteil.shp" --level Stadtteil --key STT_NR --name STT_NAME 2> /dev/null
dump > before

t_ok "a dry run of Köln finds nothing wrong" "$KEKIZ" import "$CSV" --source einwohner-tabelle --dry-run
t_err "koeln-bevoelkerung" "the map is recognised by the columns"
t_err "29.135 Zeilen gelesen, 29.135 übernommen. Gebiete: 96, Jahre: 8"
dump > after
t_true "and writes nothing" cmp before after

t_ok "Köln is imported" "$KEKIZ" import "$CSV" --source einwohner-tabelle --report found.csv
t_err "Import 1 ist gespeichert"
t_true "nothing but a notice about unused columns is reported" test "$(grep -c . found.csv)" = 2
t_is "the city had 1,023,101 and 1,044,555 inhabitants" \
    "$(count_of "SELECT o.value $FROM WHERE m.code = 'pop' AND l.code = 'stadt' AND p.code IN ('2005', '2012') ORDER BY p.code")" \
    "1023101 1044555"
t_is "57,704 children were under 6 in 2012" \
    "$(count_of "SELECT SUM(o.value) $FROM WHERE m.code IN ('age_00_03', 'age_03_06') AND l.code = 'stadt' AND p.code = '2012'")" 57704
t_is "the Stadtteile add up to the city in all 8 years" \
    "$(count_of "SELECT COUNT(*) FROM (SELECT SUM(CASE l.code WHEN 'stadtteil' THEN o.value ELSE 0 END) AS parts,
        SUM(CASE l.code WHEN 'stadt' THEN o.value ELSE 0 END) AS city $FROM WHERE m.code = 'pop' GROUP BY p.code) WHERE parts = city")" 8
t_exit 6 "the same file again is a conflict" "$KEKIZ" import "$CSV" --source einwohner-tabelle
t_err "bereits importiert"
t_ok "the list has it" "$KEKIZ" import list
t_out "koeln-bevoelkerung,29135,29135,29135,0,0,applied"
t_ok "it can be shown" "$KEKIZ" import show 1
t_out "rows_kept,29135"

dump > full
sed 's/^010.005.2012.501.010,.*/010.005.2012.501.010,005,Einwohner in Köln,2012,501,Nippes,10,Einwohner,34000.0/' "$CSV" > changed.csv
t_exit 1 "warnings want somebody who has read them" "$KEKIZ" import changed.csv --source einwohner-tabelle
t_err "Stadtteil ergeben zusammen" "the sums that no longer fit are said"
t_err "--accept-warnings" "and how to go on"
dump > after
t_true "nothing is stored" cmp full after
t_ok "a dry run shows what would change" "$KEKIZ" import changed.csv --source einwohner-tabelle --dry-run --report changed.report.csv
t_true "old and new of the cell, and where it stands" grep -q '^changed.csv,.*,zahl,34000,check.changed,notice,"Nippes, Einwohner, 2012: 34936 → 34000"' changed.report.csv
answer() { # WORD: what happens when somebody at a terminal says it
    python3 - "$1" "$KEKIZ" import changed.csv --source einwohner-tabelle << 'PY'
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[2], sys.argv[2:])
seen = b""
while True:
    try:
        part = os.read(fd, 4096)
    except OSError:
        break
    if not part:
        break
    if "[j/n]".encode() in part:
        os.write(fd, sys.argv[1].encode() + b"\n")
    seen += part
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), "gespeichert. Zur" in seen.decode())
PY
}
t_is "at a terminal a no is a no" "$(answer n)" "1 False"
t_is "an empty answer as well" "$(answer '')" "1 False"
dump > after
t_true "and nothing is stored" cmp full after
t_is "a yes is a yes" "$(answer j)" "0 True"
"$KEKIZ" import undo 2 2> /dev/null
t_ok "a second delivery with one changed cell asks nothing else" "$KEKIZ" import changed.csv --source einwohner-tabelle --accept-warnings
t_err "Werte: 0 neu, 1 geändert, 29.134 unverändert" "and says what changed"
t_ok "the change can be shown afterwards" "$KEKIZ" import show 3 --changes
t_out "pop,2012,stadtteil,501,Nippes,34936,34000,"
t_ok "and what was accepted" "$KEKIZ" import show 3
t_out "accepted,check." "the rules are kept"
t_out 'changed,"Nippes, Einwohner, 2012: 34936 → 34000"' "and what became of the cell"
t_exit 6 "an import that another one builds on stays" "$KEKIZ" import undo 1
t_ok "the second is taken back" "$KEKIZ" import undo 3
dump > after
t_true "everything is as before it, byte for byte" cmp full after
t_ok "the first is taken back" "$KEKIZ" import undo 1
dump > after
t_true "and the workspace is as before both" cmp before after

# ---- bad input: place and remedy, the exit code, nothing stored
bad() { # CODE NAME FILE TEXT…
    t_exit "$1" "$2" "$KEKIZ" import "$3" --source einwohner-tabelle --map koeln-bevoelkerung
    shift 3
    for text; do t_err "$text"; done
    dump > after
    t_true "nothing is stored" cmp before after
}
: > empty.csv
bad 3 "an empty file is refused" empty.csv empty.csv
head -n 3 "$CSV" | iconv -f UTF-8 -t ISO-8859-1 > latin.csv
printf '1,005,K\303\266ln \303\050,2012,000,K,10,Einwohner,1\n' >> latin.csv
bad 3 "a broken encoding is refused" latin.csv latin.csv
{ head -n 2 "$CSV"; echo "x,005,E,2012,987,Mond,10,Einwohner,5"; } > moon.csv
bad 3 "a key that no area has is refused" moon.csv "Zeile 3" "„987“" "raum_id"
{ head -n 2 "$CSV"; echo "x,005,E,2005,000,Stadt Köln,10,Einwohner,5"; } > twice.csv
bad 3 "a year given twice with different numbers is refused" twice.csv "Zeile 3" "Zeile 2" "1023101"
bad 4 "a file that is not there is missing" nowhere.csv nowhere.csv
t_exit 4 "an unknown source is missing" "$KEKIZ" import "$CSV" --source mond
t_err "einwohner-tabelle" "the message lists the sources"
t_exit 4 "an unknown import cannot be undone" "$KEKIZ" import undo 99
t_exit 2 "the number of an import is a number" "$KEKIZ" import undo eins
t_ok "the source says how it is protected" "$KEKIZ" source show einwohner-tabelle
t_out "profile,register"
if unshare -m true 2> /dev/null; then
    cat > read_only.sh << 'END'
mount --bind w w && mount -o remount,bind,ro w || exit 99
"$1" import "$2" --source einwohner-tabelle
END
    t_exit 8 "a read-only workspace is refused" unshare -m sh read_only.sh "$KEKIZ" "$CSV"
    t_err "Hier darf nicht geschrieben werden"
    dump > after
    t_true "nothing is stored" cmp before after
else
    t_skip "a read-only workspace" "mounting is not allowed here"
fi
t_done
