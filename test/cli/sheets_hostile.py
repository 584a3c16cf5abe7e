"""sheets_hostile.py DIR - files that nobody should send (TRUST.md table b, rows 27 to 43), one a line on stdout:
row of that table, file, exit code of the import, a part of the message."""
import gzip
import io
import struct
import sys
import zipfile
import zlib

sys.path.insert(0, __file__.rsplit("/", 1)[0])
import sheets

OUT = sys.argv[1]
ROWS = [["Nr", "Jahr", "Merkmal", "Zahl"], ["1", "2012", "Einwohner", 10]]


row = 0


def put(name, data, code, text):
    with open(f"{OUT}/{name}", "wb") as f:
        f.write(data)
    print(row, name, code, text, sep="\t")


def book(**change):
    """A good workbook with entries changed: name -> text, None removes it."""
    entries = sheets.parts({"Bestand": ROWS})
    for name, text in change.pop("entries", {}).items():
        if text is None:
            del entries[name]
        else:
            entries[name] = text
    return entries


def with_sheet(data):
    return sheets.pack(book(entries={"xl/worksheets/sheet1.xml": data}))


def sheet(cells):
    return f'<worksheet xmlns="{sheets.MAIN}"><sheetData>{cells}</sheetData></worksheet>'


def strings(text):
    return sheets.pack(book(entries={"xl/sharedStrings.xml": text}))


GOOD = sheets.pack(book())

# 28, 29: document types in every encoding
LAUGHS = '<!DOCTYPE l [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{("&" + chr(97 + i) + ";") * 10}">' for i in range(9)) + "]>"
row = 28
put("dtd_file.xlsx", strings('<!DOCTYPE sst SYSTEM "file:///etc/passwd"><sst/>'), 3, "DOCTYPE")
row = 29
put("dtd_laughs.xlsx", strings(f"<?xml version='1.0'?>{LAUGHS}<sst><si><t>&j;</t></si></sst>"), 3, "DOCTYPE")
put("dtd_parameter.xlsx", strings('<!DOCTYPE s [<!ENTITY % p SYSTEM "http://example.org/x">%p;]><sst/>'), 3, "DOCTYPE")
put("dtd_blowup.xlsx", strings('<!DOCTYPE s [<!ENTITY a "' + "x" * 50000 + '">]><sst>' + "&a;" * 5000 + "</sst>"), 3, "DOCTYPE")
put("dtd_utf16.xlsx", sheets.pack(book(entries={
    "xl/sharedStrings.xml": '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE s SYSTEM "x"><sst/>'.encode("utf-16")})), 3, "DOCTYPE")
put("dtd_utf7.xlsx", strings('<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE s SYSTEM "x"><sst/>'), 3, "kein lesbares XML")
put("encoding_x.xlsx", strings('<?xml version="1.0" encoding="x"?><sst/>'), 3, "kein lesbares XML")

# 30, 31: bombs and lies about sizes
row = 30
put("bomb.xlsx", with_sheet(sheet("<row>" + " " * (600 << 20) + "</row>")), 7, "512 MiB")
inner = sheets.pack({"a.zip": GOOD})
put("nested.xlsx", inner, 3, "keine Tabelle")


def lie(data, name, what, value, where):
    """Change a field of the head (0) or the list (1) of an entry."""
    data = bytearray(data)
    sign, at_name, fields = ((b"PK\3\4", 30, {"crc": 14, "packed": 18, "size": 22, "flags": 6, "method": 8}),
                             (b"PK\1\2", 46, {"crc": 16, "packed": 20, "size": 24, "flags": 8, "method": 10, "head": 42, "mode": 38}))[where]
    at = data.find(sign)
    while at >= 0:
        if data[at + at_name:at + at_name + len(name)] == name.encode():
            data[at + fields[what]:at + fields[what] + len(value)] = value
            return bytes(data)
        at = data.find(sign, at + 1)
    raise SystemExit("no such entry")


S = "xl/worksheets/sheet1.xml"
both = lambda what, value: lie(lie(GOOD, S, what, value, 0), S, what, value, 1)
put("overlap.xlsx", lie(GOOD, S, "head", struct.pack("<I", GOOD.find(b"PK\3\4", 10)), 1), 3, "widersprechen")
row = 31
put("size_4g.xlsx", both("size", b"\xfe\xff\xff\xff"), 7, "512 MiB")
put("size_0.xlsx", both("size", b"\0\0\0\0"), 3, "widersprechen")
put("size_head.xlsx", lie(GOOD, S, "size", b"\1\2\0\0", 0), 3, "widersprechen")
put("crc_head.xlsx", lie(GOOD, S, "crc", b"\1\2\3\4", 0), 3, "widersprechen")
row = 34
put("crc.xlsx", both("crc", b"\1\2\3\4"), 3, "beschädigt")
row = 33
put("method.xlsx", both("method", b"\x0e\0"), 3, "Verfahren")
put("encrypted_entry.xlsx", both("flags", b"\1\0"), 3, "Kennwort")
row = 32
put("zip64.xlsx", lie(GOOD, S, "size", b"\xff\xff\xff\xff", 1), 3, "ZIP64")

# 32: entries
row = 32
many = sheets.parts({"Bestand": ROWS})
many.update({f"xl/x{i}": "" for i in range(5000)})
put("entries.xlsx", sheets.pack(many), 7, "Teile")
crowd = io.BytesIO()
with zipfile.ZipFile(crowd, "w") as z:
    for i in range(65537):
        z.writestr(f"x{i}", "")
put("entries_65537.xlsx", crowd.getvalue(), 3, "ZIP64")
for i, bad in enumerate(["../../x", "/etc/x", "C:\\x", "a/../../x", "a\\..\\x"]):
    data = sheets.pack(book(entries={"QQQQQQQQ"[:len(bad)].ljust(len(bad), "Q"): "x"}))
    put(f"name{i}.xlsx", data.replace(b"Q" * len(bad), bad.encode()), 3, "Namen sind nicht erlaubt")
put("name_nul.xlsx", sheets.pack(book(entries={"QQQ": "x"})).replace(b"QQQ", b"Q\0Q"), 3, "Namen sind nicht erlaubt")
put("link.xlsx", lie(GOOD, "xl/styles.xml", "mode", struct.pack("<I", 0o120777 << 16), 1), 3, "Namen sind nicht erlaubt")
twice = sheets.pack(book(entries={"xl/stylex.xml": "<x/>"}))
put("twice.xlsx", twice.replace(b"xl/stylex.xml", b"xl/styles.xml"), 3, "zweimal")

# 33: other formats
row = 33
put("old.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), 3, "XLSX, ODS und CSV")
put("locked.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(9), 3, "Kennwort")
put("macros.xlsm", sheets.pack(book(entries={"xl/vbaProject.bin": "x"})), 3, "Makros")
put("binary.xlsb", sheets.pack(book(entries={"xl/workbook.bin": "x"})), 3, "XLSB")
put("text.docx", sheets.pack(book(entries={"xl/workbook.xml": None, "word/document.xml": "<x/>"})), 3, "keine Tabelle")
put("text.odt", sheets.pack({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}, first=["mimetype"]), 3, "keine Tabelle")
sheets.ods(f"{OUT}/tmp.ods", {"A": ROWS})
locked = {}
with zipfile.ZipFile(f"{OUT}/tmp.ods") as z:
    locked = {n: z.read(n) for n in z.namelist()}
locked["META-INF/manifest.xml"] = b'<m:manifest xmlns:m="urn:m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>'
put("locked.ods", sheets.pack(locked, first=["mimetype"]), 3, "Kennwort")

# 34: cut, with something behind, of several disks
row = 34
for percent in range(1, 100):
    put(f"cut{percent:02d}.xlsx", GOOD[:len(GOOD) * percent // 100], 3, "")
put("behind.xlsx", GOOD + b"garbage", 3, "dahinter")
end = GOOD.rfind(b"PK\5\6")
put("disks.xlsx", GOOD[:end + 4] + b"\1\0" + GOOD[end + 6:], 3, "mehrteiliges")

# 36, 37: cells
row = 36
for i, ref in enumerate(["XFE1", "A0", "A99999999999", "1A", "", "a1", "A1048577", "AAAAAAAAAAAA1"]):
    put(f"ref{i}.xlsx", with_sheet(sheet(f'<row r="1"><c r="{ref}"><v>1</v></c></row>')), 3, "keine Zelle")
put("rows_back.xlsx", with_sheet(sheet('<row r="2"/><row r="1"/>')), 3, "keine Zelle")
put("cells_back.xlsx", with_sheet(sheet('<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>')), 3, "keine Zelle")
row = 37
for i, at in enumerate(["-1", "2147483648", "99", "x"]):
    put(f"string{i}.xlsx", with_sheet(sheet(f'<row r="1"><c r="A1" t="s"><v>{at}</v></c></row>')), 3, "Bestand!A1")

# 43: depth, attributes, namespaces, texts
row = 43
put("deep.xlsx", with_sheet("<a>" * 100000 + "</a>" * 100000), 7, "verschachtelt")
put("attribute.xlsx", with_sheet(f'<worksheet x="{"y" * (10 << 20)}"/>'), 7, "länger als erlaubt")
put("attribute2.xlsx", with_sheet(f'<worksheet x="{"y" * 100000}"/>'), 7, "länger als erlaubt")
put("namespaces.xlsx", with_sheet("<worksheet " + " ".join(f'xmlns:a{i}="b"' for i in range(1000000)) + "/>"), 7, "länger als erlaubt")
put("text.xlsx", with_sheet(sheet(f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 200000}</t></is></c></row>')), 7, "zu lang")
row = 37
put("rich.xlsx", strings("<sst><si>" + "<r>" * 70 + "</r>" * 70 + "</si></sst>"), 7, "verschachtelt")

# 27: content decides, not the name
row = 27
put("zip.csv", sheets.pack({"a.csv": "x"}), 3, "keine Tabelle")
packed = gzip.compress(b"Nr;Jahr\n" * 10)
put("cut.csv.gz", packed[:-5], 3, "beschädigt")
put("crc.csv.gz", packed[:-8] + b"\0\0\0\0" + packed[-4:], 3, "beschädigt")
big = io.BytesIO()
with gzip.GzipFile(fileobj=big, mode="wb", compresslevel=6) as z:
    for _ in range(601):
        z.write(b" " * (1 << 20))
put("bomb.csv.gz", big.getvalue(), 7, "512 MiB")
put("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(100), 3, "Bild")
