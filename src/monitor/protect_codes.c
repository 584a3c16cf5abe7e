/* Which counts there are, and what everybody knows about them. */
#include <stdlib.h>
#include <string.h>

#include "monitor/protect_build.h"
#include "monitor/protect_family.h"

void *protect_grow(protect_build *b, void *old, int n, int *cap, size_t size)
{
    if (n < *cap)
        return old;
    int more = *cap ? *cap * 2 : 256;
    void *p = kz_arena_array(b->a, (size_t)more, size);
    if (!p) {
        b->full = true;
        return old;
    }
    if (*cap > 0)
        memcpy(p, old, (size_t)*cap * size);
    *cap = more;
    return p;
}

/* ---- codes --------------------------------------------------------------------------- */

int protect_code_of(protect_build *b, const kz_form *f, const char *unit)
{
    for (int c = 0; c < b->n_codes; c++)
        if (strcmp(b->codes[c].unit, unit) == 0 && kz_form_equal(&b->codes[c].form, f))
            return c;
    b->codes = protect_grow(b, b->codes, b->n_codes, &b->cap_codes, sizeof *b->codes);
    if (b->full)
        return 0;
    b->value = protect_grow(b, b->value, b->n_codes, &b->cap_value, sizeof *b->value);
    if (b->full)
        return 0;
    b->value[b->n_codes] = NULL;
    b->codes[b->n_codes] = (kz_protect_code){ *f, unit, kz_form_is_count(&b->s->counts, f) };
    return b->n_codes++;
}

/* One term as a form of its own, in its own period. */
static kz_form single(const kz_form *f, int term)
{
    kz_form one = { .n = 1 };
    one.term[0] = f->term[term];
    one.term[0].factor = 1;
    one.term[0].shift = 0;
    return one;
}

static int least_shift(const kz_form *f)
{
    int least = f->term[0].shift;
    for (int i = 1; i < f->n; i++)
        least = f->term[i].shift < least ? f->term[i].shift : least;
    return least;
}

/* The shifts of an atom in a form, as bits; all factors of the same sign and 1. */
static bool shifts_of(const kz_form *f, const char *atom, unsigned *bits, int *sign)
{
    *bits = 0;
    *sign = 0;
    for (int i = 0; i < f->n; i++)
        if (strcmp(f->term[i].atom, atom) == 0) {
            if (f->term[i].shift > 30 || (f->term[i].factor != 1 && f->term[i].factor != -1) ||
                (*sign && *sign != f->term[i].factor))
                return false;
            *bits |= 1u << f->term[i].shift;
            *sign = f->term[i].factor;
        }
    return true;
}

/* Does every atom stand in the same periods, once each? */
static bool is_pure(const kz_form *f)
{
    unsigned first, other;
    int sign;
    if (!shifts_of(f, f->term[0].atom, &first, &sign))
        return false;
    for (int i = 1; i < f->n; i++)
        if (!shifts_of(f, f->term[i].atom, &other, &sign) || other != first)
            return false;
    return true;
}

/* The period in which all terms lie as the form says; KZ_NONE: they do not lie together. */
static int common_period(const protect_build *b, const kz_form *f, int least, int period)
{
    int at = kz_counts_term_period(&b->s->counts, f->term[0].index, least, period);
    for (int i = 0; i < f->n && at != KZ_NONE; i++) {
        int atom = f->term[i].index;
        int own = kz_counts_term_period(&b->s->counts, atom, f->term[i].shift, period);
        if (own == KZ_NONE || own != kz_counts_term_period(&b->s->counts, atom, f->term[i].shift - least, at))
            return KZ_NONE;
    }
    return at;
}

static const char *unit_of(const protect_build *b, const kz_form *f)
{
    return b->s->cat.atoms[f->term[0].index].unit;
}

static void put_pair(protect_build *b, int code, int period)
{
    b->pair = protect_grow(b, b->pair, 2 * b->n_pair + 1, &b->cap_pair, sizeof *b->pair);
    if (b->full)
        return;
    b->pair[2 * b->n_pair] = code;
    b->pair[2 * b->n_pair + 1] = period;
    b->n_pair++;
}

static void make_slot(protect_build *b, protect_slot *slot, const kz_form *f, int period)
{
    *slot = (protect_slot){ .made = true, .code = KZ_NONE, .period = KZ_NONE, .parts = b->n_pair };
    if (f->n == 0)
        return;
    int least = least_shift(f);
    kz_form own = kz_form_shifted(f, -least);
    if (own.n == 1) /* twice a count is the count */
        own.term[0].factor = 1;
    int at = common_period(b, f, least, period);
    if (at != KZ_NONE && is_pure(&own)) {
        slot->code = protect_code_of(b, &own, unit_of(b, f));
        slot->period = at;
        return;
    }
    for (int i = 0; i < f->n; i++) {
        kz_form one = single(f, i);
        int in = kz_counts_term_period(&b->s->counts, f->term[i].index, f->term[i].shift, period);
        if (in != KZ_NONE)
            put_pair(b, protect_code_of(b, &one, unit_of(b, &one)), in);
    }
    slot->n_parts = b->n_pair - slot->parts;
}

const protect_slot *protect_slot_of(protect_build *b, int ind, int group, int den, int period)
{
    size_t at = ((size_t)(b->group_base[ind] + group) * 2 + (size_t)den) * (size_t)b->s->n_periods + (size_t)period;
    const kz_indicator *i = &b->s->cat.indicators[ind];
    protect_slot *slot = &b->slots[at];
    if (slot->made)
        return slot;
    if (den && i->from_first) {
        int first = kz_reckon_first(&b->s->reckoner, i);
        *slot = (protect_slot){ .made = true, .code = KZ_NONE, .period = KZ_NONE };
        if (first != KZ_NONE)
            make_slot(b, slot, &i->groups[group].numerator, first);
    } else {
        make_slot(b, slot, den ? &i->groups[group].denominator : &i->groups[group].numerator, period);
    }
    return slot;
}

/* ---- values ------------------------------------------------------------------------ */

/* Areas below the city belong to codes without unit, institutions to those of their kind, the city to all. */
static bool is_its_area(const protect_build *b, int code, int area)
{
    const kz_counts *n = &b->s->counts;
    const char *unit = b->codes[code].unit;
    int level = n->level[area];
    if (level == 0)
        return true;
    return unit[0] == '\0' ? !n->institution[level] : n->institution[level] && strcmp(n->level_codes[level], unit) == 0;
}

const int64_t *protect_values(protect_build *b, int code)
{
    size_t cells = (size_t)b->s->n_periods * (size_t)b->s->n_areas;
    if (b->value[code])
        return b->value[code];
    int64_t *v = kz_arena_new(b->a, int64_t, cells + 1);
    if (!v)
        return NULL;
    for (int p = 0; p < b->s->n_periods; p++)
        for (int a = 0; a < b->s->n_areas; a++) {
            int64_t *at = &v[(size_t)p * (size_t)b->s->n_areas + (size_t)a];
            *at = -1;
            if (!kz_counts_valid(&b->s->counts, p, a) || !is_its_area(b, code, a))
                continue;
            kz_count c = kz_counts_form(&b->s->counts, &b->codes[code].form, p, a);
            if (c.value >= 0 && c.state != KZ_CELL_HIDDEN)
                *at = c.value;
        }
    return b->value[code] = v;
}

/* ---- relations ------------------------------------------------------------------------- */

static void put_term(protect_build *b, int code, int sign)
{
    size_t at = b->start[b->n_relations + 1];
    b->term = protect_grow(b, b->term, (int)at, &b->cap_term, sizeof *b->term);
    if (b->full)
        return;
    b->term[at] = code * 2 + (sign < 0);
    b->start[b->n_relations + 1]++;
}

static void begin_relation(protect_build *b)
{
    b->start = protect_grow(b, b->start, b->n_relations + 1, &b->cap_start, sizeof *b->start);
    b->rest_whole = protect_grow(b, b->rest_whole, b->n_relations, &b->cap_rest, sizeof *b->rest_whole);
    if (b->full)
        return;
    b->start[b->n_relations + 1] = b->start[b->n_relations];
    b->rest_whole[b->n_relations] = KZ_NONE;
}

static bool same_terms(const protect_build *b, int x, int y)
{
    size_t n = b->start[x + 1] - b->start[x];
    return n == b->start[y + 1] - b->start[y] &&
           memcmp(b->term + b->start[x], b->term + b->start[y], n * sizeof *b->term) == 0;
}

static int by_code(const void *a, const void *b)
{
    return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

/* Sorted, each code once, not the same again. */
static void end_relation(protect_build *b, int rest)
{
    if (b->full)
        return;
    size_t from = b->start[b->n_relations], n = b->start[b->n_relations + 1] - from;
    qsort(b->term + from, n, sizeof *b->term, by_code);
    for (size_t i = 1; i < n; i++)
        if (b->term[from + i] >> 1 == b->term[from + i - 1] >> 1)
            return; /* a count with itself says nothing */
    for (int r = 0; r < b->n_relations; r++)
        if (same_terms(b, r, b->n_relations))
            return;
    b->rest_whole[b->n_relations++] = rest;
}

/* Where a rest has been nobody everywhere and always, everybody may know that there is none (no other answer
 * is possible): no witness may use it. */
static bool is_nobody(protect_build *b, int code)
{
    const int64_t *v = protect_values(b, code);
    size_t cells = (size_t)b->s->n_periods * (size_t)b->s->n_areas;
    for (size_t i = 0; v && i < cells; i++)
        if (v[i] > 0)
            return false;
    return true;
}

/* whole = parts (+ what they leave over, as a count of its own; `secret`: it says something of those people). */
static void relate(protect_build *b, int whole, const int part[], int n, bool rest, bool secret)
{
    int extra = KZ_NONE;
    kz_form left = b->codes[whole].form;
    bool whole_form = true;
    for (int i = 0; i < n; i++)
        whole_form = whole_form && kz_form_add(&left, &b->codes[part[i]].form, -1, &left);
    if (rest && (!whole_form || left.n == 0))
        return; /* too long to be written down, or nothing is left */
    if (rest) {
        extra = protect_code_of(b, &left, b->codes[whole].unit);
        rest = !is_nobody(b, extra);
    }
    begin_relation(b);
    put_term(b, whole, 1);
    for (int i = 0; i < n; i++)
        put_term(b, part[i], -1);
    if (rest)
        put_term(b, extra, -1);
    end_relation(b, rest && secret ? extra : KZ_NONE);
}

/* A form of several atoms is the sum of them, each in the periods of the form. */
static void split_forms(protect_build *b)
{
    int n = b->n_codes;
    for (int c = 0; c < n && !b->full; c++) {
        kz_form f = b->codes[c].form;
        bool several = false;
        for (int i = 1; i < f.n; i++)
            several |= strcmp(f.term[i].atom, f.term[0].atom) != 0;
        if (!several)
            continue;
        begin_relation(b);
        put_term(b, c, 1);
        for (int i = 0; i < f.n; i++) {
            kz_form one = { 0 };
            bool seen = false;
            for (int k = 0; k < i; k++)
                seen |= strcmp(f.term[k].atom, f.term[i].atom) == 0;
            for (int k = i; k < f.n && !seen; k++)
                if (strcmp(f.term[k].atom, f.term[i].atom) == 0) {
                    one.term[one.n] = f.term[k];
                    one.term[one.n++].factor = 1;
                }
            if (!seen)
                put_term(b, protect_code_of(b, &one, b->codes[c].unit), -f.term[i].factor);
        }
        end_relation(b, KZ_NONE);
    }
}

/* The one atom of a form and the periods it stands in; false: it has several. */
static bool one_atom(const kz_protect_code *c, const char **atom, unsigned *shifts)
{
    int sign;
    for (int i = 1; i < c->form.n; i++)
        if (strcmp(c->form.term[i].atom, c->form.term[0].atom) != 0)
            return false;
    *atom = c->form.term[0].atom;
    return shifts_of(&c->form, *atom, shifts, &sign);
}

/* The code of an atom in the periods `shifts`; KZ_NONE: nobody asked for it. */
static int code_of_atom(const protect_build *b, const char *atom, unsigned shifts, int n)
{
    const char *own;
    unsigned bits;
    for (int c = 0; c < n; c++)
        if (one_atom(&b->codes[c], &own, &bits) && bits == shifts && strcmp(own, atom) == 0)
            return c;
    return KZ_NONE;
}

static void relate_measures(protect_build *b, unsigned shifts, int n)
{
    for (int r = 0; r < b->measures->n_relations && !b->full; r++) {
        const kz_relation *rel = &b->measures->relations[r];
        int whole = code_of_atom(b, b->measures->list[rel->whole].code, shifts, n), part[KZ_RELATION_PARTS], parts = 0;
        for (int i = 0; i < rel->n_parts && whole != KZ_NONE; i++) {
            int c = code_of_atom(b, b->measures->list[rel->parts[i]].code, shifts, n);
            if (c != KZ_NONE)
                part[parts++] = c;
        }
        if (parts > 0)
            relate(b, whole, part, parts, rel->at_least || parts < rel->n_parts, true);
    }
}

static kz_status relate_families(protect_build *b, unsigned shifts, int n, kz_err *err)
{
    const kz_expr **forms = kz_arena_new(b->a, const kz_expr *, n + 1);
    kz_family_list list;
    if (!forms)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (int c = 0; c < n; c++) {
        const char *atom;
        unsigned bits;
        if (one_atom(&b->codes[c], &atom, &bits) && bits == shifts && b->codes[c].unit[0] == '\0')
            forms[c] = b->s->cat.atoms[b->codes[c].form.term[0].index].expr;
    }
    KZ_TRY(kz_families(n, forms, b->a, &list, err));
    for (int i = 0; i < list.n && !b->full; i++)
        relate(b, list.relation[i].whole, list.relation[i].part, list.relation[i].n_parts, list.relation[i].rest,
               !list.relation[i].unanswered);
    return KZ_OK;
}

static bool are_related(const protect_build *b, int whole, int part)
{
    for (int r = 0; r < b->n_relations; r++) {
        bool has_whole = false, has_part = false;
        for (size_t i = b->start[r]; i < b->start[r + 1]; i++) {
            has_whole |= b->term[i] == whole * 2;
            has_part |= b->term[i] == part * 2 + 1;
        }
        if (has_whole && has_part)
            return true;
    }
    return false;
}

static const char *delivery(const protect_build *b, const kz_form *f, int term)
{
    const kz_expr *e = b->s->cat.atoms[f->term[term].index].expr;
    return e ? e->name : "";
}

bool protect_is_part(const protect_build *b, int part, int whole)
{
    const kz_form *f = &b->codes[part].form, *g = &b->codes[whole].form;
    for (int i = 0; i < f->n; i++)
        for (int k = 0; k < g->n; k++)
            if (strcmp(delivery(b, f, i), delivery(b, g, k)) != 0)
                return false;
    return true;
}

/* Those who do not belong, where numerator and denominator are of one delivery and one period.  Else the numerator
 * is no part of the denominator (it may be larger), and what lies between them is no count: protect.c looks at it. */
static void relate_shares(protect_build *b)
{
    const kz_catalogue *cat = &b->s->cat;
    for (int i = 0; i < cat->n; i++)
        for (int g = 0; g < cat->indicators[i].n_groups; g++)
            for (int p = 0; p < b->s->n_periods && !b->full; p++) {
                size_t at = (size_t)(b->group_base[i] + g) * 2 * (size_t)b->s->n_periods + (size_t)p;
                const protect_slot *num = &b->slots[at], *den = &b->slots[at + (size_t)b->s->n_periods];
                if (cat->indicators[i].kind == KZ_KIND_SHARE && num->made && den->made && num->code != KZ_NONE &&
                    den->code != KZ_NONE && num->code != den->code && num->period == den->period &&
                    protect_is_part(b, num->code, den->code) &&
                    !are_related(b, den->code, num->code))
                    relate(b, den->code, &num->code, 1, true, true);
            }
}

/* Two counts that have been the same wherever both are known, and often enough, are the same. */
static bool are_equal(const int64_t x[], const int64_t y[], size_t cells)
{
    enum { ENOUGH = 30 };
    int same = 0, large = 0;
    for (size_t i = 0; i < cells; i++) {
        if (x[i] < 0 || y[i] < 0)
            continue;
        if (x[i] != y[i])
            return false;
        same++;
        large += x[i] > 9;
    }
    return same >= ENOUGH && large >= ENOUGH / 3;
}

static void relate_equals(protect_build *b, int n)
{
    size_t cells = (size_t)b->s->n_periods * (size_t)b->s->n_areas;
    for (int x = 0; x < n; x++)
        b->full = b->full || !protect_values(b, x);
    for (int x = 0; x < n && !b->full; x++)
        for (int y = x + 1; y < n; y++)
            if (strcmp(b->codes[x].unit, b->codes[y].unit) == 0 && b->codes[x].persons && b->codes[y].persons &&
                are_equal(b->value[x], b->value[y], cells)) {
                begin_relation(b);
                put_term(b, x, 1);
                put_term(b, y, -1);
                end_relation(b, KZ_NONE);
                break;
            }
}

kz_status protect_relate(protect_build *b, kz_err *err)
{
    int asked = b->n_codes;
    b->start = protect_grow(b, b->start, 0, &b->cap_start, sizeof *b->start);
    if (!b->full)
        b->start[0] = 0;
    split_forms(b);
    int n = b->n_codes;
    for (int c = 0; c < n && !b->full; c++) { /* each pattern of periods once */
        const char *atom;
        unsigned shifts, other;
        bool first = one_atom(&b->codes[c], &atom, &shifts);
        for (int k = 0; k < c && first; k++)
            first = !(one_atom(&b->codes[k], &atom, &other) && other == shifts);
        if (!first)
            continue;
        relate_measures(b, shifts, n);
        KZ_TRY(relate_families(b, shifts, n, err));
    }
    relate_shares(b);
    relate_equals(b, asked);
    return b->full ? kz_fail(err, KZ_E_LIMIT, "sdc.memory") : KZ_OK;
}
