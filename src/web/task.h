/*
 * task.h - long work of the internal pages: a check, an import, an undo, each in a thread of its own.
 *
 *     kz_task *t;
 *     KZ_TRY(kz_task_start(tasks, &(kz_task_order){ .kind = KZ_TASK_CHECK, .account = "meier", .order = order }, &t,
 *                          err));
 *     while (!kz_task_over(t)) ... kz_task_progress(t, &done, &of) ...
 *     if (t->st == KZ_OK) use(&t->found, &t->res);
 *     kz_task_let_go(tasks, t);
 *
 * The thread opens the workspace for itself.  One writes at a time; another import or undo is refused with a
 * message that says who is at it (KZ_E_CONFLICT).  At most KZ_TASK_CHECKS check at once.  A task that
 * is stopped has changed nothing.  What writes is also a row in work.db, so that a server that starts again
 * can say what was interrupted.
 *
 * The texts of the order, the path of the file too, must live until the task is let go.  Started, looked
 * at and let go by one thread.
 */
#ifndef KZ_WEB_TASK_H
#define KZ_WEB_TASK_H

#include <pthread.h>

#include "base/date.h"
#include "monitor/import.h"
#include "monitor/import_look.h"

enum { KZ_TASK_CHECKS = 2, KZ_TASKS = 40 };

typedef enum kz_task_kind { KZ_TASK_CHECK, KZ_TASK_APPLY, KZ_TASK_UNDO } kz_task_kind;

typedef struct kz_tasks kz_tasks;

typedef struct kz_task_order {
    kz_task_kind    kind;
    const char     *account, *role;
    const char     *reason; /* why warnings were accepted; NULL: none was given */
    kz_import_order order;  /* of a check or an import          */
    int64_t         import; /* of an undo: what to take back    */
} kz_task_order;

typedef struct kz_task {
    kz_task_order is;
    char account[65], role[24];
    char began[KZ_TIME_TEXT];
    int64_t began_at, row;
    const char *dir;
    /* The outcome: when kz_task_over(). */
    kz_findings      found;
    kz_import_result res;
    kz_arena         arena; /* of what follows                              */
    kz_look          look;  /* of a check: the columns; none when it cannot be read at all */
    const char      *proposal; /* … a first map when none is known; NULL: none  */
    kz_status        st;
    kz_err           err;
    /* Between the threads. */
    pthread_t thread;
    _Atomic uint64_t done, of;
    _Atomic bool stop, over;
    bool let_go, joined;
} kz_task;

/* `dir` must live as long. What is 'running' in work.db is marked as interrupted. */
KZ_MUST_USE kz_status kz_tasks_open(const char *dir, kz_db *work, kz_tasks **ret, kz_err *err);
void kz_tasks_stop_all(kz_tasks *ts); /* and waits until they are over; nothing may be started after it */
void kz_tasks_close(kz_tasks *ts);

KZ_MUST_USE kz_status kz_task_start(kz_tasks *ts, kz_db *work, const kz_task_order *o, kz_task **ret, kz_err *err);
bool kz_task_over(const kz_task *t);
void kz_task_progress(const kz_task *t, uint64_t *done, uint64_t *of); /* of 0: not known */
void kz_task_stop(kz_task *t);
/* Nobody looks at it any more; it is freed when it is over. */
void kz_task_let_go(kz_tasks *ts, kz_task *t);

/* The import or undo that runs now; NULL: nobody writes. */
const kz_task *kz_tasks_writer(const kz_tasks *ts);
/* The undo of this import that runs, or ended and was not let go; NULL: none. */
kz_task *kz_tasks_undo(const kz_tasks *ts, int64_t import);
/* Frees what is over and let go; stops nothing. */
void kz_tasks_tidy(kz_tasks *ts);

#endif
