#!/bin/sh
# canary.sh - 200 people with names, birth days, streets and numbers come in; not one byte of them is anywhere after.
. "$(dirname "$0")/lib.sh"
t_need_command python3
export KEKIZ_WORKSPACE="$T_DIR/w"
export PYTHONDONTWRITEBYTECODE=1
make_all() { python3 "$KZ_ROOT/test/cli/canary.py" make "$T_DIR"; }
run() { python3 "$KZ_ROOT/test/cli/canary.py" run "$T_DIR" "$KEKIZ" "$@"; }
scan() { python3 "$KZ_ROOT/test/cli/canary.py" scan "$T_DIR" "$@"; }
# all that an import leaves: the workspace with all its databases, TMPDIR, reports, what was said
clean() { # NAME
    t_ok "$1: nothing in the workspace, temporary files, reports and messages" scan w tmp said report.csv report.xlsx proposal.map
}

mkdir tmp
make_all
: > said
: > report.csv; : > report.xlsx; : > proposal.map
# the scanner finds what is there
iconv -f UTF-8 -t UTF-16BE deliveries.csv | gzip -c > packed
for f in deliveries.csv deliveries.xlsx packed; do
    t_exit 1 "the scanner finds the people in $f" scan $f
done

"$KEKIZ" init w --name Musterstadt --key 05999000 2> /dev/null
"$KEKIZ" area import areas.geojson --level Viertel --key nr --name name 2> /dev/null
"$KEKIZ" area gazetteer houses.csv --level Viertel 2> /dev/null

t_exit 1 "unknown streets are warnings" run import deliveries.csv --source ewo --period 2024 --report report.csv
t_true "that are in the report" grep -q check.address_street report.csv
clean "after a refusal"
t_ok "the delivery is stored" run import deliveries.csv --source ewo --period 2024 --accept-warnings --report report.csv
t_true "with all its rows" sh -c 'grep -q "60.200 übernommen" said'
clean "after the import"
t_exit 3 "mistakes in the columns that identify are refused" run import broken.csv --source ewo --period 2023 --report report.xlsx
clean "after mistakes, with a report as workbook"
t_ok "the workbook is stored" run import deliveries.xlsx --source ewo --period 2024 --accept-warnings --report report.xlsx
clean "after the workbook"
gzip -c deliveries.csv > packed.gz
t_ok "the packed file is checked" run import packed.gz --source ewo --period 2022 --accept-warnings --dry-run
clean "after a dry run"
iconv -f UTF-8 -t UTF-16 deliveries.csv > wide.csv
t_ok "another encoding is stored" run import wide.csv --source ewo --period 2022 --accept-warnings
clean "after another encoding"
for n in $("$KEKIZ" import list | awk -F, '$2 == "ewo" { print $1 }' | sort -rn); do
    t_ok "import $n is taken back" run import undo "$n"
done
clean "after undo"
t_is "no segment is left" "$(ls -A w/facts)" ""
t_is "no temporary file is left" "$(ls -A tmp)" ""
t_done
