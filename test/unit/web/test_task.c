#include "kz_test.h"

#include "../store/temp_folder.h"
#include "trust/journal.h"
#include "trust/user.h"
#include "web/delivery.h"
#include "web/queue.h"
#include "web/seats.h"

#include <string.h>
#include <time.h>

static kz_err err;
static kz_workspace ws;
static kz_tasks *tasks;

static void open_workspace(const char *name)
{
    static char dir[5000];
    snprintf(dir, sizeof dir, "%s", temp_path(name));
    assert_int_equal(kz_workspace_init(dir, "Köln", "05315000", &err), KZ_OK);
    assert_int_equal(kz_workspace_open(dir, KZ_DB_WRITE, &ws, &err), KZ_OK);
    assert_int_equal(kz_tasks_open(dir, ws.work, &tasks, &err), KZ_OK);
}

static void close_workspace(void)
{
    kz_tasks_stop_all(tasks);
    kz_tasks_close(tasks);
    kz_workspace_done(&ws);
}

static void wait_for(const kz_task *t)
{
    for (int i = 0; i < 1000 && !kz_task_over(t); i++)
        nanosleep(&(struct timespec){ .tv_nsec = 10 * 1000 * 1000 }, NULL);
    assert_true(kz_task_over(t));
}

/* The first column of a query, as text. */
static const char *query(const char *sql)
{
    static char out[200];
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    assert_int_equal(kz_prepare(ws.work, sql, &q, &err), KZ_OK); /* lint: allow sql, because these are literals of this test */
    assert_int_equal(kz_step(&q, &row, &err), KZ_OK);
    snprintf(out, sizeof out, "%s", row ? kz_col_text(&q, 0) : "");
    return out;
}

static kz_task_order undo_of(int64_t id, const char *who)
{
    return (kz_task_order){ .kind = KZ_TASK_UNDO, .account = who, .role = "statistik", .import = id };
}

static void one_writes_at_a_time_and_the_message_says_who(void **state)
{
    (void)state;
    kz_task *first, *second;
    kz_tx tx = KZ_TX_INIT;
    open_workspace("one");
    kz_task_order a = undo_of(7, "meier"), b = undo_of(8, "schulz");
    /* As long as we hold the lock the first waits for it: 5 s at most, which is not up to this test. */
    assert_int_equal(kz_tx_begin(&tx, ws.work, &err), KZ_OK);
    assert_int_equal(kz_task_start(tasks, ws.work, &a, &first, &err), KZ_OK);
    assert_ptr_equal(kz_tasks_writer(tasks), first);
    assert_int_equal(kz_task_start(tasks, ws.work, &b, &second, &err), KZ_E_CONFLICT);
    assert_string_equal(err.id, "desk.busy_undo");
    assert_string_equal(err.bytes + err.arg[0].at, "meier");
    assert_int_equal(kz_tx_commit(&tx, &err), KZ_OK);
    wait_for(first);
    assert_int_equal(first->st, KZ_E_MISSING);
    assert_null(kz_tasks_writer(tasks));
    assert_int_equal(kz_task_start(tasks, ws.work, &b, &second, &err), KZ_OK);
    wait_for(second);
    close_workspace();
}

static void what_ran_when_the_server_ended_is_interrupted(void **state)
{
    (void)state;
    open_workspace("cut");
    assert_int_equal(kz_db_exec(ws.work, "INSERT INTO task (kind, account, source, file, began, state) VALUES ('apply',"
                                         " 'meier', 'ewo', 'a.csv', '2026-11-26T10:00:00Z', 'running')", &err), KZ_OK);
    kz_tasks_close(tasks);
    assert_int_equal(kz_tasks_open(ws.dir, ws.work, &tasks, &err), KZ_OK);
    assert_string_equal(query("SELECT state FROM task"), "interrupted");
    close_workspace();
}

static void an_outcome_is_a_row_and_an_event(void **state)
{
    (void)state;
    kz_task *t;
    open_workspace("row");
    kz_task_order o = undo_of(3, "meier");
    assert_int_equal(kz_task_start(tasks, ws.work, &o, &t, &err), KZ_OK);
    assert_ptr_equal(kz_tasks_undo(tasks, 3), t);
    wait_for(t);
    assert_string_equal(query("SELECT state FROM task"), "refused");
    assert_string_equal(query("SELECT account || ' ' || verb || ' ' || object || ' ' || result FROM event"),
                        "meier undo import 3 failed");
    kz_task_let_go(tasks, t);
    assert_null(kz_tasks_undo(tasks, 3));
    close_workspace();
}

/* ---- deliveries -------------------------------------------------------------------------- */

static kz_form *form_with(const char *content)
{
    static const char HEAD[] = "--b\r\nContent-Disposition: form-data; name=\"datei\"; filename=\"a.csv\"\r\n\r\n";
    static const char END[] = "\r\n--b--\r\n";
    const kz_form_rule rule = { .bytes = 100, .file_bytes = 1000 };
    kz_form *f;
    assert_int_equal(kz_form_begin("multipart/form-data; boundary=b", &rule, &f), 0);
    assert_int_equal(kz_form_feed(f, HEAD, sizeof HEAD - 1), 0);
    assert_int_equal(kz_form_feed(f, content, strlen(content)), 0);
    assert_int_equal(kz_form_feed(f, END, sizeof END - 1), 0);
    assert_int_equal(kz_form_end(f), 0);
    return f;
}

static kz_delivery *hand_in(kz_deliveries *ds, const char *account, int64_t now)
{
    kz_delivery *d = NULL;
    kz_form *f = form_with("a;b\r\n1;2\r\n");
    assert_int_equal(kz_delivery_take(ds, account, "einwohner-tabelle", f, now, &d, &err), KZ_OK);
    kz_form_free(f);
    return d;
}

static void a_delivery_belongs_to_its_account_and_ends(void **state)
{
    (void)state;
    enum { T0 = 1000000 };
    open_workspace("held");
    kz_deliveries *ds = kz_deliveries_new(tasks);
    kz_delivery *d = hand_in(ds, "meier", T0);
    char id[KZ_DELIVERY_ID];
    memcpy(id, d->id, sizeof id);
    assert_ptr_equal(kz_delivery_find(ds, "meier", id, T0 + 10), d);
    assert_null(kz_delivery_find(ds, "schulz", id, T0 + 10));
    assert_null(kz_delivery_find(ds, "meier", "00000000000000000000000000000000", T0 + 10));
    kz_deliveries_tidy(ds, T0 + 10 + KZ_DELIVERY_LIFE);
    assert_non_null(kz_delivery_of(ds, "meier"));
    kz_deliveries_tidy(ds, T0 + 11 + KZ_DELIVERY_LIFE);
    assert_null(kz_delivery_of(ds, "meier"));
    /* a new one takes the place of the old */
    hand_in(ds, "meier", T0);
    memcpy(id, kz_delivery_of(ds, "meier")->id, sizeof id);
    hand_in(ds, "meier", T0);
    assert_null(kz_delivery_find(ds, "meier", id, T0));
    kz_deliveries_free(ds);
    close_workspace();
}

static void a_check_reads_the_bytes_and_writes_nothing(void **state)
{
    (void)state;
    open_workspace("check");
    kz_deliveries *ds = kz_deliveries_new(tasks);
    kz_delivery *d = hand_in(ds, "meier", 1);
    assert_int_equal(kz_delivery_run(ds, d, ws.work, KZ_TASK_CHECK, "statistik", false, &err), KZ_OK);
    wait_for(d->task);
    assert_int_equal(d->task->look.n_columns, 2);
    assert_string_equal(d->task->look.columns[1].name, "b");
    assert_string_equal(d->task->look.columns[1].sample, "2");
    assert_string_equal(query("SELECT COUNT(*) FROM task"), "0");
    assert_string_equal(query("SELECT COUNT(*) FROM import"), "0");
    kz_deliveries_free(ds);
    close_workspace();
}

/* ---- the small ones ------------------------------------------------------------------------- */

static void seats_know_who_was_here_last(void **state)
{
    (void)state;
    kz_seats *s = kz_seats_new();
    unsigned char hash[KZ_TOKEN_HASH] = { 0 };
    for (int i = 0; i < KZ_SEATS; i++) {
        memcpy(hash, &i, sizeof i);
        kz_seats_take(s, hash, 1000 + i);
    }
    memset(hash, 0, sizeof hash);
    assert_true(kz_seats_has(s, hash));
    assert_false(kz_seats_stir(s, hash, 1059));
    assert_true(kz_seats_stir(s, hash, 1060));
    assert_false(kz_seats_stir(s, hash, 1061));
    kz_seats_retry(s, hash);
    assert_true(kz_seats_stir(s, hash, 2000));
    assert_int_equal(kz_seats_seen(s, hash), 2000);
    unsigned char more[KZ_TOKEN_HASH] = { 0xFF, 0xFF, 0xFF };
    kz_seats_take(s, more, 3000); /* the second, silent since 1001, makes room */
    int one = 1;
    memcpy(hash, &one, sizeof one);
    assert_false(kz_seats_has(s, hash));
    assert_true(kz_seats_has(s, more));
    kz_seats_leave(s, more);
    assert_false(kz_seats_has(s, more));
    kz_seats_free(s);
}

static int order[8], n_order;

static void note(void *ctx)
{
    order[n_order++] = *(int *)ctx;
}

static void a_queue_keeps_the_order_and_finishes(void **state)
{
    (void)state;
    static int numbers[] = { 3, 1, 2 };
    kz_queue *q;
    assert_int_equal(kz_queue_open(&q, &err), KZ_OK);
    for (int i = 0; i < 3; i++)
        assert_true(kz_queue_put(q, note, &numbers[i]));
    kz_queue_close(q);
    assert_int_equal(n_order, 3);
    assert_memory_equal(order, numbers, sizeof numbers);
}

KZ_TEST_MAIN_IN_FOLDER(KZ_TEST(one_writes_at_a_time_and_the_message_says_who),
                       KZ_TEST(what_ran_when_the_server_ended_is_interrupted),
                       KZ_TEST(an_outcome_is_a_row_and_an_event),
                       KZ_TEST(a_delivery_belongs_to_its_account_and_ends),
                       KZ_TEST(a_check_reads_the_bytes_and_writes_nothing),
                       KZ_TEST(seats_know_who_was_here_last),
                       KZ_TEST(a_queue_keeps_the_order_and_finishes))
