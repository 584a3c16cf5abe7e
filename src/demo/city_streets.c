/*
 * Streets: each starts somewhere in a quarter that wants more houses, runs on
 * with small turns, odd numbers on the left and even ones on the right, and
 * stops at the edge of the city.  A street does not care for quarters: where it
 * crosses a border, its later numbers lie in another Viertel, as in life.
 *
 * Names are a stem and an ending from data/demo/streets.tsv.  Some are used
 * twice, far apart; then only the postal code tells them apart.
 */
#include "demo/city.h"

#include "base/asset.h"
#include "base/rng.h"
#include "base/tsv.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_STREETS = 2400, MAX_ADDRESSES = 32000, MAX_NUMBERS = 90 };
static const double STEP = 19, ASIDE = 14; /* metres between neighbours, and from the middle of the street */

typedef struct {
    double x0, y0, x1, y1;
} box;

typedef struct {
    kz_city *city;
    kz_arena *arena;
    box around[KZ_CITY_N_QUARTERS];
    int wanted[KZ_CITY_N_QUARTERS], have[KZ_CITY_N_QUARTERS];
    const char **name;
    int n_names, n_used;
    kz_rng r;
} builder;

static bool inside(const kz_city_quarter *q, kz_city_point p)
{
    bool in = false;
    for (int k = 0; k + 1 < q->n_ring; k++) {
        kz_city_point a = q->ring[k], b = q->ring[k + 1];
        if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + (b.x - a.x) * (p.y - a.y) / (b.y - a.y))
            in = !in;
    }
    return in;
}

/* The quarter at a point; `likely` is asked first; -1: outside the city. */
static int quarter_at(const builder *b, kz_city_point p, int likely)
{
    if (likely >= 0 && inside(&b->city->quarter[likely], p))
        return likely;
    for (int i = 0; i < KZ_CITY_N_QUARTERS; i++) {
        box c = b->around[i];
        if (i != likely && p.x >= c.x0 && p.x <= c.x1 && p.y >= c.y0 && p.y <= c.y1 &&
            inside(&b->city->quarter[i], p))
            return i;
    }
    return -1;
}

static kz_city_point round_cm(kz_city_point p)
{
    return (kz_city_point){ floor(p.x * 100 + 0.5) / 100, floor(p.y * 100 + 0.5) / 100 };
}

static kz_city_point start_in(builder *b, int quarter)
{
    box c = b->around[quarter];
    kz_city_point p;
    do {
        p.x = c.x0 + (c.x1 - c.x0) * kz_rng_unit(&b->r);
        p.y = c.y0 + (c.y1 - c.y0) * kz_rng_unit(&b->r);
    } while (!inside(&b->city->quarter[quarter], p));
    return p;
}

/* A unit vector, without angles: a dart in the ring, brought to length one. */
static kz_city_point heading(kz_rng *r)
{
    double x, y, d2;
    do {
        x = 2 * kz_rng_unit(r) - 1;
        y = 2 * kz_rng_unit(r) - 1;
        d2 = x * x + y * y;
    } while (d2 > 1 || d2 < 0.1);
    double d = sqrt(d2);
    return (kz_city_point){ x / d, y / d };
}

/* One house, and now and then an "a" and a "b" beside it.  False: the city ends here. */
static bool build(builder *b, int street, int number, kz_city_point at, kz_city_point along, int *quarter)
{
    kz_city *c = b->city;
    for (char suffix = 0; suffix <= 'b'; suffix = suffix ? (char)(suffix + 1) : 'a') {
        if (suffix && kz_rng_below(&b->r, 100) >= (suffix == 'a' ? 7u : 40u))
            return true;
        double on = suffix ? 6.0 * (suffix - 'a' + 1) : 0;
        kz_city_point p = round_cm((kz_city_point){ at.x + along.x * on, at.y + along.y * on });
        int in = quarter_at(b, p, *quarter);
        if (in < 0 || c->n_addresses == MAX_ADDRESSES)
            return suffix != 0;
        *quarter = in;
        b->have[in]++;
        c->address[c->n_addresses++] = (kz_city_address){ .at = p,
                                                          .street = (int16_t)street,
                                                          .suffix = suffix,
                                                          .number = (int16_t)number,
                                                          .quarter = (int16_t)in,
                                                          .zip = (uint8_t)(c->quarter[in].area / 3) };
    }
    return true;
}

/* Walk from `at`; the houses are those from `first` on. */
static void lay(builder *b, int street, int quarter)
{
    kz_city_point at = start_in(b, quarter), along = heading(&b->r);
    int kind = (int)kz_rng_below(&b->r, 10);
    int numbers = kind < 4   ? 6 + (int)kz_rng_below(&b->r, 12)
                  : kind < 9 ? 14 + (int)kz_rng_below(&b->r, 26)
                             : 44 + (int)kz_rng_below(&b->r, MAX_NUMBERS - 44);
    for (int number = 1; number <= numbers; number++) {
        if (number % 2) {
            double turn = (2 * kz_rng_unit(&b->r) - 1) * 0.18;
            double x = along.x - along.y * turn, y = along.y + along.x * turn, d = sqrt(x * x + y * y);
            along = (kz_city_point){ x / d, y / d };
            at.x += along.x * STEP;
            at.y += along.y * STEP;
        }
        double side = number % 2 ? ASIDE : -ASIDE;
        kz_city_point house = { at.x - along.y * side, at.y + along.x * side };
        bool gap = number > 1 && kz_rng_below(&b->r, 100) < 4;
        if (!gap && !build(b, street, number, house, along, &quarter))
            break;
        if (number > 6 && b->have[quarter] > b->wanted[quarter] + b->wanted[quarter] / 10)
            break;
    }
}

/* Names that are used a second time must not meet the first in one postal code. */
static bool apart(const kz_city *c, int street, int twin)
{
    bool used[64] = { false };
    for (int i = 0; i < c->n_addresses; i++)
        if (c->address[i].street == twin)
            used[c->address[i].zip] = true;
    for (int i = 0; i < c->n_addresses; i++)
        if (c->address[i].street == street && used[c->address[i].zip])
            return false;
    return true;
}

static bool next_street(builder *b, int quarter)
{
    kz_city *c = b->city;
    int street = c->n_streets;
    if (street == MAX_STREETS || b->n_used == b->n_names)
        return false;
    int before = c->n_addresses;
    lay(b, street, quarter);
    if (c->n_addresses == before)
        return true;
    c->street[street] = NULL;
    if (street > 200 && kz_rng_below(&b->r, 100) < 3) {
        int twin = (int)kz_rng_below(&b->r, 200);
        if (apart(c, street, twin))
            c->street[street] = c->street[twin];
    }
    if (!c->street[street])
        c->street[street] = b->name[b->n_used++];
    c->n_streets++;
    return true;
}

/* Every stem with every ending of its kind, well mixed. */
static kz_status read_names(builder *b, kz_err *err)
{
    static const char *const COLUMNS[] = { "kind", "name", "ending", NULL };
    const kz_asset *file = kz_asset_find("data/demo/streets.tsv");
    kz_tsv t;
    KZ_ASSERT(file);
    KZ_TRY(kz_tsv_parse(file->path, (const char *)file->bytes, file->n, COLUMNS, b->arena, &t, err));
    int most = t.n_rows * 8;
    b->name = kz_arena_new(b->arena, const char *, most);
    if (!b->name)
        return kz_fail(err, KZ_E_LIMIT, "demo.memory");
    for (int i = 0; i < t.n_rows; i++) {
        const char *ending = kz_tsv_at(&t, i, 2);
        do {
            size_t n = strcspn(ending, ",");
            char text[96];
            snprintf(text, sizeof text, "%s%.*s", kz_tsv_at(&t, i, 1), (int)n, ending);
            KZ_ASSERT(b->n_names < most);
            b->name[b->n_names] = kz_arena_strdup(b->arena, text);
            if (!b->name[b->n_names++])
                return kz_fail(err, KZ_E_LIMIT, "demo.memory");
            ending += n + (ending[n] == ',');
        } while (*ending);
    }
    for (int i = b->n_names - 1; i > 0; i--) {
        int k = (int)kz_rng_below(&b->r, (uint32_t)i + 1);
        const char *swap = b->name[i];
        b->name[i] = b->name[k];
        b->name[k] = swap;
    }
    return KZ_OK;
}

static void sort_by_quarter(kz_city *c)
{
    int n = 0;
    for (int q = 0; q < KZ_CITY_N_QUARTERS; q++) {
        c->quarter[q].first_address = n;
        for (int i = 0; i < c->n_addresses; i++)
            if (c->address[i].quarter == q)
                c->by_quarter[n++] = i;
        c->quarter[q].n_addresses = n - c->quarter[q].first_address;
    }
}

kz_status kz_city_streets(kz_city *city, kz_arena *a, kz_err *err)
{
    builder b = { .city = city, .arena = a, .r = kz_rng_stream(city->seed, UINT64_C(6) << 40) };
    city->street = kz_arena_new(a, const char *, MAX_STREETS);
    city->address = kz_arena_new(a, kz_city_address, MAX_ADDRESSES);
    city->by_quarter = kz_arena_new(a, int, MAX_ADDRESSES);
    if (!city->street || !city->address || !city->by_quarter)
        return kz_fail(err, KZ_E_LIMIT, "demo.memory");
    KZ_TRY(read_names(&b, err));
    for (int i = 0; i < KZ_CITY_N_QUARTERS; i++) {
        const kz_city_quarter *q = &city->quarter[i];
        box *c = &b.around[i];
        *c = (box){ q->ring[0].x, q->ring[0].y, q->ring[0].x, q->ring[0].y };
        for (int k = 1; k < q->n_ring; k++) {
            c->x0 = fmin(c->x0, q->ring[k].x);
            c->y0 = fmin(c->y0, q->ring[k].y);
            c->x1 = fmax(c->x1, q->ring[k].x);
            c->y1 = fmax(c->y1, q->ring[k].y);
        }
        b.wanted[i] =
            8 + (int)((KZ_CITY_ADDRESSES * 0.93 - 8 * KZ_CITY_N_QUARTERS) * q->people / KZ_CITY_PEOPLE);
    }
    /* In turns, so that a quarter that others run into gets fewer of its own. */
    for (bool more = true; more;) {
        more = false;
        for (int i = 0; i < KZ_CITY_N_QUARTERS; i++)
            if (b.have[i] < b.wanted[i]) {
                if (!next_street(&b, i))
                    return kz_fail(err, KZ_E_LIMIT, "demo.names");
                more = true;
            }
    }
    sort_by_quarter(city);
    return KZ_OK;
}
