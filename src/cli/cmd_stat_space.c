/* kekiz stat moran, stat lisa: do neighbouring areas resemble each other? */
#include "cli/cmd.h"
#include "cli/output.h"
#include "cli/stat_graph.h"
#include "stat/crew.h"
#include "stat/lisa.h"

#include <math.h>
#include <string.h>

enum { PERMUTATIONS_MOST = 9999999, NAMED_MOST = 10 };

typedef struct job {
    kz_call *call;
    kz_arena *arena;
    kz_stat_table table;
    kz_neighbours graph;
    kz_spatial_how how;
} job;

static kz_status choose(kz_call *call, const char *option, const char *const names[], int n, int *ret)
{
    const char *value = kz_opt_text(call, option);
    for (int i = 0; value && i < n; i++)
        if (strcmp(value, names[i]) == 0) {
            *ret = i;
            return KZ_OK;
        }
    if (!value)
        return KZ_OK;
    kz_auto(kz_buf) all = kz_buf_init(200);
    for (int i = 0; i < n; i++)
        kz_buf_fmt(&all, "%s%s", i ? ", " : "", names[i]);
    return kz_fail(&call->err, KZ_E_USAGE, "space.choice", kz_s("value", value), kz_s("option", option),
                   kz_s("choices", kz_buf_text(&all)));
}

static kz_status read_how(kz_call *call, int permutations, kz_spatial_how *how)
{
    static const char *const STYLE[] = { "W", "B" }, *const SIDE[] = { "two-sided", "greater", "less" };
    int style = 0, side = 0;
    KZ_TRY(choose(call, "style", STYLE, 2, &style));
    KZ_TRY(choose(call, "alternative", SIDE, 3, &side));
    int64_t n = kz_opt_int(call, "permutations", permutations), threads = kz_opt_int(call, "threads", kz_crew_size());
    if (n < 0 || n > PERMUTATIONS_MOST)
        return kz_fail(&call->err, KZ_E_USAGE, "space.permutations", kz_n("most", PERMUTATIONS_MOST));
    if (threads < 1 || threads > KZ_CREW_MOST)
        return kz_fail(&call->err, KZ_E_USAGE, "space.threads", kz_n("most", KZ_CREW_MOST));
    *how = (kz_spatial_how){ .style = (kz_style)style, .alternative = (kz_alternative)side, .permutations = (int)n,
                             .seed = (uint64_t)kz_opt_int(call, "seed", 1), .threads = (int)threads };
    return KZ_OK;
}

static kz_status read_data(job *j)
{
    kz_call *call = j->call;
    const char *path = call->args[0], *weights = kz_opt_text(call, "weights"), *value = kz_opt_text(call, "value");
    const kz_stat_ask ask = { .key = kz_opt_text(call, "key"), .numbers = &value, .n_numbers = 1 };
    bool queen = !weights || strcmp(weights, "queen") == 0, rook = weights && strcmp(weights, "rook") == 0;
    if (kz_stat_is_geometry(path)) {
        kz_geofile geo;
        KZ_TRY(kz_stat_geo_read(path, j->arena, &geo, &call->err));
        KZ_TRY(kz_stat_table_geo(path, &geo, &ask, j->arena, &j->table, &call->err));
        if (queen || rook)
            return kz_stat_graph_outlines(path, &geo, rook ? KZ_ROOK : KZ_QUEEN, j->arena, &j->graph, &call->err);
    } else {
        if (queen || rook)
            return kz_fail(&call->err, KZ_E_USAGE, "space.no_outlines", kz_s("file", path));
        KZ_TRY(kz_stat_table_read(path, &ask, j->arena, &j->table, &call->err));
    }
    return kz_stat_graph_file(weights, &j->table, NULL, j->arena, &j->graph, &call->err);
}

/* Areas without neighbours are named, with the rule. */
static void tell_alone(const job *j)
{
    kz_auto(kz_buf) names = kz_buf_init(600);
    int named = 0;
    if (j->graph.n_alone == 0)
        return;
    for (int i = 0; i < j->graph.n && named < NAMED_MOST; i++)
        if (j->graph.alone[i])
            kz_buf_fmt(&names, "%s%.40s", named++ ? ", " : "", j->table.key[i]);
    if (named < j->graph.n_alone)
        kz_buf_str(&names, ", …");
    kz_tell(j->call, "space.alone", kz_n("n", j->graph.n_alone), kz_s("names", kz_buf_text(&names)));
}

static kz_status about_value(job *j, kz_status st)
{
    if (st != KZ_OK) {
        kz_err_add(&j->call->err, kz_s("file", j->table.file));
        kz_err_add(&j->call->err, kz_s("column", kz_opt_text(j->call, "value")));
    }
    return st;
}

static kz_status moran(job *j)
{
    static const kz_col COLS[] = { { "statistic", KZ_COL_REAL }, { "expected", KZ_COL_REAL },
                                   { "variance", KZ_COL_REAL },  { "z", KZ_COL_REAL },
                                   { "p", KZ_COL_REAL },         { "n", KZ_COL_INT },
                                   { "links", KZ_COL_INT } };
    kz_spatial_test r;
    kz_auto(kz_table_out) t;
    KZ_TRY(about_value(j, kz_moran(j->table.number[0], &j->graph, &j->how, &r, &j->call->err)));
    KZ_TRY(kz_table_begin(&t, j->call, COLS, sizeof COLS / sizeof COLS[0]));
    kz_put_real(&t, r.statistic);
    kz_put_real(&t, r.expected);
    kz_put_real(&t, r.variance);
    kz_put_real(&t, r.z);
    kz_put_real(&t, r.p);
    kz_put_int(&t, r.n);
    kz_put_int(&t, r.links);
    return kz_table_end(&t);
}

static kz_status lisa(job *j)
{
    static const kz_col COLS[] = { { "key", KZ_COL_TEXT },
                                   { "value", KZ_COL_REAL },
                                   { "local_i", KZ_COL_REAL },
                                   { "p", KZ_COL_REAL },
                                   { "quadrant", KZ_COL_TEXT } };
    const double *x = j->table.number[0];
    kz_lisa *l = kz_arena_new(j->arena, kz_lisa, j->table.n + 1);
    kz_auto(kz_table_out) t;
    if (!l)
        return kz_fail(&j->call->err, KZ_E_LIMIT, "space.memory");
    KZ_TRY(about_value(j, kz_lisa_make(x, &j->graph, &j->how, l, &j->call->err)));
    KZ_TRY(kz_table_begin(&t, j->call, COLS, sizeof COLS / sizeof COLS[0]));
    for (int i = 0; i < j->table.n; i++) {
        kz_put_text(&t, j->table.key[i]);
        kz_put_real(&t, x[i]);
        kz_put_real(&t, l[i].local_i);
        kz_put_real(&t, l[i].p);
        kz_put_text(&t, kz_quadrant_name(l[i].quadrant));
    }
    return kz_table_end(&t);
}

static kz_status with_data(kz_call *call, int permutations, kz_status (*run)(job *j))
{
    kz_auto(kz_arena) arena;
    kz_arena_init(&arena, KZ_STAT_ARENA_BYTES);
    job j = { .call = call, .arena = &arena };
    KZ_TRY(read_how(call, permutations, &j.how));
    KZ_TRY(read_data(&j));
    KZ_TRY(run(&j));
    tell_alone(&j);
    return KZ_OK;
}

kz_status kz_cmd_stat_moran(kz_call *call)
{
    return with_data(call, 0, moran);
}

kz_status kz_cmd_stat_lisa(kz_call *call)
{
    return with_data(call, 999, lisa);
}
