#include "cli/stat_graph.h"

#include "base/dict.h"
#include "io/csv.h"
#include "io/gal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const double SNAP = 1e-3; /* of the side of a mean area */

static bool ends_in(const char *path, const char *end)
{
    size_t n = strlen(path), m = strlen(end);
    return n >= m && strcasecmp(path + n - m, end) == 0;
}

bool kz_stat_is_geometry(const char *path)
{
    static const char *const END[] = { ".geojson", ".json", ".gpkg", ".shp", ".zip", ".kml" };
    for (size_t i = 0; i < sizeof END / sizeof END[0]; i++)
        if (ends_in(path, END[i]))
            return true;
    return false;
}

kz_status kz_stat_geo_read(const char *path, kz_arena *a, kz_geofile *ret, kz_err *err)
{
    const kz_geofile_options how = { .crs = "auto" };
    return kz_geofile_read(path, &how, a, ret, err);
}

kz_status kz_stat_graph_outlines(const char *path, const kz_geofile *geo, kz_contiguity rule, kz_arena *a,
                                 kz_neighbours *ret, kz_err *err)
{
    kz_outline *outline = kz_arena_new(a, kz_outline, geo->n + 1);
    kz_topology topology;
    kz_adjacency g;
    double area = 0;
    if (!outline)
        return kz_fail(err, KZ_E_LIMIT, "space.memory");
    for (int i = 0; i < geo->n; i++) {
        if (geo->features[i].kind != KZ_GEO_POLYGON)
            return kz_fail(err, KZ_E_INPUT, "space.not_an_outline", kz_s("file", path),
                           kz_n("row", geo->features[i].row));
        KZ_TRY(kz_outline_from_wkb(geo->features[i].wkb, geo->features[i].n_wkb, a, &outline[i], err));
        area += kz_outline_area(&outline[i]);
    }
    KZ_TRY(kz_topology_build(outline, geo->n, SNAP * sqrt(area / geo->n), a, &topology, err));
    KZ_TRY(kz_adjacency_make(&topology, rule, a, &g, err));
    int *from = kz_arena_new(a, int, g.n_links + 1);
    if (!from)
        return kz_fail(err, KZ_E_LIMIT, "space.memory");
    for (int i = 0; i < g.n; i++)
        for (int k = g.start[i]; k < g.start[i + 1]; k++)
            from[k] = i;
    return kz_neighbours_make(g.n, from, g.neighbour, g.n_links, a, ret, err);
}

/* ---- matching by key ------------------------------------------------------------------- */

static kz_status index_keys(const kz_stat_table *t, kz_arena *a, kz_dict *d, kz_err *err)
{
    KZ_TRY(kz_dict_init(d, a, (uint32_t)t->n + 1, err));
    for (int i = 0; i < t->n; i++) {
        uint32_t id;
        bool fresh;
        KZ_TRY(kz_dict_put(d, kz_view_of(t->key[i]), &id, &fresh, err));
        KZ_ASSERT(fresh && (int)id == i);
    }
    return KZ_OK;
}

/* Row of the table for each of n keys of a graph; every row must have one. */
static kz_status match(const char *path, const char *const key[], int n, const kz_stat_table *t, kz_arena *a,
                       int **ret, kz_err *err)
{
    kz_dict d;
    int *row = kz_arena_new(a, int, n + 1);
    bool *seen = kz_arena_new(a, bool, t->n + 1);
    if (!row || !seen)
        return kz_fail(err, KZ_E_LIMIT, "space.memory");
    KZ_TRY(index_keys(t, a, &d, err));
    for (int i = 0; i < n; i++) {
        uint32_t id;
        if (!kz_dict_find(&d, kz_view_of(key[i]), &id))
            return kz_fail(err, KZ_E_INPUT, "space.key_not_in_table", kz_s("file", path), kz_s("key", key[i]),
                           kz_s("table", t->file));
        seen[id] = true;
        row[i] = (int)id;
    }
    for (int i = 0; i < t->n; i++)
        if (!seen[i])
            return kz_fail(err, KZ_E_INPUT, "space.key_not_in_graph", kz_s("file", t->file),
                           kz_n("line", t->line[i]), kz_s("key", t->key[i]), kz_s("graph", path));
    *ret = row;
    return KZ_OK;
}

static kz_status from_links(const int row[], int n, const int from[], const int to[], int n_links, kz_arena *a,
                            kz_neighbours *ret, kz_err *err)
{
    int *f = kz_arena_new(a, int, n_links + 1), *t = kz_arena_new(a, int, n_links + 1);
    if (!f || !t)
        return kz_fail(err, KZ_E_LIMIT, "space.memory");
    for (int l = 0; l < n_links; l++) {
        f[l] = row[from[l]];
        t[l] = row[to[l]];
    }
    return kz_neighbours_make(n, f, t, n_links, a, ret, err);
}

static kz_status from_gal(const char *path, const kz_stat_table *t, kz_arena *a, kz_neighbours *ret, kz_err *err)
{
    kz_gal gal;
    int *row;
    KZ_TRY(kz_gal_read(path, a, &gal, err));
    KZ_TRY(match(path, gal.key, gal.n, t, a, &row, err));
    return from_links(row, t->n, gal.from, gal.to, gal.n_links, a, ret, err);
}

static kz_status from_geometry(const char *path, const kz_stat_table *t, const char *key, kz_arena *a,
                               kz_neighbours *ret, kz_err *err)
{
    kz_geofile geo;
    kz_stat_table other;
    kz_neighbours g;
    int *row;
    const kz_stat_ask ask = { .key = key ? key : t->key_name };
    KZ_TRY(kz_stat_geo_read(path, a, &geo, err));
    KZ_TRY(kz_stat_table_geo(path, &geo, &ask, a, &other, err));
    KZ_TRY(match(path, other.key, other.n, t, a, &row, err));
    KZ_TRY(kz_stat_graph_outlines(path, &geo, KZ_QUEEN, a, &g, err));
    int *from = kz_arena_new(a, int, g.n_links + 1);
    if (!from)
        return kz_fail(err, KZ_E_LIMIT, "space.memory");
    for (int i = 0; i < g.n; i++)
        for (int k = g.start[i]; k < g.start[i + 1]; k++)
            from[k] = i;
    return from_links(row, t->n, from, g.to, g.n_links, a, ret, err);
}

/* ---- edges -------------------------------------------------------------------------------- */

typedef struct edge {
    int from, to;
} edge;

static int by_ends(const void *a, const void *b)
{
    const edge *p = a, *q = b;
    return p->from != q->from ? (p->from > q->from) - (p->from < q->from) : (p->to > q->to) - (p->to < q->to);
}

static kz_status read_edges(kz_csv *csv, const kz_dict *d, const kz_stat_table *t, edge *e, int *n, kz_err *err)
{
    kz_csv_row row;
    for (*n = 0; kz_csv_next(csv, &row); *n += 2) {
        uint32_t end[2];
        KZ_TRY(kz_csv_check(csv, &row, err));
        for (int k = 0; k < 2; k++) {
            kz_view key = kz_view_trim(row.field[k]);
            if (!kz_dict_find(d, key, &end[k]))
                return kz_fail(err, KZ_E_INPUT, "space.edge_unknown", kz_s("file", csv->file),
                               kz_n("line", row.line), kz_vw("key", key), kz_s("table", t->file));
        }
        if (end[0] == end[1])
            return kz_fail(err, KZ_E_INPUT, "space.edge_self", kz_s("file", csv->file), kz_n("line", row.line),
                           kz_s("key", t->key[end[0]]));
        if (e) {
            e[*n] = (edge){ (int)end[0], (int)end[1] };
            e[*n + 1] = (edge){ (int)end[1], (int)end[0] };
        }
        if (*n > KZ_GAL_LINKS_MOST)
            return kz_fail(err, KZ_E_LIMIT, "space.memory");
    }
    return kz_csv_end(csv, err);
}

static kz_status from_edges(const char *path, const kz_stat_table *t, kz_arena *a, kz_neighbours *ret, kz_err *err)
{
    kz_auto(kz_csv) csv = { 0 };
    kz_dict d;
    int n;
    KZ_TRY(index_keys(t, a, &d, err));
    KZ_TRY(kz_csv_open(&csv, path, &(kz_csv_opts){ 0 }, err));
    if (csv.n_columns < 2)
        return kz_fail(err, KZ_E_INPUT, "space.edge_columns", kz_s("file", path));
    KZ_TRY(read_edges(&csv, &d, t, NULL, &n, err));
    edge *e = kz_arena_new(a, edge, n + 1);
    int *from = kz_arena_new(a, int, n + 1), *to = kz_arena_new(a, int, n + 1), kept = 0;
    if (!e || !from || !to)
        return kz_fail(err, KZ_E_LIMIT, "space.memory");
    kz_csv_rewind(&csv);
    KZ_TRY(read_edges(&csv, &d, t, e, &n, err));
    qsort(e, (size_t)n, sizeof *e, by_ends);
    for (int l = 0; l < n; l++) { /* a pair may stand in both directions */
        if (l > 0 && by_ends(&e[l], &e[l - 1]) == 0)
            continue;
        from[kept] = e[l].from;
        to[kept++] = e[l].to;
    }
    return kz_neighbours_make(t->n, from, to, kept, a, ret, err);
}

kz_status kz_stat_graph_file(const char *path, const kz_stat_table *table, const char *key, kz_arena *a,
                             kz_neighbours *ret, kz_err *err)
{
    if (ends_in(path, ".gal"))
        return from_gal(path, table, a, ret, err);
    if (kz_stat_is_geometry(path))
        return from_geometry(path, table, key, a, ret, err);
    return from_edges(path, table, a, ret, err);
}
