#!/bin/sh
# stat_bym2.sh - rates that learn from their neighbours: Scotland, and everything that can be wrong.
. "$(dirname "$0")/lib.sh"

grep -v '^#' "$KZ_ROOT/test/numeric/scotland.tsv" | awk -F '\t' '
    NR == 1 { print "area,observed,expected,aff" > "s.csv"; print "area,neighbour" > "s_edges.csv"; next }
    { print $1 "," $2 "," $3 "," $4 / 10 > "s.csv"
      n = split($5, to, " "); gal = gal $1 " " n "\n" $5 "\n"
      for (k = 1; k <= n; k++) if ($1 + 0 < to[k] + 0) print $1 "," to[k] > "s_edges.csv" }
    END { printf "56\n%s", gal > "s.gal" }'
near() { # NAME FILE ROW COLUMN WANT TOLERANCE
    got=$(awk -F, -v row="$3" -v col="$4" '$1 == row { print $col }' "$2")
    t_true "$1 is $5 ± $6 (got $got)" awk -v a="$got" -v b="$5" -v t="$6" \
        'BEGIN { d = a - b; exit !(a != "" && d <= t && -d <= t) }'
}

prior=sigma=halfnormal:5,phi=beta:0.5:0.5,beta=normal:5
t_ok "Scotland with one covariate" "$KEKIZ" stat bym2 s.csv --adjacency s.gal --covariate aff --prior "$prior" \
    --summary sum.csv
t_stdout_has "area,mean,sd,lo,hi,p_above"
t_is "every area comes out" "$(wc -l < "$T_OUT" | tr -d ' ')" 57
t_stderr_empty
cp "$T_OUT" one.csv
t_is "the summary's head" "$(sed -n 1p sum.csv)" "parameter,mean,sd,lo,hi"
t_is "and its rows" "$(cut -d, -f1 sum.csv | tr '\n' ' ')" "parameter intercept aff sigma phi "
near "the intercept (Stan)" sum.csv intercept 2 -0.2229 0.005
near "the coefficient (Stan)" sum.csv aff 2 0.3723 0.005
near "sigma (Stan)" sum.csv sigma 2 0.5176 0.0052
near "phi (Stan)" sum.csv phi 2 0.876 0.01
near "the relative risk of area 5 (Stan: 13.74 of 4.3)" one.csv 5 2 3.1953 0.032
t_ok "edges instead of lists" "$KEKIZ" stat bym2 s.csv --adjacency s_edges.csv --covariate aff --prior "$prior" --threads 2
t_is "same bytes from edges and two threads" "$(cksum < "$T_OUT")" "$(cksum < one.csv)"

cat > b.csv << 'END'
area,numerator,denominator
a,3,40
b,9,50
c,,
d,0,0
e,7,60
f,2,30
END
printf 'a,b\na,b\nb,c\nc,d\n' > b_edges.csv
t_ok "shares with gaps and islands" "$KEKIZ" stat bym2 b.csv --adjacency b_edges.csv --family binomial
t_is "six areas come out" "$(wc -l < "$T_OUT" | tr -d ' ')" 7
t_stderr_has "Gebiete ohne Angabe oder mit 0 erwarteten Fällen: 2 (c, d)"
t_stderr_has "Gebiete ohne Nachbarn: 2 (e, f)"
t_is "no field is empty" "$(grep -cE ',,|,$' "$T_OUT")" 0
printf 'area,observed,expected\na,0,1.5\nb,0,2\n' > z.csv
printf 'x,y\na,b\n' > z_edges.csv
t_ok "nobody anywhere" "$KEKIZ" stat bym2 z.csv --adjacency z_edges.csv
t_stderr_has "In keinem Gebiet gibt es Fälle"

refused() { # CODE NAME LINES MESSAGE [OPTIONS…]
    code=$1 name=$2 message=$4
    printf 'area,observed,expected,x,y\n%b\n' "$3" > bad.csv
    shift 4
    t_exit "$code" "$name" "$KEKIZ" stat bym2 bad.csv --adjacency z_edges.csv "$@"
    t_stderr_has "$message"
    t_stdout_is ""
}
ok='a,1,2,1,1\nb,2,3,2,1'
refused 3 "cases where none can be" 'a,1,0,1,1\nb,2,3,2,1' "Zeile 2, Spalte „expected“: Im Gebiet „a“ gibt es Fälle"
refused 3 "a negative expectation" 'a,1,-2,1,1\nb,2,3,2,1' "-2 ist negativ"
refused 3 "half a case" 'a,1.5,2,1,1\nb,2,3,2,1' "1.5 ist keine ganze Zahl"
refused 3 "NaN" 'a,NaN,2,1,1\nb,2,3,2,1' "„NaN“ ist keine Zahl"
refused 3 "an area twice" 'a,1,2,1,1\na,2,3,2,1' "Das Gebiet „a“ steht schon in Zeile 2"
refused 3 "no data at all" 'a,,,1,1\nb,0,0,2,1' "Kein Gebiet hat Fälle"
refused 3 "a constant covariate" "$ok" "Das Merkmal „y“ ist in allen Gebieten gleich" --covariate x --covariate y
refused 3 "a covariate with a gap" 'a,1,2,,1\nb,2,3,2,1' "Im Gebiet „a“ fehlt das Merkmal" --covariate x
refused 3 "a column that is not there" "$ok" "Die Spalte „w“ gibt es nicht" --covariate w
refused 3 "an edge to nowhere" 'a,1,2,1,1\nc,2,3,2,1' "z_edges.csv, Zeile 2"
refused 2 "an unknown family" "$ok" "normal" --family normal
refused 2 "an unknown prior" "$ok" "„sigma=flat:1“ ist kein Vorwissen" --prior sigma=flat:1
printf '%s\n' 2 'a 1' b 'b 0' '' > way.gal
printf 'area,observed,expected\na,1,2\nb,2,3\n' > two.csv
t_exit 3 "a neighbour one way only" "$KEKIZ" stat bym2 two.csv --adjacency way.gal
t_stderr_has "„b“ ist Nachbar von „a“, aber nicht umgekehrt"
printf 'area,observed,expected\na,1,2\nb,2,3\nc,2,3\n' > three.csv
printf '%s\n' 2 'a 1' b 'b 1' a > two.gal
t_exit 3 "an area that the graph has not" "$KEKIZ" stat bym2 three.csv --adjacency two.gal
t_stderr_has "c"
printf '%s\n' 2 'a 0' '' 'b 0' '' > none.gal
t_exit 3 "a graph without a link" "$KEKIZ" stat bym2 two.csv --adjacency none.gal
t_stderr_has "Kein Gebiet hat einen Nachbarn"
t_exit 2 "without a graph" "$KEKIZ" stat bym2 two.csv
t_stderr_has "--adjacency"

t_done
