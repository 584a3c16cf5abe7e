#!/bin/sh
# workspace.sh - a workspace is made whole or not at all; people in it; its check.
. "$(dirname "$0")/lib.sh"

mode() { # as ls shows it
    ls -ld "$1" | cut -c1-10
}

t_ok "init makes a workspace" "$KEKIZ" init w --name Köln --key 05315000
t_stdout_is "" "init writes no data"
t_is "only its owner may look into it" "$(mode w) $(mode w/work.db) $(mode w/release.db)" \
    "drwx------ -rw------- -rw-------"
t_is "it holds the two databases and two folders" "$(cd w && echo *)" "facts files release.db work.db"
t_exit 6 "a workspace is not made twice" "$KEKIZ" init w --name Köln --key 05315000
t_stderr_has "gibt es schon"
t_exit 3 "a key with seven digits" "$KEKIZ" init x --name Köln --key 5315000
t_stderr_has "05315000"
t_exit 3 "a key with letters" "$KEKIZ" init x --name Köln --key 0531500O
t_exit 3 "no name" "$KEKIZ" init x --name "" --key 05315000
t_exit 4 "no folder above" "$KEKIZ" init no/x --name Köln --key 05315000
t_ok "another Land gets a notice" "$KEKIZ" init muenchen --name München --key 09162000
t_stderr_has "nicht in Nordrhein-Westfalen"
t_ok "a Kreis has five digits" "$KEKIZ" init unna/ --name "Kreis Unna" --key 05978
t_ok "a name with a quote is data" "$KEKIZ" init quote --name "O'Hara; DROP TABLE area" --key 05315000
mkdir "ein ordner mit ümlaut"
t_ok "an empty folder will do" "$KEKIZ" init "ein ordner mit ümlaut" --name Köln --key 05315000
t_ok "and is found again" "$KEKIZ" --workspace "ein ordner mit ümlaut" check
t_is "nothing else is left" "$(ls -A | tr '\n' ' ')" "ein ordner mit ümlaut muenchen quote unna w "

t_exit 4 "a missing workspace names the remedy" "$KEKIZ" --workspace nowhere user list
t_stderr_has "kekiz init nowhere --name NAME --key AGS"
t_exit 4 "the default is ./kekiz-workspace" "$KEKIZ" user list
t_stderr_has "./kekiz-workspace"
t_exit 4 "a folder that is no workspace" "$KEKIZ" --workspace . check
export KEKIZ_WORKSPACE=w
t_ok "KEKIZ_WORKSPACE is used" "$KEKIZ" user list
t_stdout_is "name,role,created,disabled"
t_exit 4 "--workspace goes before it" "$KEKIZ" user list --workspace nowhere

SOURCE_DATE_EPOCH=1356998400
export SOURCE_DATE_EPOCH
t_ok "an account" "$KEKIZ" user add meier --role freigabe
t_ok "another one" "$KEKIZ" user add adenauer --role statistik
t_exit 6 "not twice" "$KEKIZ" user add meier --role land
t_exit 3 "an unknown role" "$KEKIZ" user add k --role chef
t_stderr_has "it-admin"
t_ok "disable it" "$KEKIZ" user disable meier
t_exit 4 "disable nobody" "$KEKIZ" user disable nobody
t_ok "list" "$KEKIZ" user list
t_stdout_is "name,role,created,disabled
adenauer,statistik,2013-01-01T00:00:00Z,
meier,freigabe,2013-01-01T00:00:00Z,2013-01-01T00:00:00Z" "every account is a line"
t_ok "list as json" "$KEKIZ" user list --format json
t_stdout_has '{"name":"adenauer","role":"statistik","created":"2013-01-01T00:00:00Z","disabled":""}'

t_ok "a sound workspace has no findings" "$KEKIZ" check
t_stdout_is "file,check,finding"
chmod 755 w
t_exit 1 "open rights are a finding" "$KEKIZ" check
t_stdout_has ".,rights,"
t_stdout_has "chmod go= w"
chmod 700 w
cp -r w damaged
dd if=/dev/urandom of=damaged/work.db bs=4096 seek=1 count=2 conv=notrunc 2> /dev/null
t_exit 1 "a damaged database is a finding" "$KEKIZ" --workspace damaged check
t_stdout_has "work.db,"
cp -r w text
echo "this is a letter and no database, not even a small one" > text/release.db
t_exit 1 "a file that is no database is a finding" "$KEKIZ" --workspace text check
t_stdout_has "release.db,open,"
t_exit 8 "and stops every other command" "$KEKIZ" --workspace text user list
t_stderr_has "Das ist keine Datenbank"
rm -r w/facts
t_exit 1 "a missing folder is a finding" "$KEKIZ" check
t_stdout_has "facts,rights,w/facts fehlt"
t_done
