/* page_report.c - what a check found: in words, as a table with filter and pages, and as files. */
#include "web/pages.h"

#include <string.h>

#include "base/parse.h"
#include "web/report.h"

enum { A_PAGE = 50, REPORT_BYTES = 20 << 20, REASON_LEAST = 3 };

void kz_report_counts(kz_request *rq, const kz_task *t)
{
    const kz_import_result *r = &t->res;
    const struct {
        int64_t n;
        const char *id;
    } FACTS[] = {
        { r->rows_kept, "desk.report.kept" },
        { r->rows_left_out, "desk.report.left_out" },
        { r->areas, "desk.report.areas" },
        { r->periods, "desk.report.periods" },
        { r->measures, r->persons ? "desk.report.columns" : "desk.report.measures" },
        { r->cells_new, "desk.report.new" },
        { r->cells_changed, "desk.report.changed" },
        { r->cells_same, "desk.report.same" },
    };
    kz_buf_str(rq->out, "<dl class=\"kk-facts\">");
    for (size_t i = 0; i < sizeof FACTS / sizeof *FACTS; i++)
        if (FACTS[i].n > 0)
            kz_html(rq->out, "<div><dt>%s</dt><dd class=\"kk-num\">%s</dd></div>",
                    kz_text(rq->lang, FACTS[i].id), kz_words_int(rq, FACTS[i].n));
    kz_buf_str(rq->out, "</dl>\n");
}

/* ---- ticks ------------------------------------------------------------------------------ */

/* The first finding of a rule when that is a warning, else NULL. */
static const kz_finding *warning_of(const kz_findings *f, const char *rule)
{
    for (int i = 0; i < f->n; i++)
        if (f->list[i]->severity == KZ_WARNING && strcmp(f->list[i]->rule, rule) == 0)
            return f->list[i];
    return NULL;
}

static const char *said(kz_request *rq, const kz_finding *f, bool remedy)
{
    kz_auto(kz_buf) text = kz_buf_init(16 * 1024);
    if (remedy)
        kz_finding_say_remedy(&text, rq->lang, f);
    else
        kz_finding_say(&text, rq->lang, f);
    const char *s = kz_arena_strdup(rq->arena, kz_buf_text(&text));
    return s ? s : "";
}

void kz_report_ticks(kz_request *rq, const kz_task *t)
{
    const kz_findings *f = &t->found;
    if (f->count[KZ_WARNING] == 0)
        return;
    kz_html(rq->out, "<fieldset class=\"kk-ticks\"><legend>%s</legend>",
            kz_text(rq->lang, "desk.report.ticks"));
    for (int i = 0; i < f->n_rules; i++) {
        const kz_finding *w = warning_of(f, f->rules[i].rule);
        if (!w)
            continue;
        kz_html(rq->out,
                "<div class=\"kk-tick\"><input type=\"checkbox\" id=\"w%d\" name=\"w.%s\" value=\"ja\">"
                "<label for=\"w%d\">%s<span>%s</span></label></div>",
                i, w->rule, i, said(rq, w, false),
                kz_words_say(rq, f->rules[i].n == 1 ? "desk.report.once" : "desk.report.times",
                             kz_n("n", f->rules[i].n)));
    }
    kz_html(rq->out,
            "<div class=\"kk-tick\"><input type=\"checkbox\" id=\"alle\" name=\"alle\" value=\"ja\">"
            "<label for=\"alle\">%s</label></div>",
            kz_text(rq->lang, "desk.report.tick_all"));
    kz_desk_input(rq, "grund", "desk.report.reason", "desk.report.reason_hint", "", 300);
    kz_buf_str(rq->out, "</fieldset>");
}

bool kz_report_ticked(const kz_task *t, const kz_form *form)
{
    const kz_findings *f = &t->found;
    const char *reason = kz_form_text(form, "grund");
    if (f->count[KZ_WARNING] == 0 ||
        (kz_form_text(form, "alle") && reason && kz_view_trim(kz_view_of(reason)).n >= REASON_LEAST))
        return true;
    for (int i = 0; i < f->n_rules; i++) {
        kz_auto(kz_buf) name = kz_buf_init(128);
        kz_buf_fmt(&name, "w.%s", f->rules[i].rule);
        if (warning_of(f, f->rules[i].rule) && !kz_form_text(form, kz_buf_text(&name)))
            return false;
    }
    return true;
}

/* ---- the table ------------------------------------------------------------------------------ */

static const char *const KINDS[KZ_N_SEVERITIES] = { "hinweise", "warnungen", "fehler" };
static const char *const KIND_TEXTS[KZ_N_SEVERITIES] = { "desk.report.notices", "desk.report.warnings",
                                                         "desk.report.errors" };
static const char *const KIND_ONE[KZ_N_SEVERITIES] = { "desk.report.notice", "desk.report.warning",
                                                       "desk.report.error" };

/* -1: all of them. */
static int asked_kind(kz_request *rq)
{
    const char *asked = kz_query_param(rq, "art");
    for (int s = 0; asked && s < KZ_N_SEVERITIES; s++)
        if (strcmp(asked, KINDS[s]) == 0)
            return s;
    return -1;
}

static void put_filter(kz_request *rq, const kz_delivery *d, int kind)
{
    const kz_findings *f = &d->task->found;
    const char *path = kz_desk_run_path(rq, d, "");
    kz_html(rq->out, "<nav class=\"kk-filter\" aria-label=\"%s\"><a href=\"%s#bericht\"%s>%s</a>",
            kz_text(rq->lang, "desk.report.filter"), path, kind < 0 ? " aria-current=true" : "",
            kz_text(rq->lang, "desk.report.all"));
    for (int s = KZ_N_SEVERITIES - 1; s >= 0; s--)
        if (f->count[s] > 0)
            kz_html(rq->out, "<a href=\"%s?art=%s#bericht\"%s>%s (%s)</a>", path, KINDS[s],
                    kind == s ? " aria-current=true" : "", kz_text(rq->lang, KIND_TEXTS[s]),
                    kz_words_int(rq, f->count[s]));
    kz_buf_str(rq->out, "</nav>");
}

/* "B7", "Zeile 12" or the file as a whole. */
static const char *place(kz_request *rq, const kz_finding *f)
{
    return f->cell[0]   ? f->cell
           : f->row > 0 ? kz_words_say(rq, "desk.report.row", kz_n("row", f->row))
                        : kz_text(rq->lang, "desk.report.whole");
}

static void put_finding(kz_request *rq, const kz_findings *all, const kz_finding *f)
{
    kz_html(rq->out,
            "<tr><th scope=\"row\"><span class=\"kk-tag kk-%s\">%s</span><span class=\"u\">%s</span>"
            "<span class=\"u\">%s</span></th>",
            kz_severity_name(f->severity), kz_text(rq->lang, KIND_ONE[f->severity]), place(rq, f),
            all->sheet ? all->sheet : "");
    kz_html(rq->out, "<td>%s<span class=\"u\">%s</span></td><td>%s<span class=\"u kk-val\">%s</span></td></tr>",
            said(rq, f, false), said(rq, f, true), f->column, f->value);
}

static void put_pages(kz_request *rq, const kz_delivery *d, int kind, int page, int n)
{
    int last = (n + A_PAGE - 1) / A_PAGE;
    if (last < 2)
        return;
    kz_html(rq->out, "<nav class=\"kk-filter\" aria-label=\"%s\">", kz_text(rq->lang, "desk.report.pages"));
    for (int i = 1; i <= last; i++)
        kz_html(rq->out, "<a href=\"%s?seite=%d%s%s#bericht\"%s>%d</a>", kz_desk_run_path(rq, d, ""), i,
                kind >= 0 ? "&art=" : "", kind >= 0 ? KINDS[kind] : "", i == page ? " aria-current=true" : "",
                i);
    kz_buf_str(rq->out, "</nav>");
}

void kz_report_table(kz_request *rq, const kz_delivery *d)
{
    const kz_findings *f = &d->task->found;
    const char *asked = kz_query_param(rq, "seite");
    int kind = asked_kind(rq), n = 0;
    int64_t page = 1;
    if (f->n == 0)
        return;
    if (!asked || !kz_parse_plain(kz_view_of(asked), 1, KZ_FINDINGS_MOST, &page))
        page = 1;
    kz_html(rq->out,
            "<section class=\"kk-sec\" id=\"bericht\"><h2 class=\"kk-h2\">%s</h2><p class=\"kk-note\">",
            kz_text(rq->lang, "desk.report.title"));
    kz_html(rq->out, "<a href=\"%s\">CSV</a> · <a href=\"%s\">XLSX</a></p>",
            kz_desk_run_path(rq, d, "/bericht.csv"), kz_desk_run_path(rq, d, "/bericht.xlsx"));
    put_filter(rq, d, kind);
    kz_html(rq->out,
            "<div class=\"kk-scrollx\" tabindex=\"0\" role=\"region\" aria-labelledby=\"repcap\"><table "
            "class=\"kk-tab kk-report\"><caption id=\"repcap\">%s</caption><thead><tr><th scope=\"col\">%s"
            "<span class=\"u\">%s</span></th><th scope=\"col\">%s<span class=\"u\">%s</span></th>"
            "<th scope=\"col\">%s<span class=\"u\">%s</span></th></tr></thead><tbody>",
            d->name, kz_text(rq->lang, "desk.report.kind"), kz_text(rq->lang, "desk.report.place"),
            kz_text(rq->lang, "desk.report.what"), kz_text(rq->lang, "desk.report.remedy"),
            kz_text(rq->lang, "desk.report.column"), kz_text(rq->lang, "desk.report.value"));
    for (int s = KZ_N_SEVERITIES - 1; s >= 0; s--)
        for (int i = 0; i < f->n && (kind < 0 || kind == s); i++)
            if (f->list[i]->severity == (kz_severity)s && n++ / A_PAGE == page - 1)
                put_finding(rq, f, f->list[i]);
    kz_buf_str(rq->out, "</tbody></table></div>");
    put_pages(rq, d, kind, (int)page, n);
    int64_t all = f->count[KZ_ERROR] + f->count[KZ_WARNING] + f->count[KZ_NOTICE];
    if (all > f->n) {
        kz_buf_str(rq->out, "<p class=\"kk-cap\">");
        kz_say_html(rq->out, rq->lang, "desk.report.cut", kz_n("all", all), kz_n("n", f->n));
        kz_buf_str(rq->out, "</p>");
    }
    kz_buf_str(rq->out, "</section>\n");
}

/* ---- files ------------------------------------------------------------------------------------ */

static kz_status checked(kz_request *rq, kz_delivery **ret)
{
    KZ_TRY(kz_desk_delivery(rq, ret));
    if (!(*ret)->task || !kz_task_over((*ret)->task))
        return kz_fail(&rq->err, KZ_E_CONFLICT, "desk.busy_own", kz_s("file", (*ret)->name));
    return KZ_OK;
}

kz_status kz_page_run_csv(kz_request *rq)
{
    kz_delivery *d;
    KZ_TRY(checked(rq, &d));
    rq->content_type = "text/csv; charset=utf-8";
    rq->download = kz_words_say(rq, "desk.report.file", kz_s("file", d->name), kz_s("end", "csv"));
    kz_findings_csv(rq->out, rq->lang, &d->task->found);
    return kz_buf_status(rq->out);
}

kz_status kz_page_run_xlsx(kz_request *rq)
{
    kz_delivery *d;
    KZ_TRY(checked(rq, &d));
    rq->content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    rq->download = kz_words_say(rq, "desk.report.file", kz_s("file", d->name), kz_s("end", "xlsx"));
    return kz_findings_xlsx(rq->out, rq->lang, &d->task->found, &rq->err);
}
