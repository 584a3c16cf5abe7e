#!/bin/sh
# sheets_hostile.sh - hostile spreadsheets are refused with a reason, quickly, and nothing is stored.
. "$(dirname "$0")/lib.sh"
t_need_command python3
export KEKIZ_WORKSPACE="$T_DIR/w"
"$KEKIZ" init w --name Dorf --key 05315000 2> /dev/null
cat > a.map << 'END'
[datei]
quelle = einwohner-tabelle
aufbau = lang
[spalten]
gebiet = Nr
zeitraum = Jahr
merkmal = Merkmal
wert = Zahl
[zeitraum]
form = jahr
stichtag = 31.12.
[zahlen]
dezimalzeichen = auto
tabellenzeichen = ja
[gebiete]
1 = stadt
[merkmale]
Einwohner = pop
END
mkdir bad
t_ok "hostile files are made" python3 "$KZ_ROOT/test/cli/sheets_hostile.py" bad
cp "$T_OUT" list
t_true "there are many of them" test "$(grep -c . list)" -gt 60
TAB=$(printf '\t')
while IFS=$TAB read -r row file code text; do
    t_exit "$code" "row $row: $file is refused" timeout 30 "$KEKIZ" import "bad/$file" --source einwohner-tabelle --map a.map
    t_err "bad/$file" "row $row: $file, the message names it"
    [ -z "$text" ] || t_err "$text" "row $row: $file, the message says why"
done < list
t_ok "nothing was stored" "$KEKIZ" import list
t_is "not one import" "$(grep -c . "$T_OUT")" 1
t_true "and nothing was written beside the files" test "$(find . -newer list -type f | grep -vc '^./w/')" = 0
t_done
