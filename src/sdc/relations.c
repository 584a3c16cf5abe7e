/* Relations by code, and the ways to change some counts so that every relation still holds. */
#include "sdc/relations.h"

#include <stdlib.h>
#include <string.h>

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

enum { CIRCUIT = 14, PER_CODE = 40, STEPS = 4000 };

/*
 * A circuit through a code: it grows by one; a relation that no longer holds is mended by another code of it,
 * until all of them hold.  Short circuits first (the length is raised step by step).
 */
typedef struct search {
    const kz_sdc_relations *r;
    kz_moves *out;
    int *sum;         /* of a relation            */
    int8_t *used;     /* of a code: +1, -1, 0     */
    int code[CIRCUIT], n, most;
    int root, found, steps;
    bool memory;
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

/* Entries sorted, the first code with plus; kept only when it is the root's turn: its smallest code, or
 * the root's list is not full yet. */
static void keep(search *s)
{
    int e[CIRCUIT];
    for (int k = 0; k < s->n; k++)
        e[k] = s->code[k] * 2;
    qsort(e, (size_t)s->n, sizeof *e, by_number);
    int turn = s->used[e[0] >> 1] < 0;
    for (int k = 0; k < s->n; k++)
        e[k] |= (s->used[e[k] >> 1] < 0) ^ turn;
    for (int m = 0; m < s->out->n; m++) { /* found from another code already? */
        size_t from = s->out->start[m], len = s->out->start[m + 1] - from;
        if (len == (size_t)s->n && memcmp(s->out->entry + from, e, len * sizeof *e) == 0)
            return;
    }
    s->found++;
    s->memory = s->memory && kz_moves_begin(s->out);
    for (int k = 0; k < s->n && s->memory; k++)
        s->memory = kz_moves_add(s->out, e[k]);
}

/* Exactly `most` codes: shorter ones were found in an earlier round. */
static void grow(search *s)
{
    const kz_sdc_relations *r = s->r;
    int at = broken(s);
    if (!s->memory || s->found >= PER_CODE || ++s->steps > STEPS)
        return;
    if (at < 0) {
        if (s->n == s->most)
            keep(s);
        return;
    }
    if (s->n == s->most)
        return;
    for (size_t i = r->start[at]; i < r->start[at + 1]; i++) {
        int code = r->term[i] >> 1, want = s->sum[at] > 0 ? -1 : 1, sign = r->term[i] & 1 ? -want : want;
        if (s->used[code])
            continue;
        change(s, code, sign, true);
        grow(s);
        change(s, code, sign, false);
    }
}

bool kz_moves_of_relations(const kz_sdc_relations *r, kz_moves *ret)
{
    kz_moves m = { 0 };
    search s = { .r = r, .out = &m, .memory = true };
    s.sum = calloc((size_t)r->n + 1, sizeof *s.sum);
    s.used = calloc((size_t)r->n_codes + 1, sizeof *s.used);
    s.memory = s.sum && s.used;
    for (int c = 0; s.memory && c < r->n_codes; c++) {
        s.root = c;
        s.found = 0;
        for (s.most = 1; s.memory && s.most <= CIRCUIT && s.found < PER_CODE; s.most++) {
            s.steps = 0;
            change(&s, c, 1, true);
            grow(&s);
            change(&s, c, 1, false);
        }
    }
    free(s.sum);
    free(s.used);
    if (s.memory)
        *ret = m;
    else
        kz_moves_done(&m);
    return s.memory;
}
