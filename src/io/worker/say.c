/* Frames, and the row that is being filled. */
#include "io/worker/book.h"

#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

static void put_u32(kz_buf *b, uint32_t v)
{
    unsigned char bytes[4] = { (unsigned char)v, (unsigned char)(v >> 8), (unsigned char)(v >> 16),
                               (unsigned char)(v >> 24) };
    kz_buf_add(b, bytes, 4);
}

static void put_text(kz_buf *b, kz_view v)
{
    put_u32(b, (uint32_t)v.n);
    kz_buf_add(b, v.p, v.n);
}

static kz_buf *begin(book *b, char type)
{
    kz_buf_clear(&b->frame);
    kz_buf_char(&b->frame, type);
    put_u32(&b->frame, 0);
    return &b->frame;
}

static bool finish(book *b)
{
    if (kz_buf_status(&b->frame) != KZ_OK)
        return book_fail(b, KZ_SHEET_MEMORY, "%s", b->sheet);
    uint32_t n = (uint32_t)(b->frame.n - 5);
    for (int i = 0; i < 4; i++)
        b->frame.p[1 + i] = (char)(n >> 8 * i);
    b->write(b->to, b->frame.p, b->frame.n);
    return true;
}

bool book_fail(book *b, kz_sheet_message m, const char *fmt, ...)
{
    if (b->failed)
        return false;
    va_list args;
    va_start(args, fmt);
    vsnprintf(b->what, sizeof b->what, fmt, args);
    va_end(args);
    /* Names of entries are bytes, and what is cut may end in half a character. */
    size_t n = strlen(b->what);
    for (size_t bad; (bad = kz_utf8_bad(b->what, n)) < n;)
        b->what[bad] = '?';
    b->message = m;
    b->failed = true;
    return false;
}

const char *cell_name(uint32_t row, uint32_t column, char out[static 16])
{
    char letters[8];
    size_t n = 0;
    for (uint32_t c = column + 1; c > 0 && n < sizeof letters; c = (c - 1) / 26)
        letters[n++] = (char)('A' + (c - 1) % 26);
    size_t at = 0;
    while (n > 0)
        out[at++] = letters[--n];
    snprintf(out + at, 16 - at, "%u", row % 10000000);
    return out;
}

bool say_sheet(book *b, unsigned visibility, kz_view name)
{
    size_t keep = name.n < sizeof b->sheet ? name.n : sizeof b->sheet - 1;
    while (keep < name.n && keep > 0 && ((unsigned char)name.p[keep] & 0xC0) == 0x80)
        keep--;
    memcpy(b->sheet, name.p, keep);
    b->sheet[keep] = '\0';
    if (++b->sheets > KZ_SHEET_SHEETS_MAX)
        return book_fail(b, KZ_SHEET_SHEETS, "%d", KZ_SHEET_SHEETS_MAX);
    kz_buf *f = begin(b, 'S');
    kz_buf_char(f, (char)visibility);
    put_text(f, (kz_view){ b->sheet, keep });
    return finish(b);
}

void row_begin(book *b, uint32_t row, bool hidden)
{
    kz_buf_clear(&b->row);
    b->row_at = row;
    b->row_hidden = hidden;
    b->row_n = 0;
}

bool row_cell(book *b, uint32_t column, kz_cell_kind kind, unsigned style, kz_view text)
{
    char name[16];
    if (text.n > KZ_SHEET_TEXT_MAX)
        return book_fail(b, KZ_SHEET_TEXT, "%s!%s", b->sheet, cell_name(b->row_at, column, name));
    if (++b->cells > KZ_SHEET_CELLS_MAX)
        return book_fail(b, KZ_SHEET_CELLS, "%d", KZ_SHEET_CELLS_MAX);
    put_u32(&b->row, column);
    kz_buf_char(&b->row, (char)kind);
    kz_buf_char(&b->row, (char)style);
    put_text(&b->row, text);
    b->row_n++;
    return kz_buf_status(&b->row) == KZ_OK || book_fail(b, KZ_SHEET_MEMORY, "%s", b->sheet);
}

bool row_end(book *b)
{
    if (b->row_n == 0)
        return true;
    kz_buf *f = begin(b, 'R');
    put_u32(f, b->row_at);
    kz_buf_char(f, b->row_hidden);
    put_u32(f, b->row_n);
    kz_buf_add(f, kz_buf_text(&b->row), b->row.n);
    return finish(b);
}

bool say_merged(book *b, uint32_t row, uint32_t column, uint32_t last_row, uint32_t last_column)
{
    if (++b->merges > KZ_SHEET_MERGES_MAX)
        return book_fail(b, KZ_SHEET_MERGES, "%d", KZ_SHEET_MERGES_MAX);
    kz_buf *f = begin(b, 'M');
    put_u32(f, row);
    put_u32(f, column);
    put_u32(f, last_row);
    put_u32(f, last_column);
    return finish(b);
}

bool say_hidden(book *b, uint32_t first, uint32_t last)
{
    kz_buf *f = begin(b, 'C');
    put_u32(f, first);
    put_u32(f, last);
    return finish(b);
}

bool say_data(book *b, const char *p, size_t n)
{
    kz_buf_add(begin(b, 'D'), p, n);
    return finish(b);
}

/* What kind of file this is, by its first bytes: names say nothing. */
static bool read_any(book *b)
{
    static const char OLE[] = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
    /* "EncryptedPackage" as the directory of an OLE file spells it */
    static const char ENCRYPTED[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
    if (b->n >= 8 && memcmp(b->p, OLE, 8) == 0)
        return memmem(b->p, b->n, ENCRYPTED, sizeof ENCRYPTED) ? book_fail(b, KZ_SHEET_ENCRYPTED, "%s", "")
                                                              : book_fail(b, KZ_SHEET_XLS, "%s", "");
    if (b->n >= 2 && b->p[0] == 0x1F && b->p[1] == 0x8B)
        return gzip_say(b);
    if (!zip_open(b))
        return false;
    if (zip_find(b, "xl/vbaProject.bin"))
        return book_fail(b, KZ_SHEET_MACROS, "%s", "xl/vbaProject.bin");
    if (zip_find(b, "xl/workbook.bin"))
        return book_fail(b, KZ_SHEET_XLSB, "%s", "xl/workbook.bin");
    if (zip_find(b, "content.xml"))
        return ods_read(b);
    if (zip_find(b, "[Content_Types].xml"))
        return xlsx_read(b);
    return book_fail(b, KZ_SHEET_OTHER, "%s", "");
}

void book_read(book *b)
{
    kz_arena_init(&b->arena, (size_t)512 << 20);
    b->frame = kz_buf_init(KZ_SHEET_FRAME_MAX);
    b->row = kz_buf_init(KZ_SHEET_FRAME_MAX - 64);
    if (read_any(b)) {
        put_u32(begin(b, 'Z'), b->sheets);
        if (finish(b))
            return;
    }
    kz_buf *f = begin(b, 'E');
    kz_buf_char(f, (char)b->message);
    put_text(f, kz_view_of(b->what));
    (void)finish(b);
}

void book_done(book *b)
{
    kz_buf_done(&b->frame);
    kz_buf_done(&b->row);
    kz_arena_done(&b->arena);
}
