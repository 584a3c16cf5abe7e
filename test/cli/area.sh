#!/bin/sh
# area.sh - areas come in from files of a GIS and out as a list.
. "$(dirname "$0")/lib.sh"

# One feature of a GeoJSON: key, name, west, south, east, north, more properties.
square() {
    printf '{"type":"Feature","properties":{"nr":"%s","bez":"%s"%s},"geometry":{"type":"Polygon",' "$1" "$2" "${7:-}"
    printf '"coordinates":[[[%s,%s],[%s,%s],[%s,%s],[%s,%s],[%s,%s]]]}}' \
        "$3" "$4" "$5" "$4" "$5" "$6" "$3" "$6" "$3" "$4"
}
collection() {
    printf '{"type":"FeatureCollection","features":['
    cat
    printf ']}'
}
import() {
    "$KEKIZ" --workspace w area import "$@" --key nr --name bez
}

t_ok "a workspace is made" "$KEKIZ" init w --name Ort --key 05315000

{ square 1 West 7.0 51.0 7.1 51.1; echo ,; square 2 Ost 7.1 51.0 7.2 51.1; } | collection > gross.geojson
{
    square 11 Nordwest 7.0 51.05 7.1 51.1 ',"teil_von":"1"'; echo ,
    square 12 Südwest 7.0 51.0 7.1 51.05 ',"teil_von":"1"'; echo ,
    square 21 Ost 7.1 51.0 7.2 51.1 ',"teil_von":"2"'
} | collection > klein.geojson

# Small ones first: parents are linked anew when the coarser level comes.
t_ok "small areas come in first" import klein.geojson --level Quartier --valid-from 2024-01-01
t_stderr_has "3 Quartiere importiert"
t_ok "then the large ones" import gross.geojson --level Stadtbezirk
t_ok "the list of all areas" "$KEKIZ" --workspace w area list
t_stdout_has "key,name,level,parent,valid_from,valid_to,area_km2,lon,lat"
t_stdout_has "05315000,Ort,stadt,,,,156.0"
t_stdout_has "1,West,stadtbezirk,05315000,,,78."
t_stdout_has "12,Südwest,quartier,1,2024-01-01,,39."
t_is "city, 2 and 3 areas and a header" "$(wc -l < "$T_OUT")" 7
t_ok "the list of one level, in any case" "$KEKIZ" --workspace w area list --level QUARTIER
t_is "3 areas and a header" "$(wc -l < "$T_OUT")" 4
t_ok "the same file again changes nothing" import klein.geojson --level quartier --valid-from 2024-01-01
t_stderr_has "Nichts zu tun"
t_exit 6 "other areas under the same name are refused" import gross.geojson --level quartier
t_exit 6 "the city itself is not imported" import gross.geojson --level Stadt
t_exit 4 "an unknown level is not listed" "$KEKIZ" --workspace w area list --level mond
t_stderr_has "Stadtbezirk, Quartier"

# Parents by column and by place.
sed 's/"nr":"1\(.\)"/"nr":"a\1"/' klein.geojson > frei.geojson
t_ok "keys without a common beginning are linked by place" import frei.geojson --level Sozialraum
t_stderr_has "gefunden nach der Lage"
t_ok "a workspace for named parents" "$KEKIZ" init p --name Ort --key 05315000
t_ok "large areas" "$KEKIZ" --workspace p area import gross.geojson --level Bezirk --key nr --name bez
t_ok "parents from a column" "$KEKIZ" --workspace p area import frei.geojson --level Teil --key nr --name bez --parent teil_von
t_stderr_has 'nach der Spalte „teil_von“'
t_ok "their list" "$KEKIZ" --workspace p area list --level teil
t_stdout_has "a2,Südwest,teil,1,"
sed 's/"teil_von":"2"/"teil_von":"9"/' frei.geojson > falsch.geojson
t_exit 3 "a parent that is not there" "$KEKIZ" --workspace p area import falsch.geojson --level T2 --key nr --name bez --parent teil_von
t_stderr_has "„9“"

# Rows of one key.
{ square 1 West 7.0 51.0 7.1 51.1; echo ,; square 1 West 7.1 51.0 7.2 51.1; } | collection > teile.geojson
t_ok "parts of one area are joined" import teile.geojson --level Block
t_stderr_has "Mehrere Zeilen"
t_ok "one block" "$KEKIZ" --workspace w area list --level block
t_stdout_has "1,West,block,05315000,,,156.0"
sed 's/"bez":"Ost"/"bez":"West "/; s/"nr":"2"/"nr":"1"/' gross.geojson | sed 's/West "/Mitte"/' > doppelt.geojson

# Bad files: message, code 3, nothing stored.
cp -r w before
refused() {
    t_text=$1
    t_name=$2
    shift 2
    t_exit 3 "$t_name" import "$@" --level Neu
    t_stderr_has "$t_text"
}
refused "Zeile 1 (West) und in Zeile 2 (Mitte)" "one key for two names" doppelt.geojson
: > leer.geojson
refused "leer" "an empty file" leer.geojson
collection < /dev/null > keine.geojson
refused "leer" "a file without areas" keine.geojson
echo "nr;bez" > tabelle.csv
refused "Shapefile" "a table" tabelle.csv
square 1 Meer 51.0 7.0 51.1 7.1 | collection > vertauscht.geojson
refused "nicht in Deutschland" "swapped axes" vertauscht.geojson
square 1 Fern 7 51 1e155 51.1 | collection > fern.geojson
refused "kein Ort" "a coordinate that is nowhere" fern.geojson
square "" Leer 7 51 7.1 51.1 | collection > ohne.geojson
refused "Spalte „nr“ ist leer" "an area without a key" ohne.geojson
t_exit 3 "a column that is not there" "$KEKIZ" --workspace w area import gross.geojson --level Neu --key NIX --name bez
t_stderr_has "Vorhanden: nr, bez"
t_exit 2 "a level must be named" import gross.geojson
t_exit 2 "a date that is none" import gross.geojson --level Neu --valid-from 2024-02-30
t_exit 4 "a file that is not there" import nirgends.shp --level Neu
t_ok "the list after all refusals" "$KEKIZ" --workspace w area list
cp "$T_OUT" after.csv
t_ok "the list before them" "$KEKIZ" --workspace before area list
t_true "is the same" cmp "$T_OUT" after.csv
t_done
