#include "monitor/counted.h"

#include "base/parallel.h"
#include "base/rng.h"
#include "monitor/fact_count.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { UNIT_CAP = 1 << 30, STAMP_MOST = 24, PATH_MOST = 4096, METHOD = 1 /* of counting: another one, other stamps */ };

/* A period of a source, with the atoms that must be counted again. */
typedef struct unit {
    const char *source;
    int period, first, n_deliveries; /* of the deliveries */
    int64_t rows, import;
    char stamp[STAMP_MOST];
    int n;
    const kz_atom **atoms;
    const kz_expr_plan *plan;
    int64_t **value;                 /* of each atom: of each area, -1; NULL: unanswerable */
    kz_fact_people *people;          /* of each atom: who, or from which area, in which    */
    kz_arena arena;
    kz_status st;
    kz_err err;
} unit;

typedef struct refresh {
    kz_db *work;
    const kz_catalogue *cat;
    const kz_counts *n;
    kz_counts *into;      /* NULL: into the database */
    kz_counted_how how;
    kz_arena *a;
    const kz_delivery *deliveries;
    int n_deliveries;
    const kz_place_index *places;
    unit *units;
    int n_units, city;
    int64_t rows;
    atomic_int next, stop;
    _Atomic int64_t done;
} refresh;

static kz_status no_memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "compute.memory");
}

/* ---- deliveries --------------------------------------------------------------- */

kz_status kz_deliveries(kz_db *work, const char *source, kz_arena *a, const kz_delivery **ret, int *n, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    const char *db = kz_db_path(work), *slash = strrchr(db, '/');
    size_t folder = slash ? (size_t)(slash - db) + 1 : 0;
    kz_delivery *p = NULL;
    int most = 0, count = 0;
    kz_status st;
    bool row;
    KZ_TRY(kz_prepare(work, "SELECT source, file, id, period, import, n_rows FROM segment WHERE replaced_by IS NULL "
                            "AND (?1 IS NULL OR source = ?1) ORDER BY source, period, id", &q, err));
    kz_bind_text(&q, 1, source);
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        char path[PATH_MOST];
        const char *file = kz_col_text(&q, 1);
        if (count == most) {
            kz_delivery *more = kz_arena_new(a, kz_delivery, most ? 2 * most : 64);
            if (!more)
                return no_memory(err);
            if (count > 0)
                memcpy(more, p, (size_t)count * sizeof *more);
            p = more;
            most = most ? 2 * most : 64;
        }
        snprintf(path, sizeof path, "%.*s%s%s", (int)folder, db, strchr(file, '/') ? "" : "facts/", file);
        p[count] = (kz_delivery){ .source = kz_arena_strdup(a, kz_col_text(&q, 0)), .path = kz_arena_strdup(a, path),
                                  .segment = kz_col_int(&q, 2), .period_id = kz_col_int(&q, 3),
                                  .import = kz_col_int(&q, 4), .n_rows = kz_col_int(&q, 5) };
        if (!p[count].source || !p[count].path)
            return no_memory(err);
        count++;
    }
    *ret = p;
    *n = count;
    return st;
}

static int period_index(const kz_matrix *m, int64_t id)
{
    for (int p = 0; p < m->n_periods; p++)
        if (m->periods[p] == id)
            return p;
    return KZ_NONE;
}

static kz_status make_units(refresh *r, kz_err *err)
{
    r->units = kz_arena_new(r->a, unit, r->n_deliveries + 1);
    if (!r->units)
        return no_memory(err);
    for (int i = 0; i < r->n_deliveries; i++) {
        const kz_delivery *d = &r->deliveries[i];
        unit *u = r->n_units > 0 ? &r->units[r->n_units - 1] : NULL;
        int period = period_index(&r->n->m, d->period_id);
        KZ_ASSERT(period != KZ_NONE);
        if (!u || u->period != period || strcmp(u->source, d->source) != 0) {
            u = &r->units[r->n_units++];
            *u = (unit){ .source = d->source, .period = period, .first = i };
        }
        u->n_deliveries++;
        u->rows += d->n_rows;
        u->import = d->import > u->import ? d->import : u->import;
    }
    for (int k = 0; k < r->n_units; k++) {
        unit *u = &r->units[k];
        uint64_t h = kz_rng_mix(kz_place_version(r->places) + METHOD);
        for (int i = 0; i < u->n_deliveries; i++)
            h = kz_rng_mix(h ^ (uint64_t)r->deliveries[u->first + i].segment);
        snprintf(u->stamp, sizeof u->stamp, "%016llx", (unsigned long long)h);
    }
    return KZ_OK;
}

/* ---- what is there already ------------------------------------------------------- */

static int unit_find(const refresh *r, const char *source, int64_t period_id)
{
    for (int k = 0; k < r->n_units; k++)
        if (r->n->m.periods[r->units[k].period] == period_id && strcmp(r->units[k].source, source) == 0)
            return k;
    return KZ_NONE;
}

/* Rows that no longer hold go; what is left is marked in `good` [unit][atom]. */
static kz_status drop_old(refresh *r, bool good[], kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT, drop = KZ_STMT_INIT;
    kz_status st;
    bool row;
    int64_t *gone = NULL;
    int n_gone = 0, at = 0;
    KZ_TRY(kz_prepare(r->work, "SELECT COUNT(*) FROM counted", &q, err));
    KZ_TRY(kz_step(&q, &row, err));
    gone = kz_arena_new(r->a, int64_t, kz_col_int(&q, 0) + 1);
    kz_stmt_done(&q);
    if (!gone)
        return no_memory(err);
    KZ_TRY(kz_prepare(r->work, "SELECT rowid, atom, period, source, stamp FROM counted", &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        const kz_atom *atom = kz_catalogue_atom(r->cat, kz_col_text(&q, 1));
        int k = atom ? unit_find(r, kz_col_text(&q, 3), kz_col_int(&q, 2)) : KZ_NONE;
        if (k != KZ_NONE && atom->expr && strcmp(r->units[k].stamp, kz_col_text(&q, 4)) == 0 &&
            !r->how.anew)
            good[(size_t)k * (size_t)r->cat->n_atoms + (size_t)(atom - r->cat->atoms)] = true;
        else
            gone[n_gone++] = kz_col_int(&q, 0);
    }
    KZ_TRY(st);
    KZ_TRY(kz_prepare(r->work, "DELETE FROM counted WHERE rowid = ?1", &drop, err));
    for (at = 0; at < n_gone; at++) {
        kz_bind_int(&drop, 1, gone[at]);
        KZ_TRY(kz_run(&drop, err));
    }
    return KZ_OK;
}

/* The atoms of each unit, and one plan for those that have the same. */
static kz_status find_work(refresh *r, kz_err *err)
{
    size_t atoms = (size_t)r->cat->n_atoms;
    bool *good = kz_arena_new(r->a, bool, (size_t)r->n_units * atoms + 1);
    if (!good)
        return no_memory(err);
    if (!r->into)
        KZ_TRY(drop_old(r, good, err));
    for (int k = 0; k < r->n_units; k++) {
        unit *u = &r->units[k];
        u->atoms = kz_arena_new(r->a, const kz_atom *, atoms + 1);
        const kz_expr **conditions = kz_arena_new(r->a, const kz_expr *, atoms + 1);
        if (!u->atoms || !conditions)
            return no_memory(err);
        for (size_t i = 0; i < atoms; i++) {
            const kz_atom *atom = &r->cat->atoms[i];
            if (!atom->expr || good[(size_t)k * atoms + i] || strcmp(atom->expr->name, u->source) != 0)
                continue;
            conditions[u->n] = atom->expr->arg[0];
            u->atoms[u->n++] = atom;
        }
        const unit *before = k > 0 ? u - 1 : NULL;
        if (u->n == 0)
            continue;
        r->rows += u->rows;
        if (before && before->n == u->n && memcmp(before->atoms, u->atoms, (size_t)u->n * sizeof *u->atoms) == 0) {
            u->plan = before->plan;
            continue;
        }
        kz_expr_plan *plan = kz_arena_new(r->a, kz_expr_plan, 1);
        if (!plan)
            return no_memory(err);
        KZ_TRY(kz_expr_plan_make(conditions, u->n, r->a, plan, err));
        u->plan = plan;
    }
    return KZ_OK;
}

/* ---- counting ---------------------------------------------------------------------- */

/* Parents on the day of the unit's period; institutions hang below the municipality. */
static void make_parents(const refresh *r, const unit *u, bool institutions, int parent[])
{
    for (int i = 0; i < r->n->m.n_areas; i++) {
        bool own = institutions && r->n->institution[r->n->level[i]];
        parent[i] = own ? r->city : kz_counts_parent(r->n, u->period, i);
    }
}

/* Areas on levels on which, or below which, a row lies have a count, be it 0. */
static void mark_areas(const refresh *r, const kz_fact_counts *c, const int node_of[], const int parent[],
                       bool on_level[])
{
    on_level[0] = true;
    for (uint32_t p = 0; p < c->n_areas; p++)
        for (int node = c->occurs[p] ? node_of[p] : KZ_NONE; node != KZ_NONE; node = parent[node])
            on_level[r->n->level[node]] = true;
}

static bool is_counted(const refresh *r, const unit *u, const kz_atom *atom, const bool on_level[], int area)
{
    int level = r->n->level[area];
    if (!kz_counts_valid(r->n, u->period, area))
        return false;
    return *atom->unit ? level == 0 || strcmp(r->n->level_codes[level], atom->unit) == 0
                       : on_level[level] && !r->n->institution[level];
}

static bool keep(kz_arena *a, kz_fact_people *to, const kz_fact_people *from, const int node_of[], const int area_of[])
{
    kz_fact_person *p = kz_arena_new(a, kz_fact_person, to->n + from->n + 1);
    if (!p)
        return false;
    if (to->n > 0)
        memcpy(p, to->p, to->n * sizeof *p);
    for (uint64_t i = 0; i < from->n; i++) {
        int node = node_of[from->p[i].place];
        int64_t who = area_of ? area_of[from->p[i].person] : from->p[i].person;
        if (node != KZ_NONE && !(area_of && who == KZ_NONE))
            p[to->n++] = (kz_fact_person){ who, (uint32_t)node };
    }
    to->p = p;
    return true;
}

/* Counts of atom k of one delivery into the areas of the unit. */
static bool add_atom(const refresh *r, unit *u, kz_fact_counts *c, int k, const int area_of[], const int parent[],
                     const int beside[])
{
    const kz_atom *atom = u->atoms[k];
    const int *node_of = area_of, *up = *atom->unit ? beside : parent;
    if (*atom->unit) {
        int *own = kz_arena_new(&u->arena, int, c->n_places[k] + 1);
        if (!own)
            return false;
        for (uint32_t p = 0; p < c->n_places[k]; p++)
            own[p] = kz_place_find(r->places, r->n, atom->unit, c->place[k][p], u->period);
        node_of = own;
    }
    if (atom->expr->op == KZ_X_DISTINCT || atom->expr->op == KZ_X_PROFILE)
        return keep(&u->arena, &u->people[k], &c->people[k], node_of, atom->expr->op == KZ_X_PROFILE ? area_of : NULL);
    for (uint32_t p = 0; p < c->n_places[k]; p++)
        for (int node = c->count[k][p] ? node_of[p] : KZ_NONE; node != KZ_NONE; node = up[node])
            u->value[k][node] += c->count[k][p];
    return true;
}

typedef struct tree {
    int *parent, *beside; /* beside: institutions hang below the municipality */
} tree;

/* Counts of one delivery into the areas of the unit. */
static bool add_delivery(const refresh *r, unit *u, kz_fact_counts *c, const tree *t, bool on_level[])
{
    int *area_of = kz_arena_new(&u->arena, int, c->n_areas + 1), *known = kz_arena_new(&u->arena, int, c->n_areas + 1);
    if (!area_of || !known)
        return false;
    for (uint32_t p = 0; p < c->n_areas; p++) {
        known[p] = kz_place_find(r->places, r->n, NULL, c->area[p], u->period);
        area_of[p] = known[p] == KZ_NONE ? r->city : known[p];
    }
    mark_areas(r, c, area_of, t->parent, on_level);
    for (int k = 0; k < u->n; k++) {
        bool crossed = u->atoms[k]->expr->op == KZ_X_PROFILE;
        if (!c->answered[k])
            u->value[k] = NULL;
        else if (u->value[k] && !add_atom(r, u, c, k, crossed ? known : area_of, t->parent, t->beside))
            return false;
    }
    return true;
}

/* Different persons of all deliveries: places are areas by now. */
static bool finish_persons(const refresh *r, unit *u, const tree *t)
{
    int areas = r->n->m.n_areas;
    int *self = kz_arena_new(&u->arena, int, areas + 1);
    if (!self)
        return false;
    for (int i = 0; i < areas; i++)
        self[i] = i;
    for (int k = 0; k < u->n; k++) {
        if (u->atoms[k]->expr->op != KZ_X_DISTINCT || !u->value[k])
            continue;
        uint64_t *stamp = kz_arena_new(&u->arena, uint64_t, areas + 1);
        if (!stamp)
            return false;
        kz_fact_persons(&u->people[k], self, *u->atoms[k]->unit ? t->beside : t->parent, stamp, u->value[k]);
    }
    return true;
}

static kz_status count_unit(const refresh *r, unit *u, kz_err *err)
{
    int areas = r->n->m.n_areas;
    bool *on_level = kz_arena_new(&u->arena, bool, r->n->n_levels + 1);
    tree t = { kz_arena_new(&u->arena, int, areas), kz_arena_new(&u->arena, int, areas) };
    u->value = kz_arena_new(&u->arena, int64_t *, u->n + 1);
    u->people = kz_arena_new(&u->arena, kz_fact_people, u->n + 1);
    if (!on_level || !u->value || !u->people || !t.parent || !t.beside)
        return no_memory(err);
    for (int k = 0; k < u->n; k++)
        if (!(u->value[k] = kz_arena_new(&u->arena, int64_t, areas + 1)))
            return no_memory(err);
    make_parents(r, u, false, t.parent);
    make_parents(r, u, true, t.beside);
    for (int i = 0; i < u->n_deliveries; i++) {
        kz_fact_job job = { .path = r->deliveries[u->first + i].path, .n = u->n, .atoms = u->atoms, .plan = u->plan };
        kz_fact_counts c;
        KZ_TRY(kz_fact_count(&job, &u->arena, &c, err));
        if (!add_delivery(r, u, &c, &t, on_level))
            return no_memory(err);
    }
    if (!finish_persons(r, u, &t))
        return no_memory(err);
    for (int k = 0; k < u->n; k++)
        for (int i = 0; i < areas && u->value[k]; i++)
            if (!is_counted(r, u, u->atoms[k], on_level, i))
                u->value[k][i] = -1;
    return KZ_OK;
}

static void part(void *ctx, int at, int n)
{
    refresh *r = ctx;
    (void)n;
    for (;;) {
        int k = atomic_fetch_add(&r->next, 1);
        if (k >= r->n_units || atomic_load(&r->stop))
            return;
        unit *u = &r->units[k];
        if (u->n > 0) {
            u->st = count_unit(r, u, &u->err);
            atomic_fetch_add(&r->done, u->rows);
            if (u->st != KZ_OK)
                atomic_store(&r->stop, 1);
        }
        if (at == 0 && r->how.watch &&
            !r->how.watch(r->how.watch_ctx, (uint64_t)atomic_load(&r->done), (uint64_t)r->rows))
            atomic_store(&r->stop, 2);
    }
}

/* ---- storing ------------------------------------------------------------------------- */

static int by_place(const void *a, const void *b)
{
    const kz_fact_person *x = a, *y = b;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return (x->person > y->person) - (x->person < y->person);
}

/* Area and count, by area; of a cross institution, area and count. */
static const int64_t *make_blob(refresh *r, unit *u, int k, size_t *n)
{
    const int64_t *ids = r->n->m.areas;
    kz_fact_people *who = &u->people[k];
    bool crossed = u->atoms[k]->expr->op == KZ_X_PROFILE;
    int64_t *out = kz_arena_new(&u->arena, int64_t, crossed ? 3 * who->n + 1 : 2 * (size_t)r->n->m.n_areas + 1);
    *n = 0;
    if (!out || !u->value[k])
        return out;
    for (int i = 0; !crossed && i < r->n->m.n_areas; i++)
        if (u->value[k][i] >= 0) {
            out[(*n)++] = ids[i];
            out[(*n)++] = u->value[k][i];
        }
    if (crossed && who->n > 1)
        qsort(who->p, who->n, sizeof *who->p, by_place);
    for (uint64_t i = 0; crossed && i < who->n; i++) {
        if (i > 0 && by_place(&who->p[i - 1], &who->p[i]) == 0) {
            out[*n - 1]++;
            continue;
        }
        out[(*n)++] = ids[who->p[i].place];
        out[(*n)++] = ids[who->p[i].person];
        out[(*n)++] = 1;
    }
    return out;
}

static kz_status store(refresh *r, kz_counted_report *report, kz_err *err)
{
    kz_auto(kz_stmt) put = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(r->work, "INSERT INTO counted (atom, period, source, stamp, import, counts) "
                               "VALUES (?1, ?2, ?3, ?4, ?5, ?6)", &put, err));
    for (int j = 0; j < r->n_units; j++) {
        unit *u = &r->units[j];
        if (u->n > 0)
            report->deliveries += u->n_deliveries;
        for (int k = 0; k < u->n; k++) {
            size_t n;
            const int64_t *blob = make_blob(r, u, k, &n);
            if (!blob)
                return no_memory(err);
            kz_bind_text(&put, 1, u->atoms[k]->code);
            kz_bind_int(&put, 2, r->n->m.periods[u->period]);
            kz_bind_text(&put, 3, u->source);
            kz_bind_text(&put, 4, u->stamp);
            kz_bind_int(&put, 5, u->import);
            kz_bind_blob(&put, 6, blob, n * sizeof *blob);
            KZ_TRY(kz_run(&put, err));
            report->counts++;
        }
    }
    return KZ_OK;
}

/* ---- loading -------------------------------------------------------------------------- */

static kz_status damaged(const char *atom, kz_err *err)
{
    return kz_fail(err, KZ_E_INPUT, "compute.counted", kz_s("value", atom));
}

static kz_status load_areas(const char *blob, size_t bytes, int32_t import, const kz_counts *n, kz_arena *a,
                            const kz_counted **ret, kz_err *err)
{
    int at = 0;
    int64_t *value = kz_arena_new(a, int64_t, n->m.n_areas + 1);
    kz_counted *c = kz_arena_new(a, kz_counted, 1);
    if (!value || !c)
        return no_memory(err);
    memset(value, 0xFF, (size_t)n->m.n_areas * sizeof *value); /* -1 */
    for (size_t i = 0; i < bytes; i += 2 * sizeof(int64_t)) {
        int64_t pair[2];
        memcpy(pair, blob + i, sizeof pair);
        while (at < n->m.n_areas && n->m.areas[at] < pair[0])
            at++;
        if (at < n->m.n_areas && n->m.areas[at] == pair[0])
            value[at] = pair[1];
    }
    *c = (kz_counted){ import, value };
    *ret = c;
    return KZ_OK;
}

static kz_status load_cross(const char *blob, size_t bytes, int32_t import, const kz_counts *n, kz_arena *a,
                            const kz_crossed **ret, kz_err *err)
{
    kz_crossed *c = kz_arena_new(a, kz_crossed, 1);
    struct kz_cross_place *p = kz_arena_new(a, struct kz_cross_place, bytes / (3 * sizeof(int64_t)) + 1);
    if (!c || !p)
        return no_memory(err);
    *c = (kz_crossed){ .import = import, .place = p };
    for (size_t i = 0; i < bytes; i += 3 * sizeof(int64_t)) {
        int64_t three[3];
        memcpy(three, blob + i, sizeof three);
        p[c->n] = (struct kz_cross_place){ kz_matrix_area(&n->m, three[0]), kz_matrix_area(&n->m, three[1]), three[2] };
        c->n += p[c->n].institution != KZ_NONE && p[c->n].area != KZ_NONE;
    }
    *ret = c;
    return KZ_OK;
}

/* Counts of all units as if they had been stored and read. */
static kz_status fill(refresh *r, kz_arena *a, kz_err *err)
{
    for (int j = 0; j < r->n_units; j++) {
        unit *u = &r->units[j];
        for (int k = 0; k < u->n; k++) {
            size_t n, at = (size_t)(u->atoms[k] - r->cat->atoms) * (size_t)r->n->m.n_periods + (size_t)u->period;
            const int64_t *blob = make_blob(r, u, k, &n);
            if (!blob)
                return no_memory(err);
            if (n == 0)
                continue;
            KZ_TRY(u->atoms[k]->expr->op == KZ_X_PROFILE
                       ? load_cross((const char *)blob, n * sizeof *blob, (int32_t)u->import, r->n, a,
                                    &r->into->crossed[at], err)
                       : load_areas((const char *)blob, n * sizeof *blob, (int32_t)u->import, r->n, a,
                                    &r->into->counted[at], err));
        }
    }
    return KZ_OK;
}

/* ---- all of it -------------------------------------------------------------------------- */

static kz_status run(refresh *r, kz_arena *a, kz_counted_report *report, kz_err *err)
{
    KZ_TRY(kz_deliveries(r->work, NULL, r->a, &r->deliveries, &r->n_deliveries, err));
    KZ_TRY(kz_place_index_make(r->work, r->n, r->a, &r->places, err));
    r->city = KZ_NONE;
    for (int i = 0; i < r->n->m.n_areas; i++)
        if (r->n->level[i] == 0)
            r->city = i;
    if (r->city == KZ_NONE)
        r->n_deliveries = 0;
    KZ_TRY(make_units(r, err));
    KZ_TRY(find_work(r, err));
    for (int k = 0; k < r->n_units; k++)
        kz_arena_init(&r->units[k].arena, UNIT_CAP);
    int threads = r->how.threads > 0 ? r->how.threads : kz_processors();
    kz_parallel(threads < r->n_units ? threads : r->n_units, part, r);
    kz_status st = KZ_OK;
    for (int k = 0; k < r->n_units && st == KZ_OK; k++)
        if ((st = r->units[k].st) != KZ_OK && err)
            *err = r->units[k].err;
    if (st == KZ_OK && atomic_load(&r->stop))
        st = kz_fail(err, KZ_E_CONFLICT, "compute.stopped");
    report->rows = r->rows;
    if (st == KZ_OK)
        st = r->into ? fill(r, a, err) : store(r, report, err);
    for (int k = 0; k < r->n_units; k++)
        kz_arena_done(&r->units[k].arena);
    return st;
}

kz_status kz_counted_refresh(kz_db *work, const kz_catalogue *cat, const kz_counts *n, kz_counted_how how,
                             kz_counted_report *ret, kz_err *err)
{
    kz_auto(kz_arena) arena;
    kz_arena_init(&arena, UNIT_CAP);
    refresh r = { .work = work, .cat = cat, .n = n, .how = how, .a = &arena };
    kz_counted_report report = { 0 };
    KZ_TRY(run(&r, &arena, &report, err));
    *ret = report;
    return KZ_OK;
}

kz_status kz_counted_now(kz_db *work, const kz_catalogue *cat, kz_counts *n, kz_counted_how how, kz_arena *a,
                         kz_counted_report *ret, kz_err *err)
{
    kz_auto(kz_arena) arena;
    kz_arena_init(&arena, UNIT_CAP);
    size_t most = (size_t)cat->n_atoms * (size_t)n->m.n_periods + 1;
    n->counted = kz_arena_new(a, const kz_counted *, most);
    n->crossed = kz_arena_new(a, const kz_crossed *, most);
    if (!n->counted || !n->crossed)
        return no_memory(err);
    refresh r = { .work = work, .cat = cat, .n = n, .into = n, .how = how, .a = &arena };
    kz_counted_report report = { 0 };
    KZ_TRY(run(&r, a, &report, err));
    *ret = report;
    return KZ_OK;
}

kz_status kz_counted_load(kz_db *work, const kz_catalogue *cat, kz_counts *n, kz_arena *a, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    bool row;
    KZ_TRY(kz_prepare(work, "SELECT atom, period, import, counts FROM counted", &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        const kz_atom *atom = kz_catalogue_atom(cat, kz_col_text(&q, 0));
        int period = period_index(&n->m, kz_col_int(&q, 1));
        int32_t import = (int32_t)kz_col_int(&q, 2);
        size_t bytes;
        const char *blob = kz_col_blob(&q, 3, &bytes);
        if (!atom || !atom->expr || period == KZ_NONE || bytes == 0)
            continue; /* of another version of the catalogue; or unanswerable */
        size_t at = (size_t)(atom - cat->atoms) * (size_t)n->m.n_periods + (size_t)period;
        bool crossed = atom->expr->op == KZ_X_PROFILE;
        if (bytes % ((crossed ? 3 : 2) * sizeof(int64_t)) != 0)
            return damaged(kz_col_text(&q, 0), err);
        KZ_TRY(crossed ? load_cross(blob, bytes, import, n, a, &n->crossed[at], err)
                       : load_areas(blob, bytes, import, n, a, &n->counted[at], err));
    }
    return st;
}
