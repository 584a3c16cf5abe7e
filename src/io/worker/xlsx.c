/*
 * XLSX: the workbook, its relations, styles and shared texts.
 * Source: ECMA-376, Office Open XML, part 1 (5th edition), chapters 18.2, 18.4, 18.8.30.
 */
#include "io/worker/xlsx.h"

#include <stdio.h>

enum { PATH = 600, FORMATS_MOST = 4096, STYLES_MOST = 65536 };

/* ---- relations: which id is which entry -------------------------------------------- */

typedef struct relation {
    const char *id, *type, *target; /* target: name of the entry */
} relation;

typedef struct relations {
    book *b;
    char  folder[PATH]; /* targets are relative to it */
    int   n;
    relation list[KZ_SHEET_SHEETS_MAX + 64];
} relations;

/* "worksheets/sheet1.xml" or "/xl/worksheets/sheet1.xml" or "../x" as name of an entry. */
static const char *resolve(relations *r, const char *target)
{
    char path[PATH];
    size_t n;
    if (target[0] == '/') {
        n = (size_t)snprintf(path, sizeof path, "%s", target + 1);
    } else {
        char folder[PATH];
        snprintf(folder, sizeof folder, "%s", r->folder);
        while (strncmp(target, "../", 3) == 0) {
            char *slash = NULL;
            size_t length = strlen(folder);
            if (length > 0)
                folder[length - 1] = '\0';
            slash = strrchr(folder, '/');
            folder[slash ? slash + 1 - folder : 0] = '\0';
            target += 3;
        }
        n = (size_t)snprintf(path, sizeof path, "%s%s", folder, target);
    }
    return n < sizeof path ? kz_arena_strdup(&r->b->arena, path) : NULL;
}

static void open_relation(void *me, const char *name, const char *const *a)
{
    relations *r = me;
    const char *id = xml_value(a, "Id"), *type = xml_value(a, "Type"), *target = xml_value(a, "Target");
    const char *mode = xml_value(a, "TargetMode");
    if (strcmp(name, "Relationship") != 0 || !id || !type || !target || (mode && strcmp(mode, "External") == 0) ||
        r->n == (int)(sizeof r->list / sizeof r->list[0]))
        return;
    const char *slash = strrchr(type, '/');
    relation one = { kz_arena_strdup(&r->b->arena, id), kz_arena_strdup(&r->b->arena, slash ? slash + 1 : type),
                     resolve(r, target) };
    if (!one.id || !one.type || !one.target)
        book_fail(r->b, KZ_SHEET_MEMORY, "%s", "_rels");
    else
        r->list[r->n++] = one;
}

static void close_nothing(void *me, const char *name)
{
    (void)me;
    (void)name;
}

/* The relations of an entry stand beside it in _rels; none is none. */
static bool read_relations(book *b, const char *entry, relations *r)
{
    static const xml_handlers H = { .open = open_relation, .close = close_nothing };
    char path[2 * PATH];
    const char *slash = strrchr(entry, '/');
    size_t folder = slash ? (size_t)(slash + 1 - entry) : 0;
    *r = (relations){ .b = b };
    if (strlen(entry) + 16 > PATH)
        return book_fail(b, KZ_SHEET_ZIP_NAME, "%.80s", entry);
    memcpy(r->folder, entry, folder);
    snprintf(path, sizeof path, "%s_rels/%s.rels", r->folder, entry + folder);
    const zip_entry *e = zip_find(b, path);
    return !e || xml_read(b, e, &H, r);
}

static const char *target_of(const relations *r, const char *id, const char *type)
{
    for (int i = 0; i < r->n; i++)
        if ((!id || strcmp(r->list[i].id, id) == 0) && (!type || strcmp(r->list[i].type, type) == 0))
            return r->list[i].target;
    return NULL;
}

/* ---- styles ---------------------------------------------------------------------------- */

typedef struct styles {
    book *b;
    xlsx *x;
    bool  in_cells;
    int   n;
    struct {
        uint32_t id;
        uint8_t  style;
    } formats[FORMATS_MOST];
} styles;

static bool same_letter(char c, const char *set)
{
    return c != '\0' && strchr(set, c | 0x20) != NULL;
}

/* What a number format makes of a number: only what stands outside of quotes and brackets counts. */
static uint8_t style_of_format(const char *code)
{
    size_t zeros = strspn(code, "0");
    bool   percent = false, date = false;
    if (zeros >= 2 && code[zeros] == '\0' && zeros <= 20)
        return (uint8_t)(KZ_STYLE_ZEROS + zeros);
    for (const char *p = code; *p && *p != ';'; p++) {
        if (*p == '"') {
            p = strchr(p + 1, '"');
            if (!p)
                break;
        } else if (*p == '\\' || *p == '_' || *p == '*') {
            if (*++p == '\0')
                break;
        } else if (*p == '[') {
            date |= same_letter(p[1], "hms") && (p[2] == ']' || p[2] == p[1]); /* [h]:mm */
            p = strchr(p, ']');
            if (!p)
                break;
        } else if (strncmp(p, "General", 7) == 0) {
            p += 6;
        } else {
            percent |= *p == '%';
            date |= same_letter(*p, "dmyhs");
        }
    }
    return percent ? KZ_STYLE_PERCENT : date ? STYLE_DATE : 0;
}

static uint8_t style_of_number(const styles *s, uint32_t id)
{
    for (int i = 0; i < s->n; i++)
        if (s->formats[i].id == id)
            return s->formats[i].style;
    if (id == 9 || id == 10)
        return KZ_STYLE_PERCENT;
    return (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58)
               ? STYLE_DATE : 0;
}

static void open_style(void *me, const char *name, const char *const *a)
{
    styles *s = me;
    if (strcmp(name, "cellXfs") == 0) {
        s->in_cells = true;
    } else if (strcmp(name, "numFmt") == 0 && s->n < FORMATS_MOST) {
        const char *code = xml_value(a, "formatCode");
        s->formats[s->n].id = xml_number(xml_value(a, "numFmtId"), UINT32_MAX - 1);
        s->formats[s->n].style = code ? style_of_format(code) : 0;
        s->n++;
    } else if (s->in_cells && strcmp(name, "xf") == 0) {
        if (s->x->n_styles == STYLES_MOST)
            book_fail(s->b, KZ_SHEET_STRINGS, "%s", "styles");
        else
            s->x->styles[s->x->n_styles++] = style_of_number(s, xml_number(xml_value(a, "numFmtId"), UINT32_MAX - 1));
    }
}

static void close_style(void *me, const char *name)
{
    styles *s = me;
    if (strcmp(name, "cellXfs") == 0)
        s->in_cells = false;
}

static bool read_styles(book *b, const char *path, xlsx *x)
{
    static const xml_handlers H = { .open = open_style, .close = close_style };
    const zip_entry *e = path ? zip_find(b, path) : NULL;
    x->styles = kz_arena_new(&b->arena, uint8_t, STYLES_MOST);
    styles *s = kz_arena_new(&b->arena, styles, 1);
    if (!x->styles || !s)
        return book_fail(b, KZ_SHEET_MEMORY, "%s", "styles");
    s->b = b;
    s->x = x;
    return !e || xml_read(b, e, &H, s);
}

/* ---- shared texts ------------------------------------------------------------------------ */

typedef struct strings {
    book  *b;
    xlsx  *x;
    kz_buf text;
    bool   in_text;
    int    phonetic; /* depth inside of reading aids */
} strings;

static void open_string(void *me, const char *name, const char *const *a)
{
    strings *s = me;
    (void)a;
    if (strcmp(name, "si") == 0)
        kz_buf_clear(&s->text);
    s->phonetic += strcmp(name, "rPh") == 0;
    s->in_text = strcmp(name, "t") == 0 && s->phonetic == 0;
}

static void keep_string(strings *s)
{
    xlsx *x = s->x;
    if (x->n_strings == KZ_SHEET_STRINGS_MAX) {
        book_fail(s->b, KZ_SHEET_STRINGS, "%d", KZ_SHEET_STRINGS_MAX);
        return;
    }
    if (x->n_strings == x->strings_cap) {
        uint32_t cap = x->strings_cap ? x->strings_cap * 2 : 1024;
        kz_view *more = kz_arena_new(&s->b->arena, kz_view, cap);
        if (!more) {
            book_fail(s->b, KZ_SHEET_MEMORY, "%s", "sharedStrings");
            return;
        }
        if (x->n_strings > 0)
            memcpy(more, x->strings, x->n_strings * sizeof *more);
        x->strings = more;
        x->strings_cap = cap;
    }
    char *text = kz_arena_strndup(&s->b->arena, kz_buf_text(&s->text), s->text.n);
    if (kz_buf_status(&s->text) != KZ_OK)
        book_fail(s->b, KZ_SHEET_TEXT, "sharedStrings, %u", x->n_strings);
    else if (!text)
        book_fail(s->b, KZ_SHEET_MEMORY, "%s", "sharedStrings");
    else
        x->strings[x->n_strings++] = (kz_view){ text, s->text.n };
}

static void close_string(void *me, const char *name)
{
    strings *s = me;
    s->in_text = false;
    s->phonetic -= strcmp(name, "rPh") == 0;
    if (strcmp(name, "si") == 0)
        keep_string(s);
}

static void text_string(void *me, const char *p, size_t n)
{
    strings *s = me;
    if (s->in_text)
        kz_buf_add(&s->text, p, n);
}

static bool read_strings(book *b, const char *path, xlsx *x)
{
    static const xml_handlers H = { .open = open_string, .close = close_string, .text = text_string };
    const zip_entry *e = path ? zip_find(b, path) : NULL;
    strings s = { .b = b, .x = x, .text = kz_buf_init(KZ_SHEET_TEXT_MAX) };
    bool good = !e || xml_read(b, e, &H, &s);
    kz_buf_done(&s.text);
    return good;
}

/* ---- the workbook -------------------------------------------------------------------------- */

typedef struct sheet_ref {
    const char *name, *id;
    unsigned visibility;
} sheet_ref;

typedef struct workbook {
    book *b;
    xlsx *x;
    int   n;
    sheet_ref sheets[KZ_SHEET_SHEETS_MAX];
} workbook;

static void open_workbook(void *me, const char *name, const char *const *a)
{
    workbook *w = me;
    if (strcmp(name, "workbookPr") == 0) {
        w->x->from_1904 = xml_true(xml_value(a, "date1904"));
    } else if (strcmp(name, "sheet") == 0) {
        const char *label = xml_value(a, "name"), *id = xml_value(a, "id"), *state = xml_value(a, "state");
        if (w->n == KZ_SHEET_SHEETS_MAX) {
            book_fail(w->b, KZ_SHEET_SHEETS, "%d", KZ_SHEET_SHEETS_MAX);
            return;
        }
        sheet_ref *s = &w->sheets[w->n++];
        *s = (sheet_ref){ .name = kz_arena_strdup(&w->b->arena, label ? label : ""),
                          .id = kz_arena_strdup(&w->b->arena, id ? id : "") };
        if (!s->name || !s->id)
            book_fail(w->b, KZ_SHEET_MEMORY, "%s", "workbook");
        if (state && strcmp(state, "hidden") == 0)
            s->visibility = KZ_SHEET_HIDDEN;
        if (state && strcmp(state, "veryHidden") == 0)
            s->visibility = KZ_SHEET_VERY_HIDDEN;
    }
}

bool xlsx_read(book *b)
{
    static const xml_handlers H = { .open = open_workbook, .close = close_nothing };
    xlsx x = { 0 };
    relations *top = kz_arena_new(&b->arena, relations, 1), *r = kz_arena_new(&b->arena, relations, 1);
    workbook *w = kz_arena_new(&b->arena, workbook, 1);
    if (!top || !r || !w)
        return book_fail(b, KZ_SHEET_MEMORY, "%s", "workbook");
    if (!read_relations(b, "", top))
        return false;
    const char *path = target_of(top, NULL, "officeDocument");
    const zip_entry *e = zip_find(b, path ? path : "xl/workbook.xml");
    if (!e)
        return book_fail(b, KZ_SHEET_OTHER, "%s", "");
    *w = (workbook){ .b = b, .x = &x };
    if (!read_relations(b, e->name, r) || !xml_read(b, e, &H, w) ||
        !read_styles(b, target_of(r, NULL, "styles"), &x) ||
        !read_strings(b, target_of(r, NULL, "sharedStrings"), &x))
        return false;
    if (w->n == 0) /* a text document, perhaps */
        return book_fail(b, zip_find(b, "xl/workbook.xml") ? KZ_SHEET_NO_SHEET : KZ_SHEET_OTHER, "%s", "");
    for (int i = 0; i < w->n; i++) {
        const char *target = target_of(r, w->sheets[i].id, "worksheet");
        const zip_entry *sheet = target ? zip_find(b, target) : NULL;
        if (!target)
            continue; /* a chart sheet */
        if (!sheet)
            return book_fail(b, KZ_SHEET_XML, "%s", target);
        if (!say_sheet(b, w->sheets[i].visibility, kz_view_of(w->sheets[i].name)) || !xlsx_sheet_read(b, sheet, &x))
            return false;
    }
    return true;
}
