#!/bin/sh
# release_koeln.sh - Köln's register table becomes cells, and cells a protected publication.
. "$(dirname "$0")/lib.sh"
t_need_shared data/koeln/Stadtteil.shp data/koeln/bevoelkerung.csv
t_need_command python3
DATA=$SHARED/data/koeln
k() { "$KEKIZ" --workspace w "$@"; }
column() { awk -F, -v c="$1" 'NR > 1 { print $c }' "$T_OUT"; }

t_run "$KEKIZ" init w --name Köln --key 05315000
t_run k area import "$DATA/Stadtbezirk.shp" --level Stadtbezirk --key STB_NR --name STB_NAME
t_run k area import "$DATA/Stadtteil.shp" --level Stadtteil --key STT_NR --name STT_NAME
t_exit 4 "public numbers before a publication are not there" k get kinder-u6
t_stderr_has "--as internal" "the message says how to see them"
t_ok "the register table comes in" k import "$DATA/bevoelkerung.csv" --source einwohner-tabelle --map koeln-bevoelkerung

t_ok "the city" k get einwohner --level stadt --as internal
t_stdout_has "05315000,Köln,2005,Total,1023101,,1023101,"
t_stdout_has "05315000,Köln,2012,Total,1044555,,1044555,"
t_ok "the Stadtteile" k get einwohner --level Stadtteil --period 2012 --as internal
t_is "86 Stadtteile add up to the city" "$(column 5 | awk '{ s += $1; n++ } END { print n, s }')" "86 1044555"
t_ok "children under 6" k get kinder-u6 --level stadt --period 2012 --as internal
t_stdout_has "05315000,Köln,2012,Total,57704,1044555,0.055242663143635"
t_ok "the migration table" k get migration --level stadtteil --period 2012 --as internal
t_is "1,032 cells, 11 zeros, 16 ones and twos" \
    "$(column 5 | awk '{ n++; z += $1 == 0; s += $1 == 1 || $1 == 2 } END { print n, z, s }')" "1032 11 16"
t_ok "the change since 2005" k get einwohner-entwicklung --level stadt --period 2012 --as internal
t_stdout_has "05315000,Köln,2012,Total,1044555,1023101,0.0209695"
t_ok "computing by hand" k compute
t_run k get migration --as internal
cp "$T_OUT" before.csv
t_run k compute
t_run k get migration --as internal
t_true "byte for byte" cmp -s before.csv "$T_OUT"

t_ok "an explanation" k explain kinder-u6 501 2012
t_stdout_has "age_00_03 (1205) + age_03_06 (1040) = 2245"
t_stdout_has "bevoelkerung.csv, Zeile "
t_exit 4 "an unknown area is not explained" k explain kinder-u6 9999 2012

t_exit 4 "an unknown release" k release protect r
t_ok "a draft" k release draft r --by anna
t_exit 6 "the same name again" k release draft r --by anna
t_run "$KEKIZ" --workspace w user add bernd --role freigabe
t_run "$KEKIZ" --workspace w user add carl --role statistik
t_run "$KEKIZ" --workspace w user add anna --role freigabe
t_exit 6 "an unprotected draft is not published" k release publish r --approve bernd
t_ok "protection" k release protect r
t_ok "the audit finds nothing" k release audit r
t_exit 4 "an unknown person cannot approve" k release publish r --approve dora
t_exit 5 "nor can another role" k release publish r --approve carl
t_exit 5 "nor the person who drafted" k release publish r --approve anna
t_exit 4 "nothing of it is public yet" k get migration
t_ok "publication by a second person" k release publish r --approve bernd --credits "Stadt Köln, CC BY"
t_exit 6 "only once" k release publish r --approve bernd

t_ok "the public migration table" k get migration --level stadtteil --period 2012
cp "$T_OUT" public.csv
t_is "1,032 cells" "$(wc -l < public.csv)" 1033
t_is "no count below 3 is shown" "$(awk -F, 'NR > 1 && $5 != "" && $5 < 3' public.csv | wc -l)" 0
t_is "the 27 are hidden" "$(k get migration --level stadtteil --period 2012 --as internal |
    awk -F, 'NR == FNR { state[$1, $4] = $13; next } FNR > 1 && $5 < 3 { n += state[$1, $4] == "hidden" } END { print n }' public.csv -)" 27
t_is "hidden cells say nothing" "$(awk -F, '$13 == "hidden" && ($5 != "" || $7 != "" || $8 != "" || $9 != "")' public.csv | wc -l)" 0
t_true "public output does not tell primary from partner" sh -c '! grep -qi -e primary -e secondary public.csv'
t_is "every number shown is the true one" "$(k get migration --as internal > all.csv; k get migration |
    awk -F, 'NR == FNR { v[$1, $2, $3, $4] = $5 "," $7; next } FNR > 1 && $13 != "hidden" && v[$1, $2, $3, $4] != $5 "," $7' all.csv - | wc -l)" 0

t_run k get migration
cp "$T_OUT" migration.csv
t_is "release.db holds none of the hidden counts" "$(python3 - w <<'P'
import sqlite3, sys
work, pub = (sqlite3.connect(f"file:{sys.argv[1]}/{n}.db?mode=ro", uri=True) for n in ("work", "release"))
truth = {r[:4]: r[4] for r in work.execute(
    "SELECT i.code, g.code, p.code, l.code || ':' || a.key, c.numerator FROM cell c JOIN indicator i ON i.id = c.indicator "
    "JOIN indicator_group g ON g.id = c.grp JOIN period p ON p.id = c.period JOIN area a ON a.id = c.area JOIN level l ON l.id = a.level")}
bad = hidden = 0
for r in pub.execute("SELECT i.code, g.code, p.code, l.code || ':' || a.key, c.state, c.numerator, c.value, c.lo, c.hi FROM cell c "
                     "JOIN indicator i ON i.id = c.indicator JOIN indicator_group g ON g.indicator = c.indicator AND g.id = c.grp "
                     "JOIN period p ON p.id = c.period JOIN area a ON a.id = c.area JOIN level l ON l.id = a.level"):
    if r[4] == 3:
        hidden += 1
        bad += any(x is not None for x in r[5:])
    elif 0 <= truth[r[:4]] < 3:
        bad += 1
print(bad, hidden > 27)
P
)" "0 True"

t_ok "the same protection again" k release draft r2 --by anna
t_run k release protect r2
t_ok "a later time" k release publish r2 --approve bernd --at 2199-01-01
t_stderr_has "2199-01-01"
t_ok "is not public yet" k release due
t_ok "the list" k release list
t_stdout_has "r2,approved,anna"
t_ok "an export" k release export r out
t_is "one file an indicator" "$(find out -name '*.csv' | wc -l)" 5
t_is "the same as the public view" "$(cmp out/migration.csv migration.csv && echo same)" same
t_exit 6 "an export overwrites nothing" k release export r out
t_exit 1 "a catalogue with mistakes is explained" sh -c 'printf "id\n" > bad.tsv; exec "$0" indicator check bad.tsv' "$KEKIZ"
t_ok "the shipped catalogue has none" "$KEKIZ" indicator check "$KZ_ROOT/data/indicators/kinder-u6.txt"
t_done
