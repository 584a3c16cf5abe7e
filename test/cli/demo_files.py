#!/usr/bin/env python3
"""What the deliveries of Musterstadt promise, counted again from the files alone.

usage: demo_files.py DIR            (DIR made by `kekiz demo --files-only`)

People balance from year to year, households add up, every address is in the list, children in Kitas and
examinations are residents of the age, tables are what counting gives, and what was drawn fits the true chances
in wahrheit/.  Shares no code with the program.  One line a promise in TAP; exit code 1 when one is broken.
"""
import csv
import datetime
import glob
import math
import os
import re
import sys
from collections import Counter, defaultdict

DIR = sys.argv[1]
n_tests = n_bad = 0


def promise(name, ok, why=""):
    global n_tests, n_bad
    n_tests += 1
    n_bad += not ok
    print(f"{'ok' if ok else 'not ok'} {n_tests} - {name}" + (f"\n# {why}" if why and not ok else ""))


def read(name):
    data = open(os.path.join(DIR, name), "rb").read()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252")
    return list(csv.DictReader(text.splitlines(), delimiter=";"))


def day(text):
    d, m, y = text.split(".")
    return datetime.date(int(y), int(m), int(d))


def age(birth, on):
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def street(text):
    return re.sub(r"([Ss])tr(\.|asse)$", r"\1traße", text)


YEARS = sorted(int(re.search(r"ewo_(\d+)", f).group(1)) for f in glob.glob(os.path.join(DIR, "ewo_*.csv")))
house = {(r["Strasse"], r["Hausnr"], r["Zusatz"], r["PLZ"]): r["Viertel"] for r in read("adressen.csv")}
kitas = {r["Schluessel"] for r in read("kitas.csv")}
schools = {r["Schluessel"]: r["Art"] for r in read("schulen.csv")}


def quarter(r):
    return house.get((street(r["Strasse"]), r["Hausnr"], r["Zusatz"], r["PLZ"]))


table = defaultdict(int)
with open(os.path.join(DIR, "bevoelkerung.csv"), encoding="utf-8") as f:
    for r in csv.DictReader(f):
        table[r["tab_id"], r["zei_id"], int(r["jahr"]), r["raum_id"]] = int(r["zahl"])

BANDS = [3, 6, 10, 15, 18, 25, 35, 45, 55, 60, 65, 75, 999]
poor_true, exam_true, kita_true = read("wahrheit/sgb2-u15.csv"), read("wahrheit/seu.csv"), read("wahrheit/kita.csv")
poor_seen, exam_seen, kita_seen = Counter(), Counter(), Counter()
before, people_before, examined = None, 0, {}
unknown_address = homeless = 0

for year in YEARS:
    last, ewo = datetime.date(year, 12, 31), read(f"ewo_{year}.csv")
    people = {r["PID"]: r for r in ewo}
    born = {p: day(r["Geburtsdatum"]) for p, r in people.items()}
    where = {p: quarter(r) for p, r in people.items()}
    promise(f"{year}: nobody is there twice", len(people) == len(ewo))
    promise(f"{year}: every address is in the list", None not in where.values())

    homes = defaultdict(list)
    for p, r in people.items():
        homes[r["HHNR"]].append(p)
    wrong, rows = [], read(f"haushalte_{year}.csv")
    for h in rows:
        who = homes.get(h["HHNR"], [])
        children = sum(age(born[p], last) < 18 for p in who)
        kind = h["Haushaltstyp"]
        if (len(who) != int(h["Personen"]) or children != int(h["Kinder unter 18"]) or {where[p] for p in who} != {h["Viertel"]}
                or (kind == "Einpersonenhaushalt") != (len(who) == 1)
                or kind in ("alleinerziehend", "Paar mit Kindern") and children == 0):
            wrong.append(h)
    promise(f"{year}: households are those of the residents", not wrong and len(rows) == len(homes), wrong[:2])
    alone = [h for h in homes.values() if all(age(born[p], last) < 15 for p in h)]
    promise(f"{year}: no child lives alone", not alone, alone[:3])

    events = Counter(r["Ereignis"] for r in read(f"bewegungen_{year}.csv"))
    if before is not None:
        net = events["Zuzug"] + events["Geburt"] - events["Fortzug"] - events["Sterbefall"]
        promise(f"{year}: residents are those of last year and what happened", people_before + net == len(people),
                f"{people_before} + {net} != {len(people)}")
        new = set(people) - set(before)
        promise(f"{year}: who is new was born or moved in",
                all(people[p]["Umzug"] == "Zuzug" or born[p].year == year for p in new))
        promise(f"{year}: nobody is born a second time", all(born[p] == b for p, (b, _) in before.items() if p in born))
    births = read(f"geburten_{year}.csv")
    promise(f"{year}: births are those of the events", len(births) == events["Geburt"])

    count = Counter()
    for p, r in people.items():
        t = where[p][:3]
        a = age(born[p], last)
        count["005", "10", t] += 1
        count["010", {"m": "10", "w": "20"}.get(r["Geschlecht"], "other"), t] += 1
        count["020", str(10 * (1 + next(i for i, b in enumerate(BANDS) if a < b))), t] += 1
        if r["Migrationshintergrund"] != "ohne":
            count["030", "10", t] += 1
            count["030", "50" if r["Migrationshintergrund"] == "Ausländer" else "20", t] += 1
        count["040", {"LD": "10", "VH": "20", "VW": "30", "GS": "40", "LP": "50"}[r["Familienstand"]], t] += 1
        count["050", {"HW": "10", "NW": "20"}[r["Wohnstatus"]], t] += 1
    areas = {a[:3] for a in where.values()}
    if year >= 2017:
        off = [(k, count[k], table[k[0], k[1], year, k[2]]) for t in areas for k in
               [("005", "10", t), *(("020", str(10 * i), t) for i in range(1, 14)),
                *(("030", i, t) for i in ("10", "20", "50")), *(("040", str(10 * i), t) for i in range(1, 6)),
                ("050", "10", t), ("050", "20", t)] if count[k] != table[k[0], k[1], year, k[2]]]
        promise(f"{year}: the table is what counting the residents gives", not off, off[:3])
        promise(f"{year}: also the sexes, the few others shared among two", all(
            count["010", s, t] <= table["010", s, year, t] <= count["010", s, t] + count["010", "other", t]
            for t in areas for s in ("10", "20")))

    poor, ba = read(f"sgb2-personen_{year}.csv"), read(f"sgb2-tabelle_{year}.csv")
    bands, band_of = Counter(), {"Leistungsberechtigte unter 3 Jahre": (0, 3), "Leistungsberechtigte 3 bis unter 6 Jahre": (3, 6),
                                 "Leistungsberechtigte 6 bis unter 15 Jahre": (6, 15),
                                 "Erwerbsfähige Leistungsberechtigte": (15, 65)}
    for r in poor:
        m, y = r["Geburtsmonat"].split(".")
        years = (year * 12 + 11 - int(y) * 12 - int(m) + 1) // 12
        poor_seen[r["Viertel"], year] += years < 15
        for name, (lo, hi) in band_of.items():
            bands[r["Viertel"], name] += lo <= years < hi
    told = [(r["Viertel"], n, r[n], bands[r["Viertel"], n]) for r in ba if r["Viertel"] != "Insgesamt" for n in band_of]
    promise(f"{year}: the agency's table is its rows, 1 and 2 never told",
            all(v == "*" or (v == "-" and c == 0) or (v not in "-*" and int(v) == c and c > 2) for _, _, v, c in told),
            [t for t in told if t[2] not in ("*", "-") and t[3] != int(t[2])][:3])
    promise(f"{year}: no address and no name reaches the agency's rows", not {"Strasse", "Name", "PID"} & set(poor[0]))

    care, exams = read(f"kita_{year}.csv"), read(f"seu_{year}.csv")
    for r in care:
        years = age(day(r["Geburtsdatum"]), datetime.date(year, 3, 1))
        kita_seen[quarter(r), year, "u3" if years < 3 else "3-5"] += years < 6
    promise(f"{year}: who is in a Kita is in one that there is", all(
        r["Einrichtung"] in kitas if r["Betreuungsart"] == "Kita" else r["Einrichtung"] == "" for r in care))
    if before is not None:
        promise(f"{year}: every child in care lived here on 31 December", all(
            r["Kind-ID"] in before and before[r["Kind-ID"]][0] == day(r["Geburtsdatum"]) for r in care))
        promise(f"{year}: so did every child examined", all(r["Kind-ID"] in before for r in exams))
        lo, hi = datetime.date(year - 7, 10, 1), datetime.date(year - 6, 9, 30)
        cohort = {p for p, (b, _) in before.items() if lo <= b <= hi}
        here = {r["Kind-ID"] for r in exams}
        missing = [p for p in cohort if p not in here and p not in examined]
        promise(f"{year}: the six-year-olds are examined, this year or a year early, but for a few who came as pupils",
                len(missing) <= (0.005 if len(YEARS) > 1 and year > YEARS[1] else 0.03) * len(cohort) + 1, missing[:3])
        promise(f"{year}: and hardly anybody else", len(here - cohort) < 0.04 * len(here), f"{len(here - cohort)} of {len(here)}")
    examined.update((r["Kind-ID"], r) for r in exams)
    RESULT = {"german": ("Deutsch", "auffällig"), "visuomotor": ("Visuomotorik", "auffällig"), "number": ("Zahlen", "auffällig"),
              "coordination": ("Koordination", "auffällig"), "obese": ("BMI", "adipös"), "booklet": ("U-Heft", "ja")}
    for r in exams:
        q = quarter(r)
        for name, (column, bad) in RESULT.items():
            exam_seen[q, year, name, "n"] += r[column] not in ("", "nicht untersucht")
            exam_seen[q, year, name, "k"] += r[column] == bad

    pupils = read(f"schule_{year}-{(year + 1) % 100:02d}.csv")
    last_grade = {"Grundschule": 4, "Gymnasium": 12, "Gesamtschule": 13}
    promise(f"{year}: pupils are at schools of their kind and grade", all(
        schools.get(r["Schule"]) == r["Schulform"] and 1 <= int(r["Jahrgang"]) <= last_grade.get(r["Schulform"], 10)
        for r in pupils))
    counsel = read(f"beratung_{year}.csv")
    lost = sum(quarter(r) is None for r in counsel)
    promise(f"{year}: hardly any address of a counselling is unknown", lost <= 0.015 * len(counsel) + 3)
    helps = read(f"hze_{year}.csv")
    promise(f"{year}: who is helped lives here and is young", all(
        r["Kind-ID"] in people and age(born[r["Kind-ID"]], last) < 22 for r in helps))
    before, people_before = {p: (born[p], where[p]) for p in people}, len(people)


def fits(name, seen, clustered):
    """Sum of what was drawn against the sum of chances, and the spread over Viertel and years."""
    k = sum(s for s, _, _ in seen)
    want, var = sum(e for _, _, e in seen), sum(e * (1 - e / n) for _, n, e in seen if n)
    z = (k - want) / math.sqrt(var * clustered)
    promise(f"{name}: as many as the chances say ({k} of {want:.0f})", abs(z) < 4, f"z = {z:.2f}")
    spread = sum((s - e) ** 2 for s, n, e in seen if n) / var
    # Children of a cell have unlike chances, so they spread less than a binomial of the mean.
    promise(f"{name}: and spread over the Viertel as chance does ({spread:.2f})", 0.5 < spread < 1.2 * clustered)


fits("child poverty", [(poor_seen[r["Viertel"], int(r["Jahr"])], int(r["Kinder"]), float(r["Erwartet"])) for r in poor_true],
     2.2)  # brothers and sisters are poor together
for band in ("u3", "3-5"):
    fits(f"care {band}", [(kita_seen[r["Viertel"], int(r["Jahr"]), band], int(r["Kinder"]), float(r["Erwartet"]))
                          for r in kita_true if r["Alter"] == band], 1)
for name in ("german", "visuomotor", "number", "coordination", "obese", "booklet"):
    rows = []
    for r in exam_true:
        if r["Ergebnis"] == name:
            n = exam_seen[r["Viertel"], int(r["Jahr"]), name, "n"]
            rows.append((exam_seen[r["Viertel"], int(r["Jahr"]), name, "k"], n, float(r["Erwartet"]) * n / int(r["Kinder"])))
    fits(f"examination, {name}", rows, 1)
print(f"1..{n_tests}")
sys.exit(1 if n_bad else 0)
