/* Spreadsheets: the parsers in this process, and the worker in its own. */
#include "kz_test.h"

#include "io/sheet_write.h"
#include "io/sheetfile.h"
#include "io/worker/book.h"
#include "io/worker/xlsx.h"
#include "sheet_make.h"

#include "base/rng.h"

typedef struct said {
    kz_buf frames, file, plain;
    kz_arena arena;
    kz_book book;
    kz_err err;
} said;

static void said_done(said *s)
{
    kz_buf_done(&s->frames);
    kz_buf_done(&s->file);
    kz_buf_done(&s->plain);
    kz_arena_done(&s->arena);
}

static said said_init(void)
{
    said s = { .frames = kz_buf_init(16 << 20), .file = kz_buf_init(16 << 20), .plain = kz_buf_init(1 << 20) };
    kz_arena_init(&s.arena, 64 << 20);
    return s;
}

static void keep(void *to, const char *p, size_t n)
{
    kz_buf_add(to, p, n);
}

/* Parse s->file here and take the frames apart. */
static kz_status read_here(said *s)
{
    book b = { .p = (const unsigned char *)kz_buf_text(&s->file), .n = s->file.n, .write = keep, .to = &s->frames };
    kz_buf_clear(&s->frames);
    book_read(&b);
    book_done(&b);
    return kz_book_from_frames("f", s->frames.p, s->frames.n, &s->arena, &s->book, &s->plain, &s->err);
}

#define SHEET                                                                                              \
    "<worksheet><cols><col min='2' max='2' hidden='1'/></cols><sheetData>"                                  \
    "<row><c t='s'><v>1</v></c><c t='inlineStr'><is><r><t>Z</t></r><rPh><t>no</t></rPh><r><t>ahl</t></r></is></c></row>" \
    "<row r='3' hidden='1'><c r='A3' s='3'><v>7</v></c><c r='C3' s='1'><v>0.12</v></c><c r='D3' s='2'><v>41274</v></c>" \
    "<c r='E3' t='e'><v>#N/A</v></c><c r='F3'><f>1+1</f></c><c r='G3'><v>1.2E1</v></c><c r='H3'><v>1e309</v></c></row>" \
    "</sheetData><mergeCells><mergeCell ref='A1:B2'/></mergeCells></worksheet>"
#define STRINGS "<sst><si><t>x</t></si><si><t>N</t><r><t>r.</t></r></si></sst>"

static void make_good(said *s)
{
    sheet_xlsx(&s->file, kz_view_of(SHEET), kz_view_of(STRINGS), kz_view_of(SHEET_STYLES),
               kz_view_of(SHEET_BOOK(" state='hidden'")));
}

static void has(const kz_sheet *s, const char *place, uint32_t row, uint32_t column, int kind, int style, const char *text)
{
    char name[16];
    const kz_sheet_cell *c = kz_sheet_at(s, row, column);
    assert_string_equal(kz_sheet_place(row, column, name), place);
    assert_non_null(c);
    assert_int_equal(c->kind, kind);
    assert_int_equal(c->style, style);
    assert_string_equal(c->text, text);
}

static void check_good(const kz_book *b)
{
    const kz_sheet *t = &b->sheets[0];
    assert_int_equal(b->n_sheets, 1);
    assert_string_equal(t->name, "T");
    assert_int_equal(t->visibility, KZ_SHEET_HIDDEN);
    has(t, "A1", 1, 0, KZ_CELL_TEXT, 0, "Nr.");
    has(t, "B1", 1, 1, KZ_CELL_TEXT, 0, "Zahl");
    has(t, "A3", 3, 0, KZ_CELL_NUMBER, KZ_STYLE_ZEROS + 3, "7");
    has(t, "C3", 3, 2, KZ_CELL_NUMBER, KZ_STYLE_PERCENT, "0.12");
    has(t, "D3", 3, 3, KZ_CELL_DATE, 0, "2012-12-31");
    has(t, "E3", 3, 4, KZ_CELL_ERROR, 0, "#N/A");
    has(t, "F3", 3, 5, KZ_CELL_FORMULA, 0, "");
    has(t, "G3", 3, 6, KZ_CELL_NUMBER, 0, "12");
    has(t, "H3", 3, 7, KZ_CELL_TEXT, 0, "1e309");
    assert_null(kz_sheet_at(t, 3, 1));
    assert_null(kz_sheet_at(t, 2, 0));
    assert_true(t->rows[1].hidden && !t->rows[0].hidden);
    assert_int_equal(t->n_merged, 1);
    assert_int_equal(t->merged[0].last_row, 2);
    assert_int_equal(t->n_hidden, 1);
    assert_int_equal(t->hidden[0].column, 1);
}

static void cells_have_kind_style_and_place(void **state)
{
    (void)state;
    said s __attribute__((cleanup(said_done))) = said_init();
    make_good(&s);
    assert_int_equal(read_here(&s), KZ_OK);
    check_good(&s.book);
}

static void the_worker_says_the_same(void **state)
{
    (void)state;
    said s __attribute__((cleanup(said_done))) = said_init();
    make_good(&s);
    assert_int_equal(kz_book_read("f", s.file.p, s.file.n, &s.arena, &s.book, &s.plain, &s.err), KZ_OK);
    check_good(&s.book);
    kz_buf_add(&s.file, "x", 1);
    assert_int_equal(kz_book_read("f", s.file.p, s.file.n, &s.arena, &s.book, &s.plain, &s.err), KZ_E_INPUT);
    assert_string_equal(s.err.id, "sheet.zip_cut");
}

static void serial_numbers_are_days_of_two_calendars(void **state)
{
    (void)state;
    char day[32];
    assert_true(xlsx_day(1, false, day));
    assert_string_equal(day, "1900-01-01");
    assert_true(xlsx_day(61, false, day));
    assert_string_equal(day, "1900-03-01");
    assert_true(xlsx_day(36585, false, day));
    assert_string_equal(day, "2000-02-29");
    assert_true(xlsx_day(0, true, day));
    assert_string_equal(day, "1904-01-01");
    assert_true(xlsx_day(41274.75, false, day));
    assert_string_equal(day, "2012-12-31T18:00:00");
    assert_false(xlsx_day(-5, false, day));
    assert_false(xlsx_day(1e9, false, day));
}

static void a_file_cut_anywhere_is_refused(void **state)
{
    (void)state;
    said s __attribute__((cleanup(said_done))) = said_init();
    make_good(&s);
    size_t n = s.file.n;
    for (size_t i = 4; i < n; i += 3) {
        s.file.n = i;
        assert_int_equal(read_here(&s), KZ_E_INPUT);
        assert_non_null(strstr(s.err.id, "sheet."));
    }
}

static void a_changed_byte_changes_nothing_or_is_refused(void **state)
{
    (void)state;
    said s __attribute__((cleanup(said_done))) = said_init();
    kz_rng r = kz_rng_stream(5, 1);
    make_good(&s);
    for (int i = 0; i < 3000; i++) {
        size_t at = kz_rng_below(&r, (uint32_t)s.file.n);
        char old = s.file.p[at];
        s.file.p[at] = (char)(old ^ (1 << kz_rng_below(&r, 8)));
        kz_arena_done(&s.arena);
        kz_arena_init(&s.arena, 64 << 20);
        kz_status st = read_here(&s);
        assert_true(st == KZ_E_INPUT || st == KZ_E_LIMIT || (st == KZ_OK && s.book.n_sheets <= 1));
        assert_true(st != KZ_OK || s.book.n_sheets == 1);
        s.file.p[at] = old;
    }
}

static void what_we_write_reads_back_as_text_and_number(void **state)
{
    (void)state;
    said s __attribute__((cleanup(said_done))) = said_init();
    kz_auto(kz_sheet_out) w;
    kz_sheet_out_begin(&w, "A & B", 1 << 20);
    kz_sheet_put_str(&w, "=1+1");
    kz_sheet_put_str(&w, NULL);
    kz_sheet_put_str(&w, "<x> \x01 \"y\"\n");
    kz_sheet_line(&w);
    kz_sheet_put_int(&w, -5);
    kz_sheet_line(&w);
    assert_int_equal(kz_sheet_out_end(&w, &s.file, &s.err), KZ_OK);
    assert_int_equal(read_here(&s), KZ_OK);
    const kz_sheet *t = &s.book.sheets[0];
    assert_string_equal(t->name, "A & B");
    has(t, "A1", 1, 0, KZ_CELL_TEXT, 0, "=1+1");
    assert_null(kz_sheet_at(t, 1, 1));
    has(t, "C1", 1, 2, KZ_CELL_TEXT, 0, "<x> \xEF\xBF\xBD \"y\"\n");
    has(t, "A2", 2, 0, KZ_CELL_NUMBER, 0, "-5");
}

static void a_report_that_is_too_large_is_refused(void **state)
{
    (void)state;
    said s __attribute__((cleanup(said_done))) = said_init();
    kz_auto(kz_sheet_out) w;
    kz_sheet_out_begin(&w, "A", 1000);
    for (int i = 0; i < 100; i++)
        kz_sheet_put_int(&w, i);
    assert_int_equal(kz_sheet_out_end(&w, &s.file, &s.err), KZ_E_LIMIT);
}

static void frames_that_make_no_sense_are_distrusted(void **state)
{
    (void)state;
    said s __attribute__((cleanup(said_done))) = said_init();
    static const struct {
        const char *bytes;
        size_t n;
    } BAD[] = {
        { "", 0 },
        { "Z\4\0\0\0\1\0\0\0", 9 },                          /* a sheet that was never said  */
        { "R\5\0\0\0\1\0\0\0\0", 10 },                       /* a row without sheet, cut     */
        { "S\6\0\0\0\3\1\0\0\0a" "Z\4\0\0\0\1\0\0\0", 20 },  /* a visibility that is not one */
        { "S\6\0\0\0\0\1\0\0\0\xFF" "Z\4\0\0\0\1\0\0\0", 20 },
        { "Z\4\0\0\0\0\0\0\0Z\4\0\0\0\0\0\0\0", 18 },        /* something after the end      */
        { "E\5\0\0\0\xEE\0\0\0\0", 10 },
        { "?\0\0\0\0", 5 },
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        assert_int_equal(kz_book_from_frames("f", BAD[i].bytes, BAD[i].n, &s.arena, &s.book, &s.plain, &s.err), KZ_E_IO);
        assert_string_equal(s.err.id, "sheet.distrust");
    }
}

KZ_TEST_MAIN(KZ_TEST(cells_have_kind_style_and_place), KZ_TEST(the_worker_says_the_same),
             KZ_TEST(serial_numbers_are_days_of_two_calendars), KZ_TEST(a_file_cut_anywhere_is_refused),
             KZ_TEST(a_changed_byte_changes_nothing_or_is_refused), KZ_TEST(what_we_write_reads_back_as_text_and_number),
             KZ_TEST(a_report_that_is_too_large_is_refused), KZ_TEST(frames_that_make_no_sense_are_distrusted))
