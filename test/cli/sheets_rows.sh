#!/bin/sh
# sheets_rows.sh - rows 30 to 42 of the table of bad inputs (TRUST.md b) that are not refused: what becomes of them.
. "$(dirname "$0")/lib.sh"
t_need_command python3
export KEKIZ_WORKSPACE="$T_DIR/w"
export PYTHONPATH="$KZ_ROOT/test/cli" PYTHONDONTWRITEBYTECODE=1
"$KEKIZ" init w --name Dorf --key 05315000 2> /dev/null
cat > a.map << 'END'
[datei]
quelle = einwohner-tabelle
aufbau = lang
[spalten]
gebiet = Nr
zeitraum = Jahr
merkmal = Merkmal
wert = Zahl
[zeitraum]
form = jahr
stichtag = 31.12.
[zahlen]
dezimalzeichen = auto
tabellenzeichen = ja
[gebiete]
1 = stadt
[merkmale]
Einwohner = pop
END
make() { # a Python program on stdin
    { echo "from sheets import *"; echo 'HEAD_ROW = ["Nr", "Jahr", "Merkmal", "Zahl"]'; cat; } > make.py
    python3 make.py || echo "Bail out! make.py"
}
bring() { "$KEKIZ" import "$1" --source einwohner-tabelle --map a.map --report report.csv; }
value() { # of a year
    python3 - "$1" << 'PY'
import sqlite3, sys
db = sqlite3.connect("file:w/work.db?mode=ro", uri=True)
print(*[row[0] for row in db.execute("SELECT value FROM observation o JOIN period p ON p.id = o.period WHERE p.code = ?", sys.argv[1:])])
PY
}
# A command and the most memory that it and its worker had, in MiB.
peak() {
    python3 - "$@" << 'PY'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
PY
}

# ---- 30: a bomb costs neither memory nor time; an archive within an archive is never opened
make << 'END'
entries = parts({"T": [HEAD_ROW, ["1", "2001", "Einwohner", 10]]})
bomb = dict(entries)
bomb["xl/worksheets/sheet1.xml"] = "<worksheet><sheetData><row>" + " " * (600 << 20) + "</row></sheetData></worksheet>"
open("bomb.xlsx", "wb").write(pack(bomb))
inner = pack(entries)
entries["xl/embeddings/again.xlsx"] = inner
entries["again.zip"] = pack({"again.zip": inner})
open("nested.xlsx", "wb").write(pack(entries))
END
MOST=$(peak "$KEKIZ" import bomb.xlsx --source einwohner-tabelle --map a.map)
echo "# row 30: $MOST MiB at most"
case $KEKIZ in
*asan*) t_skip "row 30: a bomb of 600 MiB needs less than 256 MiB" "the sanitizer has memory of its own" ;;
*) t_true "row 30: a bomb of 600 MiB needs less than 256 MiB" test "$MOST" -le 256 ;;
esac
t_ok "row 30: archives inside of a workbook are left alone" bring nested.xlsx
t_is "row 30: and its table is read" "$(value 2001)" 10

# ---- 35: what the sheet says about its size is not believed
make << 'END'
xlsx("size.xlsx", {"T": [HEAD_ROW, ["1", "2002", "Einwohner", 11]]}, options={"T": {"dimension": "A1:XFD1048576"}})
END
MOST=$(peak "$KEKIZ" import size.xlsx --source einwohner-tabelle --map a.map --dry-run)
case $KEKIZ in
*asan*) t_skip "row 35: a dimension of 17 thousand million cells takes no room" "the sanitizer has memory of its own" ;;
*) t_true "row 35: a dimension of 17 thousand million cells takes no room ($MOST MiB)" test "$MOST" -le 64 ;;
esac
t_ok "row 35: the cells that are there count" bring size.xlsx
t_is "row 35: and are right" "$(value 2002)" 11

# ---- 36: a cell without a place stands behind the one before it, as the format says
make << 'END'
entries = parts({"T": [HEAD_ROW, ["1", "2003", "Einwohner", 12]]}, shared=False)
name = "xl/worksheets/sheet1.xml"
import re
entries[name] = re.sub(r' r="[A-Z]*[0-9]+"', "", entries[name])
open("places.xlsx", "wb").write(pack(entries))
END
t_ok "row 36: cells and rows without a place" bring places.xlsx
t_is "row 36: stand one behind the other" "$(value 2003)" 12

# ---- 37: rich text is its text
make << 'END'
entries = parts({"T": [HEAD_ROW, ["1", "2004", "Einwohner", 13]]})
entries["xl/sharedStrings.xml"] = entries["xl/sharedStrings.xml"].replace(
    '<t xml:space="preserve">Einwohner</t>', "<r><rPr><b/></rPr><t>Ein</t></r><r><t>wohner</t></r><rPh sb='0' eb='1'><t>x</t></rPh>")
open("rich.xlsx", "wb").write(pack(entries))
END
t_ok "row 37: rich text" bring rich.xlsx
t_is "row 37: is read as its text" "$(value 2004)" 13

# ---- 38: a formula has the value that was saved with it, or none; errors are no numbers
make << 'END'
xlsx("formula.xlsx", {"T": [HEAD_ROW, ["1", "2005", "Einwohner", {"f": "NOW()*RAND()", "v": 14}]]})
for name, cell in {"none": {"f": "1+1"}, "div": {"f": "1/0", "t": "e", "v": "#DIV/0!"}, "nv": {"t": "e", "v": "#NV"},
                   "na": {"t": "e", "v": "#N/A"}}.items():
    xlsx(f"{name}.xlsx", {"T": [HEAD_ROW, ["1", "2006", "Einwohner", cell]]})
END
t_ok "row 38: a formula, even a volatile one" bring formula.xlsx
t_is "row 38: has the value that was saved" "$(value 2005)" 14
for name in none div nv na; do
    t_exit 3 "row 38: $name.xlsx has no value" bring $name.xlsx
    t_err "Blatt T, Zelle D2" "row 38: $name.xlsx, and the message says where"
done

# ---- 39: nothing outside of the workbook is opened
make << 'END'
entries = parts({"T": [HEAD_ROW, ["1", "2007", "Einwohner", {"f": "[1]Tabelle1!A1+cmd|'/C calc'!A0", "v": 15}]]})
entries["xl/externalLinks/externalLink1.xml"] = f'<externalLink xmlns="{MAIN}"><externalBook/><ddeLink ddeService="cmd" ddeTopic="/C calc"/></externalLink>'
entries["xl/externalLinks/_rels/externalLink1.xml.rels"] = (f'<Relationships xmlns="{PKG}"><Relationship Id="rId1" '
    'Type="x" Target="file:///etc/passwd" TargetMode="External"/></Relationships>')
entries["xl/connections.xml"] = f'<connections xmlns="{MAIN}"><connection id="1" odcFile="http://127.0.0.1:9/x"/></connections>'
entries["xl/embeddings/oleObject1.bin"] = "\xd0\xcf\x11\xe0"
import struct, zlib
ihdr = b"IHDR" + struct.pack(">IIBBBBB", 1000000000, 1000000000, 8, 6, 0, 0, 0)
entries["xl/media/image1.png"] = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + ihdr + struct.pack(">I", zlib.crc32(ihdr))
open("links.xlsx", "wb").write(pack(entries))
END
t_ok "row 39: links, DDE, connections, objects and pictures" bring links.xlsx
t_is "row 39: are ignored, the cell has its saved value" "$(value 2007)" 15
if command -v strace > /dev/null; then
    strace -f -e trace=connect,socket,execve -o calls "$KEKIZ" import links.xlsx --source einwohner-tabelle --map a.map --dry-run 2> /dev/null
    t_true "row 39: no network, no program" sh -c '! grep -E "AF_INET|execve.*(calc|/sh)" calls'
else
    t_skip "row 39: no network, no program" "strace is not installed; what the worker may do is tested in test_sandbox"
fi

# ---- 40: what is hidden is reported before anything is imported, and nothing of it is stored
make << 'END'
rows = [HEAD_ROW + ["Name"], ["1", "2008", "Einwohner", 16, "Canary Vogel"], ["1", "2009", "Einwohner", 17, "Canary Vogel"]]
xlsx("hidden.xlsx", {"T": rows, "Personen": [["Name"], ["Canary Vogel"]], "Tief": [["Canary Vogel"]]},
     states={"Personen": "hidden", "Tief": "veryHidden"}, options={"T": {"hidden_columns": [4], "hidden_rows": [3]}})
END
t_ok "row 40: hidden sheets, rows and columns" "$KEKIZ" import hidden.xlsx --source einwohner-tabelle --map a.map --dry-run --report report.csv
t_holds report.csv "Personen" "row 40: the hidden sheet is named"
t_holds report.csv "Tief" "row 40: so is one that no menu shows"
t_holds report.csv "ausgeblendete Spalten, die nicht gelesen wurden: E" "row 40: hidden columns are reported"
t_holds report.csv "ausgeblendeten Zeilen" "row 40: so are hidden rows"
t_free_of report.csv "Vogel" "row 40: without what stands in them"

# ---- 41: headers over three rows, two calendars, texts and numbers
make << 'END'
top = [["Bestand", None, None, None], ["Gebiet", "Zeit", "Merkmal", "Zahl"], ["Nr", "Jahr", None, None]]
xlsx("merged.xlsx", {"T": [["Nr", "Jahr", "Merkmal", "Zahl"], [None, None, None, None], [None, None, None, None],
                           ["1", "2010", "Einwohner", 18]]},
     options={"T": {"merges": ["A1:A3", "B1:B3", "C1:C3", "D1:D3"]}})
xlsx("text.xlsx", {"T": [HEAD_ROW, [1, 2011, "Einwohner", "19"]]})
xlsx("percent.xlsx", {"T": [HEAD_ROW, ["1", "2012", "Einwohner", {"v": 0.12, "s": 1}]]})
xlsx("date.xlsx", {"T": [HEAD_ROW, ["1", {"v": 41274, "s": 2}, "Einwohner", 20]]})
xlsx("date1904.xlsx", {"T": [HEAD_ROW, ["1", {"v": 39812, "s": 2}, "Einwohner", 21]]}, from_1904=True)
END
t_ok "row 41: a header over three rows" bring merged.xlsx
t_is "row 41: is one name a column" "$(value 2010)" 18
t_ok "row 41: numbers as text and text as numbers" bring text.xlsx
t_is "row 41: are what they mean" "$(value 2011)" 19
t_exit 3 "row 41: 0.12 that looks like 12 %" bring percent.xlsx
t_err "Zelle D2" "row 41: is no count, and a question"
sed 's/^form = jahr/form = stichtag/' a.map > day.map
t_ok "row 41: a date of the usual calendar" "$KEKIZ" import date.xlsx --source einwohner-tabelle --map day.map
t_is "row 41: is its day" "$(value 2012-12-31)" 20
t_ok "row 41: a date of the calendar of 1904" "$KEKIZ" import date1904.xlsx --source einwohner-tabelle --map day.map
t_is "row 41: is its day as well" "$(value 2012-12-31)" 21

# ---- 42: a million equal cells are honest, however well they pack
make << 'END'
entries = parts({"T": [HEAD_ROW, ["1", "2013", "Einwohner", 22]], "Nullen": [[0]]})
row = "<c><v>0</v></c>" * 1000
entries["xl/worksheets/sheet2.xml"] = f'<worksheet xmlns="{MAIN}"><sheetData>' + f"<row>{row}</row>" * 1000 + "</sheetData></worksheet>"
data = pack(entries)
print(f"# row 42: packed {len(entries['xl/worksheets/sheet2.xml']) // len(data)}:1")
open("million.xlsx", "wb").write(data)
END
t_ok "row 42: a million equal cells" bring million.xlsx
t_is "row 42: are no reason to refuse a sheet" "$(value 2013)" 22
t_done
