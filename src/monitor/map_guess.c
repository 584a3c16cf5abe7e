/* Columns of an unknown table: which has areas, which the period, which labels and numbers. */
#include "monitor/map_guess.h"

#include "base/utf8.h"

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

/* ---- looking ---------------------------------------------------------------- */

static void see_number(guess_column *c, kz_view v, const kz_sheet_cell *cell, uint64_t line)
{
    kz_view number;
    kz_sign sign = kz_sign_find(v, &number);
    double x;
    size_t digits = 0;
    if (sign != KZ_SIGN_NONE && sign != KZ_SIGN_BELOW_UNIT && number.n == 0) {
        c->signs += sign != KZ_SIGN_EMPTY;
        return;
    }
    number = kz_view_trim(number);
    if (number.n > 1 && number.p[number.n - 1] == '%') {
        c->percent = true;
        number = kz_view_trim((kz_view){ number.p, number.n - 1 });
    }
    bool point = kz_parse_real(number, KZ_NUM_POINT, &x) == KZ_PARSED;
    if (!point && kz_parse_real(number, KZ_NUM_COMMA, &x) != KZ_PARSED)
        return;
    if (!cell || cell->kind == KZ_CELL_TEXT)
        kz_number_see(&c->style, number, line);
    if (c->numbers++ == 0)
        c->least = c->most = x;
    c->least = x < c->least ? x : c->least;
    c->most = x > c->most ? x : c->most;
    c->negative += x < 0;
    for (size_t i = number.n; i > 0 && number.p[i - 1] >= '0' && number.p[i - 1] <= '9'; i--)
        digits = number.n - i + 1;
    char mark = digits < number.n ? number.p[number.n - digits - 1] : ' ';
    bool group = digits == 3 && mark == (point ? ',' : '.');
    for (; digits < number.n && digits > 0 && number.p[number.n - 1] == '0'; digits--)
        number.n--; /* 10.0 is a whole number */
    if (digits < number.n && (mark == '.' || mark == ',') && !group && (int)digits > c->decimals)
        c->decimals = digits > KZ_DECIMALS_MOST ? KZ_DECIMALS_MOST : (int)digits;
}

static kz_status see_text(guess_column *c, kz_view v, kz_err *err)
{
    uint32_t id;
    bool fresh;
    if (c->many || v.n > 200)
        return KZ_OK;
    if (c->texts.n == GUESS_TEXTS && !kz_dict_find(&c->texts, v, &id)) {
        c->many = true;
        return KZ_OK;
    }
    return kz_dict_put(&c->texts, v, &id, &fresh, err);
}

kz_status guess_look(guess *g, kz_err *err)
{
    kz_job *job = g->job;
    size_t n = job->rows.n_columns;
    kz_row row;
    g->columns = kz_arena_new(&job->arena, guess_column, n + 1);
    if (!g->columns)
        return memory(err);
    for (size_t i = 0; i < n; i++)
        KZ_TRY(kz_dict_init(&g->columns[i].texts, &job->arena, GUESS_TEXTS, err));
    for (; g->rows < GUESS_ROWS && kz_rows_next(&job->rows, &row); g->rows++)
        for (size_t i = 0; i < n && row.problem == KZ_CSV_FINE; i++) {
            kz_view v = kz_view_trim(row.field[i]);
            if (v.n == 0)
                continue;
            g->columns[i].filled++;
            see_number(&g->columns[i], v, row.cell ? row.cell[i] : NULL, row.line);
            KZ_TRY(see_text(&g->columns[i], v, err));
        }
    kz_rows_rewind(&job->rows);
    return KZ_OK;
}

/* ---- areas -------------------------------------------------------------------- */

int guess_area_by_key(const guess *g, kz_view key, bool zeros)
{
    const kz_job *job = g->job;
    char want[KZ_AREA_KEY_MAX];
    uint32_t id;
    int found = -1;
    if (key.n == 0 || key.n >= sizeof want)
        return -1;
    if (zeros && guess_area_by_key(g, key, false) < 0) { /* 001 for 1; 000 is the whole */
        size_t n = 0;
        while (n < key.n && key.p[n] == '0')
            n++;
        if (n == key.n && n > 1)
            for (int i = 0; i < job->n_areas; i++)
                if (job->areas[i].level == 0)
                    return i;
        found = n > 0 && n < key.n ? guess_area_by_key(g, (kz_view){ key.p + n, key.n - n }, false) : -1;
        if (found >= 0)
            return found;
    }
    memcpy(want, key.p, key.n);
    want[key.n] = '\0';
    for (int level = job->n_levels - 1; level >= 0; level--) {
        kz_buf_clear(&g->r->scratch);
        kz_buf_fmt(&g->r->scratch, "%d/%s", level, want);
        if (kz_dict_find(&g->r->our_areas, (kz_view){ kz_buf_text(&g->r->scratch), g->r->scratch.n }, &id))
            return g->r->our_area[id];
    }
    for (int i = 0; i < job->n_areas && zeros; i++) {
        const char *ours = job->areas[i].key;
        size_t n = strlen(ours), more = n > key.n ? n - key.n : 0;
        if (more == 0 || strspn(ours, "0") < more || strcmp(ours + more, want) != 0)
            continue;
        if (found >= 0 && strcmp(job->areas[found].key, ours) != 0)
            return -1;
        found = i;
    }
    return found;
}

int guess_area_by_name(const guess *g, kz_view name)
{
    const kz_job *job = g->job;
    int found = -1;
    for (int i = 0; i < job->n_areas; i++)
        if (job->areas[i].to[0] == '\0' && kz_utf8_same(kz_view_of(job->areas[i].name), name)) {
            if (found >= 0)
                return -1;
            found = i;
        }
    return found;
}

/* Share of the distinct texts that are areas; *level: that of most. */
static double areas_in(const guess *g, const guess_column *c, bool by_name, int *level)
{
    int hits[GUESS_LEVELS] = { 0 }, all = 0;
    for (uint32_t i = 0; i < c->texts.n; i++) {
        int a = by_name ? guess_area_by_name(g, c->texts.keys[i]) : guess_area_by_key(g, c->texts.keys[i], true);
        if (a < 0)
            continue;
        all++;
        hits[g->job->areas[a].level]++;
    }
    *level = 0;
    for (int l = 1; l < g->job->n_levels; l++)
        if (hits[l] > hits[*level])
            *level = l;
    return c->texts.n ? (double)all / c->texts.n : 0;
}

/* Does the folded name of a column contain one of these words? */
static bool named(const guess *g, size_t column, const char *const words[])
{
    kz_auto(kz_buf) folded = kz_buf_init(KZ_SHEET_TEXT_MAX * 5);
    kz_utf8_fold(&folded, g->job->rows.header[column]);
    for (; *words; words++)
        if (strstr(kz_buf_text(&folded), *words))
            return true;
    return false;
}

static void choose_area(guess *g)
{
    /* lint: allow german, because these are words of the files, not of a screen */
    static const char *const WORDS[] = { "schlüssel", "nr", "key", "code", "raum", "gebiet", "viertel", "stadtteil",
                                         "bezirk", "quartier", "kennz", "ags", "id", NULL };
    double best = 0;
    for (int by_name = 0; by_name < 2; by_name++)
        for (size_t i = 0; i < g->job->rows.n_columns; i++) {
            const guess_column *c = &g->columns[i];
            int level;
            if (c->texts.n < 2 && g->job->n_areas > 2)
                continue;
            double share = areas_in(g, c, by_name, &level);
            if (share < 0.6)
                continue;
            /* Keys before names; a count that happens to be a key has no name of a key. */
            double score = share + (by_name ? 0 : named(g, i, WORDS) ? 0.5 : 0.1) + (double)c->texts.n / (1 << 20);
            if (score > best) {
                best = score;
                g->area = i;
                g->level = level;
                g->by_name = by_name;
            }
        }
    for (size_t i = 0; i < g->job->rows.n_columns && g->area != SIZE_MAX && !g->by_name; i++) {
        int level;
        if (i != g->area && areas_in(g, &g->columns[i], true, &level) >= 0.6)
            g->area_name = i;
    }
}

/* ---- the period ------------------------------------------------------------------ */

static bool all_periods(const guess_column *c, kz_period_form form)
{
    kz_period p;
    for (uint32_t i = 0; i < c->texts.n; i++)
        if (!kz_period_read(form, c->texts.keys[i], 12, 31, &p) ||
            (form == KZ_FORM_YEAR && (strcmp(p.code, "1950") < 0 || strcmp(p.code, "2050") > 0)))
            return false;
    return c->texts.n > 0 && c->texts.n <= 200 && !c->many;
}

static void choose_period(guess *g)
{
    static const char *const WORDS[] = { "jahr", "zeit", "stichtag", "quartal", "monat", "datum", "period", "year",
                                         NULL };
    for (int named_first = 1; named_first >= 0 && g->period == SIZE_MAX; named_first--)
        for (size_t i = 0; i < g->job->rows.n_columns && g->period == SIZE_MAX; i++) {
            if (i == g->area || i == g->area_name || named(g, i, WORDS) != named_first)
                continue;
            for (kz_period_form f = 0; f < KZ_N_FORMS && g->period == SIZE_MAX; f++)
                if (all_periods(&g->columns[i], f)) {
                    g->period = i;
                    g->form = f;
                }
        }
}

bool guess_period_in(kz_period_form form, kz_view name, kz_buf *label, kz_view *period)
{
    kz_period p;
    for (size_t from = 0; from < name.n; from++) {
        if (from > 0 && name.p[from - 1] != ' ' && name.p[from - 1] != '/' && name.p[from - 1] != '_' &&
            name.p[from - 1] != '(')
            continue;
        for (size_t to = name.n; to > from; to--) {
            kz_view v = { name.p + from, to - from };
            if ((to < name.n && name.p[to] >= '0' && name.p[to] <= '9') || kz_view_trim(v).n != v.n ||
                !kz_period_read(form, v, 12, 31, &p))
                continue;
            kz_buf_fmt(label, "%.*s{zeitraum}%.*s", (int)from, name.p, (int)(name.n - to), name.p + to);
            *period = v;
            return true;
        }
    }
    return false;
}

/* ---- labels and numbers -------------------------------------------------------------- */

bool guess_is_number(const guess_column *c)
{
    return c->numbers > 0 && (double)(c->numbers + c->signs) >= 0.8 * (double)c->filled;
}

/* A place has several rows: something else tells them apart. */
static kz_status repeats(guess *g, bool *ret, kz_err *err)
{
    kz_job *job = g->job;
    kz_dict seen;
    kz_row row;
    uint32_t id;
    bool fresh = true;
    int64_t rows = 0;
    KZ_TRY(kz_dict_init(&seen, &job->arena, GUESS_ROWS, err));
    while (fresh && rows++ < GUESS_ROWS && kz_rows_next(&job->rows, &row)) {
        if (row.problem != KZ_CSV_FINE || kz_view_trim(row.field[g->area]).n == 0)
            continue;
        kz_view p = g->period == SIZE_MAX ? (kz_view){ "", 0 } : row.field[g->period];
        kz_buf_clear(&g->r->scratch);
        kz_buf_fmt(&g->r->scratch, "%.*s|%.*s", (int)row.field[g->area].n, row.field[g->area].p, (int)p.n, p.p);
        KZ_TRY(kz_dict_put(&seen, (kz_view){ kz_buf_text(&g->r->scratch), g->r->scratch.n }, &id, &fresh, err));
    }
    kz_rows_rewind(&job->rows);
    *ret = !fresh;
    return KZ_OK;
}

/* Text columns with labels, and of the numbers the one that the labels belong to. */
static void choose_long(guess *g)
{
    static const char *const VALUES[] = { "zahl", "anzahl", "wert", "value", "bestand", NULL };
    int best = -1;
    for (size_t i = 0; i < g->job->rows.n_columns; i++) {
        guess_column *c = &g->columns[i];
        if (i == g->area || i == g->area_name || i == g->period || c->filled == 0)
            continue;
        if (guess_is_number(c)) {
            if (g->value == SIZE_MAX || named(g, i, VALUES))
                g->value = i;
            continue;
        }
        int known = 0;
        for (uint32_t k = 0; k < c->texts.n && !c->many; k++)
            known += guess_measure(g, c->texts.keys[k]) >= 0;
        if (!c->many && c->texts.n > 1 && c->texts.n <= 500 && known > best) {
            best = known;
            g->label = i;
        }
    }
}

kz_status guess_choose(guess *g, kz_err *err)
{
    bool more = false;
    g->area = g->area_name = g->period = g->label = g->value = SIZE_MAX;
    choose_area(g);
    if (g->area == SIZE_MAX)
        return KZ_OK;
    choose_period(g);
    KZ_TRY(repeats(g, &more, err));
    g->wide = !more;
    if (more)
        choose_long(g);
    if (g->label == SIZE_MAX || g->value == SIZE_MAX)
        g->wide = true;
    return KZ_OK;
}
