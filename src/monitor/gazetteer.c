#include "monitor/gazetteer.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/dict.h"
#include "base/phonetic.h"

#include <stdlib.h>

enum { STREETS_MOST = 2000000, SIDE_NUMBERS = 0, SIDE_ODD = 1, SIDE_EVEN = 2, SIDE_BOTH = 3 };
static const size_t ARENA_MAX = (size_t)2 << 30;

typedef struct entry {
    int32_t from, to;     /* 0: the whole street */
    int32_t postcode, place;
    int32_t reach;        /* largest `to` of the group up to here */
    uint8_t side;
    char suffix[KZ_SUFFIX_KEY], suffix_to[KZ_SUFFIX_KEY];
} entry;

typedef struct street {
    const char *name;
    uint32_t sound;       /* kz_phonetic_hash() of the key */
    int first, n;         /* entries, by postcode, from    */
    int one;              /* the only place, -1: several   */
} street;

struct kz_gazetteer {
    kz_arena arena;
    kz_dict keys;
    int n_streets, n_entries, n_places, n_postcodes;
    street *streets;
    entry *entries;
    kz_place *places;
    int32_t *postcodes;   /* ascending; not 0 */
};

const char *kz_located_name(kz_located_verdict v)
{
    static const char *const NAME[KZ_N_LOCATED] = { "ok", "outside", "ambiguous", "unknown", "mismatch" };
    KZ_ASSERT(v >= 0 && v < KZ_N_LOCATED);
    return NAME[v];
}

#define WHY_ID(NAME, name) [KZ_WHY_##NAME] = "located." #name,
const char *kz_located_text(kz_located_why why)
{
    static const char *const ID[KZ_N_LOCATED_WHYS] = { KZ_LOCATED_WHYS(WHY_ID) };
    KZ_ASSERT(why >= 0 && why < KZ_N_LOCATED_WHYS);
    return ID[why];
}

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "gazetteer.memory");
}

/* ---- loading ---------------------------------------------------------------- */

static kz_status count(kz_db *work, kz_gazetteer *g, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(work,
                      "SELECT (SELECT COUNT(*) FROM street s JOIN gazetteer g ON g.import = s.import WHERE"
                      " g.replaced_by IS NULL), (SELECT COUNT(*) FROM address a JOIN street s ON s.id = a.street"
                      " JOIN gazetteer g ON g.import = s.import WHERE g.replaced_by IS NULL),"
                      " (SELECT COUNT(*) FROM area)", &q, err));
    KZ_TRY(kz_step(&q, &row, err));
    int64_t streets = kz_col_int(&q, 0), entries = kz_col_int(&q, 1), areas = kz_col_int(&q, 2);
    if (entries == 0)
        return kz_fail(err, KZ_E_MISSING, "gazetteer.none");
    if (streets > STREETS_MOST || entries > 8 * (int64_t)STREETS_MOST)
        return full(err);
    g->streets = kz_arena_new(&g->arena, street, streets);
    g->entries = kz_arena_new(&g->arena, entry, entries);
    g->postcodes = kz_arena_new(&g->arena, int32_t, entries + 1);
    g->places = kz_arena_new(&g->arena, kz_place, areas + 1);
    g->n_streets = (int)streets;
    g->n_entries = (int)entries;
    return g->streets && g->entries && g->postcodes && g->places
               ? kz_dict_init(&g->keys, &g->arena, STREETS_MOST, err) : full(err);
}

static int by_area(const void *va, const void *vb)
{
    int64_t a = ((const kz_place *)va)->area, b = ((const kz_place *)vb)->area;
    return a < b ? -1 : a > b;
}

/* All areas that the list names, by their id. */
static kz_status load_places(kz_db *work, kz_gazetteer *g, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_buf) code = kz_buf_init(1000);
    bool row;
    KZ_TRY(kz_prepare(work,
                      "SELECT a.id, l.code, a.\"key\", a.name FROM area a JOIN level l ON l.id = a.level"
                      " WHERE a.id IN (SELECT d.area FROM address d JOIN street s ON s.id = d.street"
                      " JOIN gazetteer g ON g.import = s.import WHERE g.replaced_by IS NULL) ORDER BY a.id", &q, err));
    for (;;) {
        KZ_TRY(kz_step(&q, &row, err));
        if (!row)
            return KZ_OK;
        kz_place *p = &g->places[g->n_places++];
        kz_buf_clear(&code);
        kz_buf_fmt(&code, "%s:%s", kz_col_text(&q, 1), kz_col_text(&q, 2));
        *p = (kz_place){ .area = kz_col_int(&q, 0), .level = kz_arena_strdup(&g->arena, kz_col_text(&q, 1)),
                         .key = kz_arena_strdup(&g->arena, kz_col_text(&q, 2)),
                         .name = kz_arena_strdup(&g->arena, kz_col_text(&q, 3)),
                         .code = kz_arena_strdup(&g->arena, kz_buf_text(&code)) };
        if (!p->level || !p->key || !p->name || !p->code)
            return full(err);
    }
}

static kz_status load_street(kz_gazetteer *g, const char *key, const char *name, int first, street **ret, kz_err *err)
{
    uint32_t id;
    bool fresh;
    KZ_TRY(kz_dict_put(&g->keys, kz_view_of(key), &id, &fresh, err));
    street *s = &g->streets[id];
    if (fresh)
        *s = (street){ .name = kz_arena_strdup(&g->arena, name), .sound = kz_phonetic_hash(kz_view_of(key)),
                       .first = first };
    *ret = s;
    return s->name ? KZ_OK : full(err);
}

static void copy_suffix(char to[static KZ_SUFFIX_KEY], const char *from)
{
    size_t n = strnlen(from, KZ_SUFFIX_KEY - 1);
    memcpy(to, from, n);
    to[n] = '\0';
}

static kz_status load_entries(kz_db *work, kz_gazetteer *g, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    int n = 0;
    KZ_TRY(kz_prepare(work,
                      "SELECT s.\"key\", s.name, a.postcode, a.number_from, a.number_to, a.side, a.suffix_from,"
                      " a.suffix_to, a.area FROM address a JOIN street s ON s.id = a.street JOIN gazetteer g"
                      " ON g.import = s.import WHERE g.replaced_by IS NULL ORDER BY s.\"key\", a.postcode,"
                      " a.number_from, a.id", &q, err));
    for (;;) {
        street *s;
        KZ_TRY(kz_step(&q, &row, err));
        if (!row || n == g->n_entries)
            break;
        KZ_TRY(load_street(g, kz_col_text(&q, 0), kz_col_text(&q, 1), n, &s, err));
        entry *e = &g->entries[n];
        *e = (entry){ .from = (int32_t)kz_col_int(&q, 3), .to = (int32_t)kz_col_int(&q, 4),
                      .postcode = (int32_t)kz_col_int(&q, 2), .side = (uint8_t)kz_col_int(&q, 5) };
        copy_suffix(e->suffix, kz_col_text(&q, 6));
        copy_suffix(e->suffix_to, kz_col_text(&q, 7));
        const kz_place sought = { .area = kz_col_int(&q, 8) },
                       *p = bsearch(&sought, g->places, (size_t)g->n_places, sizeof sought, by_area);
        if (!p)
            return kz_fail(err, KZ_E_IO, "gazetteer.damaged");
        e->place = (int32_t)(p - g->places);
        bool same_group = s->n > 0 && e[-1].postcode == e->postcode;
        e->reach = same_group && e[-1].reach > e->to ? e[-1].reach : e->to;
        s->one = s->n == 0 || s->one == e->place ? e->place : -1;
        s->n++;
        if (e->postcode > 0)
            g->postcodes[g->n_postcodes++] = e->postcode;
        n++;
    }
    g->n_entries = n;
    g->n_streets = (int)g->keys.n;
    return KZ_OK;
}

static int by_number(const void *va, const void *vb)
{
    int32_t a = *(const int32_t *)va, b = *(const int32_t *)vb;
    return a < b ? -1 : a > b;
}

static void sort_postcodes(kz_gazetteer *g)
{
    int n = 0;
    qsort(g->postcodes, (size_t)g->n_postcodes, sizeof *g->postcodes, by_number);
    for (int i = 0; i < g->n_postcodes; i++)
        if (n == 0 || g->postcodes[n - 1] != g->postcodes[i])
            g->postcodes[n++] = g->postcodes[i];
    g->n_postcodes = n;
}

kz_status kz_gazetteer_open(kz_db *work, kz_gazetteer_ref *ret, kz_err *err)
{
    kz_auto(kz_gazetteer_ref) g = calloc(1, sizeof *g);
    if (!g)
        return full(err);
    kz_arena_init(&g->arena, ARENA_MAX);
    KZ_TRY(count(work, g, err));
    KZ_TRY(load_places(work, g, err));
    KZ_TRY(load_entries(work, g, err));
    sort_postcodes(g);
    *ret = g;
    g = NULL;
    return KZ_OK;
}

void kz_gazetteer_ref_done(kz_gazetteer_ref *g)
{
    if (*g) {
        kz_arena_done(&(*g)->arena);
        free(*g);
    }
    *g = NULL;
}

/* ---- finding ----------------------------------------------------------------- */

/* How well an entry fits a house; 0: not at all. */
enum { FIT_NONE, FIT_STREET, FIT_OTHER_SIDE, FIT_OTHER_SUFFIX, FIT_SIDE, FIT_NUMBER, FIT_HOUSE };

static int fit_range(const entry *e, int32_t n, const char *suffix)
{
    int odd = n & 1;
    if ((n == e->from && strcmp(suffix, e->suffix) < 0) ||
        (n == e->to && e->suffix_to[0] && strcmp(suffix, e->suffix_to) > 0))
        return FIT_NONE;
    if (e->side == SIDE_BOTH)
        return FIT_SIDE;
    if (e->side != SIDE_NUMBERS)
        return odd == (e->side == SIDE_ODD) ? FIT_SIDE : FIT_NONE;
    if ((e->from & 1) != (e->to & 1))
        return FIT_SIDE; /* 1 to 10: both sides */
    return odd == (e->from & 1) ? FIT_SIDE : FIT_OTHER_SIDE;
}

static int fit(const entry *e, int32_t n, const char *suffix)
{
    if (e->from == 0)
        return FIT_STREET;
    if (n < e->from || n > e->to)
        return FIT_NONE;
    if (e->from < e->to)
        return fit_range(e, n, suffix);
    if (strcmp(suffix, e->suffix) == 0 ||
        (e->suffix[0] && strcmp(suffix, e->suffix) > 0 && strcmp(suffix, e->suffix_to) <= 0))
        return FIT_HOUSE;
    return e->suffix[0] ? FIT_OTHER_SUFFIX : FIT_NUMBER;
}

typedef struct answer {
    int place;     /* -1: none yet                     */
    bool several;  /* places, all fitting equally well */
    bool numbers;  /* several within one postcode      */
} answer;

static void merge(answer *a, int place, bool several)
{
    a->several = a->several || several || (a->place >= 0 && a->place != place);
    if (a->place < 0)
        a->place = place;
}

/* The best of one group of entries: one street, one postcode. */
static void ask_group(const entry *e, int n, int32_t number, const char *suffix, answer *ret)
{
    int lo = 0, hi = n, best = FIT_NONE;
    answer found = { .place = -1 };
    for (int i = 0; i < n && e[i].from == 0; i++) {
        best = FIT_STREET;
        merge(&found, e[i].place, false);
    }
    while (lo < hi) { /* the first that reaches the number */
        int mid = lo + (hi - lo) / 2;
        if (e[mid].reach < number)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (int i = lo; i < n && e[i].from <= number; i++) {
        int f = fit(&e[i], number, suffix);
        if (f < best || f == FIT_NONE || e[i].from == 0)
            continue;
        if (f > best)
            found = (answer){ .place = -1 };
        best = f;
        merge(&found, e[i].place, false);
    }
    if (found.place < 0)
        return;
    ret->numbers = ret->numbers || found.several;
    merge(ret, found.place, found.several);
}

/* One house: in groups that agree with the postcode (in *right) and others (in *wrong). */
static void ask_street(const kz_gazetteer *g, const street *s, int32_t postcode, int32_t number, const char *suffix,
                       answer *right, answer *wrong)
{
    const entry *e = &g->entries[s->first];
    for (int i = 0, k; i < s->n; i = k) {
        for (k = i + 1; k < s->n && e[k].postcode == e[i].postcode;)
            k++;
        bool agrees = postcode == 0 || e[i].postcode == 0 || e[i].postcode == postcode;
        ask_group(e + i, k - i, number, suffix, agrees ? right : wrong);
    }
}

/* An address without number: every house of the street is possible. */
static void ask_whole(const kz_gazetteer *g, const street *s, int32_t postcode, answer *right, answer *wrong)
{
    for (int i = s->first; i < s->first + s->n; i++) {
        const entry *e = &g->entries[i];
        bool agrees = postcode == 0 || e->postcode == 0 || e->postcode == postcode;
        merge(agrees ? right : wrong, e->place, false);
    }
}

static kz_located_verdict say(kz_located *ret, kz_located_verdict v, int place, kz_located_why why)
{
    *ret = (kz_located){ .verdict = v, .place = place, .why = why };
    return v;
}

static bool known_postcode(const kz_gazetteer *g, int32_t code)
{
    return g->n_postcodes == 0 ||
           bsearch(&code, g->postcodes, (size_t)g->n_postcodes, sizeof code, by_number) != NULL;
}

kz_located_verdict kz_gazetteer_find(const kz_gazetteer *g, const kz_address *a, kz_located *ret)
{
    char key[KZ_STREET_KEY];
    kz_house h;
    uint32_t id;
    answer right = { .place = -1 }, wrong = { .place = -1 };
    size_t n = kz_street_key(a->street, key);
    int32_t postcode = kz_postcode_parse(a->postcode);
    if (n == 0)
        return say(ret, KZ_LOCATED_UNKNOWN, -1, KZ_WHY_NO_STREET);
    if (postcode < 0)
        return say(ret, KZ_LOCATED_UNKNOWN, -1, KZ_WHY_BAD_POSTCODE);
    bool foreign = postcode > 0 && !known_postcode(g, postcode);
    if (!kz_dict_find(&g->keys, kz_view_from(key, n), &id))
        return foreign ? say(ret, KZ_LOCATED_OUTSIDE, -1, KZ_WHY_FOREIGN)
                       : say(ret, KZ_LOCATED_UNKNOWN, -1, KZ_WHY_STREET);
    const street *s = &g->streets[id];
    bool ends = false;
    kz_house_form form = kz_house_parse(a->number, a->suffix, &h);
    if (form == KZ_HOUSE_UNREADABLE)
        return say(ret, KZ_LOCATED_UNKNOWN, -1, KZ_WHY_BAD_NUMBER);
    if (form == KZ_HOUSE_NONE) {
        ask_whole(g, s, postcode, &right, &wrong);
    } else {
        ask_street(g, s, postcode, h.from, h.suffix, &right, &wrong);
        if (h.to > h.from && right.place >= 0 && !right.several) {
            answer last = { .place = -1 }, other = { .place = -1 };
            ask_street(g, s, postcode, h.to, h.suffix_to, &last, &other);
            ends = last.place >= 0 && (last.several || last.place != right.place);
        }
    }
    if (right.place >= 0) {
        if (ends)
            return say(ret, KZ_LOCATED_AMBIGUOUS, -1, KZ_WHY_ENDS);
        if (!right.several)
            return say(ret, KZ_LOCATED_OK, right.place, KZ_WHY_FINE);
        return say(ret, KZ_LOCATED_AMBIGUOUS, -1,
                   form == KZ_HOUSE_NONE ? KZ_WHY_NO_NUMBER : right.numbers ? KZ_WHY_AREAS : KZ_WHY_POSTCODES);
    }
    if (wrong.place >= 0)
        return foreign ? say(ret, KZ_LOCATED_OUTSIDE, -1, KZ_WHY_FOREIGN)
                       : say(ret, KZ_LOCATED_MISMATCH, wrong.several ? -1 : wrong.place, KZ_WHY_POSTCODE);
    return say(ret, KZ_LOCATED_UNKNOWN, -1, KZ_WHY_NUMBER);
}

int kz_gazetteer_n_places(const kz_gazetteer *g)
{
    return g->n_places;
}

const kz_place *kz_gazetteer_place(const kz_gazetteer *g, int place)
{
    KZ_ASSERT(place >= 0 && place < g->n_places);
    return &g->places[place];
}

kz_gazetteer_size kz_gazetteer_measure(const kz_gazetteer *g)
{
    return (kz_gazetteer_size){ .streets = g->n_streets, .addresses = g->n_entries, .postcodes = g->n_postcodes,
                                .places = g->n_places };
}

/* ---- proposals ------------------------------------------------------------------ */

/* Changes of one letter from a to b (Levenshtein), at most `most`. */
static int distance(kz_view a, kz_view b, int most)
{
    int line[KZ_STREET_KEY + 1];
    if (a.n > KZ_STREET_KEY || b.n > KZ_STREET_KEY)
        return most;
    for (size_t k = 0; k <= b.n; k++)
        line[k] = (int)k;
    for (size_t i = 1; i <= a.n; i++) {
        int diagonal = line[0];
        line[0] = (int)i;
        for (size_t k = 1; k <= b.n; k++) {
            int put = line[k - 1] < line[k] ? line[k - 1] + 1 : line[k] + 1;
            int swap = diagonal + (a.p[i - 1] != b.p[k - 1]);
            diagonal = line[k];
            line[k] = put < swap ? put : swap;
        }
    }
    return line[b.n] < most ? line[b.n] : most;
}

const char *kz_gazetteer_propose(const kz_gazetteer *g, kz_view name)
{
    char key[KZ_STREET_KEY];
    kz_view wanted = { key, kz_street_key(name, key) };
    if (wanted.n < 3)
        return NULL;
    uint32_t sound = kz_phonetic_hash(wanted);
    int best = (int)(wanted.n < 8 ? 1 : 2) + 1, best_id = -1;
    for (int i = 0; i < g->n_streets; i++) {
        /* What sounds the same may differ in more letters. */
        int room = g->streets[i].sound == sound ? (int)(wanted.n / 3) + 1 : 0;
        int most = room > best ? room : best;
        int d = distance(wanted, g->keys.keys[i], most);
        d = g->streets[i].sound == sound && d > 0 && d < room ? (d + 1) / 2 : d;
        if (d < best) {
            best = d;
            best_id = i;
        }
    }
    return best_id >= 0 ? g->streets[best_id].name : NULL;
}
