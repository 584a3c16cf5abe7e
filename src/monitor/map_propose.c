#include "monitor/map_propose.h"

#include "base/utf8.h"
#include "monitor/map_guess.h"

enum { KEYS_LISTED = 20, RULES_MOST = 2000 };

/* ---- writing ------------------------------------------------------------------------- */

/* Comments of a map are for people: texts of the catalogue. */
#define say(out, id, ...) say_((out), (id), KZ_ARGS(__VA_ARGS__))
static void say_(kz_buf *out, const char *id, const kz_arg args[])
{
    kz_buf_str(out, "# ");
    kz_say_(out, KZ_LANG_DE, id, args, false);
    kz_buf_char(out, '\n');
}

/* A label as a map can hold it: one line, clean. */
static void put_label(kz_buf *out, kz_view v)
{
    kz_utf8_clean(out, kz_view_trim(v));
}

static kz_view header_of(const guess *g, size_t column)
{
    return g->job->rows.header[column];
}

static void put_setting(kz_buf *out, const guess *g, const char *name, size_t column)
{
    if (column == SIZE_MAX)
        return;
    kz_buf_fmt(out, "%s = ", name);
    put_label(out, header_of(g, column));
    kz_buf_char(out, '\n');
}

static bool is_value(const guess *g, size_t i)
{
    if (i == g->area || i == g->area_name || i == g->period)
        return false;
    return g->wide ? guess_is_number(&g->columns[i]) : i == g->value;
}

/* Which measure stands in the columns of a wide table, by their names without the period. */
static bool split_period(const guess *g, size_t i, kz_buf *label)
{
    kz_view period;
    kz_buf_clear(label);
    if (g->period == SIZE_MAX && guess_period_in(g->form, header_of(g, i), label, &period))
        return true;
    kz_buf_clear(label);
    put_label(label, header_of(g, i));
    return false;
}

static void put_file(kz_buf *out, const guess *g)
{
    const kz_job *job = g->job;
    kz_buf_fmt(out, "[datei]\nquelle = %s\naufbau = %s\n", job->source.id, g->wide ? "breit" : "lang");
    if (job->book.n_sheets > 1)
        kz_buf_fmt(out, "blatt = %s\n", job->table.sheet->name);
    if (!job->rows.sheet) {
        static const char *const NAMES[] = { "komma", "semikolon", "tabulator", "strich" };
        static const char MARKS[] = ",;\t|";
        const char *at = memchr(MARKS, job->rows.csv.delimiter, sizeof MARKS - 1);
        kz_buf_fmt(out, "zeichensatz = auto\ntrennzeichen = %s\n", at ? NAMES[at - MARKS] : "auto");
    }
    kz_buf_char(out, '\n');
}

static void put_columns(kz_buf *out, const guess *g)
{
    kz_buf_str(out, "[spalten]\n");
    put_setting(out, g, "gebiet", g->area);
    put_setting(out, g, "gebietsname", g->area_name);
    put_setting(out, g, "zeitraum", g->period);
    if (!g->wide) {
        put_setting(out, g, "merkmal", g->label);
        put_setting(out, g, "wert", g->value);
    }
    kz_buf_str(out, "\n[zeitraum]\n");
    kz_buf_fmt(out, "form = %s\n", kz_period_form_name(g->form));
    if (g->form == KZ_FORM_YEAR || g->form == KZ_FORM_SCHOOL_YEAR)
        kz_buf_fmt(out, "stichtag = %02d.%02d.\n", g->job->source.day ? g->job->source.day : 31,
                   g->job->source.month ? g->job->source.month : 12);
    kz_buf_char(out, '\n');
}

static void put_numbers(kz_buf *out, const guess *g)
{
    bool point = false, comma = false, ask = false, empty = false;
    for (size_t i = 0; i < g->job->rows.n_columns; i++) {
        if (!is_value(g, i))
            continue;
        kz_number_style s = kz_number_decide(&g->columns[i].style);
        point |= s == KZ_NUM_POINT;
        comma |= s == KZ_NUM_COMMA;
        ask |= s == KZ_NUM_ASK || s == KZ_NUM_CONFLICT;
        empty |= g->columns[i].filled < g->rows;
    }
    kz_buf_str(out, "[zahlen]\n");
    if (ask)
        say(out, "propose.ask");
    kz_buf_fmt(out, "dezimalzeichen = %s\ntabellenzeichen = ja\n",
               ask || (point && comma) ? "auto" : point ? "punkt" : "komma");
    if (empty) {
        say(out, "propose.empty");
        kz_buf_str(out, "# fehlend = leer\n");
    }
    kz_buf_char(out, '\n');
}

/* ---- areas ------------------------------------------------------------------------------ */

static void put_area(kz_buf *out, const kz_job *job, kz_view text, int area)
{
    const job_area *a = &job->areas[area];
    put_label(out, text);
    if (job->levels[a->level].n_areas == 1)
        kz_buf_fmt(out, " = %s\n", job->levels[a->level].code);
    else
        kz_buf_fmt(out, " = %s:%s\n", job->levels[a->level].code, a->key);
}

/* A text that a rule could not stand for literally. */
static bool is_plain(kz_view v)
{
    for (size_t i = 0; i < v.n; i++)
        if (v.p[i] == '?' || v.p[i] == '*' || v.p[i] == '=' || v.p[i] == '#' || v.p[i] == '[')
            return false;
    return v.n > 0;
}

static void put_areas(kz_buf *out, const guess *g)
{
    const kz_job *job = g->job;
    const guess_column *c = &g->columns[g->area];
    kz_auto(kz_buf) lost = kz_buf_init(8192);
    int rules = 0, n_lost = 0;
    kz_buf_str(out, "[gebiete]\n");
    for (uint32_t i = 0; i < c->texts.n && rules < RULES_MOST; i++) {
        kz_view v = c->texts.keys[i];
        int a = g->by_name ? guess_area_by_name(g, v) : guess_area_by_key(g, v, true);
        if (a < 0 && job->n_levels > 0 && reader_no_area(g->r, v) != UNKNOWN)
            continue; /* a total: the import knows it */
        if (a < 0) {
            if (n_lost++ < KEYS_LISTED)
                kz_buf_fmt(&lost, "%s%.*s", lost.n ? ", " : "", (int)v.n, v.p);
        } else if ((g->by_name || job->areas[a].level != g->level) && is_plain(v)) {
            put_area(out, job, v, a);
            rules++;
        }
    }
    if (n_lost > 0) {
        kz_auto(kz_buf) clean = kz_buf_init(16 * 1024);
        kz_utf8_clean(&clean, kz_view_from(kz_buf_text(&lost), lost.n));
        say(out, "propose.lost", kz_n("n", n_lost), kz_s("keys", kz_buf_text(&clean)));
    }
    if (!g->by_name && job->levels[g->level].n_areas == 1)
        kz_buf_fmt(out, "* = %s\n", job->levels[g->level].code);
    else if (!g->by_name)
        kz_buf_fmt(out, "* = %s:*\n", job->levels[g->level].code);
    kz_buf_char(out, '\n');
}

/* ---- measures ----------------------------------------------------------------------------- */

typedef struct measures_out {
    const guess *g;
    kz_proposal *said;
    kz_buf own, rules;
    kz_dict labels, codes;
} measures_out;

/* A code that nothing has yet. */
static kz_status free_code(measures_out *m, kz_view label, char out[static 48], kz_err *err)
{
    char code[41];
    uint32_t id;
    bool fresh = false;
    guess_code(label, code);
    for (int i = 1; !fresh; i++) {
        kz_buf b = kz_buf_init(47);
        if (i == 1)
            kz_buf_str(&b, code);
        else
            kz_buf_fmt(&b, "%.36s_%d", code, i);
        memcpy(out, kz_buf_text(&b), b.n + 1);
        kz_buf_done(&b);
        if (kz_measure_find(m->g->job->measures, out) >= 0)
            continue; /* ours: it may mean something else */
        KZ_TRY(kz_dict_put(&m->codes, kz_view_of(out), &id, &fresh, err));
    }
    return KZ_OK;
}

/* The rule for a label: a measure of ours, one of its own, or nothing yet. */
static kz_status put_rule(measures_out *m, kz_view rule, kz_view label, const guess_column *c, kz_err *err)
{
    const kz_job *job = m->g->job;
    uint32_t id;
    bool fresh;
    KZ_TRY(kz_dict_put(&m->labels, rule, &id, &fresh, err));
    if (!fresh || rule.n == 0 || memchr(rule.p, '|', rule.n) || rule.p[0] == '#' || rule.p[0] == '[')
        return KZ_OK;
    int measure = guess_measure(m->g, label);
    kz_buf_add(&m->rules, rule.p, rule.n);
    if (measure >= 0) {
        m->said->found++;
        kz_buf_fmt(&m->rules, " = %s\n", job->measures->list[measure].code);
    } else if (strcmp(job->source.id, "frei") == 0) {
        char code[48];
        m->said->found++;
        KZ_TRY(free_code(m, label, code, err));
        kz_buf_fmt(&m->rules, " = %s\n", code);
        kz_buf_fmt(&m->own, "%s = ", code);
        kz_buf_add(&m->own, label.p, label.n);
        kz_buf_fmt(&m->own, " | %s | %d\n", guess_unit(label, c), c->decimals);
    } else {
        m->said->open++;
        kz_buf_fmt(&m->rules, " = - %s\n", kz_text(KZ_LANG_DE, "propose.open"));
    }
    return KZ_OK;
}

static kz_status put_wide(measures_out *m, kz_err *err)
{
    const guess *g = m->g;
    kz_auto(kz_buf) rule = kz_buf_init(KZ_SHEET_TEXT_MAX * 5), label = kz_buf_init(KZ_SHEET_TEXT_MAX * 5);
    for (size_t i = 0; i < g->job->rows.n_columns; i++) {
        static const char MARK[] = "{zeitraum}";
        if (!is_value(g, i))
            continue;
        bool period = split_period(g, i, &rule);
        const char *at = period ? strstr(kz_buf_text(&rule), MARK) : NULL;
        kz_buf_clear(&label);
        kz_buf_add(&label, kz_buf_text(&rule), at ? (size_t)(at - kz_buf_text(&rule)) : rule.n);
        if (at)
            kz_buf_str(&label, at + sizeof MARK - 1);
        kz_view name = kz_view_trim(kz_view_from(kz_buf_text(&label), label.n));
        while (name.n > 0 && (name.p[name.n - 1] == '/' || name.p[name.n - 1] == ' ' || name.p[name.n - 1] == '('))
            name.n--;
        KZ_TRY(put_rule(m, kz_view_from(kz_buf_text(&rule), rule.n), name, &g->columns[i], err));
    }
    return KZ_OK;
}

static kz_status put_long(measures_out *m, kz_err *err)
{
    const guess *g = m->g;
    kz_auto(kz_buf) label = kz_buf_init(KZ_SHEET_TEXT_MAX * 5);
    for (uint32_t i = 0; i < g->columns[g->label].texts.n; i++) {
        kz_buf_clear(&label);
        put_label(&label, g->columns[g->label].texts.keys[i]);
        kz_view v = kz_view_from(kz_buf_text(&label), label.n);
        KZ_TRY(put_rule(m, v, v, &g->columns[g->value], err));
    }
    return KZ_OK;
}

static kz_status put_measures(kz_buf *out, const guess *g, kz_proposal *said, kz_err *err)
{
    measures_out m = { .g = g, .said = said, .own = kz_buf_init(KZ_MAP_BYTES), .rules = kz_buf_init(KZ_MAP_BYTES) };
    kz_status st = kz_dict_init(&m.labels, &g->job->arena, GUESS_TEXTS * 2, err);
    if (st == KZ_OK)
        st = kz_dict_init(&m.codes, &g->job->arena, GUESS_TEXTS * 2, err);
    if (st == KZ_OK)
        st = g->wide ? put_wide(&m, err) : put_long(&m, err);
    if (st == KZ_OK && m.own.n > 0) {
        kz_buf_str(out, "[eigene]\n");
        say(out, "propose.own");
        kz_buf_add(out, kz_buf_text(&m.own), m.own.n);
        kz_buf_char(out, '\n');
    }
    if (st == KZ_OK) {
        kz_buf_str(out, g->wide ? "[wertspalten]\n" : "[merkmale]\n");
        kz_buf_add(out, kz_buf_text(&m.rules), m.rules.n);
    }
    kz_buf_done(&m.own);
    kz_buf_done(&m.rules);
    return st;
}

/* ---- all of it ------------------------------------------------------------------------------ */

static void keep_name(char out[static 128], kz_view v)
{
    size_t n = v.n < 127 ? v.n : 127;
    while (n > 0 && n < v.n && ((unsigned char)v.p[n] & 0xC0) == 0x80)
        n--;
    memcpy(out, v.p, n);
    out[n] = '\0';
}

/* Periods in the names of columns say the form (true); else it is that of the source. */
static bool choose_form(guess *g)
{
    kz_auto(kz_buf) label = kz_buf_init(KZ_SHEET_TEXT_MAX * 5);
    if (g->period != SIZE_MAX)
        return false;
    for (kz_period_form f = 0; f < KZ_N_FORMS; f++)
        for (size_t i = 0; i < g->job->rows.n_columns; i++) {
            kz_view period;
            kz_buf_clear(&label);
            g->form = f;
            if (is_value(g, i) && guess_period_in(f, header_of(g, i), &label, &period))
                return true;
        }
    g->form = g->job->source.time == KZ_SOURCE_SCHOOL_YEAR ? KZ_FORM_SCHOOL_YEAR : KZ_FORM_YEAR;
    return false;
}

static kz_status propose(guess *g, kz_buf *map, kz_proposal *said, kz_err *err)
{
    kz_job *job = g->job;
    KZ_TRY(reader_load_areas(g->r, err));
    KZ_TRY(guess_deliverable(g, err));
    KZ_TRY(guess_look(g, err));
    KZ_TRY(guess_choose(g, err));
    if (g->area == SIZE_MAX)
        return kz_fail(err, KZ_E_FINDING, "propose.no_area", kz_s("file", job->order->file));
    said->period_in_names = choose_form(g);
    say(map, "propose.head", kz_s("file", job->order->file));
    if (g->period == SIZE_MAX && !said->period_in_names)
        say(map, "propose.period");
    kz_buf_char(map, '\n');
    put_file(map, g);
    put_columns(map, g);
    put_numbers(map, g);
    put_areas(map, g);
    KZ_TRY(put_measures(map, g, said, err));
    keep_name(said->area, header_of(g, g->area));
    if (g->period != SIZE_MAX)
        keep_name(said->period, header_of(g, g->period));
    said->wide = g->wide;
    KZ_TRY(kz_buf_status(map));
    if (said->found + said->open == 0)
        return kz_fail(err, KZ_E_FINDING, "propose.no_values", kz_s("file", job->order->file));
    kz_mapfile m; /* what staff get is always valid */
    return kz_mapfile_parse(job->order->file, kz_buf_text(map), map->n, &job->arena, &m, err);
}

kz_status kz_map_propose(kz_workspace *ws, const kz_import_order *order, kz_buf *map, kz_proposal *ret, kz_err *err)
{
    kz_auto(kz_findings) found;
    kz_import_result res = { .encoding = "" };
    kz_proposal said = { 0 };
    kz_findings_init(&found, order->file);
    kz_auto(kz_job) job = { .ws = ws, .order = order, .found = &found, .res = &res,
                            .bytes = kz_buf_init(JOB_FILE_BYTES) };
    kz_arena_init(&job.arena, JOB_ARENA_BYTES);
    kz_arena_init(&job.book_arena, JOB_BOOK_BYTES);
    KZ_TRY(kz_measures_load(ws->work, &job.arena, &job.measures, err));
    KZ_TRY(kz_source_load(order->source, &job.arena, &job.source, err));
    KZ_TRY(kz_job_bytes(&job, err));
    if (job.book.n_sheets > 0)
        KZ_TRY(guess_sheet(&job, err));
    else
        KZ_TRY(kz_rows_open_text(&job.rows, order->file, kz_buf_text(&job.bytes), job.bytes.n, &(kz_csv_opts){ 0 },
                                 err));
    reader r = { .job = &job, .scratch = kz_buf_init(256 * 1024) };
    guess g = { .job = &job, .r = &r };
    kz_status st = propose(&g, map, &said, err);
    kz_buf_done(&r.scratch);
    if (st == KZ_OK)
        *ret = said;
    return st;
}
