#!/bin/sh
# compute.sh - rows of persons come in as files and out as indicators; a second source leaves the first alone.
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

people() { # YEAR: births of residents, their area and origin
    echo "PID;Geburtsdatum;Geschlecht;Migrationshintergrund;Wohnstatus;Stadtteil"
    awk -v year="$1" 'BEGIN { for (i = 1; i <= 60; i++)
        printf("%d;%02d.%02d.%d;%s;%s;HW;%d\n", i, i % 28 + 1, i % 12 + 1, year - i % 30, i % 2 ? "m" : "w",
               i % 3 ? "ohne" : "Ausländer", i <= 40 ? 101 : 102) }'
}
people 2024 > ewo.csv
t_ok "residents come in" "$KEKIZ" import ewo.csv --source ewo --period 2024 --accept-warnings
t_ok "and are an indicator at once" "$KEKIZ" get jugendeinwohner --level stadtteil --period 2024 --as internal --format csv
# Under 21: i mod 30 below 21 (everybody's birthday in 2024 has passed).
t_out "101,Teil 101,2024,Total,$(awk 'BEGIN { for (i = 1; i <= 40; i++) n += i % 30 < 21; print n }'),40," "counted as on paper"
t_ok "the number is explained" "$KEKIZ" explain jugendeinwohner stadtteil:101 2024 --format csv
t_out "count(ewo: age_years < 21 and residence = main) (" "with the count in words"
t_out "ewo.csv" "the file"
t_out "60 Personenzeilen der Quelle ewo" "and the rows it was counted in"

t_ok "all is computed anew" "$KEKIZ" compute --threads 1
t_err "60 Personenzeilen" "and the rows are counted again"
t_ok "two threads give the same" "$KEKIZ" compute --threads 2
t_ok "one indicator alone" "$KEKIZ" compute --indicator jugendeinwohner
t_exit 4 "an indicator that is not there is named" "$KEKIZ" compute --indicator mond
t_err "mond" "in the message"
t_exit 2 "no thread is none" "$KEKIZ" compute --threads 0

t_ok "taken back" "$KEKIZ" import undo 1
t_ok "nothing is left of it" "$KEKIZ" compute
t_err "0 Zellen" "no cell"
t_done
