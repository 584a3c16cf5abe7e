/* page_source.c - which kinds of delivery there are, what one expects, and where a file is handed in. */
#include "web/pages.h"

#include <string.h>

#include "monitor/source.h"
#include "web/desk_layout.h"

/* When this source was brought in last; "" never. */
static kz_status last_import(kz_request *rq, const char *source, const char **ret)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(
        kz_desk_workspace(rq->desk)->work,
        "SELECT at, id FROM import WHERE source = ?1 AND state = 'applied' ORDER BY id DESC LIMIT 1", &q,
        &rq->err));
    kz_bind_text(&q, 1, source);
    KZ_TRY(kz_step(&q, &row, &rq->err));
    *ret = row ? kz_words_say(rq, "desk.sources.last", kz_s("time", kz_desk_time(rq, kz_col_text(&q, 0))),
                              kz_n("id", kz_col_int(&q, 1)))
               : kz_text(rq->lang, "desk.sources.never");
    return KZ_OK;
}

static const char *field_text(const kz_source *s, const char *field)
{
    for (int i = 0; i < s->n_fields; i++)
        if (strcmp(s->fields[i].field, field) == 0)
            return s->fields[i].text;
    return "";
}

static kz_status put_sources(kz_request *rq, kz_source_rows rows, const char *heading, const char *note)
{
    const char *const *ids;
    KZ_TRY(kz_source_ids(rq->arena, &ids, &rq->err));
    kz_html(rq->out, "<div><h2 class=\"kk-h2\">%s</h2><p class=\"kk-note\">%s</p><ul class=\"kk-links\">",
            kz_text(rq->lang, heading), kz_text(rq->lang, note));
    for (; *ids; ids++) {
        kz_source s;
        const char *last;
        KZ_TRY(kz_source_load(*ids, rq->arena, &s, &rq->err));
        if (s.rows != rows)
            continue;
        KZ_TRY(last_import(rq, s.id, &last));
        kz_buf_str(rq->out, "<li>");
        kz_link(rq, "/intern/einlesen/quelle/", s.id, s.title);
        kz_html(rq->out, "<small>%s. %s</small></li>", field_text(&s, "office"), last);
    }
    kz_buf_str(rq->out, "</ul></div>");
    return KZ_OK;
}

kz_status kz_page_sources(kz_request *rq)
{
    const char *title = kz_text(rq->lang, "desk.sources.title");
    kz_desk_open_page(rq, &(kz_desk_page){ .title = title, .nav = "/intern/einlesen" });
    kz_html(rq->out,
            "<h1 class=\"kk-h1\">%s</h1><p class=\"kk-lead\">%s</p>\n<div class=\"kk-sec kk-2 kk-2e\">",
            title, kz_text(rq->lang, "desk.sources.lead"));
    KZ_TRY(put_sources(rq, KZ_ROWS_TABLE, "desk.sources.tables", "desk.sources.tables_note"));
    KZ_TRY(put_sources(rq, KZ_ROWS_PERSONS, "desk.sources.persons", "desk.sources.persons_note"));
    kz_buf_str(rq->out, "</div>");
    return kz_desk_close_page(rq);
}

/* ---- one source ------------------------------------------------------------------------ */

static kz_status load(kz_request *rq, kz_source *ret)
{
    const char *id = kz_path_param(rq, "source");
    if (kz_source_load(id, rq->arena, ret, NULL) != KZ_OK)
        return kz_fail(&rq->err, KZ_E_MISSING, "desk.source.unknown");
    return KZ_OK;
}

static void put_upload(kz_request *rq, const kz_source *s)
{
    const char *action = kz_words_fmt(rq, "/intern/einlesen/quelle/%s", s->id);
    kz_html(rq->out, "<div><h2 class=\"kk-h2\">%s</h2>", kz_text(rq->lang, "desk.source.hand_in"));
    kz_desk_form(rq, action, true);
    kz_html(rq->out,
            "<div class=\"kk-field kern-form-input\"><label class=\"kern-label\" for=\"datei\">%s</label>"
            "<p class=\"kk-hint\" id=\"h-datei\">%s</p><input class=\"kk-file\" type=\"file\" id=\"datei\" "
            "name=\"datei\" "
            "required aria-describedby=\"h-datei\"></div>",
            kz_text(rq->lang, "desk.source.file"), kz_text(rq->lang, "desk.source.file_hint"));
    kz_desk_input(rq, "zeitraum", "desk.source.period", "desk.source.period_hint", "", 20);
    kz_desk_button(rq, "desk.source.check", KZ_BUTTON_MAIN);
    kz_desk_form_end(rq);
    kz_html(rq->out, "<p class=\"kk-note kk-mt1\">%s</p></div>",
            kz_text(rq->lang, s->rows == KZ_ROWS_PERSONS ? "desk.source.promise_persons"
                                                         : "desk.source.promise_table"));
}

static void put_legal(kz_request *rq, const kz_source *s)
{
    static const char *const FIELDS[] = {
        "rows", "time", "office", "purpose", "legal", "retention", "profile"
    };
    kz_html(rq->out, "<aside class=\"kk-def\" aria-label=\"%s\"><h2 class=\"kk-h2\">%s</h2><dl>",
            kz_text(rq->lang, "desk.source.about"), kz_text(rq->lang, "desk.source.about"));
    for (size_t i = 0; i < sizeof FIELDS / sizeof *FIELDS; i++) {
        const char *text = field_text(s, FIELDS[i]);
        if (text[0])
            kz_html(rq->out, "<dt>%s</dt><dd>%s</dd>",
                    kz_text(rq->lang, kz_words_fmt(rq, "desk.source.%s", FIELDS[i])), text);
    }
    kz_buf_str(rq->out, "</dl></aside>");
}

/* The names that offices use, and what becomes of the column. */
static void put_names(kz_request *rq, const kz_source_column *c)
{
    int n = 0;
    kz_buf_str(rq->out, "<td class=\"kk-names\">");
    for (int h = 0; h < c->n_headers; h++)
        for (int i = 0; i < c->headers[h].n; i++)
            kz_html(rq->out, "%s%s", n++ > 0 ? ", " : "", c->headers[h].names[i]);
    kz_buf_str(rq->out, "</td>");
}

static void put_columns(kz_request *rq, const kz_source *s)
{
    bool names = false;
    for (int i = 0; i < s->n_columns; i++)
        names |= s->columns[i].n_headers > 0;
    kz_html(rq->out,
            "<section class=\"kk-sec\"><h2 class=\"kk-h2\">%s</h2><p class=\"kk-note\">%s</p>"
            "<div class=\"kk-scrollx\" tabindex=\"0\" role=\"region\" aria-labelledby=\"cols\">"
            "<table class=\"kk-tab\"><caption id=\"cols\" class=\"kern-sr-only\">%s</caption><thead><tr>"
            "<th scope=\"col\">%s</th>",
            kz_text(rq->lang, "desk.source.columns"), kz_text(rq->lang, "desk.source.columns_note"),
            kz_text(rq->lang, "desk.source.columns"), kz_text(rq->lang, "desk.source.what"));
    if (names)
        kz_html(rq->out, "<th scope=\"col\">%s</th>", kz_text(rq->lang, "desk.source.names"));
    kz_html(rq->out, "<th scope=\"col\">%s</th></tr></thead><tbody>",
            kz_text(rq->lang, "desk.source.becomes"));
    for (int i = 0; i < s->n_columns; i++) {
        const kz_source_column *c = &s->columns[i];
        bool dropped = c->kind == KZ_SRC_DROPPED || c->kind == KZ_SRC_ADDRESS || c->kind == KZ_SRC_EVENT_DAY;
        if (strcmp(c->name, "*") == 0)
            continue;
        kz_html(rq->out, "<tr><th scope=\"row\">%s</th>", c->text[0] ? c->text : c->name);
        if (names)
            put_names(rq, c);
        kz_html(rq->out, "<td>%s</td></tr>",
                kz_text(rq->lang, dropped && !c->kept ? "desk.source.not_kept"
                                  : c->optional       ? "desk.source.may_lack"
                                                      : "desk.source.needed"));
    }
    kz_html(rq->out, "</tbody></table></div><p class=\"kk-cap\">%s</p></section>\n",
            kz_text(rq->lang, "desk.source.others"));
}

kz_status kz_page_source(kz_request *rq)
{
    kz_source s;
    KZ_TRY(load(rq, &s));
    const kz_crumb crumbs[] = { { "/intern/einlesen", kz_text(rq->lang, "desk.sources.title") },
                                { NULL, s.title } };
    kz_desk_open_page(rq, &(kz_desk_page){
                              .title = s.title, .nav = "/intern/einlesen", .crumbs = crumbs, .n_crumbs = 2 });
    kz_html(rq->out, "<h1 class=\"kk-h1 kk-h1s\">%s</h1>\n<div class=\"kk-sec1 kk-2\">", s.title);
    put_upload(rq, &s);
    put_legal(rq, &s);
    kz_buf_str(rq->out, "</div>\n");
    put_columns(rq, &s);
    return kz_desk_close_page(rq);
}

kz_status kz_page_source_post(kz_request *rq)
{
    kz_source s;
    kz_delivery *d;
    kz_deliveries *ds = kz_desk_deliveries(rq->desk);
    const char *period = kz_form_text(rq->form, "zeitraum");
    KZ_TRY(load(rq, &s));
    KZ_TRY(kz_delivery_take(ds, rq->who->account, s.id, rq->form, kz_time_now(), &d, &rq->err));
    KZ_TRY(kz_delivery_set_map(d, "", NULL, period ? period : "", &rq->err));
    KZ_TRY(kz_delivery_run(ds, d, kz_desk_workspace(rq->desk)->work, KZ_TASK_CHECK,
                           kz_role_name(rq->who->role), false, &rq->err));
    rq->redirect = kz_desk_run_path(rq, d, "");
    return KZ_OK;
}
