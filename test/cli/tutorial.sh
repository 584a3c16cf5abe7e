#!/bin/sh
# tutorial.sh - every grey box of docs/tutorial/koeln.md and of the README's tour does what the text says.
. "$(dirname "$0")/lib.sh"
TUTORIAL=$KZ_ROOT/docs/tutorial/koeln.md
t_need_shared data/koeln/Stadtteil.shp data/koeln/bevoelkerung.csv
t_need_command curl awk
kekiz() { "$KEKIZ" "$@"; }
ln -s "$SHARED" shared
mkdir work
cd work || exit 1

# A line of a box is one command; what it wrote is kept as .out and .err under its step's number.
awk '/^## / { step = $2 + 0 } /^```sh$/ { on = 1; next } /^```/ { on = 0 } on && NF { print step "\t" $0 }' \
    "$TUTORIAL" > ../lines
t_true "the tutorial has boxes" test -s ../lines
tab=$(printf '\t')
while IFS=$tab read -r step line; do
    case $line in
        export\ *) eval "$line" ;;
        kekiz\ serve\ *) # a port of its own, so that two runs do not meet
            t_serve "$KEKIZ_WORKSPACE"
            t_ok "step $step: the start page is there" curl -sf "$T_URL/"
            t_stdout_has "Köln" ;;
        *)
            t_ok "step $step: $line" eval "$line"
            cat "$T_OUT" >> "../$step.out"
            cat "$T_ERR" >> "../$step.err" ;;
    esac
done < ../lines
cd .. || exit 1

says() { t_true "step $1 says: $2" grep -qF -e "$2" "$1.$3"; t_true "and so does the tutorial: $4" grep -qF -e "$4" "$TUTORIAL"; }
says 2 "repariert: 1." err "Ein Stadtteil"
says 2 "repariert: 2." err "zwei Stadtviertel"
says 3 "Nur geprüft, nichts gespeichert." err "nichts speichern"
says 4 "1,einwohner-tabelle," out "kekiz import list"
says 5 ",2012,Total,57704,1044555," out "57.704 Kinder"
says 6 "Zeile 11601" out "Zeilen"
says 7 "Prüfung bestanden" err "prüft das unabhängig nach"
says 9 ",hidden" out "Zustand \`hidden\`"
t_run "$KEKIZ" --workspace work/koeln get migration --level Stadtteil --period 2012 --as internal
t_is "27 of 1,032 cells are below 3" "$(awk -F, 'NR > 1 && $5 < 3 { n++ } END { print NR - 1, n }' "$T_OUT")" "1032 27"
t_true "and so says the tutorial" grep -qF "27 von 1.032 Zellen" "$TUTORIAL"
t_ok "the sources stand on every page" curl -sf "$T_URL/thema"
t_stdout_has "CC BY" "the licence of the data is named"

# The README's tour, with the demo in a folder of the name that ./dev run uses.
t_run "$KEKIZ" demo --size small demo-workspace
mkdir build
ln -s "$KEKIZ" build/kekiz
sed -n 's/^       \(build\/kekiz .*\)/\1/p' "$KZ_ROOT/README.md" > tour
t_true "the README has a tour" test -s tour
export KEKIZ_WORKSPACE=demo-workspace
while read -r line; do
    t_ok "README: $line" eval "$line"
done < tour
t_done
