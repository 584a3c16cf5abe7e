/* kekiz stat bym2: rates that learn from their neighbours, of a plain file and a graph. */
#include "cli/area_table.h"
#include "cli/cmd.h"
#include "cli/output.h"
#include "cli/stat_graph.h"
#include "io/csv_write.h"
#include "io/file.h"
#include "stat/bym2.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { Y, SIZE, FIRST_COVARIATE, COLUMNS_MOST = FIRST_COVARIATE + KZ_BYM2_COVARIATES_MOST };

typedef struct series {
    kz_area_table t;
    kz_bym2_data data;
    const char *column[COLUMNS_MOST];
} series;

static kz_status read_family(kz_call *call, bool *binomial)
{
    const char *family = kz_opt_text(call, "family");
    *binomial = family && strcmp(family, "binomial") == 0;
    if (family && !*binomial && strcmp(family, "poisson") != 0)
        return kz_fail(&call->err, KZ_E_USAGE, "bayes.family", kz_s("value", family));
    return KZ_OK;
}

/* Counts and exposures; areas without are named and take part without data. */
static kz_status take_counts(kz_call *call, kz_arena *a, series *s)
{
    int n = s->t.n;
    double *y = kz_arena_new(a, double, n), *size = kz_arena_new(a, double, n), sum = 0;
    bool *gap = kz_arena_new(a, bool, n);
    if (!y || !size || !gap)
        return kz_fail(&call->err, KZ_E_LIMIT, "bym2.memory");
    KZ_TRY(kz_area_table_counts(&s->t, Y, &call->err));
    if (s->data.binomial)
        KZ_TRY(kz_area_table_counts(&s->t, SIZE, &call->err));
    for (int i = 0; i < n; i++) {
        double given = s->t.value[Y][i], all = s->t.value[SIZE][i];
        if (all < 0)
            return kz_area_table_fail(&s->t, i, SIZE, "bayes.negative", &call->err);
        if (given > 0 && all == 0)
            return kz_area_table_fail(&s->t, i, SIZE, "bym2.nothing_expected", &call->err);
        if (s->data.binomial && given > all)
            return kz_area_table_fail(&s->t, i, Y, "bayes.above_all", &call->err);
        gap[i] = isnan(given) || isnan(all) || all == 0;
        y[i] = gap[i] ? 0 : given;
        size[i] = gap[i] ? 0 : all;
        sum += y[i];
    }
    char names[400];
    int gaps = kz_area_table_gaps(&s->t, gap, names, sizeof names);
    if (gaps)
        kz_tell(call, "bym2.gaps", kz_n("n", gaps), kz_s("areas", names));
    if (sum == 0 && gaps < n)
        kz_tell(call, "bym2.all_zero");
    s->data.y = y;
    s->data.size = size;
    return KZ_OK;
}

static kz_status read_series(kz_call *call, kz_arena *a, series *s)
{
    int covariates = kz_opt_count(call, "covariate");
    KZ_TRY(read_family(call, &s->data.binomial));
    if (covariates > KZ_BYM2_COVARIATES_MOST)
        return kz_fail(&call->err, KZ_E_LIMIT, "bym2.covariates", kz_n("max", KZ_BYM2_COVARIATES_MOST));
    s->column[Y] = s->data.binomial ? "numerator" : "observed";
    s->column[SIZE] = s->data.binomial ? "denominator" : "expected";
    for (int k = 0; k < covariates; k++)
        s->column[FIRST_COVARIATE + k] = kz_opt_nth(call, "covariate", k);
    KZ_TRY(kz_area_table_read(call->args[0], s->column, FIRST_COVARIATE + covariates, a, &s->t, &call->err));
    for (int k = 0; k < covariates; k++)
        for (int i = 0; i < s->t.n; i++)
            if (isnan(s->t.value[FIRST_COVARIATE + k][i]))
                return kz_area_table_fail(&s->t, i, FIRST_COVARIATE + k, "bym2.covariate_gap", &call->err);
    s->data.n_covariates = covariates;
    s->data.covariate = (const double *const *)s->t.value + FIRST_COVARIATE;
    return take_counts(call, a, s);
}

/* Neighbours of every area, both ways; islands are named. */
static kz_status read_graph(kz_call *call, const series *s, kz_arena *a, kz_bym2_plan **ret)
{
    const char *path = kz_opt_text(call, "adjacency");
    const kz_stat_table keys = { .file = s->t.file, .key_name = "area", .n = s->t.n, .key = s->t.area,
                                 .line = s->t.line };
    kz_neighbours g;
    char names[400];
    KZ_TRY(kz_stat_graph_file(path, &keys, kz_opt_text(call, "key"), a, &g, &call->err));
    bool *island = kz_arena_new(a, bool, s->t.n);
    if (!island)
        return kz_fail(&call->err, KZ_E_LIMIT, "bym2.memory");
    for (int i = 0; i < g.n; i++) {
        island[i] = g.start[i] == g.start[i + 1];
        for (int e = g.start[i]; e < g.start[i + 1]; e++)
            if (!kz_neighbours_has(&g, g.to[e], i))
                return kz_fail(&call->err, KZ_E_INPUT, "bym2.one_way", kz_s("file", path),
                               kz_s("from", s->t.area[i]), kz_s("to", s->t.area[g.to[e]]));
    }
    int islands = kz_area_table_gaps(&s->t, island, names, sizeof names);
    KZ_TRY(kz_bym2_plan_make(g.n, g.start, g.to, ret, &call->err));
    if (islands)
        kz_tell(call, "bym2.islands", kz_n("n", islands), kz_s("areas", names));
    if ((*ret)->n_components > 1)
        kz_tell(call, "bym2.parts", kz_n("n", (*ret)->n_components));
    return KZ_OK;
}

static void put_parameter(kz_csv_out *w, const char *name, const kz_bym2_parameter *p)
{
    kz_csv_put_str(w, name);
    kz_csv_put_real(w, p->mean);
    kz_csv_put_real(w, p->sd);
    kz_csv_put_real(w, p->lo);
    kz_csv_put_real(w, p->hi);
    kz_csv_line(w);
}

static kz_status write_summary(kz_call *call, const series *s, const kz_bym2_fit *fit)
{
    static const char *const head[] = { "parameter", "mean", "sd", "lo", "hi" };
    kz_auto(kz_buf) text = kz_buf_init(1 << 20);
    kz_csv_out w = { .out = &text };
    const char *path = kz_opt_text(call, "summary");
    if (!path)
        return KZ_OK;
    for (int k = 0; k < 5; k++)
        kz_csv_put_str(&w, head[k]);
    kz_csv_line(&w);
    for (int a = 0; a < fit->n_beta; a++)
        put_parameter(&w, a == 0 ? "intercept" : s->column[FIRST_COVARIATE + a - 1], &fit->beta[a]);
    put_parameter(&w, "sigma", &fit->sigma);
    put_parameter(&w, "phi", &fit->phi);
    KZ_TRY(kz_buf_status(&text));
    return kz_file_write(path, kz_buf_text(&text), text.n, &call->err);
}

static kz_status put_fit(kz_call *call, kz_table_out *out, const series *s, const kz_bym2_fit *fit)
{
    if (!fit->outer_ok)
        kz_tell(call, "bym2.no_mode", kz_n("steps", fit->outer_steps));
    if (fit->lost)
        kz_tell(call, "bym2.lost", kz_n("n", fit->lost), kz_n("points", fit->points));
    if (fit->cut)
        kz_tell(call, "bym2.cut", kz_n("points", fit->points));
    for (int i = 0; i < fit->n; i++) {
        kz_put_text(out, s->t.area[i]);
        kz_put_real(out, fit->mean[i]);
        kz_put_real(out, fit->sd[i]);
        kz_put_real(out, fit->lo[i]);
        kz_put_real(out, fit->hi[i]);
        kz_put_real(out, fit->p_above[i]);
    }
    KZ_TRY(write_summary(call, s, fit));
    return kz_table_end(out);
}

kz_status kz_cmd_stat_bym2(kz_call *call)
{
    static const kz_col cols[] = { { "area", KZ_COL_TEXT }, { "mean", KZ_COL_REAL }, { "sd", KZ_COL_REAL },
                                   { "lo", KZ_COL_REAL }, { "hi", KZ_COL_REAL }, { "p_above", KZ_COL_REAL } };
    kz_auto(kz_table_out) out = { 0 };
    kz_auto(kz_arena) a;
    series s = { 0 };
    kz_bym2_plan *plan = NULL;
    kz_bym2_fit fit = { 0 };
    kz_bym2_options how = { .prior = KZ_BYM2_PRIOR, .threads = (int)kz_opt_int(call, "threads", 1) };
    const char *prior = kz_opt_text(call, "prior");
    kz_arena_init(&a, (size_t)1 << 30);
    if (prior)
        KZ_TRY(kz_bym2_prior_parse(prior, &how.prior, &call->err));
    KZ_TRY(kz_table_begin(&out, call, cols, 6));
    KZ_TRY(read_series(call, &a, &s));
    kz_status st = read_graph(call, &s, &a, &plan);
    if (st == KZ_OK)
        st = kz_bym2_fit_make(plan, &s.data, &how, &fit, &call->err);
    if (st == KZ_OK)
        st = put_fit(call, &out, &s, &fit);
    else
        for (int k = 0; call->err.id && k < call->err.n_args; k++) /* the library knows columns by number */
            if (strcmp(call->err.arg[k].name, "column") == 0 && call->err.arg[k].is_int &&
                call->err.arg[k].number >= 1 && call->err.arg[k].number <= s.data.n_covariates)
                kz_err_add(&call->err, kz_s("name", s.column[FIRST_COVARIATE + call->err.arg[k].number - 1]));
    kz_bym2_fit_done(&fit);
    kz_bym2_plan_free(plan);
    return st;
}
