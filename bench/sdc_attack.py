#!/usr/bin/python3
"""An attacker of its own: HiGHS (scipy) on the published column of a protected table.

usage: sdc_attack.py OUT.csv HIER.csv CERT.csv SAMPLE [--width W]

Builds one linear system of the whole table from `shown` alone (first dimension with HIER, the others flat),
bounds a sample of the certificate's cells, and compares with what the certificate says.
Prints: attacked, exact, narrow, different.  Needs python3-scipy; shares nothing with kekiz.
"""
import csv
import sys

import numpy
from scipy.optimize import linprog
from scipy.sparse import coo_matrix


def main():
    out, hier, cert, sample = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    width = int(sys.argv[6]) if len(sys.argv) > 6 else 3
    with open(out, encoding="utf-8") as f:
        rows = list(csv.reader(f))
    dims = rows[0].index("n")
    shown = {tuple(r[:dims]): r[-1] for r in rows[1:]}
    parents = []
    for d in range(dims):
        if d == 0:
            with open(hier, encoding="utf-8") as f:
                parents.append({r["code"]: r["parent"] for r in csv.DictReader(f) if r["parent"]})
        else:
            parents.append({c[d]: "Total" for c in shown if c[d] != "Total"})
    number = {c: i for i, c in enumerate(c for c in shown if shown[c] == "")}
    lines = {}
    for cell in shown:
        for d in range(dims):
            if cell[d] in parents[d]:
                above = cell[:d] + (parents[d][cell[d]],) + cell[d + 1:]
                lines.setdefault((d, above), []).append(cell)
    i, j, v, right = [], [], [], []
    for (_, above), parts in lines.items():
        members = [(above, 1)] + [(p, -1) for p in parts]
        if not any(c in number for c, _ in members):
            continue
        b = 0
        for c, sign in members:
            if c in number:
                i.append(len(right)), j.append(number[c]), v.append(sign)
            else:
                b -= sign * int(shown[c])
        right.append(b)
    a = coo_matrix((v, (i, j)), shape=(len(right), len(number))).tocsr()
    with open(cert, encoding="utf-8") as f:
        bounds = [(tuple(r[:dims]), float(r[dims]), float(r[dims + 1])) for r in list(csv.reader(f))[1:]]
    exact = narrow = different = 0
    chosen = bounds[::max(1, len(bounds) // sample)]
    for cell, lo, hi in chosen:
        ends = []
        for sign in (1, -1):
            c = numpy.zeros(len(number))
            c[number[cell]] = sign
            result = linprog(c, A_eq=a, b_eq=right, bounds=(0, None), method="highs")
            ends.append(sign * result.fun if result.status == 0 else float("inf"))
        exact += ends[1] - ends[0] < 0.5
        narrow += ends[1] - ends[0] < width - 1e-6
        different += abs(ends[0] - lo) > 1e-5 or (ends[1] != hi and abs(ends[1] - hi) > 1e-5)
    print(len(chosen), exact, narrow, different)


if __name__ == "__main__":
    main()
