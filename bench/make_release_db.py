#!/usr/bin/env python3
"""Fill the release.db of a fresh workspace with a full city, for benchmarks.

usage: bench/make_release_db.py release.db [--areas 100] [--periods 15] [--indicators 50] [--groups 1] [--seed 1]

The file must come from `kekiz init`, so the schema is the program's own.  The
numbers are invented (seeded) and no municipality's; outlines are a wavy grid.
"""
import argparse
import math
import random
import sqlite3

PER_BOROUGH = 10


def wave(x, y, k, random_phase):
    """Shift of a grid point, the same for both neighbours of a border."""
    return 3 * math.sin(0.11 * x + 0.07 * y + k + random_phase)


def outline(col, row, side, phase, steps=12):
    """One cell of the wavy grid as path and bounding box."""
    corners = [(col, row), (col + 1, row), (col + 1, row + 1), (col, row + 1), (col, row)]
    points = []
    for (x0, y0), (x1, y1) in zip(corners, corners[1:]):
        for i in range(steps):
            x = (x0 + (x1 - x0) * i / steps) * side + 5
            y = (y0 + (y1 - y0) * i / steps) * side + 5
            points.append((round(x + wave(x, y, 0, phase), 1), round(y + wave(y, x, 2, phase), 1)))
    d, (px, py) = f"M{points[0][0]:g} {points[0][1]:g}", points[0]
    for x, y in points[1:]:
        d += f"l{round(x - px, 1):g} {round(y - py, 1):g}"
        px, py = x, y
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    return d + "z", min(xs), min(ys), max(xs), max(ys)


def wilson(k, n, z=1.959963984540054):
    p = k / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file")
    for name, default in (("areas", 100), ("periods", 15), ("indicators", 50), ("groups", 1), ("seed", 1)):
        parser.add_argument("--" + name, type=int, default=default)
    o = parser.parse_args()
    rng = random.Random(o.seed)
    db = sqlite3.connect(o.file)
    put = db.execute
    db.execute("BEGIN")
    for key, value in (("name", "Messstadt"), ("key", "05000000"), ("fictional", "1"), ("version", f"bench-{o.seed}"),
                       ("credits", "Erfundene Zahlen für Messungen.")):
        put("INSERT OR REPLACE INTO setting VALUES (?, ?)", (key, value))

    boroughs = max(1, o.areas // PER_BOROUGH)
    columns = math.ceil(math.sqrt(o.areas))
    side = 600 / columns
    levels = (("stadt", "Stadt", "Stadt", False), ("stadtbezirk", "Stadtbezirk", "Stadtbezirke", False),
              ("stadtteil", "Stadtteil", "Stadtteile", True))
    for i, (code, one, many, mapped) in enumerate(levels):
        put("INSERT INTO level VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (i, code, one, many) + ((620.0, 620.0, 30.0, "") if mapped else (None,) * 4))
    areas = [(0, 0, "05000000", "Messstadt", "stadt-05000000", None)]
    areas += [(1 + b, 1, str(b), f"Bezirk {b:02d}", f"stadtbezirk-{b}", 0) for b in range(boroughs)]
    areas += [(1 + boroughs + a, 2, f"{a:03d}", f"Ort {a:03d}", f"stadtteil-{a:03d}", 1 + a * boroughs // o.areas)
              for a in range(o.areas)]
    phase = rng.random() * 6
    for place in areas:
        shape = (None,) * 9
        if place[1] == 2:
            n = place[0] - 1 - boroughs
            d, x0, y0, x1, y1 = outline(n % columns, n // columns, side, phase)
            shape = (d, (x0 + x1) / 2, (y0 + y1) / 2, side * 0.8, x0, y0, x1, y1, side * side)
        put("INSERT INTO area VALUES (" + ", ".join("?" * 20) + ")", place + (7.0, 51.0, 4.0) + shape + ("", ""))

    for p in range(o.periods):
        put("INSERT INTO period VALUES (?, ?, ?)", (p, str(2010 + p), f"31.12.{2010 + p}"))
    people = {a[0]: rng.randint(1500, 20000) for a in areas if a[1] == 2}
    for b in range(boroughs):
        people[1 + b] = sum(people[a[0]] for a in areas if a[5] == 1 + b and a[1] == 2)
    people[0] = sum(people[1 + b] for b in range(boroughs))
    for i in range(o.indicators):
        put("INSERT INTO indicator (id, code, title, short_title, subtitle, sentence, counted, numerator_label,"
            " denominator_label, source, protection, theme, caveat, kind, direction, per, digits, release, published_at,"
            " first_period, last_period) VALUES (" + ", ".join("?" * 21) + ")",
            (i, f"anteil-{i:02d}", f"Messgröße {i:02d}", f"Größe {i:02d}", "Anteil an allen Einwohnern",
             "leben in {area} {x} von 100 Menschen mit dieser Eigenschaft ({lo}–{hi})", "Gezählt wird für Messungen.",
             "Fälle", "Einwohner", "Erfunden", "Werte unter 3 sind nicht gezeigt.", f"Thema {i % 6}", "", 1, i % 3, 100,
             1, "Messung", "2026-01-01", 0, o.periods - 1))
        for g in range(o.groups):
            put("INSERT INTO indicator_group (indicator, id, code, label, parent) VALUES (?, ?, ?, ?, ?)",
                (i, g, "Total" if g == 0 else f"G{g}", "Gesamt" if g == 0 else f"Gruppe {g}", None))
        for g in range(o.groups):
            level = rng.uniform(0.03, 0.4) / (g + 1)
            for area, n in people.items():
                own = min(0.9, level * rng.uniform(0.5, 1.7))
                for p in range(o.periods):
                    k = min(n, max(0, round(n * own * (1 + 0.01 * p) + rng.gauss(0, math.sqrt(n * own)))))
                    if 0 < k < 3 or rng.random() < 0.01:
                        row = (3, None, None, None, None, None)
                    else:
                        lo, hi = wilson(k, n)
                        row = (0 if k else 1, k, n, k / n, lo, hi)
                    put("INSERT INTO cell VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", (i, g, area, p) + row)
    put("INSERT INTO news VALUES (0, '2026-01-01', 'Messung veröffentlicht.')")
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


if __name__ == "__main__":
    main()
