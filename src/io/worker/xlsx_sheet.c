/* One sheet of a workbook: ECMA-376 part 1, 18.3.1 (c, row, mergeCell, col). */
#include "io/worker/xlsx.h"

#include "base/date.h"
#include "base/parse.h"

#include <math.h>
#include <stdio.h>

typedef struct sheet_reading {
    book *b;
    const xlsx *x;
    bool     in_data, in_value, in_cell, has_value, has_formula;
    int      phonetic;
    uint32_t row, column; /* at hand; row 0: none yet                     */
    uint32_t next_column; /* the smallest that may follow in this row     */
    char     type[12];
    unsigned style;
    kz_buf   text, number;
} sheet_reading;

bool xlsx_day(double serial, bool from_1904, char out[static 32])
{
    double whole = floor(serial), part = serial - whole;
    if (from_1904)
        whole += 1462;
    else if (whole < 60)
        whole += 1; /* the 29th of February 1900, which never was, is number 60 */
    if (!(whole >= 2 && whole < 110000))
        return false;
    /* Number 25569 is 1970-01-01. */
    int64_t days = (int64_t)whole - 25569, era_day = days + 719468;
    int64_t era = era_day / 146097, day = era_day % 146097;
    int64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
    int64_t in_year = day - (365 * year + year / 4 - year / 100), month = (5 * in_year + 2) / 153;
    int y = (int)(year + era * 400 + (month >= 10)), m = (int)(month < 10 ? month + 3 : month - 9);
    int d = (int)(in_year - (153 * month + 2) / 5 + 1), seconds = (int)(part * 86400 + 0.5);
    kz_buf b = kz_buf_init(31);
    kz_buf_fmt(&b, "%04d-%02d-%02d", y, m, d);
    if (seconds > 0 && seconds < 86400)
        kz_buf_fmt(&b, "T%02d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    memcpy(out, kz_buf_text(&b), b.n + 1);
    kz_buf_done(&b);
    return true;
}

/* "B7" to row 7 and column 1; false when it is no cell of a sheet. */
static bool read_address(const char *ref, uint32_t *row, uint32_t *column)
{
    uint32_t c = 0;
    const char *p = ref;
    for (; *p >= 'A' && *p <= 'Z'; p++) {
        c = c * 26 + (uint32_t)(*p - 'A' + 1);
        if (c > KZ_SHEET_COLUMNS_MAX)
            return false;
    }
    uint32_t r = xml_number(p, KZ_SHEET_ROWS_MAX);
    if (p == ref || r == UINT32_MAX || r == 0)
        return false;
    *row = r;
    *column = c - 1;
    return true;
}

static void open_row(sheet_reading *s, const char *const *a)
{
    const char *given = xml_value(a, "r");
    uint32_t row = given ? xml_number(given, KZ_SHEET_ROWS_MAX) : s->row + 1;
    if (row == UINT32_MAX || row <= s->row || row > KZ_SHEET_ROWS_MAX) {
        book_fail(s->b, KZ_SHEET_PLACE, "%s, row %.20s", s->b->sheet, given ? given : "?");
        return;
    }
    s->row = row;
    s->next_column = 0;
    row_begin(s->b, row, xml_true(xml_value(a, "hidden")));
}

static void open_cell(sheet_reading *s, const char *const *a)
{
    const char *ref = xml_value(a, "r"), *type = xml_value(a, "t"), *style = xml_value(a, "s");
    uint32_t row = s->row, column = s->next_column, at = style ? xml_number(style, UINT32_MAX - 1) : 0;
    if ((ref && !read_address(ref, &row, &column)) || row != s->row || column < s->next_column ||
        column >= KZ_SHEET_COLUMNS_MAX) {
        book_fail(s->b, KZ_SHEET_PLACE, "%s!%.20s", s->b->sheet, ref ? ref : "?");
        return;
    }
    s->column = column;
    s->next_column = column + 1;
    s->style = at < s->x->n_styles ? s->x->styles[at] : 0;
    s->has_value = s->has_formula = false;
    s->in_cell = true;
    snprintf(s->type, sizeof s->type, "%s", type ? type : "n");
    kz_buf_clear(&s->text);
}

static void open_merge(sheet_reading *s, const char *const *a)
{
    const char *ref = xml_value(a, "ref"), *colon = ref ? strchr(ref, ':') : NULL;
    char first[24] = "";
    uint32_t r1, c1, r2, c2;
    if (colon && (size_t)(colon - ref) < sizeof first)
        memcpy(first, ref, (size_t)(colon - ref));
    if (!colon || !read_address(first, &r1, &c1) || !read_address(colon + 1, &r2, &c2) || r2 < r1 || c2 < c1)
        book_fail(s->b, KZ_SHEET_PLACE, "%s!%.20s", s->b->sheet, ref ? ref : "?");
    else
        say_merged(s->b, r1, c1, r2, c2);
}

static void open_column(sheet_reading *s, const char *const *a)
{
    uint32_t first = xml_number(xml_value(a, "min"), KZ_SHEET_COLUMNS_MAX);
    uint32_t last = xml_number(xml_value(a, "max"), KZ_SHEET_COLUMNS_MAX);
    if (!xml_true(xml_value(a, "hidden")))
        return;
    if (first == UINT32_MAX || last == UINT32_MAX || first == 0 || last < first)
        book_fail(s->b, KZ_SHEET_PLACE, "%s, col", s->b->sheet);
    else
        say_hidden(s->b, first - 1, last - 1);
}

static void open_mark(void *me, const char *name, const char *const *a)
{
    sheet_reading *s = me;
    if (strcmp(name, "sheetData") == 0)
        s->in_data = true;
    else if (strcmp(name, "row") == 0 && s->in_data)
        open_row(s, a);
    else if (strcmp(name, "c") == 0 && s->in_data && s->row > 0)
        open_cell(s, a);
    else if (strcmp(name, "mergeCell") == 0)
        open_merge(s, a);
    else if (strcmp(name, "col") == 0)
        open_column(s, a);
    else if (strcmp(name, "rPh") == 0)
        s->phonetic++;
    else if (s->in_cell && strcmp(name, "f") == 0)
        s->has_formula = true;
    else if (s->in_cell && (strcmp(name, "v") == 0 || (strcmp(name, "t") == 0 && s->phonetic == 0)))
        s->in_value = s->has_value = true;
}

/* A number in our form; as it stands when it is none. */
static void say_number(sheet_reading *s)
{
    kz_view raw = { kz_buf_text(&s->text), s->text.n };
    double x;
    char day[32];
    unsigned style = s->style;
    if (memchr(raw.p, ',', raw.n) || memchr(raw.p, ' ', raw.n) || kz_parse_real(raw, KZ_NUM_POINT, &x) != KZ_PARSED) {
        row_cell(s->b, s->column, KZ_CELL_TEXT, 0, raw);
        return;
    }
    if (style == STYLE_DATE && xlsx_day(x, s->x->from_1904, day)) {
        row_cell(s->b, s->column, KZ_CELL_DATE, 0, kz_view_of(day));
        return;
    }
    kz_buf_clear(&s->number);
    if (x == floor(x) && fabs(x) < 1e15)
        kz_buf_fmt(&s->number, "%lld", (long long)x);
    else
        kz_buf_real(&s->number, x);
    row_cell(s->b, s->column, KZ_CELL_NUMBER, style == STYLE_DATE ? 0 : style,
             (kz_view){ kz_buf_text(&s->number), s->number.n });
}

static void close_cell(sheet_reading *s)
{
    kz_view text = { kz_buf_text(&s->text), s->text.n };
    char name[16];
    s->in_cell = false;
    if (kz_buf_status(&s->text) != KZ_OK) {
        book_fail(s->b, KZ_SHEET_TEXT, "%s!%s", s->b->sheet, cell_name(s->row, s->column, name));
    } else if (!s->has_value || (text.n == 0 && strcmp(s->type, "s") == 0)) {
        if (s->has_formula)
            row_cell(s->b, s->column, KZ_CELL_FORMULA, 0, (kz_view){ "", 0 });
    } else if (strcmp(s->type, "s") == 0) {
        uint32_t at = xml_number(text.p, UINT32_MAX - 1);
        if (at >= s->x->n_strings)
            book_fail(s->b, KZ_SHEET_STRING, "%s!%s", s->b->sheet, cell_name(s->row, s->column, name));
        else if (s->x->strings[at].n > 0)
            row_cell(s->b, s->column, KZ_CELL_TEXT, 0, s->x->strings[at]);
    } else if (strcmp(s->type, "n") == 0) {
        if (text.n > 0)
            say_number(s);
        else if (s->has_formula)
            row_cell(s->b, s->column, KZ_CELL_FORMULA, 0, text);
    } else if (text.n > 0 || s->has_formula) {
        kz_cell_kind kind = strcmp(s->type, "e") == 0   ? KZ_CELL_ERROR
                            : strcmp(s->type, "b") == 0 ? KZ_CELL_BOOL
                            : strcmp(s->type, "d") == 0 ? KZ_CELL_DATE : KZ_CELL_TEXT;
        if (text.n > 0)
            row_cell(s->b, s->column, kind, 0, text);
    }
}

static void close_mark(void *me, const char *name)
{
    sheet_reading *s = me;
    s->in_value = false;
    if (strcmp(name, "sheetData") == 0)
        s->in_data = false;
    else if (strcmp(name, "rPh") == 0)
        s->phonetic--;
    else if (strcmp(name, "c") == 0 && s->in_cell)
        close_cell(s);
    else if (strcmp(name, "row") == 0 && s->in_data)
        row_end(s->b);
}

static void take_text(void *me, const char *p, size_t n)
{
    sheet_reading *s = me;
    if (s->in_value)
        kz_buf_add(&s->text, p, n);
}

bool xlsx_sheet_read(book *b, const zip_entry *e, const xlsx *x)
{
    static const xml_handlers H = { .open = open_mark, .close = close_mark, .text = take_text };
    sheet_reading s = { .b = b, .x = x, .text = kz_buf_init(KZ_SHEET_TEXT_MAX), .number = kz_buf_init(64) };
    bool good = xml_read(b, e, &H, &s);
    kz_buf_done(&s.text);
    kz_buf_done(&s.number);
    return good;
}
