#!/bin/sh
# sdc.sh - counts of a plain table are protected, attacked and checked; wrong input is told where and why.
. "$(dirname "$0")/lib.sh"

# Six quarters in two districts, by age; one child alone in Q1, two in Q5.
cat > hier.csv << 'END'
code,parent
Q1,T1
Q2,T1
Q3,T1
Q4,T2
Q5,T2
Q6,T2
T1,Total
T2,Total
END
cat > n.csv << 'END'
quarter,age,n
Q1,0-2,1
Q1,3-5,9
Q2,0-2,7
Q2,3-5,8
Q3,0-2,12
Q3,3-5,6
Q4,0-2,5
Q4,3-5,11
Q5,0-2,2
Q5,3-5,14
Q6,0-2,10
END
protect() { # FILE OPTIONS…
    t_file=$1
    shift
    "$KEKIZ" sdc protect "$t_file" --count n --dim quarter=hier.csv --dim age "$@"
}
audit() { # FILE OPTIONS…
    t_file=$1
    shift
    "$KEKIZ" sdc audit "$t_file" --dim quarter=hier.csv --dim age "$@"
}
check() { # FILE WITNESSES
    "$KEKIZ" sdc check "$1" "$2" --dim quarter=hier.csv --dim age
}

t_ok "a table with all margins is protected" protect n.csv -o out.csv --certificate cert.csv --witness witness.csv
t_is "it has a line for every cell" "$(wc -l < out.csv)" 28
t_is "its columns are the dimensions, n, state and shown" "$(head -1 out.csv)" quarter,age,n,state,shown
t_is "the total is what the file adds up to" "$(sed -n 2p out.csv)" Total,Total,85,open,85
t_true "the one child is primary and not shown" grep -qx 'Q1,0-2,1,primary,' out.csv
t_true "a missing combination is zero" grep -q '^Q6,3-5,0,' out.csv
t_true "and zero is no secret" sh -c '! grep -q ",0,primary" out.csv'
t_is "the certificate has the two primaries" "$(cut -d, -f1,2,5 cert.csv | tr '\n' ' ')" \
    "quarter,age,verdict Q1,0-2,ok Q5,0-2,ok "
t_true "every interval there is 3 wide and holds the truth" awk -F, 'NR > 1 { t = $1 == "Q1" ? 1 : 2
    if ($4 - $3 < 3 || t < $3 || t > $4) exit 1 }' cert.csv
t_ok "standard output is the same table" protect n.csv
t_true "byte for byte" cmp -s "$T_OUT" out.csv
t_ok "standard input is the same file" sh -c \
    'cat n.csv | "$1" sdc protect - --count n --dim quarter=hier.csv --dim age' - "$KEKIZ"
t_true "byte for byte as well" cmp -s "$T_OUT" out.csv
(head -1 n.csv; sed 1d n.csv | sort -r) > turned.csv
t_ok "the order of the lines does not matter" protect turned.csv
t_true "not by a byte" cmp -s "$T_OUT" out.csv

# ---- attack
cut -d, -f1,2,5 out.csv > public.csv
t_ok "an attacker with the published columns finds nothing" audit public.csv
t_stdout_has "Q1,0-2," "the audit lists what could be a secret"
t_ok "the internal file is read by its column shown alone" audit out.csv
hidden=$(awk -F, '$4 == "secondary" { print $1 "," $2; exit }' out.csv)
awk -F, -v OFS=, -v c="$hidden" '$1 "," $2 == c { $5 = $3 } 1' out.csv > leak.csv
t_exit 1 "a partner shown by mistake is found" audit leak.csv
t_true "with a verdict that is not ok" grep -qE 'exact|narrow' "$T_OUT"
t_stderr_has "errechnen"
awk -F, -v OFS=, 'NR > 1 && $4 != "primary" { $5 = $3 } 1' out.csv > naive.csv
t_exit 1 "hiding only the small counts protects nobody" audit naive.csv
t_true "the count of one is exactly known" grep -qx 'Q1,0-2,1,1,exact' "$T_OUT"
sed 's/^Total,Total,85,open,85/Total,Total,85,open,86/' out.csv > wrong.csv
t_exit 3 "published numbers that contradict each other are refused" audit wrong.csv
t_stderr_has "quarter=Total, age=Total"

# ---- witnesses
t_ok "the witnesses hold" check out.csv witness.csv
t_stdout_is "witness,quarter,age,finding" "no finding"
awk -F, -v OFS=, 'NR == 2 { $4 += 1 } 1' witness.csv > bent.csv
t_exit 1 "a witness that does not add up is found" check out.csv bent.csv
t_stdout_has ",sum"
head -1 witness.csv > none.csv
sed -n 2p witness.csv >> none.csv
t_exit 1 "a missing witness is found" check out.csv none.csv
t_stdout_has ",unproven"
t_exit 1 "a published cell cannot witness" check leak.csv witness.csv
t_stdout_has ",published"
awk -F, -v OFS=, 'NR == 2 { $4 = -1 } 1' witness.csv > below.csv
t_exit 1 "neither can a negative count" check out.csv below.csv
t_stdout_has ",negative"

# ---- options
t_ok "totals can be kept" protect n.csv --keep quarter=Total --keep age=Total
t_true "and are shown then" awk -F, '($1 == "Total" || $2 == "Total") && $5 == "" { exit 1 }' "$T_OUT"
t_exit 3 "a wish that no secret survives is refused" protect n.csv --keep quarter=Q2 quarter=Q3 quarter=T1
t_stderr_has "quarter=Q1, age=0-2" "with the cell"
t_exit 3 "so is a wish to show a secret" protect n.csv --keep quarter=Q1
t_stderr_has "quarter=Q1, age=0-2"
t_exit 2 "a wish needs a dimension" protect n.csv --keep area=Q1
t_exit 3 "and a code that exists" protect n.csv --keep quarter=Q9
t_stderr_has "Q9"
t_ok "zero may be a secret" protect n.csv --zero-secret
t_stdout_has "Q6,3-5,0,primary,"
t_ok "a wider interval hides no less" protect n.csv --width 6 -o wide.csv --certificate wide_cert.csv
t_true "and is six wide" awk -F, 'NR > 1 && $4 - $3 < 6 { exit 1 }' wide_cert.csv
t_ok "the audit can ask for six" audit wide.csv --width 6
t_ok "insiders can be kept out as well" protect n.csv --insider --min 2
sed 's/,[12]$/,9/' n.csv > large.csv
t_ok "nothing to protect is no error" protect large.csv --certificate empty.csv
t_stderr_has "Keine Zahl ist geheim"
t_true "everything is shown" awk -F, 'NR > 1 && $5 != $3 { exit 1 }' "$T_OUT"
t_is "the certificate is empty" "$(cat empty.csv)" quarter,age,lo,hi,verdict
t_ok "everything to protect is none either" protect n.csv --min 1000 --zero-secret --certificate all.csv
t_stderr_has "Alle 27 Zellen"
t_true "nothing is shown" awk -F, 'NR > 1 && $5 != "" { exit 1 }' "$T_OUT"
t_true "and nothing is bounded" awk -F, 'NR > 1 && ($3 != 0 || $4 != "inf") { exit 1 }' all.csv
printf 'code,parent\nQ1,T1\nT1,Total\nQ2,T2\nT2,Total\n' > chain.csv
printf 'quarter,n\nQ1,1\nQ2,30\n' > chain_n.csv
t_ok "a single cell in a line is protected together with its sum" \
    "$KEKIZ" sdc protect chain_n.csv --count n --dim quarter=chain.csv
t_stdout_has "T1,1,primary,"
printf 'quarter,n\nTotal,2\n' > one.csv
t_ok "a table of one cell" "$KEKIZ" sdc protect one.csv --count n --dim quarter
t_stdout_has "Total,2,primary,"

# ---- other methods
t_ok "rounding to five" protect n.csv --method round5
t_true "changes by two at most and leaves zero" awk -F, 'NR > 1 { d = $5 - $3
    if (d > 2 || d < -2 || $5 % 5 || ($3 == 0 && $5 != 0)) exit 1 }' "$T_OUT"
t_stderr_has "höchstens 2"
t_ok "rounding to ten" protect n.csv --method round10
t_true "changes by five at most" awk -F, 'NR > 1 { d = $5 - $3; if (d > 5 || d < -5 || $5 % 10) exit 1 }' "$T_OUT"
t_ok "the cell key" protect n.csv --method cellkey --seed 77 -o key.csv
t_true "shows no 1 and no 2 and leaves zero" awk -F, 'NR > 1 && ($5 == 1 || $5 == 2 || ($3 == 0 && $5 != 0)) { exit 1 }' key.csv
t_ok "the same key" protect n.csv --method cellkey --seed 77
t_true "gives the same bytes" cmp -s "$T_OUT" key.csv
t_exit 2 "a certificate is for suppression" protect n.csv --method round5 --certificate x.csv
t_exit 2 "a method that does not exist" protect n.csv --method magic

# ---- wrong input
bad() { # NAME TEXT LINE-OF-THE-FILE…
    t_name=$1 t_text=$2
    shift 2
    { echo quarter,age,n; printf '%s\n' "$@"; } > bad.csv
    t_exit 3 "$t_name" protect bad.csv
    t_stderr_has "$t_text" "and the message says: $t_text"
}
bad "a negative count is refused" "Zeile 2" Q1,0-2,-3
bad "a fraction is refused" "2.5" Q1,0-2,2.5
bad "an empty count is refused" "Zeile 3" Q1,0-2,4 Q2,0-2,
bad "a code that the hierarchy lacks is refused" "Q9" Q9,0-2,4
bad "a cell that comes twice is refused" "Zeile 3" Q1,0-2,4 Q1,0-2,5
bad "a total that contradicts its parts is refused" "die Teile ergeben aber 9" Q1,0-2,4 Q2,0-2,5 T1,0-2,10
bad "an empty code is refused" "Zeile 2" ,0-2,4
{ cat n.csv; echo T1,0-2,20; echo Total,Total,85; } > margins.csv
t_ok "totals that are right may be given" protect margins.csv
t_true "and change nothing" cmp -s "$T_OUT" out.csv
tree() { # NAME TEXT LINE…
    t_name=$1 t_text=$2
    shift 2
    { echo code,parent; printf '%s\n' "$@"; } > bad_hier.csv
    t_exit 3 "$t_name" "$KEKIZ" sdc protect n.csv --count n --dim quarter=bad_hier.csv
    t_stderr_has "$t_text" "and the message says: $t_text"
}
tree "a circle is refused" "im Kreis" A,B B,A Q1,Total
tree "two roots are refused" "nichts über sich" Q1,Total T9,
tree "a parent without a line is refused" "T7" Q1,T7
tree "a code that comes twice is refused" "Zeile 3" Q1,Total Q1,Total
t_exit 2 "a threshold of zero protects nobody" protect n.csv --min 0
t_exit 2 "neither does one, while zero is no secret" protect n.csv --min 1
t_ok "with zero as the secret it does" protect n.csv --min 1 --zero-secret
t_exit 2 "a width of zero is none" protect n.csv --width 0
t_exit 3 "an unknown column is named" "$KEKIZ" sdc protect n.csv --count n --dim block
t_stderr_has "block"
t_exit 4 "a file that is not there" protect nowhere.csv
cp out.csv kept.csv
t_exit 3 "a run that fails" protect bad.csv -o kept.csv
t_true "leaves the old file as it was" cmp -s kept.csv out.csv

# ---- the same bytes everywhere
if [ -e "$SHARED/data/microdata/sdc_g60.csv" ]; then
    g="$SHARED/data/microdata/sdc_g60"
    big() {
        "$KEKIZ" sdc protect "$g.csv" --count n --dim "q=${g}_hier.csv" --dim age --dim mig --dim sgb "$@"
    }
    t_ok "a city of 60 quarters with one thread" big --threads 1 -o one.csv --certificate c1.csv --witness w.csv
    t_ok "and with two" big --threads 2 -o two.csv
    t_true "gives the same bytes" cmp -s one.csv two.csv
    t_is "on every machine and compiler" "$(cksum < one.csv) $(cksum < c1.csv)" "4065048996 112513 2692116501 5538"
    t_true "with at most 600 partners" awk -F, '$6 == "secondary" { n++ } END { exit n > 600 }' one.csv
    cut -d, -f1-4,7 one.csv > pub.csv
    t_ok "nothing in it can be computed back" "$KEKIZ" sdc audit pub.csv --dim "q=${g}_hier.csv" --dim age --dim mig --dim sgb
    t_ok "every hidden cell has its witness" \
        "$KEKIZ" sdc check one.csv w.csv --dim "q=${g}_hier.csv" --dim age --dim mig --dim sgb
else
    t_skip "a city of 60 quarters" "$SHARED/data/microdata is not there"
fi
t_done
