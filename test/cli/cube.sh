#!/bin/sh
# cube.sh - rows of a plain file are counted by columns, with every margin.
. "$(dirname "$0")/lib.sh"

cat > rows.csv << 'END'
area,sex,person,euro
A10,m,1,10.5
A10,m,1,20
A10,f,2,-5.25
A9,f,2,7
S,f,3,100
S,m,,1
END
cat > area.csv << 'END'
code,parent
Total,
N,Total
S,Total
A10,N
A9,N
unused,N
END

t_ok "six rows, a hierarchy, persons and euros" \
    "$KEKIZ" cube rows.csv --by area,sex --distinct person --sum euro --hier area=area.csv
t_stdout_is "area,sex,n,distinct,sum
Total,Total,6,3,133.25
Total,f,3,2,101.75
Total,m,3,1,31.50
N,Total,4,2,32.25
N,f,2,1,1.75
N,m,2,1,30.50
A10,Total,3,2,25.25
A10,f,1,1,-5.25
A10,m,2,1,30.50
A9,Total,1,1,7.00
A9,f,1,1,7.00
S,Total,2,1,101.00
S,f,1,1,100.00
S,m,1,0,1.00" "every margin, and nothing that is empty"
t_stderr_has "Zeilen ohne Person: 1" "who is nobody is said"
cp "$T_OUT" want.csv
t_ok "columns one by one, from standard input" \
    sh -c '"$0" cube - --by area --by sex --hier area=area.csv --distinct person --sum euro < rows.csv' "$KEKIZ"
t_true "give the same" cmp -s "$T_OUT" want.csv
for threads in 1 2 7; do
    t_ok "$threads threads" "$KEKIZ" cube rows.csv --by area,sex --distinct person --sum euro \
        --hier area=area.csv --threads $threads
    t_true "give the same" cmp -s "$T_OUT" want.csv
done
t_ok "as JSON" "$KEKIZ" cube rows.csv --by sex --format json
t_stdout_has '{"sex":"Total","n":6}'

printf 'age;n\n10;1\n9;1\n;1\nacht;1\n-1;1\n09;1\n' > order.csv
t_ok "numbers by size, then names, equal ones by their bytes" "$KEKIZ" cube order.csv --by age
t_stdout_is "age,n
Total,6
-1,1
09,1
9,1
10,1
,1
acht,1" "in that order"

printf 'a;x\nq;1.234,50\nq;0,125\n' > comma.csv
t_ok "German numbers add up exactly" "$KEKIZ" cube comma.csv --by a --sum x
t_stdout_has "Total,2,1234.625"

# ---- refusals: what is wrong, where, and nothing on standard output
refused() { # CODE NAME TEXT OPTIONS…
    code=$1 name=$2 text=$3
    shift 3
    t_exit "$code" "$name" "$KEKIZ" cube "$@"
    t_stderr_has "$text" "$name: the message says so"
    t_is "$name: no result" "$(wc -c < "$T_OUT" | tr -d ' ')" 0
}
hier() { printf 'code,parent\n%b' "$1" > bad.csv; }
refused 2 "no column" "--by" rows.csv
refused 3 "an unknown column" "wohnort" rows.csv --by wohnort
refused 2 "a column twice" "zweimal" rows.csv --by sex,sex
refused 2 "a column without a name" "ohne Namen" rows.csv --by sex,
refused 4 "a file that is not there" "nowhere.csv" nowhere.csv --by sex
refused 3 "a sum of letters" "Zeile 2, Spalte „sex“" rows.csv --by area --sum sex
refused 2 "no thread" "--threads 0" rows.csv --by sex --threads 0
refused 2 "a hierarchy of a column that is not counted" "--hier" rows.csv --by sex --hier area=area.csv
hier 'N,Total\nS,Total\nA10,N\n'
refused 3 "a value that is not in the hierarchy" "rows.csv, Zeile 5, Spalte „area“: Der Wert „A9“" \
    rows.csv --by area --hier area=bad.csv
hier 'N,M\nM,N\nA10,N\nA9,N\nS,N\n'
refused 3 "a circle" "bad.csv, Zeile 2: Der Code „N“ steht über „M“" rows.csv --by area --hier area=bad.csv
hier 'N,Total\nS,\nA10,N\nA9,N\n'
refused 3 "two roots" "zweite Wurzel" rows.csv --by area --hier area=bad.csv
hier 'S,Total\nA10,N\nA9,N\n'
refused 3 "a parent from nowhere" "Den Obercode „N“" rows.csv --by area --hier area=bad.csv
hier 'N,Total\nS,Total\nA10,N\nA9,A10\n'
refused 3 "a row above the lowest codes" "weitere Codes unter sich" rows.csv --by area --hier area=bad.csv
hier 'N,Total\nS,Total\nA10,N\nA9,N\nN,Total\n'
refused 3 "a code twice" "schon in Zeile 2" rows.csv --by area --hier area=bad.csv
printf 'a\nx\nTotal\n' > total.csv
refused 3 "a row that is a margin itself" "Zeile 3, Spalte „a“: Der Wert „Total“" total.csv --by a
printf 'a,b\nx,9223372036854775807\nx,1\n' > large.csv
refused 3 "a sum that does not fit" "exakt" large.csv --by a --sum b
printf 'a,b\nx,1\nx\n' > ragged.csv
refused 3 "a row that is too short" "Zeile 3" ragged.csv --by a

# ---- a cube that does not fit into memory, and one that fits nowhere
awk 'BEGIN { OFS = ","; print "a,b,c,d,p,v"
    for (i = 0; i < 20000; i++) print i * 7 % 9973, i * 31 % 8191, i * 13 % 997, i % 3, i * 17 % 5003, i % 11 - 4 }' > wide.csv
t_ok "180,000 cells, in memory" "$KEKIZ" cube wide.csv --by a,b,c,d --distinct p --sum v
cp "$T_OUT" roomy.csv
t_true "are many" test "$(wc -l < roomy.csv)" -gt 150000
t_ok "and with one MiB on the disk" "$KEKIZ" cube wide.csv --by a,b,c,d --distinct p --sum v --memory 1 --threads 2
t_true "are the same" cmp -s "$T_OUT" roomy.csv
t_is "no file is left" "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'kekiz-cube.*' -user "$(id -un)" 2> /dev/null | wc -l | tr -d ' ')" 0
TMPDIR=/proc
export TMPDIR
refused 7 "too large for memory and disk" "MiB" wide.csv --by a,b,c,d --memory 1
t_done
