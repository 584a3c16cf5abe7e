#!/bin/sh
# ledger.sh - boundaries change: areas end and begin, series go on, and nobody gets lost.
. "$(dirname "$0")/lib.sh"
t_need_command python3
export KEKIZ_WORKSPACE="$T_DIR/w"

square() { # key name west south east north
    printf '{"type":"Feature","properties":{"nr":"%s","bez":"%s"},"geometry":{"type":"Polygon",' "$1" "$2"
    printf '"coordinates":[[[%s,%s],[%s,%s],[%s,%s],[%s,%s],[%s,%s]]]}}' \
        "$3" "$4" "$5" "$4" "$5" "$6" "$3" "$6" "$3" "$4"
}
collection() {
    printf '{"type":"FeatureCollection","features":['
    cat
    printf ']}'
}
areas() { # FILE [OPTIONS]
    "$KEKIZ" area import "$@" --level Stadtteil --key nr --name bez
}
dump() {
    python3 - "$KEKIZ_WORKSPACE/work.db" << 'PY'
import sqlite3, sys
db = sqlite3.connect("file:" + sys.argv[1] + "?mode=ro", uri=True)
for (name,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall():
    for row in sorted(map(repr, db.execute(f'SELECT * FROM "{name}"'))):
        print(name, row)
PY
}
cat > t.map << 'END'
[datei]
quelle = einwohner-tabelle
aufbau = breit
[spalten]
gebiet = gebiet
zeitraum = jahr
[zeitraum]
form = jahr
stichtag = 31.12.
[zahlen]
dezimalzeichen = punkt
tabellenzeichen = ja
[gebiete]
* = stadtteil:*
[wertspalten]
pop = pop
u3 = age_00_03
u6 = age_03_06
END
import() {
    "$KEKIZ" import "$1" --source einwohner-tabelle --map t.map --accept-warnings
}
# numerator,denominator,state of an area and period
cell() {
    awk -F, -v a="$1" -v p="$2" '$1 == a && $3 == p { print $5 "," $6 "," $13 }' "$T_OUT"
}
# sum of the numerators of a period
sum() {
    awk -F, -v p="$1" '$3 == p { s += $5 } END { print s + 0 }' "$T_OUT"
}
internal() {
    t_ok "get $*" "$KEKIZ" get "$@" --as internal
}

# Old: 1 to 6, three squares in the south and three in the north.
{
    square 1 Eins 7.0 51.0 7.1 51.1; echo ,; square 2 Zwei 7.1 51.0 7.2 51.1; echo ,; square 3 Drei 7.2 51.0 7.3 51.1; echo ,
    square 4 Vier 7.0 51.1 7.1 51.2; echo ,; square 5 Fünf 7.1 51.1 7.2 51.2; echo ,; square 6 Sechs 7.2 51.1 7.3 51.2
} | collection > alt.geojson
# New: 2 is cut into a half and two quarters, 3 and 6 are one, 4 has another key, 5 another name.
{
    square 1 Eins 7.0 51.0 7.1 51.1; echo ,; square 21 Zwei-West 7.1 51.0 7.15 51.1; echo ,
    square 22 Zwei-Süd 7.15 51.0 7.2 51.05; echo ,; square 23 Zwei-Nord 7.15 51.05 7.2 51.1; echo ,
    square 36 Osten 7.2 51.0 7.3 51.2; echo ,; square 40 Vier 7.0 51.1 7.1 51.2; echo ,
    square 5 Mitte 7.1 51.1 7.2 51.2
} | collection > neu.geojson

t_ok "a workspace" "$KEKIZ" init w --name Ort --key 05315000
t_ok "the old boundaries" areas alt.geojson
printf 'gebiet,jahr,pop,u3,u6\n1,2021,1000,30,40\n2,2021,999,10,11\n3,2021,500,15,16\n4,2021,400,12,13\n5,2021,300,9,10\n6,2021,100,.,5\n' > a.csv
printf 'gebiet,jahr,pop,u3,u6\n1,2022,1010,31,41\n2,2022,1001,11,12\n3,2022,510,16,17\n4,2022,410,13,14\n5,2022,310,10,11\n6,2022,110,1,6\n' > b.csv
t_ok "counts of 2021" import a.csv
t_ok "counts of 2022" import b.csv
dump > before

# ---- a new state --------------------------------------------------------------------------
t_exit 6 "other boundaries need a day" areas neu.geojson
t_stderr_has "--valid-from"
t_ok "new boundaries from 2023 on" areas neu.geojson --valid-from 2023-01-01
t_stderr_has "2 Gebiete gelten weiter, 4 enden am Tag davor, 5 beginnen"
t_ok "the list" "$KEKIZ" area list --level Stadtteil
t_stdout_has "2,Zwei,stadtteil,05315000,,2022-12-31,"
t_stdout_has "21,Zwei-West,stadtteil,05315000,2023-01-01,,"
t_stdout_has "5,Mitte,stadtteil,05315000,,,"
t_ok "what became of what" "$KEKIZ" area changes
t_is "nine flows in the form that can be read again" "$(cut -d, -f1-7 "$T_OUT" | tr '\n' ' ')" \
"kind,day,from,to,weight,name,from_name \
split,2023-01-01,2,21,,Zwei-West,Zwei split,2023-01-01,2,22,,Zwei-Süd,Zwei split,2023-01-01,2,23,,Zwei-Nord,Zwei \
merge,2023-01-01,3,36,,Osten,Drei renumber,2023-01-01,4,40,,Vier,Vier rename,2023-01-01,5,5,,Mitte,Fünf \
merge,2023-01-01,6,36,,Osten,Sechs "
cp "$T_OUT" erkannt.csv
t_exit 6 "a state before the last one" areas alt.geojson --valid-from 2022-06-01
t_ok "the new boundaries fit together" "$KEKIZ" area check --level Stadtteil --least 20000

# ---- cells: no area outside its days --------------------------------------------------------
internal einwohner --level Stadtteil
t_is "ended areas keep their own years" "$(awk -F, '$1 == 2 { print $3 }' "$T_OUT" | tr '\n' ' ')" "2021 2022 "
t_is "areas that begin have no earlier ones" "$(awk -F, '$1 == 21' "$T_OUT" | wc -l)" 0
internal einwohner --level Stadt
t_is "the city is the sum of the parts of its time" "$(cell 05315000 2021),$(cell 05315000 2022)" "3299,,shown,3351,,shown"
printf 'gebiet,jahr,pop,u3,u6\n1,2023,1020,32,42\n21,2023,600,6,6\n22,2023,300,3,4\n23,2023,101,2,2\n36,2023,630,18,24\n40,2023,420,13,15\n5,2023,320,11,12\n' > c.csv
t_ok "counts of 2023 with the new keys" import c.csv
internal einwohner --level Stadt
t_is "and of the new parts from their day on" "$(cell 05315000 2023)" "3391,,shown"

# ---- crosswalks ------------------------------------------------------------------------------
walk() {
    t_ok "crosswalk $*" "$KEKIZ" area crosswalk --level Stadtteil "$@"
}
walk --from 2022-12-31 --to 2023-01-01 --weight area
t_stdout_has "1,1,1"
t_stdout_has "3,36,1"
t_stdout_has "6,36,1"
t_stdout_has "4,40,1"
t_is "halves and quarters of the land" "$(awk -F, '$1 == 2 { printf "%s %.3f ", $2, $3 }' "$T_OUT")" "21 0.500 22 0.250 23 0.250 "
walk --from 2022-12-31 --to 2023-01-01
t_is "by people: 600, 300, 101 of 1,001" "$(grep '^2,' "$T_OUT" | tr '\n' ' ')" "2,21,0.599401 2,22,0.2997 2,23,0.100899 "
walk --from 2023-12-31 --to 2021-12-31 --weight children
t_is "back by children: 33 of 40 and 7 of 40" "$(grep '^36,' "$T_OUT" | tr '\n' ' ')" "36,3,0.825 36,6,0.175 "
t_stdout_has "21,2,1"
t_is "every source has exactly a million parts" \
    "$(awk -F, 'NR > 1 { s[$1] += int($3 * 1000000 + 0.5) } END { for (k in s) if (s[k] != 1000000) print k }' "$T_OUT")" ""
printf 'key_from,key_to,weight\n2,21,1\n2,22,1\n2,23,1\n3,36,1\n6,36,1\n4,40,1\n' > drittel.csv
walk --from 2022-12-31 --to 2023-01-01 --weight drittel.csv
t_is "by a file, summing to one in print" "$(grep '^2,' "$T_OUT" | tr '\n' ' ')" "2,21,0.333334 2,22,0.333333 2,23,0.333333 "
t_exit 3 "a file that forgets an area" sh -c "grep -v ^6 drittel.csv > x.csv; '$KEKIZ' area crosswalk --level Stadtteil --from 2022-12-31 --to 2023-01-01 --weight x.csv"
t_stderr_has "Sechs (6)"
t_exit 4 "a file that is not there" "$KEKIZ" area crosswalk --level Stadtteil --from 2022-12-31 --to 2023-01-01 --weight y.csv
t_exit 2 "a basis that is none" "$KEKIZ" area crosswalk --level Stadtteil --from 2022-12-31 --to 2023-01-01 --weight reich
t_exit 2 "a day that is none" "$KEKIZ" area crosswalk --level Stadtteil --from gestern --to 2023-01-01

# ---- series on the boundaries of one day -----------------------------------------------------
t_exit 2 "estimates are not public" "$KEKIZ" get einwohner --boundary 2023-01-01
t_stderr_has "--as internal"
internal einwohner --level Stadtteil --boundary 2023-01-01
# 999 × 0.599401 = 598.80, × 0.299700 = 299.40, × 0.100899 = 100.80; down 598 299 100, the two left to .80 and .80.
t_is "2021 of the split area, by largest remainder" "$(cell 21 2021) $(cell 22 2021) $(cell 23 2021)" \
    "599,,estimated 299,,estimated 101,,estimated"
t_is "the merger is exact" "$(cell 36 2021) $(cell 36 2022) $(cell 36 2023)" "600,,shown 620,,shown 630,,shown"
t_is "so is the new key" "$(cell 40 2021)" "400,,shown"
t_is "the town is the same to the unit" "$(sum 2021) $(sum 2022) $(sum 2023)" "3299 3351 3391"
internal einwohner --level Stadtteil --boundary 31.12.2021
t_is "back: what was split is exact again" "$(cell 2 2023)" "1001,,shown"
t_is "the merged ones are estimated" "$(cell 3 2023) $(cell 6 2023)" "518,,estimated 112,,estimated"
t_is "the town again" "$(sum 2021) $(sum 2022) $(sum 2023)" "3299 3351 3391"
internal kinder-u6 --level Stadtteil --boundary 2023-01-01
t_is "a hidden count hides the merger, its denominator does not" "$(cell 36 2021)" ",600,hidden"
t_is "a share of the split area" "$(cell 21 2021)" "13,599,estimated"
t_is "no part is larger than its whole" "$(awk -F, 'NR > 1 && $5 != "" && $5 + 0 > $6 + 0' "$T_OUT" | wc -l)" 0
internal einwohner-entwicklung --level Stadtteil --boundary 2023-01-01
t_is "growth since the first year in one boundary" "$(cell 36 2023)" "630,600,shown"
internal einwohner --level Stadtteil --boundary 2023-01-01 --weight drittel.csv
t_is "by a file of one's own" "$(cell 21 2021) $(cell 22 2021) $(cell 23 2021)" "333,,estimated 333,,estimated 333,,estimated"

# ---- a release over the change -----------------------------------------------------------------
cp -r w v
public() {
    "$KEKIZ" --workspace v "$@"
}
t_ok "a draft" public release draft r --by anna --indicator einwohner --indicator einwohner-entwicklung
t_ok "is protected" public release protect r
t_ok "and holds, in the boundaries of each year" public release audit r
t_ok "a second person" public user add bernd --role freigabe
t_ok "publishes it" public release publish r --approve bernd
t_ok "the public series" public get einwohner --level Stadtteil
t_stdout_has "2,Zwei (bis 31.12.2022),2022,Total,1001,"
t_stdout_has "21,Zwei-West,2023,Total,600,"
t_is "an area has no cells outside its days" "$(awk -F, '($1 == 2 && $3 == 2023) || ($1 == 21 && $3 < 2023)' "$T_OUT" | wc -l)" 0
t_serve v --public-only
t_ok "the page of the theme" curl -fsS "$T_URL/thema/einwohner"
t_ok "the page of an area that has ended" curl -fsS "$T_URL/gebiet/stadtteil-2-bis-2022-12-31"
t_stdout_has "Zwei (bis 31.12.2022)"
t_stdout_has "in diesen Grenzen bis zum 31.12.2022" "its series says when it ends"
t_ok "the page of one of today" curl -fsS "$T_URL/gebiet/stadtteil-36"
t_stdout_has "Osten"
t_stdout_has "in diesen Grenzen seit dem 1.1.2023" "its series says when it begins"
t_ok "an area that never changed" curl -fsS "$T_URL/gebiet/stadtteil-1"
t_stdout_lacks "in diesen Grenzen" "says nothing of boundaries"

# ---- described by hand, and taken back -------------------------------------------------------
sed 's/^split,\(.*\),2,21,,/split,\1,2,21,0.7,/; s/^split,\(.*\),2,22,,/split,\1,2,22,0.2,/; s/^split,\(.*\),2,23,,/split,\1,2,23,"0,1",/' erkannt.csv > besser.csv
change() {
    "$KEKIZ" area change "$1" --level Stadtteil
}
t_ok "better weights" change besser.csv
t_stderr_has "neu beschriebene 1"
walk --from 2022-12-31 --to 2023-01-01
t_is "are used" "$(grep '^2,' "$T_OUT" | tr '\n' ' ')" "2,21,0.7 2,22,0.2 2,23,0.1 "
refused() { # TEXT NAME < FILE
    cat > falsch.csv
    t_exit 3 "$2" change falsch.csv
    t_stderr_has "$1"
}
refused "zusammen 0.900000 statt 1" "weights that do not sum to one" << END
$(sed 's/,0.7,/,0.6,/' besser.csv)
END
refused "nicht alle Zeilen einen Anteil" "a weight that is missing" << END
$(sed 's/,0.7,/,,/' besser.csv)
END
refused "„6“ endet vor dem 2023-01-01" "an area that nobody tells about" << END
$(grep -v ',6,36' besser.csv)
END
refused "endet nicht am Tag vor dem" "an area that goes on" << END
$(sed 's/,6,36,/,1,36,/' besser.csv)
END
refused "ist keine Art" "a kind that is none" << END
$(sed 's/^split/teilung/' besser.csv)
END
refused "Zeile 2: „2023-02-30“" "a day that is none" << END
kind,day,from,to
split,2023-02-30,2,21
END
refused "passen die Schlüssel nicht" "an end with a successor" << END
kind,day,from,to
end,2023-01-01,2,21
END
refused "braucht einen Namen" "a new state whose area has no name" << END
kind,day,from,to
split,2024-01-01,1,11|12
END
t_ok "the description is taken back" "$KEKIZ" area undo --level Stadtteil
t_stderr_has "die davor gilt wieder"
t_ok "the one before holds again" "$KEKIZ" area changes
t_true "to the byte" cmp "$T_OUT" erkannt.csv
t_exit 6 "a state with counts cannot go" "$KEKIZ" area undo --level Stadtteil
t_stderr_has "zuerst die Importe"
t_ok "the counts go first" "$KEKIZ" import undo 3
t_ok "then the state" "$KEKIZ" area undo --level Stadtteil
dump | grep -v "^import (3" > after
grep -v "^import (3" before > before2
t_true "everything is as it was, to the byte" cmp before2 after
t_exit 4 "nothing is left to take back" "$KEKIZ" area undo --level Stadtteil

# ---- a state before counts that are already there ----------------------------------------------
t_ok "boundaries that changed before the last delivery" areas neu.geojson --valid-from 2022-07-01
t_stderr_has "die am Stichtag nicht mehr gelten: 12."
internal einwohner --level Stadtteil
t_is "what stands on ended areas does not count" "$(awk -F, '$1 == 2 { print $3 }' "$T_OUT")" 2021
t_ok "it is taken back" "$KEKIZ" area undo --level Stadtteil
dump | grep -v "^import (3" > after
t_true "and all is as it was" cmp before2 after

# ---- a state from a table alone --------------------------------------------------------------
cat > tabelle.csv << END
kind;day;from;to;weight;name
merge;01.01.2023;3 | 6;36;;Osten
split;01.01.2023;2;21;0,6;Zwei-West
split;01.01.2023;2;22;0,4;Zwei-Ost
renumber;01.01.2023;4;40;;
rename;01.01.2023;5;5;;Mitte
merge;01.01.2024;21|22;2;;Zwei
END
t_ok "two states from a table" change tabelle.csv
t_stderr_has "neue Gebietsstände 2"
t_ok "the list" "$KEKIZ" area list --level Stadtteil
t_stdout_has "36,Osten,stadtteil,05315000,2023-01-01,,15"
t_stdout_has "21,Zwei-West,stadtteil,05315000,2023-01-01,2023-12-31,,,"
t_stdout_has "2,Zwei,stadtteil,05315000,,2022-12-31,78"
t_stdout_has "2,Zwei,stadtteil,05315000,2024-01-01,,,,"
t_stdout_has "40,Vier,stadtteil,05315000,2023-01-01,,77"
walk --from 2022-12-31 --to 2023-06-30
t_is "stated weights" "$(grep '^2,' "$T_OUT" | tr '\n' ' ')" "2,21,0.6 2,22,0.4 "
walk --from 2022-12-31 --to 2024-01-01
t_is "split and merged again is certain" "$(grep '^2,' "$T_OUT" | tr '\n' ' ')" "2,2,1 "
internal einwohner --level Stadtteil --boundary 2023-06-30
t_is "999 in 0.6 and 0.4" "$(cell 21 2021) $(cell 22 2021)" "599,,estimated 400,,estimated"
internal einwohner --level Stadtteil --boundary 2024-06-30
t_is "nothing is estimated over both changes" "$(cell 2 2021) $(cell 2 2022)" "999,,shown 1001,,shown"
t_exit 3 "back, the halves of 2024 are not known" "$KEKIZ" area crosswalk --level Stadtteil --from 2024-01-01 --to 2023-01-01
t_stderr_has "Zwei (2)"
t_ok "the second state is taken back" "$KEKIZ" area undo --level Stadtteil
t_ok "and the first" "$KEKIZ" area undo --level Stadtteil
dump | grep -v "^import (3" > after
t_true "as it was" cmp before2 after
t_done
