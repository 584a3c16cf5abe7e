#!/bin/sh
# demo_files.sh - the deliveries of Musterstadt agree with each other, and with the chances they were drawn from.
. "$(dirname "$0")/lib.sh"
t_need_command python3
t_ok "the files of the small city are written" "$KEKIZ" demo --size small --files-only files
t_run python3 "$KZ_ROOT/test/cli/demo_files.py" files
grep '^ok' "$T_OUT" > kept
t_true "there is much to promise" test "$(wc -l < kept)" -gt 80
t_is "and every promise is kept" "$(grep '^not ok' "$T_OUT")" ""
t_is "to the end" "$T_CODE" 0

# A test that cannot fail is no test: one person less, one address that is not there, one child more in a Kita.
broken() { # NAME FILE SED-SCRIPT
    cp -r files bad
    sed -i "$3" "bad/$2"
    t_exit 1 "$1 is noticed" python3 "$KZ_ROOT/test/cli/demo_files.py" bad
    rm -r bad
}
broken "a resident who is missing" ewo_2023.csv 17d
broken "an address that nobody has" ewo_2022.csv '20s/;[0-9]*;[a-z]*;05/;9999;;05/'
broken "a child in a Kita that is no resident" kita_2024.csv '2s/^[0-9]*/99999999/'
broken "a count of the agency that is not that of its rows" sgb2-tabelle_2024.csv 's/;\([0-9][0-9]\);/;1\1;/'
t_done
