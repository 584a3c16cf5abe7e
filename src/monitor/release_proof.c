#include "monitor/release_proof.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/buf.h"

enum { PACKED_MOST = 256 << 20, ENTRIES_MOST = 100000000, NAMES_MOST = 64 << 20 };

/* ---- numbers of variable length: 7 bits a byte, the last one below 128 ----------------------- */

static void put_number(kz_buf *out, uint64_t v)
{
    char bytes[10];
    size_t n = 0;
    for (; v >= 128; v >>= 7)
        bytes[n++] = (char)(v | 128);
    bytes[n++] = (char)v;
    kz_buf_add(out, bytes, n);
}

typedef struct reader {
    const unsigned char *p, *end;
    bool bad;
} reader;

static uint64_t get_number(reader *r)
{
    uint64_t v = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        if (r->p == r->end) {
            r->bad = true;
            return 0;
        }
        unsigned char b = *r->p++;
        v |= (uint64_t)(b & 127) << shift;
        if (b < 128)
            return v;
    }
    r->bad = true;
    return 0;
}

static uint64_t zigzag(int64_t v)
{
    return ((uint64_t)v << 1) ^ (v < 0 ? UINT64_MAX : 0);
}

static int64_t unzigzag(uint64_t v)
{
    return (int64_t)(v >> 1) ^ -(int64_t)(v & 1);
}

/* ---- shape: what the numbers of a proof mean ---------------------------------------------------- */

static uint64_t mix(uint64_t h, uint64_t v)
{
    h ^= v + UINT64_C(0x9e3779b97f4a7c15) + (h << 6) + (h >> 2);
    return h * UINT64_C(0xff51afd7ed558ccd);
}

static int64_t shape_of(const kz_protect_part *p)
{
    const kz_sdc_linked *l = &p->linked;
    uint64_t h = mix((uint64_t)l->n_areas, (uint64_t)l->n_codes);
    for (int a = 0; a < l->n_areas; a++)
        h = mix(mix(h, (uint64_t)p->area[a]), (uint64_t)(l->parent[a] + 1));
    for (int c = 0; c < l->n_codes; c++)
        h = mix(h, (uint64_t)p->code[c]);
    for (size_t i = 0; l->n_relations > 0 && i < l->start[l->n_relations]; i++)
        h = mix(h, (uint64_t)l->term[i]);
    return (int64_t)(h >> 1);
}

static void write_proof(kz_buf *out, const kz_sdc_proof *p)
{
    put_number(out, (uint64_t)p->n_witness);
    for (int w = 0; w < p->n_witness; w++) {
        int64_t before = 0;
        put_number(out, p->start[w + 1] - p->start[w]);
        put_number(out, (uint64_t)p->owner[w]);
        for (size_t i = p->start[w]; i < p->start[w + 1]; i++) {
            put_number(out, zigzag(p->cell[i] - before));
            put_number(out, zigzag(p->coef[i]));
            before = p->cell[i];
        }
    }
}

static kz_status no_memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
}

/* What the numbers mean: forms and ids of areas, a line each. */
static void write_names(const kz_protect_system *s, const kz_protect_part *of, kz_buf *codes, kz_buf *areas)
{
    for (int c = 0; c < of->linked.n_codes; c++) {
        kz_form_write(codes, &s->codes[of->code[c]].form);
        kz_buf_str(codes, "\n");
    }
    for (int a = 0; a < of->linked.n_areas; a++) {
        kz_buf_int(areas, s->counts.m.areas[of->area[a]]);
        kz_buf_str(areas, "\n");
    }
}

kz_status kz_release_proof_put(kz_db *work, int64_t release, int part, const kz_protect_system *s,
                               const kz_protect_part *of, const kz_sdc_proof *proof, kz_err *err)
{
    kz_auto(kz_buf) plain = kz_buf_init(PACKED_MOST), codes = kz_buf_init(NAMES_MOST), areas = kz_buf_init(NAMES_MOST);
    write_names(s, of, &codes, &areas);
    KZ_TRY(kz_buf_status(&codes));
    KZ_TRY(kz_buf_status(&areas));
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    write_proof(&plain, proof);
    KZ_TRY(kz_buf_status(&plain));
    uLongf n = compressBound((uLong)plain.n);
    unsigned char *packed = malloc(n + 1);
    if (!packed || compress2(packed, &n, (const Bytef *)kz_buf_text(&plain), (uLong)plain.n, 1) != Z_OK) {
        free(packed);
        return no_memory(err);
    }
    kz_status st = kz_prepare(work, "INSERT INTO release_proof (release, part, shape, entries, bytes, packed, period, "
                                    "unit, codes, areas) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)", &q, err);
    if (st == KZ_OK) {
        kz_bind_int(&q, 1, release);
        kz_bind_int(&q, 2, part);
        kz_bind_int(&q, 3, shape_of(of));
        kz_bind_int(&q, 4, (int64_t)proof->start[proof->n_witness]);
        kz_bind_int(&q, 5, (int64_t)plain.n);
        kz_bind_blob(&q, 6, packed, n);
        kz_bind_int(&q, 7, s->counts.m.periods[of->period]);
        kz_bind_text(&q, 8, of->unit);
        kz_bind_text(&q, 9, kz_buf_text(&codes));
        kz_bind_text(&q, 10, kz_buf_text(&areas));
        st = kz_run(&q, err);
    }
    free(packed);
    return st;
}

/* False: the bytes are no proof, or there is no memory for it. */
static bool read_proof(reader *r, size_t entries, kz_sdc_proof *p)
{
    uint64_t n = get_number(r), at = 0;
    if (r->bad || n > ENTRIES_MOST || entries > ENTRIES_MOST)
        return false;
    p->start = calloc(n + 2, sizeof *p->start);
    p->cell = calloc(entries + 1, sizeof *p->cell);
    p->coef = calloc(entries + 1, sizeof *p->coef);
    p->owner = calloc(n + 1, sizeof *p->owner);
    if (!p->start || !p->cell || !p->coef || !p->owner)
        return false;
    for (uint64_t w = 0; w < n; w++) {
        uint64_t len = get_number(r), owner = get_number(r);
        int64_t cell = 0;
        if (r->bad || len > entries - at || owner > INT32_MAX)
            return false;
        p->owner[w] = (int)owner;
        for (uint64_t i = 0; i < len; i++, at++) {
            cell += unzigzag(get_number(r));
            int64_t coef = unzigzag(get_number(r));
            if (r->bad || cell < 0 || cell > INT32_MAX || coef < INT32_MIN || coef > INT32_MAX)
                return false;
            p->cell[at] = (int)cell;
            p->coef[at] = (int)coef;
        }
        p->start[++p->n_witness] = at;
    }
    return r->p == r->end && at == entries;
}

/* The proof in columns entries, bytes, packed from `at` on; false in *found: it is none. */
static kz_status unpack(kz_stmt *q, int at, kz_sdc_proof *ret, bool *found, kz_err *err)
{
    kz_sdc_proof p = { 0 };
    size_t n;
    int64_t entries = kz_col_int(q, at), bytes = kz_col_int(q, at + 1);
    const void *packed = kz_col_blob(q, at + 2, &n);
    *found = false;
    if (entries < 0 || entries > ENTRIES_MOST || bytes < 0 || bytes > PACKED_MOST)
        return KZ_OK;
    uLongf all = (uLongf)bytes;
    unsigned char *plain = malloc((size_t)bytes + 1);
    if (!plain)
        return no_memory(err);
    reader r = { plain, plain + bytes, false };
    *found = uncompress(plain, &all, packed, (uLong)n) == Z_OK && all == (uLongf)bytes &&
             read_proof(&r, (size_t)entries, &p);
    free(plain);
    if (*found)
        *ret = p;
    else
        kz_sdc_proof_done(&p);
    return KZ_OK;
}

kz_status kz_release_proof_get(kz_db *work, int64_t release, int part, const kz_protect_part *of, kz_sdc_proof *ret,
                               bool *found, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work, "SELECT shape, entries, bytes, packed FROM release_proof WHERE release = ?1 AND part = ?2",
                      &q, err));
    kz_bind_int(&q, 1, release);
    kz_bind_int(&q, 2, part);
    KZ_TRY(kz_step(&q, found, err));
    if (*found && kz_col_int(&q, 0) == shape_of(of))
        return unpack(&q, 1, ret, found, err);
    *found = false;
    return KZ_OK;
}

/* ---- hints ------------------------------------------------------------------------------------- */

typedef struct hints {
    kz_sdc_proof p;
    size_t cap, witness_cap;
} hints;

static bool more_room(hints *h, size_t entries, size_t witnesses)
{
    size_t cap = h->cap + entries, wcap = h->witness_cap + witnesses;
    int *cell = realloc(h->p.cell, (cap + 1) * sizeof *cell);
    if (cell)
        h->p.cell = cell;
    int *coef = realloc(h->p.coef, (cap + 1) * sizeof *coef);
    if (coef)
        h->p.coef = coef;
    size_t *start = realloc(h->p.start, (wcap + 2) * sizeof *start);
    if (start)
        h->p.start = start;
    int *owner = realloc(h->p.owner, (wcap + 1) * sizeof *owner);
    if (owner)
        h->p.owner = owner;
    if (!cell || !coef || !start || !owner)
        return false;
    if (h->witness_cap == 0)
        h->p.start[0] = 0;
    h->cap = cap;
    h->witness_cap = wcap;
    return true;
}

/* Numbers of the part for the lines of a text; KZ_NONE: the part has it no more. */
static int *renumber(const char *lines, const char *const own[], int n, int *ret_n)
{
    int all = 0, at = 0;
    for (const char *p = lines; *p; p++)
        all += *p == '\n';
    int *to = calloc((size_t)all + 1, sizeof *to);
    for (const char *p = lines; to && at < all; at++) {
        size_t len = (size_t)(strchr(p, '\n') - p);
        to[at] = KZ_NONE;
        for (int i = 0; i < n && to[at] == KZ_NONE; i++)
            if (strlen(own[i]) == len && memcmp(own[i], p, len) == 0)
                to[at] = i;
        p += len + 1;
    }
    *ret_n = all;
    return to;
}

static int move_cell(const kz_sdc_linked *l, const int codes[], int n_codes, const int areas[], int n_areas, int cell)
{
    int all = n_codes * n_areas, own = all > 0 ? cell % all : 0;
    if (all == 0 || cell < 0 || cell >= 2 * all || codes[own / n_areas] == KZ_NONE || areas[own % n_areas] == KZ_NONE)
        return KZ_NONE;
    return (cell >= all ? l->n_codes * l->n_areas : 0) + codes[own / n_areas] * l->n_areas + areas[own % n_areas];
}

/* Those witnesses of `old` whose counts all are in the part. */
static bool add_hints(hints *h, const kz_sdc_linked *l, const kz_sdc_proof *old, const int codes[], int n_codes,
                      const int areas[], int n_areas)
{
    kz_sdc_proof *p = &h->p;
    if (!more_room(h, old->start[old->n_witness], (size_t)old->n_witness))
        return false;
    for (int w = 0; w < old->n_witness; w++) {
        size_t at = p->start[p->n_witness];
        int owner = move_cell(l, codes, n_codes, areas, n_areas, old->owner[w]);
        bool whole = owner != KZ_NONE;
        for (size_t i = old->start[w]; i < old->start[w + 1] && whole; i++, at++) {
            p->cell[at] = move_cell(l, codes, n_codes, areas, n_areas, old->cell[i]);
            p->coef[at] = old->coef[i];
            whole = p->cell[at] != KZ_NONE;
        }
        if (!whole)
            continue;
        p->owner[p->n_witness] = owner;
        p->start[++p->n_witness] = at;
    }
    return true;
}

static bool take_row(hints *h, kz_stmt *q, const kz_sdc_linked *l, const kz_sdc_proof *old, const char *const codes[],
                     const char *const areas[])
{
    int n_codes, n_areas;
    int *c = renumber(kz_col_text(q, 3), codes, l->n_codes, &n_codes);
    int *a = renumber(kz_col_text(q, 4), areas, l->n_areas, &n_areas);
    bool ok = c && a && add_hints(h, l, old, c, n_codes, a, n_areas);
    free(c);
    free(a);
    return ok;
}

/* The part's own names, as write_names has them. */
static bool split_names(kz_buf *names, const char *ret[], int n)
{
    char *p = names->n > 0 ? kz_buf_grow(names, 0) : NULL;
    char *text = p ? p - names->n : NULL;
    for (int i = 0; i < n; i++) {
        char *end = text ? strchr(text, '\n') : NULL;
        if (!end)
            return false;
        *end = '\0';
        ret[i] = text;
        text = end + 1;
    }
    return true;
}

kz_status kz_release_proof_hints(kz_db *work, int64_t release, const kz_protect_system *s, const kz_protect_part *of,
                                 kz_sdc_proof *ret, kz_err *err)
{
    kz_auto(kz_buf) codes = kz_buf_init(NAMES_MOST), areas = kz_buf_init(NAMES_MOST);
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_arena) arena;
    hints h = { 0 };
    bool row, found;
    kz_status st;
    kz_arena_init(&arena, NAMES_MOST);
    const char **code = kz_arena_new(&arena, const char *, of->linked.n_codes + 1);
    const char **area = kz_arena_new(&arena, const char *, of->linked.n_areas + 1);
    write_names(s, of, &codes, &areas);
    if (!code || !area || !split_names(&codes, code, of->linked.n_codes) ||
        !split_names(&areas, area, of->linked.n_areas))
        return no_memory(err);
    KZ_TRY(kz_prepare(work, "SELECT p.entries, p.bytes, p.packed, p.codes, p.areas FROM release_proof p JOIN release r "
                            "ON r.id = p.release WHERE p.release <> ?1 AND r.state IN ('approved', 'published') AND "
                            "p.period = ?2 AND p.unit = ?3 ORDER BY p.release DESC", &q, err));
    kz_bind_int(&q, 1, release);
    kz_bind_int(&q, 2, s->counts.m.periods[of->period]);
    kz_bind_text(&q, 3, of->unit);
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        kz_sdc_proof old = { 0 };
        st = unpack(&q, 0, &old, &found, err);
        if (st == KZ_OK && found && !take_row(&h, &q, &of->linked, &old, code, area))
            st = no_memory(err);
        kz_sdc_proof_done(&old);
        if (st != KZ_OK)
            break;
    }
    if (st == KZ_OK)
        *ret = h.p;
    else
        kz_sdc_proof_done(&h.p);
    return st;
}

kz_status kz_release_proof_drop(kz_db *work, int64_t release, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work, "DELETE FROM release_proof WHERE release = ?1", &q, err));
    kz_bind_int(&q, 1, release);
    return kz_run(&q, err);
}
