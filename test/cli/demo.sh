#!/bin/sh
# demo.sh - Musterstadt comes about by the commands that any town would give.
. "$(dirname "$0")/lib.sh"

t_ok "the files alone can be written" "$KEKIZ" demo --files-only files
t_true "they are outlines of two levels and a table" test -s files/stadtbezirke.geojson -a -s files/stadtteile.geojson -a -s files/bevoelkerung.csv
t_ok "the same seed gives the same files" "$KEKIZ" demo --files-only again
t_true "byte for byte" cmp files/bevoelkerung.csv again/bevoelkerung.csv
t_ok "another seed gives another city" "$KEKIZ" demo --files-only --seed 7 other
t_run cmp files/stadtteile.geojson other/stadtteile.geojson
t_is "with other outlines" "$T_CODE" 1

t_ok "the whole city is made and published" "$KEKIZ" demo "muster stadt"
t_stderr_has "kekiz area import" "every command is shown"
t_stderr_lacks "repariert" "its outlines need no repair"
t_ok "its children can be asked for in public" "$KEKIZ" --workspace "muster stadt" get kinder-u6 --level Stadtteil --period 2024 --as public
t_is "one line a quarter" "$(wc -l < "$T_OUT")" 61
t_ok "hidden cells are there to be seen" "$KEKIZ" --workspace "muster stadt" get migration --level Stadtteil --period 2024 --as public
t_stdout_has ",hidden"
t_ok "the audit finds nothing that could be computed back" "$KEKIZ" --workspace "muster stadt" release audit bevoelkerung-2024
t_ok "the workspace is sound" "$KEKIZ" --workspace "muster stadt" check

t_exit 6 "an existing folder is not written over" "$KEKIZ" demo "muster stadt"
t_exit 2 "a size that is not there is refused" "$KEKIZ" demo --size riesig x
t_stderr_has "riesig" "the message names it"
t_true "and nothing is left behind" test ! -e x
t_done
