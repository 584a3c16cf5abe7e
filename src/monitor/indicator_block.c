/* Blocks of fields as indicators: the same rows that a table would give, in the order that `order` says. */
#include <stdlib.h>
#include <string.h>

#include "monitor/indicator_file.h"

enum { ORDER_MOST = 1000000, GROUP_PARTS = 4 };

int catalogue_line(const catalogue_reader *r, const char *column)
{
    const catalogue_field *f = r->block ? catalogue_field_of(r->block, column) : NULL;
    return f ? f->line : r->line;
}

typedef struct place {
    const catalogue_block *block;
    int order, at;
} place;

static int by_order(const void *x, const void *y)
{
    const place *a = x, *b = y;
    return a->order != b->order ? (a->order > b->order) - (a->order < b->order) : a->at - b->at;
}

static void enter(catalogue_reader *r, const catalogue_block *b)
{
    r->block = b;
    r->file = b->file;
    r->line = b->line;
}

/* All fields of the name, one a line; NULL: memory. */
static const char *joined(catalogue_reader *r, const catalogue_block *b, const char *name)
{
    size_t n = 1, at = 0;
    for (int i = 0; i < b->n; i++)
        n += strcmp(b->field[i].name, name) == 0 ? strlen(b->field[i].value) + 1 : 0;
    char *all = kz_arena_array(r->a, n, 1);
    for (int i = 0; i < b->n && all; i++) {
        if (strcmp(b->field[i].name, name) != 0)
            continue;
        if (at > 0)
            all[at++] = '\n';
        size_t len = strlen(b->field[i].value);
        memcpy(all + at, b->field[i].value, len);
        at += len;
    }
    return all;
}

static bool needs_denominator(const char *kind)
{
    return strcmp(kind, "share") == 0 || strcmp(kind, "ratio") == 0 || strcmp(kind, "change") == 0;
}

/* "code | parent | label | condition": the parts without spaces around them.  False: not four. */
static bool split(catalogue_reader *r, const char *text, const char *part[GROUP_PARTS])
{
    for (int k = 0; k < GROUP_PARTS; k++) {
        size_t n = strcspn(text, "|");
        if ((text[n] == '|') != (k < GROUP_PARTS - 1))
            return false;
        size_t from = 0, to = n;
        while (from < to && text[from] == ' ')
            from++;
        while (to > from && text[to - 1] == ' ')
            to--;
        if (!(part[k] = kz_arena_strndup(r->a, text + from, to - from)))
            return false;
        text += n + (text[n] == '|');
    }
    return true;
}

static kz_status take_groups(catalogue_reader *r, const catalogue_block *b, const char *id, kz_err *err)
{
    bool first = true;
    for (int i = 0; i < b->n; i++) {
        bool own = strcmp(b->field[i].name, "part") == 0;
        const char *part[GROUP_PARTS], *v[N_G] = { 0 };
        if (!own && strcmp(b->field[i].name, "group") != 0)
            continue;
        r->block = NULL;
        r->line = b->field[i].line;
        if (!split(r, b->field[i].value, part)) {
            catalogue_found(r, "indicator.group_fields", b->field[i].name, b->field[i].value);
            continue;
        }
        for (int k = 0; k < N_G; k++)
            v[k] = "";
        v[G_INDICATOR] = id;
        if (first && strcmp(part[0], "Total") != 0) {
            v[G_CODE] = "Total";
            v[G_LABEL] = "Insgesamt"; /* lint: allow german, because it is what a group without a name is called */
            KZ_TRY(catalogue_group_row(r, v, err));
        }
        first = false;
        v[G_CODE] = part[0];
        v[G_PARENT] = part[1];
        v[G_LABEL] = part[2];
        v[own ? G_NUM : G_CONDITION] = part[3];
        KZ_TRY(catalogue_group_row(r, v, err));
    }
    return KZ_OK;
}

static kz_status take_block(catalogue_reader *r, const catalogue_block *b, kz_err *err)
{
    const char *v[N_I];
    int before = r->cat->n;
    enter(r, b);
    for (int c = 0; c < N_I; c++)
        v[c] = catalogue_value(b, CATALOGUE_INDICATOR_COLUMNS[c]);
    if (!(v[I_CAVEAT] = joined(r, b, "caveat")))
        return catalogue_too_large(r, err);
    if (needs_denominator(v[I_KIND]) && !*v[I_DEN]) {
        catalogue_found(r, "indicator.denominator_missing", "denominator", v[I_KIND]);
        v[I_DEN] = v[I_NUM]; /* said; the rest is read on */
    }
    KZ_TRY(catalogue_indicator_row(r, v, err));
    if (r->cat->n == before)
        return KZ_OK; /* it has no name of its own */
    kz_indicator *i = &r->cat->indicators[before];
    i->file = b->file;
    KZ_TRY(catalogue_sheet(r, b, i, err));
    return take_groups(r, b, i->id, err);
}

kz_status catalogue_take_blocks(catalogue_reader *r, catalogue_blocks *blocks, kz_err *err)
{
    place *p = kz_arena_new(r->a, place, blocks->n + 1);
    const char **ids = kz_arena_new(r->a, const char *, blocks->n + 1);
    r->cat->indicators = kz_arena_new(r->a, kz_indicator, blocks->n + 1);
    r->has_groups = kz_arena_new(r->a, bool, blocks->n + 1);
    if (!p || !ids || !r->cat->indicators || !r->has_groups)
        return catalogue_too_large(r, err);
    int n = 0;
    for (int i = 0; i < blocks->n; i++) {
        const catalogue_block *b = &blocks->block[i];
        if (b->replaced)
            continue;
        p[n] = (place){ b, 0, i };
        enter(r, b);
        if (!catalogue_number(catalogue_value(b, "order"), ORDER_MOST, &p[n].order))
            catalogue_found(r, "indicator.order", "order", catalogue_value(b, "order"));
        ids[n++] = catalogue_value(b, "id");
    }
    if (n > 1)
        qsort(p, (size_t)n, sizeof *p, by_order);
    r->n_most = n;
    r->scope.indicators = ids;
    r->scope.n_indicators = n;
    for (int i = 0; i < n; i++)
        KZ_TRY(take_block(r, p[i].block, err));
    r->block = NULL;
    return KZ_OK;
}
