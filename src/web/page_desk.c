/* page_desk.c - the first internal page: what is to be done, each one click away. */
#include "web/pages.h"

#include <string.h>

#include "monitor/source.h"
#include "web/desk_layout.h"

static void put_item(kz_request *rq, const char *href, const char *what, const char *more)
{
    kz_html(rq->out, "<li><a href=\"%s\">%s</a><small>%s</small></li>", href, what, more);
}

/* The delivery of this account, wherever it stands. */
static int put_delivery(kz_request *rq)
{
    const kz_delivery *d = kz_delivery_of(kz_desk_deliveries(rq->desk), rq->who->account);
    if (!d || d->fd < 0)
        return 0;
    const kz_findings *f = &d->task->found;
    const char *id = !kz_task_over(d->task)                                ? "desk.start.running"
                     : f->count[KZ_ERROR] > 0                              ? "desk.start.errors"
                     : d->task->st != KZ_OK && d->task->st != KZ_E_FINDING ? "desk.start.open"
                     : f->count[KZ_WARNING] > 0                            ? "desk.start.warnings"
                                                                           : "desk.start.ready";
    put_item(rq, kz_desk_run_path(rq, d, ""), kz_words_say(rq, id, kz_s("file", d->name)),
             kz_text(rq->lang, "desk.start.held"));
    return 1;
}

/* Someone else, or another process of ours, is at it. */
static int put_writer(kz_request *rq)
{
    const kz_task *t = kz_tasks_writer(kz_desk_tasks(rq->desk));
    if (!t || strcmp(t->account, rq->who->account) == 0)
        return 0;
    kz_html(rq->out, "<li>%s</li>",
            kz_words_say(rq, t->is.kind == KZ_TASK_UNDO ? "desk.busy_undo" : "desk.busy_apply",
                         kz_s("who", t->account)));
    return 1;
}

/* Work that ended with the server, until the same kind was done after it. */
static kz_status put_interrupted(kz_request *rq, int *n)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(
        kz_desk_workspace(rq->desk)->work,
        "SELECT kind, file, source, began, import FROM task t WHERE state = 'interrupted' AND id > (SELECT"
        " COALESCE(MAX(id), 0) FROM task WHERE state = 'done') ORDER BY id DESC LIMIT 5",
        &q, &rq->err));
    for (;;) {
        KZ_TRY(kz_step(&q, &row, &rq->err));
        if (!row)
            return KZ_OK;
        bool undo = strcmp(kz_col_text(&q, 0), "undo") == 0;
        const char *what = undo ? kz_words_say(rq, "desk.start.undo_cut", kz_n("id", kz_col_int(&q, 4)))
                                : kz_words_say(rq, "desk.start.cut", kz_s("file", kz_col_text(&q, 1)));
        const char *href = undo ? kz_words_fmt(rq, "/intern/verlauf/%lld", (long long)kz_col_int(&q, 4))
                                : kz_words_fmt(rq, "/intern/einlesen/quelle/%.60s", kz_col_text(&q, 2));
        put_item(rq, href, what,
                 kz_words_say(rq, "desk.start.cut_more", kz_s("time", kz_desk_time(rq, kz_col_text(&q, 3)))));
        (*n)++;
    }
}

static kz_status put_releases(kz_request *rq, int *n)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(
        kz_desk_workspace(rq->desk)->work,
        "SELECT name, state FROM release WHERE state IN ('draft', 'protected', 'approved') ORDER BY id", &q,
        &rq->err));
    for (;;) {
        KZ_TRY(kz_step(&q, &row, &rq->err));
        if (!row)
            return KZ_OK;
        kz_buf_str(rq->out, "<li>");
        kz_say_html(rq->out, rq->lang, kz_words_fmt(rq, "desk.start.release_%s", kz_col_text(&q, 1)),
                    kz_s("name", kz_col_text(&q, 0)));
        kz_buf_str(rq->out, "</li>");
        (*n)++;
    }
}

/* What is there: the last import of each source. */
static kz_status put_stock(kz_request *rq)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    int n = 0;
    KZ_TRY(kz_prepare(
        kz_desk_workspace(rq->desk)->work,
        "SELECT i.source, i.id, i.file, i.at, i.by_user, i.rows_kept FROM import i WHERE i.state = 'applied'"
        " AND i.id = (SELECT MAX(id) FROM import o WHERE o.source = i.source AND o.state = 'applied')"
        " ORDER BY i.at DESC",
        &q, &rq->err));
    kz_html(rq->out, "<section class=\"kk-sec\"><h2 class=\"kk-h2\">%s</h2>",
            kz_text(rq->lang, "desk.start.stock"));
    for (;;) {
        kz_source s;
        KZ_TRY(kz_step(&q, &row, &rq->err));
        if (!row)
            break;
        if (n++ == 0)
            kz_html(rq->out,
                    "<div class=\"kk-scrollx\" tabindex=\"0\" role=\"region\" aria-label=\"%s\"><table "
                    "class=\"kk-tab\">"
                    "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th "
                    "scope=\"col\">%s</th><th scope=\"col\" "
                    "class=\"r\">%s</th><th scope=\"col\">%s</th></tr></thead><tbody>",
                    kz_text(rq->lang, "desk.start.stock"), kz_text(rq->lang, "desk.history.source"),
                    kz_text(rq->lang, "desk.history.file"), kz_text(rq->lang, "desk.history.at"),
                    kz_text(rq->lang, "desk.history.rows"), kz_text(rq->lang, "desk.history.by"));
        bool known = kz_source_load(kz_col_text(&q, 0), rq->arena, &s, NULL) == KZ_OK;
        kz_buf_str(rq->out, "<tr><th scope=\"row\">");
        if (known)
            kz_link(rq, "/intern/einlesen/quelle/", s.id, s.title);
        else
            kz_html(rq->out, "%s", kz_col_text(&q, 0));
        kz_html(rq->out,
                "</th><td><a href=\"/intern/verlauf/%lld\">%s</a></td><td class=\"kk-num\">%s</td><td "
                "class=\"r\">%s</td><td>%s</td></tr>",
                (long long)kz_col_int(&q, 1), kz_col_text(&q, 2), kz_desk_time(rq, kz_col_text(&q, 3)),
                kz_words_int(rq, kz_col_int(&q, 5)), kz_col_text(&q, 4));
    }
    if (n > 0)
        kz_buf_str(rq->out, "</tbody></table></div></section>");
    else
        kz_html(rq->out, "<p class=\"kk-p\">%s</p></section>", kz_text(rq->lang, "desk.start.empty"));
    return KZ_OK;
}

/* The list of what is open, or the good news. */
static kz_status put_todo(kz_request *rq)
{
    kz_auto(kz_buf) list = kz_buf_init(1 << 20);
    kz_buf *page = rq->out;
    int n = 0;
    rq->out = &list;
    n += put_delivery(rq);
    n += put_writer(rq);
    kz_status st = put_interrupted(rq, &n);
    if (st == KZ_OK)
        st = put_releases(rq, &n);
    rq->out = page;
    if (st != KZ_OK)
        return st;
    if (n == 0) {
        kz_html(rq->out, "<p class=\"kk-lead\">%s</p>", kz_text(rq->lang, "desk.start.nothing"));
        return KZ_OK;
    }
    kz_html(rq->out, "<section class=\"kk-sec1\"><h2 class=\"kern-sr-only\">%s</h2><ul class=\"kk-links kk-todo\">",
            kz_text(rq->lang, "desk.start.todo"));
    kz_buf_add(rq->out, kz_buf_text(&list), list.n);
    kz_buf_str(rq->out, "</ul></section>");
    return kz_buf_status(&list);
}

static kz_status put_for_statistics(kz_request *rq)
{
    KZ_TRY(put_todo(rq));
    kz_html(rq->out,
            "<p class=\"kk-mt1\"><a class=\"kern-btn kern-btn--primary\" href=\"/intern/einlesen\"><span "
            "class=\"kern-label\">%s</span></a></p>\n",
            kz_text(rq->lang, "desk.sources.title"));
    return put_stock(rq);
}

kz_status kz_page_desk(kz_request *rq)
{
    const char *title = kz_text(rq->lang, "desk.start.title");
    kz_desk_open_page(rq, &(kz_desk_page){ .title = title, .nav = "/intern" });
    kz_html(rq->out, "<h1 class=\"kk-h1\">%s</h1>", title);
    if (kz_may(rq->who->role, KZ_VERB_SEE, KZ_OBJECT_IMPORT))
        KZ_TRY(put_for_statistics(rq));
    else
        kz_html(rq->out, "<p class=\"kk-lead\">%s</p>", kz_text(rq->lang, "desk.start.not_yours"));
    return kz_desk_close_page(rq);
}
