#include "monitor/fact_count.h"

#include <stdlib.h>
#include <string.h>

/* What an atom needs beside its condition, as this segment has it. */
typedef struct target {
    kz_segment_view place, value; /* value: of a sum, or the pseudonym */
    const uint64_t *bits;
} target;

typedef struct counting {
    const kz_fact_job *job;
    kz_arena *a;
    kz_facts  facts;
    kz_facts_scan scan;
    target   *targets;
    kz_fact_counts c;
    uint32_t *area;   /* of the rows of a block */
} counting;

static kz_status no_memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "compute.memory");
}

static uint32_t code_at(const kz_segment_view *v, uint64_t row)
{
    return v->width == 1 ? ((const uint8_t *)v->p)[row] : v->width == 2 ? ((const uint16_t *)v->p)[row]
                                                                        : ((const uint32_t *)v->p)[row];
}

static kz_status area_column(counting *x, kz_segment_view *ret, kz_err *err)
{
    bool there;
    KZ_TRY(kz_facts_column(&x->facts, "area", ret, &there, err));
    if (!there || ret->type != KZ_SEG_CODE)
        return kz_fail(err, KZ_E_INPUT, "facts.no_area", kz_s("file", x->job->path));
    return KZ_OK;
}

/* The columns of atom k; `answered` is false where one is not there. */
static kz_status begin_atom(counting *x, int k, const kz_segment_view *area, kz_err *err)
{
    const kz_atom *atom = x->job->atoms[k];
    target *t = &x->targets[k];
    bool there = true;
    t->place = *area;
    t->bits = x->scan.bits[x->job->plan->root[k]];
    x->c.answered[k] = t->bits != NULL;
    if (*atom->unit) {
        KZ_TRY(kz_facts_column(&x->facts, atom->column, &t->place, &there, err));
        x->c.answered[k] &= there && t->place.type == KZ_SEG_CODE;
    }
    if (atom->expr->op == KZ_X_SUM) {
        KZ_TRY(kz_facts_column(&x->facts, atom->expr->column, &t->value, &there, err));
        x->c.answered[k] &= there && t->value.width == 4;
    } else if (atom->expr->op == KZ_X_DISTINCT) {
        KZ_TRY(kz_facts_column(&x->facts, "person", &t->value, &there, err));
        x->c.answered[k] &= there && t->value.width == 8;
    }
    if (!x->c.answered[k])
        return KZ_OK;
    kz_view *place = kz_arena_new(x->a, kz_view, t->place.n_dict + 1);
    int64_t *count = kz_arena_new(x->a, int64_t, t->place.n_dict + 1);
    if (!place || !count)
        return no_memory(err);
    for (uint32_t i = 0; i < t->place.n_dict; i++) {
        place[i] = t->place.dict[i];
        char *text = kz_arena_strndup(x->a, place[i].p, place[i].n); /* the segment will be closed */
        if (!text)
            return no_memory(err);
        place[i].p = text;
    }
    x->c.place[k] = place;
    x->c.n_places[k] = t->place.n_dict;
    x->c.count[k] = atom->expr->op == KZ_X_DISTINCT || atom->expr->op == KZ_X_PROFILE ? NULL : count;
    return KZ_OK;
}

static bool meet(kz_arena *a, kz_fact_people *p, int64_t person, uint32_t place)
{
    if (p->n == p->most) {
        uint64_t most = p->most ? 2 * p->most : 4096;
        kz_fact_person *more = kz_arena_new(a, kz_fact_person, most);
        if (!more)
            return false;
        if (p->n > 0)
            memcpy(more, p->p, p->n * sizeof *more);
        p->p = more;
        p->most = most;
    }
    p->p[p->n++] = (kz_fact_person){ person, place };
    return true;
}

/* One row that passes. */
static bool add_row(counting *x, int k, uint64_t row, uint32_t place)
{
    const target *t = &x->targets[k];
    switch (x->job->atoms[k]->expr->op) {
    case KZ_X_DISTINCT: {
        int64_t person = ((const int64_t *)t->value.p)[row];
        return person == 0 || meet(x->a, &x->c.people[k], person, place);
    }
    case KZ_X_PROFILE:
        return meet(x->a, &x->c.people[k], x->area[row % KZ_SEGMENT_BLOCK], place);
    default: {
        int32_t value = ((const int32_t *)t->value.p)[row];
        return value == INT32_MIN || !__builtin_add_overflow(x->c.count[k][place], value, &x->c.count[k][place]);
    }
    }
}

static bool add_block(counting *x, int k, uint64_t from, int n)
{
    const target *t = &x->targets[k];
    const kz_atom *atom = x->job->atoms[k];
    bool plain = atom->expr->op == KZ_X_COUNT && !*atom->unit;
    int64_t *count = x->c.count[k];
    for (int w = 0; w * 64 < n; w++)
        for (uint64_t bits = t->bits[w]; bits; bits &= bits - 1) {
            int i = w * 64 + __builtin_ctzll(bits);
            if (plain) {
                count[x->area[i]]++;
                continue;
            }
            uint64_t row = from + (uint64_t)i;
            uint32_t place = *atom->unit ? code_at(&t->place, row) : x->area[i];
            if (atom->expr->op == KZ_X_COUNT)
                count[place]++;
            else if (!add_row(x, k, row, place))
                return false;
        }
    return true;
}

static kz_status count_blocks(counting *x, const kz_segment_view *area, kz_err *err)
{
    for (uint32_t b = 0; b < x->facts.seg.n_blocks; b++) {
        uint64_t from = (uint64_t)b * KZ_SEGMENT_BLOCK;
        int n = kz_facts_scan_block(&x->scan, b);
        for (int i = 0; i < n; i++) {
            x->area[i] = code_at(area, from + (uint64_t)i);
            x->c.occurs[x->area[i]] = true;
        }
        for (int k = 0; k < x->job->n; k++)
            if (x->c.answered[k] && !add_block(x, k, from, n))
                return no_memory(err);
    }
    return KZ_OK;
}

static kz_status run(counting *x, kz_err *err)
{
    kz_segment_view area;
    size_t n = (size_t)x->job->n + 1;
    kz_fact_counts *c = &x->c;
    KZ_TRY(area_column(x, &area, err));
    x->targets = kz_arena_new(x->a, target, n);
    c->answered = kz_arena_new(x->a, bool, n);
    c->n_places = kz_arena_new(x->a, uint32_t, n);
    c->place = kz_arena_new(x->a, kz_view *, n);
    c->count = kz_arena_new(x->a, int64_t *, n);
    c->people = kz_arena_new(x->a, kz_fact_people, n);
    c->occurs = kz_arena_new(x->a, bool, area.n_dict + 1);
    c->area = kz_arena_new(x->a, kz_view, area.n_dict + 1);
    x->area = kz_arena_new(x->a, uint32_t, KZ_SEGMENT_BLOCK);
    if (!x->targets || !c->answered || !c->n_places || !c->place || !c->count || !c->people || !c->occurs ||
        !c->area || !x->area)
        return no_memory(err);
    c->n = x->job->n;
    c->n_rows = x->facts.seg.n_rows;
    c->n_areas = area.n_dict;
    for (uint32_t i = 0; i < area.n_dict; i++) {
        char *text = kz_arena_strndup(x->a, area.dict[i].p, area.dict[i].n);
        if (!text)
            return no_memory(err);
        c->area[i] = kz_view_from(text, area.dict[i].n);
    }
    KZ_TRY(kz_facts_scan_begin(&x->facts, x->job->plan, x->a, &x->scan, err));
    for (int k = 0; k < x->job->n; k++)
        KZ_TRY(begin_atom(x, k, &area, err));
    return count_blocks(x, &area, err);
}

kz_status kz_fact_count(const kz_fact_job *job, kz_arena *a, kz_fact_counts *ret, kz_err *err)
{
    counting x = { .job = job, .a = a };
    KZ_TRY(kz_facts_open(job->path, &x.facts, err));
    kz_status st = run(&x, err);
    kz_facts_done(&x.facts);
    if (st == KZ_OK)
        *ret = x.c;
    return st;
}

/* ---- persons ------------------------------------------------------------------- */

static int by_person(const void *a, const void *b)
{
    const kz_fact_person *x = a, *y = b;
    if (x->person != y->person)
        return x->person < y->person ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

void kz_fact_persons(kz_fact_people *people, const int node_of[], const int parent[], uint64_t stamp[],
                     int64_t count[])
{
    uint64_t who = 0;
    if (people->n > 1)
        qsort(people->p, people->n, sizeof *people->p, by_person);
    for (uint64_t i = 0; i < people->n; i++) {
        if (i == 0 || people->p[i].person != people->p[i - 1].person)
            who++;
        for (int node = node_of[people->p[i].place]; node >= 0 && stamp[node] != who; node = parent[node]) {
            stamp[node] = who;
            count[node]++;
        }
    }
}
