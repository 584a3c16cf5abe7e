/* Writing release.db: the newest publication of every indicator, and what is needed to read it. */
#include "base/text.h"
#include "monitor/publish_job.h"

#include <stdio.h>
#include <string.h>

enum { PUBLISH_CAP = 1 << 30 };

kz_status kz_publish_no_memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "compute.memory");
}

/* "Kinder unter 6 Jahren", or how many themes when there are several. */
static kz_status say_themes(kz_publish_job *j, int64_t release, kz_buf *out, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    const char *title = "";
    int n = 0;
    KZ_TRY(kz_prepare(j->work, "SELECT 1 FROM release_cell c JOIN indicator i ON i.id = c.indicator "
                               "WHERE c.release = ?1 AND i.code = ?2 LIMIT 1", &q, err));
    for (int i = 0; i < j->cat.n; i++) {
        bool row;
        kz_bind_int(&q, 1, release);
        kz_bind_text(&q, 2, j->cat.indicators[i].id);
        KZ_TRY(kz_step(&q, &row, err));
        kz_reset(&q);
        if (row && n++ == 0)
            title = j->cat.indicators[i].title;
    }
    if (n > 1)
        kz_say(out, KZ_LANG_DE, "release.news_themes", kz_n("n", n));
    else
        kz_buf_str(out, title);
    return kz_buf_status(out);
}

static kz_status put_news(kz_publish_job *j, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_stmt) to = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(j->work, "SELECT r.id, r.publish_at, (SELECT MIN(p.code) FROM period p WHERE p.id IN (SELECT "
                               "period FROM release_cell WHERE release = r.id)), (SELECT MAX(p.code) FROM period p "
                               "WHERE p.id IN (SELECT period FROM release_cell WHERE release = r.id)) FROM release r "
                               "WHERE r.state = 'published' OR r.id = ?1 ORDER BY r.publish_at, r.id", &q, err));
    KZ_TRY(kz_prepare(j->pub, "INSERT INTO news (id, date, text) VALUES (?1, ?2, ?3)", &to, err));
    kz_bind_int(&q, 1, j->release);
    for (int i = 0;; i++) {
        bool row;
        KZ_TRY(kz_step(&q, &row, err));
        if (!row)
            return KZ_OK;
        kz_auto(kz_buf) themes = kz_buf_init(1 << 16);
        kz_auto(kz_buf) text = kz_buf_init(1 << 17);
        KZ_TRY(say_themes(j, kz_col_int(&q, 0), &themes, err));
        const char *from = kz_col_text(&q, 2), *to_code = kz_col_text(&q, 3);
        kz_say(&text, KZ_LANG_DE, strcmp(from, to_code) == 0 ? "release.news_one" : "release.news",
               kz_s("from", from), kz_s("to", to_code), kz_s("themes", kz_buf_text(&themes)));
        kz_bind_int(&to, 1, i);
        kz_bind_view(&to, 2, kz_col_text(&q, 1), 10);
        kz_bind_text(&to, 3, kz_buf_text(&text));
        KZ_TRY(kz_run(&to, err));
    }
}

static kz_status put_settings(kz_publish_job *j, kz_err *err)
{
    static const char *const KEYS[] = { "name", "key", "credits", "fictional" };
    char value[4096];
    for (size_t i = 0; i < sizeof KEYS / sizeof KEYS[0]; i++) {
        KZ_TRY(kz_setting_get(j->work, KEYS[i], value, sizeof value, err));
        KZ_TRY(kz_setting_put(j->pub, KEYS[i], value, err));
    }
    snprintf(value, sizeof value, "%lld-%s", (long long)j->release, j->p->at);
    return kz_setting_put(j->pub, "version", value, err);
}

static kz_status write_all(kz_publish_job *j, kz_err *err)
{
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    KZ_TRY(kz_catalogue_builtin(&j->cat, err));
    KZ_TRY(kz_publish_load_places(j, err));
    KZ_TRY(kz_tx_begin(&tx, j->pub, err));
    KZ_TRY(kz_db_exec(j->pub, "DELETE FROM cell; DELETE FROM indicator_change; DELETE FROM indicator_group; "
                              "DELETE FROM indicator; DELETE FROM period; DELETE FROM area; DELETE FROM level; "
                              "DELETE FROM news; DELETE FROM phase; DELETE FROM setting", err));
    KZ_TRY(put_settings(j, err));
    KZ_TRY(kz_publish_put_places(j, err));
    KZ_TRY(kz_publish_put_phases(j, err));
    KZ_TRY(kz_publish_put_indicators(j, err));
    KZ_TRY(put_news(j, err));
    return kz_tx_commit(&tx, err);
}

kz_status kz_release_write(kz_workspace *ws, int64_t release, kz_publication *p, kz_err *err)
{
    kz_auto(kz_arena) arena;
    kz_arena_init(&arena, PUBLISH_CAP);
    kz_publication done = *p;
    done.cells = done.hidden = 0;
    kz_publish_job j = { .work = ws->work, .pub = ws->release, .release = release, .a = &arena,
                         .cat = KZ_CATALOGUE_INIT, .p = &done };
    kz_status st = write_all(&j, err);
    for (int i = 0; i < j.n_areas; i++)
        kz_buf_done(&j.areas[i].sort);
    kz_catalogue_done(&j.cat);
    if (st == KZ_OK)
        *p = done;
    return st;
}
