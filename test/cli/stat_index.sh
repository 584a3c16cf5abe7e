#!/bin/sh
# stat_index.sh - Berlin's published classes come back from its indicators; wrong tables are named.
. "$(dirname "$0")/lib.sh"

cat > four.csv <<'END'
area,a,b,weg
N,2,1,
O,4,2,nein
S,4,2,0
W,6,3,
X,,,1
END
t_ok "a small table" "$KEKIZ" stat index four.csv --method mss --status a b --exclude weg
t_stdout_is "area,z_a,z_b,status_sum,status_class,dynamic_sum,dynamic_class
N,-1.414213562373095,-1.414213562373095,-2.82842712474619,1,,
O,0,0,0,2,,
S,0,0,0,2,,
W,1.414213562373095,1.414213562373095,2.82842712474619,3,,
X,,,,,," "z-scores are ±√2, as on paper, and an excluded area stays with empty fields"
t_err "Bewertete Gebiete: 4, ausgeschlossene: 1"
t_ok "from a pipe" sh -c "'$KEKIZ' stat index - --method status --status a --dynamic b --exclude weg < four.csv"
t_out "W,1.414213562373095,1.414213562373095,1.414213562373095,4,1.414213562373095,-" \
    "the mean of the z-scores, its class, and a load that grows is worse"
t_ok "points" "$KEKIZ" stat index four.csv --method quintile --status a b --exclude weg
t_out "area,points_a,points_b,status_sum,status_class,dynamic_sum,dynamic_class"
t_out "O,2,2,4,,," "equal values have equal points; classes only with four indicators"
t_err "nur für vier Indikatoren"
t_ok "development" "$KEKIZ" stat index four.csv --method development --status a --dynamic b --exclude weg
t_out "development,development_rank,development_class"
sed 's/,/;/g; s/^N;2;/N;2,0;/' four.csv > german.csv
t_ok "a German table with decimal comma" "$KEKIZ" stat index german.csv --method mss --status a b --exclude weg
t_out "W,1.414213562373095,1.414213562373095,2.82842712474619,3,,"

# ---- what is wrong is named: file, line, column, value, rule
bad() { # TEXT-OF-TABLE NAME MESSAGE…
    printf '%b' "$1" > bad.csv
    t_exit 3 "$2" "$KEKIZ" stat index bad.csv --method mss --status a b
    shift 2
    for text; do t_err "$text"; done
    t_is "and nothing is written" "$(cat "$T_OUT")" ""
}
bad 'area,a,b\nN,1,2\nO,,3\n' "a gap" "bad.csv, Zeile 3, Spalte „a“" "kein Gebiet fällt stillschweigend weg"
bad 'area,a,b\nN,1,2\nO,NaN,3\n' "NaN" "„NaN“ ist keine Zahl"
bad 'area,a,b\nN,1,2\nO,.,3\n' "a hidden value" "„.“ ist keine Zahl"
bad 'area,a,b\nN,1,2\nN,2,3\n' "a key twice" "Zeile 3: Der Schlüssel „N“ steht schon in Zeile 2"
bad 'area,a,b\nN,1,2\n,2,3\n' "a missing key" "Zeile 3, Spalte „area“: Der Schlüssel des Gebiets fehlt"
bad 'area,a,b\nN,1,2\nO,1,3\n' "a constant column" "Spalte „a“: Alle Gebiete haben denselben Wert"
bad 'area,a,b\nN,0,0\nO,0,0\n' "only zeros" "Alle Gebiete haben denselben Wert"
bad 'area,a,b\nN,1,2\n' "a single area" "Bewertete Gebiete: 1"
bad 'area,a\nN,1\n' "a column that is not there" "Spalte „b“" "area, a"
t_exit 3 "a flag that is none" "$KEKIZ" stat index four.csv --method mss --status a --exclude b
t_err "sagt nicht, ob das Gebiet ausgeschlossen ist"
t_exit 2 "an unknown method" "$KEKIZ" stat index four.csv --method x --status a
t_err "mss, status, quintile und development"
t_exit 2 "no indicators" "$KEKIZ" stat index four.csv --method mss
t_exit 2 "a column twice" "$KEKIZ" stat index four.csv --method mss --status a a
t_exit 4 "no such file" "$KEKIZ" stat index none.csv --method mss --status a
t_ok "help" "$KEKIZ" help stat index

# ---- Berlin, area by area
MSS=$SHARED/data/berlin/mss/berlin-monitoring-social-urban-development
if [ -e "$MSS-2013-00-1-planning-areas.csv" ]; then
    for year in 2013 2015 2017; do
        # the indicators, and beside them whether the area was rated
        awk -F, -v OFS=, 'NR == FNR { rated[$1] = $3; next } FNR == 1 { print $0, "out"; next }
            { print $0, rated[$1] == 0 }' "$MSS-$year-00-1-planning-areas.csv" "$MSS-$year-00-2-1-planning-areas.csv" > mss.csv
        cols=$(head -n 1 mss.csv | tr , '\n')
        # shellcheck disable=SC2046 # column names have no blanks
        t_ok "the index of $year" "$KEKIZ" stat index mss.csv --method mss --exclude out \
            --status $(echo "$cols" | grep '^s') --dynamic $(echo "$cols" | grep '^d')
        awk -F, 'NR > 1 && $3 != 0 { print $1 "," $3 "," $4 }' "$MSS-$year-00-1-planning-areas.csv" > want
        awk -F, 'NR > 1 && $11 != "" { print $1 "," $11 "," $13 }' "$T_OUT" > got
        t_is "$year has as many rated areas as published" "$(grep -c . got)" "$((434 + (year - 2013) / 2))"
        t_true "and every class of $year is the published one" cmp got want
    done
else
    t_skip "Berlin's classes" "no open data here"
fi
t_done
