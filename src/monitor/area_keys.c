#include "monitor/area_keys.h"

#include "base/utf8.h"

enum { TEXT_MAX = 500, KEY_TEXT = 64 };

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "area.memory");
}

static kz_status put(kz_dict *d, kz_view text, int *of, int area, kz_err *err)
{
    uint32_t id;
    bool fresh;
    KZ_TRY(kz_dict_put(d, text, &id, &fresh, err));
    of[id] = fresh ? area : -1;
    return KZ_OK;
}

kz_status kz_area_keys_make(kz_db *work, const kz_area_level *level, kz_arena *a, kz_area_keys *ret, kz_err *err)
{
    kz_area_keys k = { 0 };
    const kz_area *all;
    int n_all;
    kz_auto(kz_buf) folded = kz_buf_init(TEXT_MAX);
    KZ_TRY(kz_area_list(work, level, a, &all, &n_all, err));
    kz_area *areas = kz_arena_new(a, kz_area, n_all + 1);
    int *of_key = kz_arena_new(a, int, n_all + 1), *of_name = kz_arena_new(a, int, n_all + 1);
    if (!areas || !of_key || !of_name)
        return full(err);
    for (int i = 0; i < n_all; i++)
        if (all[i].valid_to[0] == '\0')
            areas[k.n++] = all[i];
    KZ_TRY(kz_dict_init(&k.keys, a, (uint32_t)k.n + 1, err));
    KZ_TRY(kz_dict_init(&k.names, a, (uint32_t)k.n + 1, err));
    for (int i = 0; i < k.n; i++) {
        size_t length = strlen(areas[i].key);
        k.length = i == 0 || k.length == length ? length : 0;
        KZ_TRY(put(&k.keys, kz_view_of(areas[i].key), of_key, i, err));
        kz_buf_clear(&folded);
        kz_utf8_fold(&folded, kz_view_of(areas[i].name));
        KZ_TRY(put(&k.names, kz_view_from(kz_buf_text(&folded), folded.n), of_name, i, err));
    }
    for (int i = 0; i < k.n; i++)
        if (strlen(areas[i].key) != k.length)
            k.length = 0;
    k.areas = areas;
    k.of_key = of_key;
    k.of_name = of_name;
    *ret = k;
    return KZ_OK;
}

static int by_key(const kz_area_keys *k, kz_view text)
{
    uint32_t id;
    return kz_dict_find(&k->keys, text, &id) ? k->of_key[id] : -1;
}

static int by_name(const kz_area_keys *k, kz_view text)
{
    uint32_t id;
    kz_auto(kz_buf) folded = kz_buf_init(2 * TEXT_MAX);
    kz_utf8_fold(&folded, text);
    return kz_dict_find(&k->names, kz_view_from(kz_buf_text(&folded), folded.n), &id) ? k->of_name[id] : -1;
}

static bool all_digits(kz_view v)
{
    for (size_t i = 0; i < v.n; i++)
        if (v.p[i] < '0' || v.p[i] > '9')
            return false;
    return v.n > 0;
}

/* The text with `zeros` in front, cut to the length of a key. */
static int by_padded(const kz_area_keys *k, kz_view text, size_t zeros)
{
    char key[KEY_TEXT];
    if (k->length >= KEY_TEXT || zeros > k->length)
        return -1;
    memset(key, '0', zeros);
    memcpy(key + zeros, text.p, k->length - zeros);
    return by_key(k, kz_view_from(key, k->length));
}

int kz_area_keys_find(const kz_area_keys *k, kz_view text, kz_key_how *how)
{
    int at;
    text = kz_view_trim(text);
    *how = KZ_KEY_EXACT;
    if (text.n == 0 || text.n >= TEXT_MAX) {
        *how = KZ_KEY_NONE;
        return -1;
    }
    if ((at = by_key(k, text)) >= 0)
        return at;
    bool digits = all_digits(text);
    *how = KZ_KEY_ZEROS;
    if (digits && k->length > text.n && (at = by_padded(k, text, k->length - text.n)) >= 0)
        return at;
    *how = KZ_KEY_PREFIX;
    if (digits && k->length > 0 && text.n > k->length && (at = by_padded(k, text, 0)) >= 0)
        return at;
    *how = KZ_KEY_ZEROS; /* 5111000 is 05111000, which is in 05111 */
    if (digits && k->length > 1 && text.n > k->length && (at = by_padded(k, text, 1)) >= 0)
        return at;
    *how = KZ_KEY_NAME;
    if (!digits && (at = by_name(k, text)) >= 0)
        return at;
    *how = KZ_KEY_NONE;
    return -1;
}
