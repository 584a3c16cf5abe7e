/* What only maps of free tables say: measures of their own, signs for "no value", columns that nobody needs. */
#include "monitor/mapfile_parser.h"

#include "base/parse.h"

enum { TEXTS_MOST = 64, PARTS_MOST = 5, CODE_MOST = 40 };

/* "a | b | c" to trimmed parts; 0 when there are more than `most` or one is empty. */
static int split(kz_view v, kz_view part[], int most)
{
    int n = 0;
    for (bool more = true; more; n++) {
        size_t bar = map_first_of(v, '|');
        more = bar < v.n;
        if (n == most)
            return 0;
        part[n] = kz_view_trim((kz_view){ v.p, bar });
        if (part[n].n == 0)
            return 0;
        v = more ? (kz_view){ v.p + bar + 1, v.n - bar - 1 } : (kz_view){ v.p + v.n, 0 };
    }
    return n;
}

kz_status map_read_missing(map_parser *p, kz_view value)
{
    kz_view part[TEXTS_MOST];
    int n = split(value, part, TEXTS_MOST);
    const char **list = kz_arena_new(p->arena, const char *, TEXTS_MOST);
    if (n == 0)
        return map_wrong(p, "map.missing_texts", value);
    if (!list)
        return map_memory(p);
    for (int i = 0; i < n; i++)
        KZ_TRY(map_keep(p, kz_view_is(part[i], "leer") ? (kz_view){ "", 0 } : part[i], &list[i]));
    p->map.missing = list;
    p->map.n_missing = n;
    return KZ_OK;
}

kz_status map_read_dropped(map_parser *p, kz_view value)
{
    kz_view part[TEXTS_MOST];
    int n = split(value, part, TEXTS_MOST);
    const char **list = kz_arena_new(p->arena, const char *, TEXTS_MOST);
    if (n == 0)
        return map_wrong(p, "map.dropped", value);
    if (!list)
        return map_memory(p);
    for (int i = 0; i < n; i++)
        KZ_TRY(map_keep_folded(p, part[i], &list[i]));
    p->map.dropped = list;
    p->map.n_dropped = n;
    return KZ_OK;
}

static bool is_code(kz_view v)
{
    if (v.n == 0 || v.n > CODE_MOST || v.p[0] < 'a' || v.p[0] > 'z')
        return false;
    for (size_t i = 0; i < v.n; i++)
        if (!(v.p[i] >= 'a' && v.p[i] <= 'z') && !(v.p[i] >= '0' && v.p[i] <= '9') && v.p[i] != '_')
            return false;
    return true;
}

/* "-100 bis 100" */
static bool read_range(kz_view v, kz_measure *m)
{
    static const char WORD[] = " bis ";
    size_t n = sizeof WORD - 1;
    for (size_t i = 1; i + n < v.n; i++)
        if (memcmp(v.p + i, WORD, n) == 0)
            return kz_parse_fixed((kz_view){ v.p, i }, KZ_NUM_COMMA, m->decimals, &m->lo) == KZ_PARSED &&
                   kz_parse_fixed((kz_view){ v.p + i + n, v.n - i - n }, KZ_NUM_COMMA, m->decimals, &m->hi) ==
                       KZ_PARSED &&
                   m->lo < m->hi;
    return false;
}

/* The same code twice, or one of ours that means something else. */
static kz_status check_code(const map_parser *p, const kz_measure *m, kz_view code, bool *ours)
{
    int at = kz_measure_find(p->known, m->code);
    *ours = at >= 0;
    if (at >= 0 && (strcmp(p->known->list[at].unit, m->unit) != 0 || p->known->list[at].decimals != m->decimals))
        return kz_fail(p->err, KZ_E_INPUT, "map.own_reserved", kz_s("file", p->file), kz_n("line", p->line),
                       kz_vw("value", code), kz_s("label", p->known->list[at].label),
                       kz_s("unit", p->known->list[at].unit), kz_n("decimals", p->known->list[at].decimals));
    for (int i = 0; i < p->map.n_own; i++)
        if (strcmp(p->own[i].code, m->code) == 0)
            return map_wrong(p, "map.own_twice", code);
    return KZ_OK;
}

/* "s1 = Arbeitslose | Prozent | 5", "note = Sozialindex | Stufe | 0 | 1 bis 9" */
kz_status map_read_own(map_parser *p, kz_view line)
{
    size_t eq = map_first_of(line, '=');
    kz_view code, rest, part[PARTS_MOST];
    int64_t decimals = 0;
    const char *text[3];
    bool ours;
    if (eq == line.n)
        return map_wrong(p, "map.no_equals", line);
    map_cut(line, eq, &code, &rest);
    if (!is_code(code))
        return map_wrong(p, "map.own_code", code);
    int n = split(rest, part, PARTS_MOST);
    if (n < 2 || n > 4 || part[1].n > KZ_UNIT_MAX)
        return map_wrong(p, "map.own_rule", line);
    if (n > 2 && !kz_parse_plain(part[2], 0, KZ_DECIMALS_MOST, &decimals))
        return map_wrong(p, "map.own_decimals", part[2]);
    KZ_TRY(map_keep(p, code, &text[0]));
    KZ_TRY(map_keep(p, part[0], &text[1]));
    KZ_TRY(map_keep(p, part[1], &text[2]));
    kz_measure m = kz_measure_make(text[0], text[1], "", text[2], (int)decimals);
    if (n > 3 && !read_range(part[3], &m))
        return map_wrong(p, "map.own_range", part[3]);
    KZ_TRY(check_code(p, &m, code, &ours));
    if (p->map.n_own == KZ_MAP_RULES)
        return map_memory(p);
    if (!ours)
        p->own[p->map.n_own++] = m;
    return KZ_OK;
}
