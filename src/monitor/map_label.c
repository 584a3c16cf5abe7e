/* What a label of an unknown table may mean. */
#include "monitor/map_guess.h"

#include "base/asset.h"
#include "base/utf8.h"

/* ---- bands of ages ------------------------------------------------------------ */

enum { NO_END = 1000 };

static bool has_word(const char *text, const char *word)
{
    return strstr(text, word) != NULL;
}

/* "unter 3", "3 - < 6", "3 bis unter 6 Jahre", "18-24", "75 und älter": from, and the first age beyond. */
static bool read_band(const char *folded, int *from, int *to)
{
    int number[2] = { 0 }, n = 0;
    for (const char *p = folded; *p; p++) {
        if (*p < '0' || *p > '9')
            continue;
        if (n == 2)
            return false;
        for (; *p >= '0' && *p <= '9'; p++)
            number[n] = number[n] < NO_END ? number[n] * 10 + (*p - '0') : NO_END;
        p--;
        n++;
    }
    bool under = has_word(folded, "unter") || has_word(folded, "<");
    /* lint: allow german, because these are words of the files, not of a screen */
    bool up = has_word(folded, "älter") || has_word(folded, "mehr") || has_word(folded, "ab ") ||
              has_word(folded, "+") || has_word(folded, ">");
    if (n == 1 && under && !up)
        return *from = 0, *to = number[0], true;
    if (n == 1 && up)
        return *from = number[0], *to = NO_END, true;
    if (n != 2 || number[0] >= number[1])
        return false;
    return *from = number[0], *to = number[1] + !under, true;
}

/* age_03_06, sgb2_u3, age_75_up: the band behind the last words of a code. */
static bool band_of_code(const char *code, int *from, int *to)
{
    const char *first = NULL;
    for (const char *p = code; *p && !first; p++)
        if (*p == '_' && ((p[1] >= '0' && p[1] <= '9') || (p[1] == 'u' && p[2] >= '0' && p[2] <= '9')))
            first = p + 1;
    if (!first)
        return false;
    int number[2] = { 0 }, n = 0;
    bool under = *first == 'u', up = strstr(first, "_up") != NULL;
    for (const char *p = first + under; *p && n < 2; p++) {
        if (*p < '0' || *p > '9')
            continue;
        for (; *p >= '0' && *p <= '9'; p++)
            number[n] = number[n] * 10 + (*p - '0');
        p--;
        n++;
    }
    *from = under ? 0 : number[0];
    *to = under ? number[0] : up ? NO_END : number[1];
    return n == (under || up ? 1 : 2);
}

/* ---- names ---------------------------------------------------------------------- */

static bool names_measure(const kz_source *s, const char *code)
{
    for (int i = 0; i < s->n_columns; i++)
        if (s->columns[i].kind == KZ_SRC_MEASURE && (!code || strcmp(s->columns[i].name, code) == 0))
            return true;
    return false;
}

/* Which measures may this source deliver?  One that names its measures these; others what no source names; a free
 * table everything. */
kz_status guess_deliverable(guess *g, kz_err *err)
{
    kz_job *job = g->job;
    const char *const *ids;
    bool own = names_measure(&job->source, NULL), any = strcmp(job->source.id, "frei") == 0;
    g->delivers = kz_arena_new(&job->arena, bool, job->measures->n + 1);
    if (!g->delivers)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    for (int i = 0; i < job->measures->n; i++)
        g->delivers[i] = any || !own || names_measure(&job->source, job->measures->list[i].code);
    if (own || any)
        return KZ_OK;
    KZ_TRY(kz_source_ids(&job->arena, &ids, err));
    for (; *ids; ids++) {
        kz_source other;
        KZ_TRY(kz_source_load(*ids, &job->arena, &other, err));
        for (int i = 0; i < job->measures->n; i++)
            g->delivers[i] &= !names_measure(&other, job->measures->list[i].code);
    }
    return KZ_OK;
}

static bool same_text(const char *a, kz_view b)
{
    return kz_utf8_same(kz_view_of(a), b);
}

/* A rule of a map of the program, for this source, with that label. */
static int by_built_in_map(const guess *g, const char *folded)
{
    static const char DIR[] = "data/maps/";
    int found = -1;
    for (size_t i = kz_asset_first(DIR); kz_asset_below(i, DIR) && found < 0; i++) {
        kz_arena a;
        kz_mapfile m;
        kz_arena_init(&a, 64u << 20);
        const char *text = (const char *)kz_assets[i].bytes;
        if (kz_mapfile_parse(kz_assets[i].path, text, kz_assets[i].n, &a, &m, NULL) == KZ_OK &&
            strcmp(m.source, g->job->source.id) == 0) {
            for (int k = 0; k < m.n_measures && found < 0; k++)
                if (strcmp(m.measures[k].folded[m.measures[k].folded[1] != NULL], folded) == 0)
                    found = m.measures[k].measure;
            for (int k = 0; k < m.n_columns && found < 0; k++)
                if (!m.columns[k].behind && strcmp(m.columns[k].before, folded) == 0)
                    found = m.columns[k].measure;
        }
        kz_arena_done(&a);
    }
    return found;
}

static int by_band(const guess *g, const char *folded)
{
    const kz_measures *ms = g->job->measures;
    int from, to, f, t, found = -1;
    if (!read_band(folded, &from, &to))
        return -1;
    for (int i = 0; i < ms->n; i++)
        if (g->delivers[i] && band_of_code(ms->list[i].code, &f, &t) && f == from && t == to) {
            if (found >= 0)
                return -1;
            found = i;
        }
    return found;
}

int guess_measure(const guess *g, kz_view label)
{
    const kz_measures *ms = g->job->measures;
    kz_auto(kz_buf) folded = kz_buf_init(KZ_SHEET_TEXT_MAX * 5);
    const kz_source_header *how;
    kz_utf8_fold(&folded, label);
    if (kz_buf_status(&folded) != KZ_OK || folded.n == 0)
        return -1;
    for (int i = 0; i < ms->n; i++)
        if ((same_text(ms->list[i].code, label) || same_text(ms->list[i].label, label)) &&
            g->delivers[i])
            return i;
    const kz_source_column *c = kz_source_header_find(&g->job->source, label, &how);
    if (c && c->kind == KZ_SRC_MEASURE)
        return kz_measure_find(ms, c->name);
    int found = by_built_in_map(g, kz_buf_text(&folded));
    return found >= 0 ? found : by_band(g, kz_buf_text(&folded));
}

/* ---- measures of its own ------------------------------------------------------------ */

void guess_code(kz_view label, char out[static 41])
{
    static const struct {
        uint32_t from;
        const char *to;
    } LETTERS[] = { { 0xE4, "ae" }, { 0xF6, "oe" }, { 0xFC, "ue" }, { 0xDF, "ss" }, { '%', "prozent" }, { 0xB2, "2" } };
    kz_auto(kz_buf) folded = kz_buf_init(KZ_SHEET_TEXT_MAX * 5);
    size_t n = 0;
    kz_utf8_fold(&folded, label);
    const char *at = kz_buf_text(&folded), *end = at + folded.n;
    while (at < end && n < 32) {
        uint32_t u = kz_utf8_next(&at, end);
        const char *put = "_";
        char one[2] = { (char)u, '\0' };
        if ((u >= 'a' && u <= 'z') || (u >= '0' && u <= '9'))
            put = one;
        for (size_t i = 0; i < sizeof LETTERS / sizeof LETTERS[0]; i++)
            if (LETTERS[i].from == u)
                put = LETTERS[i].to;
        if (n == 0 && put[0] >= '0' && put[0] <= '9')
            out[n++] = 'm';
        if (put[0] == '_' && (n == 0 || out[n - 1] == '_'))
            continue;
        for (; *put && n < 40; put++)
            out[n++] = *put;
    }
    while (n > 0 && out[n - 1] == '_')
        n--;
    if (n == 0)
        out[n++] = 'm';
    out[n] = '\0';
}

const char *guess_unit(kz_view label, const guess_column *c)
{
    kz_auto(kz_buf) folded = kz_buf_init(KZ_SHEET_TEXT_MAX * 5);
    kz_utf8_fold(&folded, label);
    const char *t = kz_buf_text(&folded);
    bool share = c->percent || has_word(t, "%") || has_word(t, "prozent") || has_word(t, "percent") ||
                 has_word(t, "anteil") || has_word(t, "quote");
    if (share && c->negative == 0 && c->most <= 100)
        return "Prozent";
    if (share)
        return "Prozentpunkte";
    if (has_word(t, "euro") || has_word(t, "€"))
        return "Euro";
    if (has_word(t, "m²") || has_word(t, "qm"))
        return "m²";
    if (has_word(t, "index") || has_word(t, "stufe") || has_word(t, "klasse") || has_word(t, "note"))
        return "Stufe";
    return c->decimals == 0 && c->negative == 0 ? "Anzahl" : "Wert";
}
