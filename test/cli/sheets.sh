#!/bin/sh
# sheets.sh - what offices really send: workbooks with titles, merged headers, totals and footnotes.
. "$(dirname "$0")/lib.sh"
t_need_command python3
export KEKIZ_WORKSPACE="$T_DIR/w"
export PYTHONPATH="$KZ_ROOT/test/cli" PYTHONDONTWRITEBYTECODE=1

count_of() {
    python3 - "$KEKIZ_WORKSPACE/work.db" "$1" << 'PY'
import sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
print(*["|".join(map(str, row)) for row in db.execute(sys.argv[2])])
PY
}
values() { # all values: measure period area value
    count_of "SELECT m.code, p.code, a.key, o.value FROM observation o JOIN measure m ON m.id = o.measure
        JOIN period p ON p.id = o.period JOIN area a ON a.id = o.area ORDER BY m.code, p.day, a.key"
}
make() { # a Python program on stdin
    { echo "from sheets import *"; cat; } > make.py
    python3 make.py || echo "Bail out! make.py"
}
bring() {
    "$KEKIZ" import "$@" --source einwohner-tabelle
}

"$KEKIZ" init w --name Dorf --key 05315000 2> /dev/null
python3 - << 'PY'
import json
def square(nr, name, west):
    ring = [[west, 51], [west + .1, 51], [west + .1, 51.1], [west, 51.1], [west, 51]]
    return {"type": "Feature", "properties": {"nr": nr, "name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
json.dump({"type": "FeatureCollection", "features": [square("007", "Nord", 7.0), square("012", "Süd", 7.1)]}, open("areas.geojson", "w"))
PY
t_ok "two areas are there" "$KEKIZ" area import areas.geojson --level Stadtteil --key nr --name name

map() { # LAYOUT COLUMNS…: the rest of the file comes from stdin
    cat << 'END'
[zahlen]
dezimalzeichen = auto
tabellenzeichen = ja
[gebiete]
Stadt = stadt
* = stadtteil:*
END
    cat
}
map > long.map << 'END'
[datei]
quelle = einwohner-tabelle
aufbau = lang
[spalten]
gebiet = Nr.
gebietsname = Name
zeitraum = Jahr
merkmal = Merkmal
wert = Anzahl
[zeitraum]
form = jahr
stichtag = 31.12.
[merkmale]
Einwohner = pop
END

# ---- a sheet as people make them: title, column numbers, number as text, zeros by format, total, footnote
make << 'END'
rows = [["Bevölkerung des Dorfes"], [], ["Nr.", "Name", "Jahr", "Merkmal", "Anzahl", "Bemerkung"],
        [1, 2, 3, 4, 5, 6],
        [{"v": 7, "s": 4}, "Nord", 2011, "Einwohner", "1.234", "x"],
        ["012", "Süd", "2011", "Einwohner", {"f": "1+1", "v": 766}],
        ["Stadt", "Dorf", 2011, "Einwohner", 2000],
        ["Nr.", "Name", "Jahr", "Merkmal", "Anzahl", "Bemerkung"],
        ["007", "Nord", 2012, "Einwohner", "1.300,0"],
        ["012", "Süd", 2012, "Einwohner", "–"],
        ["Gesamt", None, None, None, 3300],
        ["Quelle: Einwohnermeldeamt"], [], ["Auszug vom 3. Januar"]]
notes = [["Persönliche Notizen"], ["Erika Mustermann"]]
xlsx("dorf.xlsx", {"Deckblatt": [["Lieferung"]], "Bestand": rows, "Notizen": notes}, states={"Notizen": "veryHidden"})
END
t_ok "a workbook is imported" bring dorf.xlsx --map long.map --report report.csv
t_err "Gelesen wurde das Blatt „Bestand“" "it says which sheet"
t_is "all values are right" "$(values)" "pop|2011|007|1234 pop|2011|012|766 pop|2011|05315000|2000 pop|2012|007|1300 pop|2012|012|0"
cp report.csv seen
seen() { t_holds seen "$1" "the report has: $1"; }
seen "ausgeblendete Blätter: Notizen"
seen "Summenzeilen"
seen "Kopfzeile steht noch einmal"
seen "Nummern der Spalten"
seen "Quelle: Einwohnermeldeamt"
seen "Auszug vom 3. Januar"
seen "Nicht übernommene Spalten: Bemerkung"
t_free_of seen Mustermann "nothing of a hidden sheet is in the report"
t_exit 6 "the same file again is a conflict" bring dorf.xlsx
t_ok "an import can be shown" "$KEKIZ" import show 1
t_out "sheet,Bestand" "with the sheet it read"
HASH=$(sha256sum dorf.xlsx | cut -d' ' -f1)
t_out "original,files/$HASH" "and the file it keeps"
t_true "which is what was delivered" cmp dorf.xlsx "w/files/$HASH"
t_is "and for nobody else to read" "$(stat -c %a "w/files/$HASH")" 600
make << 'END'
xlsx("dorf2.xlsx", {"Januar": [["Titel"], ["Nr.", "Name", "Jahr", "Merkmal", "Anzahl", "Bemerkung"], ["007", "Nord", 2013, "Einwohner", 1310]]})
END
t_ok "the next delivery asks nothing, although the header is elsewhere" bring dorf2.xlsx
t_err "Zuordnung „long.map“ an den Spalten erkannt"
t_true "two originals are kept" test "$(find w/files -type f | grep -c .)" = 2
t_ok "an undo of a workbook is an undo" "$KEKIZ" import undo 2
t_true "and the original goes with it" test "$(find w/files -type f | grep -c .)" = 1

# ---- mistakes name sheet and cell
make << 'END'
xlsx("bad.xlsx", {"Bestand": [["Nr.", "Name", "Jahr", "Merkmal", "Anzahl"],
    ["007", "Nord", 2011, "Einwohner", {"v": "#DIV/0!", "t": "e"}], ["007", "Nord", 2012, "Einwohner", {"f": "A1"}],
    ["007", "Nord", 2013, "Einwohner", {"v": 0.12, "s": 1}], ["007", "Nord", 2014, "Einwohner", {"v": 41274, "s": 2}],
    ["007", "Nord", 2015, "Einwohner", True], ["007", "Nord", 2016, "Einwohner", 12.5],
    ["099", "Nord", 2017, "Einwohner", 3], ["007", "Nord", 20219, "Einwohner", 3], ["007", "Nord", 2018, "Einwohner"]]})
END
t_exit 3 "a workbook with mistakes is refused" bring bad.xlsx --map long.map --report bad.csv
t_err "Blatt Bestand, Zelle E2" "the message names sheet and cell"
t_exit 3 "the report can be a workbook" bring bad.xlsx --map long.map --report bad.report.xlsx
t_is "with texts and numbers, and no formula" "$(python3 -c '
import zipfile
z = zipfile.ZipFile("bad.report.xlsx")
s = z.read("xl/worksheets/sheet1.xml").decode()
print(z.testzip(), "<f" in s, "check.value_error" in s, "#DIV/0!" in s, ">E2<" in s, s.count("<row"))')" "None False True True True 10"
t_exit 2 "a report is CSV or XLSX" bring bad.xlsx --map long.map --report bad.txt
t_exit 3 "the worker reads what the report writes" bring bad.report.xlsx --map long.map
t_err "Blätter: Fundstellen"
cp bad.csv seen
for text in "check.value_error" "check.value_formula" "check.value_percent" "check.value_date" "check.value_bool" \
    "check.value_whole" "check.area_similar" "check.period" "check.value_empty" ",Bestand,E7" ",Bestand,A8" ",Bestand,C9"; do
    seen "$text"
done

# ---- which sheet
make << 'END'
t = [["Nr.", "Name", "Jahr", "Merkmal", "Anzahl"], ["007", "Nord", 2014, "Einwohner", 5]]
u = [["Nr.", "Name", "Jahr", "Merkmal", "Anzahl"], ["007", "Nord", 2015, "Einwohner", 6]]
xlsx("two.xlsx", {"A": t, "B": u})
xlsx("hidden.xlsx", {"A": [["x"]], "B": u}, states={"B": "hidden"})
xlsx("none.xlsx", {"A": [["x"]], "B": [["y"]]})
xlsx("parts.xlsx", {"A": u}, options={"A": {"hidden_columns": [4], "hidden_rows": [2]}})
xlsx("names.xlsx", {"A": [["Nr.", "Name", "Jahr", "Merkmal", "Anzahl", "ANZAHL"], ["007", "Nord", 2014, "Einwohner", 5, 6]]})
END
sed 's/^aufbau = lang/aufbau = lang\nblatt = B/' long.map > b.map
t_exit 2 "two sheets that fit are a question" bring two.xlsx --map long.map
t_err "A, B"
t_ok "the map answers it" bring two.xlsx --map b.map --dry-run
t_err "„B“"
t_exit 2 "a hidden sheet is never taken by itself" bring hidden.xlsx --map long.map
t_err "ausgeblendete Blatt „B“"
t_ok "but when the map names it" bring hidden.xlsx --map b.map --dry-run
t_exit 3 "a workbook without the table" bring none.xlsx --map long.map
t_err "Blätter: A, B"
t_exit 3 "a sheet that is not there" bring parts.xlsx --map b.map
t_ok "hidden rows and columns are reported" bring parts.xlsx --map long.map --dry-run
t_err "ausgeblendeten Zeilen"
t_err "ausgeblendeten Spalten: E"
t_exit 3 "a name that two columns have" bring names.xlsx --map long.map
t_err "Spalten E und F"

# ---- wide: merged header over three rows, an age band and a year a column; the same as ODS
map > wide.map << 'END'
[datei]
quelle = einwohner-tabelle
aufbau = breit
[spalten]
gebiet = Nr.
gebietsname = Name
[zeitraum]
form = jahr
stichtag = 31.12.
[wertspalten]
Kinder / unter 3 / {zeitraum} = age_00_03
Kinder / 3 bis unter 6 / {zeitraum} = age_03_06
Kinder / Summe / {zeitraum} = - wird berechnet
END
make << 'END'
head = [["Nr.", "Name", "Kinder", None, None, None, None, None], [None, None, "unter 3", None, "3 bis\nunter 6", None, "Summe", None],
        [None, None, 2021, "2022", 2021, 2022, 2021, 2022]]
data = [["007", "Nord", 1, 2, 3, 4, 4, 6], ["012", "Süd", 5, 6, 7, 8, 12, 14], ["Insgesamt", None, 6, 8, 10, 12, 16, 20]]
xlsx("wide.xlsx", {"T": [["Kinder im Dorf"]] + head + data},
     options={"T": {"merges": ["A1:H1", "A2:A4", "B2:B4", "C2:H2", "C3:D3", "E3:F3", "G3:H3"], "dimension": "A1:XFD1048576"}})
c = "covered"
ods("wide.ods", {"T": [[("Kinder im Dorf", 8, 1)] + [c] * 7, [("Nr.", 1, 3), ("Name", 1, 3), ("Kinder", 6, 1)] + [c] * 5,
    [c, c, ("unter 3", 2, 1), c, ("3 bis\nunter 6", 2, 1), c, ("Summe", 2, 1), c], [c, c, 2021, "2022", 2021, 2022, 2021, 2022]] + data})
END
t_ok "a wide workbook is imported" bring wide.xlsx --map wide.map
WIDE="age_00_03|2021|007|1 age_00_03|2021|012|5 age_00_03|2022|007|2 age_00_03|2022|012|6 age_03_06|2021|007|3 age_03_06|2021|012|7 age_03_06|2022|007|4 age_03_06|2022|012|8"
t_is "years and bands are where they belong" "$(values | sed 's/ pop.*//')" "$WIDE"
t_ok "the same table as ODS" bring wide.ods
t_err "Werte: 0 neu, 0 geändert, 8 unverändert" "has the same values"
t_ok "one year of it" bring wide.ods --period 2022 --dry-run
t_err "4 unverändert"

# ---- forms of periods
for form in "halbjahr:2. Halbjahr 2023:2023-H2" "quartal:Q3/2023:2023-Q3" "monat:Juli 2023:2023-07" "schuljahr:2023/24:2023/24" \
    "stichtag:15.10.2023:2023-10-15"; do
    name=${form%%:*} rest=${form#*:}
    sed "s/^form = jahr/form = $name/" long.map > form.map
    printf 'Nr.;Name;Jahr;Merkmal;Anzahl\n007;Nord;%s;Einwohner;5\n' "${rest%%:*}" > form.csv
    t_ok "a table by $name" bring form.csv --map form.map
    t_is "its code is ${rest#*:}" "$(count_of "SELECT code FROM period ORDER BY id DESC LIMIT 1")" "${rest#*:}"
done
make << 'END'
xlsx("month.xlsx", {"A": [["Nr.", "Name", "Jahr", "Merkmal", "Anzahl"], ["007", "Nord", {"v": 39783, "s": 2}, "Einwohner", 5]]}, from_1904=True)
END
sed "s/^form = jahr/form = stichtag/" long.map > form.map
t_ok "a date of the calendar that begins in 1904" bring month.xlsx --map form.map
t_is "is four years later" "$(count_of "SELECT code FROM period ORDER BY id DESC LIMIT 1")" "2012-12-02"
printf 'Nr.;Name;Jahr;Merkmal;Anzahl\n007;Nord;Mrz 24;Einwohner;5\n' > form.csv
sed "s/^form = jahr/form = monat/" long.map > form.map
t_exit 3 "Mrz 24 is no month of a year" bring form.csv --map form.map
t_err "Mrz 24"

# ---- the decimal sign is proven by the column or asked for
printf 'Nr.;Name;Jahr;Merkmal;Anzahl\n007;Nord;2016;Einwohner;1.234\n012;Süd;2016;Einwohner;5\n' > open.csv
t_exit 3 "1.234 alone is a question" bring open.csv --map long.map
t_err "„1.234“"
t_err "Zeile 2"
printf 'Nr.;Name;Jahr;Merkmal;Anzahl\n007;Nord;2016;Einwohner;1,5\n012;Süd;2016;Einwohner;1.75\n' > open.csv
t_exit 3 "both styles in one column are a conflict" bring open.csv --map long.map
t_err "Dezimalpunkt (Zeile 3)"
printf 'Nr.;Name;Jahr;Merkmal;Anzahl\n007;Nord;2016;Einwohner;12 %%\n012;Süd;2016;Einwohner;5\n' > open.csv
t_exit 3 "percent and numbers in one column" bring open.csv --map long.map
t_err "Prozentwerte (Zeile 2)"

# ---- content decides, not the name
printf 'Nr.;Name;Jahr;Merkmal;Anzahl\n007;Nord;2017;Einwohner;5\nGesamt;;;;5\nQuelle: Amt\n' | gzip > packed.csv.gz
t_ok "a packed table is imported" bring packed.csv.gz --map long.map
cp packed.csv.gz packed.csv
t_exit 6 "also under another name" bring packed.csv --map long.map
cp dorf2.xlsx dorf2.csv
t_ok "and so is a workbook" bring dorf2.csv
python3 -c 'import gzip; open("dorf2.gz", "wb").write(gzip.compress(open("dorf2.xlsx", "rb").read()))'
t_ok "and a packed workbook" bring dorf2.gz
t_done
