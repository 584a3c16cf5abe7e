/* kekiz sdc protect and kekiz sdc audit: disclosure control of plain tables. */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/parse.h"
#include "cli/cmd.h"
#include "cli/output.h"
#include "cli/sdc_files.h"
#include "io/csv_write.h"
#include "io/file.h"
#include "sdc/bounds.h"
#include "sdc/cellkey.h"
#include "sdc/hide.h"
#include "sdc/round.h"

enum { BLOCK_ENTRIES = 2000000, MIN_MOST = 1000000 };
#define OUT_BYTES ((size_t)4 << 30)

typedef enum method { SUPPRESS, ROUND5, ROUND10, CELLKEY } method;

typedef struct job {
    kz_call *call;
    kz_arena arena;
    kz_sdc_input in;
    method method;
    int64_t min, width;
    bool *primary, *keep;
    kz_sdc_pattern pattern;
    const int64_t *shown; /* of the other methods */
} job;

static void job_done(job *j)
{
    kz_sdc_input_done(&j->in);
    kz_sdc_pattern_done(&j->pattern);
    kz_arena_done(&j->arena);
}

/* ---- what is asked for ------------------------------------------------------------------ */

static kz_status number(kz_call *call, const char *name, int64_t fallback, int64_t least, int64_t most, int64_t *ret)
{
    int64_t v = kz_opt_int(call, name, fallback);
    if (v < least || v > most)
        return kz_fail(&call->err, KZ_E_USAGE, "sdc.option", kz_s("option", name), kz_n("value", v),
                       kz_n("least", least), kz_n("most", most));
    *ret = v;
    return KZ_OK;
}

static kz_status read_rule(job *j)
{
    kz_call *call = j->call;
    KZ_TRY(number(call, "min", 3, 0, MIN_MOST, &j->min));
    KZ_TRY(number(call, "width", 3, 1, MIN_MOST, &j->width));
    if (j->min == 0 || (j->min == 1 && !kz_opt_flag(call, "zero-secret")))
        return kz_fail(&call->err, KZ_E_USAGE, "sdc.rule_empty", kz_n("min", j->min));
    return KZ_OK;
}

static kz_status read_method(job *j)
{
    static const char *const NAME[] = { "suppress", "round5", "round10", "cellkey" };
    static const char *const ONLY[] = { "certificate", "witness", "keep", "width" };
    const char *m = kz_opt_text(j->call, "method");
    int at = 0;
    while (m && at < 4 && strcmp(m, NAME[at]) != 0)
        at++;
    if (at == 4)
        return kz_fail(&j->call->err, KZ_E_USAGE, "sdc.method", kz_s("value", m));
    j->method = (method)at;
    for (size_t i = 0; at != SUPPRESS && i < sizeof ONLY / sizeof *ONLY; i++)
        if (kz_opt_count(j->call, ONLY[i]) > 0)
            return kz_fail(&j->call->err, KZ_E_USAGE, "sdc.only_suppress", kz_s("option", ONLY[i]), kz_s("method", m));
    return KZ_OK;
}

static kz_status mark_primary(job *j, int *n)
{
    const kz_sdc_table *t = &j->in.table;
    kz_sdc_rule rule = { .min_count = (int)j->min, .zero_secret = kz_opt_flag(j->call, "zero-secret") };
    j->primary = kz_arena_new(&j->arena, bool, t->n_cells);
    if (!j->primary)
        return kz_fail(&j->call->err, KZ_E_LIMIT, "sdc.memory");
    *n = 0;
    for (int c = 0; c < t->n_cells; c++)
        *n += j->primary[c] = kz_sdc_sensitive(&rule, t->n[c]);
    return KZ_OK;
}

static kz_status mark_keep(job *j)
{
    const kz_sdc_table *t = &j->in.table;
    int n = kz_opt_count(j->call, "keep");
    if (n == 0)
        return KZ_OK;
    j->keep = kz_arena_new(&j->arena, bool, t->n_cells);
    if (!j->keep)
        return kz_fail(&j->call->err, KZ_E_LIMIT, "sdc.memory");
    for (int i = 0; i < n; i++) {
        int dim, node;
        KZ_TRY(kz_sdc_input_slice(&j->in, kz_opt_nth(j->call, "keep", i), &dim, &node));
        for (int c = 0; c < t->n_cells; c++)
            j->keep[c] |= kz_sdc_node(t, c, dim) == node;
    }
    return KZ_OK;
}

/* ---- what comes out ------------------------------------------------------------------------ */

static void put_codes(kz_csv_out *w, const kz_sdc_table *t, int cell)
{
    for (int k = 0; k < t->n_dims; k++)
        kz_csv_put(w, t->dim[k]->code[kz_sdc_node(t, cell, k)]);
}

static void put_header(kz_csv_out *w, const kz_sdc_input *in, const char *const more[], int n)
{
    for (int k = 0; k < in->table.n_dims; k++)
        kz_csv_put_str(w, in->name[k]);
    for (int i = 0; i < n; i++)
        kz_csv_put_str(w, more[i]);
    kz_csv_line(w);
}

static kz_status write_to(kz_call *call, const char *path, const kz_buf *b)
{
    KZ_TRY(kz_buf_status(b));
    if (!path || strcmp(path, "-") == 0)
        return kz_out_write(kz_buf_text(b), b->n, &call->err);
    return kz_file_write(path, kz_buf_text(b), b->n, &call->err);
}

static void make_table(const job *j, kz_buf *out)
{
    static const char *const COLS[] = { "n", "state", "shown" }, *const STATE[] = { "open", "primary", "secondary" };
    const kz_sdc_table *t = &j->in.table;
    kz_csv_out w = { .out = out };
    put_header(&w, &j->in, COLS, 3);
    for (int c = 0; c < t->n_cells; c++) {
        int state = j->pattern.mask ? j->pattern.mask[c] : KZ_MASK_OPEN;
        put_codes(&w, t, c);
        kz_csv_put_int(&w, t->n[c]);
        kz_csv_put_str(&w, STATE[state]);
        if (state != KZ_MASK_OPEN)
            kz_csv_put_str(&w, "");
        else
            kz_csv_put_int(&w, j->shown ? j->shown[c] : t->n[c]);
        kz_csv_line(&w);
    }
}

/* Only a whole number or a fraction with few digits: the noise of the last bits is not an answer. */
static void put_end(kz_csv_out *w, double x)
{
    if (isinf(x))
        kz_csv_put_str(w, "inf");
    else
        kz_csv_put_real(w, nearbyint(x * 1e6) / 1e6);
}

static void put_bound(kz_csv_out *w, const kz_sdc_table *t, int cell, double lo, double hi, kz_sdc_verdict v)
{
    put_codes(w, t, cell);
    put_end(w, lo);
    put_end(w, hi);
    kz_csv_put_str(w, kz_sdc_verdict_name(v));
    kz_csv_line(w);
}

static const char *const BOUND_COLS[] = { "lo", "hi", "verdict" };

/* Where a block is too large for the linear programme, what the witnesses prove. */
static void ends_by_witness(const job *j, double lo[], double hi[])
{
    const kz_sdc_pattern *p = &j->pattern;
    for (int w = 0; w < p->n_witness; w++) {
        int64_t up, down;
        kz_sdc_steps(&j->in.table, p->cell + p->start[w], p->coef + p->start[w], p->start[w + 1] - p->start[w], &up,
                     &down);
        for (size_t i = p->start[w]; i < p->start[w + 1]; i++) {
            int c = p->cell[i];
            double n = (double)j->in.table.n[c], k = p->coef[i], a = n + k * (double)up, b = n - k * (double)down;
            if (c != p->owner[w] || !isnan(lo[c]))
                continue;
            lo[c] = a < b ? a : b;
            hi[c] = a < b ? b : a;
        }
    }
}

static kz_status make_certificate(job *j, kz_buf *out)
{
    const kz_sdc_table *t = &j->in.table;
    bool *hidden = kz_arena_new(&j->arena, bool, t->n_cells);
    kz_sdc_bounds_out b = { kz_arena_new(&j->arena, double, t->n_cells), kz_arena_new(&j->arena, double, t->n_cells),
                            NULL, BLOCK_ENTRIES, 0, 0, 0 };
    kz_csv_out w = { .out = out };
    int where, bad = 0;
    if (!hidden || !b.lo || !b.hi)
        return kz_fail(&j->call->err, KZ_E_LIMIT, "sdc.memory");
    for (int c = 0; c < t->n_cells; c++)
        hidden[c] = j->pattern.mask[c] != KZ_MASK_OPEN;
    KZ_TRY(kz_sdc_bounds(t, hidden, &b, &where, &j->call->err));
    if (b.skipped > 0) {
        ends_by_witness(j, b.lo, b.hi);
        kz_tell(j->call, "sdc.by_witness", kz_n("n", b.skipped));
    }
    put_header(&w, &j->in, BOUND_COLS, 3);
    for (int c = 0; c < t->n_cells; c++) {
        if (!j->primary[c])
            continue;
        kz_sdc_verdict v = kz_sdc_judge(b.lo[c], b.hi[c], j->width);
        bad += v != KZ_SDC_SAFE;
        put_bound(&w, t, c, b.lo[c], b.hi[c], v);
    }
    return bad ? kz_fail(&j->call->err, KZ_E_FINDING, "sdc.found", kz_n("n", bad), kz_n("width", j->width)) : KZ_OK;
}

/* Two tables a witness, at its cells only: everywhere else they are the table itself. */
static void make_witnesses(const job *j, kz_buf *out)
{
    static const char *const COLS[] = { "first", "second" };
    const kz_sdc_table *t = &j->in.table;
    const kz_sdc_pattern *p = &j->pattern;
    kz_csv_out w = { .out = out };
    kz_csv_put_str(&w, "witness");
    put_header(&w, &j->in, COLS, 2);
    for (int i = 0; i < p->n_witness; i++) {
        int64_t up, down;
        size_t n = p->start[i + 1] - p->start[i];
        kz_sdc_steps(t, p->cell + p->start[i], p->coef + p->start[i], n, &up, &down);
        up = up < j->width ? up : j->width; /* as far as is needed, and no farther */
        down = down < j->width - up ? down : j->width - up;
        for (size_t e = p->start[i]; e < p->start[i + 1]; e++) {
            kz_csv_put_int(&w, i + 1);
            put_codes(&w, t, p->cell[e]);
            kz_csv_put_int(&w, t->n[p->cell[e]] + up * p->coef[e]);
            kz_csv_put_int(&w, t->n[p->cell[e]] - down * p->coef[e]);
            kz_csv_line(&w);
        }
    }
}

/* ---- protect --------------------------------------------------------------------------------- */

static kz_status hide(job *j, int n_primary)
{
    kz_call *call = j->call;
    int64_t starts, seed, threads, cores = sysconf(_SC_NPROCESSORS_ONLN);
    KZ_TRY(number(call, "starts", 0, 0, 10000, &starts));
    KZ_TRY(number(call, "seed", 1, 0, INT64_MAX, &seed));
    KZ_TRY(number(call, "threads", cores < 1 ? 1 : cores < 8 ? cores : 8, 1, 64, &threads));
    KZ_TRY(mark_keep(j));
    kz_sdc_order o = { .table = &j->in.table, .primary = j->primary, .keep = j->keep, .width = j->width,
                       .starts = (int)starts, .seed = (uint64_t)seed, .insider = kz_opt_flag(call, "insider"),
                       .threads = (int)threads, .names = j->in.name };
    KZ_TRY(kz_sdc_hide(&o, &j->pattern, &call->err));
    if (n_primary == 0)
        kz_tell(call, "sdc.nothing", kz_n("min", j->min));
    else if (n_primary + j->pattern.n_secondary == j->in.table.n_cells)
        kz_tell(call, "sdc.everything", kz_n("n", j->in.table.n_cells));
    else
        kz_tell(call, "sdc.done", kz_n("cells", j->in.table.n_cells), kz_n("primary", n_primary),
                kz_n("secondary", j->pattern.n_secondary), kz_n("width", j->width));
    return KZ_OK;
}

static kz_status change(job *j)
{
    kz_call *call = j->call;
    int64_t *shown = kz_arena_new(&j->arena, int64_t, j->in.table.n_cells), seed, most;
    if (!shown)
        return kz_fail(&call->err, KZ_E_LIMIT, "sdc.memory");
    j->shown = shown;
    if (j->method != CELLKEY) {
        int64_t base = j->method == ROUND5 ? 5 : 10;
        for (int c = 0; c < j->in.table.n_cells; c++)
            shown[c] = kz_sdc_round(j->in.table.n[c], base);
        kz_tell(call, "sdc.rounded", kz_n("base", base), kz_n("most", base / 2));
        return KZ_OK;
    }
    KZ_TRY(number(call, "seed", 1, 0, INT64_MAX, &seed));
    KZ_TRY(number(call, "deviation", 0, 0, KZ_CELLKEY_MOST, &most));
    kz_cellkey_rule rule = { .smallest = j->min, .most = (int)most, .variance = 2 };
    kz_cellkey_table devs;
    KZ_TRY(kz_cellkey_make(&rule, &j->arena, &devs, &call->err));
    KZ_TRY(kz_cellkey_apply(&devs, &j->in.table, (uint64_t)seed, &j->arena, shown, &call->err));
    kz_tell(call, "sdc.cellkey", kz_n("most", devs.most), kz_n("smallest", devs.smallest));
    return KZ_OK;
}

static kz_status protect(job *j)
{
    kz_call *call = j->call;
    kz_auto(kz_buf) table = kz_buf_init(OUT_BYTES);
    kz_auto(kz_buf) cert = kz_buf_init(OUT_BYTES);
    kz_auto(kz_buf) witness = kz_buf_init(OUT_BYTES);
    const char *cert_path = kz_opt_text(call, "certificate"), *witness_path = kz_opt_text(call, "witness");
    int n_primary;
    KZ_TRY(read_rule(j));
    KZ_TRY(read_method(j));
    KZ_TRY(kz_sdc_input_open(&j->in, call, call->args[0], &j->arena));
    KZ_TRY(kz_sdc_input_counts(&j->in, kz_opt_text(call, "count")));
    KZ_TRY(mark_primary(j, &n_primary));
    KZ_TRY(j->method == SUPPRESS ? hide(j, n_primary) : change(j));
    if (cert_path)
        KZ_TRY(make_certificate(j, &cert));
    if (witness_path)
        make_witnesses(j, &witness);
    make_table(j, &table);
    KZ_TRY(kz_buf_status(&table)); /* all is made before anything is written */
    KZ_TRY(kz_buf_status(&witness));
    if (cert_path)
        KZ_TRY(write_to(call, cert_path, &cert));
    if (witness_path)
        KZ_TRY(write_to(call, witness_path, &witness));
    return write_to(call, kz_opt_text(call, "o"), &table);
}

kz_status kz_cmd_sdc_protect(kz_call *call)
{
    job j = { .call = call };
    kz_arena_init(&j.arena, OUT_BYTES);
    kz_status st = protect(&j);
    job_done(&j);
    return st;
}

/* ---- audit ------------------------------------------------------------------------------------- */

static kz_status say_contradiction(const job *j, int where)
{
    kz_auto(kz_buf) name = kz_buf_init(4096);
    kz_sdc_cell_name(&j->in.table, j->in.name, where, &name);
    return kz_fail(&j->call->err, KZ_E_INPUT, "sdc.contradiction", kz_s("file", j->in.csv.file),
                   kz_s("cell", kz_buf_text(&name)));
}

static kz_status audit(job *j)
{
    kz_call *call = j->call;
    kz_auto(kz_buf) out = kz_buf_init(OUT_BYTES);
    kz_csv_out w = { .out = &out };
    int where = 0, bad = 0;
    KZ_TRY(read_rule(j));
    KZ_TRY(kz_sdc_input_open(&j->in, call, call->args[0], &j->arena));
    const kz_sdc_table *t = &j->in.table;
    bool *hidden = kz_arena_new(&j->arena, bool, t->n_cells);
    kz_sdc_bounds_out b = { kz_arena_new(&j->arena, double, t->n_cells), kz_arena_new(&j->arena, double, t->n_cells),
                            NULL, 0, 0, 0, 0 };
    if (!hidden || !b.lo || !b.hi)
        return kz_fail(&call->err, KZ_E_LIMIT, "sdc.memory");
    KZ_TRY(kz_sdc_input_shown(&j->in, hidden));
    kz_status st = kz_sdc_bounds(t, hidden, &b, &where, &call->err);
    if (st == KZ_E_FINDING)
        return say_contradiction(j, where);
    KZ_TRY(st);
    if (b.skipped > 0)
        return kz_fail(&call->err, KZ_E_LIMIT, "sdc.block", kz_n("cells", b.largest));
    put_header(&w, &j->in, BOUND_COLS, 3);
    for (int c = 0; c < t->n_cells; c++) {
        /* A count that is certainly not below the threshold is nobody's secret. */
        if (!hidden[c] || ceil(b.lo[c] - 1e-6) >= (double)j->min)
            continue;
        kz_sdc_verdict v = kz_sdc_judge(b.lo[c], b.hi[c], j->width);
        bad += v != KZ_SDC_SAFE;
        put_bound(&w, t, c, b.lo[c], b.hi[c], v);
    }
    KZ_TRY(write_to(call, NULL, &out));
    return bad ? kz_fail(&call->err, KZ_E_FINDING, "sdc.found", kz_n("n", bad), kz_n("width", j->width)) : KZ_OK;
}

kz_status kz_cmd_sdc_audit(kz_call *call)
{
    job j = { .call = call };
    kz_arena_init(&j.arena, OUT_BYTES);
    kz_status st = audit(&j);
    job_done(&j);
    return st;
}
