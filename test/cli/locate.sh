#!/bin/sh
# locate.sh - points and addresses find their areas, and what is wrong with them is said, not mended in silence.
. "$(dirname "$0")/lib.sh"
t_need_command python3

# Two Bezirke of two Viertel each, squares of a kilometre, in UTM 32: Viertel 11 12 below, 21 22 above.
python3 - <<'PY'
import json
def square(x, y, w, h):
    x, y = 356000 + 1000 * x, 5645000 + 1000 * y
    return [[[x, y], [x + 1000 * w, y], [x + 1000 * w, y + 1000 * h], [x, y + 1000 * h], [x, y]]]
def write(name, areas):
    json.dump({"type": "FeatureCollection",
               "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}},
               "features": [{"type": "Feature", "properties": {"nr": k, "name": "Gebiet " + k},
                             "geometry": {"type": "Polygon", "coordinates": square(*s)}} for k, s in areas]},
              open(name, "w"))
write("viertel.geojson", [("11", (0, 0, 1, 1)), ("12", (1, 0, 1, 1)), ("21", (0, 1, 1, 1)), ("22", (1, 1, 1, 1))])
write("bezirke.geojson", [("1", (0, 0, 2, 1)), ("2", (0, 1, 2, 1))])
write("over.geojson", [("1", (0, 0, 1.5, 1)), ("2", (1, 0, 1, 1))])
PY
"$KEKIZ" init w --name Dorf --key 05315000 2> /dev/null
export KEKIZ_WORKSPACE="$T_DIR/w"
printf 'x,y\n356100,5645100\n' > utm.csv
t_exit 3 "without outlines nothing can be located" "$KEKIZ" area locate utm.csv --lon x --lat y --crs EPSG:25832
t_err "kekiz area import" "and the message says what is missing"
"$KEKIZ" area import bezirke.geojson --level Stadtbezirk --key nr --name name 2> /dev/null
"$KEKIZ" area import viertel.geojson --level Viertel --key nr --name name 2> /dev/null

# 50.95 6.95 is 356,003 5,646,264: in Viertel 21; the others are made from plane coordinates.
printf 'name,lon,lat\nDom,6.9583,50.9413\n"Müller, Haus",6.955,50.9425\nfern,7.5,50.9\nohne,,\nnull,0,0\nkaputt,6.95x,50.95\n' > p.csv
t_ok "points of a table are located" "$KEKIZ" area locate p.csv --lon lon --lat lat
t_out "name,lon,lat,stadt,stadtbezirk,viertel,verdict" "the columns of the file come first"
t_out "Dom,6.9583,50.9413,05315000,1,11,ok" "a point has an area of each level"
t_out '"Müller, Haus",6.955,50.9425,05315000,1,11,ok' "fields stay as they are"
t_out "fern,7.5,50.9,,,,outside" "a point elsewhere is outside"
t_out "ohne,,,,,,unknown" "a row without a coordinate is unknown"
t_out "null,0,0,,,,unknown" "so is the island of zeros"
t_out "kaputt,6.95x,50.95,,,,unknown" "and what is no number"
t_err "p.csv, Zeile 7" "the message names the line"
t_ok "the columns are found by their names" "$KEKIZ" area locate p.csv --level Stadtbezirk --why
t_out "Dom,6.9583,50.9413,05315000,1,ok," "a coarser level can be asked for"
t_out "outside,Der Punkt liegt" "and the reason be a column"

printf 'x;y\n356500;5646000\n357000;5645500\n357000;5646000\n357000,02;5645500\n356000;5645000\n358000;5647000\n' > border.csv
t_ok "points on borders have one area" "$KEKIZ" area locate border.csv --lon x --lat y --crs EPSG:25832
t_out "356500,5646000,05315000,1,11,ok" "between 11 and 21 it is 11, the first key"
t_out "357000,5645500,05315000,1,11,ok" "between 11 and 12 it is 11"
t_out "357000,5646000,05315000,1,11,ok" "where four meet it is 11"
t_out '"357000,02",5645500,05315000,1,12,ok' "two centimetres on it is 12"
t_out "356000,5645000,05315000,1,11,ok" "the outer corner is inside"
t_out "358000,5647000,05315000,2,22,ok" "and so is the other"
t_err "Dezimalkomma" "a decimal comma is said"

printf 'x;y\n356.500;5.645.500\n357.500;5.646.500\n' > points.csv
t_ok "points for thousands" "$KEKIZ" area locate points.csv --lon x --lat y --crs EPSG:25832
t_out "357.500,5.646.500,05315000,2,22,ok" "are no decimal points in metres"

printf 'laenge;breite\n6,9583;50,9413\n6,955;50,9425\n' > comma.csv
t_ok "degrees with a decimal comma" "$KEKIZ" area locate comma.csv
t_out '"6,9583","50,9413",05315000,1,11,ok' "are read and given back as they are"
t_err "Dezimalkomma" "and it is said"

# what the file says is not what it has
t_exit 3 "longitude and latitude exchanged" "$KEKIZ" area locate comma.csv --lon breite --lat laenge
t_err "vertauscht" "are found"
t_err -- "--lon laenge --lat breite" "with the remedy"
t_stdout_is "" "and nothing is given out"
t_exit 3 "UTM given as degrees" "$KEKIZ" area locate border.csv --lon x --lat y
t_err -- "--crs EPSG:25832" "is found"
printf 'x,y\n2567241.6,5645520.7\n2567398,5645554\n' > gk.csv
t_exit 3 "Gauß-Krüger given as degrees" "$KEKIZ" area locate gk.csv --lon x --lat y
t_err "EPSG:31466" "is found"
t_ok "and as Gauß-Krüger it is located" "$KEKIZ" area locate gk.csv --lon x --lat y --crs EPSG:31466
t_out "2567398,5645554,05315000,1,11,ok" "in the same place"
t_err "3 Meter" "with a word on how exact that is"
printf 'x,y\n2356560,5645282\n2356600,5645300\n' > koeln.csv
t_exit 3 "the false easting of Köln" "$KEKIZ" area locate koeln.csv --lon x --lat y --crs EPSG:25832
t_err "2.000.000" "is found, with what to subtract"
printf 'x,y\n32356560,5645282\n' > zone.csv
t_exit 3 "the zone in front of the easting" "$KEKIZ" area locate zone.csv --lon x --lat y --crs EPSG:25832
t_err "EPSG:4647" "is found"
t_exit 3 "a system that is not known" "$KEKIZ" area locate zone.csv --lon x --lat y --crs EPSG:2154
printf 'lon,lat\n6.9583,50.9413\n50.9413,6.9583\n6.955,50.9425\n' > one.csv
t_ok "one row exchanged among others" "$KEKIZ" area locate one.csv
t_out "50.9413,6.9583,,,,outside" "is outside"
t_err "vertauscht" "and the message says why"

# the row's own word
printf 'lon,lat,Viertel\n6.9583,50.9413,11\n6.9583,50.9413,12\n6.9583,50.9413,Gebiet 11\n6.9583,50.9413,99\n6.9583,50.9413,\n' > own.csv
t_ok "rows that name an area" "$KEKIZ" area locate own.csv --expect Viertel
t_out "6.9583,50.9413,12,05315000,1,11,mismatch" "are compared with the point"
t_out "6.9583,50.9413,11,05315000,1,11,ok" "by key"
t_out "6.9583,50.9413,Gebiet 11,05315000,1,11,ok" "or by name"
t_out "6.9583,50.9413,99,05315000,1,11,mismatch" "an area that is not there is a mismatch"
t_out "6.9583,50.9413,,05315000,1,11,ok" "no word is no contradiction"
t_out "lon,lat,Viertel,stadt,stadtbezirk,area_viertel,verdict" "a column of the same name is kept apart"

# points of a geometry file
cat > p.geojson <<'J'
{"type":"FeatureCollection","features":[
 {"type":"Feature","properties":{"name":"Dom"},"geometry":{"type":"Point","coordinates":[6.9583,50.9413]}},
 {"type":"Feature","properties":{"name":"fern"},"geometry":{"type":"Point","coordinates":[7.5,50.9]}}]}
J
t_ok "points of a GeoJSON" "$KEKIZ" area locate p.geojson
t_out "Dom,05315000,1,11,ok" "are located as well"
t_out "fern,,,,outside" "with the same verdicts"

# addresses
printf 'Straße;Hausnr;Zusatz;PLZ;Viertel\nDomstr.;1;;50667;11\nDomstr.;2;;50667;12\nDomstr.;2;a;50667;21\nMeyerplatz;1;;50667;22\n' > list.csv
printf 'Strasse;Nr;Zus;Plz\nDomstraße;1;;50667\nDOMSTR;2;A;50667\nDomstraße;9;;50667\nMeierplatz;1;;50667\nDomstr.;1-2;;50667\nDomstr.;1;;50668\nDomstr.;1;;10115\n' > a.csv
t_exit 4 "without a list of addresses" "$KEKIZ" area locate a.csv --address Strasse,Nr,Zus,Plz
t_err "kekiz area gazetteer" "the message says how to get one"
"$KEKIZ" area gazetteer list.csv 2> /dev/null
t_ok "addresses are located" "$KEKIZ" area locate a.csv --address Strasse,Nr,Zus,Plz
t_out "Domstraße,1,,50667,05315000,1,11,ok" "by street and number"
t_out "DOMSTR,2,A,50667,05315000,2,21,ok" "and suffix, however they are spelt"
t_out "Domstraße,9,,50667,,,,unknown" "a number that the list has not is unknown"
t_out "Meierplatz,1,,50667,,,,unknown" "so is a street that only sounds alike"
t_err 'Meinten Sie „Meyerplatz“?' "which is proposed"
t_out "Domstr.,1-2,,50667,,,,ambiguous" "a range over two areas is ambiguous"
t_out "Domstr.,1,,10115,,,,outside" "a postcode that is not in the list is outside"
printf 'wo\n"Domstr. 2a, 50667 Köln"\nMeyerpl. 1\n' > whole.csv
t_ok "an address in one column" "$KEKIZ" area locate whole.csv --address wo
t_out '"Domstr. 2a, 50667 Köln",05315000,2,21,ok' "is taken apart"
t_out "Meyerpl. 1,05315000,2,22,ok" "with or without a town"

t_exit 2 "only one of two columns" "$KEKIZ" area locate p.csv --lon lon
t_exit 2 "points and addresses at once" "$KEKIZ" area locate p.csv --lon lon --lat lat --address name
printf 'a,b\n1,2\n' > none.csv
t_exit 2 "nothing to locate by" "$KEKIZ" area locate none.csv
t_exit 3 "a column that is not there" "$KEKIZ" area locate p.csv --lon lon --lat hoehe
t_exit 4 "a level that is not there" "$KEKIZ" area locate p.csv --level Mond
printf 'lon,lat\n6.9,50.9\n6.9\n' > ragged.csv
t_exit 3 "a row with a field too few" "$KEKIZ" area locate ragged.csv
t_stdout_is "" "is refused before anything is given out"
t_ok "as JSON" "$KEKIZ" area locate p.csv --format json
t_out '"verdict":"ok"' "with names"

# outlines that overlap
"$KEKIZ" init o --name Dorf --key 05315000 2> /dev/null
"$KEKIZ" --workspace o area import over.geojson --level Stadtteil --key nr --name name 2> /dev/null
printf 'x,y\n357250,5645500\n356500,5645500\n357750,5645500\n' > over.csv
t_ok "where outlines overlap" "$KEKIZ" --workspace o area locate over.csv --lon x --lat y --crs EPSG:25832
t_out "357250,5645500,05315000,,ambiguous" "a point is ambiguous"
t_out "357750,5645500,05315000,2,ok" "beside it it is not"
t_done
