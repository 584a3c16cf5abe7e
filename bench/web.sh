#!/bin/sh
# The area page from a full database: latency at 500 requests/s, throughput, memory, cold start.
#
# Server on core 0, load on core 1.  100 areas × 15 years × 50 indicators, see
# bench/make_release_db.py.  Needs h2load (package nghttp2-client) and taskset.
set -eu
cd "$(dirname "$0")/.."
KEKIZ=${KEKIZ:-$PWD/build/kekiz}
work=$(mktemp -d "${TMPDIR:-/tmp}/kekiz-web.XXXXXX")
server=
trap '[ -z "$server" ] || kill "$server" 2> /dev/null || :; rm -rf "$work"' EXIT
for tool in h2load taskset python3 curl; do
    command -v $tool > /dev/null || { echo "# web: no $tool here"; exit 1; }
done
one="" other=""
if [ "$(nproc)" -ge 2 ]; then one="taskset -c 0" other="taskset -c 1"; fi

"$KEKIZ" init "$work/ws" --name Messstadt --key 05000000 2> /dev/null
python3 bench/make_release_db.py "$work/ws/release.db" --seed "${SEED:-1}"
page=$("$KEKIZ" --workspace "$work/ws" serve --list-pages 2> /dev/null | grep -m 1 '^/gebiet/stadtteil-[0-9]*$') ||
    { echo "# web: there is no area page"; exit 1; }

# shellcheck disable=SC2086 # two words or none
$one "$KEKIZ" --workspace "$work/ws" serve --listen 127.0.0.1:0 --threads 1 > "$work/url" 2> "$work/log" &
server=$!
until [ -s "$work/url" ]; do sleep 0.02; done
base=$(sed 's,/$,,' "$work/url")
sleep 1
printf 'web_idle_memory\t%s\tMiB\t64\tafter start, %s\n' \
    "$(awk '/VmRSS/ {printf "%.1f", $2 / 1024}' "/proc/$server/status")" "nothing asked yet"

load() { # NAME OPTIONS…
    name=$1
    shift
    # shellcheck disable=SC2086 # two words or none
    $other h2load --h1 -H 'accept-encoding: gzip' --log-file="$work/$name" "$@" "$base$page" > "$work/$name.txt"
}
# Every area once, each made afresh; then the same pages as everybody asks for them.
"$KEKIZ" --workspace "$work/ws" serve --list-pages 2> /dev/null | grep '^/gebiet/stadtteil-[0-9]*$' |
    while read -r path; do
        curl -s -o /dev/null -w '0\t200\t%{time_starttransfer}\n' --compressed "$base$path"
    done | awk -F '\t' '{ printf("0\t%s\t%d\n", $2, $3 * 1000000) }' > "$work/first"
cpu() { awk -v hz="$(getconf CLK_TCK)" '{ print ($14 + $15) * 1000 / hz }' "/proc/$server/stat"; }
before=$(cpu)
# h2load lets all its connections ask at the same tick: few of them come close to an even stream,
# fifty are a burst of fifty ten times a second.
load paced -c 10 --rps 50 -D 10
after=$(cpu)
load burst -c 50 --rps 10 -D 5
load open -c 16 -D 5

quantile() { # FILE SHARE: of the third column, microseconds, in ms
    cut -f 3 "$work/$1" | sort -n | awk -v share="$2" '
        { v[NR] = $1 }
        END { i = int(NR * share + 0.999999); printf("%.2f", v[i < 1 ? 1 : i] / 1000) }'
}
bad=$(awk '$2 != 200' "$work/paced" | wc -l)
n=$(wc -l < "$work/paced")
bytes=$(curl -s -o /dev/null -w '%{size_download}' --compressed "$base$page" 2> /dev/null || echo '?')
printf 'web_area_page_p50\t%s\tms\t2\t%s requests at 500/s, %s not 200\n' "$(quantile paced 0.5)" "$n" "$bad"
printf 'web_area_page_p99\t%s\tms\t20\t%s bytes packed\n' "$(quantile paced 0.99)" "$bytes"
printf 'web_area_page_burst_p50\t%s\tms\t\tthe same in bursts of 50\n' "$(quantile burst 0.5)"
printf 'web_area_page_burst_p99\t%s\tms\t20\t\n' "$(quantile burst 0.99)"
printf 'web_area_page_cpu\t%s\tms\t\tof the server, for one request\n' \
    "$(awk -v a="$before" -v b="$after" -v n="$n" 'BEGIN { printf("%.3f", (b - a) / n) }')"
printf 'web_area_page_first\t%s\tms\t\tmedian of all areas, made afresh\n' "$(quantile first 0.5)"
printf 'web_area_page_rate\t%s\t1/s\t\tone core, 16 connections\n' \
    "$(sed -n 's,^finished in .*s\, \([0-9.]*\) req/s.*,\1,p' "$work/open.txt")"
printf 'web_loaded_memory\t%s\tMiB\t\tpeak\n' "$(awk '/VmHWM/ {printf "%.1f", $2 / 1024}' "/proc/$server/status")"
kill "$server"
wait "$server" || :
server=

# shellcheck disable=SC2086
$one python3 - "$KEKIZ" "$work/ws" "$page" << 'END'
import http.client, statistics, subprocess, sys, time
kekiz, workspace, page = sys.argv[1:]
times = []
for _ in range(9):
    start = time.monotonic()
    server = subprocess.Popen([kekiz, "--workspace", workspace, "serve", "--listen", "127.0.0.1:0"],
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    port = int(server.stdout.readline().decode().rstrip("/\n").rsplit(":", 1)[1])
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", page)
    answer = connection.getresponse()
    times.append((time.monotonic() - start) * 1000)
    assert answer.status == 200
    server.terminate()
    server.wait()
print(f"web_cold_start\t{statistics.median(times):.1f}\tms\t100\tprocess start to the page's first byte, median of 9")
END
