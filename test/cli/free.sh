#!/bin/sh
# free.sh - free tables with measures of their own, on the defective real files of Berlin and of the schools of NRW.
. "$(dirname "$0")/lib.sh"
t_need_command python3
MSS=data/berlin/mss/berlin-monitoring-social-urban-development
GEO=data/berlin/geo/berlin-lor-planning-areas-until-2020.geojson
t_need_shared $MSS-2013-00-2-1-planning-areas.csv $MSS-2017-00-4-1-planning-areas.csv $GEO data/nrw_schulen
export KEKIZ_WORKSPACE="$T_DIR/w"

query() { # the first column of the result
    python3 - "$KEKIZ_WORKSPACE/work.db" "$1" << 'PY'
import sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
print(*[row[0] for row in db.execute(sys.argv[2])])
PY
}
of() { # MEASURE PERIOD AREA: value and state as they are stored
    query "SELECT COALESCE(o.value, 'none') || '/' || o.state FROM observation o JOIN measure m ON m.id = o.measure
        JOIN period p ON p.id = o.period JOIN area a ON a.id = o.area WHERE m.code = '$1' AND p.code = '$2' AND a.key = '$3'"
}
bring() { # MAP PERIOD FILE [OPTIONS]
    b_map=$1 b_period=$2 b_file=$3
    shift 3
    "$KEKIZ" import "$b_file" --source frei --map "$b_map" --period "$b_period" "$@"
}
head_of_map() { # LEVEL, then the rest on stdin
    cat << END
[datei]
quelle = frei
aufbau = breit
[spalten]
gebiet = id
[zeitraum]
form = jahr
stichtag = 31.12.
[zahlen]
dezimalzeichen = punkt
tabellenzeichen = ja
fehlend = leer | -
[gebiete]
# Dieses Gebiet hat in der Karte keinen Umriss.
04030417 = - ohne Umriss
END
    cat
}

# ---- Berlin: S1..S4 in percent, D1..D4 in percentage points, five decimals, exactly
"$KEKIZ" init w --name Berlin --key 11000000 2> /dev/null
t_ok "the areas of Berlin" "$KEKIZ" area import "$SHARED/$GEO" --level Planungsraum --key id --name name
t_err "06010102" "duplicate polygons are dissolved with a notice"
head_of_map > mss.map << 'END'
* = planungsraum:*
[eigene]
mss_pop = Einwohner | Anzahl
s1 = Arbeitslose | Prozent | 5
s2 = Langzeitarbeitslose | Prozent | 5
s3 = Menschen mit Transferbezug | Prozent | 5
s4 = Kinder mit Transferbezug | Prozent | 5
d1 = Veränderung der Arbeitslosen | Prozentpunkte | 5
d2 = Veränderung der Langzeitarbeitslosen | Prozentpunkte | 5
d3 = Veränderung des Transferbezugs | Prozentpunkte | 5
d4 = Veränderung des Transferbezugs von Kindern | Prozentpunkte | 5
[wertspalten]
inhabitants = mss_pop
s1_percentage_unemployed = s1
s2_percentage_long_term_unemployed = s2
s3_percentage_transfer_payments_recipients = s3
s4_percentage_transfer_payments_recipients_below_15_years = s4
d1_percentage_unemployed = d1
d2_percentage_long_term_unemployed = d2
d3_percentage_transfer_payments_recipients = d3
d4_percentage_transfer_payments_recipients_below_15_years = d4
END
t_ok "the MSS of 2013 is imported without a question" bring mss.map 2013 "$SHARED/$MSS-2013-00-2-1-planning-areas.csv"
t_is "6.38298 percent are 638298 of the fifth decimal" "$(of s1 2013 01011101)" 638298/0
t_is "a change may be negative" "$(of d1 2013 01011101)" -82908/0
t_is "a zero is a zero" "$(of s1 2013 01011102)" 0/1
t_is "unit and decimals are kept with the measure" \
    "$(query "SELECT unit || decimals || adds FROM measure WHERE code IN ('s1', 'mss_pop') ORDER BY code")" "Anzahl01 Prozent50"
t_is "every value of the file is stored" "$(query "SELECT COUNT(*) FROM observation")" 4014
t_is "with row and column" "$(query "SELECT o.line || c.name FROM observation o JOIN measure m ON m.id = o.measure
    JOIN import_column c ON c.import = o.import AND c.col = o.col WHERE m.code = 's1' AND o.line = 2")" 2s1_percentage_unemployed
t_exit 1 "quarters that doubled are asked about" bring mss.map 2015 "$SHARED/$MSS-2015-00-2-1-planning-areas.csv"
t_err "Adlershof West, Einwohner, 2015: 508. Davor waren es 241 (2013)" "with what was there before"
t_is "they are two of 446" "$(grep -c 'Davor waren es' "$T_ERR")" 2
t_ok "and come in with a tick" bring mss.map 2015 "$SHARED/$MSS-2015-00-2-1-planning-areas.csv" --accept-warnings
sed 's/s1 = Arbeitslose | Prozent | 5/s1 = Arbeitslose | Prozent | 2/' mss.map > two.map
t_exit 3 "a value with more decimals than the map says is never rounded" bring two.map 2017 "$SHARED/$MSS-2017-00-2-1-planning-areas.csv"
t_err "mehr Nachkommastellen" "the message says so"
head -n 2 "$SHARED/$MSS-2017-00-2-1-planning-areas.csv" | sed 's/,[0-9.]*,[0-9.-]*$/,0,0/; s/4.98155/4.98/' > short.csv
t_exit 6 "a measure keeps its decimals" bring two.map 2017 short.csv
t_err "Prozent mit 5" "the message says what the stored ones have"

# ---- the table of context indicators: stray rows, shifted columns, missing values
{
    head_of_map << 'END'
* = planungsraum:*
[eigene]
END
    head -n 1 "$SHARED/$MSS-2013-00-4-1-planning-areas.csv" | tr ',' '\n' | sed -n '3,$s/^\(k..\).*/\1 = Kontext \1 | Wert | 5/p'
    echo "[wertspalten]"
    head -n 1 "$SHARED/$MSS-2013-00-4-1-planning-areas.csv" | tr ',' '\n' | sed -n '3,$s/^\(k..\).*/& = \1/p'
} > context.map
t_ok "2013 is fine" bring context.map 2013 "$SHARED/$MSS-2013-00-4-1-planning-areas.csv"
t_exit 3 "2015 has a stray row" bring context.map 2015 "$SHARED/$MSS-2015-00-4-1-planning-areas.csv" --report stray.csv
t_err "Zeile 2: Eine Zeile passt nicht zur Tabelle: Der Schlüssel „00Nummer“" "which is named"
t_true "and one without values, which is left out" grep -q '^[^,]*,3,id,00000000,check.stray_empty,notice' stray.csv
sed 's/^04030417.*/&\n00Nummer = - Streuzeile/' context.map > clean.map
t_exit 1 "the columns of 2015 are shifted" bring clean.map 2015 "$SHARED/$MSS-2015-00-4-1-planning-areas.csv" --report shifted.csv
t_err "fast so wie damals „Kontext k08“" "k10 holds what k08 was"
t_is "from k06 on, and before that nothing" \
    "$(sed -n 's/.*,\(k..\)_[a-z_0-9]*,[^,]*,check.column_\(shifted\|unlike\),warning.*/\1/p' shifted.csv | tr '\n' ' ')" "k06 k08 k09 k10 k11 k12 k13 "
t_exit 1 "and so are those of 2017" bring clean.map 2017 "$SHARED/$MSS-2017-00-4-1-planning-areas.csv"
t_ok "with a tick they come in" bring clean.map 2017 "$SHARED/$MSS-2017-00-4-1-planning-areas.csv" --accept-warnings --report missing.csv
t_true "missing values are counted" grep -q 'check.value_missing,notice' missing.csv
t_is "and are no zeros" "$(of k02 2017 01011101)" none/4
t_is "the tick is kept" "$(query "SELECT accepted LIKE '%check.column_shifted=%' FROM import WHERE id = (SELECT MAX(id) FROM import)")" 1
sed 's/^k01 = .*/k01 = Kontext k01 | Prozent | 5 | 0 bis 5/; s/Kontext/Anderes/' context.map | sed 's/^k\(..\) =/r\1 =/; s/= k\(..\)$/= r\1/' > range.map
t_exit 3 "a value outside of the range of the map is an error" bring range.map 2013 "$SHARED/$MSS-2013-00-4-1-planning-areas.csv"
t_err "liegt nicht in dem Bereich" "and says so"
for y in 2015 2016; do # somebody sends the file of 2015 for 2016
    printf '[datei]\nquelle = frei\naufbau = breit\n[spalten]\ngebiet = id\nohne = *\n[zeitraum]\nform = jahr\nstichtag = 31.12.\n' > pop.map
    printf '[zahlen]\ndezimalzeichen = punkt\ntabellenzeichen = ja\n[gebiete]\n04030417 = - ohne Umriss\n00* = - Streuzeile\n' >> pop.map
    printf '* = planungsraum:*\n[eigene]\ncopy_pop = Einwohner | Anzahl\n[wertspalten]\ninhabitants = copy_pop\n' >> pop.map
    t_run bring pop.map $y "$SHARED/$MSS-2015-00-1-planning-areas.csv"
done
t_is "a column that did not change at all is asked about" "$T_CODE" 1
t_err "sind dieselben wie 2015" "and it says since when"

# ---- the schools of NRW: every AGS lost its leading zero; a school is a row
CSV=$(find "$SHARED/data/nrw_schulen" -name '*.csv' | head -n 1)
python3 - "$CSV" << 'PY'
import csv, json, sys
def square(key, name, n):
    x, y = 6 + n % 100 * .03, 50.5 + n // 100 * .03
    ring = [[x, y], [x + .02, y], [x + .02, y + .02], [x, y + .02], [x, y]]
    return {"type": "Feature", "properties": {"key": key, "name": name}, "geometry": {"type": "Polygon", "coordinates": [ring]}}
rows = list(csv.DictReader(open(sys.argv[1])))
towns = {r["Amtlicher Gemeindeschlüssel"].zfill(8): r["Verwaltungsbezirk"] for r in rows}
json.dump({"type": "FeatureCollection", "features": [square(k, towns[k], i) for i, k in enumerate(sorted(towns))]}, open("towns.geojson", "w"))
json.dump({"type": "FeatureCollection", "features": [square(k, "Schule " + k, i) for i, k in enumerate(sorted({r["Schulnummer"] for r in rows})[:300])]},
          open("schools.geojson", "w"))
print(len(rows), sum(int(r["Anzahl"] or 0) for r in rows), len(towns), file=open("truth", "w"))
PY
export KEKIZ_WORKSPACE="$T_DIR/nrw"
"$KEKIZ" init nrw --name NRW --key 05000 2> /dev/null
t_ok "396 Gemeinden" "$KEKIZ" area import towns.geojson --level Gemeinde --key key --name name
cat > towns.map << 'END'
[datei]
quelle = frei
aufbau = breit
mehrfach = summe
[spalten]
gebiet = Amtlicher Gemeindeschlüssel
zeitraum = Schuljahr
ohne = *
[zeitraum]
form = schuljahr
stichtag = 15.10.
[zahlen]
dezimalzeichen = punkt
tabellenzeichen = ja
fehlend = leer
[gebiete]
* = gemeinde:*
[eigene]
pupils = Schülerinnen und Schüler | Personen
[wertspalten]
Anzahl = pupils
END
t_ok "the pupils of NRW are summed by Gemeinde" "$KEKIZ" import "$CSV" --source frei --map towns.map --report towns.csv
t_true "the lost zeros are one notice" grep -q 'check.area_zeros,notice,.*Schlüssel: 396, Zeilen: 5.407.*5111000 zu 05111000' towns.csv
t_is "and no pupil is lost" "$(query "SELECT SUM(value) FROM observation")" 2516975
t_ok "300 of the schools as areas" "$KEKIZ" area import schools.geojson --level Schule --key key --name name
sed 's/^mehrfach.*//; s/gebiet = .*/gebiet = Schulnummer/; s/^\* = .*/1???* = - andere/; s/^pupils.*/school_pupils = Kinder und Jugendliche | Personen\nsocial_index = Schulsozialindex | Stufe | 0 | 1 bis 9/' \
    towns.map | sed 's/^Anzahl = .*/Anzahl = school_pupils\nSozialindex = social_index/; s/^1???\* = .*/* = schule:*/' > schools.map
python3 - "$CSV" << 'PY'
import csv, sys
rows = list(csv.reader(open(sys.argv[1])))
keep = set(sorted({r[4] for r in rows[1:]})[:300])
csv.writer(open("schools.csv", "w"), lineterminator="\n").writerows([rows[0]] + [r for r in rows[1:] if r[4] in keep])
PY
t_ok "a row is a school" "$KEKIZ" import schools.csv --source frei --map schools.map
t_is "with its social index" "$(query "SELECT o.value FROM observation o JOIN measure m ON m.id = o.measure JOIN area a ON a.id = o.area
    WHERE m.code = 'social_index' AND a.key = '100020'")" 5
t_is "which is not added up" "$(query "SELECT adds FROM measure WHERE code = 'social_index'")" 0
grep -v '^ohne' schools.map > open.map
t_ok "columns with addresses are warnings" "$KEKIZ" import schools.csv --source frei --map open.map --dry-run --report open.csv
t_true "and are named" grep -q 'Straße und Hausnummer.*check.private_address,warning' open.csv
t_done
