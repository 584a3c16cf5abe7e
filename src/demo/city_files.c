/*
 * The files about the town itself: outlines as GeoJSON, addresses, Kitas and
 * schools as CSV.
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

static void ring(kz_buf *out, const kz_city_point *p, int n)
{
    kz_buf_str(out, "[[");
    for (int i = 0; i < n; i++)
        point(out, p[i], i == 0);
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

static void feature(kz_buf *out, const char *key, const char *name, const char *parent_field, const char *parent,
                    bool first)
{
    kz_buf_fmt(out,
               "%s\n{\"type\":\"Feature\",\"properties\":{\"nr\":\"%s\",\"name\":\"%s\",\"%s\":\"%s\"},"
               "\"geometry\":{"
               "\"type\":\"MultiPolygon\",\"coordinates\":[",
               first ? "" : ",", key, name, parent_field, parent);
}

void kz_city_write_outlines(const kz_city *city, kz_city_level level, kz_buf *out)
{
    kz_buf_str(out, "{\"type\":\"FeatureCollection\",\"crs\":{\"type\":\"name\",\"properties\":"
                    "{\"name\":\"urn:ogc:def:crs:EPSG::25832\"}},\"features\":[");
    if (level == KZ_CITY_AREAS) {
        for (int i = 0; i < KZ_CITY_N_AREAS; i++) {
            const kz_city_area *a = &city->area[i];
            char parent[2] = { a->key[0], '\0' };
            feature(out, a->key, a->name, "bezirk", parent, i == 0);
            ring(out, a->ring, a->n_ring);
            kz_buf_str(out, "]}}");
        }
    } else if (level == KZ_CITY_QUARTERS) {
        for (int i = 0; i < KZ_CITY_N_QUARTERS; i++) {
            const kz_city_quarter *q = &city->quarter[i];
            feature(out, q->key, q->name, "stadtteil", city->area[q->area].key, i == 0);
            ring(out, q->ring, q->n_ring);
            kz_buf_str(out, "]}}");
        }
    } else {
        for (int d = 0; d < KZ_CITY_N_DISTRICTS; d++) {
            char key[2] = { (char)('1' + d), '\0' };
            feature(out, key, city->district[d], "bezirk", "", d == 0);
            district_rings(city, d, out);
            kz_buf_str(out, "]}}");
        }
    }
    kz_buf_str(out, "\n]}\n");
}

/* Least squares over 25 x 25 points of Krueger's series (Karney 2011, order 5) on GRS80, from 12 km west
 * and south of 460000, 5740000 to 12 km east and north; x and y in units of 10 km from there. */
void kz_city_degrees(kz_city_point p, double *lon, double *lat)
{
    double x = (p.x - 460000) / 10000, y = (p.y - 5740000) / 10000;
    *lon = 8.41979731408 + 0.145042645829 * x - 0.00115442919967 * y + 3.0094116961e-06 * x * x +
           0.000288551872173 * x * y - 3.00940924646e-06 * y * y - 2.50699572134e-07 * x * x * x +
           2.07830404663e-08 * x * x * y + 7.52087998247e-07 * x * y * y;
    *lat = 51.8094120045 + 0.000715598531148 * x + 0.0899078993934 * y - 8.94383358237e-05 * x * x +
           2.29611702762e-06 * x * y - 7.0044802983e-07 * y * y - 2.86699514391e-09 * x * x * x -
           2.86941230644e-07 * x * x * y + 4.54999477976e-09 * x * y * y;
}

static void degrees(kz_buf *out, kz_city_point p)
{
    double lon, lat;
    kz_city_degrees(p, &lon, &lat);
    kz_buf_char(out, ';');
    kz_buf_fixed(out, lon, 6);
    kz_buf_char(out, ';');
    kz_buf_fixed(out, lat, 6);
    kz_buf_char(out, '\n');
}

void kz_city_write_addresses(const kz_city *city, kz_buf *out)
{
    kz_buf_str(out, "Strasse;Hausnr;Zusatz;PLZ;Viertel;lon;lat\n");
    for (int i = 0; i < city->n_addresses; i++) {
        const kz_city_address *a = &city->address[i];
        char zip[6], suffix[2] = { a->suffix, '\0' };
        kz_city_zip(a->zip, zip);
        kz_buf_fmt(out, "%s;%d;%s;%s;%s", city->street[a->street], a->number, suffix, zip,
                   city->quarter[a->quarter].key);
        degrees(out, a->at);
    }
}

static void houses(const kz_city *city, int from, int n, kz_buf *out)
{
    for (int i = from; i < from + n; i++) {
        const kz_city_house *h = &city->house[i];
        const kz_city_address *a = &city->address[h->address];
        char zip[6], suffix[2] = { a->suffix, '\0' };
        kz_city_zip(a->zip, zip);
        kz_buf_fmt(out, "%s;%s;%s;%s;%s;%d;%s;%s;%s", h->key, h->name, kz_city_kind(h->kind), kz_city_owner(h->owner),
                   city->street[a->street], a->number, suffix, zip, city->quarter[a->quarter].key);
        degrees(out, a->at);
    }
}

void kz_city_write_kitas(const kz_city *city, kz_buf *out)
{
    kz_buf_str(out, "Schluessel;Name;Art;Traeger;Strasse;Hausnr;Zusatz;PLZ;Viertel;lon;lat\n");
    houses(city, 0, city->n_kitas, out);
}

void kz_city_write_schools(const kz_city *city, kz_buf *out)
{
    kz_buf_str(out, "Schluessel;Name;Art;Traeger;Strasse;Hausnr;Zusatz;PLZ;Viertel;lon;lat\n");
    houses(city, KZ_CITY_N_KITAS, city->n_primary, out);
    houses(city, KZ_CITY_N_KITAS + KZ_CITY_N_PRIMARY, city->n_secondary, out);
}
