/* page_map.c - what the columns of a file mean: what was recognised, and how to say it otherwise. */
#include "web/pages.h"

#include <string.h>

#include "base/asset.h"
#include "base/utf8.h"
#include "monitor/measure.h"
#include "monitor/person_map.h"
#include "monitor/source.h"
#include "web/desk_layout.h"
#include "web/map_form.h"

typedef struct map_page {
    kz_request *rq;
    kz_delivery *d;
    kz_source source;
    const char *text; /* of the map; "" none was found */
    bool parsed, proposed, persons;
    kz_mapfile map;
    kz_person_map person_map; /* n_columns 0: none */
    kz_map_form form;
} map_page;

static const char *lowest_level(kz_request *rq)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    if (kz_prepare(kz_desk_workspace(rq->desk)->work,
                   "SELECT code FROM level l WHERE EXISTS (SELECT 1 FROM area a WHERE a.level = l.id)"
                   " ORDER BY \"rank\" DESC LIMIT 1",
                   &q, NULL) != KZ_OK ||
        kz_step(&q, &row, NULL) != KZ_OK || !row)
        return "stadtteil";
    return kz_words_fmt(rq, "%.60s", kz_col_text(&q, 0));
}

/* A map to begin with, when none fits. */
static void begin_form(map_page *m)
{
    m->form.set[KZ_MAP_LAYOUT] = "lang";
    m->form.set[KZ_MAP_FORM] = "jahr";
    m->form.set[KZ_MAP_DAY] = "31.12.";
    m->form.set[KZ_MAP_DECIMAL] = "auto";
    m->form.set[KZ_MAP_SIGNS] = "ja";
    m->form.areas = kz_words_fmt(m->rq, "* = %s:*", lowest_level(m->rq));
}

static kz_status open_page(kz_request *rq, map_page *m)
{
    *m = (map_page){ .rq = rq, .text = "" };
    KZ_TRY(kz_desk_delivery(rq, &m->d));
    if (!kz_task_over(m->d->task))
        return kz_fail(&rq->err, KZ_E_CONFLICT, "desk.busy_own", kz_s("file", m->d->name));
    KZ_TRY(kz_source_load(m->d->source, rq->arena, &m->source, &rq->err));
    if (m->d->map_text)
        m->text = m->d->map_text;
    else if (m->d->task->res.map_text)
        m->text = m->d->task->res.map_text;
    else if (m->d->task->proposal) {
        m->text = m->d->task->proposal;
        m->proposed = true;
    }
    m->persons = m->source.rows == KZ_ROWS_PERSONS;
    if (m->persons) {
        if (m->text[0] && kz_person_map_parse("", m->text, strlen(m->text), &m->source, rq->arena, &m->person_map,
                                              NULL) != KZ_OK)
            m->person_map = (kz_person_map){ 0 };
        return KZ_OK;
    }
    m->parsed =
        m->text[0] && kz_mapfile_parse("", m->text, strlen(m->text), rq->arena, &m->map, NULL) == KZ_OK;
    KZ_TRY(kz_map_form_read(m->text, rq->arena, &m->form));
    if (!m->text[0])
        begin_form(m);
    return KZ_OK;
}

/* ---- what was recognised ------------------------------------------------------------------- */

static bool same(const char *a, const char *b)
{
    return a && kz_utf8_same(kz_view_of(a), kz_view_of(b));
}

/* What the map makes of a column; NULL: nothing. */
static const char *role_by_map(map_page *m, const char *column)
{
    const kz_mapfile *map = &m->map;
    kz_request *rq = m->rq;
    if (!m->parsed)
        return NULL;
    const char *id = same(map->area, column)        ? "desk.map.is_area"
                     : same(map->area_name, column) ? "desk.map.is_area_name"
                     : same(map->period, column)    ? "desk.map.is_period"
                     : same(map->measure[0], column) || same(map->measure[1], column) ? "desk.map.is_measure"
                     : same(map->value, column)                                       ? "desk.map.is_value"
                                                                                      : NULL;
    if (id)
        return kz_text(rq->lang, id);
    kz_auto(kz_buf) folded = kz_buf_init(128 * 1024);
    kz_view period;
    const kz_measures *known;
    kz_utf8_fold(&folded, kz_view_of(column));
    const kz_column_rule *r = kz_mapfile_column(map, (kz_view){ kz_buf_text(&folded), folded.n }, &period);
    if (!r || kz_measures_get(&known, NULL) != KZ_OK)
        return NULL;
    if (r->reason)
        return kz_words_say(rq, "desk.map.left_out", kz_s("why", r->reason));
    return r->measure >= 0
               ? kz_words_say(rq, "desk.map.is_column", kz_s("what", known->list[r->measure].label))
               : kz_text(rq->lang, "desk.map.is_value");
}

/* What the map of persons, or else the source, makes of it; `kept` false: it is only read, or never taken. */
static const char *role_by_source(map_page *m, const char *column, bool *kept)
{
    const kz_source_header *how;
    const kz_source_column *c = NULL;
    for (int i = 0; i < m->person_map.n_columns && !c; i++)
        if (same(m->person_map.columns[i].name, column))
            c = m->person_map.columns[i].column;
    if (m->person_map.n_columns == 0)
        c = kz_source_header_find(&m->source, kz_view_of(column), &how);
    *kept = c && c->kind != KZ_SRC_DROPPED && c->kind != KZ_SRC_ADDRESS && c->kind != KZ_SRC_EVENT_DAY;
    return !c ? NULL : c->text[0] ? c->text : c->name;
}

static void put_columns(map_page *m)
{
    kz_request *rq = m->rq;
    const kz_look *look = &m->d->task->look;
    bool persons = m->persons, open = !persons && !m->text[0];
    if (look->n_columns == 0)
        return;
    kz_html(rq->out,
            "<section class=\"kk-sec1\"><div class=\"kk-scrollx\" tabindex=\"0\" role=\"region\" "
            "aria-labelledby=\"mcap\"><table class=\"kk-tab\"><caption id=\"mcap\">%s</caption><thead><tr>"
            "<th scope=\"col\">%s</th>%s",
            kz_words_say(rq, "desk.map.caption", kz_s("file", m->d->name), kz_n("n", look->n_columns)),
            kz_text(rq->lang, "desk.map.column"), "");
    if (!persons)
        kz_html(rq->out, "<th scope=\"col\">%s</th>", kz_text(rq->lang, "desk.map.sample"));
    kz_html(rq->out, "<th scope=\"col\">%s</th></tr></thead><tbody>", kz_text(rq->lang, "desk.map.becomes"));
    for (int i = 0; i < look->n_columns; i++) {
        const char *name = look->columns[i].name;
        bool kept = true;
        const char *role = role_by_map(m, name);
        if (!role && !m->parsed)
            role = role_by_source(m, name, &kept);
        kz_html(rq->out, "<tr><th scope=\"row\">%s</th>", name);
        if (!persons)
            kz_html(rq->out, "<td class=\"kk-num kk-val\">%s</td>", look->columns[i].sample);
        if (role && kept)
            kz_html(rq->out, "<td>%s</td></tr>", role);
        else
            kz_html(rq->out, "<td class=\"kk-off\">%s<span class=\"u\">%s</span></td></tr>",
                    kz_text(rq->lang, open ? "desk.map.open" : "desk.map.dropped"),
                    role   ? role
                    : open ? kz_text(rq->lang, "desk.map.open_why")
                           : kz_text(rq->lang, "desk.map.dropped_why"));
    }
    kz_buf_str(rq->out, "</tbody></table></div></section>\n");
}

/* ---- the form ----------------------------------------------------------------------------------- */

static void put_label(map_page *m, kz_map_field f)
{
    const char *name = kz_map_field_name(f);
    kz_html(m->rq->out,
            "<div class=\"kern-form-input kk-field\"><label class=\"kern-label\" for=\"f-%s\">%s</label>",
            name, kz_text(m->rq->lang, kz_words_fmt(m->rq, "desk.map.f_%s", name)));
}

static void put_option(map_page *m, const char *value, const char *text, bool selected)
{
    kz_html(m->rq->out, "<option value=\"%s\"%s>%s</option>", value, selected ? " selected" : "", text);
}

/* One of the columns of the file. */
static void put_column_field(map_page *m, kz_map_field f, bool may_lack)
{
    const kz_look *look = &m->d->task->look;
    const char *now = m->form.set[f], *name = kz_map_field_name(f);
    bool found = now[0] == '\0';
    put_label(m, f);
    kz_html(m->rq->out,
            "<div class=\"kern-form-input__select-wrapper\"><select class=\"kern-form-input__select\" "
            "id=\"f-%s\" name=\"%s\">",
            name, name);
    if (may_lack || now[0] == '\0')
        put_option(m, "", kz_text(m->rq->lang, may_lack ? "desk.map.none" : "desk.map.choose"),
                   now[0] == '\0');
    for (int i = 0; i < look->n_columns; i++) {
        bool is = !found && same(now, look->columns[i].name);
        found |= is;
        put_option(m, look->columns[i].name, look->columns[i].name, is);
    }
    if (!found)
        put_option(m, now, kz_words_say(m->rq, "desk.map.not_in_file", kz_s("column", now)), true);
    kz_buf_str(m->rq->out, "</select></div></div>");
}

/* One of fixed values: "a b c". */
static void put_choice(map_page *m, kz_map_field f, const char *values)
{
    const char *now = m->form.set[f], *name = kz_map_field_name(f);
    put_label(m, f);
    kz_html(m->rq->out,
            "<div class=\"kern-form-input__select-wrapper\"><select class=\"kern-form-input__select\" "
            "id=\"f-%s\" name=\"%s\">",
            name, name);
    for (const char *at = values; *at;) {
        size_t n = strcspn(at, " ");
        const char *value = kz_words_fmt(m->rq, "%.*s", (int)n, at);
        put_option(m, value, kz_text(m->rq->lang, kz_words_fmt(m->rq, "desk.map.v_%s", value)),
                   strcmp(now, value) == 0);
        at += n + (at[n] == ' ');
    }
    kz_buf_str(m->rq->out, "</select></div></div>");
}

static void put_line(map_page *m, kz_map_field f, int most)
{
    const char *name = kz_map_field_name(f);
    put_label(m, f);
    kz_html(m->rq->out,
            "<input class=\"kern-form-input__input\" type=\"text\" id=\"f-%s\" name=\"%s\" value=\"%s\" "
            "maxlength=\"%d\" autocomplete=\"off\"></div>",
            name, name, m->form.set[f], most);
}

static void put_area(map_page *m, const char *name, const char *label, const char *hint, const char *value,
                     int rows)
{
    kz_html(m->rq->out,
            "<div class=\"kern-form-input kk-field\"><label class=\"kern-label\" for=\"f-%s\">%s</label><p "
            "class=\"kk-hint\" id=\"h-%s\">",
            name, kz_text(m->rq->lang, label), name);
    kz_say_html(m->rq->out, m->rq->lang, hint);
    kz_html(m->rq->out,
            "</p><textarea class=\"kern-form-input__input kk-area\" id=\"f-%s\" name=\"%s\" rows=\"%d\" "
            "spellcheck=\"false\" aria-describedby=\"h-%s\">\n%s</textarea></div>",
            name, name, rows, name, value);
}

static void put_measures(map_page *m)
{
    const kz_measures *known;
    kz_request *rq = m->rq;
    if (kz_measures_get(&known, NULL) != KZ_OK)
        return;
    kz_html(rq->out, "<details class=\"kk-details\"><summary>%s</summary><dl class=\"kk-codes\">",
            kz_text(rq->lang, "desk.map.codes"));
    for (int i = 0; i < known->n; i++)
        kz_html(rq->out, "<div><dt>%s</dt><dd>%s: %s</dd></div>", known->list[i].code, known->list[i].table,
                known->list[i].label);
    kz_buf_str(rq->out, "</dl></details>");
}

/* A changed map must not be called like one of the program, or that one would be remembered. */
static const char *own_name(kz_request *rq, const char *name)
{
    const char *path = kz_words_fmt(rq, "data/maps/%.100s.map", name);
    return kz_asset_find(path) ? kz_words_say(rq, "desk.map.own_name", kz_s("name", name)) : name;
}

static const char *map_name(const map_page *m)
{
    const char *name = m->d->map_text ? m->d->map_name : m->d->task->res.map_name;
    return name[0] ? name : m->d->source;
}

static void put_fields(map_page *m)
{
    kz_request *rq = m->rq;
    kz_buf_str(rq->out, "<div class=\"kk-grid\">");
    put_column_field(m, KZ_MAP_AREA, false);
    put_column_field(m, KZ_MAP_AREA_NAME, true);
    put_column_field(m, KZ_MAP_PERIOD, true);
    put_column_field(m, KZ_MAP_MEASURE, true);
    put_column_field(m, KZ_MAP_MEASURE2, true);
    put_column_field(m, KZ_MAP_VALUE, true);
    put_choice(m, KZ_MAP_LAYOUT, "lang breit");
    put_choice(m, KZ_MAP_FORM, "jahr halbjahr quartal monat schuljahr stichtag");
    put_line(m, KZ_MAP_DAY, 10);
    put_choice(m, KZ_MAP_DECIMAL, "auto punkt komma");
    put_choice(m, KZ_MAP_SIGNS, "ja nein");
    if (m->d->task->look.sheets && m->d->task->look.sheets[0])
        put_line(m, KZ_MAP_SHEET, 120);
    kz_buf_str(rq->out, "</div>");
    put_area(m, "gebiete", "desk.map.areas", "desk.map.areas_hint", m->form.areas, 5);
    put_area(m, "merkmale", "desk.map.measures", "desk.map.measures_hint", m->form.measures, 12);
    put_area(m, "wertspalten", "desk.map.values", "desk.map.values_hint", m->form.values, 5);
    put_area(m, "eigene", "desk.map.own", "desk.map.own_hint", m->form.own, 3);
    put_measures(m);
}

static kz_status put_page(map_page *m)
{
    kz_request *rq = m->rq;
    const char *title = kz_text(rq->lang, "desk.map.title"), *here = kz_desk_run_path(rq, m->d, "/zuordnung");
    bool as_text = kz_query_param(rq, "als") != NULL, table = !m->persons;
    const kz_crumb crumbs[] = { { "/intern/einlesen", kz_text(rq->lang, "desk.sources.title") },
                                { kz_desk_run_path(rq, m->d, ""), m->d->name },
                                { NULL, title } };
    kz_desk_open_page(rq, &(kz_desk_page){
                              .title = title, .nav = "/intern/einlesen", .crumbs = crumbs, .n_crumbs = 3 });
    kz_html(rq->out, "<h1 class=\"kk-h1 kk-h1s\">%s</h1><p class=\"kk-lead\">%s</p>", title,
            m->proposed  ? kz_text(rq->lang, "desk.map.lead_proposed")
            : m->text[0] ? kz_words_say(rq, "desk.map.lead", kz_s("map", map_name(m)))
                         : kz_text(rq->lang, table ? "desk.map.lead_none" : "desk.map.lead_persons"));
    put_columns(m);
    if (!table && !m->text[0])
        return kz_desk_close_page(rq);
    kz_html(rq->out, "<section class=\"kk-sec\" id=\"form\"><h2 class=\"kk-h2\">%s</h2>",
            kz_text(rq->lang, "desk.map.change"));
    if (table) /* rows of persons have a text only */
        kz_html(rq->out,
                "<nav class=\"kk-filter\" aria-label=\"%s\"><a href=\"%s#form\"%s>%s</a>"
                "<a href=\"%s?als=text#form\"%s>%s</a></nav>",
                kz_text(rq->lang, "desk.map.how"), here, as_text ? "" : " aria-current=true",
                kz_text(rq->lang, "desk.map.as_form"), here, as_text ? " aria-current=true" : "",
                kz_text(rq->lang, "desk.map.as_text"));
    as_text |= !table;
    kz_desk_form(rq, here, false);
    kz_html(rq->out, "<input type=\"hidden\" name=\"als\" value=\"%s\">", as_text ? "text" : "felder");
    if (as_text)
        put_area(m, "text", "desk.map.text", table ? "desk.map.text_hint" : "desk.map.text_persons", m->text, 28);
    else
        put_fields(m);
    kz_buf_str(rq->out, "<div class=\"kk-grid\">");
    kz_desk_input(rq, "name", "desk.map.name", "desk.map.name_hint", own_name(rq, map_name(m)), 60);
    kz_desk_input(rq, "zeitraum", "desk.source.period", "desk.source.period_hint", m->d->period, 20);
    kz_buf_str(rq->out, "</div>");
    kz_desk_button(rq, "desk.map.check", KZ_BUTTON_MAIN);
    kz_desk_form_end(rq);
    kz_html(rq->out, "<p class=\"kk-note kk-mt1\">%s</p></section>",
            kz_text(rq->lang, "desk.map.remembered"));
    return kz_desk_close_page(rq);
}

kz_status kz_page_map(kz_request *rq)
{
    map_page m;
    KZ_TRY(open_page(rq, &m));
    return put_page(&m);
}

/* ---- what was sent -------------------------------------------------------------------------------- */

static const char *sent(kz_request *rq, const char *name)
{
    const char *text = kz_form_text(rq->form, name);
    return text ? text : "";
}

static void read_fields(map_page *m, kz_buf *text)
{
    kz_map_form *f = &m->form;
    static const kz_map_field SENT[] = { KZ_MAP_LAYOUT, KZ_MAP_SHEET,   KZ_MAP_AREA,     KZ_MAP_AREA_NAME,
                                         KZ_MAP_PERIOD, KZ_MAP_MEASURE, KZ_MAP_MEASURE2, KZ_MAP_VALUE,
                                         KZ_MAP_FORM,   KZ_MAP_DAY,     KZ_MAP_DECIMAL,  KZ_MAP_SIGNS };
    for (size_t i = 0; i < sizeof SENT / sizeof *SENT; i++)
        f->set[SENT[i]] = sent(m->rq, kz_map_field_name(SENT[i]));
    f->set[KZ_MAP_SOURCE] = m->d->source;
    f->areas = sent(m->rq, "gebiete");
    f->measures = sent(m->rq, "merkmale");
    f->values = sent(m->rq, "wertspalten");
    f->own = sent(m->rq, "eigene");
    kz_map_form_write(f, text);
}

/* A name like those of files that come with the program: it stands in the journal. */
static const char *read_name(map_page *m)
{
    kz_view v = kz_view_trim(kz_view_of(sent(m->rq, "name")));
    bool good = v.n > 0 && v.n < 100 && !memchr(v.p, '\n', v.n);
    return good ? own_name(m->rq, kz_words_fmt(m->rq, "%.*s", (int)v.n, v.p)) : m->d->source;
}

kz_status kz_page_map_post(kz_request *rq)
{
    map_page m;
    kz_auto(kz_buf) text = kz_buf_init(2 * KZ_MAP_BYTES);
    KZ_TRY(open_page(rq, &m));
    if (strcmp(sent(rq, "als"), "text") == 0)
        for (const char *p = sent(rq, "text"); *p; p++) {
            if (*p != '\r')
                kz_buf_char(&text, *p);
        }
    else
        read_fields(&m, &text);
    KZ_TRY(kz_buf_status(&text));
    KZ_TRY(kz_delivery_set_map(m.d, read_name(&m), kz_buf_text(&text), sent(rq, "zeitraum"), &rq->err));
    KZ_TRY(kz_delivery_run(kz_desk_deliveries(rq->desk), m.d, kz_desk_workspace(rq->desk)->work,
                           KZ_TASK_CHECK, kz_role_name(rq->who->role), false, &rq->err));
    rq->redirect = kz_desk_run_path(rq, m.d, "");
    return KZ_OK;
}
