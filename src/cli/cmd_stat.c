/* kekiz stat rate, kekiz stat eb: shares with intervals, raw and smoothed, of a plain file. */
#include "base/fmt.h"
#include "cli/cmd.h"
#include "cli/output.h"
#include "cli/area_table.h"
#include "io/csv_write.h"
#include "io/file.h"
#include "stat/eb.h"

#include <math.h>
#include <stdlib.h>

static const char *const COUNTS[] = { "numerator", "denominator" };
enum { NUMERATOR, DENOMINATOR };

typedef struct shares {
    kz_area_table t;
    int64_t *numerator, *denominator; /* -1: nothing there */
    int n_missing;
} shares;

static kz_status read_shares(kz_call *call, kz_arena *a, shares *s)
{
    KZ_TRY(kz_area_table_read(call->args[0], COUNTS, 2, a, &s->t, &call->err));
    KZ_TRY(kz_area_table_counts(&s->t, NUMERATOR, &call->err));
    KZ_TRY(kz_area_table_counts(&s->t, DENOMINATOR, &call->err));
    bool *gap = kz_arena_new(a, bool, s->t.n);
    s->numerator = kz_arena_new(a, int64_t, s->t.n);
    s->denominator = kz_arena_new(a, int64_t, s->t.n);
    if (!gap || !s->numerator || !s->denominator)
        return kz_fail(&call->err, KZ_E_LIMIT, "csv.memory", kz_s("file", s->t.file), kz_n("line", 1));
    for (int i = 0; i < s->t.n; i++) {
        double num = s->t.value[NUMERATOR][i], den = s->t.value[DENOMINATOR][i];
        if (num > den)
            return kz_area_table_fail(&s->t, i, NUMERATOR, "bayes.above_all", &call->err);
        s->numerator[i] = isnan(num) ? -1 : (int64_t)num;
        s->denominator[i] = isnan(den) ? -1 : (int64_t)den;
        gap[i] = isnan(num) || isnan(den) || den == 0;
    }
    char names[400];
    s->n_missing = kz_area_table_gaps(&s->t, gap, names, sizeof names);
    if (s->n_missing)
        kz_tell(call, "bayes.gaps", kz_n("n", s->n_missing), kz_s("areas", names));
    return KZ_OK;
}

static bool known(const shares *s, int i)
{
    return s->numerator[i] >= 0 && s->denominator[i] >= 0;
}

static void put_rate(kz_table_out *out, const shares *s, int i)
{
    kz_put_text(out, s->t.area[i]);
    for (int c = 0; c < 2; c++) {
        int64_t n = (c ? s->denominator : s->numerator)[i];
        if (n < 0)
            kz_put_none(out);
        else
            kz_put_int(out, n);
    }
    kz_rate r = known(s, i) ? kz_rate_wilson(s->numerator[i], s->denominator[i], KZ_Z95)
                            : (kz_rate){ NAN, NAN, NAN };
    kz_put_real(out, r.value);
    kz_put_real(out, r.lo);
    kz_put_real(out, r.hi);
}

kz_status kz_cmd_stat_rate(kz_call *call)
{
    static const kz_col cols[] = { { "area", KZ_COL_TEXT }, { "numerator", KZ_COL_INT },
                                   { "denominator", KZ_COL_INT }, { "value", KZ_COL_REAL },
                                   { "lo", KZ_COL_REAL }, { "hi", KZ_COL_REAL } };
    kz_auto(kz_table_out) out;
    kz_auto(kz_arena) a;
    shares s;
    kz_arena_init(&a, (size_t)512 << 20);
    KZ_TRY(kz_table_begin(&out, call, cols, 6));
    KZ_TRY(read_shares(call, &a, &s));
    for (int i = 0; i < s.t.n; i++)
        put_rate(&out, &s, i);
    return kz_table_end(&out);
}

static void put_prior(kz_csv_out *w, const char *name, double x)
{
    kz_csv_put_str(w, name);
    kz_csv_put_real(w, x);
    kz_csv_line(w);
}

/* The prior: into the summary file, and in words to whoever looks. */
static kz_status tell_prior(kz_call *call, const kz_eb *eb, bool poisson)
{
    kz_auto(kz_buf) text = kz_buf_init(4096), mean = kz_buf_init(64), spread = kz_buf_init(64), m = kz_buf_init(64);
    kz_csv_out w = { .out = &text };
    const char *path = kz_opt_text(call, "summary");
    bool spreads = eb->variance > 0;
    kz_csv_put_str(&w, "parameter");
    kz_csv_put_str(&w, "value");
    kz_csv_line(&w);
    put_prior(&w, "mean", eb->mean);
    put_prior(&w, "variance", eb->variance);
    if (!poisson) {
        put_prior(&w, "alpha", spreads ? eb->strength * eb->mean : NAN);
        put_prior(&w, "beta", spreads ? eb->strength * (1 - eb->mean) : NAN);
    }
    put_prior(&w, "areas", eb->areas);
    KZ_TRY(kz_buf_status(&text));
    if (path)
        KZ_TRY(kz_file_write(path, kz_buf_text(&text), text.n, &call->err));
    kz_fmt_dec(&mean, call->lang, eb->mean, 6);
    kz_fmt_dec(&spread, call->lang, sqrt(eb->variance), 6);
    kz_fmt_dec(&m, call->lang, spreads ? eb->strength : 0, 1);
    if (spreads)
        kz_tell(call, "bayes.eb_prior", kz_s("mean", kz_buf_text(&mean)), kz_s("sd", kz_buf_text(&spread)),
                kz_s("strength", kz_buf_text(&m)));
    else
        kz_tell(call, "bayes.eb_flat", kz_s("mean", kz_buf_text(&mean)));
    return KZ_OK;
}

/* Marshall's variance and strength in place of the binomial ones. */
static kz_status use_marshall(kz_call *call, kz_arena *a, int n, const int64_t num[], const int64_t den[], kz_eb *eb)
{
    double *cases = kz_arena_new(a, double, n), *exposure = kz_arena_new(a, double, n);
    kz_marshall m;
    if (!cases || !exposure)
        return kz_fail(&call->err, KZ_E_LIMIT, "csv.memory", kz_s("file", call->args[0]), kz_n("line", 1));
    for (int i = 0; i < n; i++)
        cases[i] = (double)num[i], exposure[i] = (double)den[i];
    KZ_TRY(kz_eb_marshall(n, cases, exposure, &m, &call->err));
    eb->variance = m.a;
    eb->strength = m.a > 0 ? m.b / m.a : INFINITY; /* b + (r - b) a / (a + b/n), solved for the weight of b */
    return KZ_OK;
}

kz_status kz_cmd_stat_eb(kz_call *call)
{
    static const kz_col cols[] = { { "area", KZ_COL_TEXT }, { "numerator", KZ_COL_INT },
                                   { "denominator", KZ_COL_INT }, { "value", KZ_COL_REAL },
                                   { "lo", KZ_COL_REAL }, { "hi", KZ_COL_REAL }, { "smoothed", KZ_COL_REAL },
                                   { "smoothed_lo", KZ_COL_REAL }, { "smoothed_hi", KZ_COL_REAL } };
    kz_auto(kz_table_out) out = { 0 };
    kz_auto(kz_arena) a;
    kz_eb eb;
    shares s;
    const char *family = kz_opt_text(call, "family");
    bool poisson = family && strcmp(family, "poisson") == 0;
    kz_arena_init(&a, (size_t)512 << 20);
    if (family && !poisson && strcmp(family, "binomial") != 0)
        return kz_fail(&call->err, KZ_E_USAGE, "bayes.family", kz_s("value", family));
    KZ_TRY(kz_table_begin(&out, call, cols, 9));
    KZ_TRY(read_shares(call, &a, &s));
    int64_t *num = kz_arena_new(&a, int64_t, s.t.n), *den = kz_arena_new(&a, int64_t, s.t.n);
    if (!num || !den)
        return kz_fail(&call->err, KZ_E_LIMIT, "csv.memory", kz_s("file", s.t.file), kz_n("line", 1));
    for (int i = 0; i < s.t.n; i++)
        if (known(&s, i))
            num[i] = s.numerator[i], den[i] = s.denominator[i];
    KZ_TRY(kz_eb_fit(s.t.n, num, den, &eb, &call->err));
    if (poisson)
        KZ_TRY(use_marshall(call, &a, s.t.n, num, den, &eb));
    for (int i = 0; i < s.t.n; i++) {
        put_rate(&out, &s, i);
        kz_rate r = kz_eb_area(&eb, num[i], den[i]); /* an area without data gets the prior */
        kz_put_real(&out, r.value);
        kz_put_real(&out, r.lo);
        kz_put_real(&out, r.hi);
    }
    KZ_TRY(tell_prior(call, &eb, poisson));
    return kz_table_end(&out);
}
