#!/bin/sh
# demo.sh - Musterstadt comes about by the commands that any town would give.
. "$(dirname "$0")/lib.sh"

t_ok "the files alone can be written" "$KEKIZ" demo --size small --files-only files
for f in stadtbezirke.geojson stadtteile.geojson viertel.geojson adressen.csv kitas.csv schulen.csv bevoelkerung.csv \
    ewo_2024.csv haushalte_2024.csv bewegungen_2024.csv geburten_2024.csv sgb2-personen_2024.csv sgb2-tabelle_2024.csv \
    but-tabelle_2024.csv kita_2024.csv seu_2024.csv schule_2024-25.csv uebergang_2023-24.csv hze_2024.csv \
    jugendamt-faelle_2024.csv beratung_2024.csv frei_2024.csv mikrozensus_2024.csv wahrheit/seu.csv; do
    t_true "$f is there" test -s "files/$f"
done
t_ok "the same seed gives the same files" "$KEKIZ" demo --size small --files-only again
t_true "byte for byte" diff -r files again
t_ok "another seed gives another city" "$KEKIZ" demo --size small --files-only --seed 7 other
t_run cmp files/stadtteile.geojson other/stadtteile.geojson
t_is "with other outlines" "$T_CODE" 1
t_run cmp files/ewo_2024.csv other/ewo_2024.csv
t_is "and other people" "$T_CODE" 1

t_ok "the whole city is made and published" "$KEKIZ" demo --size small "muster stadt"
t_stderr_has "kekiz area import" "the commands are shown"
t_stderr_has "2024: " "and each year is told"
t_stderr_lacks "repariert" "its outlines need no repair"
t_true "no delivery of persons is left" test -z "$(find "muster stadt" -name '*.csv')"
t_ok "its children can be asked for in public" "$KEKIZ" --workspace "muster stadt" get kinder-u6 --level Stadtteil --period 2024 --as public
t_is "one line a Stadtteil" "$(wc -l < "$T_OUT")" 61
t_ok "hidden cells are there to be seen" "$KEKIZ" --workspace "muster stadt" get migration --level Stadtteil --period 2024 --as public
t_stdout_has ",hidden"
t_ok "there are three levels below the city" "$KEKIZ" --workspace "muster stadt" area list --level Viertel
t_is "240 of the smallest" "$(wc -l < "$T_OUT")" 241
t_ok "the audit finds nothing that could be computed back" "$KEKIZ" --workspace "muster stadt" release audit alles-2024
t_ok "the workspace is sound" "$KEKIZ" --workspace "muster stadt" check

t_exit 6 "an existing folder is not written over" "$KEKIZ" demo "muster stadt"
t_exit 2 "a size that is not there is refused" "$KEKIZ" demo --size riesig x
t_stderr_has "riesig" "the message names it"
t_true "and nothing is left behind" test ! -e x
t_done
