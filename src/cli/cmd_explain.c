/* kekiz explain: where a number comes from, as a chain from the file to the publication. */
#include "cli/cmd.h"
#include "cli/known.h"
#include "cli/output.h"

#include "base/utf8.h"
#include "monitor/provenance.h"
#include "monitor/reckon.h"
#include "sdc/rule.h"
#include "store/workspace.h"

#include <math.h>
#include <string.h>

enum { EXPLAIN_CAP = 1 << 30, TEXT_MOST = 8192, FORM_MOST = 64 * KZ_EXPR_BYTES };

typedef struct job {
    kz_call *call;
    kz_db *work;
    kz_table_out *t;
    kz_arena *arena;
    const kz_indicator *ind;
    int group, area, period; /* of catalogue and matrix */
    kz_counts n;
    kz_reckoner r;
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

/* "0–12"; "0–" where nothing is known above */
static void put_span(kz_buf *b, kz_span s)
{
    if (s.lo > -KZ_SPAN_OPEN)
        kz_buf_int(b, s.lo);
    kz_buf_str(b, "–");
    if (s.hi < KZ_SPAN_OPEN)
        kz_buf_int(b, s.hi);
}

/* "age_00_03 (1205) + age_03_06 (1040) = 2245" */
static void put_form(job *j, const char *field, const kz_form *f, int period)
{
    kz_auto(kz_buf) b = kz_buf_init(FORM_MOST);
    for (int i = 0; i < f->n; i++) {
        int factor = f->term[i].factor, p = kz_counts_term_period(&j->n, f->term[i].index, f->term[i].shift, period);
        kz_count c = { .value = KZ_NO_VALUE, .state = KZ_N_CELL_STATES };
        if (p != KZ_NONE)
            c = kz_counts_atom(&j->n, f->term[i].index, p, j->area);
        kz_buf_str(&b, i == 0 ? (factor < 0 ? "-" : "") : factor < 0 ? " - " : " + ");
        if (factor != 1 && factor != -1)
            kz_buf_fmt(&b, "%d * ", factor < 0 ? -factor : factor);
        kz_buf_str(&b, f->term[i].atom);
        if (f->term[i].shift > 0)
            kz_buf_fmt(&b, "[-%d]", f->term[i].shift);
        if (c.value != KZ_NO_VALUE)
            kz_buf_fmt(&b, " (%lld)", (long long)c.value);
        else if (c.state == KZ_CELL_HIDDEN) {
            kz_buf_str(&b, " (");
            put_span(&b, c.span);
            kz_buf_str(&b, ")");
        } else
            kz_buf_str(&b, " (…)");
    }
    kz_count c = kz_counts_form(&j->n, f, period, j->area);
    if (c.known)
        kz_buf_fmt(&b, " = %lld", (long long)c.value);
    else if (c.state == KZ_CELL_HIDDEN) {
        kz_buf_str(&b, " = ");
        put_span(&b, c.span);
    }
    put(j, field, kz_buf_text(&b));
}

/* The deliveries of person rows behind a count. */
static kz_status put_deliveries(job *j, const kz_atom *atom, int period)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    const char *p = j->n.m.period_codes[period];
    KZ_TRY(kz_prepare(j->work, "SELECT s.file, s.n_rows, i.id, i.file, i.at, i.by_user, i.map_name, i.sha256, s.source "
                               "FROM segment s JOIN import i ON i.id = s.import WHERE s.source = ?1 AND s.period = ?2 "
                               "AND s.replaced_by IS NULL ORDER BY s.id", &q, &j->call->err));
    kz_bind_text(&q, 1, atom->expr->name);
    kz_bind_int(&q, 2, j->n.m.periods[period]);
    for (;;) {
        kz_auto(kz_buf) b = kz_buf_init(FORM_MOST);
        bool row;
        KZ_TRY(kz_step(&q, &row, &j->call->err));
        if (!row)
            return KZ_OK;
        kz_say(&b, j->call->lang, "explain.counted", kz_s("measure", atom->code), kz_s("period", p),
               kz_s("source", kz_col_text(&q, 8)), kz_n("rows", kz_col_int(&q, 1)), kz_s("segment", kz_col_text(&q, 0)),
               kz_s("file", kz_col_text(&q, 3)), kz_n("import", kz_col_int(&q, 2)), kz_s("at", kz_col_text(&q, 4)),
               kz_s("user", kz_col_text(&q, 5)), kz_s("map", kz_col_text(&q, 6)));
        put(j, "input", kz_buf_text(&b));
        put(j, "sha256", kz_col_text(&q, 7));
    }
}

/* The row of a file behind one measure, the areas that were added up, or the deliveries that were counted. */
static kz_status put_input(job *j, int index, int period)
{
    kz_auto(kz_buf) b = kz_buf_init(TEXT_MOST), place = kz_buf_init(TEXT_MOST);
    kz_provenance p;
    bool found;
    const kz_atom *atom = &j->n.atoms[index];
    const char *measure = atom->code;
    if (atom->expr && kz_counts_atom(&j->n, index, period, j->area).known)
        return put_deliveries(j, atom, period);
    if (kz_counts_summed(&j->n, index, period, j->area)) {
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

/* What a hidden count can be, and why. */
static void put_bound(job *j, int index, int period)
{
    static const char *const WORDS[KZ_N_BOUNDS] = { "explain.bound_none", "explain.bound_above", "explain.bound_whole",
                                                    "explain.bound_sum" };
    kz_count c = kz_counts_atom(&j->n, index, period, j->area);
    if (c.state != KZ_CELL_HIDDEN)
        return;
    kz_auto(kz_buf) span = kz_buf_init(64), b = kz_buf_init(TEXT_MOST);
    put_span(&span, c.span);
    kz_say(&b, j->call->lang, WORDS[c.bound], kz_s("measure", j->n.atoms[index].code),
           kz_s("period", j->n.m.period_codes[period]), kz_s("span", kz_buf_text(&span)));
    put(j, "bound", kz_buf_text(&b));
}

static kz_status put_inputs(job *j, const kz_form *f, int period)
{
    for (int i = 0; i < f->n; i++) {
        int p = kz_counts_term_period(&j->n, f->term[i].index, f->term[i].shift, period);
        KZ_TRY(put_input(j, f->term[i].index, p == KZ_NONE ? period : p));
        if (p != KZ_NONE)
            put_bound(j, f->term[i].index, p);
    }
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

static const char *interval_text(const job *j)
{
    const kz_form *num = &j->ind->groups[j->group].numerator;
    switch (j->ind->kind) {
    case KZ_KIND_SHARE:
        return "explain.wilson";
    case KZ_KIND_RATIO:
        return !kz_form_is_count(&j->n, num) ? "explain.complete" : kz_form_is_signed(num) ? "explain.balance"
                                                                                          : "explain.poisson";
    case KZ_KIND_DIFFERENCE:
        return "explain.newcombe";
    case KZ_KIND_INDEX:
    case KZ_KIND_PROFILE:
        return "explain.ends";
    default:
        return "explain.complete";
    }
}

/* What an index, a difference or a profile is made of: the values of its parts here. */
static void put_parts(job *j)
{
    const kz_expr *mix = j->ind->mix;
    for (int k = 0; k < mix->n_arg; k++) {
        kz_auto(kz_buf) b = kz_buf_init(TEXT_MOST);
        const kz_expr *part = mix->arg[k];
        const kz_indicator *of = kz_catalogue_find(j->r.cat, part->name);
        int p = kz_reckon_part_period(&j->r, part, j->period);
        kz_cell c;
        int32_t import;
        kz_buf_str(&b, part->name);
        if (p != KZ_NONE)
            kz_buf_fmt(&b, " %s", j->n.m.period_codes[p]);
        if (p != KZ_NONE && part->op != KZ_X_PROFILE && kz_reckon(&j->r, of, 0, p, j->area, &c, &import)) {
            kz_buf_str(&b, " = ");
            if (kz_cell_has_value(&c))
                kz_buf_real(&b, c.value);
            else
                kz_buf_str(&b, kz_cell_state_name((kz_cell_state)c.state));
        }
        put(j, "part", kz_buf_text(&b));
    }
}

static kz_status explain(job *j)
{
    static const char *const FORMULAS[KZ_N_KINDS] = {
        "numerator", "numerator / denominator", "(numerator - denominator) / denominator", "numerator / denominator",
        "", "", "sum of children * value where they live / children" };
    const kz_indicator_group *g = &j->ind->groups[j->group];
    kz_cell c;
    int32_t import;
    if (!kz_reckon(&j->r, j->ind, j->group, j->period, j->area, &c, &import))
        return kz_fail(&j->call->err, KZ_E_MISSING, "explain.no_cell", kz_s("indicator", j->ind->id),
                       kz_s("period", j->n.m.period_codes[j->period]));
    int den_period = j->ind->from_first ? kz_reckon_first(&j->r, j->ind) : j->period;
    if (j->ind->mix) {
        kz_auto(kz_buf) formula = kz_buf_init(FORM_MOST);
        kz_expr_write(&formula, j->ind->mix);
        put(j, "formula", kz_buf_text(&formula));
        put_parts(j);
    } else {
        put_form(j, "numerator", &g->numerator, j->period);
        if (j->ind->kind != KZ_KIND_COUNT)
            put_form(j, "denominator", &g->denominator, den_period);
        put(j, "formula", FORMULAS[j->ind->kind]);
    }
    put_real(j, "value", c.value);
    put_real(j, "lo", c.lo);
    put_real(j, "hi", c.hi);
    put(j, "interval", kz_text(j->call->lang, c.state != KZ_CELL_HIDDEN              ? interval_text(j)
                                              : isnan(c.lo) && isnan(c.hi) ? "explain.hidden_open"
                                                                           : "explain.hidden"));
    put(j, "state", kz_cell_state_name((kz_cell_state)c.state));
    if (!j->ind->mix) {
        KZ_TRY(put_inputs(j, &g->numerator, j->period));
        if (j->ind->kind != KZ_KIND_COUNT)
            KZ_TRY(put_inputs(j, &g->denominator, den_period));
    }
    put(j, "profile", j->ind->profile->text);
    return put_releases(j);
}

static kz_status prepare(job *j, const kz_catalogue *cat, kz_arena *a)
{
    const char *group = kz_opt_text(j->call, "group"), *period = j->call->args[2];
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
    KZ_TRY(kz_counts_load(j->work, cat, a, &j->n, err));
    KZ_TRY(kz_reckoner_begin(cat, &j->n, a, &j->r, err));
    KZ_TRY(kz_known_period(j->call, j->work, period));
    j->area = kz_matrix_area(&j->n.m, area);
    j->period = 0;
    while (j->period < j->n.m.n_periods && strcmp(j->n.m.period_codes[j->period], period) != 0)
        j->period++;
    KZ_ASSERT(j->period < j->n.m.n_periods);
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
