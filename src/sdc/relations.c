/* Relations by code, and the ways to change some counts so that every relation still holds. */
#include "sdc/relations.h"

#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "sdc/space.h"

kz_status kz_sdc_relations_make(int n, const size_t start[], const int term[], int n_codes, kz_arena *a,
                                kz_sdc_relations *ret, kz_err *err)
{
    size_t all = n > 0 ? start[n] : 0;
    size_t *own = kz_arena_new(a, size_t, n + 1), *at = kz_arena_new(a, size_t, n_codes + 2);
    int *terms = kz_arena_new(a, int, all + 1), *through = kz_arena_new(a, int, all + 1);
    if (!own || !at || !terms || !through)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    if (n > 0) {
        memcpy(own, start, ((size_t)n + 1) * sizeof *own);
        memcpy(terms, term, all * sizeof *terms);
    }
    for (size_t i = 0; i < all; i++) {
        KZ_ASSERT(terms[i] >= 0 && terms[i] >> 1 < n_codes);
        at[(terms[i] >> 1) + 2]++;
    }
    for (int c = 2; c <= n_codes; c++)
        at[c] += at[c - 1];
    for (int r = 0; r < n; r++)
        for (size_t i = own[r]; i < own[r + 1]; i++)
            through[at[(terms[i] >> 1) + 1]++] = r * 2 + (terms[i] & 1);
    *ret = (kz_sdc_relations){ n, n_codes, own, terms, at, through };
    return KZ_OK;
}

/* ---- circuits ------------------------------------------------------------------------- */

enum { SHORT = 14, LONG = 80, PER_CODE_MOST = 40, PER_CODE_LEAST = 12, CIRCUITS = 6000, STEPS = 4000,
       STEPS_LONG = 3000, LONG_ONES = 3 };

/*
 * A circuit through a code: it grows by one; a relation that no longer holds is mended by another code of it,
 * until all of them hold.  Short circuits first (the length is raised step by step); then some long ones, which end
 * early in codes of few relations, and some that go upwards: where a part grows, so does its whole (whoever has a
 * small count has no sister to take from).
 */
typedef struct search {
    const kz_sdc_relations *r;
    kz_moves *out;
    int *sum;         /* of a relation            */
    int8_t *used;     /* of a code: +1, -1, 0     */
    int *few, *up;    /* terms of relations: codes of few relations first; wholes before them */
    const int *term;  /* one of these             */
    int code[LONG], n, most;
    int found, per_code, steps, steps_most;
    bool any_length, memory;
    uint64_t *seen;   /* open hash of circuits    */
    size_t n_seen, cap_seen;
} search;

static void change(search *s, int code, int sign, bool take)
{
    const kz_sdc_relations *r = s->r;
    int by = take ? sign : -sign;
    for (size_t i = r->through_at[code]; i < r->through_at[code + 1]; i++)
        s->sum[r->through[i] >> 1] += r->through[i] & 1 ? -by : by;
    s->used[code] = (int8_t)(take ? sign : 0);
    if (take)
        s->code[s->n++] = code;
    else
        s->n--;
}

/* A relation of one of the changed codes that does not hold; -1: all do. */
static int broken(const search *s)
{
    const kz_sdc_relations *r = s->r;
    for (int k = 0; k < s->n; k++)
        for (size_t i = r->through_at[s->code[k]]; i < r->through_at[s->code[k] + 1]; i++)
            if (s->sum[r->through[i] >> 1] != 0)
                return r->through[i] >> 1;
    return -1;
}

static int by_number(const void *a, const void *b)
{
    return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

/* Room for twice as many; a circuit is known by its hash (a chance twin is only a circuit less). */
static bool see(search *s, uint64_t hash)
{
    if (2 * s->n_seen >= s->cap_seen) {
        size_t cap = s->cap_seen ? 2 * s->cap_seen : 4096;
        uint64_t *all = calloc(cap, sizeof *all);
        if (!all) {
            s->memory = false;
            return true;
        }
        for (size_t i = 0; i < s->cap_seen; i++)
            if (s->seen[i]) {
                size_t at = s->seen[i] & (cap - 1);
                while (all[at])
                    at = (at + 1) & (cap - 1);
                all[at] = s->seen[i];
            }
        free(s->seen);
        s->seen = all;
        s->cap_seen = cap;
    }
    size_t at = hash & (s->cap_seen - 1);
    while (s->seen[at] && s->seen[at] != hash)
        at = (at + 1) & (s->cap_seen - 1);
    if (s->seen[at])
        return true;
    s->seen[at] = hash;
    s->n_seen++;
    return false;
}

/* Entries sorted, the first code with plus; each circuit once, from whichever code it was found. */
static void keep(search *s)
{
    int e[LONG] = { 0 };
    uint64_t hash = 1;
    for (int k = 0; k < s->n; k++)
        e[k] = s->code[k] * 2;
    qsort(e, (size_t)s->n, sizeof *e, by_number);
    int turn = s->used[e[0] >> 1] < 0;
    for (int k = 0; k < s->n; k++) {
        e[k] |= (s->used[e[k] >> 1] < 0) ^ turn;
        hash = kz_rng_mix(hash ^ (uint64_t)(unsigned)e[k]);
    }
    if (see(s, hash | 1))
        return;
    s->found++;
    s->memory = s->memory && kz_moves_begin(s->out);
    for (int k = 0; k < s->n && s->memory; k++)
        s->memory = kz_moves_add(s->out, e[k]);
}

/* Exactly `most` codes (shorter ones were found in an earlier round), or any number up to it. */
static void grow(search *s)
{
    const kz_sdc_relations *r = s->r;
    int at = broken(s);
    if (!s->memory || s->found >= s->per_code || ++s->steps > s->steps_most)
        return;
    if (at < 0) {
        if (s->any_length || s->n == s->most)
            keep(s);
        return;
    }
    if (s->n == s->most)
        return;
    for (size_t i = r->start[at]; i < r->start[at + 1]; i++) {
        int code = s->term[i] >> 1, want = s->sum[at] > 0 ? -1 : 1, sign = s->term[i] & 1 ? -want : want;
        if (s->used[code])
            continue;
        change(s, code, sign, true);
        grow(s);
        change(s, code, sign, false);
    }
}

static void search_from(search *s, int code, int most, bool any_length, int steps)
{
    s->most = most;
    s->any_length = any_length;
    s->steps = 0;
    s->steps_most = steps;
    change(s, code, 1, true);
    grow(s);
    change(s, code, 1, false);
}

static size_t rank(const kz_sdc_relations *r, int term, bool wholes)
{
    return wholes && !(term & 1) ? 0 : r->through_at[(term >> 1) + 1] - r->through_at[term >> 1];
}

/* The terms of each relation, codes of few relations first (a stable sort: same in, same out). */
static void sort_terms(const kz_sdc_relations *r, int term[], bool wholes)
{
    for (int rel = 0; rel < r->n; rel++)
        for (size_t i = r->start[rel]; i < r->start[rel + 1]; i++) {
            size_t at = i;
            for (; at > r->start[rel] && rank(r, term[at - 1], wholes) > rank(r, r->term[i], wholes); at--)
                term[at] = term[at - 1];
            term[at] = r->term[i];
        }
}

static void search_long(search *s, int code, const int term[])
{
    s->term = term;
    s->found = s->per_code - LONG_ONES;
    search_from(s, code, LONG, true, STEPS_LONG);
}

bool kz_moves_of_relations(const kz_sdc_relations *r, kz_moves *ret)
{
    kz_moves m = { 0 };
    search s = { .r = r, .out = &m };
    size_t terms = r->n > 0 ? r->start[r->n] : 0;
    s.per_code = r->n_codes > 0 ? CIRCUITS / r->n_codes : PER_CODE_MOST;
    s.per_code = s.per_code < PER_CODE_LEAST ? PER_CODE_LEAST : s.per_code > PER_CODE_MOST ? PER_CODE_MOST : s.per_code;
    s.sum = calloc((size_t)r->n + 1, sizeof *s.sum);
    s.used = calloc((size_t)r->n_codes + 1, sizeof *s.used);
    s.few = calloc(terms + 1, sizeof *s.few);
    s.up = calloc(terms + 1, sizeof *s.up);
    s.memory = s.sum && s.used && s.few && s.up;
    if (s.memory) {
        sort_terms(r, s.few, false);
        sort_terms(r, s.up, true);
    }
    for (int c = 0; s.memory && c < r->n_codes; c++) {
        s.found = 0;
        s.term = s.few;
        for (int most = 1; s.memory && most <= SHORT && s.found < s.per_code; most++)
            search_from(&s, c, most, false, STEPS);
        search_long(&s, c, s.few);
        search_long(&s, c, s.up);
    }
    free(s.sum);
    free(s.used);
    free(s.few);
    free(s.up);
    free(s.seen);
    if (s.memory)
        *ret = m;
    else
        kz_moves_done(&m);
    return s.memory;
}
