#!/bin/sh
# demo_truth.sh - intervals hold the true chances of Musterstadt as often as they say, and not those of others.
. "$(dirname "$0")/lib.sh"
t_need_command python3
t_run "$KEKIZ" demo --size small --files-only files
t_run "$KEKIZ" demo --size small w
export KEKIZ_WORKSPACE=w
held() { # INDICATOR OUTCOME YEARS
    "$KEKIZ" get "$1" --level Stadtteil --as internal > "$1.csv" 2> /dev/null
    t_run python3 "$KZ_ROOT/test/cli/demo_truth.py" files "$2" "$3" "$1.csv"
    read -r cells right wrong < "$T_OUT"
    t_true "$1: there are cells" test "$cells" -gt 25
    t_true "$1: its intervals of 95 in 100 hold the truth ($right)" awk -v x="$right" 'BEGIN { exit !(x >= 0.9) }'
    t_true "$1: fewer hold that of another area ($wrong)" awk -v x="$wrong" -v y="$right" 'BEGIN { exit !(x < y) }'
}
held visuomotorik visuomotor 3
held zahlen-mengen number 3
held deutsch-auffaellig german 3
t_done
