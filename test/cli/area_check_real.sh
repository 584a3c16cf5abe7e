#!/bin/sh
# area_check_real.sh - what is wrong with the outlines that Köln and Berlin published.
. "$(dirname "$0")/lib.sh"
t_need_shared data/koeln/Stadtviertel.shp data/koeln/Stadtteil.shp data/berlin/geo/berlin-lor-planning-areas-until-2020.geojson
KOELN=$SHARED/data/koeln
BERLIN=$SHARED/data/berlin/geo

count() {
    awk -F, -v kind="$1" '$2 == kind' "$T_OUT" | wc -l
}

# Köln: 371 Viertel are quarters with a name; 3.06 km² of parks, rails and harbours between them are in none.
t_exit 1 "Köln's Viertel" "$KEKIZ" area check "$KOELN/Stadtviertel.shp" --key STV_NR --name STV_NAME
t_is "overlaps of borders drawn twice" "$(count overlap)" 8
t_stdout_has ",overlap,80502,Ostheim-Süd,80506,Waldbad-Viertel,7.2,3,"
t_is "two outlines touch themselves" "$(count invalid)" 2
t_stdout_has ",invalid,20201,Marienburg,"
t_is "the largest gap" "$(awk -F, '$2 == "gap" { print $7; exit }' "$T_OUT")" 794548.3
t_is "the gaps together" "$(awk -F, '$2 == "gap" || $2 == "hole" || $2 == "sliver" { s += $7 } END { print int(s / 1000) }' "$T_OUT")" 3066

t_exit 1 "Köln's Stadtteile" "$KEKIZ" area check "$KOELN/Stadtteil.shp" --key STT_NR --name STT_NAME
t_is "overlaps" "$(count overlap)" 31
t_stdout_has ",overlap,702,Westhoven,208,Rodenkirchen,218,3,"
t_is "slivers" "$(count sliver)" 25
t_is "no gap worth the name" "$(count gap)" 0
t_is "one outline touches itself" "$(count invalid)" 1

t_exit 1 "Berlin's 448 rows" "$KEKIZ" area check "$BERLIN/berlin-lor-planning-areas-until-2020.geojson" --key id --name name
t_stdout_has ",duplicate,06010102,Schloßstraße,06010102,Schloßstraße,"
t_is "and nothing else" "$(wc -l < "$T_OUT")" 2

# In a workspace: Viertel against Stadtteile.
t_ok "a workspace" "$KEKIZ" init w --name Köln --key 05315000
t_ok "Stadtteile" "$KEKIZ" --workspace w area import "$KOELN/Stadtteil.shp" --level Stadtteil --key STT_NR --name STT_NAME
t_ok "Viertel" "$KEKIZ" --workspace w area import "$KOELN/Stadtviertel.shp" --level Stadtviertel --key STV_NR --name STV_NAME
t_exit 1 "the Viertel do not fill the Stadtteile" "$KEKIZ" --workspace w area check --level Stadtviertel --least 1000
t_true "land without a Viertel is named" test "$(count uncovered)" -gt 10
t_done
