/*
 * ODS: everything is in content.xml.
 * Source: OASIS OpenDocument 1.3, part 3, chapters 9 (tables), 6.1 (text), 19.385 (office:value-type).
 */
#include "io/worker/xml.h"

#include "base/parse.h"

#include <math.h>

enum { HIDDEN_STYLES_MOST = 1024 };

typedef struct ods {
    book *b;
    int   depth, skip;        /* skip: depth of a part that is not read, 0 none */
    const char *style;        /* of the style:style at hand                     */
    int   n_hidden;
    const char *hidden[HIDDEN_STYLES_MOST]; /* table styles that are not shown  */
    bool  in_table;
    uint32_t row, column;     /* row 0: before the first                        */
    uint32_t row_times;
    bool  in_cell, covered, in_paragraph, some_paragraph;
    uint32_t cell_times;
    kz_cell_kind kind;
    unsigned cell_style;
    bool  has_formula;
    kz_buf text, value;
} ods;

static void add_paragraph(ods *o)
{
    if (o->some_paragraph)
        kz_buf_char(&o->text, '\n');
    o->some_paragraph = o->in_paragraph = true;
}

static void open_style(ods *o, const char *name, const char *const *a)
{
    if (strcmp(name, "style") == 0) {
        const char *family = xml_value(a, "style:family"), *label = xml_value(a, "style:name");
        o->style = family && label && strcmp(family, "table") == 0 ? kz_arena_strdup(&o->b->arena, label) : NULL;
    } else if (strcmp(name, "table-properties") == 0 && o->style) {
        const char *shown = xml_value(a, "table:display");
        if (shown && strcmp(shown, "false") == 0 && o->n_hidden < HIDDEN_STYLES_MOST)
            o->hidden[o->n_hidden++] = o->style;
    }
}

static void open_table(ods *o, const char *const *a)
{
    const char *name = xml_value(a, "table:name"), *style = xml_value(a, "table:style-name");
    unsigned visibility = KZ_SHEET_VISIBLE;
    for (int i = 0; style && i < o->n_hidden; i++)
        if (strcmp(o->hidden[i], style) == 0)
            visibility = KZ_SHEET_HIDDEN;
    o->in_table = true;
    o->row = o->column = 0;
    say_sheet(o->b, visibility, kz_view_of(name ? name : ""));
}

static uint32_t times(const char *const *a, const char *name, uint32_t most)
{
    const char *value = xml_value(a, name);
    uint32_t n = value ? xml_number(value, most) : 1;
    return n == 0 ? 1 : n;
}

static bool is_hidden(const char *const *a)
{
    const char *shown = xml_value(a, "table:visibility");
    return shown && strcmp(shown, "visible") != 0;
}

static void open_column(ods *o, const char *const *a)
{
    uint32_t n = times(a, "table:number-columns-repeated", KZ_SHEET_COLUMNS_MAX);
    if (n == UINT32_MAX || o->column + n > KZ_SHEET_COLUMNS_MAX) {
        book_fail(o->b, KZ_SHEET_PLACE, "%s, column", o->b->sheet);
        return;
    }
    if (is_hidden(a))
        say_hidden(o->b, o->column, o->column + n - 1);
    o->column += n;
}

static void open_row(ods *o, const char *const *a)
{
    uint32_t n = times(a, "table:number-rows-repeated", KZ_SHEET_ROWS_MAX);
    if (n == UINT32_MAX || o->row + n > KZ_SHEET_ROWS_MAX) {
        book_fail(o->b, KZ_SHEET_PLACE, "%s, row", o->b->sheet);
        return;
    }
    o->row++;
    o->row_times = n;
    o->column = 0;
    row_begin(o->b, o->row, is_hidden(a));
}

static bool plain_real(const char *value, double *x)
{
    return value && !strchr(value, ',') && !strchr(value, ' ') &&
           kz_parse_real(kz_view_of(value), KZ_NUM_POINT, x) == KZ_PARSED;
}

/* What the attributes say about the value; the text comes behind. */
static void open_cell(ods *o, const char *const *a, bool covered)
{
    const char *type = xml_value(a, "office:value-type"), *given = xml_value(a, "office:value");
    const char *also = xml_value(a, "calcext:value-type"), *day = xml_value(a, "office:date-value");
    uint32_t wide = times(a, "table:number-columns-spanned", KZ_SHEET_COLUMNS_MAX);
    uint32_t high = times(a, "table:number-rows-spanned", KZ_SHEET_ROWS_MAX);
    double x;
    o->cell_times = times(a, "table:number-columns-repeated", KZ_SHEET_COLUMNS_MAX);
    if (o->cell_times == UINT32_MAX || wide == UINT32_MAX || high == UINT32_MAX ||
        o->column + o->cell_times > KZ_SHEET_COLUMNS_MAX || o->column + wide > KZ_SHEET_COLUMNS_MAX ||
        o->row + high - 1 > KZ_SHEET_ROWS_MAX) {
        book_fail(o->b, KZ_SHEET_PLACE, "%s, row %u", o->b->sheet, o->row);
        return;
    }
    o->in_cell = true;
    o->covered = covered;
    o->some_paragraph = o->in_paragraph = false;
    o->has_formula = xml_value(a, "table:formula") != NULL;
    o->kind = KZ_CELL_TEXT;
    o->cell_style = 0;
    kz_buf_clear(&o->text);
    kz_buf_clear(&o->value);
    if (!covered && (wide > 1 || high > 1))
        say_merged(o->b, o->row, o->column, o->row + high - 1, o->column + wide - 1);
    if (also && strcmp(also, "error") == 0) {
        o->kind = KZ_CELL_ERROR;
    } else if (type && strcmp(type, "date") == 0 && day) {
        o->kind = KZ_CELL_DATE;
        kz_buf_str(&o->value, day);
        size_t n = strlen(day);
        if (n > 10 && strcmp(day + 10, "T00:00:00") == 0)
            o->value.n = 10;
    } else if (type && strcmp(type, "boolean") == 0) {
        o->kind = KZ_CELL_BOOL;
        kz_buf_char(&o->value, xml_true(xml_value(a, "office:boolean-value")) ? '1' : '0');
    } else if (type && strcmp(type, "string") != 0 && strcmp(type, "time") != 0 && plain_real(given, &x)) {
        o->kind = KZ_CELL_NUMBER; /* float, percentage, currency */
        o->cell_style = strcmp(type, "percentage") == 0 ? KZ_STYLE_PERCENT : 0;
        if (x == floor(x) && fabs(x) < 1e15)
            kz_buf_fmt(&o->value, "%lld", (long long)x);
        else
            kz_buf_real(&o->value, x);
    }
}

static void open_mark(void *me, const char *name, const char *const *a)
{
    ods *o = me;
    o->depth++;
    if (o->skip)
        return;
    /* Notes, drawings, deleted cells, tables inside of cells, ranges that were asked for elsewhere. */
    if (strcmp(name, "annotation") == 0 || strcmp(name, "tracked-changes") == 0 || strcmp(name, "frame") == 0 ||
        strcmp(name, "shapes") == 0 || strcmp(name, "table-source") == 0 || strcmp(name, "dde-links") == 0 ||
        strcmp(name, "forms") == 0 || (strcmp(name, "table") == 0 && o->in_table)) {
        o->skip = o->depth;
        return;
    }
    if (!o->in_table && strcmp(name, "table") == 0)
        open_table(o, a);
    else if (!o->in_table)
        open_style(o, name, a);
    else if (strcmp(name, "table-column") == 0)
        open_column(o, a);
    else if (strcmp(name, "table-row") == 0)
        open_row(o, a);
    else if (strcmp(name, "table-cell") == 0 && o->row > 0)
        open_cell(o, a, false);
    else if (strcmp(name, "covered-table-cell") == 0 && o->row > 0)
        open_cell(o, a, true);
    else if (o->in_cell && strcmp(name, "p") == 0)
        add_paragraph(o);
    else if (o->in_cell && (strcmp(name, "line-break") == 0 || strcmp(name, "tab") == 0))
        kz_buf_char(&o->text, strcmp(name, "tab") == 0 ? '\t' : '\n');
    else if (o->in_cell && strcmp(name, "s") == 0)
        for (uint32_t n = times(a, "text:c", 1000); n > 0 && n <= 1000; n--)
            kz_buf_char(&o->text, ' ');
}

static void close_cell(ods *o)
{
    char place[16];
    const kz_buf *from = o->value.n > 0 ? &o->value : &o->text;
    kz_view text = { kz_buf_text(from), from->n };
    o->in_cell = o->in_paragraph = false;
    if (kz_buf_status(&o->text) != KZ_OK) {
        book_fail(o->b, KZ_SHEET_TEXT, "%s!%s", o->b->sheet, cell_name(o->row, o->column, place));
        return;
    }
    if (!o->covered && text.n == 0 && o->has_formula)
        o->kind = KZ_CELL_FORMULA;
    bool said = !o->covered && (text.n > 0 || o->kind == KZ_CELL_FORMULA);
    for (uint32_t i = 0; said && i < o->cell_times; i++)
        if (!row_cell(o->b, o->column + i, o->kind, o->cell_style, text))
            return;
    o->column += o->cell_times;
}

/* A row that is there several times: said so often when there is something in it. */
static void close_row(ods *o)
{
    uint32_t cells = o->b->row_n;
    row_end(o->b);
    for (uint32_t i = 1; i < o->row_times && cells > 0 && !o->b->failed; i++) {
        o->b->row_at++;
        o->b->cells += cells;
        if (o->b->cells > KZ_SHEET_CELLS_MAX)
            book_fail(o->b, KZ_SHEET_CELLS, "%d", KZ_SHEET_CELLS_MAX);
        else
            row_end(o->b);
    }
    o->row += o->row_times - 1;
}

static void close_mark(void *me, const char *name)
{
    ods *o = me;
    int depth = o->depth--;
    if (o->skip) {
        if (o->skip == depth)
            o->skip = 0;
        return;
    }
    if (strcmp(name, "style") == 0)
        o->style = NULL;
    else if (!o->in_table)
        return;
    else if (strcmp(name, "table") == 0)
        o->in_table = false;
    else if (strcmp(name, "p") == 0)
        o->in_paragraph = false;
    else if (o->in_cell && (strcmp(name, "table-cell") == 0 || strcmp(name, "covered-table-cell") == 0))
        close_cell(o);
    else if (strcmp(name, "table-row") == 0 && o->row > 0)
        close_row(o);
}

static void take_text(void *me, const char *p, size_t n)
{
    ods *o = me;
    if (o->in_paragraph && !o->skip)
        kz_buf_add(&o->text, p, n);
}

typedef struct check {
    bool spreadsheet, encrypted;
    kz_buf text;
} check;

static bool keep_bytes(void *me, const char *p, size_t n)
{
    kz_buf_add(me, p, n);
    return true;
}

static void open_manifest(void *me, const char *name, const char *const *a)
{
    check *c = me;
    (void)a;
    c->encrypted |= strcmp(name, "encryption-data") == 0;
}

static void close_manifest(void *me, const char *name)
{
    (void)me;
    (void)name;
}

static bool check_kind(book *b)
{
    static const xml_handlers H = { .open = open_manifest, .close = close_manifest };
    static const char KIND[] = "application/vnd.oasis.opendocument.spreadsheet";
    check c = { .text = kz_buf_init(200) };
    const zip_entry *kind = zip_find(b, "mimetype"), *manifest = zip_find(b, "META-INF/manifest.xml");
    bool good = (!kind || zip_unpack(b, kind, keep_bytes, &c.text)) && (!manifest || xml_read(b, manifest, &H, &c));
    c.spreadsheet = !kind || strncmp(kz_buf_text(&c.text), KIND, sizeof KIND - 1) == 0;
    kz_buf_done(&c.text);
    if (!good)
        return false;
    if (c.encrypted)
        return book_fail(b, KZ_SHEET_ENCRYPTED, "%s", "META-INF/manifest.xml");
    return c.spreadsheet || book_fail(b, KZ_SHEET_OTHER, "%s", "");
}

bool ods_read(book *b)
{
    static const xml_handlers H = { .open = open_mark, .close = close_mark, .text = take_text };
    if (!check_kind(b))
        return false;
    ods *o = kz_arena_new(&b->arena, ods, 1);
    if (!o)
        return book_fail(b, KZ_SHEET_MEMORY, "%s", "content.xml");
    o->b = b;
    o->text = kz_buf_init(KZ_SHEET_TEXT_MAX);
    o->value = kz_buf_init(256);
    bool good = xml_read(b, zip_find(b, "content.xml"), &H, o);
    kz_buf_done(&o->text);
    kz_buf_done(&o->value);
    if (good && b->sheets == 0)
        return book_fail(b, KZ_SHEET_NO_SHEET, "%s", "");
    return good;
}
