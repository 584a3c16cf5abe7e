#include "monitor/area_tree.h"

#include <stdlib.h>

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "area.memory");
}

typedef struct numbered {
    int64_t id;
    int at;
} numbered;

static int by_id(const void *va, const void *vb)
{
    const numbered *a = va, *b = vb;
    return a->id < b->id ? -1 : a->id > b->id;
}

static kz_status sort_ids(kz_area_tree *t, kz_arena *a, kz_err *err)
{
    numbered *ids = kz_arena_new(a, numbered, t->n + 1);
    int *order = kz_arena_new(a, int, t->n + 1);
    if (!ids || !order)
        return full(err);
    for (int i = 0; i < t->n; i++)
        ids[i] = (numbered){ t->areas[i].id, i };
    qsort(ids, (size_t)t->n, sizeof *ids, by_id);
    for (int i = 0; i < t->n; i++)
        order[i] = ids[i].at;
    t->by_id = order;
    return KZ_OK;
}

int kz_area_tree_find(const kz_area_tree *t, int64_t id)
{
    int lo = 0, hi = t->n;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        if (t->areas[t->by_id[mid]].id < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo < t->n && t->areas[t->by_id[lo]].id == id ? t->by_id[lo] : -1;
}

kz_status kz_area_tree_load(kz_db *work, kz_arena *a, kz_area_tree *ret, kz_err *err)
{
    kz_area_tree t = { 0 };
    const kz_area *all;
    int n_all;
    KZ_TRY(kz_area_levels(work, a, &t.levels, &t.n_levels, err));
    if (t.n_levels > KZ_TREE_LEVELS)
        return full(err);
    KZ_TRY(kz_area_list(work, NULL, a, &all, &n_all, err));
    kz_area *areas = kz_arena_new(a, kz_area, n_all + 1);
    int *level = kz_arena_new(a, int, n_all + 1), *parent = kz_arena_new(a, int, n_all + 1);
    int *first = kz_arena_new(a, int, t.n_levels + 2);
    if (!areas || !level || !parent || !first)
        return full(err);
    for (int i = 0, l = 0; i < n_all; i++) { /* both are in the order of ranks */
        while (t.levels[l].id != all[i].level_id)
            l++;
        if (all[i].valid_to[0] != '\0')
            continue;
        areas[t.n] = all[i];
        level[t.n++] = l;
        first[l + 1]++;
    }
    for (int l = 0; l < t.n_levels; l++)
        first[l + 1] += first[l];
    t.areas = areas;
    KZ_TRY(sort_ids(&t, a, err));
    for (int i = 0; i < t.n; i++)
        parent[i] = areas[i].parent ? kz_area_tree_find(&t, areas[i].parent) : -1;
    t.level = level;
    t.parent = parent;
    t.first = first;
    *ret = t;
    return KZ_OK;
}

void kz_area_tree_chain(const kz_area_tree *t, int area, int at[static KZ_TREE_LEVELS])
{
    for (int i = 0; i < KZ_TREE_LEVELS; i++)
        at[i] = -1;
    for (int steps = 0; area >= 0 && steps < KZ_TREE_LEVELS; steps++) {
        at[t->level[area]] = area;
        area = t->parent[area];
    }
}
