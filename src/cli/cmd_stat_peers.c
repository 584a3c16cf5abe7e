/* kekiz stat peers: which areas are built like this one, and in which respect they differ. */
#include "cli/cmd.h"
#include "cli/output.h"
#include "cli/stat_table.h"
#include "stat/index.h"
#include "stat/peers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NAME_BYTES = 200, USUAL_N = 6 };

typedef struct job {
    kz_call *call;
    kz_arena *arena;
    const char **names;
    int n_columns, wanted, only; /* only: row of --of, -1 all */
    kz_stat_table table;
    double **z;
} job;

static kz_status no_memory(const job *j)
{
    return kz_fail(&j->call->err, KZ_E_LIMIT, "space.memory");
}

static kz_status read_table(job *j)
{
    kz_call *call = j->call;
    const char *of = kz_opt_text(call, "of");
    j->names = kz_arena_new(j->arena, const char *, j->n_columns + 1);
    j->z = kz_arena_new(j->arena, double *, j->n_columns + 1);
    if (!j->names || !j->z)
        return no_memory(j);
    for (int c = 0; c < j->n_columns; c++)
        j->names[c] = kz_opt_nth(call, "columns", c);
    const kz_stat_ask ask = { .key = kz_opt_text(call, "key"), .numbers = j->names, .n_numbers = j->n_columns };
    KZ_TRY(kz_stat_table_read(call->args[0], &ask, j->arena, &j->table, &call->err));
    j->only = -1;
    for (int i = 0; of && i < j->table.n; i++)
        if (strcmp(j->table.key[i], of) == 0)
            j->only = i;
    if (of && j->only < 0)
        return kz_fail(&call->err, KZ_E_MISSING, "space.no_such_area", kz_s("file", j->table.file), kz_s("key", of));
    if (j->table.n <= j->wanted)
        return kz_fail(&call->err, KZ_E_INPUT, "space.few_peers", kz_s("file", j->table.file),
                       kz_n("n", j->table.n), kz_n("wanted", j->wanted));
    return KZ_OK;
}

static kz_status standardise(job *j)
{
    for (int c = 0; c < j->n_columns; c++) {
        kz_index_scale scale;
        if (!(j->z[c] = kz_arena_new(j->arena, double, j->table.n)))
            return no_memory(j);
        kz_status st = kz_index_z(j->table.number[c], j->table.n, NULL, NULL, j->z[c], &scale, &j->call->err);
        if (st != KZ_OK) {
            kz_err_add(&j->call->err, kz_s("file", j->table.file));
            kz_err_add(&j->call->err, kz_s("column", j->names[c]));
            return st;
        }
    }
    return KZ_OK;
}

static kz_status put_peers(job *j)
{
    kz_col cols[KZ_MAX_COLS] = { { "key", KZ_COL_TEXT }, { "peer", KZ_COL_TEXT }, { "rank", KZ_COL_INT },
                                 { "distance", KZ_COL_REAL } };
    kz_peer *peer = kz_arena_new(j->arena, kz_peer, j->wanted);
    double *share = kz_arena_new(j->arena, double, (size_t)j->wanted * (size_t)j->n_columns);
    kz_auto(kz_table_out) t;
    if (!peer || !share)
        return no_memory(j);
    for (int c = 0; c < j->n_columns; c++) {
        char *name = kz_arena_alloc(j->arena, NAME_BYTES);
        if (!name)
            return no_memory(j);
        snprintf(name, NAME_BYTES, "share_%s", j->names[c]);
        cols[4 + c] = (kz_col){ name, KZ_COL_REAL };
    }
    KZ_TRY(kz_table_begin(&t, j->call, cols, 4 + (size_t)j->n_columns));
    for (int i = j->only < 0 ? 0 : j->only; i < (j->only < 0 ? j->table.n : j->only + 1); i++) {
        kz_peers_find((const double *const *)j->z, j->n_columns, j->table.n, i, j->wanted, peer, share);
        for (int k = 0; k < j->wanted; k++) {
            kz_put_text(&t, j->table.key[i]);
            kz_put_text(&t, j->table.key[peer[k].area]);
            kz_put_int(&t, k + 1);
            kz_put_real(&t, peer[k].distance);
            for (int c = 0; c < j->n_columns; c++)
                kz_put_real(&t, share[k * j->n_columns + c]);
        }
    }
    return kz_table_end(&t);
}

kz_status kz_cmd_stat_peers(kz_call *call)
{
    kz_auto(kz_arena) arena;
    kz_arena_init(&arena, KZ_STAT_ARENA_BYTES);
    int64_t wanted = kz_opt_int(call, "n", USUAL_N);
    job j = { .call = call, .arena = &arena, .n_columns = kz_opt_count(call, "columns"), .wanted = (int)wanted };
    if (j.n_columns > KZ_MAX_COLS - 4)
        return kz_fail(&call->err, KZ_E_LIMIT, "space.too_many_columns", kz_n("most", KZ_MAX_COLS - 4));
    if (wanted < 1 || wanted > 1000)
        return kz_fail(&call->err, KZ_E_USAGE, "space.peers_n", kz_n("most", 1000));
    KZ_TRY(read_table(&j));
    KZ_TRY(standardise(&j));
    return put_peers(&j);
}
