#!/bin/sh
# sandbox.sh - the workers themselves, with a probe loaded into them, try what they must not be able to do.
. "$(dirname "$0")/lib.sh"
t_need_command cc python3
WORKERS=$(dirname "$KEKIZ")
case $KEKIZ in *asan* | *tsan* | *msan*) t_skip_all "a sanitizer needs calls and memory of its own" ;; esac
[ -x "$WORKERS/kekiz-sheet" ] && [ -x "$WORKERS/kekiz-geo" ] || t_skip_all "the workers are not beside $KEKIZ"
cc -shared -fPIC -o probe.so "$KZ_ROOT/test/cli/sandbox_probe.c" -ldl 2> cc.err || t_skip_all "the probe cannot be compiled"
mkdir in
echo '{"type":"FeatureCollection","features":[]}' > in/a.geojson
echo secret > secret

# WORKER PROBE [FILE]: what the probe said, or how the worker ended
try() {
    PROBE=$2 PROBE_FILE=$T_DIR/${3:-secret}
    export PROBE PROBE_FILE
    CODE=0
    if [ "$1" = sheet ]; then
        SAID=$(LD_PRELOAD=$T_DIR/probe.so "$WORKERS/kekiz-sheet" < in/a.geojson 2>&1 > /dev/null) || CODE=$?
    else
        SAID=$(LD_PRELOAD=$T_DIR/probe.so "$WORKERS/kekiz-geo" in/a.geojson auto 25832 "" 2>&1 > /dev/null) || CODE=$?
    fi
    unset PROBE PROBE_FILE
    [ "$CODE" = 0 ] || SAID="ended $CODE"
    echo "${SAID#probe: }"
}
LANDLOCK=$(python3 -c 'import ctypes; print(max(0, ctypes.CDLL(None).syscall(444, None, 0, 1)))' 2> /dev/null)

# ---- kekiz-sheet: reads its standard input, and nothing else is left; SIGSYS (31) ends it at the first try
for what in open write socket unix exec fork kill ptrace files; do
    t_is "kekiz-sheet is ended when it tries: $what" "$(try sheet $what)" "ended 159"
done
t_is "kekiz-sheet gets no 4 GiB of memory" "$(try sheet memory)" "memory Cannot allocate memory"

# ---- kekiz-geo: reads the folder of its file and the files of its libraries
for what in socket unix exec fork kill ptrace; do
    t_is "kekiz-geo is refused: $what" "$(try geo $what)" "$what Operation not permitted"
done
t_is "kekiz-geo gets no 4 GiB of memory" "$(try geo memory)" "memory Cannot allocate memory"
t_is "kekiz-geo gets no 200 files" "$(try geo files)" "files Too many open files"
if [ "${LANDLOCK:-0}" -gt 0 ]; then
    t_is "kekiz-geo reads no file elsewhere" "$(try geo open)" "open Permission denied"
    t_is "kekiz-geo reads no file beside the folder" "$(try geo home)" "home Permission denied"
    t_is "kekiz-geo writes no file, not even in the folder" "$(try geo write in/new)" "write Permission denied"
else
    t_skip "kekiz-geo reads no file elsewhere" "this kernel has no Landlock"
fi
t_run sh -c '"$1"/kekiz-geo in/a.geojson auto 25832 "" > in/out' - "$WORKERS"
t_is "and what it says goes to a pipe, never to a file (SIGXFSZ)" "$T_CODE" 153
t_true "and nothing was written" test ! -e in/new -a ! -s in/out

# ---- the limits, as the kernel keeps them
limits() { # PID: memory, seconds, files, bytes to write, core
    awk '/Max address space/ { m = $4 } /Max cpu time/ { c = $4 } /Max open files/ { f = $4 } /Max file size/ { w = $4 }
         /Max core file size/ { k = $5 } END { print m, c, f, w, k }' "/proc/$1/limits"
}
mkfifo pipe
"$WORKERS/kekiz-sheet" < pipe > /dev/null &
sheet=$!
exec 9> pipe
PROBE=wait LD_PRELOAD=$T_DIR/probe.so "$WORKERS/kekiz-geo" in/a.geojson auto 25832 "" > /dev/null 2>&1 &
geo=$!
sleep 1
t_is "kekiz-sheet: 1500 MiB, 60 seconds, 16 files, no writing, no core" "$(limits $sheet)" "1572864000 60 16 0 0"
t_is "kekiz-geo: 2 GiB, 120 seconds, 64 files, no writing, no core" "$(limits $geo)" "2147483648 120 64 0 0"
exec 9>&-
kill $geo 2> /dev/null
wait
t_done
