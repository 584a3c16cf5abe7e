/* The fields of an indicator's data sheet: where it belongs, what changed, and its second voice, Leichte Sprache. */
#include <string.h>

#include "base/asset.h"
#include "base/date.h"
#include "base/tsv.h"
#include "monitor/indicator_file.h"
#include "monitor/source.h"

enum { AGE_MOST = 120, LEICHT_WORDS = 12, VERSION_MOST = 1000000 };

/* ---- phases and themes -------------------------------------------------------- */

static kz_status table(catalogue_reader *r, const char *path, const char *const columns[], kz_tsv *ret, kz_err *err)
{
    const kz_asset *a = kz_asset_find(path);
    KZ_ASSERT(a);
    return kz_tsv_parse(path, (const char *)a->bytes, a->n, columns, r->a, ret, err);
}

static bool month(const char *text, int *ret)
{
    bool minus = *text == '-';
    if (!catalogue_number(text + minus, 12 * AGE_MOST, ret))
        return false;
    *ret = minus ? -*ret : *ret;
    return true;
}

kz_status catalogue_read_places(catalogue_reader *r, kz_err *err)
{
    static const char *const PHASES[] = { "id", "label", "ages", "from_month", "to_month", "course", "leicht", NULL };
    static const char *const THEMES[] = { "label", NULL };
    static const char *const YES[] = { "no", "yes" };
    kz_tsv t;
    KZ_TRY(table(r, "data/phases.tsv", PHASES, &t, err));
    kz_atlas_phase *phases = kz_arena_new(r->a, kz_atlas_phase, t.n_rows + 1);
    if (!phases)
        return catalogue_too_large(r, err);
    r->file = "data/phases.tsv";
    for (int i = 0; i < t.n_rows; i++) {
        kz_atlas_phase *p = &phases[i];
        r->line = t.lines[i];
        *p = (kz_atlas_phase){ .code = kz_tsv_at(&t, i, 0), .label = kz_tsv_at(&t, i, 1), .ages = kz_tsv_at(&t, i, 2),
                               .leicht = kz_tsv_at(&t, i, 6) };
        if (!month(kz_tsv_at(&t, i, 3), &p->from_month))
            catalogue_found(r, "indicator.month", "from_month", kz_tsv_at(&t, i, 3));
        if (!month(kz_tsv_at(&t, i, 4), &p->to_month) || p->to_month <= p->from_month)
            catalogue_found(r, "indicator.month", "to_month", kz_tsv_at(&t, i, 4));
        p->course = catalogue_word(r, "course", kz_tsv_at(&t, i, 5), YES, 2, "indicator.yes_no");
    }
    r->cat->phases = phases;
    r->cat->n_phases = t.n_rows;
    KZ_TRY(table(r, "data/themes.tsv", THEMES, &t, err));
    r->cat->themes = t.cells;
    r->cat->n_themes = t.n_rows;
    return KZ_OK;
}

static const char *phase_code(const void *ctx, int i)
{
    const kz_catalogue *cat = ctx;
    return i < cat->n_phases ? cat->phases[i].code : NULL;
}

static const char *theme_label(const void *ctx, int i)
{
    const kz_catalogue *cat = ctx;
    return i < cat->n_themes ? cat->themes[i] : NULL;
}

/* A name that is none, and the nearest there is. */
static void found_near(catalogue_reader *r, const char *id, const char *column, const char *value,
                       kz_expr_name_fn names)
{
    kz_err e = { 0 };
    const char *near = kz_expr_nearest(value, names, r->cat);
    kz_status st = kz_fail(&e, KZ_E_INPUT, id, kz_s("file", r->file), kz_n("line", catalogue_line(r, column)),
                           kz_s("column", column), kz_s("value", value), kz_s("near", near ? near : names(r->cat, 0)));
    if (st != KZ_OK)
        r->findings++;
    r->report(r->ctx, &e);
}

/* ---- fields ------------------------------------------------------------------- */

static void read_place(catalogue_reader *r, const catalogue_block *b, kz_indicator *i)
{
    static const char *const YES[] = { "no", "yes" };
    const char *ages = catalogue_value(b, "ages"), *key = catalogue_value(b, "key");
    i->phase_at = 0;
    while (i->phase_at < r->cat->n_phases && strcmp(r->cat->phases[i->phase_at].code, i->phase) != 0)
        i->phase_at++;
    if (i->phase_at == r->cat->n_phases) {
        i->phase_at = 0;
        if (*i->phase)
            found_near(r, "indicator.phase", "phase", i->phase, phase_code);
    }
    bool known = false;
    for (int k = 0; k < r->cat->n_themes && !known; k++)
        known = strcmp(r->cat->themes[k], i->theme) == 0;
    if (!known && *i->theme)
        found_near(r, "indicator.theme", "theme", i->theme, theme_label);
    if (*key)
        i->is_key = catalogue_word(r, "key", key, YES, 2, "indicator.yes_no");
    i->age_from = i->age_to = -1;
    if (strcmp(ages, "alle") == 0)
        return;
    size_t dash = strcspn(ages, "-");
    char from[8] = { 0 };
    if (dash < sizeof from)
        memcpy(from, ages, dash);
    if (ages[dash] != '-' || !catalogue_number(from, AGE_MOST, &i->age_from) ||
        !catalogue_number(ages + dash + 1, AGE_MOST, &i->age_to) || i->age_to < i->age_from)
        catalogue_found(r, "indicator.ages", "ages", ages);
}

/* "2 | 2027-03-01 | Nur noch Hauptwohnungen." */
static bool read_change(catalogue_reader *r, const char *text, kz_atlas_change *ret)
{
    const char *bar = strchr(text, '|'), *second = bar ? strchr(bar + 1, '|') : NULL;
    if (!second)
        return false;
    const char *part[] = { text, bar + 1, second + 1 };
    const size_t n[] = { (size_t)(bar - text), (size_t)(second - bar - 1), strlen(second + 1) };
    const char *clean[3];
    for (int k = 0; k < 3; k++) {
        size_t from = 0, to = n[k];
        while (from < to && part[k][from] == ' ')
            from++;
        while (to > from && part[k][to - 1] == ' ')
            to--;
        if (!(clean[k] = kz_arena_strndup(r->a, part[k] + from, to - from)))
            return false;
    }
    kz_date day;
    ret->date = clean[1];
    ret->text = clean[2];
    return catalogue_number(clean[0], VERSION_MOST, &ret->version) && strlen(clean[1]) == 10 && clean[1][4] == '-' &&
           kz_date_parse(kz_view_of(clean[1]), &day) && *clean[2];
}

/* Newest first; the newest is the version itself. */
static kz_status read_changes(catalogue_reader *r, const catalogue_block *b, kz_indicator *i, kz_err *err)
{
    kz_atlas_change *c = kz_arena_new(r->a, kz_atlas_change, b->n + 1);
    if (!c)
        return catalogue_too_large(r, err);
    for (int k = 0; k < b->n; k++) {
        if (strcmp(b->field[k].name, "change") != 0)
            continue;
        int n = i->n_changes;
        r->block = NULL; /* there are several of that name: the line is this one's */
        r->line = b->field[k].line;
        if (!read_change(r, b->field[k].value, &c[n])) {
            catalogue_found(r, "indicator.change", "change", b->field[k].value);
            continue;
        }
        i->n_changes++;
        if (n > 0 && (c[n].version >= c[n - 1].version || strcmp(c[n].date, c[n - 1].date) > 0))
            catalogue_found(r, "indicator.change_order", "change", b->field[k].value);
    }
    r->block = b;
    r->line = b->line;
    i->changes = c;
    if (i->n_changes == 0 || c[0].version != i->version)
        catalogue_found(r, "indicator.change_version", "version", catalogue_value(b, "version"));
    return KZ_OK;
}

static int words_of(const char *line, size_t n)
{
    int words = 0;
    for (size_t i = 0; i < n; i++)
        words += line[i] != ' ' && (i == 0 || line[i - 1] == ' ');
    return words;
}

/* Short lines, a sentence each; and how the number is said. */
static void read_leicht(catalogue_reader *r, const catalogue_block *b, kz_indicator *i)
{
    i->leicht_title = catalogue_value(b, "leicht_title");
    i->leicht = catalogue_value(b, "leicht");
    i->leicht_of = catalogue_value(b, "leicht_of");
    i->leicht_sentence = catalogue_value(b, "leicht_sentence");
    if (!*i->leicht_title || !*i->leicht)
        catalogue_found(r, "indicator.leicht_missing", *i->leicht_title ? "leicht" : "leicht_title", "");
    for (const char *p = i->leicht; *p;) {
        size_t n = strcspn(p, "\n");
        if (words_of(p, n) > LEICHT_WORDS) {
            const char *line = kz_arena_strndup(r->a, p, n);
            catalogue_found(r, "indicator.leicht_long", "leicht", line ? line : "");
        }
        p += n + (p[n] == '\n');
    }
    bool share = i->kind == KZ_KIND_SHARE;
    if (share && !*i->leicht_of)
        catalogue_found(r, "indicator.leicht_of", "leicht_of", "");
    if (!share && (!strstr(i->leicht_sentence, "{area}") || !strstr(i->leicht_sentence, "{x}")))
        catalogue_found(r, "indicator.leicht_sentence", "leicht_sentence", i->leicht_sentence);
}

/* Every source is read once. */
static kz_status profile_of(catalogue_reader *r, const char *source, const char **ret, kz_err *err)
{
    int at = 0;
    while (at < r->n_sources && strcmp(r->source[at], source) != 0)
        at++;
    if (at == r->n_sources) {
        kz_source s;
        KZ_TRY(kz_source_load(source, r->a, &s, err));
        if (at == CATALOGUE_SOURCES)
            at = 0;
        else
            r->n_sources++;
        r->source[at] = source;
        r->source_profile[at] = s.profile;
    }
    *ret = r->source_profile[at];
    return KZ_OK;
}

/* A count of person rows is at least as well protected as its source says. */
static kz_status check_profile(catalogue_reader *r, const kz_indicator *i, const kz_expr *total, kz_err *err)
{
    for (int k = 0; total && i->profile && k < total->n_arg; k++) {
        const kz_expr *part = total->arg[k];
        if (part->op != KZ_X_COUNT && part->op != KZ_X_DISTINCT && part->op != KZ_X_SUM)
            continue;
        const char *profile;
        KZ_TRY(profile_of(r, part->name, &profile, err));
        for (int p = 0; p < r->cat->n_profiles; p++)
            if (strcmp(r->cat->profiles[p].id, profile) == 0 &&
                r->cat->profiles[p].min_count > i->profile->min_count) {
                catalogue_found(r, "indicator.profile_weak", "profile", part->name);
                return KZ_OK;
            }
    }
    return KZ_OK;
}

kz_status catalogue_sheet(catalogue_reader *r, const catalogue_block *b, kz_indicator *i, kz_err *err)
{
    i->symbol = catalogue_value(b, "symbol");
    i->reference = catalogue_value(b, "reference");
    i->origin = catalogue_value(b, "origin");
    i->interpretation = catalogue_value(b, "interpretation");
    catalogue_need_text(r, "reference", i->reference);
    catalogue_need_text(r, "origin", i->origin);
    catalogue_need_text(r, "interpretation", i->interpretation);
    read_place(r, b, i);
    read_leicht(r, b, i);
    KZ_TRY(read_changes(r, b, i, err));
    return check_profile(r, i, i->numerator, err);
}
