#include "io/gal.h"

#include "base/dict.h"
#include "base/parse.h"
#include "io/file.h"

#include <string.h>

enum { KEY_MOST = 200, FILE_MOST = 1 << 30, FIRST_ROOM = 4096 };

typedef struct reader {
    const char *file, *at, *end;
    int      line;
    kz_arena *arena;
    kz_err  *err;
    kz_dict  dict;     /* keys in order of first appearance, as area or as neighbour */
    int      n;        /* areas that the first line announces                        */
    int     *order;    /* areas as they come: number in dict                         */
    int     *place;    /* of a number in dict: its area, -1 not seen yet             */
    int     *last;     /* the area that named it as neighbour last, + 1              */
    int     *first_line; /* of a key                                                 */
    int     *from, *to;  /* area, number in dict                                     */
    int      n_links, room;
} reader;

static kz_status memory(reader *r)
{
    return kz_fail(r->err, KZ_E_LIMIT, "gal.memory", kz_s("file", r->file));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The next word; empty at the end of the file. */
static kz_view next_word(reader *r)
{
    while (r->at < r->end && is_blank(*r->at))
        r->line += *r->at++ == '\n';
    const char *from = r->at;
    while (r->at < r->end && !is_blank(*r->at))
        r->at++;
    return kz_view_from(from, (size_t)(r->at - from));
}

static kz_status take_count(reader *r, kz_view word, int64_t most, int64_t *count)
{
    if (kz_parse_plain(word, 0, most, count))
        return KZ_OK;
    return kz_fail(r->err, KZ_E_INPUT, "gal.count", kz_s("file", r->file), kz_n("line", r->line),
                   kz_vw("value", word), kz_n("most", most));
}

/* `49` or `0 49 columbus POLYID`: all in one line. */
static kz_status read_head(reader *r)
{
    int64_t n;
    if (r->end - r->at >= 3 && memcmp(r->at, "\xef\xbb\xbf", 3) == 0)
        r->at += 3;
    kz_view word = next_word(r);
    KZ_TRY(take_count(r, word, KZ_GAL_AREAS_MOST, &n));
    while (r->at < r->end && (*r->at == ' ' || *r->at == '\t'))
        r->at++;
    if (n == 0 && r->at < r->end && *r->at != '\n' && *r->at != '\r')
        KZ_TRY(take_count(r, next_word(r), KZ_GAL_AREAS_MOST, &n));
    while (r->at < r->end && *r->at != '\n' && *r->at != '\r')
        r->at++;
    r->n = (int)n;
    return KZ_OK;
}

static kz_status key_number(reader *r, kz_view word, int *number)
{
    uint32_t id;
    bool fresh;
    if (word.n > KEY_MOST)
        return kz_fail(r->err, KZ_E_INPUT, "gal.key_long", kz_s("file", r->file), kz_n("line", r->line),
                       kz_n("most", KEY_MOST));
    if (r->dict.n >= (uint32_t)r->n && !kz_dict_find(&r->dict, word, &id))
        return kz_fail(r->err, KZ_E_INPUT, "gal.more_keys", kz_s("file", r->file), kz_n("line", r->line),
                       kz_n("n", r->n), kz_vw("key", word));
    KZ_TRY(kz_dict_put(&r->dict, word, &id, &fresh, r->err));
    if (fresh) {
        r->place[id] = -1;
        r->first_line[id] = r->line;
    }
    *number = (int)id;
    return KZ_OK;
}

static kz_status add_link(reader *r, int area, int number)
{
    if (r->n_links == KZ_GAL_LINKS_MOST)
        return memory(r);
    if (r->n_links == r->room) {
        int room = r->room ? 2 * r->room : FIRST_ROOM;
        int *from = kz_arena_new(r->arena, int, room), *to = kz_arena_new(r->arena, int, room);
        if (!from || !to)
            return memory(r);
        if (r->n_links) {
            memcpy(from, r->from, (size_t)r->n_links * sizeof *from);
            memcpy(to, r->to, (size_t)r->n_links * sizeof *to);
        }
        r->from = from;
        r->to = to;
        r->room = room;
    }
    r->from[r->n_links] = area;
    r->to[r->n_links++] = number;
    return KZ_OK;
}

static kz_status read_area(reader *r, int area, kz_view word)
{
    int self, number;
    int64_t count;
    KZ_TRY(key_number(r, word, &self));
    if (r->place[self] >= 0)
        return kz_fail(r->err, KZ_E_INPUT, "gal.twice", kz_s("file", r->file), kz_n("line", r->line),
                       kz_vw("key", word));
    r->place[self] = area;
    r->order[area] = self;
    kz_view key = r->dict.keys[self];
    KZ_TRY(take_count(r, next_word(r), r->n - 1, &count));
    for (int64_t k = 0; k < count; k++) {
        kz_view other = next_word(r);
        if (other.n == 0)
            return kz_fail(r->err, KZ_E_INPUT, "gal.ends", kz_s("file", r->file), kz_vw("key", key));
        KZ_TRY(key_number(r, other, &number));
        if (number == self)
            return kz_fail(r->err, KZ_E_INPUT, "gal.self", kz_s("file", r->file), kz_n("line", r->line),
                           kz_vw("key", key));
        if (r->last[number] == area + 1)
            return kz_fail(r->err, KZ_E_INPUT, "gal.link_twice", kz_s("file", r->file), kz_n("line", r->line),
                           kz_vw("key", key), kz_vw("other", other));
        r->last[number] = area + 1;
        KZ_TRY(add_link(r, area, number));
    }
    return KZ_OK;
}

static kz_status read_areas(reader *r)
{
    int area = 0;
    for (kz_view word = next_word(r); word.n > 0; word = next_word(r)) {
        if (area == r->n)
            return kz_fail(r->err, KZ_E_INPUT, "gal.too_many", kz_s("file", r->file), kz_n("line", r->line),
                           kz_n("n", r->n));
        KZ_TRY(read_area(r, area++, word));
    }
    for (uint32_t k = 0; k < r->dict.n; k++)
        if (r->place[k] < 0)
            return kz_fail(r->err, KZ_E_INPUT, "gal.unknown", kz_s("file", r->file), kz_n("line", r->first_line[k]),
                           kz_vw("key", r->dict.keys[k]));
    if (area < r->n)
        return kz_fail(r->err, KZ_E_INPUT, "gal.too_few", kz_s("file", r->file), kz_n("n", r->n), kz_n("found", area));
    return KZ_OK;
}

kz_status kz_gal_parse(const char *name, const char *p, size_t n, kz_arena *a, kz_gal *ret, kz_err *err)
{
    reader r = { .file = name, .at = p, .end = p + n, .line = 1, .arena = a, .err = err };
    KZ_TRY(read_head(&r));
    size_t room = (size_t)r.n + 1;
    r.order = kz_arena_new(a, int, room);
    r.place = kz_arena_new(a, int, room);
    r.last = kz_arena_new(a, int, room);
    r.first_line = kz_arena_new(a, int, room);
    const char **key = kz_arena_new(a, const char *, room);
    if (!r.order || !r.place || !r.last || !r.first_line || !key)
        return memory(&r);
    KZ_TRY(kz_dict_init(&r.dict, a, (uint32_t)room, err));
    KZ_TRY(read_areas(&r));
    for (int i = 0; i < r.n; i++) {
        kz_view k = r.dict.keys[r.order[i]];
        if (!(key[i] = kz_arena_strndup(a, k.p, k.n)))
            return memory(&r);
    }
    for (int l = 0; l < r.n_links; l++)
        r.to[l] = r.place[r.to[l]];
    *ret = (kz_gal){ .n = r.n, .n_links = r.n_links, .key = key, .from = r.from, .to = r.to };
    return KZ_OK;
}

kz_status kz_gal_read(const char *path, kz_arena *a, kz_gal *ret, kz_err *err)
{
    kz_auto(kz_buf) bytes = kz_buf_init(FILE_MOST);
    KZ_TRY(kz_file_read(path, &bytes, err));
    return kz_gal_parse(path, kz_buf_text(&bytes), bytes.n, a, ret, err);
}
