#!/bin/sh
# bad_csv_more.sh - rows 15 to 27 of the list of bad inputs; 1 to 14 are in bad_csv.sh.
. "$(dirname "$0")/lib.sh"
. "$KZ_ROOT/test/cli/lib.bad_csv.sh"

# 15 units
numbers n8.csv 12% "12,5 %" 0,125
refused 15 "percent beside numbers" 3 n8.csv auto.map "Prozentwerte (Zeile 2)" "Zahlen ohne Einheit (Zeile 4)"
refused 15 "percent where counts are" 3 n8.csv komma.map "„12%“" "ist ein Prozentwert"
cat > share.map << 'END'
[datei]
quelle = frei
aufbau = breit
[spalten]
gebiet = Nr
ohne = *
[zeitraum]
form = jahr
stichtag = 31.12.
[zahlen]
dezimalzeichen = komma
tabellenzeichen = ja
[gebiete]
* = stadtteil:*
[eigene]
share = Anteil | Prozent | 3
[wertspalten]
Zahl = share
END
printf 'Nr;Zahl\n007;12%%\n012;12,5 %%\n013;0,125\n' > share.csv
t_exit 3 "b15: in a column of percent too" "$KEKIZ" import share.csv --source frei --map share.map --period 2001
t_err "Prozentwerte (Zeile 2) und Zahlen ohne Einheit (Zeile 4)" "b15: with both rows"

# 16 table signs
i=0
echo "$H" > signs.csv
for sign in . – - x … / '()' '*' '<3' '(12)' 12p 12r 12s; do
    printf '007;Nord;%s;Einwohner;%s\n' $((2000 + i)) "$sign" >> signs.csv
    i=$((i + 1))
done
t_ok "b16: signs become states" bring signs.csv --map komma.map
t_is "b16: each its own, and no zero where nothing is known" \
    "$(for y in 2000 2001 2002 2003 2004 2005 2006 2007 2008 2009 2010 2011 2012; do values $y; done | tr '\n' ' ')" \
    "007|-|3 007|0|1 007|0|1 007|-|5 007|-|4 007|-|6 007|-|7 007|-|3 007|-|3 007|12|7 007|12|8 007|12|9 007|12|10 "
take_back
refused 16 "signs where the map has none" 3 signs.csv no_signs.map "Zeichen „x“" "tabellenzeichen = ja"
numbers n9.csv k.A. 1-2
refused 16 "what is no official sign is a question" 3 n9.csv komma.map "„k.A.“" "„1-2“"
sed 's/^tabellenzeichen = ja/&\nfehlend = k.A. | leer/' komma.map > missing.map
numbers n10.csv k.A. ""
t_ok "b16: the map may answer it" bring n10.csv --map missing.map --dry-run

# 17, 18 names that want to be formulas or markup
csv inert.csv << 'END'
013;=cmd|' /C calc'!A0;2001;Einwohner;13
014;<script>alert(1)</script>;2001;Einwohner;14
015;"%n%s%s'; DROP TABLE area";2001;Einwohner;15
016;+1+1;2001;Einwohner;16
017;@SUM(1);2001;Einwohner;17
999;"=HYPERLINK(""http://x"")";2001;Einwohner;1
=1+1;Nord;2001;Einwohner;1
END
refused 17 "formulas as a name and as a key" 3 inert.csv komma.map "„999“" "„=1+1“"
t_true "b17: nothing in the report is a formula" sh -c '! grep -E "(^|,)\"?[=+@]" found.csv'
sed -i '/^999/d; /^=1/d' inert.csv
t_ok "b17, b18: hostile names are names" bring inert.csv --map komma.map
t_is "b17: they stay as they are, byte by byte" "$(names_of 013 016 017)" "=cmd|' /C calc'!A0|+1+1|@SUM(1)"
t_ok "b18: the list of areas" "$KEKIZ" area list --level stadtteil
t_out "%n%s%s'; DROP TABLE area" "b18: nothing is a format or a statement"
t_ok "b18: numbers of such an area" "$KEKIZ" get einwohner --level stadtteil --as internal
t_out "<script>alert(1)</script>,2001,Total,14" "b18: with its name as it is"
take_back

# 19 lost zeros
csv zeros.csv << 'END'
7;Nord;2001;Einwohner;5
12;Süd;2001;Einwohner;6
END
t_ok "b19: lost zeros are put back" bring zeros.csv --map komma.map --dry-run --report found.csv
t_holds found.csv "führende Nullen (Schlüssel: 2, Zeilen: 2)" "b19: with one notice"
t_holds found.csv "7 zu 007" "b19: and an example"

# 20 totals, footnotes, headers that come again
csv rest.csv << 'END'
007;Nord;2001;Einwohner;5
Nr;Name;Jahr;Was;Zahl
012;Süd;2001;Einwohner;6
Gesamt;;2001;Einwohner;11
Quelle: Einwohnermeldeamt;;;;
* vorläufig;;;;
END
t_ok "b20: what is no data is left out" bring rest.csv --map komma.map --dry-run --report found.csv
t_err "6 Zeilen gelesen, 2 übernommen" "b20: two rows are data"
for rule in check.total_row check.header_again check.footnote; do t_holds found.csv $rule "b20: $rule"; done
t_is "b20: as notices" "$(grep -c ',warning,\|,error,' found.csv)" 0

# 21 what cannot be
csv cannot.csv << 'END'
012;Süd;2001;Einwohner;-5
012;Süd;20219;Einwohner;5
END
refused 21 "a negative count, a year that is none" 3 cannot.csv komma.map "„-5“" "„20219“"
csv over.csv << 'END'
007;Nord;2001;Einwohner;100
007;Nord;2001;mit Migrationshintergrund;101
END
refused 21 "a part above its whole" 3 over.csv komma.map "mehr als Einwohner (100)"
csv children.csv << 'END'
007;Nord;2001;Einwohner;100
007;Nord;2001;unter 3;101
END
refused 21 "more children than people" 1 children.csv komma.map "0 bis unter 3 Jahre (101) ist mehr als Einwohner (100)"
csv parts.csv << 'END'
007;Nord;2001;Einwohner;100
007;Nord;2001;männlich;60
007;Nord;2001;weiblich;60
END
refused 21 "parts that do not make up the whole want a tick" 1 parts.csv komma.map "ergibt zusammen 120" "--accept-warnings"

# 22 the same place twice
csv conflict.csv << 'END'
007;Nord;2001;Einwohner;5
012;Süd;2001;Einwohner;5
007;Nord;2001;Einwohner;6
END
refused 22 "two values for one place" 3 conflict.csv komma.map "Zeile 4" "widerspricht Zeile 2" "dort steht 5"

# 23 the same file again
csv again.csv << 'END'
007;Nord;2001;Einwohner;5
012;Süd;2001;Einwohner;6
END
t_ok "b23: a file" bring again.csv --map komma.map
cp again.csv other_name.csv
t_exit 6 "b23: the same again, under another name" bring other_name.csv --map komma.map
t_err "bereits importiert" "b23: is said"

# 24 one cell changed
sed 's/;6$/;7/' again.csv > changed.csv
t_ok "b24: the same file with one cell changed" bring changed.csv --dry-run --report found.csv
t_err "0 neu, 1 geändert, 1 unverändert" "b24: is counted"
t_holds found.csv "Süd, Einwohner, 2001: 6 → 7" "b24: and shown, old and new"
t_ok "b24: it comes in" bring changed.csv
t_ok "b24: and is shown afterwards" "$KEKIZ" import show "$(last_import)" --changes
t_stdout_is "measure,period,level,area,name,old,new,old_state,new_state,row,column
pop,2001,stadtteil,012,Süd,6,7,shown,shown,3,Zahl" "b24: cell by cell"
take_back
take_back

# 25 columns about persons
printf '%s;Nachname;Geburtsdatum;Straße\n' "$H" > persons.csv
for i in 1 2 3 4 5 6 7 8; do
    printf '007;Nord;200%s;Einwohner;5;Mustermann;0%s.03.19%s0;Dorfstraße %s\n' $i $i $i $i >> persons.csv
done
refused 25 "columns that look like persons" 1 persons.csv komma.map "„Nachname“" "„Geburtsdatum“" "„Straße“" "nicht übernommen"
t_free_of said Mustermann "b25: no value of them is in a message"
t_free_of said Dorfstraße "b25: nor in the report"
sed 's/^wert = Zahl/&\nohne = Nachname | Geburtsdatum | Straße/' komma.map > without.map
t_ok "b25: the map may say that nobody wants them" bring persons.csv --map without.map --dry-run

# 26 characters that nobody sees
csv hidden.csv << END
$(printf '\342\200\213007;No\342\200\256rd\342\200\254;2001;Ein\302\255wohner;5')
$(printf '012;S\303\274d;2001;Einwohner;6')
END
t_ok "b26: characters that nobody sees do no harm" bring hidden.csv --map komma.map --dry-run --report found.csv
t_err "2 übernommen" "b26: the rows are taken"
t_holds found.csv check.hidden_characters "b26: and it is said"
t_true "b26: no override reaches a terminal" sh -c '! grep -q "$(printf "\342\200\256")" "$0"' "$T_ERR"
csv homoglyph.csv << END
$(printf '007;N\320\276rd;2001;Einwohner;5')
END
refused 26 "a letter of another script in a name" 1 homoglyph.csv komma.map check.area_name

# 27 another format behind the name
csv plain.csv << 'END'
007;Nord;2001;Einwohner;5
END
gzip -c plain.csv > packed.csv
t_ok "b27: a packed file called .csv is unpacked" bring packed.csv --map komma.map --dry-run
python3 - << 'END'
from sheets import *
xlsx("book.csv", {"A": [["Nr", "Name", "Jahr", "Was", "Zahl"], ["007", "Nord", 2001, "Einwohner", 5]]})
END
t_ok "b27: a workbook called .csv is read" bring book.csv --map komma.map --dry-run
t_err "Gelesen wurde das Blatt „A“" "b27: as one"
python3 -c "import random, sys; random.seed(7); sys.stdout.buffer.write(random.randbytes(4096))" > random.csv
refused 27 "bytes that are no text" 3 random.csv komma.map random.csv
printf '\211PNG\r\n\032\n\000\000\000\rIHDR' > picture.csv
refused 27 "a picture" 3 picture.csv komma.map picture.csv
t_done
