#!/bin/sh
# area_koeln.sh - Köln's shapefiles as the city published them, and broken in many ways.
. "$(dirname "$0")/lib.sh"
t_need_shared data/koeln/Stadtbezirk.shp data/koeln/Stadtteil.shp data/koeln/Stadtviertel.shp
DATA=$SHARED/data/koeln

import() {
    "$KEKIZ" --workspace "$1" area import "$DATA/$2.shp" --level "$2" --key "$3_NR" --name "$3_NAME"
}
# Number of areas of level $2 in workspace $1 whose parent is not the start of their key.
strays() {
    "$KEKIZ" --workspace "$1" area list --level "$2" | awk -F, 'NR > 1 && index($1, $4) != 1' | wc -l
}

t_ok "a workspace" "$KEKIZ" init w --name Köln --key 05315000
t_ok "371 Stadtviertel" import w Stadtviertel STV
t_stderr_has "371 Stadtviertel importiert"
t_stderr_has "repariert: 2"
t_ok "9 Stadtbezirke" import w Stadtbezirk STB
t_stderr_has "zusammen 405,01 km²"
t_ok "86 Stadtteile" import w Stadtteil STT
t_stderr_has "repariert: 1"
t_stderr_has "202 Marienburg"
t_stderr_has "Übergeordnet ist die Ebene Stadtbezirk"
t_is "every Stadtteil has its Stadtbezirk" "$(strays w Stadtteil)" 0
t_is "every Stadtviertel has its Stadtteil" "$(strays w Stadtviertel)" 0
t_ok "the list" "$KEKIZ" --workspace w area list
t_is "1 + 9 + 86 + 371 areas and a header" "$(wc -l < "$T_OUT")" 468
t_stdout_has "905,Dellbrück,stadtteil,9,"
t_stdout_has "901,Mülheim,stadtteil,9,"
t_stdout_has "9,Mülheim,stadtbezirk,05315000,"
t_stdout_has "05315000,Köln,stadt,,,,405.01"
t_is "the city's middle is in the city" \
    "$(awk -F, '$3 == "stadt" { print ($8 > 6.9 && $8 < 7.0 && $9 > 50.9 && $9 < 51.0) }' "$T_OUT")" 1
cp "$T_OUT" first.csv

t_ok "another workspace" "$KEKIZ" init v --name Köln --key 05315000
t_ok "in another order" import v Stadtbezirk STB
t_ok "the Stadtteile" import v Stadtteil STT
t_ok "the Viertel last" import v Stadtviertel STV
t_ok "its list" "$KEKIZ" --workspace v area list
t_true "is the same" cmp first.csv "$T_OUT"

# Broken copies.
broken() {
    mkdir "$1"
    for part in shp shx dbf prj; do cp "$DATA/Stadtteil.$part" "$1/"; done
    chmod -R u+w "$1"
}
refused() {
    t_exit 3 "$3" "$KEKIZ" --workspace e area import "$1" --level Neu --key STT_NR --name STT_NAME
    t_stderr_has "$2"
}
t_ok "an empty workspace" "$KEKIZ" init e --name Köln --key 05315000
broken a; rm a/Stadtteil.prj
refused a/Stadtteil.shp "--crs EPSG:25832" "without .prj"
t_exit 3 "with the wrong system" "$KEKIZ" --workspace e area import a/Stadtteil.shp --level Neu --key STT_NR --name STT_NAME --crs EPSG:25832
t_stderr_has "nicht in Deutschland"
broken b; rm b/Stadtteil.dbf
refused b/Stadtteil.shp "fehlt die Datei Stadtteil.dbf" "without .dbf"
broken c; rm c/Stadtteil.shx
refused c/Stadtteil.shp "fehlt die Datei Stadtteil.shx" "without .shx"
broken d
for size in 0 20 99 100 5000 300000 626723; do
    head -c $size "$DATA/Stadtteil.shp" > d/Stadtteil.shp
    refused d/Stadtteil.shp "Stadtteil.shp" "cut after $size bytes"
done
# The length in the head says what is there, so the cut shows only inside a record.
head -c 300000 "$DATA/Stadtteil.shp" > d/Stadtteil.shp
printf '\000\002\111\360' | dd of=d/Stadtteil.shp bs=1 seek=24 conv=notrunc 2> /dev/null
refused d/Stadtteil.shp "Stadtteil.shp" "cut inside a record"
for size in 0 31 64 500 7000; do
    cp "$DATA/Stadtteil.shp" d/Stadtteil.shp
    head -c $size "$DATA/Stadtteil.dbf" > d/Stadtteil.dbf
    refused d/Stadtteil.shp "d/Stadtteil.shp" "table cut after $size bytes"
done
t_is "nothing was stored" "$("$KEKIZ" --workspace e area list | wc -l)" 2
t_done
