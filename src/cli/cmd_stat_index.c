/* kekiz stat index: status, dynamics and points of areas from a table of indicators. */
#include "cli/cmd.h"
#include "cli/output.h"
#include "cli/stat_table.h"
#include "stat/index.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { COLUMN_BYTES = 200 };

typedef struct side {       /* status or dynamics */
    int n, first;           /* columns; where they begin in the table */
    double **z;
    double *sum, *in_sd;    /* the index, and in its own standard deviations */
    int *points;            /* their sum, for quintile */
} side;

typedef struct job {
    kz_call *call;
    kz_arena *arena;
    kz_index_method method;
    kz_stat_table table;
    const char **names;
    const double *weight;
    side status, dynamic;
    int *rank, *class;
    double *development;
} job;

static kz_status read_method(kz_call *call, kz_index_method *method)
{
    static const char *const NAME[] = { "mss", "status", "quintile", "development" };
    const char *name = kz_opt_text(call, "method");
    for (int i = 0; i < (int)(sizeof NAME / sizeof NAME[0]); i++)
        if (strcmp(name, NAME[i]) == 0) {
            *method = (kz_index_method)i;
            return KZ_OK;
        }
    return kz_fail(&call->err, KZ_E_USAGE, "space.method", kz_s("value", name));
}

static kz_status no_memory(kz_call *call)
{
    return kz_fail(&call->err, KZ_E_LIMIT, "space.memory");
}

static kz_status check_options(job *j)
{
    kz_call *call = j->call;
    bool weighted = kz_opt_text(call, "population") != NULL;
    if (j->status.n == 0)
        return kz_fail(&call->err, KZ_E_USAGE, "space.no_status");
    if (j->method == KZ_INDEX_DEVELOPMENT && j->dynamic.n == 0)
        return kz_fail(&call->err, KZ_E_USAGE, "space.no_dynamic");
    if (j->method == KZ_INDEX_QUINTILE && j->dynamic.n > 0)
        return kz_fail(&call->err, KZ_E_USAGE, "space.quintile_dynamic");
    if (weighted && (j->method == KZ_INDEX_MSS || j->method == KZ_INDEX_QUINTILE))
        return kz_fail(&call->err, KZ_E_USAGE, "space.no_weights");
    if (j->status.n + j->dynamic.n + 8 > KZ_MAX_COLS)
        return kz_fail(&call->err, KZ_E_LIMIT, "space.too_many_columns", kz_n("most", KZ_MAX_COLS - 8));
    return KZ_OK;
}

static kz_status read_table(job *j)
{
    kz_call *call = j->call;
    int n = j->status.n + j->dynamic.n;
    const char *population = kz_opt_text(call, "population");
    j->names = kz_arena_new(j->arena, const char *, n + 1);
    if (!j->names)
        return no_memory(call);
    for (int c = 0; c < j->status.n; c++)
        j->names[c] = kz_opt_nth(call, "status", c);
    for (int c = 0; c < j->dynamic.n; c++)
        j->names[j->status.n + c] = kz_opt_nth(call, "dynamic", c);
    if (population)
        j->names[n++] = population;
    const kz_stat_ask ask = { .key = kz_opt_text(call, "key"), .numbers = j->names, .n_numbers = n,
                              .flag = kz_opt_text(call, "exclude") };
    KZ_TRY(kz_stat_table_read(call->args[0], &ask, j->arena, &j->table, &call->err));
    j->weight = population ? j->table.number[n - 1] : NULL;
    return KZ_OK;
}

/* A failure about one column gets its name. */
static kz_status about(job *j, kz_status st, const char *column)
{
    if (st != KZ_OK) {
        kz_err_add(&j->call->err, kz_s("file", j->table.file));
        kz_err_add(&j->call->err, kz_s("column", column));
    }
    return st;
}

static kz_status make_side(job *j, side *s)
{
    int n = j->table.n;
    s->z = kz_arena_new(j->arena, double *, s->n + 1);
    s->sum = kz_arena_new(j->arena, double, n);
    s->in_sd = kz_arena_new(j->arena, double, n);
    s->points = kz_arena_new(j->arena, int, n);
    bool ok = s->z && s->sum && s->in_sd && s->points;
    for (int c = 0; ok && c < s->n; c++)
        ok = (s->z[c] = kz_arena_new(j->arena, double, n)) != NULL;
    return ok ? KZ_OK : no_memory(j->call);
}

static kz_status score(job *j, side *s)
{
    int n = j->table.n;
    kz_index_scale scale;
    KZ_TRY(make_side(j, s));
    if (s->n == 0)
        return KZ_OK;
    for (int c = 0; c < s->n; c++)
        KZ_TRY(about(j, kz_index_z(j->table.number[s->first + c], n, j->table.flagged, j->weight, s->z[c], &scale,
                                   &j->call->err), j->names[s->first + c]));
    kz_index_sum((const double *const *)s->z, s->n, n, s->sum);
    if (j->method != KZ_INDEX_MSS)
        for (int i = 0; i < n; i++)
            s->sum[i] /= s->n;
    return about(j, kz_index_z(s->sum, n, j->table.flagged, NULL, s->in_sd, &scale, &j->call->err),
                 s == &j->status ? "status_sum" : "dynamic_sum");
}

static kz_status score_points(job *j)
{
    side *s = &j->status;
    int n = j->table.n;
    int *points = kz_arena_new(j->arena, int, n);
    if (!points)
        return no_memory(j->call);
    KZ_TRY(make_side(j, s));
    for (int c = 0; c < s->n; c++) {
        KZ_TRY(about(j, kz_index_quintile(j->table.number[c], n, j->table.flagged, points, &j->call->err),
                     j->names[c]));
        for (int i = 0; i < n; i++) {
            s->z[c][i] = points[i];
            s->points[i] += points[i];
        }
    }
    return KZ_OK;
}

static kz_status score_development(job *j)
{
    int n = j->table.n;
    j->development = kz_arena_new(j->arena, double, n);
    j->rank = kz_arena_new(j->arena, int, n);
    j->class = kz_arena_new(j->arena, int, n);
    if (!j->development || !j->rank || !j->class)
        return no_memory(j->call);
    for (int i = 0; i < n; i++)
        j->development[i] = (3 * j->status.in_sd[i] + 2 * j->dynamic.in_sd[i]) / 5;
    return kz_index_rank(j->development, n, j->table.flagged, j->rank, j->class, &j->call->err);
}

/* ---- output --------------------------------------------------------------------- */

static kz_status name_columns(const job *j, kz_col cols[], size_t *n)
{
    bool points = j->method == KZ_INDEX_QUINTILE;
    *n = 0;
    cols[(*n)++] = (kz_col){ "area", KZ_COL_TEXT };
    for (int c = 0; c < j->status.n + j->dynamic.n; c++) {
        char *name = kz_arena_alloc(j->arena, COLUMN_BYTES);
        if (!name)
            return no_memory(j->call);
        snprintf(name, COLUMN_BYTES, "%s_%s", points ? "points" : "z", j->names[c]);
        cols[(*n)++] = (kz_col){ name, points ? KZ_COL_INT : KZ_COL_REAL };
    }
    cols[(*n)++] = (kz_col){ "status_sum", points ? KZ_COL_INT : KZ_COL_REAL };
    cols[(*n)++] = (kz_col){ "status_class", KZ_COL_INT };
    cols[(*n)++] = (kz_col){ "dynamic_sum", KZ_COL_REAL };
    cols[(*n)++] = (kz_col){ "dynamic_class", KZ_COL_TEXT };
    if (j->method == KZ_INDEX_DEVELOPMENT) {
        cols[(*n)++] = (kz_col){ "development", KZ_COL_REAL };
        cols[(*n)++] = (kz_col){ "development_rank", KZ_COL_INT };
        cols[(*n)++] = (kz_col){ "development_class", KZ_COL_INT };
    }
    return KZ_OK;
}

static void put_class(kz_table_out *t, int class)
{
    if (class == 0)
        kz_put_none(t);
    else
        kz_put_int(t, class);
}

static void put_row(const job *j, kz_table_out *t, int i)
{
    static const char *const SIGN[] = { "-", "+/-", "+" };
    bool points = j->method == KZ_INDEX_QUINTILE, out = j->table.flagged[i];
    kz_put_text(t, j->table.key[i]);
    for (int c = 0; c < j->status.n; c++)
        if (points)
            put_class(t, (int)j->status.z[c][i]);
        else
            kz_put_real(t, j->status.z[c][i]);
    for (int c = 0; c < j->dynamic.n; c++)
        kz_put_real(t, j->dynamic.z[c][i]);
    if (points)
        put_class(t, j->status.points[i]);
    else
        kz_put_real(t, j->status.sum[i]);
    if (out)
        kz_put_none(t);
    else
        put_class(t, points ? (j->status.n == 4 ? kz_index_points_class(j->status.points[i]) : 0)
                            : kz_index_status_class(j->method, j->status.in_sd[i]));
    kz_put_real(t, j->dynamic.n ? j->dynamic.sum[i] : NAN);
    if (out || j->dynamic.n == 0)
        kz_put_none(t);
    else
        kz_put_text(t, SIGN[1 + kz_index_dynamic_class(j->dynamic.in_sd[i])]);
    if (j->method == KZ_INDEX_DEVELOPMENT) {
        kz_put_real(t, j->development[i]);
        put_class(t, j->rank[i]);
        put_class(t, j->class[i]);
    }
}

static kz_status put_table(const job *j)
{
    kz_col cols[KZ_MAX_COLS];
    size_t n_cols;
    kz_auto(kz_table_out) t;
    KZ_TRY(name_columns(j, cols, &n_cols));
    KZ_TRY(kz_table_begin(&t, j->call, cols, n_cols));
    int out = 0;
    for (int i = 0; i < j->table.n; i++) {
        put_row(j, &t, i);
        out += j->table.flagged[i];
    }
    KZ_TRY(kz_table_end(&t));
    kz_tell(j->call, "space.rated", kz_n("n", j->table.n - out), kz_n("out", out));
    if (j->method == KZ_INDEX_QUINTILE && j->status.n != 4)
        kz_tell(j->call, "space.points_only", kz_n("n", j->status.n));
    return KZ_OK;
}

kz_status kz_cmd_stat_index(kz_call *call)
{
    kz_auto(kz_arena) arena;
    kz_arena_init(&arena, KZ_STAT_ARENA_BYTES);
    job j = { .call = call, .arena = &arena, .status = { .n = kz_opt_count(call, "status") },
              .dynamic = { .n = kz_opt_count(call, "dynamic") } };
    j.dynamic.first = j.status.n;
    KZ_TRY(read_method(call, &j.method));
    KZ_TRY(check_options(&j));
    KZ_TRY(read_table(&j));
    if (j.method == KZ_INDEX_QUINTILE) {
        KZ_TRY(score_points(&j));
        KZ_TRY(make_side(&j, &j.dynamic));
    } else {
        KZ_TRY(score(&j, &j.status));
        KZ_TRY(score(&j, &j.dynamic));
    }
    if (j.method == KZ_INDEX_DEVELOPMENT)
        KZ_TRY(score_development(&j));
    return put_table(&j);
}
