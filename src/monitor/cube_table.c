#include "monitor/cube_table.h"

#include "base/dict.h"
#include "base/parse.h"
#include "io/csv.h"

#include <stdlib.h>

enum { CACHE = 4096, DECIMALS_MAX = 9, FIRST_ROWS = 1 << 14 };
#define FILE_MAX_BYTES ((size_t)16 << 30)
#define TEXT_MAX_BYTES ((size_t)16 << 30)

/* Short values met before: most columns have few of them, and hashing well is slow. */
typedef struct known {
    uint64_t bytes;
    uint32_t n, id;
} known;

typedef struct column {
    size_t    at; /* in the file */
    kz_dict   dict;
    uint64_t *line; /* of the first row with a value */
    uint32_t  room;
    known    *cache;
} column;

typedef struct reading {
    kz_csv             csv;
    kz_arena           scratch; /* dictionaries: gone after reading */
    const kz_cube_ask *ask;
    kz_cube_table     *t;
    column             by[KZ_CUBE_DIMS_MAX], person;
    size_t             sum_at;
    kz_number_column   numbers;
    uint64_t           room; /* rows */
} reading;

static kz_status no_memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "cube.labels");
}

/* ---- codes -------------------------------------------------------------------------- */

static bool start_column(reading *r, column *c, bool lines)
{
    c->cache = kz_arena_new(&r->scratch, known, CACHE);
    c->room = lines ? 256 : 0;
    c->line = kz_arena_new(&r->scratch, uint64_t, 256);
    return c->cache && c->line;
}

/* Up to eight bytes as a number; together with n it is the value. */
static uint64_t short_bytes(kz_view v)
{
    const unsigned char *p = (const unsigned char *)v.p;
    if (v.n >= 4) {
        uint32_t first, last;
        memcpy(&first, p, 4);
        memcpy(&last, p + v.n - 4, 4);
        return first | (uint64_t)last << 32;
    }
    return v.n ? (uint64_t)(p[0] | p[v.n / 2] << 8 | p[v.n - 1] << 16) : 0;
}

static kz_status new_code(reading *r, column *c, uint32_t id, uint64_t line, kz_err *err)
{
    if (c->room == 0)
        return KZ_OK;
    if (id == c->room) {
        uint64_t *more = kz_arena_new(&r->scratch, uint64_t, (size_t)c->room * 2);
        if (!more)
            return no_memory(err);
        memcpy(more, c->line, c->room * sizeof more[0]);
        c->line = more;
        c->room *= 2;
    }
    c->line[id] = line;
    return KZ_OK;
}

static kz_status code_of(reading *r, column *c, const kz_csv_row *row, uint32_t *ret, kz_err *err)
{
    kz_view v = kz_view_trim(row->field[c->at]);
    bool fresh;
    if (v.n > 8) {
        KZ_TRY(kz_dict_put(&c->dict, v, ret, &fresh, err));
        return fresh ? new_code(r, c, *ret, row->line, err) : KZ_OK;
    }
    uint64_t bytes = short_bytes(v);
    known *k = &c->cache[((bytes + v.n) * UINT64_C(0x9E3779B97F4A7C15)) >> 52];
    if (k->id && k->bytes == bytes && k->n == v.n) {
        *ret = k->id - 1;
        return KZ_OK;
    }
    KZ_TRY(kz_dict_put(&c->dict, v, ret, &fresh, err));
    if (fresh)
        KZ_TRY(new_code(r, c, *ret, row->line, err));
    *k = (known){ bytes, (uint32_t)v.n, *ret + 1 };
    return KZ_OK;
}

/* ---- rows --------------------------------------------------------------------------- */

static bool grow(uint32_t **p, uint64_t room)
{
    uint32_t *more = realloc(*p, room * sizeof *more);
    if (!more)
        return false;
    *p = more;
    return true;
}

static kz_status more_rows(reading *r, kz_err *err)
{
    uint64_t room = r->room ? r->room * 2 : FIRST_ROWS;
    for (int d = 0; d < r->ask->n_by; d++) {
        if (!grow(&r->t->codes[d], room))
            return no_memory(err);
    }
    if (r->ask->distinct && !grow(&r->t->person, room))
        return no_memory(err);
    r->room = room;
    return KZ_OK;
}

static kz_status take_row(reading *r, const kz_csv_row *row, kz_err *err)
{
    kz_cube_table *t = r->t;
    if (t->n_rows == r->room)
        KZ_TRY(more_rows(r, err));
    if (t->n_rows >= UINT32_MAX - 1)
        return kz_fail(err, KZ_E_LIMIT, "cube.rows", kz_n("max", UINT32_MAX - 1));
    for (int d = 0; d < r->ask->n_by; d++)
        KZ_TRY(code_of(r, &r->by[d], row, &t->codes[d][t->n_rows], err));
    if (r->ask->distinct) {
        if (kz_view_trim(row->field[r->person.at]).n == 0) {
            t->person[t->n_rows] = KZ_CUBE_NOBODY;
            t->n_nobody++;
        } else {
            KZ_TRY(code_of(r, &r->person, row, &t->person[t->n_rows], err));
        }
    }
    if (r->ask->sum)
        kz_number_see(&r->numbers, row->field[r->sum_at], row->line);
    t->n_rows++;
    return KZ_OK;
}

static kz_status find_columns(reading *r, kz_err *err)
{
    const kz_cube_ask *ask = r->ask;
    for (int d = 0; d < ask->n_by; d++) {
        KZ_TRY(kz_csv_column(&r->csv, ask->by[d], &r->by[d].at, err));
        for (int k = 0; k < d; k++) {
            if (r->by[k].at == r->by[d].at)
                return kz_fail(err, KZ_E_USAGE, "cube.by_twice", kz_s("column", ask->by[d]));
        }
        KZ_TRY(kz_dict_init(&r->by[d].dict, &r->scratch, KZ_CUBE_NODES_MAX - 1, err));
        kz_view name = r->csv.header[r->by[d].at];
        r->t->name[d] = kz_arena_strndup(&r->t->arena, name.p, name.n);
        if (!r->t->name[d] || !start_column(r, &r->by[d], true))
            return no_memory(err);
    }
    if (ask->distinct) {
        KZ_TRY(kz_csv_column(&r->csv, ask->distinct, &r->person.at, err));
        KZ_TRY(kz_dict_init(&r->person.dict, &r->scratch, UINT32_MAX / 4, err));
        if (!start_column(r, &r->person, false))
            return no_memory(err);
    }
    return ask->sum ? kz_csv_column(&r->csv, ask->sum, &r->sum_at, err) : KZ_OK;
}

/* ---- numbers ------------------------------------------------------------------------- */

static kz_status number_style(reading *r, kz_number_style *style, kz_err *err)
{
    *style = kz_number_decide(&r->numbers);
    if (*style == KZ_NUM_ASK && r->csv.delimiter == ',')
        *style = KZ_NUM_POINT;
    if (*style != KZ_NUM_CONFLICT)
        return KZ_OK; /* what is still open is said at its row */
    return kz_fail(err, KZ_E_INPUT, "cube.two_styles", kz_s("file", r->csv.file), kz_s("column", r->ask->sum),
                   kz_n("point", r->numbers.line_point), kz_n("comma", r->numbers.line_comma));
}

/* A number as digits without its decimal sign, and how many stood behind it. */
static kz_parsed exact(kz_view v, kz_number_style style, int64_t *ret, int *decimals)
{
    int64_t x = 0;
    double real;
    int behind = 0, zeros = 0;
    bool after = false, minus = v.p[0] == '-' || (v.n > 3 && memcmp(v.p, "\xE2\x88\x92", 3) == 0);
    char sign = style == KZ_NUM_COMMA ? ',' : '.';
    kz_parsed p = kz_parse_int(v, style, ret);
    if (p == KZ_PARSED)
        *decimals = 0;
    if (p != KZ_PARSED_FRACTION)
        return p;
    p = kz_parse_real(v, style, &real);
    if (p != KZ_PARSED)
        return p;
    for (size_t i = 0; i < v.n; i++) {
        char c = v.p[i];
        after |= c == sign;
        if (c == 'e' || c == 'E')
            return KZ_PARSED_RANGE;
        if (c < '0' || c > '9')
            continue;
        if (after && c == '0') { /* counts only when something follows */
            zeros++;
            continue;
        }
        for (; zeros >= 0; zeros--) {
            if (__builtin_mul_overflow(x, 10, &x) || __builtin_add_overflow(x, zeros ? 0 : c - '0', &x))
                return KZ_PARSED_RANGE;
            behind += after;
        }
        zeros = 0;
    }
    if (behind > DECIMALS_MAX)
        return KZ_PARSED_RANGE;
    *ret = minus ? -x : x;
    *decimals = behind;
    return KZ_PARSED;
}

static kz_status read_numbers(reading *r, kz_err *err)
{
    static const int64_t TEN[DECIMALS_MAX + 1] = { 1,      10,      100,      1000,      10000,
                                                   100000, 1000000, 10000000, 100000000, 1000000000 };
    kz_cube_table *t = r->t;
    kz_number_style style;
    kz_csv_row row;
    uint64_t n = 0;
    KZ_TRY(number_style(r, &style, err));
    t->value = malloc((t->n_rows + 1) * sizeof *t->value);
    uint8_t *decimals = kz_arena_new(&r->scratch, uint8_t, t->n_rows + 1);
    if (!t->value || !decimals)
        return no_memory(err);
    kz_csv_rewind(&r->csv);
    for (; kz_csv_next(&r->csv, &row); n++) {
        int behind = 0;
        kz_view v = kz_view_trim(row.field[r->sum_at]);
        t->value[n] = 0;
        kz_parsed p = v.n ? exact(v, style, &t->value[n], &behind) : KZ_PARSED_EMPTY;
        if (p != KZ_PARSED && p != KZ_PARSED_EMPTY)
            return kz_csv_field_fail(&r->csv, &row, r->sum_at, kz_parsed_id(p), err);
        t->n_no_value += p == KZ_PARSED_EMPTY;
        t->decimals = behind > t->decimals ? behind : t->decimals;
        decimals[n] = (uint8_t)behind;
    }
    KZ_TRY(kz_csv_end(&r->csv, err));
    for (uint64_t i = 0; i < n && t->decimals; i++) {
        if (__builtin_mul_overflow(t->value[i], TEN[t->decimals - decimals[i]], &t->value[i]))
            return kz_fail(err, KZ_E_INPUT, "cube.sum_large");
    }
    return KZ_OK;
}

/* ---- from codes to nodes --------------------------------------------------------------- */

/* The narrowest array that holds the nodes, in the place of the codes. */
static kz_codes nodes_of(uint32_t *codes, uint64_t n, const kz_cube_tree *tree)
{
    uint8_t *byte = (uint8_t *)codes;
    uint16_t *pair = (uint16_t *)codes;
    int width = tree->n_nodes <= 1 << 8 ? 1 : tree->n_nodes <= 1 << 16 ? 2 : 4;
    for (uint64_t i = 0; i < n; i++) {
        uint32_t node = tree->node_of[codes[i]];
        if (width == 1)
            byte[i] = (uint8_t)node;
        else if (width == 2)
            pair[i] = (uint16_t)node;
        else
            codes[i] = node;
    }
    return (kz_codes){ codes, width };
}

static kz_status make_dim(reading *r, int d, kz_err *err)
{
    kz_cube_table *t = r->t;
    const column *c = &r->by[d];
    kz_cube_code *codes = kz_arena_new(&t->arena, kz_cube_code, (size_t)c->dict.n + 1);
    if (!codes)
        return no_memory(err);
    for (uint32_t i = 0; i < c->dict.n; i++) {
        kz_view v = c->dict.keys[i];
        char *copy = kz_arena_strndup(&t->arena, v.p, v.n);
        if (!copy)
            return no_memory(err);
        if (kz_view_is(v, KZ_CUBE_TOTAL))
            return kz_fail(err, KZ_E_INPUT, "cube.total_in_data", kz_s("file", r->csv.file), kz_n("line", c->line[i]),
                           kz_s("column", t->name[d]), kz_vw("value", v));
        codes[i] = (kz_cube_code){ kz_view_from(copy, v.n), c->line[i] };
    }
    if (r->ask->hier[d])
        KZ_TRY(kz_cube_tree_read(r->ask->hier[d], r->csv.file, t->name[d], codes, c->dict.n, &t->arena, &t->tree[d],
                                 err));
    else
        KZ_TRY(kz_cube_tree_flat(codes, c->dict.n, &t->arena, &t->tree[d], err));
    t->dim[d] = (kz_cube_dim){ .codes = nodes_of(t->codes[d], t->n_rows, &t->tree[d]), .n_nodes = t->tree[d].n_nodes,
                               .parent = t->tree[d].parent };
    return KZ_OK;
}

static kz_status read_all(reading *r, const char *path, kz_err *err)
{
    kz_csv_row row;
    KZ_TRY(kz_csv_open(&r->csv, path, &(kz_csv_opts){ .max_bytes = FILE_MAX_BYTES }, err));
    KZ_TRY(find_columns(r, err));
    while (kz_csv_next(&r->csv, &row)) {
        KZ_TRY(kz_csv_check(&r->csv, &row, err));
        KZ_TRY(take_row(r, &row, err));
    }
    KZ_TRY(kz_csv_end(&r->csv, err));
    if (r->ask->sum)
        KZ_TRY(read_numbers(r, err));
    for (int d = 0; d < r->ask->n_by; d++)
        KZ_TRY(make_dim(r, d, err));
    return KZ_OK;
}

kz_status kz_cube_table_read(const char *path, const kz_cube_ask *ask, kz_cube_table *ret, kz_err *err)
{
    kz_cube_table t = { .n_by = ask->n_by };
    reading *r = calloc(1, sizeof *r);
    if (!r)
        return no_memory(err);
    kz_arena_init(&t.arena, TEXT_MAX_BYTES);
    kz_arena_init(&r->scratch, TEXT_MAX_BYTES);
    r->ask = ask;
    r->t = &t;
    kz_status st = read_all(r, path, err);
    kz_csv_done(&r->csv);
    kz_arena_done(&r->scratch);
    free(r);
    if (st != KZ_OK) {
        kz_cube_table_done(&t);
        return st;
    }
    *ret = t;
    return KZ_OK;
}

void kz_cube_table_done(kz_cube_table *t)
{
    kz_arena_done(&t->arena);
    for (int d = 0; d < KZ_CUBE_DIMS_MAX; d++)
        free(t->codes[d]);
    free(t->person);
    free(t->value);
    *t = (kz_cube_table){ 0 };
}

kz_cube_job kz_cube_table_job(const kz_cube_table *t)
{
    return (kz_cube_job){ .n_rows = t->n_rows, .n_dims = t->n_by, .dims = t->dim,
                          .person = { t->person, t->person ? 4 : 0 }, .value = t->value };
}
