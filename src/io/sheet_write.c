#include "io/sheet_write.h"

#include "base/utf8.h"
#include "io/sheetfile.h"

#include <string.h>
#include <zlib.h>

enum { CELL_CHARACTERS = 32767, PARTS = 5 };

#define XML  "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define SPEC "http://schemas.openxmlformats.org/"

void kz_sheet_out_begin(kz_sheet_out *w, const char *name, size_t max)
{
    *w = (kz_sheet_out){ .sheet = kz_buf_init(max), .name = kz_buf_init(256), .row = 1 };
    kz_buf_str(&w->name, name);
    kz_buf_str(&w->sheet, XML "<worksheet xmlns=\"" SPEC "spreadsheetml/2006/main\"><sheetViews>"
                              "<sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" state=\"frozen\"/>"
                              "</sheetView></sheetViews><sheetData>");
}

void kz_sheet_out_done(kz_sheet_out *w)
{
    kz_buf_done(&w->sheet);
    kz_buf_done(&w->name);
}

static const char *begin_cell(kz_sheet_out *w, char place[static 16])
{
    if (!w->in_row)
        kz_html(&w->sheet, "<row r=\"%u\">", w->row);
    w->in_row = true;
    return kz_sheet_place(w->row, w->column++, place);
}

void kz_sheet_put_str(kz_sheet_out *w, const char *text)
{
    char place[16], c[4];
    begin_cell(w, place);
    if (!text || *text == '\0')
        return;
    kz_html(&w->sheet, "<c r=\"%s\" t=\"inlineStr\"><is><t xml:space=\"preserve\">", place);
    const char *at = text, *end = text + strlen(text);
    for (int n = 0; at < end && n < CELL_CHARACTERS; n++) {
        uint32_t u = kz_utf8_next(&at, end);
        if ((u < 0x20 && u != '\t' && u != '\n' && u != '\r') || u == 0xFFFE || u == 0xFFFF)
            u = 0xFFFD;
        kz_html_escape(&w->sheet, c, kz_utf8_put(c, u));
    }
    kz_buf_str(&w->sheet, "</t></is></c>");
}

void kz_sheet_put_int(kz_sheet_out *w, int64_t n)
{
    char place[16];
    begin_cell(w, place);
    kz_html(&w->sheet, "<c r=\"%s\"><v>%lld</v></c>", place, (long long)n);
}

void kz_sheet_line(kz_sheet_out *w)
{
    if (w->in_row)
        kz_buf_str(&w->sheet, "</row>");
    w->in_row = false;
    w->column = 0;
    w->row++;
}

/* ---- the archive -------------------------------------------------------------------- */

typedef struct part {
    const char *name, *text;
    size_t n, at;
} part;

static void number(kz_buf *b, uint32_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        kz_buf_char(b, (char)(v >> 8 * i));
}

/* What the head of an entry and its line in the list have in common: stored, 1980-01-01. */
static void common(kz_buf *out, const part *p)
{
    number(out, 0, 4);
    number(out, 0x00210000, 4);
    number(out, (uint32_t)crc32_z(0, (const unsigned char *)p->text, p->n), 4);
    number(out, (uint32_t)p->n, 4);
    number(out, (uint32_t)p->n, 4);
    number(out, (uint32_t)strlen(p->name), 2);
    number(out, 0, 2);
}

static void archive(kz_buf *out, part parts[static PARTS])
{
    size_t from = out->n;
    for (int i = 0; i < PARTS; i++) {
        parts[i].at = out->n - from;
        kz_buf_add(out, "PK\3\4\24\0", 6);
        common(out, &parts[i]);
        kz_buf_str(out, parts[i].name);
        kz_buf_add(out, parts[i].text, parts[i].n);
    }
    size_t list = out->n - from;
    for (int i = 0; i < PARTS; i++) {
        kz_buf_add(out, "PK\1\2\24\0\24\0", 8);
        common(out, &parts[i]);
        number(out, 0, 2);
        number(out, 0, 4);
        number(out, 0, 4);
        number(out, (uint32_t)parts[i].at, 4);
        kz_buf_str(out, parts[i].name);
    }
    uint32_t size = (uint32_t)(out->n - from - list);
    kz_buf_add(out, "PK\5\6\0\0\0\0", 8);
    number(out, PARTS, 2);
    number(out, PARTS, 2);
    number(out, size, 4);
    number(out, (uint32_t)list, 4);
    number(out, 0, 2);
}

kz_status kz_sheet_out_end(kz_sheet_out *w, kz_buf *file, kz_err *err)
{
    static const char TYPES[] =
        XML "<Types xmlns=\"" SPEC "package/2006/content-types\">"
            "<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
            "<Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument."
            "spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\""
            "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>";
    static const char TOP[] = XML "<Relationships xmlns=\"" SPEC "package/2006/relationships\">"
                                  "<Relationship Id=\"rId1\" Type=\"" SPEC
                                  "officeDocument/2006/relationships/officeDocument\" "
                                  "Target=\"xl/workbook.xml\"/></Relationships>";
    static const char RELS[] = XML "<Relationships xmlns=\"" SPEC "package/2006/relationships\">"
                                   "<Relationship Id=\"rId1\" Type=\"" SPEC
                                   "officeDocument/2006/relationships/worksheet\" "
                                   "Target=\"worksheets/sheet1.xml\"/></Relationships>";
    kz_auto(kz_buf) book = kz_buf_init(4096);
    kz_html(&book, XML "<workbook xmlns=\"" SPEC "spreadsheetml/2006/main\" xmlns:r=\"" SPEC
                          "officeDocument/2006/relationships\"><sheets><sheet name=\"%s\" sheetId=\"1\" r:id=\"rId1\"/>"
                          "</sheets></workbook>", kz_buf_text(&w->name));
    kz_buf_str(&w->sheet, "</sheetData></worksheet>");
    part parts[PARTS] = {
        { .name = "[Content_Types].xml", .text = TYPES, .n = sizeof TYPES - 1 },
        { .name = "_rels/.rels", .text = TOP, .n = sizeof TOP - 1 },
        { .name = "xl/workbook.xml", .text = kz_buf_text(&book), .n = book.n },
        { .name = "xl/_rels/workbook.xml.rels", .text = RELS, .n = sizeof RELS - 1 },
        { .name = "xl/worksheets/sheet1.xml", .text = kz_buf_text(&w->sheet), .n = w->sheet.n },
    };
    archive(file, parts);
    if (kz_buf_status(&w->sheet) != KZ_OK || kz_buf_status(&book) != KZ_OK || kz_buf_status(file) != KZ_OK ||
        w->row > KZ_SHEET_ROWS_MAX)
        return kz_fail(err, KZ_E_LIMIT, "sheet.report_large", kz_n("rows", w->row));
    return KZ_OK;
}
