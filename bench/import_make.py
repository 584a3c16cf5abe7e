"""import_make.py FOLDER ROWS - the files of bench/import.sh: 1,000 areas, a map, rows.csv, rows.xlsx (100,000 rows)."""
import json
import sys

from sheets import xlsx

folder, rows = sys.argv[1], int(sys.argv[2])
AREAS, YEARS = 1000, 200
MEASURES = [line.split("\t")[0] for line in open("data/measures.tsv", encoding="utf-8")
            if line[0] not in "#\n" and not line.startswith("code\t")]
HEAD = ["Nr", "Name", "Jahr", "Merkmal", "Anzahl"] + [f"Weiteres {i}" for i in range(7)]


# An honest delivery: parts make up their wholes (data/relations.tsv), years differ little.
PARTS = {"pop": 260, "sex": 130, "age": 20, "home": 130, "fam": 50, "mig": 10, "rel": 90}
EXACT = {"mig_total": 100, "mig_german": 30, "mig_foreign": 70, "rel_other": 80, "sgb2_15_64": 10}


def row(i):
    area, year, measure = i % AREAS + 1, i // AREAS % YEARS + 1900, MEASURES[i // (AREAS * YEARS) % len(MEASURES)]
    value = EXACT.get(measure, PARTS.get(measure.split("_")[0], 5)) * (100 + area % 37 + year % 3)
    return [f"{area:04d}", f"Gebiet {area}", year, measure, value] + [i * 7 % 1000 + k for k in range(7)]


features = []
for i in range(AREAS):
    x, y = 6.5 + i % 40 * 0.02, 50.8 + i // 40 * 0.02
    ring = [[x, y], [x + 0.02, y], [x + 0.02, y + 0.02], [x, y + 0.02], [x, y]]
    features.append({"type": "Feature", "properties": {"nr": f"{i + 1:04d}", "name": f"Gebiet {i + 1}"},
                     "geometry": {"type": "Polygon", "coordinates": [ring]}})
with open(f"{folder}/areas.geojson", "w") as f:
    json.dump({"type": "FeatureCollection", "features": features}, f)
with open(f"{folder}/bench.map", "w") as f:
    f.write("[datei]\nquelle = einwohner-tabelle\naufbau = lang\n[spalten]\ngebiet = Nr\ngebietsname = Name\nzeitraum = Jahr\n"
            "merkmal = Merkmal\nwert = Anzahl\n[zeitraum]\nform = jahr\nstichtag = 31.12.\n[zahlen]\ndezimalzeichen = punkt\n"
            "tabellenzeichen = ja\n[gebiete]\n* = stadtteil:*\n[merkmale]\n" + "".join(f"{m} = {m}\n" for m in MEASURES))
with open(f"{folder}/rows.csv", "w") as f:
    f.write(",".join(HEAD) + "\n")
    for i in range(rows):
        f.write(",".join(map(str, row(i))) + "\n")
xlsx(f"{folder}/rows.xlsx", {"Bestand": [HEAD] + [row(i) for i in range(100000)]})
