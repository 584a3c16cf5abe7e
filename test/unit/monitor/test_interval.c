#include "kz_test.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "monitor/interval.h"
#include "stat/difference.h"

static bool nightly(void)
{
    return getenv("KZ_NIGHTLY") != NULL;
}

/* ---- on paper ---------------------------------------------------------------- */

static void a_hidden_count_is_a_span_and_never_zero(void **state)
{
    (void)state;
    kz_span secret = kz_span_hidden(3, true), some = kz_span_hidden(3, false);
    assert_true(secret.lo == 0 && secret.hi == 2);
    assert_true(some.lo == 1 && some.hi == 2);
    kz_span sum = kz_span_add(kz_span_of(40), secret);
    assert_true(sum.lo == 40 && sum.hi == 42);
    kz_span rest = kz_span_sub(kz_span_of(10), some);
    assert_true(rest.lo == 8 && rest.hi == 9);
    kz_span back = kz_span_times(some, -2);
    assert_true(back.lo == -4 && back.hi == -2);
}

static void two_sides_that_contradict_each_other_are_noticed(void **state)
{
    (void)state;
    kz_span a = kz_span_up_to(5), kept = kz_span_of(7);
    assert_false(kz_span_meet(a, kz_span_of(6), &kept));
    assert_true(kept.lo == 7);
    assert_true(kz_span_meet(a, kz_span_hidden(3, false), &kept));
    assert_true(kept.lo == 1 && kept.hi == 2);
    assert_int_equal(kz_span_share(kz_span_of(7), kz_span_hidden(3, true)).x, KZ_X_SURE);
}

static void a_share_of_hidden_children_stays_between_none_and_all(void **state)
{
    (void)state;
    /* 1 or 2 of 8: 12.5 to 25 %, both exact in binary */
    kz_interval p = kz_span_share(kz_span_hidden(3, false), kz_span_of(8));
    assert_true(p.lo == 0.125 && p.hi == 0.25 && p.x == KZ_X_NEVER);
    /* 6 of 6 … 8, because the part is inside the whole */
    p = kz_span_share(kz_span_of(6), (kz_span){ 4, 8 });
    assert_true(p.lo == 0.75 && p.hi == 1 && p.x == KZ_X_NEVER);
    /* nobody there, perhaps */
    p = kz_span_share(kz_span_hidden(3, true), kz_span_hidden(3, true));
    assert_true(p.lo == 0 && p.hi == 1 && p.x == KZ_X_MAYBE);
    assert_int_equal(kz_span_share(kz_span_of(0), kz_span_of(0)).x, KZ_X_SURE);
}

static void dividing_by_perhaps_nothing_gives_the_widest_truth(void **state)
{
    (void)state;
    kz_interval four = kz_interval_exact(4), r;
    r = kz_interval_div(four, kz_interval_of((kz_span){ 0, 2 }));
    assert_true(r.lo == 2 && isinf(r.hi) && r.x == KZ_X_MAYBE);
    r = kz_interval_div(four, kz_interval_of((kz_span){ -2, 2 }));
    assert_true(isinf(r.lo) && isinf(r.hi) && r.x == KZ_X_MAYBE);
    r = kz_interval_div(four, kz_interval_exact(0));
    assert_true(isnan(r.lo) && r.x == KZ_X_SURE);
    /* closed: what cannot be computed goes on as such */
    r = kz_interval_add(four, r);
    assert_true(isnan(r.lo) && r.x == KZ_X_SURE);
    r = kz_interval_hull(four, r);
    assert_true(r.lo == 4 && r.hi == 4 && r.x == KZ_X_MAYBE);
    assert_int_equal(kz_interval_mul(four, r).x, KZ_X_MAYBE);
}

static void a_third_lies_inside_its_interval(void **state)
{
    (void)state;
    kz_interval third = kz_interval_div(kz_interval_exact(1), kz_interval_exact(3));
    assert_true(third.lo < third.hi && nextafter(third.lo, 1) == third.hi);
    /* 0.1 + 0.2 as binary numbers is not 0.30000000000000004 */
    kz_interval sum = kz_interval_add(kz_interval_exact(0.1), kz_interval_exact(0.2));
    assert_true(sum.lo < sum.hi);
    sum = kz_interval_add(kz_interval_exact(0.5), kz_interval_exact(0.25));
    assert_true(sum.lo == 0.75 && sum.hi == 0.75);
}

static void an_index_is_a_weighted_sum(void **state)
{
    (void)state;
    const double w[] = { 0.75, 0.25 };
    const kz_interval v[] = { kz_span_share(kz_span_hidden(3, false), kz_span_of(8)), kz_interval_exact(0.5) };
    kz_interval index = kz_interval_weighted(2, w, v);
    assert_true(index.lo == 0.21875 && index.hi == 0.3125);
}

static void an_end_that_is_open_stays_open(void **state)
{
    (void)state;
    kz_span any = kz_span_up_to(KZ_SPAN_OPEN), sum = kz_span_sub(kz_span_add(any, kz_span_of(5)), kz_span_of(3));
    assert_true(sum.lo == 2 && sum.hi == KZ_SPAN_OPEN);
    sum = kz_span_times(any, -3);
    assert_true(sum.lo == -KZ_SPAN_OPEN && sum.hi == 0);
    kz_interval q = kz_interval_div(kz_interval_of(kz_span_of(6)), kz_interval_of(kz_span_add(any, kz_span_of(2))));
    assert_true(q.lo == 0 && q.hi == 3);
    kz_interval p = kz_span_share(kz_span_of(6), any);
    assert_true(p.lo == 0 && p.hi == 1);
    p = kz_span_wilson(kz_span_of(6), any, KZ_Z95);
    assert_true(p.lo == 0 && p.hi == 1);
}

/* ---- random expressions against all possible truths ---------------------------------- */

/* Exact in 113 bits: a double times 60 bits. */
#ifdef __x86_64__
__extension__ typedef __float128 wide;
#else
typedef long double wide;
#endif

enum { LEAVES = 5, NODES = 2 * LEAVES, LEAF = -1 };

typedef enum op { ADD, SUB, MUL, DIV, MIN, MAX, TIMES, WEIGHT, N_OPS } op;

/* Truth as a fraction; d 0: x.  `large`: outgrew us. */
typedef struct fraction {
    __int128 n, d;
    bool large;
} fraction;

static fraction make(__int128 n, __int128 d)
{
    __int128 a = n < 0 ? -n : n, b = d < 0 ? -d : d;
    if (d == 0)
        return (fraction){ 0, 0, false };
    while (b) {
        __int128 r = a % b;
        a = b;
        b = r;
    }
    if (a == 0)
        a = 1;
    if (d < 0)
        a = -a;
    n /= a;
    d /= a;
    const __int128 MOST = (__int128)1 << 60;
    return (fraction){ n, d, n > MOST || n < -MOST || d > MOST };
}

typedef struct node {
    int op, l, r; /* LEAF: l is the number of the leaf */
    int factor;
} node;

typedef struct tree {
    node at[NODES];
    int n, root, n_leaves;
    kz_span leaf[LEAVES];
} tree;

static int grow(tree *t, kz_rng *rng, int depth)
{
    int me = t->n++;
    if (depth == 0 || t->n_leaves >= LEAVES - 1 || t->n >= NODES - 2 || kz_rng_below(rng, 5) == 0) {
        int64_t lo = (int64_t)kz_rng_below(rng, 14) - (kz_rng_below(rng, 4) == 0 ? 6 : 0);
        if (kz_rng_below(rng, 8) == 0)
            lo = (int64_t)kz_rng_below(rng, 1000000);
        int64_t width = kz_rng_below(rng, 2) ? (int64_t)kz_rng_below(rng, 4) : 0;
        t->leaf[t->n_leaves] = (kz_span){ lo, kz_rng_below(rng, 40) == 0 ? KZ_SPAN_OPEN : lo + width };
        t->at[me] = (node){ LEAF, t->n_leaves++, 0, 0 };
        return me;
    }
    node n = { (int)kz_rng_below(rng, N_OPS), 0, 0, (int)kz_rng_below(rng, 9) - 3 };
    n.l = grow(t, rng, depth - 1);
    n.r = n.op == TIMES ? n.l : grow(t, rng, depth - 1);
    t->at[me] = n;
    return me;
}

/* Counts stay counts as long as the operators allow it. */
static bool as_span(const tree *t, int at, kz_span *ret)
{
    const node *n = &t->at[at];
    kz_span l, r;
    if (n->op == LEAF) {
        *ret = t->leaf[n->l];
        return true;
    }
    if (n->op == MUL || n->op == DIV || n->op == WEIGHT || !as_span(t, n->l, &l) || !as_span(t, n->r, &r))
        return false;
    *ret = n->op == ADD   ? kz_span_add(l, r)
           : n->op == SUB ? kz_span_sub(l, r)
           : n->op == MIN ? kz_span_min(l, r)
           : n->op == MAX ? kz_span_max(l, r)
                          : kz_span_times(l, n->factor);
    return true;
}

static kz_interval as_interval(const tree *t, int at)
{
    const node *n = &t->at[at];
    kz_span s;
    if (as_span(t, at, &s))
        return kz_interval_of(s);
    kz_interval l = as_interval(t, n->l), r = as_interval(t, n->r);
    const double w[] = { 0.25 * n->factor, 0.75 };
    switch (n->op) {
    case ADD: return kz_interval_add(l, r);
    case SUB: return kz_interval_sub(l, r);
    case MUL: return kz_interval_mul(l, r);
    case DIV: return kz_interval_div(l, r);
    case MIN: return kz_interval_min(l, r);
    case MAX: return kz_interval_max(l, r);
    case TIMES: return kz_interval_mul(l, kz_interval_exact(n->factor));
    default: return kz_interval_weighted(2, w, (const kz_interval[]){ l, r });
    }
}

static fraction truth(const tree *t, int at, const int64_t leaf[])
{
    const node *n = &t->at[at];
    if (n->op == LEAF)
        return make(leaf[n->l], 1);
    fraction l = truth(t, n->l, leaf), r = truth(t, n->r, leaf);
    if (l.large || r.large)
        return (fraction){ 0, 1, true };
    if (l.d == 0 || r.d == 0)
        return make(0, 0);
    switch (n->op) {
    case ADD: return make(l.n * r.d + r.n * l.d, l.d * r.d);
    case SUB: return make(l.n * r.d - r.n * l.d, l.d * r.d);
    case MUL: return make(l.n * r.n, l.d * r.d);
    case DIV: return make(l.n * r.d, l.d * r.n);
    case MIN: return l.n * r.d < r.n * l.d ? l : r;
    case MAX: return l.n * r.d < r.n * l.d ? r : l;
    case TIMES: return make(l.n * n->factor, l.d);
    default: return make(l.n * r.d * n->factor + 3 * r.n * l.d, 4 * l.d * r.d);
    }
}

static bool holds(kz_interval got, fraction f)
{
    if (f.d == 0)
        return got.x != KZ_X_NEVER;
    return got.x != KZ_X_SURE && (wide)got.lo * (wide)f.d <= (wide)f.n && (wide)f.n <= (wide)got.hi * (wide)f.d;
}

/* Every combination of what the leaves can be; of an open one three. */
static int64_t check_tree(const tree *t)
{
    kz_interval got = as_interval(t, t->root);
    int64_t leaf[LEAVES], tried = 0;
    int step[LEAVES] = { 0 };
    for (;;) {
        for (int i = 0; i < t->n_leaves; i++)
            leaf[i] = t->leaf[i].hi == KZ_SPAN_OPEN ? t->leaf[i].lo + (step[i] == 2 ? 12345 : step[i])
                                                    : t->leaf[i].lo + step[i];
        fraction f = truth(t, t->root, leaf);
        if (!f.large) {
            assert_true(holds(got, f));
            tried++;
        }
        int i = 0;
        while (i < t->n_leaves) {
            int64_t last = t->leaf[i].hi == KZ_SPAN_OPEN ? 2 : t->leaf[i].hi - t->leaf[i].lo;
            if (step[i]++ < last)
                break;
            step[i++] = 0;
        }
        if (i == t->n_leaves)
            return tried;
    }
}

static void holds_every_truth_of_random_expressions(void **state)
{
    (void)state;
    int n = nightly() ? 1000000 : 20000, unbounded = 0, never = 0;
    int64_t tried = 0;
    for (int i = 0; i < n; i++) {
        kz_rng rng = kz_rng_stream(11, (uint64_t)i);
        tree t = { .n = 0 };
        t.root = grow(&t, &rng, 3);
        kz_interval got = as_interval(&t, t.root);
        unbounded += isinf(got.lo) || isinf(got.hi);
        never += got.x == KZ_X_SURE;
        tried += check_tree(&t);
    }
    /* The widest interval would pass, too: most must say something. */
    assert_true(tried > 2 * (int64_t)n);
    assert_true(unbounded < n / 4 && never < n / 10);
    print_message("# %d expressions, %lld truths, %d open, %d x\n", n, (long long)tried, unbounded, never);
}

static void gives_no_more_than_the_truths_when_each_count_occurs_once(void **state)
{
    (void)state;
    kz_rng rng = kz_rng_stream(12, 1);
    for (int i = 0; i < 3000; i++) {
        kz_span k = { kz_rng_below(&rng, 6), 0 }, n = { 1 + kz_rng_below(&rng, 9), 0 };
        k.hi = k.lo + kz_rng_below(&rng, 4);
        n.hi = n.lo + kz_rng_below(&rng, 4);
        kz_interval got = kz_span_share(k, n);
        double lo = INFINITY, hi = -INFINITY;
        for (int64_t a = k.lo; a <= k.hi; a++)
            for (int64_t b = n.lo; b <= n.hi; b++)
                if (a <= b) {
                    lo = fmin(lo, (double)a / (double)b);
                    hi = fmax(hi, (double)a / (double)b);
                }
        if (isinf(lo)) {
            assert_int_equal(got.x, KZ_X_SURE);
            continue;
        }
        assert_true(got.lo <= lo && lo <= nextafter(got.lo, 1));
        assert_true(got.hi >= hi && hi >= nextafter(got.hi, 0));
    }
}

/* ---- Wilson and changes of what is hidden ------------------------------------------- */

static kz_span near(kz_rng *rng, uint32_t most, uint32_t width)
{
    int64_t lo = kz_rng_below(rng, most);
    return (kz_span){ lo, lo + kz_rng_below(rng, width) };
}

static void wilson_of_spans_holds_wilson_of_every_pair(void **state)
{
    (void)state;
    kz_rng rng = kz_rng_stream(13, 1);
    for (int i = 0; i < (nightly() ? 200000 : 5000); i++) {
        uint32_t size = 1u << (2 + kz_rng_below(&rng, 12));
        kz_span k = near(&rng, size, 5), n = near(&rng, 2 * size, 5);
        kz_interval got = kz_span_wilson(k, n, KZ_Z95);
        double lo = INFINITY, hi = -INFINITY;
        for (int64_t a = k.lo; a <= k.hi; a++)
            for (int64_t b = n.lo; b <= n.hi; b++)
                if (a <= b && b > 0) {
                    kz_rate r = kz_rate_wilson(a, b, KZ_Z95);
                    lo = fmin(lo, r.lo);
                    hi = fmax(hi, r.hi);
                }
        if (isinf(lo)) {
            assert_int_equal(got.x, KZ_X_SURE);
            continue;
        }
        assert_true(got.lo <= lo && got.hi >= hi);
        assert_true(lo - got.lo < 1e-12 && got.hi - hi < 1e-12);
    }
}

static void change_of_spans_holds_every_change(void **state)
{
    (void)state;
    kz_rng rng = kz_rng_stream(14, 1);
    for (int i = 0; i < (nightly() ? 50000 : 1000); i++) {
        kz_span k1 = near(&rng, 20, 3), n1 = near(&rng, 60, 3), k0 = near(&rng, 20, 3), n0 = near(&rng, 60, 3);
        if (i % 50 == 0)
            n1.hi = n1.lo + 3000; /* beyond what is tried one by one */
        kz_interval got = kz_span_change(k1, n1, k0, n0, 0, KZ_Z95);
        for (int64_t b = n1.lo; b <= n1.hi; b += 1 + (n1.hi - n1.lo) / 50)
            for (int64_t a = k1.lo; a <= k1.hi; a++)
                for (int64_t d = n0.lo; d <= n0.hi; d++)
                    for (int64_t c = k0.lo; c <= k0.hi; c++) {
                        if (a > b || c > d || b == 0 || d == 0)
                            continue;
                        kz_difference want = kz_difference_shares(a, b, c, d, 0, KZ_Z95);
                        assert_true(got.x != KZ_X_SURE && got.lo <= want.lo && want.hi <= got.hi);
                    }
    }
}

static void growth_and_points_hold_their_truths(void **state)
{
    (void)state;
    /* 41 after 40 to 42: -1/42 to +1/40 */
    kz_interval g = kz_span_growth(kz_span_of(41), (kz_span){ 40, 42 });
    assert_true(kz_interval_holds(g, 41.0 / 42 - 1) && kz_interval_holds(g, 0.025));
    assert_true(g.hi - g.lo < 0.05);
    g = kz_span_growth(kz_span_of(41), (kz_span){ 0, 2 });
    assert_true(g.x == KZ_X_MAYBE && kz_interval_holds(g, 40));
    kz_interval p = kz_span_points(kz_span_of(3), kz_span_of(4), kz_span_hidden(3, false), kz_span_of(4));
    assert_true(p.lo == 0.25 && p.hi == 0.5);
}

KZ_TEST_MAIN(KZ_TEST(a_hidden_count_is_a_span_and_never_zero),
             KZ_TEST(two_sides_that_contradict_each_other_are_noticed),
             KZ_TEST(a_share_of_hidden_children_stays_between_none_and_all),
             KZ_TEST(dividing_by_perhaps_nothing_gives_the_widest_truth), KZ_TEST(a_third_lies_inside_its_interval),
             KZ_TEST(an_index_is_a_weighted_sum), KZ_TEST(an_end_that_is_open_stays_open),
             KZ_TEST(holds_every_truth_of_random_expressions),
             KZ_TEST(gives_no_more_than_the_truths_when_each_count_occurs_once),
             KZ_TEST(wilson_of_spans_holds_wilson_of_every_pair), KZ_TEST(change_of_spans_holds_every_change),
             KZ_TEST(growth_and_points_hold_their_truths))
