#!/bin/sh
# persons.sh - a delivery of persons becomes a segment: asked once, checked whole, taken back without a trace.
. "$(dirname "$0")/lib.sh"
t_need_command python3
export KEKIZ_WORKSPACE="$T_DIR/w"

dump() {
    python3 - "$KEKIZ_WORKSPACE/work.db" << 'PY'
import sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall():
    where = " WHERE state = 'applied'" if name == "import" else ""
    for row in sorted(map(repr, db.execute(f'SELECT * FROM "{name}"{where}'))):
        print(name, row)
PY
    ls -A "$KEKIZ_WORKSPACE/facts" "$KEKIZ_WORKSPACE/files"
}
# a column of the newest segment, a value a line
column() {
    python3 - "$KEKIZ_WORKSPACE/facts" "$1" << 'PY'
import pathlib, struct, sys
b = sorted(pathlib.Path(sys.argv[1]).glob("*.kzc"))[-1].read_bytes()
n, columns = struct.unpack_from("<QI", b, 24)
for c in range(columns):
    name, name_n, kind, width, _, n_dict, dict_at, rows, *_ = struct.unpack_from("<QIIIIQQQ", b, 96 + 64 * c)
    if b[name:name + name_n].decode() != sys.argv[2]:
        continue
    for i in range(n):
        v = int.from_bytes(b[rows + i * width:rows + (i + 1) * width], "little", signed=kind != 1)
        if kind == 1:
            lo, hi = struct.unpack_from("<QQ", b, dict_at + 8 * v)
            v = b[lo:hi].decode()
        print(v)
PY
}
words() { tr '\n' ' ' | sed 's/ $//'; }

cat > areas.py << 'PY'
import json
fs = []
for i in range(3):
    x, y = 6.9 + i * 0.02, 50.9
    ring = [[x, y], [x + .02, y], [x + .02, y + .02], [x, y + .02], [x, y]]
    fs.append({"type": "Feature", "properties": {"nr": f"010{i + 1}", "name": f"Viertel {i + 1}"},
               "geometry": {"type": "Polygon", "coordinates": [ring]}})
json.dump({"type": "FeatureCollection", "features": fs}, open("areas.geojson", "w"))
PY
python3 areas.py
"$KEKIZ" init w --name Musterstadt --key 05999000 2> /dev/null
"$KEKIZ" area import areas.geojson --level Viertel --key nr --name name 2> /dev/null
cat > houses.csv << 'CSV'
Straße;Hausnummer;PLZ;Viertel
Lindenstraße;1;50667;0101
Lindenstraße;2;50667;0102
Am Markt;5a;50668;0103
CSV
"$KEKIZ" area gazetteer houses.csv --level Viertel 2> /dev/null
dump > before

HEAD='PID;HHNR;Name;Vorname;Geburtsdatum;Geschlecht;Staatsangehoerigkeit;Migrationshintergrund;Wohnstatus;Familienstand;Umzug;Wohndauer;Strasse;Hausnr;Zusatz;PLZ'
cat > ewo_2024.csv << CSV
$HEAD
1;10;Müller;Anna;01.02.2018;w;deutsch;ohne;HW;LD;nein;3;Lindenstr.;1;;50667
2;10;Müller;Jan;31.12.2023;m;deutsch;Deutsche mit MH;HW;LD;nein;1;LINDENSTRASSE;2;;50667
3;11;Kaya;Ali;15.06.1980;d;nichtdeutsch;Ausländer;NW;VH;Zuzug;0;Am Markt;5;a;50668
CSV
t_exit 2 "the period must be said" "$KEKIZ" import ewo_2024.csv --source ewo
t_err "--period 2024" "and is proposed from the name of the file"
t_ok "a dry run finds nothing wrong" "$KEKIZ" import ewo_2024.csv --source ewo --period 2024 --dry-run
t_err "3 Zeilen gelesen, 3 übernommen"
dump > after
t_true "and writes nothing" cmp before after
t_true "not even a key" test ! -e w/keys.db
t_ok "the residents come in without a map file" "$KEKIZ" import ewo_2024.csv --source ewo --period 2024
t_is "ages are completed months" "$(column age_months | words)" "82 12 534"
t_is "addresses became areas" "$(column area | words)" "viertel:0101 viertel:0102 viertel:0103"
t_is "codes are ours" "$(column mig | words)" "none german foreign"
t_is "the file of keys is its owner's only" "$(stat -c %a w/keys.db)" 600
t_is "and so is the segment" "$(stat -c %a w/facts/00000001.kzc)" 600
t_is "no original is kept" "$(ls -A w/files)" ""
t_ok "the workspace is whole" "$KEKIZ" check
t_exit 6 "the same file again is a conflict" "$KEKIZ" import ewo_2024.csv --source ewo --period 2024
t_ok "it is in the list" "$KEKIZ" import list
t_out "ewo,ewo_2024.csv"
t_ok "and can be shown" "$KEKIZ" import show 2
t_out "age_months = Geburtsdatum"
dump > full

# ---- the same rows in other clothes
sed 's/;/,/g' ewo_2024.csv > comma.csv
iconv -f UTF-8 -t WINDOWS-1252 ewo_2024.csv > latin.csv
iconv -f UTF-8 -t UTF-16 ewo_2024.csv > utf16.csv
gzip -c ewo_2024.csv > packed.gz
sed 's/$/\r/' ewo_2024.csv > crlf.csv
column person > persons
for f in comma.csv latin.csv utf16.csv packed.gz crlf.csv; do
    t_ok "$f is read as well" "$KEKIZ" import $f --source ewo --period 2024
    t_is "$f has the same persons" "$(column person | words)" "$(words < persons)"
    t_is "$f has the same areas" "$(column area | words)" "viertel:0101 viertel:0102 viertel:0103"
    t_ok "$f is taken back" "$KEKIZ" import undo "$("$KEKIZ" import list | tail -n 1 | cut -d, -f1)"
done
PYTHONPATH=$KZ_ROOT/test/cli PYTHONDONTWRITEBYTECODE=1 python3 - << 'PY'
from sheets import xlsx
rows = [line.rstrip("\n").split(";") for line in open("ewo_2024.csv", encoding="utf-8")]
xlsx("ewo.xlsx", {"Bestand": [["Einwohner am 31.12."]] + rows})
PY
t_ok "a spreadsheet is read" "$KEKIZ" import ewo.xlsx --source ewo --period 2024
t_err "Blatt „Bestand“"
t_is "with the same persons" "$(column person | words)" "$(words < persons)"
t_is "and ages" "$(column age_months | words)" "82 12 534"
t_ok "it is taken back" "$KEKIZ" import undo "$("$KEKIZ" import list | tail -n 1 | cut -d, -f1)"
dump > after
t_true "everything is as after the first, byte for byte" cmp full after

# ---- other names and codes: a proposal to edit, then nothing is asked again
cat > fremd.csv << 'CSV'
Nummer;Tag der Geburt;Geschlecht;Viertel;Konfession
1;01.02.2018;weibl.;0101;rk
2;31.12.2023;m;0102;ev
CSV
t_exit 3 "columns of unknown names are an error that names ours" "$KEKIZ" import fremd.csv --source ewo --period 2024
t_err "age_months"
t_err "propose-map" "and how to go on"
t_ok "a proposal is written" "$KEKIZ" import fremd.csv --source ewo --propose-map ewo.map
t_true "with what was found" grep -q '^sex = Geschlecht' ewo.map
t_true "and what is missing as a comment" grep -q '^# \[spalten\] age_months = ?' ewo.map
sed 's/^# \[spalten\] person .*//; s/^# \[spalten\] age_months .*//
     s/^sex = Geschlecht/sex = Geschlecht\nperson = Nummer\nage_months = Tag der Geburt/' ewo.map > mein.map
t_exit 3 "an unknown code is an error with the known ones" "$KEKIZ" import fremd.csv --source ewo --period 2024 --map mein.map
t_err "weibl." "that says the value"
t_err "w (w)" "and what is known"
"$KEKIZ" import fremd.csv --source ewo --map mein.map --propose-map zwei.map 2> /dev/null
t_true "the proposal has the code to fill in" grep -q '^# \[schluessel\] sex | weibl. = ?' zwei.map
printf '\n[schluessel]\nsex | weibl. = w\n' >> mein.map
t_ok "with the map it comes in" "$KEKIZ" import fremd.csv --source ewo --period 2024 --map mein.map --accept-warnings
t_is "and the code is ours" "$(column sex | words)" "w m"
sed 's/2018/2017/' fremd.csv > fremd2.csv
t_ok "the next delivery asks nothing" "$KEKIZ" import fremd2.csv --source ewo --period 2023 --accept-warnings
t_err "mein.map" "the map is remembered"
for i in 1 2; do
    "$KEKIZ" import undo "$("$KEKIZ" import list | awk -F, '$12 == "applied"' | tail -n 1 | cut -d, -f1)" 2> /dev/null
done
dump > after
t_true "both are taken back" cmp full after

# ---- warnings want a tick
sed 's/Lindenstr\.;1;/Lindehnstr.;1;/' ewo_2024.csv > street.csv
t_exit 1 "an unknown street is a warning that blocks" "$KEKIZ" import street.csv --source ewo --period 2024
t_err "Zeile 2" "the place is said"
t_err "Lindenstraße" "with what the list has"
t_stderr_lacks "Lindehnstr." "not with what stands there"
t_ok "accepted, it is stored" "$KEKIZ" import street.csv --source ewo --period 2024 --accept-warnings
t_is "the area is unknown" "$(column area | words)" " viertel:0102 viertel:0103"
t_exit 6 "the first cannot be taken back before it" "$KEKIZ" import undo 2
t_ok "the later one can" "$KEKIZ" import undo "$("$KEKIZ" import list | tail -n 1 | cut -d, -f1)"
dump > after
t_true "everything is as after the first" cmp full after

# ---- against the last period
{ head -n 1 ewo_2024.csv; i=0; while [ $i -lt 400 ]; do
    echo "$((i + 1));;N;V;01.02.2018;w;deutsch;ohne;HW;LD;nein;3;Lindenstr.;1;;50667"; i=$((i + 1)); done; } > ewo_2025.csv
{ head -n 1 ewo_2024.csv; i=0; while [ $i -lt 200 ]; do
    echo "$((i + 1));;N;V;01.02.2018;m;deutsch;ohne;HW;LD;nein;3;Lindenstr.;1;;50667"; i=$((i + 1)); done; } > ewo_2026.csv
t_ok "a first large delivery" "$KEKIZ" import ewo_2025.csv --source ewo --period 2025 --accept-warnings
t_exit 1 "half as many rows are a warning" "$KEKIZ" import ewo_2026.csv --source ewo --period 2026
t_err "200 Zeilen, die von 2025 hatte 400"
t_err "Geschlecht" "and so is a share that jumps"
t_ok "it is taken back" "$KEKIZ" import undo "$("$KEKIZ" import list | tail -n 1 | cut -d, -f1)"

# ---- without keys
rm w/keys.db
t_ok "without the file of keys a delivery still comes in" "$KEKIZ" import crlf.csv --source ewo --period 2024
t_err "neue Pseudonyme"
t_true "with other pseudonyms" test "$(column person | words)" != "$(words < persons)"
t_ok "it is taken back" "$KEKIZ" import undo "$("$KEKIZ" import list | tail -n 1 | cut -d, -f1)"
t_ok "the first is taken back" "$KEKIZ" import undo 2
dump > after
t_true "the workspace is as before all, byte for byte" cmp before after
t_is "no segment is left" "$(ls -A w/facts)" ""
t_ok "and nothing is wrong" "$KEKIZ" check
echo rows > w/facts/.segment.abcdef
t_exit 1 "what an interrupted import left is found" "$KEKIZ" check
t_out ".segment.abcdef"
rm w/facts/.segment.abcdef

# ---- what a source is
t_ok "the source says what it holds" "$KEKIZ" source show ewo
t_out "§ 34 BMG" "and by which law"
t_out "code,mig,german" "and which codes"
t_exit 3 "rows of the agency with an address are refused" sh -c 'printf "Pseudonym;Rolle;Geburtsmonat;Viertel;Anschrift\n1;NEF;02/2018;0101;Am Markt 5\n" > a.csv; "$0" import a.csv --source sgb2-personen --period 2024' "$KEKIZ"
t_err "abgelehnt"
t_done
