#!/bin/sh
# program.sh - help, wrong calls, languages, and an output that cannot be written.
. "$(dirname "$0")/lib.sh"

t_exit 2 "without a command it says how to go on" "$KEKIZ"
t_stderr_has "kekiz: Es fehlt der Befehl. Alle Befehle zeigt: kekiz help"
t_stdout_is "" "and writes no data"

t_ok "help lists the commands" "$KEKIZ" help
t_stdout_has "user add"
t_stderr_empty
t_ok "--help is the same" "$KEKIZ" --help
t_ok "help of one command" "$KEKIZ" help init
t_stdout_has "kekiz init DIR --name NAME --key AGS"
t_stdout_has "Amtlicher Schlüssel"
t_ok "--help after the command needs nothing else" "$KEKIZ" init --help
t_stdout_has "kekiz init DIR --name NAME --key AGS"
t_ok "help of a group" "$KEKIZ" help user
t_stdout_has "user disable"
t_ok "English help" "$KEKIZ" --lang en help init
t_stdout_has "Makes a workspace"
t_exit 2 "help of nothing" "$KEKIZ" help usr
t_stderr_has "usr"

"$KEKIZ" help --all > all.txt
# An id that stands for itself has no text; file names and addresses end differently.
t_is "every command and option has its text" \
    "$(grep -oE '(^|[ (])[a-z]+\.(cmd|opt)[a-z_.-]*' all.txt)" ""
# The explanation of a long form stands in the next line.
t_is "every option has an explanation" "$(awk '
    form != "" { if ($0 !~ /^ +[^ -]/) print form; form = "" }
    /^  --?[a-z-]+( [^ ]+)?( …)? *$/ { form = $0 }' all.txt)" ""
t_is "help fits into 80 columns" "$(LC_ALL=C.UTF-8 grep -E '^.{81}' all.txt | grep -vE '^( *)kekiz ')" ""

t_exit 2 "a typing error gets a suggestion" "$KEKIZ" usre list
t_stderr_has 'Meinten Sie „user list“?'
t_exit 2 "an option that is not there" "$KEKIZ" init x --nmae Köln
t_stderr_has "Meinten Sie --name?"
t_exit 2 "a group alone" "$KEKIZ" user
t_stderr_has "kekiz help user"
t_exit 2 "a missing option" "$KEKIZ" init x --name Köln
t_stderr_has "--key AGS"
t_exit 2 "one word too many" "$KEKIZ" version please
t_exit 2 "the language of the message" "$KEKIZ" --lang en usre
t_stderr_has 'There is no command “usre”'
t_exit 2 "an unknown format" "$KEKIZ" check --format xlsx
t_stderr_has "csv, json und table"

esc=$(printf '\033]0;evil\007')
t_exit 2 "control characters do not reach the terminal" "$KEKIZ" "$esc"
t_is "no escape character in the message" "$(tr -cd '\033\007' < "$T_ERR" | wc -c | tr -d ' ')" 0

t_ok "version" "$KEKIZ" version
t_ok "--version is the same" "$KEKIZ" --version
t_ok "the list of components" "$KEKIZ" version --sbom
if command -v python3 > /dev/null; then
    t_true "is CycloneDX with versions and licences" python3 -c '
import json, sys
b = json.load(open(sys.argv[1]))
assert b["bomFormat"] == "CycloneDX" and b["specVersion"] == "1.5"
c = {x["name"]: x for x in b["components"]}
assert c["libsqlite3-0"]["version"].startswith("3.") and "gcc" not in c
assert all(x["purl"] and x["version"] and x["licenses"][0]["expression"] for x in c.values())
' "$T_OUT"
fi
cp "$T_OUT" first.json
t_run "$KEKIZ" version --sbom
t_true "and the same every time" cmp "$T_OUT" first.json

if [ -c /dev/full ]; then
    T_CODE=0
    "$KEKIZ" help > /dev/full 2> "$T_ERR" || T_CODE=$?
    t_is "a full disk below standard output is a failure" "$T_CODE" 8
    t_stderr_has "Die Ausgabe konnte nicht geschrieben werden"
fi
# The reader is gone before the first byte comes.
{ sleep 0.2; "$KEKIZ" help --all 2> pipe.err; echo $? > pipe.code; } | true
t_is "a reader that has gone is no reason to complain" "$(cat pipe.code) $(cat pipe.err)" "8 "
T_CODE=0
"$KEKIZ" version >&- 2>&- <&- || T_CODE=$?
t_is "closed standard files do no harm" "$T_CODE" 0
t_done
