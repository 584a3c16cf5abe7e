/* kekiz stat typology: types of areas, how clear they are, and what they are like. */
#include "cli/cmd.h"
#include "cli/output.h"
#include "cli/stat_table.h"
#include "base/parse.h"
#include "io/csv_write.h"
#include "io/file.h"
#include "stat/crew.h"
#include "stat/index.h"
#include "stat/pca.h"
#include "stat/typology.h"

#include <math.h>
#include <string.h>

enum { COLUMNS_MOST = 60, SUMMARY_MOST = 1 << 24 };

typedef struct job {
    kz_call *call;
    kz_arena *arena;
    const char *names[COLUMNS_MOST];
    int n_columns, n_components;
    kz_typology_how how;
    kz_stat_table table;
    double *z[COLUMNS_MOST];
    kz_pca pca;
    kz_typology found;
    int *type;
    double *width;
} job;

static kz_status no_memory(const job *j)
{
    return kz_fail(&j->call->err, KZ_E_LIMIT, "space.memory");
}

static kz_status read_options(job *j)
{
    kz_call *call = j->call;
    const char *k = kz_opt_text(call, "k"), *method = kz_opt_text(call, "method"),
               *components = kz_opt_text(call, "components");
    int64_t n = 0;
    if (j->n_columns > COLUMNS_MOST)
        return kz_fail(&call->err, KZ_E_LIMIT, "space.too_many_columns", kz_n("most", COLUMNS_MOST));
    if (k && strcmp(k, "auto") != 0 && !kz_parse_plain(kz_view_of(k), 2, KZ_TYPES_MOST, &n))
        return kz_fail(&call->err, KZ_E_USAGE, "space.types_k", kz_s("value", k), kz_n("most", KZ_TYPES_MOST));
    j->how.k = (int)n;
    if (method && strcmp(method, "kmeans") != 0 && strcmp(method, "ward") != 0)
        return kz_fail(&call->err, KZ_E_USAGE, "space.types_method", kz_s("value", method));
    j->how.ward = method && strcmp(method, "ward") == 0;
    n = 0;
    if (components && strcmp(components, "auto") != 0 &&
        !kz_parse_plain(kz_view_of(components), 1, j->n_columns, &n))
        return kz_fail(&call->err, KZ_E_USAGE, "space.components", kz_s("value", components),
                       kz_n("most", j->n_columns));
    j->n_components = (int)n;
    j->how.seed = (uint64_t)kz_opt_int(call, "seed", 1);
    j->how.threads = kz_crew_size();
    return KZ_OK;
}

static kz_status read_table(job *j)
{
    kz_call *call = j->call;
    for (int c = 0; c < j->n_columns; c++)
        j->names[c] = kz_opt_nth(call, "columns", c);
    const kz_stat_ask ask = { .key = kz_opt_text(call, "key"), .numbers = j->names, .n_numbers = j->n_columns };
    KZ_TRY(kz_stat_table_read(call->args[0], &ask, j->arena, &j->table, &call->err));
    if (j->how.k && j->table.n < j->how.k)
        return kz_fail(&call->err, KZ_E_INPUT, "space.few_for_types", kz_s("file", j->table.file),
                       kz_n("n", j->table.n), kz_n("k", j->how.k));
    if (j->table.n < 3)
        return kz_fail(&call->err, KZ_E_INPUT, "space.few_for_types", kz_s("file", j->table.file),
                       kz_n("n", j->table.n), kz_n("k", 2));
    for (int c = 0; c < j->n_columns; c++) {
        kz_index_scale scale;
        if (!(j->z[c] = kz_arena_new(j->arena, double, j->table.n)))
            return no_memory(j);
        kz_status st = kz_index_z(j->table.number[c], j->table.n, NULL, NULL, j->z[c], &scale, &call->err);
        if (st != KZ_OK) {
            kz_err_add(&call->err, kz_s("file", j->table.file));
            kz_err_add(&call->err, kz_s("column", j->names[c]));
            return st;
        }
    }
    return KZ_OK;
}

/* Components that carry more than one column would (Kaiser), two at least. */
static int usual_components(const job *j)
{
    int n = 0;
    while (n < j->n_columns && j->pca.sd[n] > 1)
        n++;
    int least = j->n_columns < 2 ? j->n_columns : 2;
    return n < least ? least : n;
}

static kz_status find_types(job *j)
{
    int n = j->table.n;
    double *load = kz_arena_new(j->arena, double, n);
    j->type = kz_arena_new(j->arena, int, n);
    j->width = kz_arena_new(j->arena, double, n);
    if (!load || !j->type || !j->width)
        return no_memory(j);
    KZ_TRY(kz_pca_make((const double *const *)j->z, j->n_columns, n, j->arena, &j->pca, &j->call->err));
    if (!j->n_components)
        j->n_components = usual_components(j);
    const kz_points x = { .n = n, .n_columns = j->n_components, .column = (const double *const *)j->pca.score };
    kz_status st = kz_typology_make(&x, &j->how, j->type, j->width, &j->found, &j->call->err);
    if (st != KZ_OK) {
        kz_err_add(&j->call->err, kz_s("file", j->table.file));
        return st;
    }
    kz_index_sum((const double *const *)j->z, j->n_columns, n, load);
    kz_types_sort(j->type, n, j->found.k, load);
    return KZ_OK;
}

/* ---- summary: one number a line ------------------------------------------------------------- */

static void line(kz_csv_out *w, const char *item, int k, int type, const char *column, double value)
{
    kz_csv_put_str(w, item);
    if (k)
        kz_csv_put_int(w, k);
    else
        kz_csv_put_str(w, NULL);
    if (type)
        kz_csv_put_int(w, type);
    else
        kz_csv_put_str(w, NULL);
    kz_csv_put_str(w, column);
    kz_csv_put_real(w, value);
    kz_csv_line(w);
}

static void profile(const job *j, kz_csv_out *w, int type)
{
    int size = 0;
    for (int i = 0; i < j->table.n; i++)
        size += j->type[i] == type;
    line(w, "areas", 0, type + 1, NULL, size);
    for (int c = 0; c < j->n_columns; c++) {
        double mean = 0, z = 0;
        for (int i = 0; i < j->table.n; i++)
            if (j->type[i] == type) {
                mean += j->table.number[c][i];
                z += j->z[c][i];
            }
        line(w, "mean", 0, type + 1, j->names[c], mean / size);
        line(w, "z", 0, type + 1, j->names[c], z / size);
    }
}

static kz_status write_summary(const job *j, const char *path)
{
    static const char *const HEADER[] = { "item", "k", "type", "column", "value" };
    kz_auto(kz_buf) text = kz_buf_init(SUMMARY_MOST);
    kz_csv_out w = { .out = &text };
    for (size_t c = 0; c < sizeof HEADER / sizeof HEADER[0]; c++)
        kz_csv_put_str(&w, HEADER[c]);
    kz_csv_line(&w);
    line(&w, "types", 0, 0, NULL, j->found.k);
    line(&w, "components", 0, 0, NULL, j->n_components);
    for (int t = 0; t < j->found.n_tried; t++) {
        line(&w, "silhouette", j->found.tried[t].k, 0, NULL, j->found.tried[t].silhouette);
        line(&w, "stability", j->found.tried[t].k, 0, NULL, j->found.tried[t].stability);
    }
    for (int k = 0; k < j->n_columns; k++)
        line(&w, "component_share", k + 1, 0, NULL, j->pca.sd[k] * j->pca.sd[k] / j->n_columns);
    for (int k = 0; k < j->n_components; k++)
        for (int c = 0; c < j->n_columns; c++)
            line(&w, "loading", k + 1, 0, j->names[c], j->pca.loading[k * j->n_columns + c]);
    for (int type = 0; type < j->found.k; type++)
        profile(j, &w, type);
    KZ_TRY(kz_buf_status(&text));
    return kz_file_write(path, kz_buf_text(&text), text.n, &j->call->err);
}

static void tell_result(const job *j)
{
    kz_auto(kz_buf) silhouette = kz_buf_init(40), stability = kz_buf_init(40);
    kz_buf_fixed(&silhouette, j->found.silhouette, 2);
    kz_buf_fixed(&stability, j->found.stability, 2);
    kz_tell(j->call, "space.types_found", kz_n("k", j->found.k), kz_s("silhouette", kz_buf_text(&silhouette)),
            kz_s("stability", kz_buf_text(&stability)));
    if (!j->found.stable)
        kz_tell(j->call, "space.types_unstable");
}

kz_status kz_cmd_stat_typology(kz_call *call)
{
    static const kz_col COLS[] = { { "area", KZ_COL_TEXT }, { "type", KZ_COL_INT }, { "silhouette", KZ_COL_REAL } };
    kz_auto(kz_arena) arena;
    kz_arena_init(&arena, KZ_STAT_ARENA_BYTES);
    job j = { .call = call, .arena = &arena, .n_columns = kz_opt_count(call, "columns") };
    const char *summary = kz_opt_text(call, "summary");
    kz_auto(kz_table_out) t = { 0 };
    KZ_TRY(read_options(&j));
    KZ_TRY(read_table(&j));
    KZ_TRY(find_types(&j));
    KZ_TRY(kz_table_begin(&t, call, COLS, 3));
    if (summary)
        KZ_TRY(write_summary(&j, summary));
    for (int i = 0; i < j.table.n; i++) {
        kz_put_text(&t, j.table.key[i]);
        kz_put_int(&t, j.type[i] + 1);
        kz_put_real(&t, j.width[i]);
    }
    KZ_TRY(kz_table_end(&t));
    tell_result(&j);
    return KZ_OK;
}
