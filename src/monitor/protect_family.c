#include "monitor/protect_family.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS = KZ_FAMILY_PIECES / 64, MONTHS = 12, TESTS = 4 };

/* A form as a member of a family: the family's key, and its own tests of the column (n_tests 0: every row). */
typedef struct member {
    const char *key, *column;
    int form, n_tests;
    const kz_expr *test[TESTS];
    uint64_t set[WORDS];
    int size;
} member;

typedef struct job {
    kz_arena *a;
    int n_forms, n, cap;
    const kz_expr *const *forms;
    member *list;
    kz_family_relation *relation;
    int n_relations, cap_relations;
    bool full;
} job;

static void *grow(job *j, void *old, int n, int *cap, size_t size)
{
    if (n < *cap)
        return old;
    int more = *cap ? *cap * 2 : 64;
    void *p = kz_arena_array(j->a, (size_t)more, size);
    if (!p) {
        j->full = true;
        return old;
    }
    if (n > 0)
        memcpy(p, old, (size_t)n * size);
    *cap = more;
    return p;
}

/* ---- members --------------------------------------------------------------------------- */

/* The column that a test is about; ages are one column, in months.  NULL: several columns at once. */
static const char *column_of(const kz_expr *test)
{
    if (test->op != KZ_X_CODE && test->op != KZ_X_RANGE && test->op != KZ_X_KNOWN)
        return NULL;
    return strcmp(test->column, "age_years") == 0 ? "age_months" : test->column;
}

static int n_tests(const kz_expr *condition)
{
    return condition->op == KZ_X_ALL ? 0 : condition->op == KZ_X_AND ? condition->n_arg : 1;
}

static const kz_expr *test_at(const kz_expr *condition, int i)
{
    return condition->op == KZ_X_AND ? condition->arg[i] : condition;
}

static bool asks(const kz_expr *condition, int of, const char *column)
{
    const char *own = column_of(test_at(condition, of));
    return own && strcmp(own, column) == 0;
}

/* "ewo|sex|other tests": what members of a family share. */
static const char *key_of(job *j, const kz_expr *form, const char *column)
{
    kz_auto(kz_buf) key = kz_buf_init(2 * KZ_EXPR_BYTES);
    kz_buf_fmt(&key, "%s|%s", form->name, column);
    for (int i = 0; i < n_tests(form->arg[0]); i++)
        if (!asks(form->arg[0], i, column)) {
            kz_buf_str(&key, "|");
            kz_expr_write(&key, test_at(form->arg[0], i));
        }
    char *own = kz_arena_strdup(j->a, kz_buf_text(&key));
    j->full = j->full || !own || kz_buf_status(&key) != KZ_OK;
    return own ? own : "";
}

static void add_member(job *j, int form, const char *column)
{
    const kz_expr *f = j->forms[form];
    member m = { .key = key_of(j, f, column), .column = column, .form = form };
    j->list = grow(j, j->list, j->n, &j->cap, sizeof *j->list);
    for (int i = 0; i < n_tests(f->arg[0]); i++)
        if (asks(f->arg[0], i, column)) {
            if (m.n_tests == TESTS)
                return; /* nobody writes that; it stands for itself */
            m.test[m.n_tests++] = test_at(f->arg[0], i);
        }
    if (!j->full)
        j->list[j->n++] = m;
}

static bool is_new_column(const job *j, int n, const char *column)
{
    for (int i = 0; i < n; i++)
        if (strcmp(j->list[i].column, column) == 0)
            return false;
    return true;
}

/* Each form belongs to a family for each column it asks, and, as the whole, for each column others ask. */
static void find_members(job *j)
{
    for (int f = 0; f < j->n_forms; f++) {
        if (!j->forms[f] || j->forms[f]->op != KZ_X_COUNT)
            continue;
        const kz_expr *condition = j->forms[f]->arg[0];
        for (int i = 0; i < n_tests(condition) && !j->full; i++) {
            const char *column = column_of(test_at(condition, i));
            bool first = column != NULL;
            for (int k = 0; k < i && first; k++)
                first = !asks(condition, k, column);
            if (first)
                add_member(j, f, column);
        }
    }
    int asked = j->n;
    for (int f = 0; f < j->n_forms && !j->full; f++) {
        if (!j->forms[f] || j->forms[f]->op != KZ_X_COUNT)
            continue;
        for (int i = 0; i < asked && !j->full; i++) {
            bool own = !is_new_column(j, i, j->list[i].column);
            for (int t = 0; t < n_tests(j->forms[f]->arg[0]) && !own; t++)
                own = asks(j->forms[f]->arg[0], t, j->list[i].column);
            if (!own)
                add_member(j, f, j->list[i].column);
        }
    }
}

static int by_key(const void *a, const void *b)
{
    const member *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    return order ? order : (x->form > y->form) - (x->form < y->form);
}

/* ---- sets of answers ---------------------------------------------------------------------- */

/* The pieces of a column: bit 0 no answer, bit 1 an answer that nobody names, then codes or stretches of numbers. */
typedef struct pieces {
    int n_codes, n_cuts;
    const char *code[KZ_FAMILY_PIECES];
    int64_t cut[KZ_FAMILY_PIECES]; /* begins of stretches, ascending */
    bool many;
} pieces;

static int64_t bound(const kz_expr *test, int32_t v, bool high)
{
    if (strcmp(test->column, "age_years") != 0 || v == INT32_MAX || v <= INT32_MIN + 1)
        return v;
    return (int64_t)v * MONTHS + (high ? MONTHS - 1 : 0);
}

static void add_cut(pieces *p, int64_t at)
{
    int i = p->n_cuts;
    for (int k = 0; k < p->n_cuts; k++)
        if (p->cut[k] == at)
            return;
    if (p->n_cuts == KZ_FAMILY_PIECES - 2) {
        p->many = true;
        return;
    }
    while (i > 0 && p->cut[i - 1] > at) {
        p->cut[i] = p->cut[i - 1];
        i--;
    }
    p->cut[i] = at;
    p->n_cuts++;
}

static void add_code(pieces *p, const char *code)
{
    for (int i = 0; i < p->n_codes; i++)
        if (strcmp(p->code[i], code) == 0)
            return;
    if (p->n_codes == KZ_FAMILY_PIECES - 2)
        p->many = true;
    else
        p->code[p->n_codes++] = code;
}

static void find_pieces(const member list[], int n, pieces *p)
{
    *p = (pieces){ 0 };
    add_cut(p, (int64_t)INT32_MIN + 1);
    for (int i = 0; i < n; i++)
        for (int at = 0; at < list[i].n_tests; at++) {
            const kz_expr *t = list[i].test[at];
            for (int k = 0; t->op == KZ_X_CODE && k < t->n_text; k++)
                add_code(p, t->text[k]);
            for (int k = 0; t->op == KZ_X_RANGE && k < t->n_range; k++) {
                add_cut(p, bound(t, t->range[k].lo, false));
                if (t->range[k].hi != INT32_MAX)
                    add_cut(p, bound(t, t->range[k].hi, true) + 1);
            }
        }
}

static bool in_ranges(const kz_expr *t, int64_t v)
{
    for (int k = 0; k < t->n_range; k++)
        if (v >= bound(t, t->range[k].lo, false) &&
            (t->range[k].hi == INT32_MAX || v <= bound(t, t->range[k].hi, true)))
            return true;
    return false;
}

static bool names_code(const kz_expr *t, const char *code)
{
    for (int k = 0; k < t->n_text; k++)
        if (strcmp(t->text[k], code) == 0)
            return true;
    return false;
}

/* Is the piece in the set of a test?  Codes and numbers never meet in one column. */
static bool has_piece(const kz_expr *t, const pieces *p, int piece, bool numbers)
{
    if (piece == 0)
        return false;
    if (t->op == KZ_X_KNOWN)
        return true;
    if (t->op == KZ_X_RANGE)
        return numbers && piece > 1 && in_ranges(t, p->cut[piece - 2]);
    return piece == 1 ? t->other : names_code(t, p->code[piece - 2]) != t->other;
}

static bool has_all(const member *m, const pieces *p, int piece, bool numbers)
{
    for (int i = 0; i < m->n_tests; i++)
        if (!has_piece(m->test[i], p, piece, numbers))
            return false;
    return true;
}

static void make_sets(member list[], int n, const pieces *p)
{
    bool numbers = false;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < list[i].n_tests; k++)
            numbers |= list[i].test[k]->op == KZ_X_RANGE;
    int all = 2 + (numbers ? p->n_cuts : p->n_codes);
    for (int i = 0; i < n; i++) {
        memset(list[i].set, 0, sizeof list[i].set);
        list[i].size = 0;
        for (int piece = 0; piece < all; piece++)
            if (!(numbers && piece == 1) && has_all(&list[i], p, piece, numbers)) {
                list[i].set[piece / 64] |= UINT64_C(1) << piece % 64;
                list[i].size++;
            }
    }
}

static bool contains(const member *a, const member *b)
{
    for (int w = 0; w < WORDS; w++)
        if (b->set[w] & ~a->set[w])
            return false;
    return true;
}

static bool overlap(const member *a, const member *b)
{
    for (int w = 0; w < WORDS; w++)
        if (a->set[w] & b->set[w])
            return true;
    return false;
}

/* ---- relations ------------------------------------------------------------------------------ */

static int by_number(const void *a, const void *b)
{
    return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

static void add_relation(job *j, int whole, const int part[], int n, bool rest, bool unanswered)
{
    int *own = kz_arena_new(j->a, int, n + 1);
    j->relation = grow(j, j->relation, j->n_relations, &j->cap_relations, sizeof *j->relation);
    if (!own || j->full) {
        j->full = true;
        return;
    }
    memcpy(own, part, (size_t)n * sizeof *own);
    qsort(own, (size_t)n, sizeof *own, by_number);
    j->relation[j->n_relations++] = (kz_family_relation){ whole, n, own, rest, unanswered };
}

/* Is there nothing between a and its part b? */
static bool is_next(const member list[], int n, int a, int b)
{
    for (int m = 0; m < n; m++)
        if (m != a && m != b && list[m].size > list[b].size && list[m].size < list[a].size &&
            contains(&list[a], &list[m]) && contains(&list[m], &list[b]))
            return false;
    return true;
}

/* Two ways to say the same set are the same count. */
static void relate_equals(job *j, const member list[], int n)
{
    for (int a = 0; a < n; a++)
        for (int b = a + 1; b < n; b++)
            if (list[a].size == list[b].size && list[a].form != list[b].form && contains(&list[a], &list[b])) {
                add_relation(j, list[a].form, &list[b].form, 1, false, false);
                break; /* equals form a chain */
            }
}

/* The sets next below one: together where they are apart, else each for itself. */
static void relate_whole(job *j, const member list[], int n, int a)
{
    int part[KZ_FAMILY_PIECES], at[KZ_FAMILY_PIECES], n_parts = 0, size = 0;
    uint64_t none = list[a].set[0] & 1; /* piece 0: no answer */
    bool apart = true;
    for (int b = 0; b < n && n_parts < KZ_FAMILY_PIECES; b++) {
        bool twin = false;
        if (list[b].size >= list[a].size || list[b].size == 0 || !contains(&list[a], &list[b]) ||
            !is_next(list, n, a, b))
            continue;
        for (int k = 0; k < n_parts && !twin; k++) {
            twin = list[at[k]].size == list[b].size && contains(&list[at[k]], &list[b]);
            apart = apart && (twin || !overlap(&list[at[k]], &list[b]));
        }
        if (twin)
            continue;
        at[n_parts] = b;
        part[n_parts++] = list[b].form;
        size += list[b].size;
        none &= ~list[b].set[0];
    }
    if (n_parts > 0 && apart)
        add_relation(j, list[a].form, part, n_parts, size < list[a].size, none && size == list[a].size - 1);
    for (int k = 0; k < n_parts && !apart; k++)
        add_relation(j, list[a].form, &part[k], 1, true, none && list[at[k]].size == list[a].size - 1);
}

static void relate_family(job *j, member list[], int n)
{
    pieces *p = kz_arena_new(j->a, pieces, 1);
    if (!p) {
        j->full = true;
        return;
    }
    find_pieces(list, n, p);
    if (p->many) { /* what is certain without sets: every member is a part of the whole */
        for (int a = 0; a < n; a++)
            for (int b = 0; b < n && list[a].n_tests == 0; b++)
                if (list[b].n_tests > 0)
                    add_relation(j, list[a].form, &list[b].form, 1, true, false);
        return;
    }
    make_sets(list, n, p);
    relate_equals(j, list, n);
    for (int a = 0; a < n; a++) {
        bool first = true; /* of equals the first speaks for all */
        for (int b = 0; b < a; b++)
            first = first && !(list[b].size == list[a].size && contains(&list[a], &list[b]));
        if (first)
            relate_whole(j, list, n, a);
    }
}

static bool is_same(const kz_family_relation *x, const kz_family_relation *y)
{
    return x->whole == y->whole && x->n_parts == y->n_parts &&
           memcmp(x->part, y->part, (size_t)x->n_parts * sizeof *x->part) == 0;
}

kz_status kz_families(int n, const kz_expr *const forms[], kz_arena *a, kz_family_list *ret, kz_err *err)
{
    job j = { .a = a, .n_forms = n, .forms = forms };
    find_members(&j);
    if (j.n > 1)
        qsort(j.list, (size_t)j.n, sizeof *j.list, by_key);
    for (int from = 0, to; from < j.n && !j.full; from = to) {
        for (to = from + 1; to < j.n && strcmp(j.list[to].key, j.list[from].key) == 0;)
            to++;
        if (to - from > 1)
            relate_family(&j, j.list + from, to - from);
    }
    if (j.full)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    int kept = 0;
    for (int i = 0; i < j.n_relations; i++) {
        bool again = false;
        for (int k = 0; k < kept && !again; k++)
            again = is_same(&j.relation[k], &j.relation[i]);
        if (!again)
            j.relation[kept++] = j.relation[i];
    }
    *ret = (kz_family_list){ kept, j.relation };
    return KZ_OK;
}
