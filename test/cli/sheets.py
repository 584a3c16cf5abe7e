"""sheets.py - spreadsheets for tests, honest and hostile, from the standard library alone.

    from sheets import xlsx, ods, cell
    xlsx("a.xlsx", {"Bestand": [["Nr", "Zahl"], ["501", 12]]})

A cell is None, a text, a number, True, or a dict: {"v": 12, "t": "n", "s": style, "f": "1+1"}.
Styles of xlsx(): 0 nothing, 1 percent, 2 date, 3 text, 4 "000", 5 own percent format, 6 [h]:mm.
"""
import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PKG = "http://schemas.openxmlformats.org/package/2006/relationships"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLES = (f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="3"><numFmt numFmtId="164" formatCode="000"/>'
          '<numFmt numFmtId="165" formatCode="0.0\\ &quot;von&quot;\\ %;[Red]0"/><numFmt numFmtId="166" formatCode="[h]:mm"/></numFmts>'
          '<cellXfs><xf numFmtId="0"/><xf numFmtId="9"/><xf numFmtId="14"/><xf numFmtId="49"/><xf numFmtId="164"/>'
          '<xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>')


def letters(column):
    out = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        out = chr(65 + rest) + out
    return out


def sheet_xml(rows, merges=(), hidden_columns=(), hidden_rows=(), strings=None, dimension="A1"):
    out = [f'{HEAD}<worksheet xmlns="{MAIN}"><dimension ref="{dimension}"/>']
    if hidden_columns:
        out.append("<cols>" + "".join(f'<col min="{c + 1}" max="{c + 1}" hidden="1"/>' for c in hidden_columns) + "</cols>")
    out.append("<sheetData>")
    for r, row in enumerate(rows, 1):
        if row is None:
            continue
        out.append(f'<row r="{r}"' + (' hidden="1">' if r in hidden_rows else ">"))
        for c, v in enumerate(row):
            if v is None:
                continue
            ref = f"{letters(c)}{r}"
            if isinstance(v, dict):
                at = f' t="{v["t"]}"' if "t" in v else ""
                at += f' s="{v["s"]}"' if "s" in v else ""
                f = f'<f>{escape(v["f"])}</f>' if "f" in v else ""
                x = f'<v>{escape(str(v["v"]))}</v>' if "v" in v else ""
                out.append(f'<c r="{ref}"{at}>{f}{x}</c>')
            elif v is True or v is False:
                out.append(f'<c r="{ref}" t="b"><v>{int(v)}</v></c>')
            elif isinstance(v, (int, float)):
                out.append(f'<c r="{ref}"><v>{v!r}</v></c>')
            elif strings is not None:
                out.append(f'<c r="{ref}" t="s"><v>{strings.setdefault(v, len(strings))}</v></c>')
            else:
                out.append(f'<c r="{ref}" t="inlineStr"><is><t xml:space="preserve">{escape(v)}</t></is></c>')
        out.append("</row>")
    out.append("</sheetData>")
    if merges:
        out.append("<mergeCells>" + "".join(f'<mergeCell ref="{m}"/>' for m in merges) + "</mergeCells>")
    out.append("</worksheet>")
    return "".join(out)


def parts(sheets, states=None, from_1904=False, options=None, shared=True):
    """The entries of an XLSX file as a dict name -> text."""
    states, options = states or {}, options or {}
    strings = {} if shared else None
    out = {}
    book, rels = [], []
    for i, (name, rows) in enumerate(sheets.items(), 1):
        out[f"xl/worksheets/sheet{i}.xml"] = sheet_xml(rows, strings=strings, **options.get(name, {}))
        state = f' state="{states[name]}"' if name in states else ""
        book.append(f'<sheet name={quoteattr(name)} sheetId="{i}"{state} r:id="rId{i}"/>')
        rels.append(f'<Relationship Id="rId{i}" Type="{REL}/worksheet" Target="worksheets/sheet{i}.xml"/>')
    rels.append(f'<Relationship Id="s" Type="{REL}/styles" Target="styles.xml"/>')
    rels.append(f'<Relationship Id="t" Type="{REL}/sharedStrings" Target="/xl/sharedStrings.xml"/>')
    rels.append(f'<Relationship Id="x" Type="{REL}/externalLink" Target="http://example.org/" TargetMode="External"/>')
    out["[Content_Types].xml"] = f'{HEAD}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    out["_rels/.rels"] = (f'{HEAD}<Relationships xmlns="{PKG}"><Relationship Id="rId1" Type="{REL}/officeDocument" '
                          'Target="xl/workbook.xml"/></Relationships>')
    out["xl/workbook.xml"] = (f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{REL}"><workbookPr'
                              + (' date1904="1"' if from_1904 else "") + "/><sheets>" + "".join(book) + "</sheets></workbook>")
    out["xl/_rels/workbook.xml.rels"] = f'{HEAD}<Relationships xmlns="{PKG}">{"".join(rels)}</Relationships>'
    out["xl/styles.xml"] = STYLES
    items = "".join(f'<si><t xml:space="preserve">{escape(s)}</t></si>' for s in (strings or {}))
    out["xl/sharedStrings.xml"] = f'{HEAD}<sst xmlns="{MAIN}">{items}</sst>'
    return out


def pack(entries, first=()):
    """A ZIP file of the entries; `first` are stored, in front."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as z:
        for name in first:
            z.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), entries[name])
        for name, text in entries.items():
            if name not in first:
                info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
                info.compress_type = zipfile.ZIP_DEFLATED
                z.writestr(info, text)
    return data.getvalue()


def xlsx(path, sheets, **how):
    with open(path, "wb") as f:
        f.write(pack(parts(sheets, **how)))


def ods(path, sheets, hidden=()):
    """Cells as above; a tuple (value, columns, rows) spans; a dict holds attributes and "text"."""
    out = [f'{HEAD}<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
           'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" '
           'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0">'
           '<office:automatic-styles><style:style style:name="ta1" style:family="table"><style:table-properties table:display="true"/></style:style>'
           '<style:style style:name="ta2" style:family="table"><style:table-properties table:display="false"/></style:style>'
           '</office:automatic-styles><office:body><office:spreadsheet>']
    for name, rows in sheets.items():
        out.append(f'<table:table table:name={quoteattr(name)} table:style-name="{"ta2" if name in hidden else "ta1"}">'
                   '<table:table-column table:number-columns-repeated="16384"/>')
        for row in rows:
            out.append("<table:table-row>")
            for v in row or []:
                span = ""
                if isinstance(v, tuple):
                    v, wide, high = v
                    span = f' table:number-columns-spanned="{wide}" table:number-rows-spanned="{high}"'
                if v is None:
                    out.append("<table:table-cell/>")
                elif v == "covered":
                    out.append("<table:covered-table-cell/>")
                elif isinstance(v, dict):
                    at = "".join(f" {k}={quoteattr(str(x))}" for k, x in v.items() if k != "text")
                    text = f'<text:p>{escape(v["text"])}</text:p>' if "text" in v else ""
                    out.append(f"<table:table-cell{at}>{text}</table:table-cell>")
                elif isinstance(v, (int, float)):
                    out.append(f'<table:table-cell{span} office:value-type="float" office:value="{v!r}"><text:p>{v}</text:p></table:table-cell>')
                else:
                    out.append(f'<table:table-cell{span} office:value-type="string"><text:p>{escape(v)}</text:p></table:table-cell>')
            out.append("</table:table-row>")
        out.append('<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>')
        out.append("</table:table>")
    out.append("</office:spreadsheet></office:body></office:document-content>")
    with open(path, "wb") as f:
        f.write(pack({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "".join(out),
                      "META-INF/manifest.xml": f'{HEAD}<manifest:manifest xmlns:manifest="urn:m"/>'}, first=["mimetype"]))
