/* page_history.c - what was brought in, where it came from, and how to take it back. */
#include "web/pages.h"

#include <string.h>

#include "base/parse.h"
#include "monitor/source.h"
#include "web/desk_layout.h"

enum { A_PAGE = 50 };

static const char *source_title(kz_request *rq, const char *id)
{
    kz_source s;
    if (kz_source_load(id, rq->arena, &s, NULL) == KZ_OK)
        return s.title;
    const char *copy = kz_arena_strdup(rq->arena, id);
    return copy ? copy : "";
}

static const char *state_text(kz_request *rq, const char *state)
{
    return kz_text(rq->lang, strcmp(state, "undone") == 0 ? "desk.history.undone" : "desk.history.applied");
}

/* ---- the list -------------------------------------------------------------------------- */

static kz_status put_option(kz_request *rq, kz_stmt *q, const char *asked)
{
    bool row;
    for (;;) {
        KZ_TRY(kz_step(q, &row, &rq->err));
        if (!row)
            return KZ_OK;
        const char *id = kz_col_text(q, 0);
        kz_html(rq->out, "<option value=\"%s\"%s>%s</option>", id, strcmp(asked, id) == 0 ? " selected" : "",
                source_title(rq, id));
    }
}

static kz_status put_filter(kz_request *rq, const char *source, const char *state)
{
    static const char *const STATES[] = { "applied", "undone" };
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(kz_desk_workspace(rq->desk)->work, "SELECT DISTINCT source FROM import ORDER BY source",
                      &q, &rq->err));
    kz_html(rq->out,
            "<form class=\"kk-form kk-form2\" method=\"get\" action=\"/intern/verlauf\"><div "
            "class=\"kern-form-input\">"
            "<label class=\"kern-label\" for=\"quelle\">%s</label><div "
            "class=\"kern-form-input__select-wrapper\"><select "
            "class=\"kern-form-input__select\" id=\"quelle\" name=\"quelle\"><option value=\"\">%s</option>",
            kz_text(rq->lang, "desk.history.source"), kz_text(rq->lang, "desk.history.all"));
    KZ_TRY(put_option(rq, &q, source));
    kz_html(rq->out,
            "</select></div></div><div class=\"kern-form-input\"><label class=\"kern-label\" "
            "for=\"stand\">%s</label>"
            "<div class=\"kern-form-input__select-wrapper\"><select class=\"kern-form-input__select\" "
            "id=\"stand\" "
            "name=\"stand\"><option value=\"\">%s</option>",
            kz_text(rq->lang, "desk.history.state"), kz_text(rq->lang, "desk.history.all"));
    for (size_t i = 0; i < sizeof STATES / sizeof *STATES; i++)
        kz_html(rq->out, "<option value=\"%s\"%s>%s</option>", STATES[i],
                strcmp(state, STATES[i]) == 0 ? " selected" : "", state_text(rq, STATES[i]));
    kz_buf_str(rq->out, "</select></div></div>");
    kz_desk_button(rq, "desk.history.show", KZ_BUTTON_OTHER);
    kz_buf_str(rq->out, "</form>\n");
    return KZ_OK;
}

static void put_head(kz_request *rq)
{
    kz_html(rq->out,
            "<section class=\"kk-sec1\"><div class=\"kk-scrollx\" tabindex=\"0\" role=\"region\" "
            "aria-labelledby=\"hcap\">"
            "<table class=\"kk-tab\"><caption id=\"hcap\">%s</caption><thead><tr><th scope=\"col\" "
            "class=\"r\">%s</th>"
            "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th scope=\"col\">%s</th>"
            "<th scope=\"col\">%s</th><th scope=\"col\" class=\"r\">%s</th><th "
            "scope=\"col\">%s</th></tr></thead><tbody>",
            kz_text(rq->lang, "desk.history.caption"), kz_text(rq->lang, "desk.history.number"),
            kz_text(rq->lang, "desk.history.file"), kz_text(rq->lang, "desk.history.source"),
            kz_text(rq->lang, "desk.history.at"), kz_text(rq->lang, "desk.history.by"),
            kz_text(rq->lang, "desk.history.rows"), kz_text(rq->lang, "desk.history.state"));
}

static void put_row(kz_request *rq, kz_stmt *q)
{
    long long id = (long long)kz_col_int(q, 0);
    kz_html(rq->out,
            "<tr><td class=\"r\">%lld</td><th scope=\"row\"><a "
            "href=\"/intern/verlauf/%lld\">%s</a></th><td>%s</td>"
            "<td class=\"kk-num\">%s</td><td>%s</td><td class=\"r\">%s</td><td>%s</td></tr>",
            id, id, kz_col_text(q, 1), source_title(rq, kz_col_text(q, 2)),
            kz_desk_time(rq, kz_col_text(q, 3)), kz_col_text(q, 4), kz_words_int(rq, kz_col_int(q, 5)),
            state_text(rq, kz_col_text(q, 6)));
}

kz_status kz_page_history(kz_request *rq)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    const char *title = kz_text(rq->lang, "desk.history.title");
    const char *source = kz_query_param(rq, "quelle"), *state = kz_query_param(rq, "stand");
    const char *before = kz_query_param(rq, "vor");
    int64_t last = INT64_MAX;
    int n = 0;
    bool row;
    source = source ? source : "";
    state = state ? state : "";
    if (state[0] && strcmp(state, "applied") != 0 && strcmp(state, "undone") != 0)
        return kz_fail(&rq->err, KZ_E_USAGE, "desk.history.bad_state");
    if (before && !kz_parse_plain(kz_view_of(before), 1, INT64_MAX, &last))
        return kz_fail(&rq->err, KZ_E_USAGE, "desk.history.bad_state");
    kz_desk_open_page(rq, &(kz_desk_page){ .title = title, .nav = "/intern/verlauf" });
    kz_html(rq->out, "<h1 class=\"kk-h1\">%s</h1><p class=\"kk-lead\">%s</p>", title,
            kz_text(rq->lang, "desk.history.lead"));
    KZ_TRY(put_filter(rq, source, state));
    KZ_TRY(kz_prepare(kz_desk_workspace(rq->desk)->work,
                      "SELECT id, file, source, at, by_user, rows_kept, state FROM import WHERE id < ?1 AND"
                      " (?2 = '' OR source = ?2) AND (?3 = '' OR state = ?3) ORDER BY id DESC LIMIT ?4",
                      &q, &rq->err));
    kz_bind_int(&q, 1, last);
    kz_bind_text(&q, 2, source);
    kz_bind_text(&q, 3, state);
    kz_bind_int(&q, 4, A_PAGE + 1);
    for (;;) {
        KZ_TRY(kz_step(&q, &row, &rq->err));
        if (!row || n == A_PAGE)
            break;
        if (n++ == 0)
            put_head(rq);
        put_row(rq, &q);
        last = kz_col_int(&q, 0);
    }
    kz_buf_str(rq->out, n > 0 ? "</tbody></table></div>" : "<section class=\"kk-sec1\">");
    if (n == 0)
        kz_html(rq->out, "<p class=\"kk-p\">%s</p>", kz_text(rq->lang, "desk.history.none"));
    if (row) {
        kz_html(rq->out,
                "<p class=\"kk-note kk-mt1\"><a href=\"/intern/verlauf?vor=%lld&quelle=", (long long)last);
        kz_buf_url(rq->out, source);
        kz_buf_str(rq->out, "&stand=");
        kz_buf_url(rq->out, state);
        kz_html(rq->out, "\">%s</a></p>", kz_text(rq->lang, "desk.history.older"));
    }
    kz_buf_str(rq->out, "</section>");
    return kz_desk_close_page(rq);
}

/* ---- one import ------------------------------------------------------------------------- */

enum {
    C_FILE,
    C_SOURCE,
    C_SHA,
    C_SHEET,
    C_PERIOD,
    C_MAP,
    C_MAP_TEXT,
    C_AT,
    C_BY,
    C_STATE,
    C_ORIGINAL,
    C_READ,
    C_KEPT,
    C_AREAS,
    C_PERIODS,
    C_NEW,
    C_CHANGED,
    C_SAME,
    C_WARNINGS,
    C_MAP_VERSION,
};

static kz_status find(kz_request *rq, kz_stmt *q, int64_t *id)
{
    const char *asked = kz_path_param(rq, "import");
    bool row;
    if (!asked || !kz_parse_plain(kz_view_of(asked), 1, INT64_MAX, id))
        return kz_fail(&rq->err, KZ_E_MISSING, "desk.import.unknown");
    KZ_TRY(kz_prepare(
        kz_desk_workspace(rq->desk)->work,
        "SELECT file, source, sha256, sheet, only_period, map_name, map_text, at, by_user, state, original,"
        " rows_read, rows_kept, areas, periods, cells_new, cells_changed, cells_same, warnings, map_version FROM import"
        " WHERE id = ?1",
        q, &rq->err));
    kz_bind_int(q, 1, *id);
    KZ_TRY(kz_step(q, &row, &rq->err));
    return row ? KZ_OK : kz_fail(&rq->err, KZ_E_MISSING, "desk.import.unknown");
}

static void put_fact(kz_request *rq, const char *id, const char *text)
{
    if (text[0])
        kz_html(rq->out, "<dt>%s</dt><dd>%s</dd>", kz_text(rq->lang, id), text);
}

static void put_counts(kz_request *rq, kz_stmt *q)
{
    static const struct {
        int column;
        const char *id;
    } FACTS[] = { { C_KEPT, "desk.report.kept" },       { C_AREAS, "desk.report.areas" },
                  { C_PERIODS, "desk.report.periods" }, { C_NEW, "desk.report.new" },
                  { C_CHANGED, "desk.report.changed" }, { C_SAME, "desk.report.same" } };
    kz_buf_str(rq->out, "<dl class=\"kk-facts\">");
    for (size_t i = 0; i < sizeof FACTS / sizeof *FACTS; i++)
        if (kz_col_int(q, FACTS[i].column) > 0)
            kz_html(rq->out, "<div><dt>%s</dt><dd class=\"kk-num\">%s</dd></div>",
                    kz_text(rq->lang, FACTS[i].id), kz_words_int(rq, kz_col_int(q, FACTS[i].column)));
    kz_buf_str(rq->out, "</dl>\n");
}

/* The reason given for accepting all warnings at once; "" none. */
static kz_status reason_of(kz_request *rq, int64_t id, const char **ret)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    *ret = "";
    KZ_TRY(kz_prepare(kz_desk_workspace(rq->desk)->work,
                      "SELECT reason FROM task WHERE import = ?1 AND kind = 'apply' AND reason <> ''", &q,
                      &rq->err));
    kz_bind_int(&q, 1, id);
    KZ_TRY(kz_step(&q, &row, &rq->err));
    if (row)
        *ret = kz_words_fmt(rq, "%.600s", kz_col_text(&q, 0));
    return KZ_OK;
}

static kz_status put_origin(kz_request *rq, kz_stmt *q, int64_t id)
{
    const char *reason;
    KZ_TRY(reason_of(rq, id, &reason));
    kz_html(rq->out, "<div class=\"kk-def\"><h2 class=\"kk-h2\">%s</h2><dl>",
            kz_text(rq->lang, "desk.import.origin"));
    put_fact(rq, "desk.history.file", kz_col_text(q, C_FILE));
    put_fact(rq, "desk.import.sheet", kz_col_text(q, C_SHEET));
    put_fact(rq, "desk.history.source", source_title(rq, kz_col_text(q, C_SOURCE)));
    put_fact(rq, "desk.source.period", kz_col_text(q, C_PERIOD));
    put_fact(rq, "desk.history.at", kz_desk_time(rq, kz_col_text(q, C_AT)));
    put_fact(rq, "desk.history.by", kz_col_text(q, C_BY));
    put_fact(rq, "desk.import.map",
             kz_words_say(rq, "desk.import.map_version", kz_s("map", kz_col_text(q, C_MAP)),
                          kz_n("n", kz_col_int(q, C_MAP_VERSION))));
    if (kz_col_int(q, C_WARNINGS) > 0)
        put_fact(rq, "desk.import.warnings", kz_words_int(rq, kz_col_int(q, C_WARNINGS)));
    put_fact(rq, "desk.report.reason", reason);
    kz_html(rq->out, "<dt>%s</dt><dd class=\"kk-hash\">%s</dd>", kz_text(rq->lang, "desk.import.hash"),
            kz_col_text(q, C_SHA));
    put_fact(rq, "desk.import.original",
             kz_text(rq->lang, kz_col_text(q, C_ORIGINAL)[0] ? "desk.import.original_kept"
                                                             : "desk.import.original_none"));
    kz_buf_str(rq->out, "</dl></div>");
    return KZ_OK;
}

/* What an undo is doing, or why it could not. */
static bool put_undo_state(kz_request *rq, int64_t id)
{
    kz_task *t = kz_tasks_undo(kz_desk_tasks(rq->desk), id);
    if (t && !kz_task_over(t)) {
        kz_desk_message(rq, false, kz_text(rq->lang, "desk.undo.running"));
        rq->refresh = kz_words_fmt(rq, "1; url=/intern/verlauf/%lld?nachsehen=1", (long long)id);
        return true;
    }
    if (t && t->st != KZ_OK) {
        kz_desk_message(rq, true, kz_desk_err(rq, &t->err));
        for (int i = 0; i < t->err.n_args; i++)
            if (strcmp(t->err.arg[i].name, "later") == 0 && t->err.arg[i].is_int)
                kz_html(rq->out, "<p class=\"kk-p\">%s <a href=\"/intern/verlauf/%lld\">%s</a></p>",
                        kz_text(rq->lang, "desk.undo.later"), (long long)t->err.arg[i].number,
                        kz_words_say(rq, "desk.import.title", kz_n("id", t->err.arg[i].number)));
    }
    return false;
}

kz_status kz_page_import(kz_request *rq)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    int64_t id;
    KZ_TRY(find(rq, &q, &id));
    const char *title = kz_words_say(rq, "desk.import.title", kz_n("id", id));
    const kz_crumb crumbs[] = { { "/intern/verlauf", kz_text(rq->lang, "desk.history.title") },
                                { NULL, title } };
    bool undone = strcmp(kz_col_text(&q, C_STATE), "undone") == 0;
    bool fresh = kz_query_param(rq, "neu") != NULL && !undone;
    kz_desk_open_page(rq, &(kz_desk_page){
                              .title = title, .nav = "/intern/verlauf", .crumbs = crumbs, .n_crumbs = 2 });
    kz_html(rq->out, "<h1 class=\"kk-h1 kk-h1s\">%s</h1>",
            fresh ? kz_words_say(rq, "desk.import.done", kz_s("file", kz_col_text(&q, C_FILE))) : title);
    bool running = put_undo_state(rq, id);
    kz_buf_str(rq->out, "<p class=\"kk-lead\">");
    kz_say_html(rq->out, rq->lang, undone ? "desk.import.lead_undone" : "desk.import.lead",
                kz_s("file", kz_col_text(&q, C_FILE)), kz_n("rows", kz_col_int(&q, C_READ)),
                kz_n("kept", kz_col_int(&q, C_KEPT)));
    kz_buf_str(rq->out, "</p>");
    put_counts(rq, &q);
    kz_buf_str(rq->out, "<div class=\"kk-sec kk-2\">");
    KZ_TRY(put_origin(rq, &q, id));
    kz_buf_str(rq->out, "<div>");
    if (fresh)
        kz_html(rq->out,
                "<p class=\"kk-p\">%s</p><ul class=\"kk-links\"><li><a "
                "href=\"/intern/einlesen\">%s</a></li></ul>",
                kz_text(rq->lang, "desk.import.next"), kz_text(rq->lang, "desk.import.another"));
    if (!undone && !running)
        kz_html(rq->out,
                "<p class=\"kk-mt1\"><a class=\"kern-btn kern-btn--secondary\" "
                "href=\"/intern/verlauf/%lld/zuruecknehmen\"><span class=\"kern-label\">%s</span></a></p>",
                (long long)id, kz_text(rq->lang, "desk.undo.link"));
    kz_html(rq->out,
            "</div></div><section class=\"kk-sec\"><details class=\"kk-details\"><summary>%s</summary><pre "
            "class=\"kk-code\" tabindex=\"0\">%s</pre></details></section>",
            kz_text(rq->lang, "desk.import.map_text"), kz_col_text(&q, C_MAP_TEXT));
    return kz_desk_close_page(rq);
}

/* ---- taking back ---------------------------------------------------------------------------- */

kz_status kz_page_import_undo(kz_request *rq)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    int64_t id;
    KZ_TRY(find(rq, &q, &id));
    const char *here = kz_words_fmt(rq, "/intern/verlauf/%lld", (long long)id);
    if (strcmp(kz_col_text(&q, C_STATE), "undone") == 0) {
        rq->redirect = here;
        return KZ_OK;
    }
    const char *title = kz_words_say(rq, "desk.undo.title", kz_n("id", id));
    const kz_crumb crumbs[] = { { "/intern/verlauf", kz_text(rq->lang, "desk.history.title") },
                                { here, kz_words_say(rq, "desk.import.title", kz_n("id", id)) },
                                { NULL, kz_text(rq->lang, "desk.undo.crumb") } };
    kz_desk_open_page(rq, &(kz_desk_page){
                              .title = title, .nav = "/intern/verlauf", .crumbs = crumbs, .n_crumbs = 3 });
    kz_html(rq->out, "<h1 class=\"kk-h1 kk-h1s\">%s</h1><p class=\"kk-lead\">", title);
    kz_say_html(rq->out, rq->lang, "desk.undo.lead", kz_s("file", kz_col_text(&q, C_FILE)),
                kz_s("time", kz_desk_time(rq, kz_col_text(&q, C_AT))), kz_s("who", kz_col_text(&q, C_BY)));
    kz_buf_str(rq->out, "</p><ul class=\"kk-p\">");
    if (kz_col_int(&q, C_NEW) > 0)
        kz_html(rq->out, "<li>%s</li>", kz_words_say(rq, "desk.undo.new", kz_n("n", kz_col_int(&q, C_NEW))));
    if (kz_col_int(&q, C_CHANGED) > 0)
        kz_html(rq->out, "<li>%s</li>",
                kz_words_say(rq, "desk.undo.changed", kz_n("n", kz_col_int(&q, C_CHANGED))));
    kz_html(rq->out, "<li>%s</li><li>%s</li><li>%s</li></ul><div class=\"kk-row\">",
            kz_text(rq->lang, "desk.undo.computed"), kz_text(rq->lang, "desk.undo.public"),
            kz_text(rq->lang, "desk.undo.order"));
    kz_desk_form(rq, kz_words_fmt(rq, "%s/zuruecknehmen", here), false);
    kz_desk_button(rq, "desk.undo.button", KZ_BUTTON_MAIN);
    kz_desk_form_end(rq);
    kz_html(rq->out,
            "<a class=\"kern-btn kern-btn--secondary\" href=\"%s\"><span "
            "class=\"kern-label\">%s</span></a></div>",
            here, kz_text(rq->lang, "desk.undo.keep"));
    return kz_desk_close_page(rq);
}

kz_status kz_page_import_undo_post(kz_request *rq)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_tasks *ts = kz_desk_tasks(rq->desk);
    kz_task *t;
    int64_t id;
    KZ_TRY(find(rq, &q, &id));
    const kz_task *old = kz_tasks_undo(ts, id);
    if (old && !kz_task_over(old)) {
        rq->redirect = kz_words_fmt(rq, "/intern/verlauf/%lld", (long long)id);
        return KZ_OK;
    }
    kz_task_let_go(ts, kz_tasks_undo(ts, id));
    const kz_task_order o = {
        .kind = KZ_TASK_UNDO, .account = rq->who->account, .role = kz_role_name(rq->who->role), .import = id
    };
    kz_stmt_done(&q);
    KZ_TRY(kz_task_start(ts, kz_desk_workspace(rq->desk)->work, &o, &t, &rq->err));
    rq->redirect = kz_words_fmt(rq, "/intern/verlauf/%lld", (long long)id);
    return KZ_OK;
}
