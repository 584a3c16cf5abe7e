#!/usr/bin/env python3
"""Do intervals hold the truth as often as they say?  Musterstadt knows.

usage: demo_truth.py FILES OUTCOME POOL CSV...

FILES/wahrheit has the true chances by Viertel and year (OUTCOME sgb2-u15, or an examination), CSV the cells of the indicator
on Stadtteil level (`kekiz get INDICATOR --level Stadtteil --as internal`), POOL how many years a cell holds.
Prints: cells, share of cells whose interval holds the true chance, the same against the truth of another area.
"""
import csv
import sys
from collections import defaultdict

files, outcome, pool = sys.argv[1], sys.argv[2], int(sys.argv[3])
n, expected = defaultdict(float), defaultdict(float)
with open(files + ("/wahrheit/sgb2-u15.csv" if outcome == "sgb2-u15" else "/wahrheit/seu.csv"), encoding="utf-8") as f:
    for r in csv.DictReader(f, delimiter=";"):
        if r.get("Ergebnis", outcome) == outcome:
            for year in range(int(r["Jahr"]), int(r["Jahr"]) + pool):
                n[r["Viertel"][:3], year] += int(r["Kinder"])
                expected[r["Viertel"][:3], year] += float(r["Erwartet"])
true = {k: expected[k] / n[k] for k in n}
areas = sorted({a for a, _ in true})
cells = held = held_other = 0
for path in sys.argv[4:]:
    for r in csv.DictReader(open(path, encoding="utf-8")):
        key = r["area"], int(r["period"])
        if r["group"] != "Total" or not r["lo"] or key not in true:
            continue
        other = areas[(areas.index(r["area"]) + len(areas) // 2) % len(areas)], key[1]
        lo, hi = float(r["lo"]), float(r["hi"])
        cells += 1
        held += lo <= true[key] <= hi
        held_other += lo <= true.get(other, 0.5) <= hi
print(cells, round(held / max(cells, 1), 3), round(held_other / max(cells, 1), 3))
