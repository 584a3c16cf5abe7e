#include "monitor/release_proof.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/buf.h"

enum { PACKED_MOST = 256 << 20, ENTRIES_MOST = 100000000 };

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
    return ((uint64_t)v << 1) ^ (uint64_t)(v >> 63);
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

kz_status kz_release_proof_put(kz_db *work, int64_t release, int part, const kz_protect_part *of,
                               const kz_sdc_proof *proof, kz_err *err)
{
    kz_auto(kz_buf) plain = kz_buf_init(PACKED_MOST);
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    write_proof(&plain, proof);
    KZ_TRY(kz_buf_status(&plain));
    uLongf n = compressBound((uLong)plain.n);
    unsigned char *packed = malloc(n + 1);
    if (!packed || compress2(packed, &n, (const Bytef *)kz_buf_text(&plain), (uLong)plain.n, 1) != Z_OK) {
        free(packed);
        return no_memory(err);
    }
    kz_status st = kz_prepare(work, "INSERT INTO release_proof (release, part, shape, entries, bytes, packed) "
                                    "VALUES (?1, ?2, ?3, ?4, ?5, ?6)", &q, err);
    if (st == KZ_OK) {
        kz_bind_int(&q, 1, release);
        kz_bind_int(&q, 2, part);
        kz_bind_int(&q, 3, shape_of(of));
        kz_bind_int(&q, 4, (int64_t)proof->start[proof->n_witness]);
        kz_bind_int(&q, 5, (int64_t)plain.n);
        kz_bind_blob(&q, 6, packed, n);
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

kz_status kz_release_proof_get(kz_db *work, int64_t release, int part, const kz_protect_part *of, kz_sdc_proof *ret,
                               bool *found, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_sdc_proof p = { 0 };
    size_t n;
    KZ_TRY(kz_prepare(work, "SELECT shape, entries, bytes, packed FROM release_proof WHERE release = ?1 AND part = ?2",
                      &q, err));
    kz_bind_int(&q, 1, release);
    kz_bind_int(&q, 2, part);
    KZ_TRY(kz_step(&q, found, err));
    if (!*found || kz_col_int(&q, 0) != shape_of(of)) {
        *found = false;
        return KZ_OK;
    }
    int64_t entries = kz_col_int(&q, 1), bytes = kz_col_int(&q, 2);
    const void *packed = kz_col_blob(&q, 3, &n);
    if (entries < 0 || entries > ENTRIES_MOST || bytes < 0 || bytes > PACKED_MOST) {
        *found = false;
        return KZ_OK;
    }
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

kz_status kz_release_proof_drop(kz_db *work, int64_t release, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work, "DELETE FROM release_proof WHERE release = ?1", &q, err));
    kz_bind_int(&q, 1, release);
    return kz_run(&q, err);
}
