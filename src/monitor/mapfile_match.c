/* Looking keys and labels of a file up in the rules of its map. */
#include "monitor/mapfile.h"

/* Characters, not bytes: "?" stands for one letter even when it is an "ä". */
static size_t characters(kz_view v)
{
    size_t n = 0;
    for (size_t i = 0; i < v.n; i++)
        n += ((unsigned char)v.p[i] & 0xC0) != 0x80;
    return n;
}

/* Does `key` fit, and what stands where the wildcard is? */
static bool fits(const char *pattern, kz_view key, kz_view *wild)
{
    size_t before = strcspn(pattern, "?*");
    *wild = (kz_view){ key.p, 0 };
    if (pattern[before] == '\0')
        return key.n == before && memcmp(key.p, pattern, before) == 0;
    size_t behind = strlen(pattern + before + 1);
    if (key.n <= before + behind || memcmp(key.p, pattern, before) != 0 ||
        memcmp(key.p + key.n - behind, pattern + before + 1, behind) != 0)
        return false;
    *wild = (kz_view){ key.p + before, key.n - before - behind };
    return pattern[before] == '*' || characters(*wild) == 1;
}

/* Put `wild` where the template has its wildcard; false when it gets too long. */
static bool fill_in(const char *template, kz_view wild, char out[KZ_AREA_KEY_MAX])
{
    size_t before = strcspn(template, "?*"), n = strlen(template);
    bool has = template[before] != '\0';
    size_t behind = has ? n - before - 1 : 0, put = has ? wild.n : 0;
    if (before + put + behind >= KZ_AREA_KEY_MAX)
        return false;
    memcpy(out, template, before);
    if (put > 0)
        memcpy(out + before, wild.p, put);
    if (behind > 0)
        memcpy(out + before + put, template + before + 1, behind);
    out[before + put + behind] = '\0';
    return true;
}

bool kz_mapfile_area(const kz_mapfile *m, kz_view key, kz_area_target *ret)
{
    if (key.n == 0)
        return false;
    for (int i = 0; i < m->n_areas; i++) {
        const kz_area_rule *r = &m->areas[i];
        kz_view wild;
        if (!fits(r->pattern, key, &wild))
            continue;
        kz_area_target to = { .rule = r, .has_key = r->key != NULL };
        if (r->key && !fill_in(r->key, wild, to.key))
            return false;
        *ret = to;
        return true;
    }
    return false;
}

static bool same(const char *rule, const char *label)
{
    return strcmp(rule, "*") == 0 || strcmp(rule, label) == 0;
}

const kz_measure_rule *kz_mapfile_measure(const kz_mapfile *m, const char *first, const char *second)
{
    for (int i = 0; i < m->n_measures; i++) {
        const kz_measure_rule *r = &m->measures[i];
        if (same(r->folded[0], first) && (!r->folded[1] || same(r->folded[1], second)))
            return r;
    }
    return NULL;
}

const kz_column_rule *kz_mapfile_column(const kz_mapfile *m, kz_view folded, kz_view *period)
{
    for (int i = 0; i < m->n_columns; i++) {
        const kz_column_rule *r = &m->columns[i];
        size_t before = strlen(r->before), behind = r->behind ? strlen(r->behind) : 0;
        kz_view found = { "", 0 };
        if (folded.n < before + behind || (!r->behind && folded.n != before) ||
            memcmp(folded.p, r->before, before) != 0)
            continue;
        if (r->behind) {
            if (behind > 0 && memcmp(folded.p + folded.n - behind, r->behind, behind) != 0)
                continue;
            found = kz_view_trim((kz_view){ folded.p + before, folded.n - before - behind });
            kz_period p;
            if (!kz_period_read(m->form, found, 12, 31, &p))
                continue;
        }
        *period = found;
        return r;
    }
    return NULL;
}
