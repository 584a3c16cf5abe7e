#!/bin/sh
# stat_moran.sh - Moran and its local form: published values, borders from outlines, bad graphs.
. "$(dirname "$0")/lib.sh"

# three by three squares as drawn in a plane without any system of coordinates, and one far away
python3 - > squares.geojson <<'PY'
import json
v = [1, 2, 3, 2, 3, 4, 3, 4, 5, 9]
def ring(x, y): return [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]
at = [(i % 3, i // 3) for i in range(9)] + [(500, 500)]
print(json.dumps({"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"key": f"a{i}", "v": v[i], "same": 1, "name": "x"},
     "geometry": {"type": "Polygon", "coordinates": [ring(*at[i])]}} for i in range(10)]}))
PY
t_ok "squares beside squares" "$KEKIZ" stat moran squares.geojson --key key --value v --weights rook --style B
t_stdout_is "statistic,expected,variance,z,p,n,links
0.5,-0.125,0.0546875,2.6726124191242437,0.007526315166457887,9,24" \
    "rook: 12 borders, I = 9/24 · 16/12 = 0.5 as on paper; the far square takes no part"
t_err "Gebiete ohne Nachbarn nehmen an der Rechnung nicht teil (1): a9"
t_ok "queen counts corners too" "$KEKIZ" stat moran squares.geojson --key key --value v
t_out ",9,40"
t_ok "lisa" "$KEKIZ" stat lisa squares.geojson --key key --value v --permutations 99
t_out "a0,1,1,0.14,LL" "-2 · -2/3 / (12/9) = 1"
t_out "a9,9,,," "an area without neighbours stays, with empty fields"
cp "$T_OUT" one
t_ok "again with more threads" "$KEKIZ" stat lisa squares.geojson --key key --value v --permutations 99 --threads 7
t_true "and every byte is the same" cmp one "$T_OUT"
t_ok "another seed" "$KEKIZ" stat lisa squares.geojson --key key --value v --permutations 99 --seed 2
t_true "draws otherwise" sh -c "! cmp -s one '$T_OUT'"

printf 'key,v\nA,1\nB,2\nC,3\nD,4\n' > row.csv
printf '4\nA 1\nB\nB 2\nA C\nC 2\nB D\nD 1\nC\n' > row.gal
printf 'a,b\nA,B\nC,B\nC,D\nD,C\n' > row_edges.csv
t_ok "a row of four from a table" "$KEKIZ" stat moran row.csv --key key --value v --weights row.gal --style B
t_out "0.3333333333333333,-0.3333333333333333,"
cp "$T_OUT" one
t_ok "the same from pairs" "$KEKIZ" stat moran row.csv --key key --value v --weights row_edges.csv --style B
t_true "gives the same bytes" cmp one "$T_OUT"
t_ok "one-sided" "$KEKIZ" stat moran row.csv --value v --weights row.gal --alternative greater
t_ok "from a pipe" sh -c "'$KEKIZ' stat moran - --value v --weights row.gal < row.csv"

bad() { # CODE NAME MESSAGE ARGS…
    code=$1 name=$2 text=$3
    shift 3
    t_exit "$code" "$name" "$KEKIZ" stat moran "$@"
    t_err "$text"
}
bad 2 "a table without a graph" "enthält keine Umrisse" row.csv --value v
bad 3 "a constant column" "Alle Gebiete haben denselben Wert" squares.geojson --value same
bad 3 "a text column" "„x“ ist keine Zahl" squares.geojson --value name
bad 3 "an unknown field" "Vorhanden sind: key, v, same, name" squares.geojson --value w
printf '4\nA 1\nB\nB 2\nA C\nC 2\nB E\nE 1\nC\n' > other.gal
bad 3 "a graph with another key" "Das Gebiet „E“ fehlt in row.csv" row.csv --value v --weights other.gal
printf '3\nA 1\nB\nB 2\nA C\nC 1\nB\n' > less.gal
bad 3 "a key that the graph lacks" "row.csv, Zeile 5: Das Gebiet „D“ fehlt in less.gal" row.csv --value v --weights less.gal
printf 'a,b\nA,B\nA,X\n' > pairs.csv
bad 3 "a pair with an unknown key" "pairs.csv, Zeile 3: Das Gebiet „X“ fehlt" row.csv --value v --weights pairs.csv
printf 'a,b\nA,A\n' > pairs.csv
bad 3 "an area beside itself" "Nachbar von sich selbst" row.csv --value v --weights pairs.csv
printf 'a,b\nA,B\n' > pairs.csv
bad 3 "too few with neighbours" "Gebiete mit Nachbarn: 2, ohne: 2" row.csv --value v --weights pairs.csv
printf '2\nA 1\n' > cut.gal
bad 3 "a graph that is cut off" "cut.gal: Bei „A“" row.csv --value v --weights cut.gal
bad 4 "no such graph" "none.gal" row.csv --value v --weights none.gal
bad 2 "an unknown style" "Möglich sind: W, B" row.csv --value v --weights row.gal --style X
printf 'key,v\nA,1\nB,2\nA,3\nD,4\n' > twice.csv
bad 3 "a key twice" "steht schon in Zeile 2" twice.csv --value v --weights row.gal
t_ok "help" "$KEKIZ" help stat moran
t_ok "help" "$KEKIZ" help stat lisa

# ---- published values
S=$SHARED/data/spatial
if [ -e "$S/columbus.geojson" ]; then
    t_ok "Columbus, queen" "$KEKIZ" stat moran "$S/columbus.geojson" --key POLYID --value CRIME
    t_out "0.5001885571828607,-0.020833333333333332," "spdep: 0.500189"
    t_ok "Columbus, its list" "$KEKIZ" stat moran "$S/columbus.geojson" --key POLYID --value CRIME --weights "$S/columbus.gal"
    t_out "0.4857709136617729," "spdep: 0.485771"
    t_ok "Columbus by permutations" "$KEKIZ" stat moran "$S/columbus.geojson" --key POLYID --value CRIME --permutations 999
    t_out ",0.002,49,236" "nothing as large in 999 orders"
    t_ok "Köln, whose borders are drawn twice" "$KEKIZ" stat moran "$SHARED/data/koeln/Stadtteil.shp" --key STT_NR --value SHAPE_AREA
else
    t_skip "Columbus" "no open data here"
fi
t_done
