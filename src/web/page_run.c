/* page_run.c - a delivery on its way: being checked, the report, being taken over. */
#include "web/pages.h"

#include <string.h>

#include "web/report.h"

static void put_open(kz_request *rq, const kz_delivery *d, const char *title)
{
    const kz_crumb crumbs[] = { { "/intern/einlesen", kz_text(rq->lang, "desk.sources.title") },
                                { NULL, d->name } };
    kz_desk_open_page(rq, &(kz_desk_page){
                              .title = title, .nav = "/intern/einlesen", .crumbs = crumbs, .n_crumbs = 2 });
    kz_html(rq->out, "<h1 class=\"kk-h1 kk-h1s\">%s</h1>", title);
}

static void put_post(kz_request *rq, const kz_delivery *d, const char *rest, const char *button,
                     kz_button kind)
{
    kz_desk_form(rq, kz_desk_run_path(rq, d, rest), false);
    kz_desk_button(rq, button, kind);
    kz_desk_form_end(rq);
}

/* ---- running ------------------------------------------------------------------------------ */

static void put_progress(kz_request *rq, const kz_task *t)
{
    uint64_t done, of;
    kz_task_progress(t, &done, &of);
    int percent = of > 0 ? (int)(done >= of ? 100 : done * 100 / of) : -1;
    kz_html(rq->out, "<p class=\"kk-progress\"><progress aria-label=\"%s\" max=\"100\"",
            kz_text(rq->lang, "desk.run.progress"));
    if (percent >= 0)
        kz_html(rq->out, " value=\"%d\"></progress> <span class=\"kk-num\">%d\u00a0%%</span></p>", percent,
                percent);
    else
        kz_html(rq->out, "></progress> <span>%s</span></p>", kz_text(rq->lang, "desk.run.unknown"));
    int64_t seconds = kz_time_now() - t->began_at;
    kz_html(rq->out, "<p class=\"kk-note\">%s</p>", kz_words_say(rq, "desk.run.since", kz_n("s", seconds)));
}

static kz_status put_running(kz_request *rq, const kz_delivery *d)
{
    bool check = d->task->is.kind == KZ_TASK_CHECK, still = kz_query_param(rq, "still") != NULL;
    const char *here = kz_desk_run_path(rq, d, "");
    put_open(rq, d, kz_text(rq->lang, check ? "desk.run.checking" : "desk.run.applying"));
    kz_html(rq->out, "<p class=\"kk-lead\">%s</p>",
            kz_words_say(rq, check ? "desk.run.checking_lead" : "desk.run.applying_lead",
                         kz_s("file", d->name), kz_s("bytes", kz_desk_bytes(rq, d->bytes))));
    put_progress(rq, d->task);
    kz_html(rq->out, "<p class=\"kk-note\"><a href=\"%s?still=1\">%s</a>", here,
            kz_text(rq->lang, "desk.run.look"));
    if (!still) {
        kz_html(rq->out, " · %s", kz_text(rq->lang, "desk.run.by_itself"));
        rq->refresh =
            kz_words_fmt(rq, "%d; url=%s?nachsehen=1", kz_time_now() - d->task->began_at < 5 ? 1 : 3, here);
    }
    kz_buf_str(rq->out, "</p>");
    put_post(rq, d, "/abbrechen", "desk.run.stop", KZ_BUTTON_OTHER);
    return kz_desk_close_page(rq);
}

/* ---- the outcome -------------------------------------------------------------------------- */

static const char *headline(kz_request *rq, const kz_task *t)
{
    const kz_findings *f = &t->found;
    if (f->count[KZ_ERROR] > 0)
        return f->count[KZ_ERROR] == 1 ? kz_text(rq->lang, "desk.run.error")
                                       : kz_words_say(rq, "desk.run.errors", kz_n("n", f->count[KZ_ERROR]));
    if (t->st != KZ_OK && t->st != KZ_E_FINDING)
        return kz_text(rq->lang, t->stop                  ? "desk.run.stopped"
                                 : t->st == KZ_E_USAGE    ? "desk.run.open"
                                 : t->st == KZ_E_CONFLICT ? "desk.run.again"
                                                          : "desk.run.failed");
    if (f->count[KZ_WARNING] > 0)
        return f->count[KZ_WARNING] == 1
                   ? kz_text(rq->lang, "desk.run.warning")
                   : kz_words_say(rq, "desk.run.warnings", kz_n("n", f->count[KZ_WARNING]));
    return kz_text(rq->lang, "desk.run.ready");
}

static void put_lead(kz_request *rq, const kz_delivery *d)
{
    const kz_import_result *r = &d->task->res;
    kz_buf_str(rq->out, "<p class=\"kk-lead\">");
    bool blocked = d->task->found.count[KZ_ERROR] > 0;
    kz_say_html(rq->out, rq->lang,
                blocked                ? "desk.run.lead_errors"
                : r->rows_left_out > 0 ? "desk.run.lead_some"
                                       : "desk.run.lead",
                kz_s("file", d->name), kz_n("rows", r->rows_read), kz_n("kept", r->rows_kept),
                kz_n("left", r->rows_left_out));
    kz_buf_str(rq->out, "</p>\n");
    if (blocked)
        kz_html(rq->out, "<p class=\"kk-p\">%s</p>\n", kz_text(rq->lang, "desk.run.errors_do"));
}

/* What it was read with, and the way to change that. */
static void put_how(kz_request *rq, const kz_delivery *d)
{
    const kz_import_result *r = &d->task->res;
    kz_buf_str(rq->out, "<p class=\"kk-note kk-how\">");
    if (r->map_name[0])
        kz_say_html(rq->out, rq->lang, r->map_remembered ? "desk.run.map_known" : "desk.run.map",
                    kz_s("map", r->map_name));
    if (r->sheet[0])
        kz_say_html(rq->out, rq->lang, "desk.run.sheet", kz_s("sheet", r->sheet));
    else if (r->encoding && r->encoding[0])
        kz_say_html(rq->out, rq->lang, "desk.run.encoding", kz_s("encoding", r->encoding));
    kz_html(rq->out, " <a href=\"%s\">%s</a></p>\n", kz_desk_run_path(rq, d, "/zuordnung"),
            kz_text(rq->lang, "desk.run.to_map"));
}

/* A text argument of a failure; "" when it has none of that name. */
static const char *argument(kz_request *rq, const kz_err *err, const char *name)
{
    for (int i = 0; i < err->n_args; i++)
        if (strcmp(err->arg[i].name, name) == 0 && !err->arg[i].is_int) {
            const char *s = kz_arena_strndup(rq->arena, err->bytes + err->arg[i].at, err->arg[i].len);
            return s ? s : "";
        }
    return "";
}

static void put_period(kz_request *rq, const kz_delivery *d)
{
    const char *proposed = argument(rq, &d->task->err, "period");
    kz_desk_form(rq, kz_desk_run_path(rq, d, "/pruefen"), false);
    kz_desk_input(rq, "zeitraum", "desk.source.period", "desk.source.period_hint",
                  d->period[0] ? d->period : proposed, 20);
    kz_desk_button(rq, "desk.run.check_again", KZ_BUTTON_MAIN);
    kz_desk_form_end(rq);
}

/* Why it cannot go on, in the words of these pages where the command line has its own. */
static const char *why_not(kz_request *rq, const kz_task *t)
{
    static const struct {
        const char *id, *ours;
    } OURS[] = { { "import.map_none", "desk.run.map_none" },
                 { "import.map_many", "desk.run.map_many" },
                 { "import.period_needed", "desk.run.period" },
                 { "person.period_needed", "desk.run.period" },
                 { "person.period_proposed", "desk.run.period_proposed" } };
    if (t->stop)
        return kz_text(rq->lang, "desk.run.stopped_text");
    for (size_t i = 0; t->err.id && i < sizeof OURS / sizeof *OURS; i++)
        if (strcmp(t->err.id, OURS[i].id) == 0)
            return kz_text(rq->lang, OURS[i].ours);
    return kz_desk_err(rq, &t->err);
}

static bool asks_for(const kz_task *t, const char *what)
{
    return t->st == KZ_E_USAGE && t->err.id && strstr(t->err.id, what);
}

static void put_apply(kz_request *rq, const kz_delivery *d)
{
    kz_html(rq->out, "<section class=\"kk-sec1\" id=\"uebernehmen\">");
    if (kz_query_param(rq, "fehlt"))
        kz_desk_message(rq, true, kz_text(rq->lang, "desk.report.tick_missing"));
    kz_desk_form(rq, kz_desk_run_path(rq, d, "/uebernehmen"), false);
    kz_report_ticks(rq, d->task);
    kz_desk_button(rq, "desk.run.apply", KZ_BUTTON_MAIN);
    kz_desk_form_end(rq);
    kz_html(rq->out, "<p class=\"kk-note kk-mt1\">%s</p></section>\n",
            kz_text(rq->lang, "desk.run.apply_note"));
}

static kz_status put_outcome(kz_request *rq, const kz_delivery *d)
{
    const kz_task *t = d->task;
    bool good = t->st == KZ_OK || t->st == KZ_E_FINDING, errors = t->found.count[KZ_ERROR] > 0;
    put_open(rq, d, headline(rq, t));
    if (t->res.rows_read > 0 && (good || errors))
        put_lead(rq, d);
    if (!good && !(errors && t->res.rows_read > 0)) /* then the report says it */
        kz_desk_message(rq, true, why_not(rq, t));
    if (asks_for(t, "map"))
        kz_html(rq->out,
                "<p><a class=\"kern-btn kern-btn--primary\" href=\"%s\"><span class=\"kern-label\">%s</span></a></p>",
                kz_desk_run_path(rq, d, "/zuordnung"), kz_text(rq->lang, "desk.run.give_map"));
    if (asks_for(t, "period"))
        put_period(rq, d);
    if (good)
        kz_report_counts(rq, t);
    if (t->found.count[KZ_WARNING] == 0 && good)
        put_how(rq, d);
    if (good)
        put_apply(rq, d);
    if ((t->found.count[KZ_WARNING] > 0 || !good) && !asks_for(t, "map"))
        put_how(rq, d);
    kz_report_table(rq, d);
    kz_buf_str(rq->out, "<section class=\"kk-sec\"><div class=\"kk-row\">");
    if (!good)
        put_post(rq, d, "/pruefen", "desk.run.check_again", KZ_BUTTON_OTHER);
    put_post(rq, d, "/abbrechen", "desk.run.drop", KZ_BUTTON_OTHER);
    kz_html(rq->out, "</div><p class=\"kk-cap\">%s</p></section>", kz_text(rq->lang, "desk.run.drop_note"));
    return kz_desk_close_page(rq);
}

kz_status kz_page_run(kz_request *rq)
{
    kz_delivery *d;
    KZ_TRY(kz_desk_delivery(rq, &d));
    KZ_ASSERT(d->task);
    if (!kz_task_over(d->task))
        return put_running(rq, d);
    if (d->task->is.kind == KZ_TASK_APPLY && d->task->st == KZ_OK) {
        rq->redirect = kz_words_fmt(rq, "/intern/verlauf/%lld?neu=1", (long long)d->task->res.id);
        return KZ_OK;
    }
    return put_outcome(rq, d);
}

/* ---- what may be done ---------------------------------------------------------------------- */

static kz_status start(kz_request *rq, kz_delivery *d, kz_task_kind kind, bool accept)
{
    KZ_TRY(kz_delivery_run(kz_desk_deliveries(rq->desk), d, kz_desk_workspace(rq->desk)->work, kind,
                           kz_role_name(rq->who->role), accept, &rq->err));
    rq->redirect = kz_desk_run_path(rq, d, "");
    return KZ_OK;
}

kz_status kz_page_run_check_post(kz_request *rq)
{
    kz_delivery *d;
    const char *period = kz_form_text(rq->form, "zeitraum");
    KZ_TRY(kz_desk_delivery(rq, &d));
    if (period)
        KZ_TRY(kz_delivery_set_period(d, period, &rq->err));
    return start(rq, d, KZ_TASK_CHECK, false);
}

kz_status kz_page_run_apply_post(kz_request *rq)
{
    kz_delivery *d;
    const char *reason = kz_form_text(rq->form, "grund");
    KZ_TRY(kz_desk_delivery(rq, &d));
    const kz_task *t = d->task;
    if (!kz_task_over(t) || t->is.kind != KZ_TASK_CHECK || (t->st != KZ_OK && t->st != KZ_E_FINDING))
        return kz_fail(&rq->err, KZ_E_CONFLICT, "desk.not_checked", kz_s("file", d->name));
    if (!kz_report_ticked(t, rq->form)) {
        rq->redirect = kz_desk_run_path(rq, d, "?fehlt=1#uebernehmen");
        return KZ_OK;
    }
    kz_delivery_set_reason(d, kz_form_text(rq->form, "alle") && reason ? reason : "");
    return start(rq, d, KZ_TASK_APPLY, t->found.count[KZ_WARNING] > 0);
}

/* Stop what runs; otherwise put the file away. */
kz_status kz_page_run_drop_post(kz_request *rq)
{
    kz_delivery *d;
    KZ_TRY(kz_desk_delivery(rq, &d));
    if (!kz_task_over(d->task)) {
        kz_task_stop(d->task);
        rq->redirect = kz_desk_run_path(rq, d, "");
        return KZ_OK;
    }
    kz_delivery_drop(kz_desk_deliveries(rq->desk), d);
    rq->redirect = "/intern/einlesen";
    return KZ_OK;
}
