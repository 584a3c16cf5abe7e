/*
 * The checker of proofs: adds and compares.  It knows counts, sums and the words of linked.h, nothing of how
 * partners are found, and includes nothing that does.
 */
#include "sdc/linked.h"

#include <stdlib.h>

typedef struct check {
    const kz_sdc_linked *in;
    const bool *hidden;
    int all;           /* counts; rests have the same numbers again */
    int64_t *change;   /* of a count or rest, by the witness at hand */
    int64_t *rest;     /* what is missing from the parts             */
    bool *covered;
    int *first, *child; /* parts of an area                          */
    int *joined;        /* of a code: the smallest that relations join it with */
    bool *undecided;    /* of a joined code: something printed is new         */
    bool *missing;      /* [joined * n_areas + area]: its parts do not add up for one of these codes */
} check;

/* Must it lie in a witness?  Not where an earlier publication has decided everything that belongs together. */
static bool is_secret_cell(const check *k, int c)
{
    const kz_sdc_count *n = &k->in->counts[c];
    return (n->flags & KZ_SDC_SECRET) && !(n->flags & KZ_SDC_PUBLIC) && k->undecided[k->joined[c / k->in->n_areas]];
}

/* May the witness touch it? */
static bool is_out_of_sight(const check *k, int c)
{
    if (c >= k->all) {
        int at = c - k->all;
        return k->missing[k->joined[at / k->in->n_areas] * k->in->n_areas + at % k->in->n_areas];
    }
    const kz_sdc_count *n = &k->in->counts[c];
    return !(n->flags & KZ_SDC_PUBLIC) && (k->hidden[c] || !(n->flags & KZ_SDC_PRINTED));
}

/* Is the count unknown in this part and in all others of the area above? */
static bool is_too_deep(const check *k, int code, int above)
{
    for (int i = k->first[above]; i < k->first[above + 1]; i++)
        if (k->in->counts[code * k->in->n_areas + k->child[i]].value >= 0)
            return false;
    return true;
}

/* What a witness may take from: the count; where it was never delivered so deep, that of the area above. */
static int64_t count_of(const check *k, int c)
{
    if (c >= k->all)
        return k->rest[c - k->all];
    int code = c / k->in->n_areas, area = c % k->in->n_areas;
    while (k->in->counts[code * k->in->n_areas + area].value < 0) {
        int above = k->in->parent[area];
        if (above < 0 || !is_too_deep(k, code, above))
            return 0;
        area = above;
    }
    return k->in->counts[code * k->in->n_areas + area].value;
}

/* Areas: the change of an area is that of its parts and of its rest. */
static bool area_holds(const check *k, int code, int area)
{
    const int at = code * k->in->n_areas;
    int64_t sum = k->change[at + area];
    if (k->first[area] == k->first[area + 1])
        return k->change[k->all + at + area] == 0;
    for (int i = k->first[area]; i < k->first[area + 1]; i++)
        sum -= k->change[at + k->child[i]];
    return sum == k->change[k->all + at + area];
}

/* `from` 0: of the counts; `all`: of the rests of an area, which obey the relations as its other parts do. */
static bool relations_hold(const check *k, int from, int area)
{
    for (int r = 0; r < k->in->n_relations; r++) {
        int64_t sum = 0;
        int unknown = 0;
        for (size_t i = k->in->start[r]; i < k->in->start[r + 1] && from == 0; i++)
            unknown += k->in->counts[(k->in->term[i] >> 1) * k->in->n_areas + area].value < 0;
        if (unknown > 1)
            continue; /* two that nobody knows can make up for each other */
        for (size_t i = k->in->start[r]; i < k->in->start[r + 1]; i++) {
            int64_t by = k->change[from + (k->in->term[i] >> 1) * k->in->n_areas + area];
            sum += k->in->term[i] & 1 ? -by : by;
        }
        if (sum != 0)
            return false;
    }
    return true;
}

static int64_t width_of(const check *k, int code)
{
    return k->in->widths ? k->in->widths[code] : k->in->width;
}

static const char *look_at(check *k, const int cell[], const int coef[], size_t n, int owner)
{
    int64_t up = INT64_MAX / 4, down = INT64_MAX / 4;
    for (size_t i = 0; i < n; i++) {
        if (cell[i] < 0 || cell[i] >= 2 * k->all || coef[i] == 0)
            return "sdc.proof_cell";
        if (!is_out_of_sight(k, cell[i]))
            return "sdc.proof_shown";
        k->change[cell[i]] += coef[i];
    }
    for (size_t i = 0; i < n; i++) {
        int64_t by = k->change[cell[i]], steps = by ? count_of(k, cell[i]) / (by > 0 ? by : -by) : INT64_MAX / 4;
        if (by > 0 && steps < down)
            down = steps;
        if (by < 0 && steps < up)
            up = steps;
    }
    if (owner < 0 || owner >= k->all)
        return "sdc.proof_cell";
    int64_t width = width_of(k, owner / k->in->n_areas);
    int64_t own = k->change[owner] < 0 ? -k->change[owner] : k->change[owner];
    if (own == 0 || up + down < (width + own - 1) / own)
        return "sdc.proof_width";
    for (size_t i = 0; i < n; i++) {
        int c = cell[i] % k->all, code = c / k->in->n_areas, area = c % k->in->n_areas, above = k->in->parent[area];
        if (!area_holds(k, code, area) || (above >= 0 && !area_holds(k, code, above)) || !relations_hold(k, 0, area) ||
            !relations_hold(k, k->all, area))
            return "sdc.proof_sum";
    }
    k->covered[owner] = true;
    return NULL;
}

/* The rest of an area: its count less those of its parts, where all are known; else nothing to take from. */
static void find_rests(check *k)
{
    for (int code = 0; code < k->in->n_codes; code++)
        for (int a = 0; a < k->in->n_areas; a++) {
            int at = code * k->in->n_areas;
            int64_t rest = k->in->counts[at + a].value;
            bool known = rest >= 0 && k->first[a] < k->first[a + 1];
            for (int i = k->first[a]; i < k->first[a + 1]; i++) {
                int64_t part = k->in->counts[at + k->child[i]].value;
                rest -= part > 0 ? part : 0;
                known = known && part >= 0;
            }
            if (known && rest != 0)
                k->missing[k->joined[code] * k->in->n_areas + a] = true;
            k->rest[at + a] = rest > 0 ? rest : 0;
        }
}

/* Codes that stand in one relation belong together, until nothing changes. */
static void join_codes(check *k)
{
    const kz_sdc_linked *in = k->in;
    for (int c = 0; c < in->n_codes; c++)
        k->joined[c] = c;
    for (bool changed = true; changed;) {
        changed = false;
        for (int r = 0; r < in->n_relations; r++) {
            int least = in->n_codes;
            for (size_t i = in->start[r]; i < in->start[r + 1]; i++)
                least = k->joined[in->term[i] >> 1] < least ? k->joined[in->term[i] >> 1] : least;
            for (size_t i = in->start[r]; i < in->start[r + 1]; i++) {
                changed |= k->joined[in->term[i] >> 1] != least;
                k->joined[in->term[i] >> 1] = least;
            }
        }
    }
}

static void find_undecided(check *k)
{
    for (int c = 0; c < k->all; c++)
        if ((k->in->counts[c].flags & (KZ_SDC_PRINTED | KZ_SDC_PUBLIC | KZ_SDC_HELD)) == KZ_SDC_PRINTED)
            k->undecided[k->joined[c / k->in->n_areas]] = true;
}

static void find_parts(check *k)
{
    int n = k->in->n_areas;
    for (int a = 0; a < n; a++)
        if (k->in->parent[a] >= 0)
            k->first[k->in->parent[a] + 2]++;
    for (int a = 2; a <= n; a++)
        k->first[a] += k->first[a - 1];
    for (int a = 0; a < n; a++)
        if (k->in->parent[a] >= 0)
            k->child[k->first[k->in->parent[a] + 1]++] = a;
}

static kz_status check_all(check *k, const kz_sdc_proof *p, int *where, kz_err *err)
{
    join_codes(k);
    find_undecided(k);
    find_parts(k);
    find_rests(k);
    for (int w = 0; w < p->n_witness; w++) {
        const int *cell = p->cell + p->start[w];
        size_t n = p->start[w + 1] - p->start[w];
        const char *why = look_at(k, cell, p->coef + p->start[w], n, p->owner[w]);
        if (why) {
            *where = n > 0 && cell[0] >= 0 && cell[0] < k->all ? cell[0] : -1;
            return kz_fail(err, KZ_E_FINDING, why, kz_n("witness", w));
        }
        for (size_t i = 0; i < n; i++)
            k->change[cell[i]] = 0;
    }
    for (int c = 0; c < k->all; c++)
        if (is_secret_cell(k, c) && !k->covered[c]) {
            *where = c;
            return kz_fail(err, KZ_E_FINDING, "sdc.proof_missing");
        }
    return KZ_OK;
}

kz_status kz_sdc_linked_check(const kz_sdc_linked *in, const bool hidden[], const kz_sdc_proof *proof, int *where,
                              kz_err *err)
{
    size_t all = (size_t)in->n_codes * (size_t)in->n_areas, areas = (size_t)in->n_areas;
    check k = { .in = in, .hidden = hidden, .all = (int)all };
    k.change = calloc(2 * all + 1, sizeof *k.change);
    k.rest = calloc(all + 1, sizeof *k.rest);
    k.covered = calloc(all + 1, sizeof *k.covered);
    k.joined = calloc((size_t)in->n_codes + 1, sizeof *k.joined);
    k.undecided = calloc((size_t)in->n_codes + 1, sizeof *k.undecided);
    k.missing = calloc(all + 1, sizeof *k.missing);
    k.first = calloc(areas + 3, sizeof *k.first);
    k.child = calloc(areas + 1, sizeof *k.child);
    *where = -1;
    kz_status st = k.change && k.rest && k.covered && k.joined && k.undecided && k.missing && k.first && k.child
                       ? check_all(&k, proof, where, err)
                       : kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    free(k.change);
    free(k.rest);
    free(k.covered);
    free(k.joined);
    free(k.undecided);
    free(k.missing);
    free(k.first);
    free(k.child);
    return st;
}
