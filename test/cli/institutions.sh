#!/bin/sh
# institutions.sh - Kitas come in with their keys and stand beside the areas.
. "$(dirname "$0")/lib.sh"

KEKIZ_WORKSPACE=w
export KEKIZ_WORKSPACE
"$KEKIZ" init w --name Dorf --key 05315000 > /dev/null 2>&1

printf 'Schluessel;Name;lon;lat\nK1;Kita Hafen;8,42;51,8\nK2;Kita Wald;;\n' > kitas.csv
t_ok "two Kitas come in" "$KEKIZ" area institutions kitas.csv --level Kita --key Schluessel --name Name --lon lon --lat lat
t_err "2 Einrichtungen neu" "and are counted"
t_ok "they are areas of their level" "$KEKIZ" area list --level kita --format csv
t_out "K1,Kita Hafen,kita,,,,,8.42,51.8" "with name and place, below no area"
t_out "K2,Kita Wald,kita,,,,,," "and without a place, too"

printf 'Schluessel;Name\nK1;Kita am Hafen\nK3;Kita Berg\n' > more.csv
t_ok "a later list changes names and adds" "$KEKIZ" area institutions more.csv --level kita --key Schluessel --name Name
t_err "1 Einrichtungen neu, 1 ge" "one of each"
t_ok "nothing goes away" "$KEKIZ" area list --level kita --format csv
t_is "three Kitas" "$(grep -c kita "$T_OUT")" 3

printf 'Schluessel;Name\nK4;Neu\nK4;Doppelt\n' > twice.csv
t_exit 3 "a key given twice is refused" "$KEKIZ" area institutions twice.csv --level kita --key Schluessel --name Name
t_err "twice.csv, Zeile 3" "with its line"
t_ok "and nothing of the file is stored" "$KEKIZ" area list --level kita --format csv
t_stdout_lacks "K4" "not even the first row"

printf 'Schluessel;Name;lon;lat\nK5;Weit;200;51\n' > far.csv
t_exit 3 "a place beyond the earth is refused" "$KEKIZ" area institutions far.csv --level kita --key Schluessel --name Name --lon lon --lat lat
t_err "200" "with the value"
t_exit 2 "half a place is a misuse" "$KEKIZ" area institutions far.csv --level kita --key Schluessel --name Name --lon lon
t_exit 6 "a level of areas takes no institutions" "$KEKIZ" area institutions more.csv --level stadt --key Schluessel --name Name
t_exit 3 "an unknown column is named" "$KEKIZ" area institutions more.csv --level kita --key Nummer --name Name
t_err "Nummer" "in the message"
t_done
