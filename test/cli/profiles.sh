#!/bin/sh
# profiles.sh - Kitas and schools: counted, protected, published and shown beside the areas, never as parts of them.
. "$(dirname "$0")/lib.sh"
t_need_command python3 curl
export KEKIZ_WORKSPACE="$T_DIR/muster"
t_run "$KEKIZ" demo --size small muster

ALL="familiensprache-je-kita kinderarmut-je-kita familiensprache-je-schule ogs-je-schule kinderarmut-je-schule"
states() { # ID LEVEL PERIOD [AS]: which states its cells have, and how many
    "$KEKIZ" get "$1" --level "$2" --period "$3" --as "${4:-internal}" --format csv | sed -n '2,$s/.*,//p' | sort | uniq -c |
        awk '{ printf "%s%s %s", sep, $2, $1; sep = ", " }'
}
t_is "every Kita has a share" "$(states familiensprache-je-kita kita 2024)" "shown 14"
t_is "and a profile, although some quarters are too small to be shown" "$(states kinderarmut-je-kita kita 2024)" "shown 14"
t_is "secondary schools have no whole-day places" "$(states ogs-je-schule schule 2024/25)" "meaningless 8, shown 8"
t_is "schools have profiles in their school year" "$(states kinderarmut-je-schule schule 2024/25)" "shown 16"

# ---- one profile by hand: where the children of a Kita live, times the shares there
t_ok "the areas' shares are there" "$KEKIZ" get kinderarmut --level stadtteil --period 2024 --as internal --format csv
cp "$T_OUT" areas.csv
"$KEKIZ" get kinderarmut-je-kita --level kita --period 2024 --as internal --format csv > kitas.csv
t_is "a mean lies between the smallest and the largest of the areas" "$(python3 - << 'PY'
import csv
shares = [int(r["numerator"]) / int(r["denominator"]) for r in csv.DictReader(open("areas.csv", encoding="utf-8"))
          if r["group"] == "Total" and int(r["denominator"]) > 0]
rows = list(csv.DictReader(open("kitas.csv", encoding="utf-8")))
print(len(rows), all(min(shares) <= float(r["value"]) <= max(shares) and float(r["lo"]) <= float(r["value"]) <=
                     float(r["hi"]) for r in rows))
PY
)" "14 True"

# ---- the gate
# shellcheck disable=SC2086 # a list of ids
t_ok "a release takes institutions" "$KEKIZ" release draft haeuser --by statistik.muster --level stadt kita schule --period 2024 2024/25 --indicator $ALL
t_ok "protects them" "$KEKIZ" release protect haeuser
t_ok "holds against the attack" "$KEKIZ" release audit haeuser
t_ok "and is published" "$KEKIZ" release publish haeuser --approve freigabe.muster
t_ok "shares of Kitas are public" "$KEKIZ" get familiensprache-je-kita --level kita --period 2024 --format csv
t_out ",shown" "most of them"
"$KEKIZ" get kinderarmut-je-kita --level kita --period 2024 --format csv > public.csv
t_is "a profile is public where no quarter's count is secret, with the same value" "$(python3 - << 'PY'
import csv
inside = {r["area"]: r["value"] for r in csv.DictReader(open("kitas.csv", encoding="utf-8"))}
rows = list(csv.DictReader(open("public.csv", encoding="utf-8")))
print(len(rows), {r["state"] for r in rows} <= {"shown", "hidden"}, any(r["state"] == "hidden" for r in rows),
      all(r["value"] == ("" if r["state"] == "hidden" else inside[r["area"]]) for r in rows))
PY
)" "14 True True True"

# ---- pages
t_serve "$KEKIZ_WORKSPACE" --public-only
t_ok "the page of the Kitas" curl -sS -f "$T_URL/thema/familiensprache-je-kita"
t_out "nach-kita" "has the level of Kitas"
t_stdout_lacks "nach-stadtteil" "and no other"
t_stdout_lacks "keinem Kita" "speaks German"
t_stdout_lacks "UTM-Abbildung" "and of no map where there is none"
t_ok "the page of the profile" curl -sS -f "$T_URL/thema/kinderarmut-je-kita"
t_ok "its data sheet" curl -sS -f "$T_URL/thema/kinderarmut-je-kita/datenblatt"
t_out "profile(kinderarmut, kita.kita, stadtteil)" "with the formula"
t_out "<dd>Kitas</dd>" "and what is observed"
t_ok "an indicator of areas" curl -sS -f "$T_URL/thema/kinder-u6"
t_stdout_lacks "nach-kita" "does not offer Kitas"
t_ok "the page of a Kita" curl -sS -f "$T_URL/gebiet/kita-k014"
t_out "Andere Familiensprache je Kita" "has what is counted by it"
t_stdout_lacks "Was sich verändert hat" "and nothing about people who live there"
t_ok "the page of the city" curl -sS -f "$T_URL/gebiet/stadt-05999000"
t_out "7 Stadtbezirke" "compares its districts"
t_stdout_lacks "Kita Schwalbenstieg" "not the Kitas among them"
t_ok "the life course" curl -sS -f "$T_URL/lebenslauf"
t_stdout_lacks "kita-k014" "is one of areas"
t_is "and of no Kita" "$(curl -s -o page -w '%{http_code}' "$T_URL/lebenslauf?gebiet=kita-k014")" 422
t_done
