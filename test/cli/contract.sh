#!/bin/sh
# contract.sh - what scripts rely on: header lines, exit codes, data on stdout only, messages that help.
. "$(dirname "$0")/lib.sh"
export KEKIZ_WORKSPACE="$T_DIR/muster"
t_run "$KEKIZ" demo --size small muster
header() { # HEADER COMMAND…
    h_want=$1
    shift
    t_ok "$*" "$KEKIZ" "$@"
    t_is "$* has the documented header" "$(head -n 1 "$T_OUT")" "$h_want"
    t_stderr_empty "$* says nothing on stderr"
    t_run "$KEKIZ" "$@" --format json
    t_true "$* is JSON" sh -c "python3 -m json.tool < '$T_OUT'"
    t_ok "$* is a table" "$KEKIZ" "$@" --format table
    t_exit 2 "$* in no other form" "$KEKIZ" "$@" --format xml
    t_stderr_has "csv, json und table"
}
CELLS=area,name,period,group,numerator,denominator,value,lo,hi,smoothed,smoothed_lo,smoothed_hi,state
t_need_command python3
header key,name,level,parent,valid_from,valid_to,area_km2,lon,lat area list
header kind,day,from,to,weight,name,from_name,m2,level area changes
header key_from,key_to,weight area crosswalk --level Stadtteil --from 2020-01-01 --to 2024-12-31
header $CELLS get kinder-u6 --period 2024 --as internal --boundary 2024-12-31
header import,source,file,at,by,map,rows_read,rows_kept,cells_new,cells_changed,cells_same,state,sha256 import list
header field,value import show 1
header source,rows,profile,title source list
header field,name,type,text source show einwohner-tabelle
header id,title,kind,numerator,denominator,groups,theme,profile,cells indicator list
header field,value indicator show kinder-u6
header $CELLS get kinder-u6 --period 2024
header $CELLS get kinder-u6 --period 2024 --as internal
header key,value explain kinder-u6 101 2024
header name,state,drafted_by,drafted_at,protected_at,approved_by,publish_at,cells,hidden release list
header name,role,created,disabled user list
header file,check,finding check

# ---- names are forgiving, output is not
t_run "$KEKIZ" get migration --level stadtteil --period 2024 --group africa
cp "$T_OUT" africa
for group in Afrika AFRIKA Africa; do
    t_run "$KEKIZ" get migration --level STADTTEIL --period 2024 --group $group
    t_true "--group $group is --group africa" cmp africa "$T_OUT"
    t_run "$KEKIZ" get migration --level Stadtteil --period 2024 --group $group --as internal
    t_is "also inside, a header and 60 lines" "$(wc -l < "$T_OUT")" 61
done
t_run "$KEKIZ" get kinder-u6 --as internal
t_is "every share is a fraction of one at full precision" "$(python3 - "$T_OUT" << 'PY'
import csv, sys
rows = list(csv.DictReader(open(sys.argv[1], encoding="utf-8")))
print(len(rows) > 400, all(float(r["value"]) == int(r["numerator"]) / int(r["denominator"]) and 0 <= float(r["lo"])
      <= float(r["value"]) <= float(r["hi"]) <= 1 for r in rows))
PY
)" "True True"
t_run env LC_ALL=de_DE.UTF-8 LANG=de_DE.UTF-8 TZ=Asia/Tokyo "$KEKIZ" get kinder-u6 --as internal
cp "$T_OUT" german
t_run env LC_ALL=C TZ=UTC "$KEKIZ" get kinder-u6 --as internal
t_true "neither locale nor time zone matter" cmp german "$T_OUT"
"$KEKIZ" get kinder-u6 2>/dev/null | head -n 1 > first
t_is "a reader that goes early hears no complaint" "$(cat first)" $CELLS

# ---- exit codes, and a message that says what there is
t_exit 2 "no command" "$KEKIZ"
t_exit 2 "an unknown command" "$KEKIZ" gett x
t_stderr_has 'Meinten Sie „get“?'
t_exit 2 "an unknown option" "$KEKIZ" get kinder-u6 --perod 2024
t_stderr_has "--period"
t_exit 2 "an unknown view" "$KEKIZ" get kinder-u6 --as geheim
t_exit 4 "an unknown indicator" "$KEKIZ" get kinder
for as in public internal; do
    t_exit 4 "an unknown period, $as" "$KEKIZ" get kinder-u6 --period 1999 --as $as
    t_stderr_has "Vorhanden: 2017, 2018, 2019, 2020"
    t_is "no data on stdout" "$(cat "$T_OUT")" ""
    t_exit 4 "an unknown level, $as" "$KEKIZ" get kinder-u6 --level mond --as $as
    t_stderr_has "Stadt, Stadtbezirk, Stadtteil"
    t_exit 4 "an unknown group, $as" "$KEKIZ" get migration --group mond --as $as
    t_stderr_has "africa"
done
t_exit 4 "an unknown period is not explained" "$KEKIZ" explain kinder-u6 101 1999
t_stderr_has "2024"
t_exit 4 "an unknown period is not drafted" "$KEKIZ" release draft d --period 1999
t_exit 4 "an unknown level is not drafted" "$KEKIZ" release draft d --level mond
t_ok "a level in capitals is" "$KEKIZ" release draft d --level STADTTEIL
t_exit 6 "a draft twice" "$KEKIZ" release draft d
t_exit 6 "an unprotected draft is not published" "$KEKIZ" release publish d --approve freigabe.muster
t_exit 4 "a workspace that is not there" "$KEKIZ" --workspace nirgends get kinder-u6
t_stderr_has "kekiz init nirgends"
t_exit 4 "nor for the server" "$KEKIZ" --workspace nirgends serve
t_exit 4 "a file that is not there" "$KEKIZ" import nirgends.csv --source einwohner-tabelle
t_exit 8 "a report that cannot be written" "$KEKIZ" import muster/files/eingang/bevoelkerung.csv \
    --source einwohner-tabelle --report nirgends/bericht.csv
t_ok "some indicators are computed anew" "$KEKIZ" compute --indicator kinder-u6 --threads 2
t_exit 4 "an unknown one is not" "$KEKIZ" compute --indicator nix
t_run "$KEKIZ" get kinder-u6 --as internal
t_true "and give the same cells" cmp german "$T_OUT"

"$KEKIZ" import list > imports
t_run "$KEKIZ" import undo "$(awk -F, '$2 == "einwohner-tabelle" { print $1 }' imports)"
t_exit 4 "what was taken back is not there any more" "$KEKIZ" get kinder-u6 --as internal
t_exit 4 "nor is its year" "$KEKIZ" get kinder-u6 --period 2024 --as internal
t_ok "but what is published stays public" "$KEKIZ" get kinder-u6 --period 2024

# ---- help everywhere
"$KEKIZ" help --all | sed -n 's/^kekiz \([a-z][a-z0-9-]*\( [a-z][a-z0-9-]*\)\{0,1\}\).*/\1/p' | sort -u > commands
t_true "there are commands" test "$(wc -l < commands)" -gt 25
while read -r words; do
    # shellcheck disable=SC2086 # two words
    t_run "$KEKIZ" $words --help
    t_true "kekiz $words --help" test "$T_CODE$(head -c 5 "$T_OUT")" = 0kekiz -a ! -s "$T_ERR"
    cp "$T_OUT" help
    # shellcheck disable=SC2086
    t_run "$KEKIZ" help $words
    t_true "says the same as kekiz help $words" test "$(head -n 1 help)" = "$(head -n 1 "$T_OUT")"
    # a long option has its text on the next line
    t_is "every option of kekiz $words is explained" \
        "$(awk 'bare && !/^        / { n++ } { bare = /^  --[^ ]+( [^ ]+)?( …)?$/ } END { print n + bare }' help)" 0
    # shellcheck disable=SC2086
    t_exit 2 "kekiz $words refuses an option that it does not have" "$KEKIZ" $words --gibt-es-nicht
done < commands
t_done
