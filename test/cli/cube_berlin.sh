#!/bin/sh
# cube_berlin.sh - one synthetic child for each counted one, and Berlin's published counts come back.
. "$(dirname "$0")/lib.sh"
POP=data/berlin/population
t_need_shared $POP/pop_2015-02-t2-plr.csv $POP/pop_2016-02-t2-plr.csv $POP/pop_2017-02-t2-plr.csv

# area,age,year,n as published; every area of 2015 to 2017, under 18 years.
for year in 2015 2016 2017; do
    awk -F, -v year=$year '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { print $1 ",0-5," year "," $at["inhabitants_age_below_6"]
          print $1 ",6-14," year "," $at["inhabitants_age_6_15"]
          print $1 ",15-17," year "," $at["inhabitants_age_15_18"] }' "$SHARED/$POP/pop_$year-02-t2-plr.csv"
done > published.csv
t_true "447 areas, three ages, three years" test "$(wc -l < published.csv)" -eq 4023

# Every child on a line of its own, far from its neighbours: round after round over all cells.
awk -F, '
    BEGIN { print "area,age,year,child" }
    { for (i = 0; i < $4; i++) print i "," ++n % 977 "," $1 "," $2 "," $3 "," n }' published.csv |
    { IFS= read -r head; echo "$head"; LC_ALL=C sort -t, -k2,2 -k1,1 | cut -d, -f3-; } > children.csv
# Planning area (8 digits) below region (6), forecast space (4), district (2).
{
    echo code,parent
    cut -d, -f1 published.csv | sort -u | awk '
        { for (n = 8; n > 2; n -= 2) up[substr($1, 1, n)] = substr($1, 1, n - 2)
          up[substr($1, 1, 2)] = "Total" }
        END { for (code in up) print code "," up[code] }' | sort
} > area.csv

t_ok "the children are counted" "$KEKIZ" cube children.csv --by area,age,year --distinct child \
    --hier area=area.csv --threads 2
awk -F, 'length($1) == 8 && $2 != "Total" && $3 != "Total" { print $1 "," $2 "," $3 "," $4 }' "$T_OUT" | sort > counted.csv
awk -F, '$4 > 0' published.csv | sort > want.csv
t_true "every area, age and year is as published" cmp -s counted.csv want.csv
t_is "every child is one person" "$(awk -F, 'NR > 1 && $4 != $5' "$T_OUT" | wc -l | tr -d ' ')" 0
# Margins from the published cells alone: all prefixes of the area, with and without age and year.
awk -F, '
    { for (n = 8; n >= 0; n -= 2) for (a = 0; a < 2; a++) for (y = 0; y < 2; y++)
        sum[(n ? substr($1, 1, n) : "Total") "," (a ? $2 : "Total") "," (y ? $3 : "Total")] += $4 }
    END { for (cell in sum) if (sum[cell]) print cell "," sum[cell] }' published.csv | sort > margins.csv
awk -F, 'NR > 1 { print $1 "," $2 "," $3 "," $4 }' "$T_OUT" | sort > cube.csv
t_true "and so is every margin" cmp -s cube.csv margins.csv
cp "$T_OUT" two.csv
t_ok "with one thread" "$KEKIZ" cube children.csv --by area,age,year --distinct child --hier area=area.csv --threads 1
t_true "the same bytes" cmp -s "$T_OUT" two.csv
t_done
