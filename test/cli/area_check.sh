#!/bin/sh
# area_check.sh - outlines that do not fit together are found, with place, size and remedy.
. "$(dirname "$0")/lib.sh"

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
check() {
    "$KEKIZ" area check "$@" --key nr --name bez
}
# The square metres of a finding of one kind.
m2() {
    awk -F, -v kind="$1" '$2 == kind { print $7 }' "$T_OUT"
}

{ square 1 West 7.0 51.0 7.1 51.1; echo ,; square 2 Ost 7.1 51.0 7.2 51.1; } | collection > gut.geojson
t_ok "a sound file" check gut.geojson
t_stdout_is "level,check,key,name,key2,name2,m2,pieces,lon,lat,finding"
t_stderr_empty

# 0.001° of longitude at 51° N are 70.2 m on GRS 80, 0.1° of latitude 11,126 m: 0.78 km².
{ square 1 West 7.0 51.0 7.101 51.1; echo ,; square 2 Ost 7.1 51.0 7.2 51.1; } | collection > ueber.geojson
t_exit 1 "an overlap" check ueber.geojson
t_stdout_has ",overlap,1,West,2,Ost,"
t_stdout_has "West (1) und Ost (2) überlappen sich um"
t_stderr_has "Befunde: 1"
t_is "its size on the ground" "$(m2 overlap | awk '{ print ($1 > 778000 && $1 < 784000) }')" 1
t_is "its place" "$(awk -F, '$2 == "overlap" { print ($9 > 7.1 && $9 < 7.101 && $10 > 51 && $10 < 51.1) }' "$T_OUT")" 1
t_ok "small pieces can be left out" check ueber.geojson --least 800000
t_exit 2 "an area that is none" check ueber.geojson --least viel
t_exit 2 "a file needs its key" "$KEKIZ" area check gut.geojson
t_exit 3 "a column that is not there" "$KEKIZ" area check gut.geojson --key nix
t_exit 4 "a file that is not there" check nirgends.geojson

tenth() { # one more than $1
    awk -v x="$1" 'BEGIN { print x + 0.1 }'
}
# Eight squares around a ninth that is missing, and one far away with a key that was there already.
{
    for place in 1:7.0:51.0 2:7.0:51.1 3:7.0:51.2 4:7.1:51.2 5:7.2:51.2 6:7.2:51.1 7:7.2:51.0 8:7.1:51.0; do
        west=$(echo "$place" | cut -d: -f2) south=$(echo "$place" | cut -d: -f3)
        square "${place%%:*}" "Q${place%%:*}" "$west" "$south" "$(tenth "$west")" "$(tenth "$south")"
        echo ,
    done
    square 8 Q8 7.4 51.0 7.5 51.1
} | collection > loch.geojson
t_exit 1 "a gap with areas all around" check loch.geojson
t_is "the missing square, once" "$(m2 gap | awk '{ print ($1 > 77000000 && $1 < 78100000) }')" 1
t_stdout_has ",duplicate,8,Q8,8,Q8,"
t_stdout_has "in Zeile 8 (Q8) und in Zeile 9 (Q8)"
t_stdout_has ",island,8,Q8,"
t_is "three findings and a header" "$(wc -l < "$T_OUT")" 4

printf '%s' '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"nr":"1","bez":"Schleife"},"geometry":
{"type":"Polygon","coordinates":[[[7,51],[7.1,51.1],[7.1,51],[7,51.1],[7,51]]]}}]}' > schleife.geojson
t_exit 1 "an outline that crosses itself" check schleife.geojson
t_stdout_has ",invalid,1,Schleife,"
t_stdout_has "Zeile 1, Schleife (1): "

# In a workspace also against the level above.
t_ok "a workspace" "$KEKIZ" init w --name Ort --key 05315000
{ square 11 A 7.0 51.0 7.1 51.1; echo ,; square 21 C 7.1 51.01 7.2 51.11; } |
    collection > klein.geojson
t_ok "large areas" "$KEKIZ" --workspace w area import gut.geojson --level Bezirk --key nr --name bez
t_ok "small areas" "$KEKIZ" --workspace w area import klein.geojson --level Quartier --key nr --name bez
t_exit 1 "a part outside, and land without an area" "$KEKIZ" --workspace w area check --least 10000
t_stdout_has "quartier,outside,21,C,2,Ost,"
t_stdout_has "quartier,uncovered,21,C,2,Ost,"
t_is "two findings and a header" "$(wc -l < "$T_OUT")" 3
t_ok "the other level is sound" "$KEKIZ" --workspace w area check --level bezirk
t_exit 4 "an unknown level" "$KEKIZ" --workspace w area check --level mond
t_exit 1 "as JSON" "$KEKIZ" --workspace w area check --format json
t_stdout_has '"check":"outside"'
t_done
