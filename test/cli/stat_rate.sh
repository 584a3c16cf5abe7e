#!/bin/sh
# stat_rate.sh - shares of a plain file with intervals, raw and smoothed.
. "$(dirname "$0")/lib.sh"

cat > t.csv << 'END'
area,numerator,denominator
Nord,10,100
Süd,0,20
West,,
Ost,0,0
END
t_ok "rates of a small table" "$KEKIZ" stat rate t.csv
t_stdout_has "area,numerator,denominator,value,lo,hi"
t_is "Nord has the Wilson interval of 10 in 100" "$(sed -n 2p "$T_OUT" | cut -c 1-32)" "Nord,10,100,0.1,0.05522913706067"
t_stdout_has "West,,,,,"
t_stdout_has "Ost,0,0,,0,1"
t_stderr_has "Gebiete ohne Angabe oder mit Nenner 0: 2 (West, Ost)"
"$KEKIZ" stat rate t.csv > want.csv 2> /dev/null
t_run sh -c '"$0" stat rate - < t.csv' "$KEKIZ"
t_is "the same from standard input" "$(cat "$T_OUT")" "$(cat want.csv)"
printf 'area;numerator;denominator\r\n"Nord";10;100\r\n' > semi.csv
t_ok "semicolons and CRLF are read too" "$KEKIZ" stat rate semi.csv
t_stdout_has "Nord,10,100,0.1,"

t_ok "empirical Bayes of the same table" "$KEKIZ" stat eb t.csv --summary prior.csv
t_stdout_has "area,numerator,denominator,value,lo,hi,smoothed,smoothed_lo,smoothed_hi"
t_is "four areas come out" "$(wc -l < "$T_OUT" | tr -d ' ')" 5
t_is "the prior's mean is the city's share" "$(sed -n 2p prior.csv)" "mean,0.08333333333333333"
t_stderr_has "Anteil aller Gebiete zusammen 0,083333"
t_ok "Marshall for rates" "$KEKIZ" stat eb t.csv --family poisson
t_exit 2 "an unknown family" "$KEKIZ" stat eb t.csv --family normal
t_stderr_has "normal"

refused() { # NAME LINES MESSAGE
    printf 'area,numerator,denominator\n%b\n' "$2" > bad.csv
    for command in rate eb; do
        t_exit 3 "$1 ($command)" "$KEKIZ" stat $command bad.csv
        t_stderr_has "$3"
        t_stdout_is ""
    done
}
refused "a share above one" 'a,1,9\nb,6,5' "bad.csv, Zeile 3, Spalte „numerator“: Der Zähler 6"
refused "a negative count" 'a,-1,5' "-1 ist negativ"
refused "half a case" 'a,1,5\nb,2.5,5' "2.5 ist keine ganze Zahl"
refused "not a number" 'a,NaN,5' "„NaN“ ist keine Zahl"
refused "an area twice" 'a,1,5\nb,1,5\na,2,5' "Zeile 4: Das Gebiet „a“ steht schon in Zeile 2"
refused "an area without a name" ',1,5' "Der Schlüssel des Gebiets fehlt"
printf 'area,numerator\na,1\n' > bad.csv
t_exit 3 "a missing column" "$KEKIZ" stat rate bad.csv
t_stderr_has "denominator"
printf 'area,numerator,denominator\na,0,0\n' > bad.csv
t_exit 3 "nothing to learn from" "$KEKIZ" stat eb bad.csv
t_stderr_has "Kein Gebiet hat einen Nenner über 0"
t_exit 4 "no such file" "$KEKIZ" stat rate nowhere.csv

t_done
