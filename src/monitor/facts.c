#include "monitor/facts.h"

#include <string.h>

/* A test of one column, as this segment has it. */
typedef struct facts_test {
    kz_segment_view v;
    uint32_t column;
    bool     code;
    uint8_t *passes;          /* CODE: of each code                    */
    int      n_range;
    const kz_expr_range *range;
} facts_test;

kz_status kz_facts_open(const char *path, kz_facts *ret, kz_err *err)
{
    kz_facts f = { 0 };
    KZ_TRY(kz_segment_open(path, &f.seg, err));
    *ret = f;
    return KZ_OK;
}

void kz_facts_done(kz_facts *f)
{
    kz_segment_done(&f->seg);
}

kz_status kz_facts_column(kz_facts *f, const char *name, kz_segment_view *ret, bool *there, kz_err *err)
{
    uint32_t c;
    kz_err none = { 0 };
    *there = kz_segment_find(&f->seg, name, &c, &none) == KZ_OK;
    return *there ? kz_segment_read(&f->seg, c, ret, err) : KZ_OK;
}

/* ---- tests ------------------------------------------------------------------- */

static kz_status no_memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "compute.memory");
}

static bool is_one_of(kz_view text, const kz_plan_node *node)
{
    bool found = false;
    for (int i = 0; i < node->n_text && !found; i++)
        found = kz_view_is(text, node->text[i]);
    return found;
}

static bool code_passes(kz_view text, const kz_plan_node *node)
{
    bool known = text.n > 0;
    switch (node->op) {
    case KZ_PLAN_CODES:
        return known && is_one_of(text, node);
    case KZ_PLAN_OTHER:
        return known && !is_one_of(text, node);
    case KZ_PLAN_KNOWN:
        return known;
    default:
        return !known; /* KZ_PLAN_UNKNOWN */
    }
}

/* Ranges of what is stored: years become months, what is outside the ranges of answers is left out. */
static kz_status make_ranges(facts_test *t, const kz_plan_node *node, bool years, bool age, kz_arena *a, kz_err *err)
{
    int32_t least = age ? 0 : INT32_MIN + 1;
    int64_t unit = years ? 12 : 1;
    kz_expr_range *r = kz_arena_new(a, kz_expr_range, node->n_range + 2);
    int n = 0;
    int64_t from = least; /* begin of what lies outside */
    if (!r)
        return no_memory(err);
    if (node->op == KZ_PLAN_KNOWN)
        r[n++] = (kz_expr_range){ least, INT32_MAX };
    if (node->op == KZ_PLAN_UNKNOWN)
        r[n++] = (kz_expr_range){ INT32_MIN, least - 1 };
    for (int i = 0; i < node->n_range; i++) {
        int64_t lo = node->range[i].lo * unit, hi = node->range[i].hi * unit + (unit - 1);
        lo = lo < least ? least : lo;
        hi = hi > INT32_MAX ? INT32_MAX : hi;
        if (lo > hi)
            continue;
        if (node->op == KZ_PLAN_RANGES)
            r[n++] = (kz_expr_range){ (int32_t)lo, (int32_t)hi };
        else if (from < lo)
            r[n++] = (kz_expr_range){ (int32_t)from, (int32_t)(lo - 1) };
        from = hi + 1;
    }
    if (node->op == KZ_PLAN_OUTSIDE && from <= INT32_MAX)
        r[n++] = (kz_expr_range){ (int32_t)from, INT32_MAX };
    t->range = r;
    t->n_range = n;
    return KZ_OK;
}

/* Has any row an answer? */
static bool is_answered(const kz_segment_view *v, bool age)
{
    if (v->type == KZ_SEG_CODE)
        return v->lo != v->hi || (v->lo < (int64_t)v->n_dict && v->dict[v->lo].n > 0);
    return v->hi > (age ? -1 : INT32_MIN);
}

static kz_status bind(kz_facts *f, const kz_plan_node *node, kz_arena *a, facts_test *t, bool *there, kz_err *err)
{
    bool years = strcmp(node->column, "age_years") == 0, age = years || strcmp(node->column, "age_months") == 0;
    const char *name = years ? "age_months" : node->column;
    kz_err none = { 0 };
    KZ_TRY(kz_facts_column(f, name, &t->v, there, err));
    if (!*there)
        return KZ_OK;
    *there = f->seg.n_rows == 0 || is_answered(&t->v, age);
    (void)!kz_segment_find(&f->seg, name, &t->column, &none);
    t->code = t->v.type == KZ_SEG_CODE;
    bool wants_code = node->op == KZ_PLAN_CODES || node->op == KZ_PLAN_OTHER;
    bool wants_int = node->op == KZ_PLAN_RANGES || node->op == KZ_PLAN_OUTSIDE;
    if ((t->code && wants_int) || (!t->code && (wants_code || t->v.width != 4))) {
        *there = false; /* not as data/sources says */
        return KZ_OK;
    }
    if (!t->code)
        return make_ranges(t, node, years, age, a, err);
    t->passes = kz_arena_new(a, uint8_t, t->v.n_dict + 1);
    if (!t->passes)
        return no_memory(err);
    for (uint32_t c = 0; c < t->v.n_dict; c++)
        t->passes[c] = code_passes(t->v.dict[c], node);
    return KZ_OK;
}

/* ---- a block --------------------------------------------------------------------- */

/* 64 bytes of 0 and 1 as bits: eight at a time by a product that collects the lowest bits. */
static uint64_t pack(const uint8_t *p)
{
    uint64_t word = 0;
    for (int i = 0; i < 8; i++) {
        uint64_t eight;
        memcpy(&eight, p + 8 * i, sizeof eight);
        word |= (eight * UINT64_C(0x0102040810204080) >> 56) << (8 * i);
    }
    return word;
}

#define TABLE(type_)                                           \
    do {                                                       \
        const type_ *v_ = (const type_ *)t->v.p + from;        \
        for (int i = 0; i < n; i++)                            \
            out[i] = t->passes[v_[i]];                         \
    } while (0)

/* 0 or 1 for n <= 64 rows from `from` on; `out` is 0 before. */
static void test_rows(const facts_test *t, uint64_t from, int n, uint8_t out[64])
{
    if (t->code && t->v.width == 1) {
        TABLE(uint8_t);
    } else if (t->code && t->v.width == 2) {
        TABLE(uint16_t);
    } else if (t->code) {
        TABLE(uint32_t);
    } else {
        const int32_t *v = (const int32_t *)t->v.p + from;
        for (int k = 0; k < t->n_range; k++) {
            uint32_t lo = (uint32_t)t->range[k].lo, width = (uint32_t)t->range[k].hi - lo;
            if (n == 64) /* a loop of known length becomes vectors */
                for (int i = 0; i < 64; i++)
                    out[i] |= (uint32_t)v[i] - lo <= width;
            else
                for (int i = 0; i < n; i++)
                    out[i] |= (uint32_t)v[i] - lo <= width;
        }
    }
}

/* +1 all rows between lo and hi pass, -1 none does, 0 it depends. */
static int whole_block(const facts_test *t, int64_t lo, int64_t hi)
{
    bool all = true, none = true;
    if (t->code) {
        for (int64_t c = lo; c <= hi && (all || none); c++) {
            all &= t->passes[c];
            none &= !t->passes[c];
        }
        return all ? 1 : none ? -1 : 0;
    }
    all = false;
    for (int k = 0; k < t->n_range; k++) {
        all |= t->range[k].lo <= lo && hi <= t->range[k].hi;
        none &= hi < t->range[k].lo || t->range[k].hi < lo;
    }
    return all ? 1 : none ? -1 : 0;
}

/* The first n bits 1. */
static void fill(uint64_t *bits, int n)
{
    memset(bits, 0, KZ_FACTS_WORDS * sizeof *bits);
    memset(bits, 0xFF, (size_t)(n / 64) * sizeof *bits);
    if (n % 64)
        bits[n / 64] = (UINT64_C(1) << (n % 64)) - 1;
}

static void test_block(const kz_facts *f, const facts_test *t, uint32_t b, int n, uint64_t *bits)
{
    int64_t lo, hi;
    kz_segment_block(&f->seg, t->column, b, &lo, &hi);
    int whole = whole_block(t, lo, hi);
    if (whole != 0) {
        fill(bits, whole > 0 ? n : 0);
        return;
    }
    memset(bits, 0, KZ_FACTS_WORDS * sizeof *bits);
    for (int at = 0; at < n; at += 64) {
        uint8_t out[64] = { 0 };
        test_rows(t, (uint64_t)b * KZ_SEGMENT_BLOCK + (uint64_t)at, n - at < 64 ? n - at : 64, out);
        bits[at / 64] = pack(out);
    }
}

static void join_block(const kz_facts_scan *s, const kz_plan_node *node, uint64_t *bits)
{
    memcpy(bits, s->bits[node->arg[0]], KZ_FACTS_WORDS * sizeof *bits);
    for (int k = 1; k < node->n_arg; k++) {
        const uint64_t *other = s->bits[node->arg[k]];
        for (int w = 0; w < KZ_FACTS_WORDS; w++)
            bits[w] = node->op == KZ_PLAN_AND ? bits[w] & other[w] : bits[w] | other[w];
    }
}

int kz_facts_scan_block(kz_facts_scan *s, uint32_t b)
{
    uint64_t from = (uint64_t)b * KZ_SEGMENT_BLOCK, left = s->facts->seg.n_rows - from;
    int n = left < KZ_SEGMENT_BLOCK ? (int)left : KZ_SEGMENT_BLOCK;
    for (int i = 0; i < s->plan->n_nodes; i++) {
        const kz_plan_node *node = &s->plan->nodes[i];
        if (!s->bits[i])
            continue;
        if (node->op == KZ_PLAN_ALL)
            fill(s->bits[i], n);
        else if (node->op == KZ_PLAN_AND || node->op == KZ_PLAN_OR)
            join_block(s, node, s->bits[i]);
        else
            test_block(s->facts, &s->tests[i], b, n, s->bits[i]);
    }
    return n;
}

kz_status kz_facts_scan_begin(kz_facts *f, const kz_expr_plan *plan, kz_arena *a, kz_facts_scan *ret, kz_err *err)
{
    kz_facts_scan s = { .facts = f, .plan = plan, .bits = kz_arena_new(a, uint64_t *, plan->n_nodes + 1),
                        .tests = kz_arena_new(a, facts_test, plan->n_nodes + 1) };
    if (!s.bits || !s.tests)
        return no_memory(err);
    for (int i = 0; i < plan->n_nodes; i++) {
        const kz_plan_node *node = &plan->nodes[i];
        bool there = true;
        if (node->op == KZ_PLAN_AND || node->op == KZ_PLAN_OR) {
            for (int k = 0; k < node->n_arg; k++)
                there &= s.bits[node->arg[k]] != NULL;
        } else if (node->op != KZ_PLAN_ALL) {
            KZ_TRY(bind(f, node, a, &s.tests[i], &there, err));
        }
        if (there && !(s.bits[i] = kz_arena_new(a, uint64_t, KZ_FACTS_WORDS)))
            return no_memory(err);
    }
    *ret = s;
    return KZ_OK;
}
