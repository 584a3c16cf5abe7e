"""import_persons_make.py FOLDER ROWS - ewo.csv (12 columns), houses.csv, areas.geojson: the person part of bench/import.sh."""
import json
import sys

folder, rows = sys.argv[1], int(sys.argv[2])
HEAD = ("PID;HHNR;Name;Geburtsdatum;Geschlecht;Staatsangehoerigkeit;Migrationshintergrund;Familienstand;Wohndauer;"
        "Strasse;Hausnr;PLZ")
STREETS = [a + b for a in ("Linden", "Ahorn", "Berg", "Kirch", "Schul", "Markt", "Garten", "Wald", "Feld", "Brunnen", "Haupt",
                           "Mühlen", "Rosen", "Buchen", "Eichen", "Tannen") for b in ("straße", "weg", "platz", "allee")]
HOUSES = [(s, h, 50667 + h % 9) for s in STREETS for h in range(1, 400)]
NAMES = ("Müller", "Schmidt", "Yılmaz", "Kowalski", "Meyer", "Schulz")
NATION, MIG, FAMILY = ("deutsch", "nichtdeutsch"), ("ohne", "Deutsche mit MH", "Ausländer"), ("LD", "VH", "VW", "GS")

features = []
for i in range(4):
    x = 6.9 + i * 0.02
    ring = [[x, 50.9], [x + 0.02, 50.9], [x + 0.02, 50.92], [x, 50.92], [x, 50.9]]
    features.append({"type": "Feature", "properties": {"nr": f"{i + 1:04d}", "name": f"Viertel {i + 1}"},
                     "geometry": {"type": "Polygon", "coordinates": [ring]}})
with open(f"{folder}/areas.geojson", "w", encoding="utf-8") as f:
    json.dump({"type": "FeatureCollection", "features": features}, f)
with open(f"{folder}/houses.csv", "w", encoding="utf-8") as f:
    f.write("Strasse;Hausnr;PLZ;Viertel\n" + "".join(f"{s};{h};{p};{h % 4 + 1:04d}\n" for s, h, p in HOUSES))
with open(f"{folder}/ewo.csv", "w", encoding="utf-8") as f:
    f.write(HEAD + "\n")
    part = []
    for i in range(rows):
        k = i * 2654435761 & 0xFFFFFFFF
        s, h, p = HOUSES[i // 3 * 7919 % len(HOUSES)]
        part.append(f"{i + 1000000};{i // 2 + 1};{NAMES[k % 6]};{1 + k % 28:02d}.{1 + (k >> 5) % 12:02d}.{1930 + (k >> 9) % 95};"
                    f"{'mw'[k >> 3 & 1]};{NATION[(k >> 7) % 5 == 0]};{MIG[(k >> 11) % 3]};{FAMILY[(k >> 13) % 4]};"
                    f"{(k >> 15) % 60};{s};{h};{p}\n")
        if len(part) == 20000:
            f.write("".join(part))
            part = []
    f.write("".join(part))
