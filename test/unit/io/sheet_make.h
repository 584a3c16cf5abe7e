/* sheet_make.h - a stored ZIP archive from texts in memory, for tests and the fuzz target. */
#ifndef SHEET_MAKE_H
#define SHEET_MAKE_H

#include "base/buf.h"
#include "base/view.h"

#include <string.h>
#include <zlib.h>

typedef struct sheet_part {
    const char *name, *text;
    size_t n;
} sheet_part;

static void sheet_number(kz_buf *b, uint32_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        kz_buf_char(b, (char)(v >> 8 * i));
}

/* What head and list have in common. */
static void sheet_fields(kz_buf *b, const sheet_part *p)
{
    sheet_number(b, 0, 4); /* flags, stored */
    sheet_number(b, 0, 4); /* time          */
    sheet_number(b, (uint32_t)crc32(0, (const unsigned char *)p->text, (unsigned)p->n), 4);
    sheet_number(b, (uint32_t)p->n, 4);
    sheet_number(b, (uint32_t)p->n, 4);
    sheet_number(b, (uint32_t)strlen(p->name), 2);
    sheet_number(b, 0, 2);
}

static void sheet_zip(kz_buf *out, const sheet_part parts[], int n)
{
    uint32_t at[16] = { 0 };
    for (int i = 0; i < n; i++) {
        at[i] = (uint32_t)out->n;
        kz_buf_add(out, "PK\3\4\24\0", 6);
        sheet_fields(out, &parts[i]);
        kz_buf_str(out, parts[i].name);
        kz_buf_add(out, parts[i].text, parts[i].n);
    }
    uint32_t list = (uint32_t)out->n;
    for (int i = 0; i < n; i++) {
        kz_buf_add(out, "PK\1\2\24\0\24\0", 8);
        sheet_fields(out, &parts[i]);
        sheet_number(out, 0, 2); /* comment    */
        sheet_number(out, 0, 4); /* disk, kind */
        sheet_number(out, 0, 4);
        sheet_number(out, at[i], 4);
        kz_buf_str(out, parts[i].name);
    }
    uint32_t size = (uint32_t)out->n - list;
    kz_buf_add(out, "PK\5\6\0\0\0\0", 8);
    sheet_number(out, (uint32_t)n, 2);
    sheet_number(out, (uint32_t)n, 2);
    sheet_number(out, size, 4);
    sheet_number(out, list, 4);
    sheet_number(out, 0, 2);
}

#define SHEET_RELS                                                                                   \
    "<R><Relationship Id='a' Type='x/worksheet' Target='worksheets/s.xml'/>"                          \
    "<Relationship Id='b' Type='x/sharedStrings' Target='strings.xml'/>"                              \
    "<Relationship Id='c' Type='x/styles' Target='styles.xml'/></R>"
#define SHEET_BOOK(STATE) "<w><workbookPr/><sheets><sheet name='T' id='a'" STATE "/></sheets></w>"
#define SHEET_STYLES                                                                                 \
    "<s><numFmts><numFmt numFmtId='200' formatCode='000'/></numFmts><cellXfs><xf numFmtId='0'/>"      \
    "<xf numFmtId='9'/><xf numFmtId='14'/><xf numFmtId='200'/></cellXfs></s>"

/* An XLSX file with one sheet. */
static void sheet_xlsx(kz_buf *out, kz_view sheet, kz_view strings, kz_view styles, kz_view sheets)
{
    const sheet_part parts[] = {
        { "[Content_Types].xml", "<T/>", 4 },
        { "xl/_rels/workbook.xml.rels", SHEET_RELS, sizeof SHEET_RELS - 1 },
        { "xl/strings.xml", strings.p, strings.n },
        { "xl/styles.xml", styles.p, styles.n },
        { "xl/workbook.xml", sheets.p, sheets.n },
        { "xl/worksheets/s.xml", sheet.p, sheet.n },
    };
    sheet_zip(out, parts, sizeof parts / sizeof *parts);
}

#endif
