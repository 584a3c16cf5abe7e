/*
 * Kitas and schools: where the children are and the next one is far.
 *
 * Each house goes to the quarter with the most children who have none near;
 * so the first n of a list are spread over the city for every n, and a small
 * city simply has fewer of them.
 */
/* lint: allow-file german, because these are names of places. */
#include "demo/city.h"

#include "base/rng.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const KIND[KZ_CITY_N_KINDS] = { "Kita",           "Grundschule", "Hauptschule",
                                                   "Realschule",     "Gymnasium",   "Gesamtschule",
                                                   "Sekundarschule", "Förderschule" };

const char *kz_city_kind(kz_city_house_kind kind)
{
    return KIND[kind];
}

const char *kz_city_owner(int owner)
{
    static const char *const OWNER[] = { "Stadt", "evangelisch", "katholisch", "Wohlfahrtsverband",
                                         "Elterninitiative" };
    return OWNER[owner];
}

void kz_city_zip(int zip, char out[static 6])
{
    memcpy(out, "05100", 6);
    out[3] = (char)('0' + (zip + 1) / 10 % 10);
    out[4] = (char)('0' + (zip + 1) % 10);
}

static double children(const kz_city_quarter *q)
{
    return q->people * (0.8 + 0.55 * q->family + 0.35 * q->strain);
}

static double metres(kz_city_point a, kz_city_point b)
{
    return sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y));
}

/* The quarter with most children for the houses of this list that are near. */
static int neediest(const kz_city *city, const kz_city_house *list, int n, double reach)
{
    int best = 0;
    double most = -1;
    for (int i = 0; i < KZ_CITY_N_QUARTERS; i++) {
        const kz_city_quarter *q = &city->quarter[i];
        double served = 0;
        for (int k = 0; k < n; k++) {
            double d = metres(q->centre, city->address[list[k].address].at) / reach;
            served += 1 / (1 + d * d);
        }
        double need = children(q) / (0.05 + served);
        if (q->n_addresses > 0 && need > most) {
            most = need;
            best = i;
        }
    }
    return best;
}

static bool name_taken(const kz_city *city, const kz_city_house *house)
{
    for (const kz_city_house *h = city->house; h < house; h++)
        if (strcmp(h->name, house->name) == 0)
            return true;
    return false;
}

static void place(kz_city *city, kz_city_house *list, int i, kz_city_house_kind kind, double reach, kz_rng *r)
{
    kz_city_house *h = &list[i];
    const kz_city_quarter *q = &city->quarter[neediest(city, list, i, reach)];
    const char *area = city->area[q->area].name;
    h->kind = kind;
    h->address = city->by_quarter[q->first_address + (int)kz_rng_below(r, (uint32_t)q->n_addresses)];
    const char *street = city->street[city->address[h->address].street];
    uint32_t owner = kz_rng_below(r, 10);
    h->owner = kind != KZ_CITY_KITA || owner < 4 ? 0 : owner < 6 ? 1 : owner < 8 ? 2 : owner < 9 ? 3 : 4;
    h->places = 70 + (int)kz_rng_below(r, 90);
    snprintf(h->name, sizeof h->name, "%s %s", KIND[kind], kind == KZ_CITY_KITA ? street : area);
    if (name_taken(city, h))
        snprintf(h->name, sizeof h->name, "%s %s", KIND[kind], kind == KZ_CITY_KITA ? q->name : street);
    for (int more = 2; name_taken(city, h); more++)
        snprintf(h->name, sizeof h->name, "%s %s %d", KIND[kind], q->name, more);
}

void kz_city_houses(kz_city *city)
{
    /* Every kind is among the first six. */
    static const kz_city_house_kind SECONDARY[KZ_CITY_N_SECONDARY] = {
        KZ_CITY_GYM,      KZ_CITY_GESAMT, KZ_CITY_REAL,   KZ_CITY_SEKUNDAR, KZ_CITY_HAUPT,
        KZ_CITY_FOERDER,  KZ_CITY_GYM,    KZ_CITY_GYM,    KZ_CITY_GESAMT,   KZ_CITY_REAL,
        KZ_CITY_GYM,      KZ_CITY_GESAMT, KZ_CITY_REAL,   KZ_CITY_GYM,      KZ_CITY_GYM,
        KZ_CITY_SEKUNDAR, KZ_CITY_REAL,   KZ_CITY_GESAMT, KZ_CITY_GYM,      KZ_CITY_FOERDER,
        KZ_CITY_GESAMT,   KZ_CITY_GYM,    KZ_CITY_HAUPT,  KZ_CITY_REAL,     KZ_CITY_SEKUNDAR,
    };
    kz_rng r = kz_rng_stream(city->seed, UINT64_C(7) << 40);
    kz_city_house *kita = city->house, *primary = kita + KZ_CITY_N_KITAS,
                  *secondary = primary + KZ_CITY_N_PRIMARY;
    for (int i = 0; i < KZ_CITY_N_KITAS; i++) {
        place(city, kita, i, KZ_CITY_KITA, 450, &r);
        snprintf(kita[i].key, sizeof kita[i].key, "K%03d", i + 1);
    }
    for (int i = 0; i < KZ_CITY_N_PRIMARY; i++) {
        place(city, primary, i, KZ_CITY_PRIMARY, 700, &r);
        snprintf(primary[i].key, sizeof primary[i].key, "G%03d", i + 1);
    }
    for (int i = 0; i < KZ_CITY_N_SECONDARY; i++) {
        place(city, secondary, i, SECONDARY[i], 1500, &r);
        snprintf(secondary[i].key, sizeof secondary[i].key, "S%03d", i + 1);
    }
}
