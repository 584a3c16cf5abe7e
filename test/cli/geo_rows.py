"""geo_rows.py DIR - geometry files that nobody should send (TRUST.md table b, rows 44 to 57), one a line on stdout:
row of that table, file, exit code of `area import`, a part of the message."""
import json
import os
import sqlite3
import struct
import sys

OUT = sys.argv[1]
row = 0


def put(name, data, code, text):
    if data is not None:
        with open(f"{OUT}/{name}", "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())
    print(row, name, code, text, sep="\t")


def square(x=7.0, y=51.0, w=0.1):
    return [[x, y], [x + w, y], [x + w, y + w], [x, y + w], [x, y]]


def feature(geometry, key="1", name="West"):
    return {"type": "Feature", "properties": {"nr": key, "bez": name}, "geometry": geometry}


def polygon(*rings):
    return {"type": "Polygon", "coordinates": list(rings)}


def collection(*features, **more):
    return json.dumps({"type": "FeatureCollection", **more, "features": list(features)})


def raw(coordinates, kind="Polygon"):
    """A collection with these coordinates as text."""
    return ('{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"nr":"1","bez":"W"},'
            f'"geometry":{{"type":"{kind}","coordinates":{coordinates}}}}}]}}')


RING = json.dumps(square())

row = 44
put("deep.geojson", raw("[" * 1000000), 7, "verschachtelt")
put("deep_object.geojson", '{"a":' * 100000 + "1" + "}" * 100000, 7, "verschachtelt")
put("deep_closed.geojson", raw("[" * 40 + "7" + "]" * 40), 7, "verschachtelt")

row = 45
put("level_less.geojson", raw(RING), 3, "Zeile 1")
put("level_more.geojson", raw(f"[[{RING}]]"), 3, "Zeile 1")
put("level_point.geojson", raw("[7,51]"), 3, "Zeile 1")
put("level_number.geojson", raw("7"), 3, "Zeile 1")
put("level_second.geojson", collection(feature(polygon(square())), feature({"type": "Polygon", "coordinates": square()}, "2")), 3, "Zeile 2")

row = 46
put("open.geojson", collection(feature(polygon(square()[:-1]))), 0, "1 Stadtteil")
put("three.geojson", collection(feature(polygon([[7, 51], [7.1, 51], [7, 51]]))), 3, "Zeile 1")
put("two.geojson", collection(feature(polygon([[7, 51], [7.1, 51]]))), 3, "Zeile 1")
put("flat.geojson", collection(feature(polygon([[7, 51], [7.1, 51], [7.2, 51], [7, 51]]))), 3, "Zeile 1")
put("bow.geojson", collection(feature(polygon([[7, 51], [7.1, 51.1], [7.1, 51], [7, 51.1], [7, 51]]))), 0, "repariert")
put("spike.geojson", collection(feature(polygon([[7, 51], [7.1, 51], [7.1, 51.05], [7.5, 51.05], [7.1, 51.05], [7.1, 51.1], [7, 51.1], [7, 51]]))), 0, "repariert")
put("hole_outside.geojson", collection(feature(polygon(square(), square(8, 52, 0.01)))), 0, "repariert")
put("twice_corner.geojson", collection(feature(polygon([[7, 51], [7, 51], [7.1, 51], [7.1, 51.1], [7, 51.1], [7, 51.1], [7, 51]]))), 0, "1 Stadtteil")
put("clockwise.geojson", collection(feature(polygon(square()[::-1]))), 0, "1 Stadtteil")

row = 47
for name, text in {"nan": "NaN", "infinity": "Infinity", "minus_infinity": "-Infinity", "string": '"7.1"', "null": "null", "hex": "0x7", "plus": "+7.1",
                   "point": "7.", "zeros": "007.1", "long": "7." + "1" * 1000, "true": "true"}.items():
    put(f"number_{name}.geojson", raw(f"[[[7,51],[{text},51],[7.1,51.1],[7,51]]]"), 3, "Zeile 1")
put("number_far.geojson", raw("[[[7,51],[1e155,51],[7.1,51.1],[7,51]]]"), 3, "kein Ort")
put("number_range.geojson", raw("[[[7,51],[1e999,51],[7.1,51.1],[7,51]]]"), 3, "Zeile 1")

row = 48
put("swapped.geojson", collection(feature(polygon([[y, x] for x, y in square()]))), 3, "vertauscht")
UTM = [[356000, 5645000], [357000, 5645000], [357000, 5646000], [356000, 5646000], [356000, 5645000]]
put("utm.geojson", collection(feature(polygon(UTM))), 3, "EPSG:25832")
put("utm_swapped.geojson", collection(feature(polygon([[y, x] for x, y in UTM]))), 3, "vertauscht")
put("gk2.geojson", collection(feature(polygon([[2567000 + x - 356000, y] for x, y in UTM]))), 3, "EPSG:31466")
put("gk3.geojson", collection(feature(polygon([[3356000 + x - 356000, y] for x, y in UTM]))), 3, "EPSG:31467")
put("zone.geojson", collection(feature(polygon([[32000000 + x, y] for x, y in UTM]))), 3, "EPSG:4647")
put("crs_unknown.geojson", collection(feature(polygon(square())), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::999999"}}), 3, "--crs EPSG:")
put("crs_number.geojson", collection(feature(polygon(square())), crs=7), 3, "")
put("crs_wrong.geojson", collection(feature(polygon(UTM)), crs={"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25833"}}), 0, "1 Stadtteil")

row = 49
put("empty.geojson", collection(), 3, "leer")
put("null.geojson", collection(feature(None)), 3, "Zeile 1")
put("geometries.geojson", collection(feature({"type": "GeometryCollection", "geometries": [polygon(square()), polygon(square(7.2))]})), 0, "1 Stadtteil")
put("geometries_line.geojson", collection(feature({"type": "GeometryCollection", "geometries": [{"type": "LineString", "coordinates": [[7, 51], [8, 51]]}]})), 3, "Zeile 1")
put("mixed.geojson", collection(feature(polygon(square())), feature({"type": "Point", "coordinates": [7, 51]}, "2")), 3, "Zeile 2")
put("many.geojson", '{"type":"FeatureCollection","features":[' + ",".join(
    '{"type":"Feature","properties":{"nr":"%d","bez":"x"},"geometry":{"type":"Point","coordinates":[7,51]}}' % i for i in range(100001)) + "]}", 7, "100.000")
put("no_features.geojson", '{"type":"FeatureCollection"}', 3, "")
put("topology.json", '{"type":"Topology","objects":{},"arcs":[]}', 3, "")

row = 50
put("key_twice.geojson", collection(feature(polygon(square())), feature(polygon(square(7.2)), "1", "Ost")), 3, "Zeile 1 (West) und in Zeile 2 (Ost)")
put("key_missing.geojson", collection(feature(polygon(square()), "")), 3, "Spalte „nr“ ist leer")
put("key_parts.geojson", collection(feature(polygon(square())), feature(polygon(square(7.1)))), 0, "Mehrere Zeilen")

row = 51
GOOD = collection(feature(polygon(square())))
put("keys_twice.geojson", GOOD.replace('"nr": "1"', '"nr": "1", "nr": "2"'), 3, "„nr“ steht zweimal")
put("surrogate.geojson", GOOD.replace("West", "We\\ud800st"), 3, "Zeile 1")
put("comment.geojson", "/* c */" + GOOD, 3, "Zeile 1")
put("comment_line.geojson", "// c\n" + GOOD, 3, "Zeile 1")
put("comma.geojson", GOOD.replace("]}", ",]}"), 3, "Zeile 1")
put("comma_object.geojson", GOOD[:-1] + ",}", 3, "Zeile 1")
put("quote.geojson", GOOD.replace('"', "'"), 3, "Zeile 1")
put("bom.geojson", b"\xef\xbb\xbf" + GOOD.encode(), 3, "BOM")
put("behind.geojson", GOOD + "x", 3, "Zeile 1")
put("cut.geojson", GOOD[:-20], 3, "Zeile 1")
put("utf8.geojson", GOOD.encode().replace(b"West", b"W\xfcst"), 3, "UTF-8")
put("control.geojson", GOOD.replace("West", "W\nst"), 3, "Zeile 1")
put("escapes.geojson", GOOD.replace("West", "\\u0057" * 5000), 3, "zu langer Text")
put("escape_bad.geojson", GOOD.replace("West", "\\x57"), 3, "Zeile 1")
put("escape_nul.geojson", GOOD.replace("West", "W\\u0000st"), 3, "Zeile 1")

row = 52
put("date_line.geojson", collection(feature(polygon([[179, 51], [-179, 51], [-179, 52], [179, 52], [179, 51]]))), 3, "nicht in Deutschland")
put("pole.geojson", collection(feature(polygon([[0, 89], [90, 90], [180, 89], [0, 89]]))), 3, "")
put("minus_zero.geojson", raw("[[[7,51],[7.1,51],[7.1,51.1],[7,51.1],[7,51]],[[7.04,51.04],[7.06,51.04],[7.06,51.06],[7.04,51.04]]]").replace("7.04", "7.04e-0"), 0, "1 Stadtteil")


# ---- GeoPackage ---------------------------------------------------------------------------
def wkb(rings, order="<", kind=3, count=None, ring_count=None):
    head = struct.pack(order + "BII", 1 if order == "<" else 0, kind, len(rings) if count is None else count)
    return head + b"".join(struct.pack(order + "I", len(r) if ring_count is None else ring_count) +
                           b"".join(struct.pack(order + "dd", *p) for p in r) for r in rings)


def blob(body, flags=1, envelope=b"", magic=b"GP", version=0):
    return magic + struct.pack("<BBi", version, flags, 4326) + envelope + body


def gpkg(name, geometry=None, table="orte", columns=(("nr", "1"), ("bez", "West")), schema=(), application=0x47504B47, quote=None):
    path = f"{OUT}/{name}"
    if os.path.exists(path):
        os.unlink(path)
    db = sqlite3.connect(path)
    db.execute(f"PRAGMA application_id = {application}")
    db.execute("PRAGMA user_version = 10300")
    db.executescript("""
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL,
    organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, 'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433],AUTHORITY["EPSG","4326"]]', '');
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT,
    last_change DATETIME, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
    srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, PRIMARY KEY (table_name, column_name));
""")
    db.execute("INSERT INTO gpkg_contents VALUES (?, 'features', ?, '', '2026-01-01T00:00:00Z', 7, 51, 7.1, 51.1, 4326)", (table, table))
    db.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'GEOMETRY', 4326, 0, 0)", (table,))
    q = lambda s: '"' + s.replace('"', '""') + '"'
    if schema is not None:
        db.execute(f"CREATE TABLE {q(table)} (fid INTEGER PRIMARY KEY, geom BLOB" + "".join(f", {q(c)} TEXT" for c, _ in columns) + ")")
        db.execute(f"INSERT INTO {q(table)} VALUES (1, ?" + ", ?" * len(columns) + ")", (blob(wkb([square()])) if geometry is None else geometry, *[v for _, v in columns]))
        for s in schema:
            db.execute(s)
    db.commit()
    return db


def done(db, name, code, text):
    db.commit()
    db.close()
    put(name, None, code, text)


row = 53
done(gpkg("good.gpkg"), "good.gpkg", 0, "1 Stadtteil")
data = open(f"{OUT}/good.gpkg", "rb").read()
put("head.gpkg", b"SQLite format 4\0" + data[16:], 3, "head.gpkg")
put("page.gpkg", data[:16] + b"\0\3" + data[18:], 3, "page.gpkg")
put("half.gpkg", data[:len(data) // 2], 3, "half.gpkg")
put("zeros.gpkg", data[:4096] + bytes(4096) + data[8192:], 3, "zeros.gpkg")
done(gpkg("id.gpkg", application=0x12345678), "id.gpkg", 3, "GeoPackage")
db = gpkg("wal.gpkg")
db.commit()
db.close()
open(f"{OUT}/wal.gpkg-wal", "wb").write(b"\x37\x7f\x06\x82" + bytes(5000))
put("wal.gpkg", None, 3, "wal.gpkg-wal")

row = 54
done(gpkg("trigger.gpkg", schema=("CREATE TRIGGER t AFTER INSERT ON orte BEGIN SELECT load_extension('/tmp/x'); END",)), "trigger.gpkg", 0, "1 Stadtteil")
for name, select in {"extension": "SELECT 1 AS fid, load_extension('/tmp/x') AS geom, '1' AS nr, 'x' AS bez", "readfile": "SELECT 1 AS fid, readfile('/etc/passwd') AS geom, '1' AS nr, 'x' AS bez",
                     "recursive": "WITH RECURSIVE c(fid) AS (SELECT 1 UNION ALL SELECT fid + 1 FROM c) SELECT fid, NULL AS geom, '1' AS nr, 'x' AS bez FROM c"}.items():
    db = gpkg(f"view_{name}.gpkg", schema=None)
    db.execute(f"CREATE VIEW orte AS {select}")
    done(db, f"view_{name}.gpkg", 3, "keine Tabelle")
db = gpkg("virtual.gpkg", schema=None)
db.execute("CREATE VIRTUAL TABLE orte USING fts5(geom, nr, bez)")
done(db, "virtual.gpkg", 3, "6 Ebenen")
db = gpkg("generated.gpkg", schema=None)
db.execute("CREATE TABLE orte (fid INTEGER PRIMARY KEY, geom BLOB, nr TEXT AS (hex(zeroblob(100))) VIRTUAL, bez TEXT)")
db.execute("INSERT INTO orte (geom, bez) VALUES (?, 'x')", (blob(wkb([square()])),))
done(db, "generated.gpkg", 3, "")
done(gpkg("columns.gpkg", columns=[("nr", "1"), ("bez", "W")] + [(f"c{i}", "") for i in range(1900)]), "columns.gpkg", 7, "256")

row = 55
done(gpkg("wkb_big.gpkg", blob(wkb([square()], ">"))), "wkb_big.gpkg", 0, "1 Stadtteil")
done(gpkg("wkb_flag.gpkg", blob(b"\7" + wkb([square()])[1:])), "wkb_flag.gpkg", 3, "Zeile 1")
done(gpkg("wkb_rings.gpkg", blob(wkb([square()], count=0xFFFFFFFF))), "wkb_rings.gpkg", 3, "Zeile 1")
done(gpkg("wkb_points.gpkg", blob(wkb([square()], ring_count=0xFFFFFFFF))), "wkb_points.gpkg", 3, "Zeile 1")
nested = wkb([square()])
for _ in range(200):
    nested = struct.pack("<BII", 1, 7, 1) + nested
done(gpkg("wkb_nested.gpkg", blob(nested)), "wkb_nested.gpkg", 3, "Zeile 1")
done(gpkg("wkb_ewkb.gpkg", blob(struct.pack("<BII", 1, 0x20000003, 4326) + wkb([square()])[5:])), "wkb_ewkb.gpkg", 3, "Zeile 1")
done(gpkg("wkb_envelope.gpkg", blob(wkb([square()]), 3, struct.pack("<dddd", 1e300, -1e300, float("nan"), 5))), "wkb_envelope.gpkg", 0, "1 Stadtteil")
done(gpkg("wkb_cut.gpkg", blob(wkb([square()])[:-9])), "wkb_cut.gpkg", 3, "Zeile 1")
done(gpkg("wkb_magic.gpkg", blob(wkb([square()]), magic=b"XX")), "wkb_magic.gpkg", 3, "Zeile 1")
done(gpkg("wkb_empty.gpkg", b""), "wkb_empty.gpkg", 3, "Zeile 1")

row = 56
done(gpkg("names.gpkg", table='a"; DROP TABLE x; --', columns=[("nr", "1"), ("bez", "W"), ('c"; DROP', "1")]), "names.gpkg", 0, "1 Stadtteil")
done(gpkg("name_long.gpkg", columns=[("nr", "1"), ("bez", "W"), ("x" * 1000000, "1")]), "name_long.gpkg", 7, "Name einer Spalte")
put("name_nul.geojson", collection(feature(polygon(square()))).replace('"bez"', '"b\\u0000z"'), 3, "Zeile 1")


# ---- Shapefile ------------------------------------------------------------------------------
def shp(name, dbf=b"W\xfcst", ldid=0x57, prj=True, with_dbf=True, with_shx=True, record=None, length=None, points=None):
    ring = points or [(7, 51), (7, 51.1), (7.1, 51.1), (7.1, 51), (7, 51)]
    body = struct.pack("<i4dii", 5, 7, 51, 7.1, 51.1, 1, len(ring)) + struct.pack("<i", 0) + b"".join(struct.pack("<dd", *p) for p in ring)
    size = len(body) // 2
    head = lambda words: struct.pack(">7i", 9994, 0, 0, 0, 0, 0, words) + struct.pack("<ii8d", 1000, 5, 7, 51, 7.1, 51.1, 0, 0, 0, 0)
    stem = f"{OUT}/{name}"
    open(stem + ".shp", "wb").write(head(length or 50 + 4 + size) + struct.pack(">ii", 1, record or size) + body)
    if with_shx:
        open(stem + ".shx", "wb").write(head(50 + 4) + struct.pack(">ii", 50, record or size))
    if with_dbf:
        fields = [("nr", 4), ("bez", 20)]
        open(stem + ".dbf", "wb").write(
            struct.pack("<BBBBIHH16xBBH", 3, 126, 1, 1, 1, 32 + 32 * 2 + 1, 1 + 24, 0, ldid, 0) +
            b"".join(struct.pack("<11sc4xBB14x", n.encode(), b"C", w, 0) for n, w in fields) + b"\r" + b" " + b"1   " + dbf.ljust(20) + b"\x1a")
    if prj:
        open(stem + ".prj", "w").write('GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]')


row = 57
shp("shape_1252")
put("shape_1252.shp", None, 0, "1 Stadtteil")
shp("shape_850", b"W\x81st", 0x02)
put("shape_850.shp", None, 0, "1 Stadtteil")
shp("shape_none", b"W\xfcst", 0)
put("shape_none.shp", None, 0, "1 Stadtteil")
shp("shape_prj", prj=False)
put("shape_prj.shp", None, 3, ".prj")
shp("shape_dbf", with_dbf=False)
put("shape_dbf.shp", None, 3, "shape_dbf.dbf")
shp("shape_shx", with_shx=False)
put("shape_shx.shp", None, 3, "shape_shx.shx")
shp("shape_length", length=5000)
put("shape_length.shp", None, 3, "abgeschnitten")
shp("shape_record", record=2000000000)
put("shape_record.shp", None, 3, "entity 0")
shp("shape_record0", record=1)
put("shape_record0.shp", None, 3, "Zeile 1")

row = 49
import array
import math
n = 8000002
ring = array.array("d", [0.0]) * (2 * n)
for i in range(0, n - 1, 4000):  # a rough circle; the corners between are copies, which is enough to be too many
    x, y = 7 + 0.1 * math.cos(2 * math.pi * i / n), 51 - 0.1 * math.sin(2 * math.pi * i / n)
    k = min(4000, n - 1 - i)
    ring[2 * i:2 * (i + k)] = array.array("d", [x, y]) * k
ring[-2:] = ring[:2]
shp("vertices", with_shx=True)
body = struct.pack("<i4dii", 5, 6.9, 50.9, 7.1, 51.1, 1, n) + struct.pack("<i", 0) + ring.tobytes()
head = lambda words: struct.pack(">7i", 9994, 0, 0, 0, 0, 0, words) + struct.pack("<ii8d", 1000, 5, 6.9, 50.9, 7.1, 51.1, 0, 0, 0, 0)
open(f"{OUT}/vertices.shp", "wb").write(head(54 + len(body) // 2) + struct.pack(">ii", 1, len(body) // 2) + body)
open(f"{OUT}/vertices.shx", "wb").write(head(54) + struct.pack(">ii", 50, len(body) // 2))
put("vertices.shp", None, 7, "8 Millionen")
