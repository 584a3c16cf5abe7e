#include "web/task.h"

#include <stdlib.h>
#include <string.h>

#include "monitor/map_propose.h"
#include "monitor/source.h"
#include "trust/journal.h"

enum { LOOK_BYTES = 768 << 20 }; /* a whole spreadsheet; small for everything else */

struct kz_tasks {
    const char *dir;
    kz_task *at[KZ_TASKS];
};

static const char *const KINDS[] = { "check", "apply", "undo" };

bool kz_task_over(const kz_task *t)
{
    return t->over;
}

void kz_task_progress(const kz_task *t, uint64_t *done, uint64_t *of)
{
    *done = t->done;
    *of = t->of;
}

void kz_task_stop(kz_task *t)
{
    t->stop = true;
}

static bool watch(void *ctx, uint64_t done, uint64_t of)
{
    kz_task *t = ctx;
    t->done = done;
    t->of = of;
    return !t->stop;
}

/* ---- in its own thread -------------------------------------------------------------- */

/* What the columns are, whether the check understood them or not. */
static void look(kz_task *t)
{
    kz_mapfile map;
    kz_source source;
    const kz_import_order *o = &t->is.order;
    const char *text = t->res.map_text ? t->res.map_text : o->map_text;
    bool mapped = text && kz_mapfile_parse(o->file, text, strlen(text), &t->arena, &map, NULL) == KZ_OK;
    bool persons = kz_source_load(o->source, &t->arena, &source, NULL) != KZ_OK || source.rows == KZ_ROWS_PERSONS;
    if (kz_import_look(o->file, kz_import_path(o), mapped ? &map : NULL, persons, &t->arena, &t->look, NULL) != KZ_OK)
        t->look = (kz_look){ .encoding = "", .sheet = "", .sheets = "" };
}

/* Nobody knows these columns yet: a map to begin with. */
static void propose(kz_task *t, kz_workspace *ws)
{
    kz_auto(kz_buf) map = kz_buf_init(KZ_MAP_BYTES);
    kz_proposal said;
    if (kz_map_propose(ws, &t->is.order, &map, &said, NULL) == KZ_OK)
        t->proposal = kz_arena_strdup(&t->arena, kz_buf_text(&map));
}

static kz_status do_it(kz_task *t, kz_workspace *ws)
{
    if (t->is.kind == KZ_TASK_UNDO)
        return kz_import_undo(ws, t->is.import, &t->err);
    kz_import_order o = t->is.order;
    o.dry_run = t->is.kind == KZ_TASK_CHECK;
    o.watch = watch;
    o.watch_ctx = t;
    kz_status st = kz_import_run(ws, &o, &t->found, &t->res, &t->err);
    if (o.dry_run && !t->stop)
        look(t);
    if (o.dry_run && st == KZ_E_USAGE && t->err.id && strcmp(t->err.id, "import.map_none") == 0)
        propose(t, ws);
    return st;
}

/* The row of the task and the event, whatever came out; a failure here is a failure of the disk, and the next
 * start marks the row. */
static kz_status write_down(const kz_task *t, kz_db *work)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_buf) object = kz_buf_init(64);
    char now[KZ_TIME_TEXT];
    int64_t import = t->is.kind == KZ_TASK_UNDO ? t->is.import : t->res.id;
    kz_time_iso(now);
    KZ_TRY(kz_prepare(work, "UPDATE task SET ended = ?2, state = ?3, import = ?4 WHERE id = ?1", &q, NULL));
    kz_bind_int(&q, 1, t->row);
    kz_bind_text(&q, 2, now);
    kz_bind_text(&q, 3, t->st == KZ_OK ? "done" : t->stop ? "stopped" : "refused");
    kz_bind_int(&q, 4, import);
    KZ_TRY(kz_run(&q, NULL));
    kz_buf_fmt(&object, "import %lld", (long long)import);
    return kz_journal_add(work, &(kz_event){ .account = t->account, .role = t->role,
                                             .verb = t->is.kind == KZ_TASK_UNDO ? "undo" : "add",
                                             .object = kz_buf_text(&object),
                                             .result = t->st == KZ_OK ? "done" : "failed" }, NULL);
}

static void *run(void *arg)
{
    kz_task *t = arg;
    kz_auto(kz_workspace) ws = { 0 };
    bool writes = t->is.kind != KZ_TASK_CHECK;
    t->st = kz_workspace_open(t->dir, writes ? KZ_DB_WRITE : KZ_DB_READ, &ws, &t->err);
    if (t->st == KZ_OK) {
        t->st = do_it(t, &ws);
        if (writes)
            (void)write_down(t, ws.work);
    }
    t->over = true;
    return NULL;
}

/* ---- the list ------------------------------------------------------------------------ */

kz_status kz_tasks_open(const char *dir, kz_db *work, kz_tasks **ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    char now[KZ_TIME_TEXT];
    kz_time_iso(now);
    KZ_TRY(kz_prepare(work, "UPDATE task SET state = 'interrupted', ended = ?1 WHERE state = 'running'", &q, err));
    kz_bind_text(&q, 1, now);
    KZ_TRY(kz_run(&q, err));
    kz_tasks *ts = calloc(1, sizeof *ts);
    if (!ts)
        return kz_fail(err, KZ_E_LIMIT, "web.no_memory");
    ts->dir = dir;
    *ret = ts;
    return KZ_OK;
}

static void task_free(kz_task *t)
{
    if (!t->joined)
        pthread_join(t->thread, NULL);
    kz_findings_done(&t->found);
    kz_arena_done(&t->arena);
    free(t);
}

void kz_tasks_stop_all(kz_tasks *ts)
{
    for (int i = 0; i < KZ_TASKS; i++)
        if (ts->at[i])
            kz_task_stop(ts->at[i]);
    for (int i = 0; i < KZ_TASKS; i++)
        if (ts->at[i] && !ts->at[i]->joined) {
            pthread_join(ts->at[i]->thread, NULL);
            ts->at[i]->joined = true;
        }
}

void kz_tasks_close(kz_tasks *ts)
{
    for (int i = 0; ts && i < KZ_TASKS; i++)
        if (ts->at[i])
            task_free(ts->at[i]);
    free(ts);
}

void kz_tasks_tidy(kz_tasks *ts)
{
    for (int i = 0; i < KZ_TASKS; i++)
        if (ts->at[i] && ts->at[i]->let_go && ts->at[i]->over) {
            task_free(ts->at[i]);
            ts->at[i] = NULL;
        }
}

void kz_task_let_go(kz_tasks *ts, kz_task *t)
{
    if (t)
        t->let_go = true;
    kz_tasks_tidy(ts);
}

const kz_task *kz_tasks_writer(const kz_tasks *ts)
{
    for (int i = 0; i < KZ_TASKS; i++)
        if (ts->at[i] && !ts->at[i]->over && ts->at[i]->is.kind != KZ_TASK_CHECK)
            return ts->at[i];
    return NULL;
}

kz_task *kz_tasks_undo(const kz_tasks *ts, int64_t import)
{
    for (int i = 0; i < KZ_TASKS; i++) {
        kz_task *t = ts->at[i];
        if (t && !t->let_go && t->is.kind == KZ_TASK_UNDO && t->is.import == import)
            return t;
    }
    return NULL;
}

/* A free place; an undo that ended and nobody came to look at makes room. */
static kz_task **place(kz_tasks *ts)
{
    kz_tasks_tidy(ts);
    for (int i = 0; i < KZ_TASKS; i++)
        if (!ts->at[i])
            return &ts->at[i];
    for (int i = 0; i < KZ_TASKS; i++)
        if (ts->at[i]->is.kind == KZ_TASK_UNDO && ts->at[i]->over) {
            task_free(ts->at[i]);
            ts->at[i] = NULL;
            return &ts->at[i];
        }
    return NULL;
}

static kz_status write_row(kz_task *t, kz_db *work, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work, "INSERT INTO task (kind, account, source, file, began, state, import, reason)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, 'running', ?6, ?7)", &q, err));
    kz_bind_text(&q, 1, KINDS[t->is.kind]);
    kz_bind_text(&q, 2, t->account);
    kz_bind_text(&q, 3, t->is.order.source ? t->is.order.source : "");
    kz_bind_text(&q, 4, t->is.order.file ? t->is.order.file : "");
    kz_bind_text(&q, 5, t->began);
    kz_bind_int(&q, 6, t->is.import);
    kz_bind_text(&q, 7, t->is.reason ? t->is.reason : "");
    KZ_TRY(kz_run(&q, err));
    t->row = kz_db_last_id(work);
    return KZ_OK;
}

static int running_checks(const kz_tasks *ts)
{
    int n = 0;
    for (int i = 0; i < KZ_TASKS; i++)
        n += ts->at[i] && !ts->at[i]->over && ts->at[i]->is.kind == KZ_TASK_CHECK;
    return n;
}

static void copy(char *out, size_t room, const char *text)
{
    size_t n = strnlen(text, room - 1);
    memcpy(out, text, n);
    out[n] = '\0';
}

kz_status kz_task_start(kz_tasks *ts, kz_db *work, const kz_task_order *o, kz_task **ret, kz_err *err)
{
    const kz_task *writer = kz_tasks_writer(ts);
    if (o->kind != KZ_TASK_CHECK && writer)
        return kz_fail(err, KZ_E_CONFLICT, writer->is.kind == KZ_TASK_UNDO ? "desk.busy_undo" : "desk.busy_apply",
                       kz_s("who", writer->account));
    kz_task **at = place(ts);
    if (!at || (o->kind == KZ_TASK_CHECK && running_checks(ts) >= KZ_TASK_CHECKS))
        return kz_fail(err, KZ_E_CONFLICT, "desk.busy_checks", kz_n("most", KZ_TASK_CHECKS));
    kz_task *t = calloc(1, sizeof *t);
    if (!t)
        return kz_fail(err, KZ_E_LIMIT, "web.no_memory");
    t->is = *o;
    t->dir = ts->dir;
    copy(t->account, sizeof t->account, o->account);
    copy(t->role, sizeof t->role, o->role);
    t->is.order.by_user = t->account;
    kz_time_iso(t->began);
    t->began_at = kz_time_now();
    kz_findings_init(&t->found, o->order.file ? o->order.file : "");
    kz_arena_init(&t->arena, LOOK_BYTES);
    kz_status st = o->kind == KZ_TASK_CHECK ? KZ_OK : write_row(t, work, err);
    if (st == KZ_OK && pthread_create(&t->thread, NULL, run, t) != 0)
        st = kz_fail(err, KZ_E_LIMIT, "desk.no_thread");
    if (st != KZ_OK) {
        kz_findings_done(&t->found);
        free(t);
        return st;
    }
    *at = *ret = t;
    return KZ_OK;
}
