/* kekiz cube: count the rows of a table by columns, with every margin. */
#include "base/parallel.h"
#include "cli/cmd.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "monitor/cube_table.h"

#include <string.h>

enum { TEXT_MAX = 1 << 20, MEMORY_MAX_MIB = 1 << 24 };

/* ---- what is asked ------------------------------------------------------------------------ */

/* "A,B" and "C" to A, B and C; the texts live in `a`. */
static kz_status split_columns(kz_call *call, kz_arena *a, kz_cube_ask *ask)
{
    for (int i = 0; i < kz_opt_count(call, "by"); i++) {
        char *at = kz_arena_strdup(a, kz_opt_nth(call, "by", i));
        if (!at)
            return kz_fail(&call->err, KZ_E_LIMIT, "cli.memory");
        while (at) {
            char *comma = strchr(at, ',');
            if (comma)
                *comma++ = '\0';
            if (!*at)
                return kz_fail(&call->err, KZ_E_USAGE, "cube.by_empty", kz_s("value", kz_opt_nth(call, "by", i)));
            if (ask->n_by == KZ_CUBE_DIMS_MAX)
                return kz_fail(&call->err, KZ_E_LIMIT, "cube.dims", kz_n("max", KZ_CUBE_DIMS_MAX));
            ask->by[ask->n_by++] = at;
            at = comma;
        }
    }
    return KZ_OK;
}

/* COL=FILE for each --hier. */
static kz_status add_hierarchies(kz_call *call, kz_arena *a, kz_cube_ask *ask)
{
    for (int i = 0; i < kz_opt_count(call, "hier"); i++) {
        const char *given = kz_opt_nth(call, "hier", i), *sign = strchr(given, '=');
        char *column = kz_arena_strndup(a, given, sign ? (size_t)(sign - given) : 0);
        int d = 0;
        if (!column)
            return kz_fail(&call->err, KZ_E_LIMIT, "cli.memory");
        if (!sign || !*column || !sign[1])
            return kz_fail(&call->err, KZ_E_USAGE, "cube.hier_form", kz_s("value", given));
        while (d < ask->n_by && strcmp(ask->by[d], column) != 0)
            d++;
        if (d == ask->n_by)
            return kz_fail(&call->err, KZ_E_USAGE, "cube.hier_column", kz_s("column", column));
        if (ask->hier[d])
            return kz_fail(&call->err, KZ_E_USAGE, "cube.hier_again", kz_s("column", column));
        ask->hier[d] = sign + 1;
    }
    return KZ_OK;
}

static kz_status number_option(kz_call *call, const char *name, int64_t fallback, int64_t most, int64_t *ret)
{
    *ret = kz_opt_int(call, name, fallback);
    if (*ret >= 1 && *ret <= most)
        return KZ_OK;
    return kz_fail(&call->err, KZ_E_USAGE, "cube.option_range", kz_s("option", name), kz_n("value", *ret),
                   kz_n("max", most));
}

/* ---- counting and writing -------------------------------------------------------------------- */

static bool show_progress(void *ctx, uint64_t done, uint64_t of)
{
    kz_progress *p = ctx;
    p->total = of > INT64_MAX ? INT64_MAX : (int64_t)of;
    kz_progress_at(p, (int64_t)done);
    return true;
}

static void put_sum(kz_table_out *out, int64_t sum, int decimals)
{
    char text[32], *at = text + sizeof text;
    uint64_t rest = sum < 0 ? -(uint64_t)sum : (uint64_t)sum;
    int n = 0;
    if (decimals == 0) {
        kz_put_int(out, sum);
        return;
    }
    do {
        if (n == decimals)
            *--at = '.';
        *--at = (char)('0' + rest % 10);
        rest /= 10;
        n++;
    } while (rest || n <= decimals);
    if (sum < 0)
        *--at = '-';
    kz_put_view(out, at, (size_t)(text + sizeof text - at));
}

static kz_status put_cells(kz_call *call, const kz_cube_table *t, kz_cube *cube)
{
    kz_col cols[KZ_CUBE_DIMS_MAX + 3];
    kz_cube_cell cell;
    size_t n = 0;
    for (int d = 0; d < t->n_by; d++)
        cols[n++] = (kz_col){ t->name[d], KZ_COL_TEXT };
    cols[n++] = (kz_col){ "n", KZ_COL_INT };
    if (t->person)
        cols[n++] = (kz_col){ "distinct", KZ_COL_INT };
    if (t->value)
        cols[n++] = (kz_col){ "sum", t->decimals ? KZ_COL_TEXT : KZ_COL_INT };
    kz_auto(kz_table_out) out = { 0 };
    KZ_TRY(kz_table_begin(&out, call, cols, n));
    while (kz_cube_next(cube, &cell)) {
        for (int d = 0; d < t->n_by; d++) {
            kz_view label = t->tree[d].label[cell.node[d]];
            kz_put_view(&out, label.p, label.n);
        }
        kz_put_int(&out, (int64_t)cell.n);
        if (t->person)
            kz_put_int(&out, (int64_t)cell.distinct);
        if (t->value)
            put_sum(&out, cell.sum, t->decimals);
    }
    KZ_TRY(kz_cube_end(cube, &call->err));
    return kz_table_end(&out);
}

static kz_status count_table(kz_call *call, const kz_cube_table *t, int64_t threads, int64_t mib)
{
    kz_cube *cube;
    kz_progress progress = kz_progress_begin(kz_text(call->lang, "cube.counting"), 1);
    kz_cube_job job = kz_cube_table_job(t);
    job.threads = (int)threads;
    job.memory = (uint64_t)mib << 20;
    job.watch = show_progress;
    job.watch_ctx = &progress;
    kz_status st = kz_cube_make(&job, &cube, &call->err);
    kz_progress_end(&progress);
    KZ_TRY(st);
    if (t->n_nobody)
        kz_tell(call, "cube.nobody", kz_n("rows", t->n_nobody));
    if (t->n_no_value)
        kz_tell(call, "cube.no_value", kz_n("rows", t->n_no_value));
    st = put_cells(call, t, cube);
    kz_cube_free(cube);
    return st;
}

kz_status kz_cmd_cube(kz_call *call)
{
    kz_cube_ask ask = { .distinct = kz_opt_text(call, "distinct"), .sum = kz_opt_text(call, "sum") };
    kz_cube_table t;
    int64_t threads, mib;
    kz_arena a __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&a, TEXT_MAX);
    KZ_TRY(split_columns(call, &a, &ask));
    KZ_TRY(add_hierarchies(call, &a, &ask));
    KZ_TRY(number_option(call, "threads", kz_processors(), KZ_THREADS_MAX, &threads));
    KZ_TRY(number_option(call, "memory", (int64_t)(KZ_CUBE_MEMORY >> 20), MEMORY_MAX_MIB, &mib));
    KZ_TRY(kz_cube_table_read(call->args[0], &ask, &t, &call->err));
    kz_status st = count_table(call, &t, threads, mib);
    kz_cube_table_done(&t);
    return st;
}
