/* Reading effects.tsv, and the logit that it fills. */
#include "demo/effects.h"

#include "base/asset.h"
#include "base/parse.h"
#include "base/tsv.h"

#include <math.h>
#include <string.h>

static const char PATH[] = "data/demo/effects.tsv";

#define NAME_OF(NAME, name) #name,
static const char *const EFFECT[] = { KZ_EFFECTS(NAME_OF) };
static const char *const TERM[] = { KZ_TERMS(NAME_OF) };

const char *kz_effect_name(kz_effect e)
{
    return EFFECT[e];
}

static int find(const char *const list[], int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(list[i], name) == 0)
            return i;
    return -1;
}

kz_status kz_effects_parse(const char *text, size_t n, kz_arena *a, kz_effects *ret, kz_err *err)
{
    static const char *const COLUMNS[] = { "outcome", "term", "coefficient", "source", NULL };
    kz_tsv t;
    kz_effects e = { 0 };
    bool seen[KZ_N_EFFECTS][KZ_N_TERMS] = { { false } };
    KZ_TRY(kz_tsv_parse(PATH, text, n, COLUMNS, a, &t, err));
    for (int i = 0; i < t.n_rows; i++) {
        int o = find(EFFECT, KZ_N_EFFECTS, kz_tsv_at(&t, i, 0)),
            k = find(TERM, KZ_N_TERMS, kz_tsv_at(&t, i, 1));
        if (o < 0 || k < 0 || seen[o][k] ||
            kz_parse_real(kz_view_of(kz_tsv_at(&t, i, 2)), KZ_NUM_POINT, &e.b[o][k]) != KZ_PARSED)
            return kz_fail(err, KZ_E_INPUT, "demo.effect", kz_n("line", t.lines[i]),
                           kz_s("outcome", kz_tsv_at(&t, i, 0)), kz_s("term", kz_tsv_at(&t, i, 1)));
        seen[o][k] = true;
    }
    *ret = e;
    return KZ_OK;
}

kz_status kz_effects_read(kz_arena *a, kz_effects *ret, kz_err *err)
{
    const kz_asset *file = kz_asset_find(PATH);
    KZ_ASSERT(file);
    return kz_effects_parse((const char *)file->bytes, file->n, a, ret, err);
}

static double exponential(double x)
{
    static const double LN2_HI = 0x1.62e42fee00000p-1, LN2_LO = 0x1.a39ef35793c76p-33,
                        PER_LN2 = 0x1.71547652b82fep+0;
    double k = floor(x * PER_LN2 + 0.5), r = (x - k * LN2_HI) - k * LN2_LO, sum = 1;
    for (int i = 13; i >= 1; i--)
        sum = 1 + r / i * sum;
    return ldexp(sum, (int)k);
}

double kz_logistic(double x)
{
    x = x < -700 ? -700 : x > 700 ? 700 : x;
    double e = exponential(x < 0 ? x : -x);
    return x < 0 ? e / (1 + e) : 1 / (1 + e);
}

double kz_effects_chance(const kz_effects *e, kz_effect outcome, const double x[KZ_N_TERMS])
{
    double sum = 0;
    for (int k = 0; k < KZ_N_TERMS; k++)
        sum += e->b[outcome][k] * x[k];
    return kz_logistic(sum);
}
