#!/bin/sh
# definition.sh - a changed definition is named: version, cells to be made anew, releases that show the older one.
. "$(dirname "$0")/lib.sh"
t_need_command python3

KEKIZ_WORKSPACE=w
export KEKIZ_WORKSPACE
people() { # YEAR
    echo "PID;Geburtsdatum;Geschlecht;Migrationshintergrund;Wohnstatus;Stadtteil"
    awk -v year="$1" 'BEGIN { for (i = 1; i <= 60; i++)
        printf("%d;%02d.%02d.%d;%s;%s;HW;%d\n", i, i % 28 + 1, i % 12 + 1, year - i % 30, i % 2 ? "m" : "w",
               i % 3 ? "ohne" : "Ausländer", i <= 40 ? 101 : 102) }'
}
cells_of() { # ID: what `indicator list` says of its cells
    "$KEKIZ" indicator list --format csv | grep "^$1," | sed 's/.*,//'
}
made_with() { # SQL: as an earlier version of the program would have left it
    python3 -c 'import sqlite3, sys; c = sqlite3.connect("w/work.db"); c.execute(sys.argv[1]); c.commit()' "$1"
}

file="$KZ_ROOT/data/indicators/jugendeinwohner.txt"
t_ok "a good file has no mistakes, without a workspace, too" "$KEKIZ" indicator check "$file"
t_err "keinen Arbeitsbereich" "and what cannot be said is said"
t_is "nobody has cells" "$(cells_of jugendeinwohner)" ""

"$KEKIZ" init w --name Dorf --key 05315000 > /dev/null 2>&1
people 2023 > ewo2023.csv
people 2024 > ewo2024.csv
square() { # KEY X Y
    printf '{"type":"Feature","properties":{"nr":"%s","name":"Teil %s"},"geometry":{"type":"Polygon","coordinates":[[[%s,%s],[%s,%s],[%s,%s],[%s,%s],[%s,%s]]]}}' \
        "$1" "$1" "$2" "$3" "$(($2 + 1))" "$3" "$(($2 + 1))" "$(($3 + 1))" "$2" "$(($3 + 1))" "$2" "$3"
}
printf '{"type":"FeatureCollection","features":[%s,%s]}' "$(square 101 7 51)" "$(square 102 8 51)" > teile.geojson
"$KEKIZ" area import teile.geojson --level Stadtteil --key nr --name name > /dev/null 2>&1
t_ok "residents come in" "$KEKIZ" import ewo2023.csv --source ewo --period 2023 --accept-warnings
t_is "the cells are those of the definition" "$(cells_of jugendeinwohner)" current
t_ok "the built-in catalogue has changed nothing" "$KEKIZ" indicator check
t_err "Keine Fehler" "and says so"

# ---- a file with another definition
sed 's/age_years < 21/age_years < 18/' "$file" > same.txt
t_exit 1 "another definition under the same version is a mistake" "$KEKIZ" indicator check same.txt
t_err "same.txt, Zeile" "with its line"
t_err "keine höhere Fassung: dort 1, hier 1" "both versions"
t_err "Der Katalog hat 1 Fehler" "counted once"
t_err "Neu zu rechnen sind 9 Zellen von 2023 bis 2023" "the cells that must be made anew: three areas, three groups"
t_err "Bitte version erhöhen" "and the remedy"
sed 's/^version = 1/version = 2/; s/^change = 1 .*/change = 2 | 2026-12-01 | Jetzt unter 18 Jahren.\n&/' same.txt > raised.txt
t_ok "with a higher version it is none" "$KEKIZ" indicator check raised.txt
t_err "(Fassung 1, jetzt 2)" "the change is named all the same"
sed 's/^title = .*/title = Anders überschrieben/' "$file" > texts.txt
t_ok "another title is no other definition" "$KEKIZ" indicator check texts.txt
t_stderr_lacks "Neu zu rechnen"

# ---- a workspace whose cells an earlier catalogue has made
earlier="UPDATE computed SET definition = '0123456789abcdef', stamp = 'x' WHERE indicator = (SELECT id FROM indicator WHERE code = 'jugendeinwohner')"
made_with "$earlier"
t_is "such cells are stale" "$(cells_of jugendeinwohner)" stale
t_is "others are not" "$(cells_of migrationshintergrund)" current
t_exit 1 "the check finds the version that was not raised" "$KEKIZ" indicator check
t_err "sie war 1 und ist 1" "with both"
t_ok "computing renews them" "$KEKIZ" compute
t_err "Neu gerechnet: 9 Zellen von 2023 bis 2023" "and says which"
t_is "now they are current" "$(cells_of jugendeinwohner)" current
t_ok "the second time nothing has changed" "$KEKIZ" compute
t_stderr_lacks "anders definiert"

made_with "$earlier"
t_ok "an import renews them, too" "$KEKIZ" import ewo2024.csv --source ewo --period 2024 --accept-warnings
t_err "„jugendeinwohner“ ist anders definiert" "and gives notice"
t_err "Mit dieser Lieferung werden 9 Zellen neu gerechnet (2023–2023)" "with the cells"
t_is "they are current" "$(cells_of jugendeinwohner)" current

# ---- what is public
"$KEKIZ" user add anna --role statistik > /dev/null 2>&1
"$KEKIZ" user add bernd --role freigabe > /dev/null 2>&1
t_ok "a release is drafted" "$KEKIZ" release draft erste --by anna --indicator jugendeinwohner
t_ok "protected" "$KEKIZ" release protect erste
t_ok "audited" "$KEKIZ" release audit erste
t_ok "and published" "$KEKIZ" release publish erste --approve bernd
t_ok "a raised version" "$KEKIZ" indicator check raised.txt
t_err "veröffentlicht, in Klammern die Fassung: erste (1)" "names the release that shows the earlier one"
t_done
