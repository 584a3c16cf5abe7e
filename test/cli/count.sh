#!/bin/sh
# count.sh - rows of persons come in as files; a question about them is answered at once and stored nowhere.
. "$(dirname "$0")/lib.sh"

KEKIZ_WORKSPACE=w
export KEKIZ_WORKSPACE
"$KEKIZ" init w --name Dorf --key 05315000 > /dev/null 2>&1

square() { # KEY X Y
    printf '{"type":"Feature","properties":{"nr":"%s","name":"Teil %s"},"geometry":{"type":"Polygon","coordinates":[[[%s,%s],[%s,%s],[%s,%s],[%s,%s],[%s,%s]]]}}' \
        "$1" "$1" "$2" "$3" "$(($2 + 1))" "$3" "$(($2 + 1))" "$(($3 + 1))" "$2" "$(($3 + 1))" "$2" "$3"
}
printf '{"type":"FeatureCollection","features":[%s,%s]}' "$(square 101 7 51)" "$(square 102 8 51)" > teile.geojson
t_ok "two areas come in" "$KEKIZ" area import teile.geojson --level Stadtteil --key nr --name name
t_exit 0 "before any delivery there is no answer, and no mistake" "$KEKIZ" count "count(ewo)" --format csv
t_is "only the header" "$(wc -l < "$T_OUT" | tr -d ' ')" 1

# Sixty residents: boys have odd numbers, every third is foreign, forty live in 101, ages 0 to 29 in full years.
echo "PID;Geburtsdatum;Geschlecht;Migrationshintergrund;Stadtteil" > ewo.csv
awk 'BEGIN { for (i = 1; i <= 60; i++)
    printf("%d;%02d.%02d.%d;%s;%s;%d\n", i, i % 28 + 1, i % 12 + 1, 2024 - i % 30, i % 2 ? "m" : "w",
           i % 3 ? "ohne" : "Ausländer", i <= 40 ? 101 : 102) }' >> ewo.csv
t_ok "residents come in" "$KEKIZ" import ewo.csv --source ewo --period 2024 --accept-warnings

want() { awk "BEGIN { for (i = 1; i <= 60; i++) if ($1) n++; print n + 0 }"; }
t_ok "a share of one area" "$KEKIZ" count "count(ewo: age_years < 6 and mig != none)" --per "count(ewo: age_years<6)" \
    --level stadtteil --period 2024 --format csv
t_out "stadtteil,101,Teil 101,2024,$(want 'i <= 40 && i % 30 < 6 && i % 3 == 0'),$(want 'i <= 40 && i % 30 < 6')," \
    "is that of the paper"
t_err "count(ewo: age_years < 6 and mig != none)" "and the question is repeated as it was understood"
t_ok "the city, too" "$KEKIZ" count "count(ewo: sex = m) - count(ewo: sex = w)" --level stadt --format csv
t_out ",2024,0,,0,0,0,zero" "as many boys as girls"
t_ok "a ratio" "$KEKIZ" count "count(ewo: age_years between 3 and 5)" --ratio "count(ewo: sex = w)" --level stadt --format csv
t_out ",2024,$(want 'i % 30 >= 3 && i % 30 <= 5'),30," "has another denominator"
cp w/work.db before.db
"$KEKIZ" count "count(ewo)" > /dev/null 2>&1
t_true "nothing is stored" cmp -s w/work.db before.db

t_ok "computing is held for many deliveries" "$KEKIZ" compute --hold
t_exit 6 "no release is drafted meanwhile" "$KEKIZ" release draft x --by statistik
t_err "kekiz compute" "the message says what to do"
t_ok "one computation for all" "$KEKIZ" compute
t_ok "and two threads give the same" "$KEKIZ" compute --threads 2

t_exit 3 "an unknown column" "$KEKIZ" count "count(ewo: age_year < 6)"
t_err "age_years" "is answered with the one that was meant"
t_err "Stelle 12" "and the place"
t_exit 3 "a type clash" "$KEKIZ" count "count(ewo: sex < 3)"
t_err "Vergleich" "is said"
t_exit 3 "an unknown source" "$KEKIZ" count "count(ewoo)"
t_err "ewo" "the nearest is named"
t_exit 3 "no parenthesis at the end" "$KEKIZ" count "count(ewo: sex = m"
t_exit 3 "institutions that a source does not know" "$KEKIZ" count "count(ewo)" --unit kita
t_exit 2 "share and ratio at once are a misuse" "$KEKIZ" count "count(ewo)" --per "count(ewo)" --ratio "count(ewo)"
t_ok "nobody to divide by" "$KEKIZ" count "count(ewo: sex = d)" --per "count(ewo: sex = d)" --level stadt --format csv
t_out "meaningless" "is x, not 0"
t_done
