#!/bin/sh
# medium.sh - a disk that is full, cannot be written, or fails: a clear message and nothing stored.
. "$(dirname "$0")/lib.sh"

# ---- a limit on the size of files is what a full disk looks like to everybody
t_exit 8 "init at the limit of the file size" \
    sh -c 'ulimit -f 60; exec "$0" init w --name Köln --key 05315000' "$KEKIZ"
t_stderr_has "Der Datenträger ist voll. Es wurde nichts gespeichert."
t_is "and nothing stays" "$(ls -A)" ""

# ---- a small disk and one that is mounted read-only
if unshare -m true 2> /dev/null && unshare -m mount -t tmpfs none /mnt 2> /dev/null; then
    cat > on_small_disk.sh << 'END'
set -u
mkdir small
mount -t tmpfs -o size=64k none small || exit 99
"$1" init small/w --name Köln --key 05315000 2> message
echo "code $?" "left $(ls -A small | wc -l)" >> message
cat message
END
    t_ok "init on a small disk" unshare -m sh on_small_disk.sh "$KEKIZ"
    t_stdout_has "Der Datenträger ist voll"
    t_stdout_has "code 8 left 0"
    cat > on_filling_disk.sh << 'END'
set -u
mkdir -p small
mount -t tmpfs -o size=2m none small || exit 99
"$1" init small/w --name Köln --key 05315000 2> /dev/null || exit 98
"$1" --workspace small/w user add before --role land || exit 97
cat /dev/zero > small/ballast 2> /dev/null
"$1" --workspace small/w user add after --role land 2>&1
echo "code $?"
rm small/ballast
"$1" --workspace small/w user list
"$1" --workspace small/w check
END
    t_ok "a disk that fills up" unshare -m sh on_filling_disk.sh "$KEKIZ"
    t_stdout_has "Der Datenträger ist voll"
    t_stdout_has "code 8"
    t_stdout_has "before,land,"
    t_stdout_lacks "after,land"
    t_stdout_lacks "work.db," "the workspace is sound afterwards"
    cat > on_read_only_disk.sh << 'END'
set -u
mkdir ro
mount -t tmpfs none ro || exit 99
"$1" init ro/w --name Köln --key 05315000 2> /dev/null || exit 98
"$1" --workspace ro/w user add before --role land || exit 97
mount -o remount,ro ro || exit 96
"$1" --workspace ro/w user list || exit 95
"$1" --workspace ro/w check || exit 94
"$1" --workspace ro/w user add after --role land 2>&1
echo "add $?"
"$1" init ro/x --name Köln --key 05315000 2>&1
echo "init $?"
ls -A ro ro/w
END
    t_ok "a read-only disk can be read" unshare -m sh on_read_only_disk.sh "$KEKIZ"
    t_stdout_has "before,land,"
    t_stdout_has "Hier darf nicht geschrieben werden"
    t_stdout_has "Hier darf kein Ordner angelegt werden"
    t_stdout_has "add 8"
    t_stdout_has "init 8"
    t_stdout_lacks "-shm" "and leaves no file behind"
else
    t_skip "disks that are full or read-only" "mounting is not allowed here"
fi

# ---- a folder without the right to write
t_ok "a workspace" "$KEKIZ" init w --name Köln --key 05315000
if [ "$(id -u)" != 0 ]; then
    chmod 500 w
    t_ok "can be read without the right to write" "$KEKIZ" --workspace w user list
    t_exit 8 "but not changed" "$KEKIZ" --workspace w user add a --role land
    t_stderr_has "Hier darf nicht geschrieben werden"
    chmod 700 w
fi

# ---- single failures of the system, each at its place
can_inject() {
    command -v strace > /dev/null && strace -o /dev/null -e inject=pwrite64:error=EIO:when=9999 true 2> /dev/null
}
# sweep CALL ERROR: init must succeed whole or leave nothing, whichever call fails
sweep() {
    strace -f -o calls -e "trace=$1" "$KEKIZ" init probe --name Köln --key 05315000 2> /dev/null
    rm -rf probe
    total=$(grep -c "$1(" calls)
    bad=
    n=1
    while [ $n -le "$total" ]; do
        code=0
        strace -f -o /dev/null -e "trace=$1" -e "inject=$1:error=$2:when=$n" \
            "$KEKIZ" init probe --name Köln --key 05315000 2> message || code=$?
        if [ $code = 0 ]; then
            "$KEKIZ" --workspace probe check > /dev/null 2>&1 || bad="$bad $n:unsound"
        elif [ $code != 8 ] && [ $code != 7 ]; then
            bad="$bad $n:code$code"
        elif [ -e probe ]; then
            bad="$bad $n:half"
        elif ! grep -q '^kekiz: ' message; then
            bad="$bad $n:silent"
        fi
        rm -rf probe
        [ -z "$(ls -Ad .kekiz-init-* 2> /dev/null)" ] || bad="$bad $n:left"
        rm -rf .kekiz-init-*
        if [ $n -lt 8 ]; then n=$((n + 1)); else n=$((n + 9)); fi
    done
    t_is "init survives $2 in each tried $1 of $total" "$bad" ""
}
if can_inject; then
    export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" # the leak finder does not work under strace
    sweep pwrite64 EIO
    sweep pwrite64 ENOSPC
    sweep fdatasync EIO
    sweep fsync EIO
    sweep rename EIO
else
    t_skip "single failures of the system" "strace is not there or not allowed"
fi

# ---- killed at any moment: whole or not there; what was acknowledged stays
bad=
n=1
while [ $n -le 20 ]; do
    "$KEKIZ" init "k$n" --name Köln --key 05315000 2> /dev/null &
    pid=$!
    sleep "0.0$((n % 10))"
    kill -9 $pid 2> /dev/null
    wait $pid 2> /dev/null
    if [ -e "k$n" ]; then "$KEKIZ" --workspace "k$n" check > /dev/null 2>&1 || bad="$bad k$n"; fi
    n=$((n + 1))
done
t_is "init that is killed leaves no half workspace" "$bad" ""
: > acknowledged
n=1
while [ $n -le 10 ]; do
    (
        i=1
        while "$KEKIZ" --workspace w user add "a$n-$i" --role land 2> /dev/null; do
            echo "a$n-$i" >> acknowledged
            i=$((i + 1))
        done
    ) &
    loop=$!
    sleep 0.15
    # the loop first, then the program that it was waiting for
    child=$(cat "/proc/$loop/task/$loop/children" 2> /dev/null)
    kill -9 $loop $child 2> /dev/null
    wait $loop 2> /dev/null
    n=$((n + 1))
done
t_ok "a workspace whose writers were killed is sound" "$KEKIZ" --workspace w check
"$KEKIZ" --workspace w user list > listed
t_is "and nothing acknowledged is lost" \
    "$(while read -r name; do grep -q "^$name," listed || echo "$name"; done < acknowledged)" ""
t_true "while something was acknowledged" test -s acknowledged
t_done
