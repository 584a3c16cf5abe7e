/* kekiz explain: where a number comes from, as a chain from the file to the publication. */
#include "cli/cmd.h"
#include "cli/known.h"
#include "cli/output.h"

#include "base/utf8.h"
#include "monitor/compute.h"
#include "monitor/provenance.h"
#include "sdc/suppress.h"
#include "store/workspace.h"

#include <string.h>

enum { EXPLAIN_CAP = 256 << 20, TEXT_MOST = 8192 };

typedef struct job {
    kz_call *call;
    kz_db *work;
    kz_table_out *t;
    kz_arena *arena;
    const kz_indicator *ind;
    int group, area, period, first; /* of catalogue and matrix */
    kz_counts n;
} job;

static void put(job *j, const char *field, const char *value)
{
    kz_put_text(j->t, field);
    kz_put_text(j->t, value);
}

/* "501" or "stadtteil:501"; a key that two levels have must name its level. */
static kz_status find_area(job *j, const char *text, int64_t *ret)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    const char *colon = strchr(text, ':');
    kz_auto(kz_buf) level = kz_buf_init(4096);
    bool row;
    if (colon)
        kz_utf8_fold(&level, kz_view_from(text, (size_t)(colon - text)));
    KZ_TRY(kz_prepare(j->work, "SELECT a.id, a.name, l.code FROM area a JOIN level l ON l.id = a.level WHERE "
                               "(?1 IS NULL OR l.code = ?1) AND a.key = ?2 ORDER BY l.\"rank\"", &q, &j->call->err));
    if (colon)
        kz_bind_text(&q, 1, kz_buf_text(&level));
    kz_bind_text(&q, 2, colon ? colon + 1 : text);
    KZ_TRY(kz_step(&q, &row, &j->call->err));
    if (!row)
        return kz_fail(&j->call->err, KZ_E_MISSING, "explain.no_area", kz_s("value", text));
    *ret = kz_col_int(&q, 0);
    put(j, "area", text);
    put(j, "name", kz_col_text(&q, 1));
    put(j, "level", kz_col_text(&q, 2));
    KZ_TRY(kz_step(&q, &row, &j->call->err));
    if (row)
        return kz_fail(&j->call->err, KZ_E_INPUT, "explain.two_areas", kz_s("value", text),
                       kz_s("level", kz_col_text(&q, 2)));
    return KZ_OK;
}

/* "age_00_03 (1205) + age_03_06 (1040) = 2245" */
static void put_form(job *j, const char *field, const kz_form *f, int period)
{
    kz_auto(kz_buf) b = kz_buf_init(TEXT_MOST);
    for (int i = 0; i < f->n; i++) {
        int m = kz_counts_measure(&j->n, f->term[i].measure);
        int64_t v = kz_matrix_value(&j->n.m, m, period, j->area);
        kz_buf_str(&b, i == 0 ? (f->term[i].sign < 0 ? "-" : "") : f->term[i].sign < 0 ? " - " : " + ");
        kz_buf_str(&b, f->term[i].measure);
        if (v >= 0)
            kz_buf_fmt(&b, " (%lld)", (long long)v);
        else
            kz_buf_str(&b, " (…)");
    }
    kz_count c = kz_counts_form(&j->n, f, period, j->area);
    if (c.value >= 0)
        kz_buf_fmt(&b, " = %lld", (long long)c.value);
    put(j, field, kz_buf_text(&b));
}

/* The row of a file behind one measure, or the areas that were added up. */
static kz_status put_input(job *j, const char *measure, int period)
{
    kz_auto(kz_buf) b = kz_buf_init(TEXT_MOST), place = kz_buf_init(TEXT_MOST);
    kz_provenance p;
    bool found;
    int m = kz_counts_measure(&j->n, measure);
    if (j->n.summed[kz_matrix_at(&j->n.m, m, period, j->area)]) {
        kz_say(&b, j->call->lang, "explain.summed", kz_s("measure", measure),
               kz_s("period", j->n.m.period_codes[period]));
        put(j, "input", kz_buf_text(&b));
        return KZ_OK;
    }
    KZ_TRY(kz_provenance_find(j->work, measure, j->n.m.periods[period], j->n.m.areas[j->area], j->arena, &found, &p,
                              &j->call->err));
    if (!found) {
        kz_say(&b, j->call->lang, "explain.missing", kz_s("measure", measure),
               kz_s("period", j->n.m.period_codes[period]));
        put(j, "input", kz_buf_text(&b));
        return KZ_OK;
    }
    kz_provenance_place(&place, j->call->lang, &p);
    kz_say(&b, j->call->lang, "explain.input", kz_s("measure", measure), kz_s("period", j->n.m.period_codes[period]),
           kz_s("file", p.file), kz_s("place", kz_buf_text(&place)), kz_n("import", p.import), kz_s("at", p.at),
           kz_s("user", p.by_user), kz_s("map", p.map_name), kz_n("version", p.map_version));
    put(j, "input", kz_buf_text(&b));
    put(j, "sha256", p.sha256);
    put(j, "map_sha256", p.map_sha256);
    return KZ_OK;
}

static void put_real(job *j, const char *field, double x)
{
    kz_auto(kz_buf) b = kz_buf_init(64);
    kz_buf_real(&b, x);
    put(j, field, kz_buf_text(&b));
}

static kz_status put_releases(job *j)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(j->work, "SELECT r.name, r.state, r.approved_by, r.publish_at, c.num_mask, c.den_mask FROM "
                               "release_cell c JOIN release r ON r.id = c.release WHERE c.indicator = (SELECT id FROM "
                               "indicator WHERE code = ?1) AND c.grp IN (SELECT id FROM indicator_group WHERE code = "
                               "?2) AND c.period = ?3 AND c.area = ?4 ORDER BY r.id", &q, &j->call->err));
    kz_bind_text(&q, 1, j->ind->id);
    kz_bind_text(&q, 2, j->ind->groups[j->group].code);
    kz_bind_int(&q, 3, j->n.m.periods[j->period]);
    kz_bind_int(&q, 4, j->n.m.areas[j->area]);
    for (;;) {
        static const char *const WORDS[] = { "explain.open", "explain.primary", "explain.secondary" };
        kz_auto(kz_buf) b = kz_buf_init(TEXT_MOST);
        bool row;
        KZ_TRY(kz_step(&q, &row, &j->call->err));
        if (!row)
            return KZ_OK;
        int64_t num = kz_col_int(&q, 4), den = kz_col_int(&q, 5);
        int64_t mask = num == KZ_MASK_PRIMARY || den == KZ_MASK_PRIMARY ? KZ_MASK_PRIMARY : num ? num : den;
        kz_buf_fmt(&b, "%s (%s", kz_col_text(&q, 0), kz_col_text(&q, 1));
        if (*kz_col_text(&q, 2))
            kz_buf_fmt(&b, ", %s, %s", kz_col_text(&q, 2), kz_col_text(&q, 3));
        kz_buf_str(&b, ")");
        put(j, "release", kz_buf_text(&b));
        put(j, "protection", kz_text(j->call->lang, kz_col_null(&q, 4) ? "explain.unprotected"
                                                                       : WORDS[mask < 0 || mask > 2 ? 0 : mask]));
    }
}

static kz_status explain(job *j)
{
    const kz_form *num = &j->ind->groups[j->group].numerator;
    kz_cell c;
    int32_t import;
    if (!kz_compute_cell(&j->n, j->ind, j->group, j->first, j->period, j->area, &c, &import))
        return kz_fail(&j->call->err, KZ_E_MISSING, "explain.no_cell", kz_s("indicator", j->ind->id),
                       kz_s("period", j->n.m.period_codes[j->period]));
    put_form(j, "numerator", num, j->period);
    if (j->ind->kind == KZ_KIND_SHARE)
        put_form(j, "denominator", &j->ind->denominator, j->period);
    else if (j->ind->kind == KZ_KIND_CHANGE)
        put_form(j, "denominator", num, j->first);
    static const char *const FORMULAS[] = { "numerator", "numerator / denominator",
                                            "(numerator - denominator) / denominator" };
    put(j, "formula", FORMULAS[j->ind->kind]);
    put_real(j, "value", c.value);
    put_real(j, "lo", c.lo);
    put_real(j, "hi", c.hi);
    put(j, "interval", kz_text(j->call->lang, j->ind->kind == KZ_KIND_SHARE ? "explain.wilson" : "explain.complete"));
    put(j, "state", kz_cell_state_name((kz_cell_state)c.state));
    for (int i = 0; i < num->n; i++)
        KZ_TRY(put_input(j, num->term[i].measure, j->period));
    for (int i = 0; j->ind->kind == KZ_KIND_SHARE && i < j->ind->denominator.n; i++)
        KZ_TRY(put_input(j, j->ind->denominator.term[i].measure, j->period));
    for (int i = 0; j->ind->kind == KZ_KIND_CHANGE && i < num->n; i++)
        KZ_TRY(put_input(j, num->term[i].measure, j->first));
    put(j, "profile", j->ind->profile->text);
    return put_releases(j);
}

static kz_status prepare(job *j, const kz_catalogue *cat, kz_arena *a)
{
    const char *group = kz_opt_text(j->call, "group"), *period = j->call->args[2];
    int n_codes;
    int64_t area;
    kz_err *err = &j->call->err;
    j->ind = kz_catalogue_find(cat, j->call->args[0]);
    if (!j->ind)
        return kz_fail(err, KZ_E_MISSING, "indicator.none", kz_s("value", j->call->args[0]));
    KZ_TRY(kz_known_group(j->call, j->ind, group, &j->group));
    put(j, "indicator", j->ind->id);
    put(j, "title", j->ind->title);
    put(j, "group", j->ind->groups[j->group].code);
    KZ_TRY(find_area(j, j->call->args[1], &area));
    const char **codes = kz_catalogue_measures(cat, a, &n_codes);
    if (!codes)
        return kz_fail(err, KZ_E_LIMIT, "compute.memory");
    KZ_TRY(kz_counts_load(j->work, codes, n_codes, a, &j->n, err));
    KZ_TRY(kz_known_period(j->call, j->work, period));
    j->area = kz_matrix_area(&j->n.m, area);
    j->period = 0;
    while (j->period < j->n.m.n_periods && strcmp(j->n.m.period_codes[j->period], period) != 0)
        j->period++;
    KZ_ASSERT(j->period < j->n.m.n_periods);
    j->first = kz_compute_first_period(&j->n, j->ind);
    put(j, "period", period);
    return KZ_OK;
}

kz_status kz_cmd_explain(kz_call *call)
{
    static const kz_col COLS[] = { { "key", KZ_COL_TEXT }, { "value", KZ_COL_TEXT } };
    kz_auto(kz_catalogue) cat = KZ_CATALOGUE_INIT;
    kz_auto(kz_workspace) ws = { 0 };
    kz_auto(kz_table_out) t;
    KZ_TRY(kz_table_begin(&t, call, COLS, 2));
    kz_auto(kz_arena) arena;
    kz_arena_init(&arena, EXPLAIN_CAP);
    KZ_TRY(kz_catalogue_builtin(&cat, &call->err));
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    job j = { .call = call, .work = ws.work, .t = &t, .arena = &arena };
    KZ_TRY(prepare(&j, &cat, &arena));
    KZ_TRY(explain(&j));
    return kz_table_end(&t);
}
