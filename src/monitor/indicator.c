#include "monitor/indicator_file.h"

#include <string.h>

#include "base/asset.h"
#include "base/tsv.h"
#include "base/utf8.h"

enum { CATALOGUE_CAP = 64 << 20 };

typedef kz_status (*row_fn)(catalogue_reader *r, void *ctx, const char *const v[], kz_err *err);

void catalogue_found(catalogue_reader *r, const char *id, const char *column, const char *value)
{
    kz_err e = { 0 };
    kz_status st = kz_fail(&e, KZ_E_INPUT, id, kz_s("file", r->file), kz_n("line", catalogue_line(r, column)),
                           kz_s("column", column),
                           kz_s("value", value));
    if (st != KZ_OK)
        r->findings++;
    r->report(r->ctx, &e);
}

kz_status catalogue_found_err(catalogue_reader *r, kz_status st, const kz_err *what, kz_err *err)
{
    if (st == KZ_OK)
        return KZ_OK;
    if (st != KZ_E_INPUT && st != KZ_E_LIMIT) {
        if (err)
            *err = *what;
        return st;
    }
    r->findings++;
    r->report(r->ctx, what);
    return KZ_OK;
}

kz_status catalogue_too_large(const catalogue_reader *r, kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "indicator.too_large", kz_s("file", r->file));
}

bool catalogue_is_code(const char *s)
{
    size_t n = strlen(s);
    return n > 0 && n <= 64 && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-_") == n && s[0] != '-';
}

bool catalogue_number(const char *s, int max, int *ret)
{
    int v = 0;
    if (!*s)
        return false;
    for (; *s; s++) {
        if (*s < '0' || *s > '9' || v > max)
            return false;
        v = v * 10 + (*s - '0');
    }
    if (v > max)
        return false;
    *ret = v;
    return true;
}

void catalogue_need_text(catalogue_reader *r, const char *column, const char *value)
{
    if (!*value)
        catalogue_found(r, "indicator.text_empty", column, "");
}

int catalogue_word(catalogue_reader *r, const char *column, const char *value, const char *const words[], int n,
                   const char *finding)
{
    for (int i = 0; i < n; i++)
        if (strcmp(value, words[i]) == 0)
            return i;
    catalogue_found(r, finding, column, value);
    return 0;
}

/* ---- tables --------------------------------------------------------------- */

static kz_status read_table(catalogue_reader *r, const kz_catalogue_file *f, const char *const columns[], row_fn row,
                            void *ctx, kz_err *err)
{
    kz_tsv t;
    KZ_TRY(kz_tsv_parse(f->name, f->text, f->n, columns, r->a, &t, err));
    r->file = f->name;
    for (int i = 0; i < t.n_rows; i++) {
        r->line = t.lines[i];
        KZ_TRY(row(r, ctx, &t.cells[i * t.n_cols], err));
    }
    return KZ_OK;
}

typedef struct profiles {
    kz_profile *p;
    int n, cap;
} profiles;

static kz_status profile_row(catalogue_reader *r, void *ctx, const char *const v[], kz_err *err)
{
    static const char *const YES[] = { "no", "yes" };
    profiles *all = ctx;
    if (all->n == all->cap)
        return catalogue_too_large(r, err);
    kz_profile *p = &all->p[all->n++];
    p->id = v[0];
    if (!catalogue_is_code(p->id))
        catalogue_found(r, "indicator.code_bad", "id", p->id);
    if (!catalogue_number(v[1], 100, &p->min_count) || p->min_count < 2)
        catalogue_found(r, "indicator.min_count", "min_count", v[1]);
    p->zero_secret = catalogue_word(r, "zero_secret", v[2], YES, 2, "indicator.yes_no");
    p->complement = catalogue_word(r, "complement", v[3], YES, 2, "indicator.yes_no");
    p->text = v[4];
    catalogue_need_text(r, "text", p->text);
    return KZ_OK;
}

static int count_lines(const kz_catalogue_file *f)
{
    int lines = 1;
    for (size_t i = 0; i < f->n; i++)
        lines += f->text[i] == '\n';
    return lines;
}

static kz_catalogue_file builtin(const char *path)
{
    const kz_asset *a = kz_asset_find(path);
    return a ? (kz_catalogue_file){ .name = path, .text = (const char *)a->bytes, .n = a->n }
             : (kz_catalogue_file){ .name = path };
}

/* The ids that a file brings itself. */
static kz_status own_ids(catalogue_reader *r, const catalogue_blocks *b, const char *const **ret, kz_err *err)
{
    const char **ids = kz_arena_new(r->a, const char *, b->n + 1);
    if (!ids)
        return catalogue_too_large(r, err);
    for (int i = 0; i < b->n; i++)
        ids[i] = catalogue_value(&b->block[i], "id");
    *ret = ids;
    return KZ_OK;
}

kz_status kz_catalogue_read(kz_catalogue_file file, kz_catalogue_finding_fn report, void *ctx, kz_catalogue *ret,
                            kz_err *err)
{
    static const char *const PROFILE_COLUMNS[] = { "id", "min_count", "zero_secret", "complement", "text", NULL };
    kz_auto(kz_catalogue) cat = KZ_CATALOGUE_INIT;
    kz_arena_init(&cat.arena, CATALOGUE_CAP);
    const kz_expr_scope *known;
    KZ_TRY(kz_expr_scope_builtin(&known, err));
    kz_catalogue_file rules = builtin("data/disclosure_profiles.tsv");
    KZ_ASSERT(rules.text);

    catalogue_reader r = { .a = &cat.arena, .report = report, .ctx = ctx, .scope = *known, .cat = &cat,
                           .file = file.name };
    profiles all = { .cap = count_lines(&rules) };
    all.p = kz_arena_new(r.a, kz_profile, all.cap);
    if (!all.p)
        return catalogue_too_large(&r, err);
    KZ_TRY(read_table(&r, &rules, PROFILE_COLUMNS, profile_row, &all, err));
    cat.profiles = all.p;
    cat.n_profiles = all.n;
    KZ_TRY(catalogue_read_places(&r, err));
    catalogue_blocks blocks = { 0 };
    const char *const *own = NULL;
    if (file.text)
        KZ_TRY(catalogue_read_blocks(&r, &file, &blocks, err));
    int n_own = blocks.n;
    KZ_TRY(own_ids(&r, &blocks, &own, err));
    if (!file.alone)
        KZ_TRY(catalogue_read_folder(&r, own, n_own, &blocks, err));
    KZ_TRY(catalogue_take_blocks(&r, &blocks, err));
    KZ_TRY(catalogue_order(&r, err));
    if (r.findings > 0)
        return kz_fail(err, KZ_E_FINDING, "indicator.findings", kz_n("n", r.findings));
    catalogue_sort_atoms(&cat);
    *ret = cat;
    cat = (kz_catalogue)KZ_CATALOGUE_INIT;
    return KZ_OK;
}

static void keep_first(void *ctx, const kz_err *what)
{
    kz_err *first = ctx;
    if (first->status == KZ_OK)
        *first = *what;
}

kz_status kz_catalogue_builtin(kz_catalogue *ret, kz_err *err)
{
    kz_err first = { 0 };
    kz_status st = kz_catalogue_read((kz_catalogue_file){ 0 }, keep_first, &first, ret, err);
    if (st != KZ_E_FINDING)
        return st;
    if (err)
        *err = first;
    return KZ_E_INPUT;
}

void kz_catalogue_done(kz_catalogue *cat)
{
    kz_arena_done(&cat->arena);
    *cat = (kz_catalogue)KZ_CATALOGUE_INIT;
}

const kz_indicator *kz_catalogue_find(const kz_catalogue *cat, const char *id)
{
    for (int i = 0; i < cat->n; i++)
        if (strcmp(cat->indicators[i].id, id) == 0)
            return &cat->indicators[i];
    return NULL;
}

int kz_indicator_group_find(const kz_indicator *ind, const char *code)
{
    for (int g = 0; g < ind->n_groups; g++)
        if (strcmp(ind->groups[g].code, code) == 0)
            return g;
    return KZ_NONE;
}

int kz_indicator_group_named(const kz_indicator *ind, const char *name)
{
    for (int g = 0; g < ind->n_groups; g++)
        if (kz_utf8_same(kz_view_of(name), kz_view_of(ind->groups[g].code)) ||
            kz_utf8_same(kz_view_of(name), kz_view_of(ind->groups[g].label)))
            return g;
    return KZ_NONE;
}
