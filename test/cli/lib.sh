# lib.sh - what every test of the command line needs.  POSIX sh, speaks TAP.
#
#     #!/bin/sh
#     # area.sh - areas come in from a file and out as a list.
#     . "$(dirname "$0")/lib.sh"
#     t_need_shared data/koeln/Stadtteil.shp          # absent: the whole file is skipped
#
#     t_ok     "a workspace is made"          "$KEKIZ" init w --name Köln --key 05315000
#     t_ok     "the list has a header line"   "$KEKIZ" --workspace w area list
#     t_stdout_has "key,name,level"
#     t_exit 4 "an unknown level is refused"  "$KEKIZ" --workspace w area list --level mond
#     t_stderr_has "mond" "the message names the level"
#     t_is     "one line an area"             "$(wc -l < "$T_OUT")" 87
#     t_done
#
# The script starts in an empty directory of its own ($T_DIR) that is removed
# at the end.  $T_OUT and $T_ERR hold what the last command of t_ok, t_exit or
# t_run wrote; a failing test shows both.  A test's name is a sentence.
#
#   t_ok NAME CMD…            the command ends with exit code 0
#   t_exit CODE NAME CMD…     … with this exit code
#   t_run CMD…                no test: run, keep the output; the code is in $T_CODE
#   t_stdout_has TEXT [NAME]  a line of stdout contains TEXT     (short: t_out)
#   t_stderr_has TEXT [NAME]  a line of stderr contains TEXT     (short: t_err)
#   t_stdout_lacks TEXT [NAME], t_stderr_lacks TEXT [NAME]
#   t_stdout_is TEXT [NAME]   stdout is exactly TEXT (without its last newline)
#   t_stderr_empty [NAME]     no message
#   t_is NAME GOT WANT        two strings are equal
#   t_true NAME CMD…          like t_ok, but $T_OUT and $T_ERR stay (for test, grep, cmp)
#   t_serve DIR [ARGS…]       no test: `kekiz serve` on a free port; $T_URL is its address,
#                             $T_SERVER its process id; ended at the end of the script
#   t_skip NAME REASON        one test that cannot run here
#   t_need_shared PATH…       skip the file unless $SHARED has all of these
#   t_need_command NAME…      skip the file unless these programs are there
#   t_done                    the last line
#
# Environment: KEKIZ (default build/kekiz), KZ_SHARED (default ../shared beside
# the source tree), both made absolute here; $KZ_ROOT is the source tree.
# shellcheck shell=sh

set -u
KZ_ROOT=${KZ_ROOT:-$(cd "$(dirname "$0")/../.." && pwd)}
KEKIZ=${KEKIZ:-$KZ_ROOT/build/kekiz}
SHARED=${KZ_SHARED:-$KZ_ROOT/../shared}
case $KEKIZ in /*) ;; *) KEKIZ=$PWD/$KEKIZ ;; esac
case $SHARED in /*) ;; *) SHARED=$PWD/$SHARED ;; esac
unset KEKIZ_WORKSPACE # a workspace of the person at the keyboard is none of ours

T_DIR=$(mktemp -d "${TMPDIR:-/tmp}/kekiz-test.XXXXXX") || exit 1
T_KEEP=$(mktemp -d "${TMPDIR:-/tmp}/kekiz-kept.XXXXXX") || exit 1
T_OUT=$T_KEEP/stdout
T_ERR=$T_KEEP/stderr
T_N=0
T_BAD=0
T_CODE=0
T_SERVER=
T_URL=
: > "$T_OUT"
: > "$T_ERR"

t_clean_up() {
    if [ -n "$T_SERVER" ]; then
        kill "$T_SERVER" 2>/dev/null
        wait "$T_SERVER" 2>/dev/null
    fi
    cd /
    chmod -R u+rwX "$T_DIR" 2>/dev/null # some tests make read-only directories
    rm -rf "$T_DIR" "$T_KEEP"
}
trap t_clean_up EXIT
trap 'exit 130' INT TERM HUP
cd "$T_DIR" || exit 1

if ! [ -x "$KEKIZ" ]; then
    echo "Bail out! $KEKIZ is not there: run make first"
    exit 1
fi

# t_report OK NAME: one line of TAP; what a failure saw goes below it.
t_report() {
    T_N=$((T_N + 1))
    if [ "$1" = 0 ]; then
        echo "ok $T_N - $2"
        return 0
    fi
    T_BAD=$((T_BAD + 1))
    echo "not ok $T_N - $2"
    return 1
}

t_show() {
    echo "#   exit code: $T_CODE"
    sed 's/^/#   stdout: /' "$T_OUT" | head -n 20
    sed 's/^/#   stderr: /' "$T_ERR" | head -n 20
}

t_run() {
    T_CODE=0
    "$@" > "$T_OUT" 2> "$T_ERR" < /dev/null || T_CODE=$?
}

t_exit() {
    t_want=$1
    t_name=$2
    shift 2
    t_run "$@"
    if [ "$T_CODE" = "$t_want" ]; then
        t_report 0 "$t_name"
    else
        t_report 1 "$t_name" || { echo "#   wanted exit code $t_want of: $*"; t_show; }
    fi
}

t_ok() {
    t_exit 0 "$@"
}

t_true() {
    t_name=$1
    shift
    if "$@" > "$T_KEEP/note" 2>&1; then
        t_report 0 "$t_name"
    else
        t_report 1 "$t_name" || { echo "#   failed: $*"; sed 's/^/#   /' "$T_KEEP/note" | head -n 20; }
    fi
}

# t_holds FILE TEXT NAME / t_free_of FILE TEXT NAME
t_holds() {
    if grep -qF -e "$2" "$1"; then t_report 0 "$3"; else
        t_report 1 "$3" || { echo "#   not found: $2"; t_show; }
    fi
}
t_free_of() {
    if grep -qF -e "$2" "$1"; then
        t_report 1 "$3" || { echo "#   found: $2"; t_show; }
    else t_report 0 "$3"; fi
}

t_stdout_has()   { t_holds "$T_OUT" "$1" "${2:-stdout has: $1}"; }
t_stderr_has()   { t_holds "$T_ERR" "$1" "${2:-stderr has: $1}"; }
t_stdout_lacks() { t_free_of "$T_OUT" "$1" "${2:-stdout lacks: $1}"; }
t_stderr_lacks() { t_free_of "$T_ERR" "$1" "${2:-stderr lacks: $1}"; }
t_out() { t_stdout_has "$@"; }
t_err() { t_stderr_has "$@"; }

t_is() {
    if [ "$2" = "$3" ]; then t_report 0 "$1"; else
        t_report 1 "$1" || { printf '%s\n' "got:    $2" "wanted: $3" | sed 's/^/#   /'; }
    fi
}
t_stdout_is()    { t_is "${2:-stdout is: $1}" "$(cat "$T_OUT")" "$1"; }
t_stderr_empty() { t_is "${1:-stderr is empty}" "$(cat "$T_ERR")" ""; }

t_skip() {
    T_N=$((T_N + 1))
    echo "ok $T_N - $1 # SKIP $2"
}

t_skip_all() {
    echo "1..0 # SKIP $1"
    exit 0
}

t_need_shared() {
    for t_path in "$@"; do
        [ -e "$SHARED/$t_path" ] || t_skip_all "$SHARED/$t_path is not there"
    done
}

t_need_command() {
    for t_path in "$@"; do
        command -v "$t_path" > /dev/null || t_skip_all "$t_path is not installed"
    done
}

# A free port is one that nothing answers on; another test may take it in the
# same moment, so a few are tried.
t_serve() {
    t_workspace=$1
    shift
    t_try=0
    while [ $t_try -lt 5 ]; do
        t_port=$((20000 + ($$ * 7 + t_try * 1009 + T_N * 13) % 12000))
        T_URL=http://127.0.0.1:$t_port
        "$KEKIZ" --workspace "$t_workspace" serve --listen "127.0.0.1:$t_port" "$@" \
            > "$T_KEEP/serve.out" 2> "$T_KEEP/serve.err" < /dev/null &
        T_SERVER=$!
        t_wait=0
        while [ $t_wait -lt 100 ] && kill -0 "$T_SERVER" 2>/dev/null; do
            if curl -s -o /dev/null "$T_URL/" 2>/dev/null && kill -0 "$T_SERVER" 2>/dev/null; then
                return 0
            fi
            sleep 0.1
            t_wait=$((t_wait + 1))
        done
        kill "$T_SERVER" 2>/dev/null
        wait "$T_SERVER" 2>/dev/null
        T_SERVER=
        t_try=$((t_try + 1))
    done
    sed 's/^/# serve: /' "$T_KEEP/serve.out" "$T_KEEP/serve.err"
    echo "Bail out! the server does not start"
    exit 1
}

t_done() {
    echo "1..$T_N"
    if [ "$T_BAD" = 0 ]; then exit 0; else exit 1; fi
}
