#!/bin/sh
# attack.sh - nothing hidden comes back from all that is public: CSV of the command, export, server, and its pages.
. "$(dirname "$0")/lib.sh"
t_need_command python3 curl
INDICATORS="einwohner kinder-u6 migration einwohner-entwicklung altersgruppen"
attack() { python3 "$KZ_ROOT/test/cli/attack.py" "$KZ_ROOT/data" "$@"; }

# WORKSPACE RELEASE: every way out of it, attacked
besiege() {
    k() { "$KEKIZ" --workspace "$ws" "$@"; }
    ws=$1
    k area list | grep -v ',stadtviertel,' > "$ws.areas"
    mkdir "$ws.get" "$ws.inside" "$ws.web"
    for i in $INDICATORS; do
        k get "$i" --as public > "$ws.get/$i.csv"
        k get "$i" --as internal > "$ws.inside/$i.csv"
    done
    t_ok "$ws: what get --as public says gives nothing away" attack "$ws.areas" "$ws.get"/*.csv
    sed 's/^/# /' "$T_OUT"
    t_ok "$ws: it is exported" k release export "$2" "$ws.export"
    mkdir "$ws.same"
    for i in $INDICATORS; do cp "$ws.export/$i.csv" "$ws.same"; done
    t_true "$ws: an export is what the public gets" diff -r "$ws.get" "$ws.same"
    t_serve "$ws"
    for i in $INDICATORS; do curl -sf "$T_URL/thema/$i.csv" > "$ws.web/$i.csv"; done
    t_ok "$ws: the server's files and pages give nothing away" attack "$ws.areas" "$ws.web"/*.csv --pages "$T_URL"
    sed 's/^/# /' "$T_OUT"
    kill "$T_SERVER"
    wait "$T_SERVER" 2>/dev/null
    T_SERVER=
    # The attacker would notice: of what is hidden in one area and year all but the last is told, and the last follows.
    mkdir "$ws.leak"
    cp "$ws.get"/*.csv "$ws.leak"
    awk -F, 'NR == FNR { if (/,hidden$/) last[$1 "," $3] = FNR; next } FNR == 1 { file++ }
        file == 1 { told[$1 "," $2 "," $3 "," $4] = $0; next }
        /,hidden$/ && last[$1 "," $3] != FNR { print told[$1 "," $2 "," $3 "," $4]; next } { print }' \
        "$ws.get/migration.csv" "$ws.inside/migration.csv" "$ws.get/migration.csv" > "$ws.leak/migration.csv"
    t_exit 1 "$ws: hidden counts that are told bring others with them" attack "$ws.areas" "$ws.leak"/*.csv
    sed 's/\(,hidden\)$/\1/; /,hidden$/ s/^\([^,]*,[^,]*,[^,]*,[^,]*\),,/\1,2,/' "$ws.get/migration.csv" > "$ws.leak/migration.csv"
    t_exit 1 "$ws: a hidden cell with a number is noticed" attack "$ws.areas" "$ws.leak"/*.csv
}

t_run "$KEKIZ" demo --size small muster
besiege muster alles-2024

if [ -e "$SHARED/data/koeln/Stadtteil.shp" ]; then
    DATA=$SHARED/data/koeln
    for step in "init koeln --name Köln --key 05315000" \
        "area import $DATA/Stadtbezirk.shp --level Stadtbezirk --key STB_NR --name STB_NAME" \
        "area import $DATA/Stadtteil.shp --level Stadtteil --key STT_NR --name STT_NAME" \
        "import $DATA/bevoelkerung.csv --source einwohner-tabelle" "release draft r --by anna" \
        "release protect r" "user add bernd --role freigabe" "release publish r --approve bernd"; do
        # shellcheck disable=SC2086 # the words of a command
        "$KEKIZ" --workspace koeln $step 2> step.err || { cat step.err; echo "Bail out! $step"; exit 1; }
    done
    besiege koeln r
else
    t_skip "Köln is attacked" "$SHARED/data/koeln is not there"
fi
t_done
