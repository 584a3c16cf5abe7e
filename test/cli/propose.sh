#!/bin/sh
# propose.sh - a table that nobody has described gets a first map, staff edit it, and the next delivery asks nothing.
. "$(dirname "$0")/lib.sh"
. "$KZ_ROOT/test/cli/lib.bad_csv.sh"

propose() { # FILE SOURCE OUT
    "$KEKIZ" import "$1" --source "$2" --propose-map "$3"
}
has() { # MAP LINE…: lines of a map
    h_map=$1
    shift
    for h_line; do t_true "$h_map: $h_line" grep -qxF -e "$h_line" "$h_map"; done
}

# ---- long: labels in rows, German numbers, other column names
cat > long.csv << 'END'
Kennziffer;Bezirk;Berichtsjahr;Personengruppe;Bestand;Notiz
007;Nord;2021;insgesamt gemeldet;1.234;a
007;Nord;2021;männlich;600;b
007;Nord;2021;weiblich;634;c
007;Nord;2021;unter 3 Jahre;40;d
007;Nord;2021;3 bis unter 6 Jahre;41;e
012;Süd;2021;insgesamt gemeldet;1.766,0;f
012;Süd;2021;männlich;900;g
012;Süd;2021;weiblich;866;h
012;Süd;2021;unter 3 Jahre;50;i
012;Süd;2021;3 bis unter 6 Jahre;51;j
Gesamt;;2021;insgesamt gemeldet;3000;k
END
t_exit 2 "no map fits" bring long.csv --dry-run
t_err "--propose-map" "the message says that there is a proposal"
t_ok "a map is proposed" propose long.csv einwohner-tabelle long.map
t_err "Gebiete in der Spalte „Kennziffer“; zugeordnete Merkmale: 4, offene: 1" "and what it found"
has long.map "aufbau = lang" "gebiet = Kennziffer" "gebietsname = Bezirk" "zeitraum = Berichtsjahr" "merkmal = Personengruppe" "wert = Bestand" \
    "form = jahr" "stichtag = 31.12." "dezimalzeichen = komma" "* = stadtteil:*" "männlich = sex_m" "unter 3 Jahre = age_00_03" \
    "3 bis unter 6 Jahre = age_03_06" "insgesamt gemeldet = - bitte zuordnen oder den Grund nennen"
t_exit 6 "a proposal overwrites nothing" propose long.csv einwohner-tabelle long.map
t_err "long.map gibt es schon" "and says so"
dump > after
t_true "nothing is stored" cmp -s before after
sed -i 's/^insgesamt gemeldet = .*/insgesamt gemeldet = pop/' long.map
t_ok "staff edit a line, and the file comes in" bring long.csv --map long.map
t_is "every number is right" "$(ask "SELECT m.code, a.key, o.value FROM observation o JOIN measure m ON m.id = o.measure
    JOIN area a ON a.id = o.area ORDER BY m.code, a.key" | tr '\n' ' ')" \
    "age_00_03|007|40 age_00_03|012|50 age_03_06|007|41 age_03_06|012|51 pop|007|1234 pop|012|1766 sex_f|007|634 sex_f|012|866 sex_m|007|600 sex_m|012|900 "

# ---- the next deliveries
sed 's/2021/2022/' long.csv > next.csv
t_ok "the second delivery asks nothing" bring next.csv
t_err "Zuordnung „long.map“ an den Spalten erkannt" "it is known by its columns"
python3 - << 'END'
import csv
rows = list(csv.reader(open("long.csv"), delimiter=";"))
rows = [[r[4], r[2].replace("2021", "2023"), r[0], r[5], r[3], r[1]] for r in rows]
csv.writer(open("order.csv", "w"), delimiter=";", lineterminator="\n").writerows(rows)
rows = [r + ["neu"] for r in rows]
csv.writer(open("more.csv", "w"), delimiter=";", lineterminator="\n").writerows([[c.replace("2023", "2024") for c in r] for r in rows])
csv.writer(open("fewer.csv", "w"), delimiter=";", lineterminator="\n").writerows([r[1:] for r in rows])
END
t_ok "nor does another order of the columns" bring order.csv
t_err "Werte: 10 neu" "with the same values"
t_ok "nor a column more" bring more.csv --report found.csv
t_holds found.csv check.header_new "but it is said"
t_exit 2 "with a column that is missing the map is not known" bring fewer.csv
sed -i 's/^weiblich = sex_f/weiblich = - wird berechnet/' long.map
sed 's/2021/2025/' long.csv > edited.csv
t_ok "a map that was edited meanwhile" bring edited.csv --dry-run --report found.csv
t_holds found.csv check.map_edited "is said, and the version of the last import is used"
t_err "Werte: 10 neu" "with all its rules"
t_ok "until it is given once" bring edited.csv --map long.map
t_err "Werte: 8 neu"
t_ok "the journal has the version" "$KEKIZ" import show "$(last_import)"
t_out "map_version,2" "the second of this source"
t_ok "an explanation names place, person and version" "$KEKIZ" explain einwohner 007 2025
t_out "edited.csv, Zeile 2, Spalte Bestand; Import $(last_import) vom " "file, row and column"
t_out "Zuordnung long.map (Fassung 2)" "and the version of the map"
t_out "map_sha256,$(sha256sum long.map | cut -d' ' -f1)" "by its hash"

# ---- wide: a year a column, an age band a column, merged headers in a workbook
python3 - << 'END'
from sheets import *
head = [["Schlüssel", "Stadtteil", "Kinder", None, None, None], [None, None, "unter 3 Jahre", None, "3 bis unter 6 Jahre", None], [None, None, 2031, 2032, 2031, 2032]]
data = [["007", "Nord", 1, 2, 3, 4], ["012", "Süd", 5, 6, 7, 8], ["Insgesamt", None, 6, 8, 10, 12]]
xlsx("wide.xlsx", {"Deckblatt": [["Lieferung 2032"]], "Tabelle": [["Kinder im Dorf"]] + head + data},
     options={"Tabelle": {"merges": ["A1:F1", "A2:A4", "B2:B4", "C2:F2", "C3:D3", "E3:F3"]}})
END
t_ok "a workbook with a header of three rows" propose wide.xlsx einwohner-tabelle wide.map
has wide.map "aufbau = breit" "blatt = Tabelle" "gebiet = Schlüssel" "gebietsname = Stadtteil" "* = stadtteil:*" \
    "Kinder / unter 3 Jahre / {zeitraum} = age_00_03" "Kinder / 3 bis unter 6 Jahre / {zeitraum} = age_03_06"
t_ok "its proposal is good as it is" bring wide.xlsx --map wide.map
t_is "years and bands are where they belong" "$(ask "SELECT m.code, p.code, a.key, o.value FROM observation o JOIN measure m ON m.id = o.measure
    JOIN area a ON a.id = o.area JOIN period p ON p.id = o.period WHERE p.code > '2030' ORDER BY m.code, p.code, a.key" | tr '\n' ' ')" \
    "age_00_03|2031|007|1 age_00_03|2031|012|5 age_00_03|2032|007|2 age_00_03|2032|012|6 age_03_06|2031|007|3 age_03_06|2031|012|7 age_03_06|2032|007|4 age_03_06|2032|012|8 "
t_ok "an explanation names sheet and cell" "$KEKIZ" explain kinder-u6 007 2031
t_out "Blatt Tabelle, Zelle C5 (Spalte Kinder / unter 3 Jahre / 2031)" "of the workbook"

# ---- free: measures of its own, with unit and decimals; areas by their names
cat > free.csv << 'END'
Ortsteil,Waldfläche in m²,Anteil Kinder in %,Ausgaben in Euro,Sozialindex,Veränderung
Nord,"12345",12.5,1234.50,3,-0.25
Süd,"23456",8.25,99.95,7,0.5
END
t_ok "a free table with names instead of keys" propose free.csv frei free.map
has free.map "gebiet = Ortsteil" "Nord = stadtteil:007" "Süd = stadtteil:012" "dezimalzeichen = punkt" \
    "waldflaeche_in_m2 = Waldfläche in m² | m² | 0" "anteil_kinder_in_prozent = Anteil Kinder in % | Prozent | 2" \
    "ausgaben_in_euro = Ausgaben in Euro | Euro | 2" "sozialindex = Sozialindex | Stufe | 0" "veraenderung = Veränderung | Wert | 2"
t_ok "comes in" "$KEKIZ" import free.csv --source frei --map free.map --period 2021
t_is "exactly" "$(ask "SELECT m.code, m.decimals, o.value FROM observation o JOIN measure m ON m.id = o.measure JOIN area a ON a.id = o.area
    WHERE a.key = '007' AND m.unit IN ('Euro', 'Wert', 'Prozent') ORDER BY m.code" | tr '\n' ' ')" \
    "anteil_kinder_in_prozent|2|1250 ausgaben_in_euro|2|123450 veraenderung|2|-25 "
t_ok "the next year asks nothing" "$KEKIZ" import free.csv --source frei --period 2022 --accept-warnings

# ---- what cannot be proposed
printf 'a;b\n1;2\n3;4\n' > none.csv
t_exit 1 "a file without areas" propose none.csv frei none.map
t_err "kekiz area import" "says how areas come in"
t_true "and leaves no file" test ! -e none.map
t_exit 3 "an empty file" propose /dev/null frei none.map
t_exit 4 "a file that is not there" propose nowhere.csv frei none.map
if [ -e "$SHARED/data/koeln/bevoelkerung.csv" ]; then
    "$KEKIZ" --workspace k init k --name Köln --key 05315000 2> /dev/null
    for level in Stadtbezirk:STB Stadtteil:STT; do
        "$KEKIZ" --workspace k area import "$SHARED/data/koeln/${level%:*}.shp" --level "${level%:*}" --key "${level#*:}_NR" --name "${level#*:}_NAME" 2> /dev/null
    done
    t_ok "the table of Köln" "$KEKIZ" --workspace k import "$SHARED/data/koeln/bevoelkerung.csv" --source einwohner-tabelle --propose-map koeln.map
    t_err "zugeordnete Merkmale: 38, offene: 0" "all of it is found"
    has koeln.map "000 = stadt" "007 = stadtbezirk:7" "* = stadtteil:*"
    t_ok "and right: the proposal brings the same" "$KEKIZ" --workspace k import "$SHARED/data/koeln/bevoelkerung.csv" --source einwohner-tabelle --map koeln.map
    t_ok "as the map that is built in" "$KEKIZ" --workspace k import "$SHARED/data/koeln/bevoelkerung.csv" --source einwohner-tabelle --map koeln-bevoelkerung
    t_err "Werte: 0 neu, 0 geändert, 29.135 unverändert" "cell by cell"
else
    t_skip "the table of Köln" "the open data are not there"
fi
t_done
