/*
 * delivery.h - files that were handed in and are neither imported nor put away yet.
 *
 *     kz_delivery *d;
 *     KZ_TRY(kz_delivery_take(ds, account, source, form, now, &d, err));
 *     d = kz_delivery_find(ds, account, id, now);          // NULL: not there, or somebody else's
 *     kz_delivery_drop(ds, d);
 *
 * The bytes are in memory that no file name leads to (form.h); the import reads them by the number of
 * their descriptor.  They are gone as soon as the import is done, when it is given up, with the sign-out, after
 * KZ_DELIVERY_LIFE seconds without a look, and with the program.  One delivery an account: a new one takes the
 * place of the old.  All together KZ_DELIVERY_BYTES at most.
 *
 * A mapping that was edited is kept beside.  For one thread.
 */
#ifndef KZ_WEB_DELIVERY_H
#define KZ_WEB_DELIVERY_H

#include "monitor/mapfile.h"
#include "web/form.h"
#include "web/task.h"

enum { KZ_DELIVERY_LIFE = 30 * 60, KZ_DELIVERIES = 16, KZ_DELIVERY_ID = 33 };
#define KZ_DELIVERY_FILE ((uint64_t)512 << 20)
#define KZ_DELIVERY_BYTES ((uint64_t)1 << 30)

typedef struct kz_delivery {
    char     id[KZ_DELIVERY_ID]; /* 128 random bits in hex, for addresses */
    char     account[65], source[64], period[32];
    char     name[KZ_FORM_FILE_NAME], path[40];
    int      fd;
    uint64_t bytes;
    int64_t  seen;
    char    *map_text; /* edited; NULL: recognise the map     */
    char     map_name[128], reason[320];
    kz_task *task;     /* the last check or import; NULL: none yet */
} kz_delivery;

typedef struct kz_deliveries kz_deliveries;

kz_deliveries *kz_deliveries_new(kz_tasks *tasks); /* NULL: no memory */
void kz_deliveries_free(kz_deliveries *ds);

/* Takes the file out of the form.  KZ_E_INPUT: no file was chosen; KZ_E_LIMIT: too many bytes are waiting;
 * KZ_E_CONFLICT: the account's delivery is being imported right now. */
KZ_MUST_USE kz_status kz_delivery_take(kz_deliveries *ds, const char *account, const char *source, kz_form *form,
                                       int64_t now, kz_delivery **ret, kz_err *err);
kz_delivery *kz_delivery_find(kz_deliveries *ds, const char *account, const char *id, int64_t now);
/* What this account has handed in; NULL: nothing. */
kz_delivery *kz_delivery_of(kz_deliveries *ds, const char *account);
/* Check it, or import it.  KZ_E_CONFLICT: something runs already. */
KZ_MUST_USE kz_status kz_delivery_run(kz_deliveries *ds, kz_delivery *d, kz_db *work, kz_task_kind kind,
                                      const char *role, bool accept_warnings, kz_err *err);
/* KZ_E_CONFLICT: it is being read; KZ_E_LIMIT. */
KZ_MUST_USE kz_status kz_delivery_set_map(kz_delivery *d, const char *name, const char *text, const char *period,
                                          kz_err *err);
KZ_MUST_USE kz_status kz_delivery_set_period(kz_delivery *d, const char *period, kz_err *err);
/* Why all warnings were accepted at once; stands in the journal of tasks. */
void kz_delivery_set_reason(kz_delivery *d, const char *reason);
void kz_delivery_drop(kz_deliveries *ds, kz_delivery *d);
/* What nobody looked at for too long goes. */
void kz_deliveries_tidy(kz_deliveries *ds, int64_t now);

#endif
