/*
 * The files a town receives: outlines as GeoJSON, the population as the long
 * table that a Statistikstelle sends (the layout of Köln's bevoelkerung.csv).
 *
 * A district's outline is what is left of its quarters' borders when those that
 * two of them share are taken away.
 */
#include "demo/city.h"

#include <string.h>

enum { MAX_EDGES = 4096 }; /* of one district: some 17 quarters of 100 points */

typedef struct edge {
    kz_city_point from, to;
    bool          gone;
} edge;

static bool same(kz_city_point a, kz_city_point b)
{
    return a.x == b.x && a.y == b.y;
}

static void point(kz_buf *out, kz_city_point p, bool first)
{
    kz_buf_str(out, first ? "[" : ",[");
    kz_buf_fixed(out, p.x, 2);
    kz_buf_char(out, ',');
    kz_buf_fixed(out, p.y, 2);
    kz_buf_char(out, ']');
}

static void ring(kz_buf *out, const kz_city_area *a)
{
    kz_buf_str(out, "[[");
    for (int i = 0; i < a->n_ring; i++)
        point(out, a->ring[i], i == 0);
    kz_buf_str(out, "]]");
}

/* The borders of a district's quarters without those that two of them share:
 * one has them in the other direction. */
static int outer_edges(const kz_city *city, int district, edge *e)
{
    int n = 0;
    for (int i = 0; i < KZ_CITY_N_AREAS; i++) {
        const kz_city_area *a = &city->area[i];
        for (int k = 0; a->district == district && k + 1 < a->n_ring; k++) {
            edge fresh = { a->ring[k], a->ring[k + 1], false };
            int twin = 0;
            while (twin < n && (e[twin].gone || !same(e[twin].from, fresh.to) || !same(e[twin].to, fresh.from)))
                twin++;
            if (twin < n)
                e[twin].gone = true;
            else {
                KZ_ASSERT(n < MAX_EDGES);
                e[n++] = fresh;
            }
        }
    }
    return n;
}

/* Chain what is left, one polygon a closed chain. */
static void district_rings(const kz_city *city, int district, kz_buf *out)
{
    edge e[MAX_EDGES];
    int n = outer_edges(city, district, e);
    bool first = true;
    for (int start = 0; start < n; start++) {
        if (e[start].gone)
            continue;
        kz_city_point end = e[start].from, at = e[start].to;
        e[start].gone = true;
        kz_buf_str(out, first ? "[[" : ",[[");
        first = false;
        point(out, end, true);
        for (int k = 0; k < n && !same(at, end);) {
            if (e[k].gone || !same(e[k].from, at)) {
                k++;
                continue;
            }
            point(out, at, false);
            at = e[k].to;
            e[k].gone = true;
            k = 0;
        }
        point(out, end, false);
        kz_buf_str(out, "]]");
    }
}

static void feature(kz_buf *out, const char *key, const char *name, const char *parent, bool first)
{
    kz_buf_fmt(out,
               "%s\n{\"type\":\"Feature\",\"properties\":{\"nr\":\"%s\",\"name\":\"%s\",\"bezirk\":\"%s\"},"
               "\"geometry\":{"
               "\"type\":\"MultiPolygon\",\"coordinates\":[",
               first ? "" : ",", key, name, parent);
}

void kz_city_write_outlines(const kz_city *city, kz_city_level level, kz_buf *out)
{
    kz_buf_str(out, "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":"
                    "{\"name\":\"urn:ogc:def:crs:EPSG::25832\"}},\"features\":[");
    if (level == KZ_CITY_AREAS) {
        for (int i = 0; i < KZ_CITY_N_AREAS; i++) {
            const kz_city_area *a = &city->area[i];
            char parent[2] = { a->key[0], '\0' };
            feature(out, a->key, a->name, parent, i == 0);
            ring(out, a);
            kz_buf_str(out, "]}}");
        }
    } else {
        for (int d = 0; d < KZ_CITY_N_DISTRICTS; d++) {
            char key[2] = { (char)('1' + d), '\0' };
            feature(out, key, city->district[d], "", d == 0);
            district_rings(city, d, out);
            kz_buf_str(out, "]}}");
        }
    }
    kz_buf_str(out, "\n]}\n");
}

static void line(kz_buf *out, int measure, int year, const char *area, const char *name, int64_t count)
{
    const kz_city_row *r = &kz_city_rows[measure];
    kz_buf_fmt(out, "010.%s.%d.%s.%s,%s,%s,%d,%s,%s,%s,%s,%lld\n", r->table_id, year, area, r->row_id, r->table_id,
               r->table, year, area, name, r->row_id, r->row, (long long)count);
}

/* Sum over the quarters of one district, or of all (district -1). */
static int64_t total(const kz_city *city, int district, int year, int measure)
{
    int64_t sum = 0;
    for (int i = 0; i < KZ_CITY_N_AREAS; i++)
        if (district < 0 || city->area[i].district == district)
            sum += city->area[i].count[year][measure];
    return sum;
}

void kz_city_write_population(const kz_city *city, kz_buf *out)
{
    kz_buf_str(out, "id,tab_id,tabelle,jahr,raum_id,raum,zei_id,zeile,zahl\n");
    for (int m = 0; m < KZ_CITY_N_MEASURES; m++)
        for (int y = 0; y < KZ_CITY_N_YEARS; y++) {
            int year = KZ_CITY_FIRST_YEAR + y;
            line(out, m, year, "000", "Musterstadt", total(city, -1, y, m));
            for (int d = 0; d < KZ_CITY_N_DISTRICTS; d++) {
                char key[4] = { '0', '0', (char)('1' + d), '\0' };
                line(out, m, year, key, city->district[d], total(city, d, y, m));
            }
            for (int i = 0; i < KZ_CITY_N_AREAS; i++)
                line(out, m, year, city->area[i].key, city->area[i].name, city->area[i].count[y][m]);
        }
}
