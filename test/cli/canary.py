"""canary.py - are names, birth days, streets or numbers of 200 invented people in a file?

    make FOLDER            deliveries.csv, .xlsx, broken.csv, areas.geojson, houses.csv
    run FOLDER CMD…        run CMD; look into every file it has open and into FOLDER/w, FOLDER/tmp all the while
    scan FOLDER PATH…      every byte of the files: as they are, UTF-16, and what can be inflated anywhere in them

Prints what it finds, a line a place, and ends with 1 then.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import zlib

N, FILLERS = 200, 60000
HEAD = ("PID;HHNR;Name;Vorname;Geburtsdatum;Geschlecht;Staatsangehoerigkeit;Migrationshintergrund;Wohnstatus;"
        "Familienstand;Umzug;Wohndauer;Strasse;Hausnr;Zusatz;PLZ")


def person(i):
    """Words that occur nowhere else: letters of the number, so that each can be told."""
    word = "".join("bdfgklmnpr"[int(d)] + "aeiou"[int(d) % 5] for d in f"{i:03d}")
    return {"id": f"PIDQ{i:03d}{word}", "home": f"HHQ{i // 2:03d}{word}", "name": f"Zz{word}müller",
            "first": f"Yy{word}ña", "birth": f"{1 + i % 28:02d}.{1 + i % 12:02d}.{1921 + i % 100}",
            "street": f"Xx{word}straße", "house": str(1 + i % 90)}


def row(p):
    return ";".join([p["id"], p["home"], p["name"], p["first"], p["birth"], "w", "deutsch", "ohne", "HW", "LD", "nein",
                     "3", p["street"], p["house"], "", "50667"])


# Every word of the people begins like this; days are looked up.
WORDS = re.compile(rb"(?i)(?:zz|yy|xx)(?:[bdfgklmnpr][aeiou]){3}|(?:pidq|hhq)\d{3}[bdfgklmnpr]")
DAYS = re.compile(rb"\d\d\.\d\d\.(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d|(?:19|20)\d{6}")


def birth_days():
    found = set()
    for i in range(N):
        day, month, year = person(i)["birth"].split(".")
        found |= {f"{day}.{month}.{year}".encode(), f"{year}-{month}-{day}".encode(), f"{year}{month}{day}".encode()}
    return found


BIRTHS = birth_days()


def make(folder):
    sys.path.insert(0, str(pathlib.Path(__file__).parent))
    from sheets import xlsx
    people = [row(person(i)) for i in range(N)]
    fillers = [f"{k};{k};N;V;15.06.1990;m;deutsch;ohne;HW;LD;nein;3;Am Markt;{1 + k % 3};;50667" for k in range(FILLERS)]
    rows = fillers[:FILLERS // 2] + people + fillers[FILLERS // 2:]
    (folder / "deliveries.csv").write_text("\n".join([HEAD] + rows) + "\n", encoding="utf-8")
    broken = people + people[:5] + [r.replace(";w;", ";;").replace("50667", "") for r in people[:3]]
    broken += [";".join(["x"] + r.split(";")[2:]) for r in people[:3]]             # columns too few
    broken += [r.replace(person(7)["birth"], person(7)["birth"] + "x") for r in [row(person(7))]]
    broken += [r.replace('"', "").replace("Yy", 'Yy"', 1) for r in people[8:9]]    # a stray quote
    (folder / "broken.csv").write_text("\n".join([HEAD] + broken) + "\n", encoding="utf-8")
    xlsx(str(folder / "deliveries.xlsx"), {"Bestand": [r.split(";") for r in [HEAD] + people]})
    ring = [[6.9, 50.9], [6.92, 50.9], [6.92, 50.92], [6.9, 50.92], [6.9, 50.9]]
    (folder / "areas.geojson").write_text(json.dumps(
        {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"nr": "0101", "name": "Alt"},
                                                    "geometry": {"type": "Polygon", "coordinates": [ring]}}]}))
    (folder / "houses.csv").write_text("Straße;Hausnummer;PLZ;Viertel\n" +
                                       "".join(f"Am Markt;{h};50667;0101\n" for h in (1, 2, 3)), encoding="utf-8")


def look(name, data, deep):
    """Places of `data` with one of the people; `deep` also inflates what can be."""
    hits = []
    for how, part in (("", data), ("UTF-16 ", data[0::2]), ("UTF-16 ", data[1::2])):
        hits += [f"{name}: {how}{m.group().decode()}" for m in WORDS.finditer(part)]
        hits += [f"{name}: {how}{m.group().decode()}" for m in DAYS.finditer(part) if m.group() in BIRTHS]
    if not deep:
        return hits
    view = memoryview(data)
    for magic in (b"\x1f\x8b\x08", b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda", b"PK\x03\x04"):
        at = data.find(magic)
        while at >= 0:
            start, bits = at, 47
            if magic == b"PK\x03\x04":
                start, bits = at + 30 + int.from_bytes(data[at + 26:at + 28], "little") + int.from_bytes(
                    data[at + 28:at + 30], "little"), -15
            try:
                hits += look(f"{name} inflated at {at}", zlib.decompressobj(bits).decompress(view[start:], 64 << 20), False)
            except zlib.error:
                pass
            at = data.find(magic, at + 1)
    return hits


def files_below(*folders):
    for folder in folders:
        if folder.is_file():
            yield folder
        for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
            if path.is_file():
                yield path


def read(path):
    try:
        return pathlib.Path(path).read_bytes()
    except OSError:
        return b""


def watch(folder, pid, own):
    """What the process and its children have open now, and what lies in the workspace and in TMPDIR."""
    hits = []
    for path in files_below(folder / "w", folder / "tmp"):
        hits += look(f"while running, {path.name}", read(path), False)
    try:
        pids = [str(pid)] + pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return hits
    for p in pids:
        for fd in pathlib.Path(f"/proc/{p}/fd").glob("*") if os.path.isdir(f"/proc/{p}/fd") else []:
            try:
                target = os.readlink(fd)
                if not target.startswith("/") or os.path.realpath(target) in own or not os.path.isfile(fd):
                    continue
                hits += look(f"open in {p}, {target}", read(fd), False)
            except OSError:
                continue
    return hits


def run(folder, command):
    own = {str(p.resolve()) for p in folder.glob("*.csv")} | {str(p.resolve()) for p in folder.glob("*.xlsx")}
    with open(folder / "said", "ab") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, stdin=subprocess.DEVNULL,
                                   env={**os.environ, "TMPDIR": str(folder / "tmp")})
        hits, looks = [], 0
        while process.poll() is None:
            hits += watch(folder, process.pid, own)
            looks += 1
            time.sleep(0.002)
    print(f"looked {looks} times, exit {process.returncode}", file=sys.stderr)
    print("\n".join(sorted(set(hits))), end="")
    sys.exit(99 if hits else process.returncode)


def scan(paths):
    hits, n = [], 0
    for path in files_below(*paths):
        n += 1
        hits += look(path.name, read(path), True)
    print(f"{n} files, {len(hits)} places")
    print("\n".join(hits[:20]))
    sys.exit(1 if hits else 0)


if __name__ == "__main__":
    at = pathlib.Path(sys.argv[2])
    if sys.argv[1] == "make":
        make(at)
    elif sys.argv[1] == "run":
        run(at, sys.argv[3:])
    else:
        scan([at / p for p in sys.argv[3:]])
