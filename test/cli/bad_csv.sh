#!/bin/sh
# bad_csv.sh - what goes wrong in delivered CSV files: rows 1 to 27 of the list of bad inputs, each a test of that number.
# bad_csv_more.sh has the second half.
. "$(dirname "$0")/lib.sh"
. "$KZ_ROOT/test/cli/lib.bad_csv.sh"

# 1 nothing in it
: > empty.csv
printf '\357\273\277' > bom.csv
echo "$H" > header.csv
for f in empty bom header; do
    refused 1 "$f.csv has no data" 3 $f.csv komma.map "$f.csv"
done

# 2 encodings, shown in the preview
printf '%s\n012;Süd;2001;Einwohner;5\n' "$H" > utf8.csv
{ printf '\357\273\277'; cat utf8.csv; } > e_utf8bom.csv
{ printf '\377\376'; iconv -t UTF-16LE utf8.csv; } > e_utf16le.csv
{ printf '\376\377'; iconv -t UTF-16BE utf8.csv; } > e_utf16be.csv
iconv -t WINDOWS-1252 utf8.csv > e_cp1252.csv
iconv -t MACINTOSH utf8.csv > e_mac.csv
for f in e_*.csv; do
    t_ok "b2: $f is read" bring "$f" --map komma.map --dry-run --report found.csv
    t_err "1 Zeilen gelesen, 1 übernommen" "b2: $f: the row is taken"
    case $f in
        e_cp1252.csv) t_holds found.csv windows-1252 "b2: the encoding is said" ;;
        e_mac.csv) t_holds found.csv macintosh "b2: the encoding is said" ;;
    esac
    t_free_of found.csv check.area_name "b2: $f: its umlaut is an umlaut"
done

# 3 broken UTF-8: the row is named, no overlong form is accepted
i=0
for bad in '\300\257' '\355\240\200' '\376'; do
    i=$((i + 1))
    # shellcheck disable=SC2059
    { printf '%s\n012;Süd;2001;Einwohner;5\n' "$H"; printf "012;S${bad}d;2002;Einwohner;6\n"; } > broken.csv
    refused 3 "broken UTF-8, kind $i" 3 broken.csv komma.map broken.csv "Zeile 3"
done

# 4 NUL
{ printf '%s\n012;S' "$H"; printf '\000'; printf 'd;2001;Einwohner;5\n'; } > nul.csv
refused 4 "a NUL inside a field" 3 nul.csv komma.map nul.csv

# 5 line ends
printf '%s\r\n007;Nord;2001;Einwohner;1\r012;Süd;2001;Einwohner;2\n013;;2001;Einwohner;3' "$H" > ends.csv
t_ok "b5: mixed line ends and no last one" bring ends.csv --map komma.map --dry-run
t_err "3 Zeilen gelesen, 3 übernommen" "b5: three rows"

# 6 quotes
printf '%s\n007;"Nord;2001;Einwohner;1\n012;Süd;2001;Einwohner;2\n' "$H" > open.csv
refused 6 "a quote that never ends" 3 open.csv komma.map "Zeile 2"
csv middle.csv << 'END'
007;No"rd;2001;Einwohner;1
012;Süd;2001;Einwohner;2
END
refused 6 "a quote in the middle" 3 middle.csv komma.map "Zeile 2" check.row_quote
csv quotes.csv << 'END'
007;"""Nord""";2001;Einwohner;1
END
t_ok "b6: doubled quotes are one" bring quotes.csv --map komma.map --dry-run
t_err "1 übernommen" "b6: the row is taken"

# 7 newline in a field; a field that is too long
printf '%s\n007;"Nord\nund mehr";2001;Einwohner;1\n012;Süd;2001;Einwohner;y\n' "$H" > newline.csv
refused 7 "a newline inside quotes" 3 newline.csv komma.map "Zeile 4" "„y“"
python3 -c "print('$H'); print('007;\"' + 'N' * 10_000_000 + '\";2001;Einwohner;1')" > long.csv
refused 7 "a field of 10 MB" 7 long.csv komma.map "Zeile 2"

# 8 rows with other numbers of fields: each is named, the others are read
csv ragged.csv << 'END'
007;Nord;2001;Einwohner
012;Süd;2001;Einwohner;2
012;Süd;2002;Einwohner;2;3
012;Süd;2003;Einwohner;y
END
refused 8 "rows with fewer and more fields" 3 ragged.csv komma.map "Zeile 2" "4 Felder" "6 Felder" "„y“"

# 9 a million columns
python3 -c "
print(';'.join('c%d' % i for i in range(1_000_000)))
print(';' * 999_999)" > columns.csv
refused 9 "a million columns" 7 columns.csv komma.map columns.csv
within() { # MIB CMD…: with so much memory and no more
    python3 -c 'import os, resource, sys
n = int(sys.argv[1]) << 20
resource.setrlimit(resource.RLIMIT_AS, (n, n))
os.execv(sys.argv[2], sys.argv[2:])' "$@"
}
if within 600 "$KEKIZ" version > /dev/null 2>&1; then
    t_run within 600 "$KEKIZ" import columns.csv --source einwohner-tabelle --map komma.map
    t_is "b9: before memory grows" "$T_CODE" 7
else
    t_skip "b9: before memory grows" "sanitizers want all addresses"
fi

# 10 headers
printf 'Nr;Name;Jahr;Was;Zahl;ZAHL\n007;Nord;2001;Einwohner;1;2\n' > twice.csv
refused 10 "two columns of one name" 3 twice.csv komma.map twice.csv "„zahl“"
printf 'Nr;;Jahr;Was;Zahl\n007;Nord;2001;Einwohner;1\n' > nameless.csv
refused 10 "a column without a name" 3 nameless.csv komma.map nameless.csv
printf ' NR ;name;JAHR;was;Za\314\210hl\n007;Nord;2001;Einwohner;1\n' > nfd.csv
sed 's/^wert = Zahl/wert = Zähl/' komma.map > nfd.map
t_ok "b10: case, blanks and the form of umlauts make no difference" bring nfd.csv --map nfd.map --dry-run

# 11 sep=
printf 'sep=,\nNr,Name,Jahr,Was,Zahl\n007,"Nord; oben",2001,Einwohner,1\n' > sep.csv
t_ok "b11: sep= in the first line is honoured" bring sep.csv --map komma.map --dry-run
t_err "1 übernommen" "b11: the row is taken"

# 12 points and commas: declared, or proven by the column, or asked
numbers n1.csv 1.234 "1 234" "$(printf '1\302\240234')" "$(printf '1\342\200\257234')" 1.234,0
t_ok "b12: with a declared comma points part thousands" bring n1.csv --map komma.map
t_is "b12: five times the same" "$(for y in 2100 2099 2098 2097 2096; do values $y; done | tr '\n' ' ')" \
    "007|1234|0 007|1234|0 007|1234|0 007|1234|0 007|1234|0 "
take_back
refused 12 "with a declared point 1.234 is no count" 3 n1.csv punkt.map "„1.234“" "dezimalzeichen = komma"
numbers n2.csv 1.234 5
refused 12 "alone in its column 1.234 is a question" 3 n2.csv auto.map "„1.234“" "Tausender oder Dezimalstellen" "dezimalzeichen = punkt oder komma"
numbers n3.csv 1.234 1.234,0
t_ok "b12: another value of the column proves it" bring n3.csv --map auto.map --dry-run
numbers n4.csv 1.234,5 1,234.5
refused 12 "both in one column" 3 n4.csv auto.map "Dezimalpunkt (Zeile 3)" "Dezimalkomma (Zeile 2)"

# 13 nothing becomes a date, or a number, behind anybody's back
numbers n5.csv 9.10 01.02. "Mrz 24" 03/04/2020
refused 13 "what looks like a day" 3 n5.csv komma.map "„9.10“" "„01.02.“" "„Mrz 24“" "„03/04/2020“"
refused 13 "and a point that may be one" 3 n5.csv auto.map "„9.10“"
printf '%s\n007;Nord;Mrz 24;Einwohner;1\n007;Nord;43891;Einwohner;1\n007;Nord;01.02.;Einwohner;1\n' "$H" > days.csv
refused 13 "as a period" 3 days.csv komma.map "„Mrz 24“" "„43891“" "„01.02.“"
numbers n6.csv 43891
t_ok "b13: the number 43891 is a number where counts are" bring n6.csv --map komma.map --dry-run

# 14 no numbers
numbers n7.csv 1e309 -0 NaN inf 0x10 "$(printf '\357\274\221\357\274\222')" "$(printf '\331\241\331\242')"
refused 14 "what other programs take for numbers" 3 n7.csv komma.map "„1e309“" "„-0“" "„NaN“" "„inf“" "„0x10“" \
    "$(printf '„\357\274\221\357\274\222“')" "$(printf '„\331\241\331\242“')"
t_is "b14: each of them" "$(grep -c check.value_number found.csv)" 7
t_done
