#!/bin/sh
# stat_typology.sh - types of areas: clear ones are found, unclear ones are called so, wrong tables are named.
. "$(dirname "$0")/lib.sh"

{ # three towns in one: nine areas each
    echo area,dichte,kinder,sgb2
    for i in 1 2 3 4 5 6 7 8 9; do
        echo "a$i,$((10 + i % 3)),$((5 + i % 2)),$((3 + i % 4))"
        echo "b$i,$((50 + i % 4)),$((15 + i % 3)),$((20 + i % 3))"
        echo "c$i,$((90 + i % 2)),$((25 + i % 4)),$((50 + i % 5))"
    done
} > towns.csv
for method in kmeans ward; do
    t_ok "types by $method" "$KEKIZ" stat typology towns.csv --columns dichte kinder sgb2 --method $method --summary types.csv
    t_out "area,type,silhouette"
    t_err "Zahl der Typen: 3"
    t_is "$method: every area is of its town's type, the lowest first" \
        "$(awk -F, 'NR > 1 { print substr($1, 1, 1) $2 }' "$T_OUT" | sort | uniq -c | tr -s ' \n' ' ')" " 9 a1 9 b2 9 c3 "
    t_is "the summary has $method's profiles" "$(grep -c '^mean,,[123],' types.csv)" 9
    t_true "and how stable each number of types is" grep -q '^stability,3,,,1$' types.csv
    t_true "a mean can be redone on paper" grep -q '^mean,,1,dichte,11$' types.csv
done
cp "$T_OUT" one
t_ok "the same again" "$KEKIZ" stat typology towns.csv --columns dichte kinder sgb2 --method ward
t_true "gives the same bytes" cmp one "$T_OUT"
t_ok "as many as wanted" "$KEKIZ" stat typology towns.csv --columns dichte kinder sgb2 --k 2 --seed 3
t_is "two types" "$(awk -F, 'NR > 1 { print $2 }' "$T_OUT" | sort -u | tr '\n' ' ')" "1 2 "
t_ok "one column" "$KEKIZ" stat typology towns.csv --columns dichte
python3 - > noise.csv <<'PY'
import random
random.seed(4)
print("area,x,y")
for i in range(60):
    print(f"n{i},{random.gauss(0, 1):.4f},{random.gauss(0, 1):.4f}")
PY
t_ok "types in noise" "$KEKIZ" stat typology noise.csv --columns x y --k 6
t_err "Bitte nicht als feste Typen darstellen"

bad() { # CODE NAME MESSAGE TABLE OPTIONS…
    code=$1 name=$2 text=$3
    printf '%b' "$4" > bad.csv
    shift 4
    t_exit "$code" "$name" "$KEKIZ" stat typology bad.csv "$@" --summary none.csv
    t_err "$text"
    t_true "and no summary is left" test ! -e none.csv
}
bad 3 "fewer areas than types" "nur 3 Gebiete für 5 Typen" 'area,x\nA,1\nB,2\nC,3\n' --columns x --k 5
bad 3 "two areas" "unter drei Gebieten gibt es keine Typen" 'area,x\nA,1\nB,2\n' --columns x
bad 3 "fewer different areas than types" "weniger verschiedene Gebiete" 'area,x\nA,1\nB,1\nC,1\nD,2\n' --columns x --k 3
bad 3 "a constant column" "Spalte „y“: Alle Gebiete haben denselben Wert" 'area,x,y\nA,1,0\nB,2,0\nC,3,0\n' --columns x y
bad 3 "a gap" "kein Gebiet fällt stillschweigend weg" 'area,x\nA,1\nB,\nC,3\n' --columns x
bad 3 "a key twice" "steht schon in Zeile 2" 'area,x\nA,1\nA,2\nC,3\n' --columns x
bad 2 "no number of types" "Möglich sind auto und 2 bis" 'area,x\nA,1\nB,2\nC,3\n' --columns x --k viele
bad 2 "no method" "kmeans und ward" 'area,x\nA,1\nB,2\nC,3\n' --columns x --method x
bad 2 "too many components" "auto und 1 bis 1" 'area,x\nA,1\nB,2\nC,3\n' --columns x --components 2
t_ok "help" "$KEKIZ" help stat typology
t_done
