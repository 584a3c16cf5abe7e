/* The files of the catalogue: one indicator a file, one field a line.  Here: lines to blocks of fields. */
#include "monitor/indicator_file.h"

#include <string.h>

#include "base/asset.h"

/* `many`: may stand several times.  `lines`: a continuation is a line of its own, not one text. */
static const struct {
    const char *name;
    bool many, lines;
} FIELDS[] = {
    { "id", false, false },           { "order", false, false },          { "version", false, false },
    { "change", true, false },        { "variant_of", false, false },     { "key", false, false },
    { "kind", false, false },         { "numerator", false, false },      { "denominator", false, false },
    { "per", false, false },          { "digits", false, false },         { "symbol", false, false },
    { "min_denominator", false, false }, { "pool", false, false },        { "unit", false, false },
    { "profile", false, false },      { "part", true, false },            { "group", true, false },
    { "theme", false, false },        { "phase", false, false },          { "ages", false, false },
    { "direction", false, false },    { "source", false, false },         { "reference", false, false },
    { "origin", false, false },       { "title", false, false },          { "short_title", false, false },
    { "subtitle", false, false },     { "sentence", false, false },       { "counted", false, false },
    { "numerator_label", false, false }, { "denominator_label", false, false }, { "interpretation", false, false },
    { "caveat", true, false },        { "leicht_title", false, false },   { "leicht", false, true },
    { "leicht_of", false, false },    { "leicht_sentence", false, false },
};
enum { N_FIELDS = sizeof FIELDS / sizeof FIELDS[0], FIELD_LINES_MOST = 64, BLOCKS_MOST = 4096 };

static int field_index(const char *name, size_t n)
{
    int i = 0;
    while (i < N_FIELDS && (strlen(FIELDS[i].name) != n || memcmp(FIELDS[i].name, name, n) != 0))
        i++;
    return i < N_FIELDS ? i : KZ_NONE;
}

static const char *field_name(const void *ctx, int i)
{
    (void)ctx;
    return i < N_FIELDS ? FIELDS[i].name : NULL;
}

static void found_at(catalogue_reader *r, const char *id, const char *column, const char *value, const char *near)
{
    kz_err e = { 0 };
    kz_status st = kz_fail(&e, KZ_E_INPUT, id, kz_s("file", r->file), kz_n("line", r->line), kz_s("column", column),
                           kz_s("value", value), kz_s("near", near ? near : "–"));
    if (st != KZ_OK)
        r->findings++;
    r->report(r->ctx, &e);
}

/* Room for one more of what is `size` big; the old place stays in the arena. */
static void *grown(kz_arena *a, void *old, int n, size_t size)
{
    if (n != 0 && (n & (n - 1)) != 0) /* grows at powers of two */
        return old;
    void *more = kz_arena_array(a, (size_t)(n == 0 ? 1 : 2 * n), size);
    if (more && n > 0)
        memcpy(more, old, (size_t)n * size);
    return more;
}

static kz_status add_block(catalogue_reader *r, catalogue_blocks *to, kz_err *err)
{
    to->block = grown(r->a, to->block, to->n, sizeof *to->block);
    if (!to->block || to->n == BLOCKS_MOST)
        return catalogue_too_large(r, err);
    to->block[to->n++] = (catalogue_block){ .file = r->file, .line = r->line };
    return KZ_OK;
}

static kz_status add_field(catalogue_reader *r, catalogue_block *b, const char *name, const char *value, kz_err *err)
{
    b->field = grown(r->a, b->field, b->n, sizeof *b->field);
    if (!b->field || !value)
        return catalogue_too_large(r, err);
    b->field[b->n++] = (catalogue_field){ name, value, r->line };
    return KZ_OK;
}

/* A line that begins with two spaces goes on with the field before. */
static kz_status add_line(catalogue_reader *r, catalogue_block *b, const char *text, size_t n, kz_err *err)
{
    catalogue_field *f = &b->field[b->n - 1];
    size_t have = strlen(f->value);
    char *longer = kz_arena_array(r->a, have + n + 2, 1);
    if (!longer)
        return catalogue_too_large(r, err);
    memcpy(longer, f->value, have);
    if (have > 0)
        longer[have++] = FIELDS[field_index(f->name, strlen(f->name))].lines ? '\n' : ' ';
    memcpy(longer + have, text, n);
    longer[have + n] = '\0';
    f->value = longer;
    return KZ_OK;
}

static kz_status read_field(catalogue_reader *r, catalogue_blocks *to, const char *line, size_t n, kz_err *err)
{
    const char *sign = memchr(line, '=', n);
    size_t name = sign ? (size_t)(sign - line) : n;
    while (name > 0 && line[name - 1] == ' ')
        name--;
    const char *word = kz_arena_strndup(r->a, line, name);
    if (!word)
        return catalogue_too_large(r, err);
    if (!sign) {
        found_at(r, "indicator.line", "", word, NULL);
        return KZ_OK;
    }
    int field = field_index(line, name);
    if (field == KZ_NONE) {
        found_at(r, "indicator.field_unknown", word, word, kz_expr_nearest(word, field_name, NULL));
        to->skip = true; /* what follows belongs to it */
        return KZ_OK;
    }
    size_t from = (size_t)(sign + 1 - line);
    while (from < n && line[from] == ' ')
        from++;
    while (n > from && line[n - 1] == ' ')
        n--;
    bool is_id = strcmp(word, "id") == 0;
    if (is_id)
        KZ_TRY(add_block(r, to, err));
    if (to->n == to->n_before) {
        found_at(r, "indicator.before_id", word, word, NULL);
        to->skip = true;
        return KZ_OK;
    }
    catalogue_block *b = &to->block[to->n - 1];
    if (!FIELDS[field].many && catalogue_field_of(b, word)) {
        found_at(r, "indicator.field_twice", word, word, NULL);
        to->skip = true;
        return KZ_OK;
    }
    to->skip = false;
    return add_field(r, b, FIELDS[field].name, kz_arena_strndup(r->a, line + from, n - from), err);
}

kz_status catalogue_read_blocks(catalogue_reader *r, const kz_catalogue_file *f, catalogue_blocks *to, kz_err *err)
{
    const char *p = f->text, *end = f->text + f->n;
    r->file = f->name;
    r->block = NULL;
    to->n_before = to->n;
    to->skip = false;
    for (r->line = 1; p < end; r->line++) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        size_t n = (size_t)((stop ? stop : end) - p), used = n;
        if (used > 0 && p[used - 1] == '\r')
            used--;
        size_t indent = 0;
        while (indent < used && p[indent] == ' ')
            indent++;
        bool goes_on = indent >= 2 && indent < used;
        if (indent == used || p[0] == '#') {
            /* empty, or a comment */
        } else if (goes_on && to->n > to->n_before && to->block[to->n - 1].n > 0) {
            if (!to->skip)
                KZ_TRY(add_line(r, &to->block[to->n - 1], p + indent, used - indent, err));
        } else {
            KZ_TRY(read_field(r, to, p, used, err));
        }
        p = stop ? stop + 1 : end;
    }
    if (to->n == to->n_before)
        found_at(r, "indicator.no_id", "id", "", NULL);
    return KZ_OK;
}

kz_status catalogue_read_folder(catalogue_reader *r, const char *const but[], int n_but, catalogue_blocks *to,
                                kz_err *err)
{
    static const char FOLDER[] = "data/indicators/";
    for (size_t i = 0; i < kz_n_assets; i++) {
        const kz_asset *a = &kz_assets[i];
        if (strncmp(a->path, FOLDER, sizeof FOLDER - 1) != 0)
            continue;
        int before = to->n;
        const kz_catalogue_file file = { .name = a->path, .text = (const char *)a->bytes, .n = a->n };
        KZ_TRY(catalogue_read_blocks(r, &file, to, err));
        for (int b = before; b < to->n; b++)
            for (int k = 0; k < n_but; k++)
                if (strcmp(catalogue_value(&to->block[b], "id"), but[k]) == 0)
                    to->block[b].replaced = true;
    }
    return KZ_OK;
}

const catalogue_field *catalogue_field_of(const catalogue_block *b, const char *name)
{
    for (int i = 0; i < b->n; i++)
        if (strcmp(b->field[i].name, name) == 0)
            return &b->field[i];
    return NULL;
}

const char *catalogue_value(const catalogue_block *b, const char *name)
{
    const catalogue_field *f = catalogue_field_of(b, name);
    return f ? f->value : "";
}
