#!/usr/bin/env python3
"""An attacker who has only the public CSV files of Köln: first by plain
differences, then by exact elimination with fractions.  Shares no code with the
program.  Prints what can be computed; exit code 1 when there is anything."""
import csv, sys
from fractions import Fraction

shown, hidden, areas = {}, set(), set()


def read(path, name):
    for r in csv.DictReader(open(path, encoding="utf-8")):
        cell = (name(r["group"]), r["area"], r["period"])
        areas.add(r["area"])
        if r["numerator"]:
            shown[cell] = int(r["numerator"])
        else:
            hidden.add(cell)
        if r["denominator"]:
            shown[("pop", r["area"], r["period"])] = int(r["denominator"])


read(sys.argv[1], lambda g: "mig_" + g)
read(sys.argv[2], lambda g: "pop" if g == "Total" else g)
read(sys.argv[3], lambda g: "u6")
hidden -= set(shown)
city, bezirke = "05315000", [str(i) for i in range(1, 10)]
stadtteile = sorted(a for a in areas if len(a) == 3)
measures = sorted({c[0] for c in set(shown) | hidden})
periods = sorted({c[2] for c in set(shown) | hidden})
regions = ["africa", "america", "asia", "eu", "turkey", "europe_other", "other"]
ages = [m for m in measures if m.startswith("age_")]
rules = [("mig_Total", ["mig_german", "mig_foreign"]), ("mig_foreign", ["mig_" + r for r in regions]),
         ("pop", ages), ("u6", ["age_00_03", "age_03_06"])]
equations = []
for p in periods:
    for m in measures:
        equations.append([(m, city, p)] + [(m, b, p) for b in bezirke])
        for b in bezirke:
            equations.append([(m, b, p)] + [(m, s, p) for s in stadtteile if s[0] == b])
    for a in sorted(areas):
        for whole, parts in rules:
            equations.append([(whole, a, p)] + [(x, a, p) for x in parts])
for e in equations:
    assert all(c in shown or c in hidden for c in e), e
    if all(c in shown for c in e):
        assert shown[e[0]] == sum(shown[c] for c in e[1:]), e

unknown = set(hidden)
lines = [[c for c in e if c in unknown] for e in equations]
found = [e[0] for e in lines if len(e) == 1]
rows = [{c: Fraction(1 if c == e[0] else -1) for c in l} for e, l in zip(equations, lines) if l]
done = {}
for row in rows:
    row = dict(row)
    while True:
        c = next((c for c in row if c in done), None)
        if c is None:
            break
        f = row[c]
        for k, v in done[c].items():
            row[k] = row.get(k, 0) - f * v
            if row[k] == 0:
                del row[k]
    if not row:
        continue
    c = min(row)
    f = row[c]
    row = {k: v / f for k, v in row.items()}
    for other in done.values():
        if c in other:
            g = other[c]
            for k, v in row.items():
                other[k] = other.get(k, 0) - g * v
                if other[k] == 0:
                    del other[k]
    done[c] = row
exact = [c for c, row in done.items() if len(row) == 1]
print(f"{len(hidden)} hidden, {len(found)} by a plain difference, {len(exact)} by elimination", found[:3], exact[:3])
sys.exit(1 if found or exact else 0)
