#include "monitor/cube_tree.h"

#include "base/collate.h"
#include "base/dict.h"
#include "base/parse.h"
#include "io/csv.h"
#include "monitor/cube.h"

#include <stdlib.h>

/* A code with what its place among its brothers and sisters depends on. */
typedef struct place {
    kz_view  text;
    uint32_t id, parent; /* ids; parent NONE: the whole */
    bool     number;
    int64_t  value;
} place;

enum { NONE = UINT32_MAX };

static kz_status no_room(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "cube.labels");
}

static place place_of(kz_view text, uint32_t id, uint32_t parent)
{
    place p = { .text = text, .id = id, .parent = parent };
    p.number = kz_parse_plain(text, INT64_MIN, INT64_MAX, &p.value);
    return p;
}

static int by_parent_then_order(const void *x, const void *y)
{
    const place *a = x, *b = y;
    if (a->parent != b->parent) /* the whole first */
        return a->parent + 1 < b->parent + 1 ? -1 : 1;
    if (a->number != b->number)
        return a->number ? -1 : 1;
    if (a->number && a->value != b->value)
        return a->value < b->value ? -1 : 1;
    if (!a->number)
        return kz_collate(a->text, b->text);
    size_t n = a->text.n < b->text.n ? a->text.n : b->text.n;
    int order = memcmp(a->text.p, b->text.p, n);
    return order ? order : (a->text.n > b->text.n) - (a->text.n < b->text.n);
}

kz_status kz_cube_tree_flat(const kz_cube_code codes[], uint32_t n, kz_arena *a, kz_cube_tree *ret, kz_err *err)
{
    place *places = kz_arena_new(a, place, (size_t)n + 1);
    kz_view *label = kz_arena_new(a, kz_view, (size_t)n + 1);
    uint32_t *node_of = kz_arena_new(a, uint32_t, (size_t)n + 1);
    if (!places || !label || !node_of || n >= KZ_CUBE_NODES_MAX)
        return no_room(err);
    for (uint32_t i = 0; i < n; i++)
        places[i] = place_of(codes[i].text, i, NONE);
    qsort(places, n, sizeof places[0], by_parent_then_order);
    label[0] = kz_view_of(KZ_CUBE_TOTAL);
    for (uint32_t i = 0; i < n; i++) {
        label[i + 1] = places[i].text;
        node_of[places[i].id] = i + 1;
    }
    *ret = (kz_cube_tree){ .n_nodes = n + 1, .label = label, .node_of = node_of };
    return KZ_OK;
}

/* ---- a hierarchy from a file ----------------------------------------------------------- */

typedef struct reading {
    kz_arena  *arena;
    kz_dict    dict;      /* every code of the file               */
    uint32_t   n, room;
    kz_view   *parent_of; /* text of the parent                   */
    uint64_t  *line;
    uint32_t  *parent;    /* id of the parent, NONE: the whole    */
    uint8_t   *state;     /* while looking for cycles; then: used */
} reading;

enum { NEW = 0, ON_THE_WAY, FINE, USED };

static bool room_for_one(reading *r)
{
    if (r->n < r->room)
        return true;
    uint32_t room = r->room ? r->room * 2 : 256;
    kz_view *parent_of = kz_arena_new(r->arena, kz_view, room);
    uint64_t *line = kz_arena_new(r->arena, uint64_t, room);
    if (!parent_of || !line)
        return false;
    if (r->n) {
        memcpy(parent_of, r->parent_of, r->n * sizeof parent_of[0]);
        memcpy(line, r->line, r->n * sizeof line[0]);
    }
    r->parent_of = parent_of;
    r->line = line;
    r->room = room;
    return true;
}

static kz_status read_line(reading *r, const kz_csv *csv, const kz_csv_row *row, size_t code, size_t parent,
                           kz_err *err)
{
    kz_view c = kz_view_trim(row->field[code]), p = kz_view_trim(row->field[parent]);
    uint32_t id;
    bool fresh;
    if (kz_view_is(c, KZ_CUBE_TOTAL))
        return p.n == 0 ? KZ_OK : kz_csv_field_fail(csv, row, parent, "cube.hier_total", err);
    if (p.n == 0)
        return kz_csv_field_fail(csv, row, code, "cube.hier_root", err);
    if (!room_for_one(r))
        return no_room(err);
    KZ_TRY(kz_dict_put(&r->dict, c, &id, &fresh, err));
    if (!fresh) {
        kz_status st = kz_csv_field_fail(csv, row, code, "cube.hier_twice", err);
        kz_err_add(err, kz_n("first", r->line[id]));
        return st;
    }
    char *copy = kz_arena_strndup(r->arena, p.p, p.n);
    if (!copy)
        return no_room(err);
    r->parent_of[id] = kz_view_from(copy, p.n);
    r->line[id] = row->line;
    r->n = id + 1;
    return KZ_OK;
}

static kz_status read_lines(reading *r, const char *path, kz_err *err)
{
    kz_auto(kz_csv) csv = { 0 };
    kz_csv_row row;
    size_t code, parent;
    KZ_TRY(kz_csv_open(&csv, path, &(kz_csv_opts){ 0 }, err));
    KZ_TRY(kz_csv_column(&csv, "code", &code, err));
    KZ_TRY(kz_csv_column(&csv, "parent", &parent, err));
    while (kz_csv_next(&csv, &row)) {
        KZ_TRY(kz_csv_check(&csv, &row, err));
        KZ_TRY(read_line(r, &csv, &row, code, parent, err));
    }
    return kz_csv_end(&csv, err);
}

/* Parents by number; every way up must end at the whole. */
static kz_status link_parents(reading *r, const char *path, kz_err *err)
{
    r->parent = kz_arena_new(r->arena, uint32_t, (size_t)r->n + 1);
    r->state = kz_arena_new(r->arena, uint8_t, (size_t)r->n + 1);
    if (!r->parent || !r->state)
        return no_room(err);
    for (uint32_t i = 0; i < r->n; i++) {
        r->parent[i] = NONE;
        if (!kz_view_is(r->parent_of[i], KZ_CUBE_TOTAL) && !kz_dict_find(&r->dict, r->parent_of[i], &r->parent[i]))
            return kz_fail(err, KZ_E_INPUT, "cube.hier_parent", kz_s("file", path), kz_n("line", r->line[i]),
                           kz_vw("value", r->parent_of[i]));
    }
    for (uint32_t i = 0; i < r->n; i++) {
        uint32_t at = i;
        for (; at != NONE && r->state[at] == NEW; at = r->parent[at])
            r->state[at] = ON_THE_WAY;
        if (at != NONE && r->state[at] == ON_THE_WAY)
            return kz_fail(err, KZ_E_INPUT, "cube.hier_cycle", kz_s("file", path), kz_n("line", r->line[at]),
                           kz_vw("value", r->dict.keys[at]), kz_vw("parent", r->parent_of[at]));
        for (at = i; at != NONE && r->state[at] == ON_THE_WAY; at = r->parent[at])
            r->state[at] = FINE;
    }
    return KZ_OK;
}

/* Mark what lies above the codes of the data. */
static kz_status mark_used(reading *r, const char *path, const char *data, const char *column,
                           const kz_cube_code codes[], uint32_t n, uint32_t id_of[], kz_err *err)
{
    bool *inner = kz_arena_new(r->arena, bool, (size_t)r->n + 1);
    if (!inner)
        return no_room(err);
    for (uint32_t i = 0; i < r->n; i++) {
        if (r->parent[i] != NONE)
            inner[r->parent[i]] = true;
    }
    for (uint32_t i = 0; i < n; i++) {
        const char *wrong = NULL;
        if (!kz_dict_find(&r->dict, codes[i].text, &id_of[i]))
            wrong = "cube.hier_unknown";
        else if (inner[id_of[i]])
            wrong = "cube.hier_inner";
        if (wrong)
            return kz_fail(err, KZ_E_INPUT, wrong, kz_s("file", data), kz_n("line", codes[i].line),
                           kz_s("column", column), kz_vw("value", codes[i].text), kz_s("hier", path));
        for (uint32_t at = id_of[i]; at != NONE && r->state[at] != USED; at = r->parent[at])
            r->state[at] = USED;
    }
    return KZ_OK;
}

/* Used codes in reading order: a parent, then its children, each with all below it. */
static kz_status number_nodes(const reading *r, const uint32_t id_of[], uint32_t n_codes, kz_cube_tree *ret,
                              kz_err *err)
{
    size_t most = (size_t)r->n + 2;
    place *places = kz_arena_new(r->arena, place, most);
    kz_view *label = kz_arena_new(r->arena, kz_view, most);
    uint32_t *parent = kz_arena_new(r->arena, uint32_t, most), *node = kz_arena_new(r->arena, uint32_t, most);
    uint32_t *todo = kz_arena_new(r->arena, uint32_t, most);
    uint32_t *first = kz_arena_new(r->arena, uint32_t, most); /* child of id - 1; [0]: of the whole */
    uint32_t *node_of = kz_arena_new(r->arena, uint32_t, (size_t)n_codes + 1);
    if (!places || !label || !parent || !node || !todo || !first || !node_of || most >= KZ_CUBE_NODES_MAX)
        return no_room(err);
    uint32_t n = 0, n_todo = 0, n_nodes = 1;
    for (uint32_t i = 0; i < r->n; i++) {
        if (r->state[i] == USED)
            places[n++] = place_of(r->dict.keys[i], i, r->parent[i]);
    }
    qsort(places, n, sizeof places[0], by_parent_then_order);
    for (uint32_t i = 0, slot = 0; slot <= r->n + 1; slot++) { /* places are in order of slots */
        while (i < n && places[i].parent + 1 < slot)
            i++;
        first[slot] = i;
    }
    label[0] = kz_view_of(KZ_CUBE_TOTAL);
    for (uint32_t i = first[1]; i-- > first[0];)
        todo[n_todo++] = i;
    while (n_todo > 0) {
        const place *p = &places[todo[--n_todo]];
        label[n_nodes] = p->text;
        parent[n_nodes] = p->parent == NONE ? 0 : node[p->parent];
        node[p->id] = n_nodes++;
        for (uint32_t i = first[p->id + 2]; i-- > first[p->id + 1];)
            todo[n_todo++] = i;
    }
    for (uint32_t i = 0; i < n_codes; i++)
        node_of[i] = node[id_of[i]];
    *ret = (kz_cube_tree){ .n_nodes = n_nodes, .label = label, .parent = parent, .node_of = node_of };
    return KZ_OK;
}

kz_status kz_cube_tree_read(const char *path, const char *data, const char *column, const kz_cube_code codes[],
                            uint32_t n, kz_arena *a, kz_cube_tree *ret, kz_err *err)
{
    reading r = { .arena = a };
    uint32_t *id_of = kz_arena_new(a, uint32_t, (size_t)n + 1);
    if (!id_of)
        return no_room(err);
    KZ_TRY(kz_dict_init(&r.dict, a, KZ_CUBE_NODES_MAX, err));
    KZ_TRY(read_lines(&r, path, err));
    KZ_TRY(link_parents(&r, path, err));
    KZ_TRY(mark_used(&r, path, data, column, codes, n, id_of, err));
    return number_nodes(&r, id_of, n, ret, err);
}
