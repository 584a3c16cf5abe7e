#!/bin/sh
# stat_series.sh - trends of areas, segregation by year, peers: figures for paper and wrong tables.
. "$(dirname "$0")/lib.sh"

# ---- trend
{
    echo area,period,value
    i=0
    for v in 3 1 4 2 6 5 9; do i=$((i + 1)); echo "A,$((2010 + i)),$v"; done
    for y in 2014 2012 2013 2011 2015; do echo "B,$y,$((2 * (2020 - y)))"; done
    for y in 2011 2012 2013 2014 2015; do echo "C,$y,0"; done
    echo D,2011,1
    echo D,2012,5
    for y in 2011 2012 2013 2014; do echo "E,$y,$y"; done
} > series.csv
t_ok "trends" "$KEKIZ" stat trend series.csv
t_stdout_is "area,slope,lo,hi,p,direction
A,1,-0.3333333333333333,2.3333333333333335,0.06904761904761905,none
B,-2,-2,-2,0.016666666666666666,down
C,0,0,0,1,none
D,,,,,
E,1,,,0.08333333333333333,none" "as on paper; rows in any order; four years have no interval, two no trend"
t_err "Gebiete mit weniger als drei Zeiträumen bleiben ohne Trend (1): D"
printf 'kreis,jahr,quote\nA,2010/11,1\nA,2011/12,2\nA,2012/13,4\n' > school.csv
t_ok "school years and other names" "$KEKIZ" stat trend school.csv --period jahr --value quote
t_out "A,1.5,,,0.3333333333333333,none"
printf 'area,period,value\nA,2012-01-31,1\nA,2013-01-30,2\nA,2014-01-30,3\n' > days.csv
t_ok "days" "$KEKIZ" stat trend days.csv

bad() { # NAME MESSAGE COMMAND TABLE OPTIONS…
    name=$1 text=$2 command=$3
    printf '%b' "$4" > bad.csv
    shift 4
    t_exit 3 "$name" "$KEKIZ" stat "$command" bad.csv "$@"
    t_err "$text"
}
bad "a year twice" "Zeile 3: „A“ hat für „2012“ schon einen Wert in Zeile 2" trend 'area,period,value\nA,2012,1\nA,2012,1\n'
bad "no period" "Zeile 2: „Mai“ ist kein Zeitraum" trend 'area,period,value\nA,Mai,1\n'
bad "a month 13" "ist kein Zeitraum" trend 'area,period,value\nA,2012-13,1\n'
bad "a day that is none" "ist kein Zeitraum" trend 'area,period,value\nA,2013-02-29,1\n'
bad "two forms of periods" "Zeile 3: „2012-03“ hat eine andere Form als „2011“" trend 'area,period,value\nA,2011,1\nA,2012-03,1\n'
bad "no value" "kein Gebiet fällt stillschweigend weg" trend 'area,period,value\nA,2012,\n'
bad "no column" "Spalte „period“" trend 'area,jahr,value\nA,2012,1\n'

# ---- segregation
printf 'area,jahr,kinder,sgb2\nA,2011,100,10\nB,2011,50,20\nC,2011,50,10\nA,2012,40,10\nB,2012,80,20\nC,2012,20,5\n' > seg.csv
t_ok "segregation by year" "$KEKIZ" stat segregation seg.csv --group sgb2 --total kinder --by jahr
t_stdout_is "period,dissimilarity,isolation,exposure,eta2,share,group,total,areas
2011,0.3125,0.275,0.725,0.09375000000000001,0.2,40,200,3
2012,0,0.25,0.75,0,0.25,35,140,3" "as on paper"
bad "an area twice" "steht schon in Zeile 2" segregation 'area,g,t\nA,1,2\nA,1,2\n' --group g --total t
bad "more than all" "Zeile 3: „g“ und „t“ passen nicht zusammen" segregation 'area,g,t\nA,1,2\nB,3,2\n' --group g --total t
bad "a negative count" "passen nicht zusammen" segregation 'area,g,t\nA,-1,2\nB,3,2\n' --group g --total t
bad "nobody" "Zeitraum „2012“: Die Gruppe hat keine Mitglieder" segregation 'area,g,t,y\nA,1,2,2011\nA,0,2,2012\n' --group g --total t --by y
bad "everybody" "Alle gehören zur Gruppe" segregation 'area,g,t\nA,2,2\nB,2,2\n' --group g --total t

# ---- peers
printf 'area,x,y\nN,0,0\nO,3,4\nS,1,0\nW,0,2\n' > four.csv
t_ok "peers of one area" "$KEKIZ" stat peers four.csv --columns x y --of N --n 2
t_out "key,peer,rank,distance,share_x,share_y"
t_out "N,S,1,0.8164965809277261,1,0" "1 over the deviation √1.5 of x"
t_out "N,W,2,1.20604537831105" "2 over the deviation √2.75 of y"
t_ok "peers of all" "$KEKIZ" stat peers four.csv --columns x y --n 3
t_is "three for each of four" "$(wc -l < "$T_OUT")" 13
t_exit 4 "an unknown area" "$KEKIZ" stat peers four.csv --columns x --of Z --n 1
t_err "„Z“ kommt nicht vor"
t_exit 3 "more peers than areas" "$KEKIZ" stat peers four.csv --columns x y
t_err "nur 4 Gebiete, verlangt sind 6"
bad "a constant column" "Spalte „y“: Alle Gebiete haben denselben Wert" peers 'area,x,y\nA,1,2\nB,3,2\n' --columns x y --n 1
for c in trend segregation peers; do t_ok "help" "$KEKIZ" help stat $c; done
t_done
