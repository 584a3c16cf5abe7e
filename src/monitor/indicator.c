#include "monitor/indicator.h"

#include <string.h>

#include "base/asset.h"
#include "base/tsv.h"
#include "base/utf8.h"
#include "monitor/measure.h"

enum { MAX_DIGITS = 6, CATALOGUE_CAP = 16 << 20 };

typedef struct reader {
    kz_arena *a;
    kz_catalogue_finding_fn report;
    void *ctx;
    int findings;
    const kz_measures *measures;
    /* Where we are. */
    const char *file;
    int line;
} reader;

typedef kz_status (*row_fn)(reader *r, void *ctx, const char *const field[], kz_err *err);

static void found(reader *r, const char *id, const char *column, const char *value)
{
    kz_err e = { 0 };
    kz_status st = kz_fail(&e, KZ_E_INPUT, id, kz_s("file", r->file), kz_n("line", r->line), kz_s("column", column),
                           kz_s("value", value));
    if (st != KZ_OK)
        r->findings++;
    r->report(r->ctx, &e);
}

/* Structure first (tsv.h finds one mistake at a time), then every row's content. */
static kz_status read_table(reader *r, const kz_catalogue_file *f, const char *const columns[], row_fn row,
                            void *ctx, kz_err *err)
{
    kz_tsv t;
    kz_err bad = { 0 };
    kz_status st = kz_tsv_parse(f->name, f->text, f->n, columns, r->a, &t, &bad);
    if (st == KZ_E_INPUT) {
        r->findings++;
        r->report(r->ctx, &bad);
        return KZ_OK;
    }
    if (st != KZ_OK) {
        if (err)
            *err = bad;
        return st;
    }
    r->file = f->name;
    for (int i = 0; i < t.n_rows; i++) {
        r->line = t.lines[i];
        KZ_TRY(row(r, ctx, &t.cells[i * t.n_cols], err));
    }
    return KZ_OK;
}

static bool is_code(const char *s)
{
    size_t n = strlen(s);
    return n > 0 && n <= 64 && strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-_") == n && s[0] != '-';
}

static bool read_number(const char *s, int max, int *ret)
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

static void need_text(reader *r, const char *column, const char *value)
{
    if (!*value)
        found(r, "indicator.text_empty", column, "");
}

/* Index of `value` in the words, or a finding and 0. */
static int read_word(reader *r, const char *column, const char *value, const char *const words[], int n,
                     const char *finding)
{
    for (int i = 0; i < n; i++)
        if (strcmp(value, words[i]) == 0)
            return i;
    found(r, finding, column, value);
    return 0;
}

/* "a + b - c": measures, each once, joined by + or -. */
static kz_status read_form(reader *r, const char *column, const char *text, kz_form *ret, kz_err *err)
{
    static const char SPACE[] = " ", LETTERS[] = "abcdefghijklmnopqrstuvwxyz0123456789_";
    kz_form f = { 0 };
    const char *p = text + strspn(text, SPACE);
    int sign = 1;
    if (!*p) {
        found(r, "indicator.formula_empty", column, text);
        return KZ_OK;
    }
    if (*p == '-') {
        sign = -1;
        p++;
        p += strspn(p, SPACE);
    }
    for (;;) {
        size_t n = strspn(p, LETTERS);
        if (n == 0) {
            found(r, "indicator.formula_measure", column, *p ? p : text);
            return KZ_OK;
        }
        kz_form one = { .n = 1 };
        one.term[0].sign = 1;
        if (!(one.term[0].measure = kz_arena_strndup(r->a, p, n)))
            return kz_fail(err, KZ_E_LIMIT, "indicator.too_large", kz_s("file", r->file));
        if (kz_measure_find(r->measures, one.term[0].measure) < 0)
            found(r, "indicator.measure_unknown", column, one.term[0].measure);
        for (int i = 0; i < f.n; i++)
            if (strcmp(f.term[i].measure, one.term[0].measure) == 0) {
                found(r, "indicator.measure_twice", column, one.term[0].measure);
                return KZ_OK;
            }
        if (!kz_form_add(&f, &one, sign, &f)) {
            found(r, "indicator.formula_long", column, text);
            return KZ_OK;
        }
        p += n;
        p += strspn(p, SPACE);
        if (!*p)
            break;
        if (*p != '+' && *p != '-') {
            found(r, "indicator.formula_sign", column, p);
            return KZ_OK;
        }
        sign = *p == '-' ? -1 : 1;
        p++;
        p += strspn(p, SPACE);
    }
    *ret = f;
    return KZ_OK;
}

typedef struct profiles {
    kz_profile *p;
    int n, cap;
} profiles;

static kz_status profile_row(reader *r, void *ctx, const char *const v[], kz_err *err)
{
    static const char *const YES[] = { "no", "yes" };
    profiles *all = ctx;
    if (all->n == all->cap)
        return kz_fail(err, KZ_E_LIMIT, "indicator.too_large", kz_s("file", r->file));
    kz_profile *p = &all->p[all->n++];
    p->id = v[0];
    if (!is_code(p->id))
        found(r, "indicator.code_bad", "id", p->id);
    if (!read_number(v[1], 100, &p->min_count) || p->min_count < 2)
        found(r, "indicator.min_count", "min_count", v[1]);
    p->zero_secret = read_word(r, "zero_secret", v[2], YES, 2, "indicator.yes_no");
    p->complement = read_word(r, "complement", v[3], YES, 2, "indicator.yes_no");
    p->text = v[4];
    need_text(r, "text", p->text);
    return KZ_OK;
}

typedef struct builder {
    kz_catalogue *cat;
    int cap;
    int last; /* indicator that the previous group belonged to, KZ_NONE: none */
    bool *has_groups;
} builder;

enum {
    I_ID, I_TITLE, I_SHORT, I_SUBTITLE, I_SENTENCE, I_COUNTED, I_KIND, I_NUM, I_DEN, I_NUM_LABEL, I_DEN_LABEL,
    I_PER, I_DIGITS, I_DIRECTION, I_THEME, I_PHASE, I_SOURCE, I_PROFILE, I_CAVEAT, N_I
};
static const char *const INDICATOR_COLUMNS[N_I + 1] = {
    "id", "title", "short_title", "subtitle", "sentence", "counted", "kind", "numerator", "denominator",
    "numerator_label", "denominator_label", "per", "digits", "direction", "theme", "phase", "source", "profile",
    "caveat", NULL
};

static kz_status read_denominator(reader *r, kz_indicator *i, const char *text, const kz_form *numerator,
                                  kz_err *err)
{
    if (i->kind == KZ_KIND_SHARE)
        return read_form(r, "denominator", text, &i->denominator, err);
    if (i->kind == KZ_KIND_COUNT && *text)
        found(r, "indicator.count_denominator", "denominator", text);
    if (i->kind == KZ_KIND_CHANGE) {
        if (strcmp(text, "@first") != 0)
            found(r, "indicator.change_denominator", "denominator", text);
        i->denominator = *numerator;
    }
    return KZ_OK;
}

static kz_status indicator_row(reader *r, void *ctx, const char *const v[], kz_err *err)
{
    static const char *const KINDS[] = { "count", "share", "change" };
    static const char *const DIRECTIONS[] = { "neutral", "load", "resource" };
    builder *b = ctx;
    kz_catalogue *cat = b->cat;
    if (cat->n == b->cap)
        return kz_fail(err, KZ_E_LIMIT, "indicator.too_large", kz_s("file", r->file));
    if (!is_code(v[I_ID])) {
        found(r, "indicator.code_bad", "id", v[I_ID]);
        return KZ_OK;
    }
    if (kz_catalogue_find(cat, v[I_ID])) {
        found(r, "indicator.id_twice", "id", v[I_ID]);
        return KZ_OK;
    }
    kz_indicator *i = &cat->indicators[cat->n++];
    *i = (kz_indicator){ .id = v[I_ID], .title = v[I_TITLE], .short_title = v[I_SHORT], .subtitle = v[I_SUBTITLE],
                         .sentence = v[I_SENTENCE], .counted = v[I_COUNTED], .numerator_label = v[I_NUM_LABEL],
                         .denominator_label = v[I_DEN_LABEL], .theme = v[I_THEME], .phase = v[I_PHASE],
                         .source = v[I_SOURCE], .caveat = v[I_CAVEAT], .line = r->line };
    i->kind = (kz_kind)read_word(r, "kind", v[I_KIND], KINDS, 3, "indicator.kind");
    i->direction = (kz_direction)read_word(r, "direction", v[I_DIRECTION], DIRECTIONS, 3, "indicator.direction");
    for (int c = I_TITLE; c <= I_COUNTED; c++)
        need_text(r, INDICATOR_COLUMNS[c], v[c]);
    for (int c = I_THEME; c < N_I; c++)
        if (c != I_PROFILE)
            need_text(r, INDICATOR_COLUMNS[c], v[c]);
    need_text(r, "numerator_label", i->numerator_label);
    if (i->kind != KZ_KIND_COUNT)
        need_text(r, "denominator_label", i->denominator_label);
    if (!strstr(i->sentence, "{area}") || !strstr(i->sentence, "{x}"))
        found(r, "indicator.sentence", "sentence", i->sentence);
    if (!read_number(v[I_PER], 1000000, &i->per) || i->per < 1)
        found(r, "indicator.per", "per", v[I_PER]);
    if (!read_number(v[I_DIGITS], MAX_DIGITS, &i->digits))
        found(r, "indicator.digits", "digits", v[I_DIGITS]);

    for (int p = 0; p < cat->n_profiles && !i->profile; p++)
        if (strcmp(cat->profiles[p].id, v[I_PROFILE]) == 0)
            i->profile = &cat->profiles[p];
    if (!i->profile)
        found(r, "indicator.profile_unknown", "profile", v[I_PROFILE]);

    kz_indicator_group *whole = kz_arena_new(r->a, kz_indicator_group, 1);
    if (!whole)
        return kz_fail(err, KZ_E_LIMIT, "indicator.too_large", kz_s("file", r->file));
    *whole = (kz_indicator_group){ .code = "Total", .label = "Insgesamt", .parent = KZ_NONE };
    i->groups = whole;
    i->n_groups = 1;
    KZ_TRY(read_form(r, "numerator", v[I_NUM], &whole->numerator, err));
    return read_denominator(r, i, v[I_DEN], &whole->numerator, err);
}

enum { G_INDICATOR, G_CODE, G_PARENT, G_LABEL, G_NUM, N_G };
static const char *const GROUP_COLUMNS[N_G + 1] = { "indicator", "code", "parent", "label", "numerator", NULL };

static kz_status group_row(reader *r, void *ctx, const char *const v[], kz_err *err)
{
    builder *b = ctx;
    const kz_indicator *known = kz_catalogue_find(b->cat, v[G_INDICATOR]);
    if (!known) {
        found(r, "indicator.group_of_unknown", "indicator", v[G_INDICATOR]);
        return KZ_OK;
    }
    int at = (int)(known - b->cat->indicators);
    kz_indicator *i = &b->cat->indicators[at];
    if (at != b->last && b->has_groups[at])
        found(r, "indicator.group_apart", "indicator", v[G_INDICATOR]);
    b->last = at;

    kz_indicator_group g = { .code = v[G_CODE], .label = v[G_LABEL], .parent = KZ_NONE };
    need_text(r, "label", g.label);
    KZ_TRY(read_form(r, "numerator", v[G_NUM], &g.numerator, err));
    bool whole = strcmp(g.code, "Total") == 0;
    if (!b->has_groups[at]) {
        b->has_groups[at] = true;
        if (!whole || *v[G_PARENT]) {
            found(r, "indicator.group_first", "code", g.code);
            return KZ_OK;
        }
        if (g.numerator.n > 0 && !kz_form_equal(&g.numerator, &i->groups[0].numerator))
            found(r, "indicator.group_whole", "numerator", v[G_NUM]);
        i->groups[0] = g;
        return KZ_OK;
    }
    if (!is_code(g.code)) {
        found(r, "indicator.code_bad", "code", g.code);
        return KZ_OK;
    }
    if (kz_indicator_group_find(i, g.code) != KZ_NONE) {
        found(r, "indicator.group_twice", "code", g.code);
        return KZ_OK;
    }
    /* A parent stands above its subgroups, so the tree has no cycle. */
    g.parent = kz_indicator_group_find(i, v[G_PARENT]);
    if (*v[G_PARENT] && g.parent == KZ_NONE)
        found(r, "indicator.group_parent", "parent", v[G_PARENT]);
    kz_indicator_group *more = kz_arena_new(r->a, kz_indicator_group, i->n_groups + 1);
    if (!more)
        return kz_fail(err, KZ_E_LIMIT, "indicator.too_large", kz_s("file", r->file));
    memcpy(more, i->groups, (size_t)i->n_groups * sizeof *more);
    more[i->n_groups++] = g;
    i->groups = more;
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
    return a ? (kz_catalogue_file){ path, (const char *)a->bytes, a->n } : (kz_catalogue_file){ path, NULL, 0 };
}

kz_status kz_catalogue_read(kz_catalogue_file indicators, kz_catalogue_file groups,
                            kz_catalogue_finding_fn report, void *ctx, kz_catalogue *ret, kz_err *err)
{
    static const char *const PROFILE_COLUMNS[] = { "id", "min_count", "zero_secret", "complement", "text", NULL };
    kz_auto(kz_catalogue) cat = KZ_CATALOGUE_INIT;
    kz_arena_init(&cat.arena, CATALOGUE_CAP);
    const kz_measures *measures;
    KZ_TRY(kz_measures_get(&measures, err));
    kz_catalogue_file rules = builtin("data/disclosure_profiles.tsv");
    if (!indicators.text)
        indicators = builtin("data/indicators.tsv");
    if (!groups.text)
        groups = builtin("data/indicator_groups.tsv");
    KZ_ASSERT(indicators.text && groups.text && rules.text);

    reader r = { .a = &cat.arena, .report = report, .ctx = ctx, .measures = measures };
    profiles all = { .cap = count_lines(&rules) };
    builder b = { .cat = &cat, .cap = count_lines(&indicators), .last = KZ_NONE };
    all.p = kz_arena_new(r.a, kz_profile, all.cap);
    cat.indicators = kz_arena_new(r.a, kz_indicator, b.cap);
    b.has_groups = kz_arena_new(r.a, bool, b.cap);
    if (!all.p || !cat.indicators || !b.has_groups)
        return kz_fail(err, KZ_E_LIMIT, "indicator.too_large", kz_s("file", indicators.name));

    KZ_TRY(read_table(&r, &rules, PROFILE_COLUMNS, profile_row, &all, err));
    cat.profiles = all.p;
    cat.n_profiles = all.n;
    KZ_TRY(read_table(&r, &indicators, INDICATOR_COLUMNS, indicator_row, &b, err));
    KZ_TRY(read_table(&r, &groups, GROUP_COLUMNS, group_row, &b, err));
    if (r.findings > 0)
        return kz_fail(err, KZ_E_FINDING, "indicator.findings", kz_n("n", r.findings));
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
    kz_status st = kz_catalogue_read((kz_catalogue_file){ 0 }, (kz_catalogue_file){ 0 }, keep_first, &first, ret, err);
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
