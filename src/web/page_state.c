/* page_state.c - the state of the machine: sandbox, disk, database, versions, what ran. */
#include "web/pages.h"

#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "io/sandbox.h"
#include "store/steps.h"
#include "web/desk_layout.h"

enum { SPARE_PERCENT = 10 };

static void put_line(kz_request *rq, const char *what, bool good, const char *value, const char *note)
{
    kz_html(rq->out,
            "<tr><th scope=\"row\">%s</th><td><span class=\"kk-tag kk-%s\">%s</span></td><td>%s<span "
            "class=\"u\">%s</span></td></tr>",
            kz_text(rq->lang, what), good ? "good" : "warning",
            kz_text(rq->lang, good ? "desk.state.good" : "desk.state.look"), value, note);
}

static void put_sandbox(kz_request *rq)
{
    unsigned missing = kz_sandbox_missing();
    put_line(rq, "desk.state.landlock", !(missing & KZ_SANDBOX_LANDLOCK),
             kz_text(rq->lang, missing & KZ_SANDBOX_LANDLOCK ? "desk.state.missing" : "desk.state.there"),
             kz_text(rq->lang, "desk.state.landlock_note"));
    put_line(rq, "desk.state.seccomp", !(missing & KZ_SANDBOX_SECCOMP),
             kz_text(rq->lang, missing & KZ_SANDBOX_SECCOMP ? "desk.state.missing" : "desk.state.there"),
             kz_text(rq->lang, "desk.state.seccomp_note"));
    put_line(rq, "desk.state.rlimit", true, kz_text(rq->lang, "desk.state.there"),
             kz_text(rq->lang, "desk.state.rlimit_note"));
}

static void put_disk(kz_request *rq)
{
    struct statvfs v;
    const kz_workspace *ws = kz_desk_workspace(rq->desk);
    if (statvfs(ws->dir, &v) != 0)
        return;
    uint64_t free_bytes = (uint64_t)v.f_bavail * v.f_frsize, all = (uint64_t)v.f_blocks * v.f_frsize;
    put_line(rq, "desk.state.disk", all == 0 || free_bytes > all / 100 * SPARE_PERCENT,
             kz_words_say(rq, "desk.state.free", kz_s("free", kz_desk_bytes(rq, free_bytes)),
                          kz_s("all", kz_desk_bytes(rq, all))),
             kz_text(rq->lang, "desk.state.disk_note"));
}

static void put_database(kz_request *rq, const char *what, kz_db *db, const char *prefix)
{
    struct stat s;
    int64_t version = 0;
    if (kz_db_version(db, &version, NULL) != KZ_OK || stat(kz_db_path(db), &s) != 0)
        return;
    put_line(rq, what, version == kz_steps_newest(prefix), kz_desk_bytes(rq, (uint64_t)s.st_size),
             kz_words_say(rq, "desk.state.version", kz_n("n", version)));
}

/* ---- the check ------------------------------------------------------------------------------ */

static void put_trouble(void *arg, const char *file, const char *check, const kz_err *what)
{
    kz_request *rq = arg;
    (void)file;
    (void)check;
    kz_html(rq->out, "<li>%s</li>", kz_desk_err(rq, what));
}

static void put_check(kz_request *rq)
{
    kz_html(rq->out, "<section class=\"kk-sec\" id=\"pruefung\"><h2 class=\"kk-h2\">%s</h2>",
            kz_text(rq->lang, "desk.state.check"));
    if (kz_query_param(rq, "pruefen")) {
        kz_err err = { 0 };
        kz_buf_str(rq->out, "<ul class=\"kk-links\">");
        kz_status st = kz_workspace_check(kz_desk_workspace(rq->desk)->dir, put_trouble, rq, &err);
        if (st == KZ_OK)
            kz_html(rq->out, "<li>%s</li>", kz_text(rq->lang, "desk.state.check_good"));
        else if (st != KZ_E_FINDING)
            kz_html(rq->out, "<li>%s</li>", kz_desk_err(rq, &err));
        kz_buf_str(rq->out, "</ul>");
    } else {
        kz_html(rq->out, "<p class=\"kk-p\">%s</p>", kz_text(rq->lang, "desk.state.check_note"));
    }
    kz_html(rq->out,
            "<p><a class=\"kern-btn kern-btn--secondary\" href=\"/intern/status?pruefen=1#pruefung\"><span "
            "class=\"kern-label\">%s</span></a></p></section>\n",
            kz_text(rq->lang, "desk.state.check_now"));
}

/* ---- what ran ---------------------------------------------------------------------------------- */

static kz_status put_tasks(kz_request *rq)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    int n = 0;
    KZ_TRY(kz_prepare(kz_desk_workspace(rq->desk)->work,
                      "SELECT kind, account, began, state, import FROM task ORDER BY id DESC LIMIT 20", &q,
                      &rq->err));
    for (;;) {
        KZ_TRY(kz_step(&q, &row, &rq->err));
        if (!row)
            break;
        if (n++ == 0)
            kz_html(rq->out,
                    "<section class=\"kk-sec\"><h2 class=\"kk-h2\">%s</h2><div class=\"kk-scrollx\" "
                    "tabindex=\"0\" "
                    "role=\"region\" aria-label=\"%s\"><table class=\"kk-tab\"><thead><tr><th "
                    "scope=\"col\">%s</th>"
                    "<th scope=\"col\">%s</th><th scope=\"col\">%s</th><th "
                    "scope=\"col\">%s</th></tr></thead><tbody>",
                    kz_text(rq->lang, "desk.state.tasks"), kz_text(rq->lang, "desk.state.tasks"),
                    kz_text(rq->lang, "desk.history.at"), kz_text(rq->lang, "desk.state.what"),
                    kz_text(rq->lang, "desk.history.by"), kz_text(rq->lang, "desk.history.state"));
        kz_html(rq->out,
                "<tr><th scope=\"row\" class=\"kk-num\">%s</th><td>%s</td><td>%s</td><td>%s</td></tr>",
                kz_desk_time(rq, kz_col_text(&q, 2)),
                kz_words_say_(rq, kz_words_fmt(rq, "desk.state.task_%s", kz_col_text(&q, 0)),
                              KZ_ARGS(kz_n("id", kz_col_int(&q, 4)))),
                kz_col_text(&q, 1),
                kz_text(rq->lang, kz_words_fmt(rq, "desk.state.is_%s", kz_col_text(&q, 3))));
    }
    if (n > 0)
        kz_buf_str(rq->out, "</tbody></table></div></section>\n");
    return KZ_OK;
}

kz_status kz_page_state(kz_request *rq)
{
    const char *title = kz_text(rq->lang, "desk.state.title");
    kz_workspace *ws = kz_desk_workspace(rq->desk);
    kz_desk_open_page(rq, &(kz_desk_page){ .title = title, .nav = "/intern/status" });
    kz_html(
        rq->out,
        "<h1 class=\"kk-h1\">%s</h1><section class=\"kk-sec1\"><div class=\"kk-scrollx\" tabindex=\"0\" "
        "role=\"region\" aria-labelledby=\"scap\"><table class=\"kk-tab kk-state\"><caption id=\"scap\">%s"
        "</caption><thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th><th "
        "scope=\"col\">%s</th></tr>"
        "</thead><tbody>",
        title, ws->dir, kz_text(rq->lang, "desk.state.what"), kz_text(rq->lang, "desk.history.state"),
        kz_text(rq->lang, "desk.state.more"));
    put_sandbox(rq);
    put_disk(rq);
    put_database(rq, "desk.state.work", ws->work, KZ_STEPS_WORK);
    put_database(rq, "desk.state.release", ws->release, KZ_STEPS_RELEASE);
    put_line(rq, "desk.state.program", true, kz_words_fmt(rq, "kekiz %s", KZ_VERSION),
             kz_words_fmt(rq, "SQLite %s", sqlite3_libversion()));
    kz_buf_str(rq->out, "</tbody></table></div></section>\n");
    put_check(rq);
    KZ_TRY(put_tasks(rq));
    return kz_desk_close_page(rq);
}
