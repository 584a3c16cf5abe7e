#include "web/delivery.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/utf8.h"

struct kz_deliveries {
    kz_tasks *tasks;
    kz_delivery *at[KZ_DELIVERIES];
    kz_delivery *going[KZ_DELIVERIES]; /* dropped while a task still reads them */
};

kz_deliveries *kz_deliveries_new(kz_tasks *tasks)
{
    kz_deliveries *ds = calloc(1, sizeof *ds);
    if (ds)
        ds->tasks = tasks;
    return ds;
}

static bool is_read(const kz_delivery *d)
{
    return d->task && !kz_task_over(d->task);
}

/* Imported: nobody needs the file any more. */
static bool is_done(const kz_delivery *d)
{
    return d->task && kz_task_over(d->task) && d->task->is.kind == KZ_TASK_APPLY && d->task->st == KZ_OK;
}

static void forget_bytes(kz_delivery *d)
{
    if (d->fd >= 0)
        close(d->fd);
    d->fd = -1;
    d->bytes = 0;
}

static void delivery_free(kz_deliveries *ds, kz_delivery *d)
{
    kz_task_let_go(ds->tasks, d->task);
    forget_bytes(d);
    free(d->map_text);
    free(d);
}

/* Before the tasks are closed, who wait for the readers: so descriptors stay open until the end. */
void kz_deliveries_free(kz_deliveries *ds)
{
    for (int i = 0; ds && i < KZ_DELIVERIES; i++) {
        if (ds->at[i])
            delivery_free(ds, ds->at[i]);
        if (ds->going[i])
            delivery_free(ds, ds->going[i]);
    }
    free(ds);
}

void kz_delivery_drop(kz_deliveries *ds, kz_delivery *d)
{
    int from = 0, to = 0;
    while (from < KZ_DELIVERIES && ds->at[from] != d)
        from++;
    KZ_ASSERT(from < KZ_DELIVERIES);
    if (!is_read(d)) {
        delivery_free(ds, d);
        ds->at[from] = NULL;
        return;
    }
    while (to < KZ_DELIVERIES && ds->going[to])
        to++;
    if (to == KZ_DELIVERIES)
        return; /* it goes later, by tidy */
    kz_task_stop(d->task);
    ds->going[to] = d;
    ds->at[from] = NULL;
}

void kz_deliveries_tidy(kz_deliveries *ds, int64_t now)
{
    for (int i = 0; i < KZ_DELIVERIES; i++) {
        if (ds->at[i] && is_done(ds->at[i]))
            forget_bytes(ds->at[i]);
        if (ds->going[i] && !is_read(ds->going[i])) {
            delivery_free(ds, ds->going[i]);
            ds->going[i] = NULL;
        }
        if (ds->at[i] && !is_read(ds->at[i]) && now - ds->at[i]->seen > KZ_DELIVERY_LIFE)
            kz_delivery_drop(ds, ds->at[i]);
    }
    kz_tasks_tidy(ds->tasks);
}

kz_delivery *kz_delivery_of(kz_deliveries *ds, const char *account)
{
    for (int i = 0; i < KZ_DELIVERIES; i++)
        if (ds->at[i] && strcmp(ds->at[i]->account, account) == 0)
            return ds->at[i];
    return NULL;
}

kz_delivery *kz_delivery_find(kz_deliveries *ds, const char *account, const char *id, int64_t now)
{
    kz_delivery *d = kz_delivery_of(ds, account);
    if (!d || strcmp(d->id, id) != 0)
        return NULL;
    d->seen = now;
    return d;
}

static uint64_t held(const kz_deliveries *ds)
{
    uint64_t n = 0;
    for (int i = 0; i < KZ_DELIVERIES; i++)
        n += (ds->at[i] ? ds->at[i]->bytes : 0) + (ds->going[i] ? ds->going[i]->bytes : 0);
    return n;
}

kz_status kz_delivery_take(kz_deliveries *ds, const char *account, const char *source, kz_form *form, int64_t now,
                           kz_delivery **ret, kz_err *err)
{
    const kz_form_file *file = kz_form_the_file(form);
    kz_delivery *old = kz_delivery_of(ds, account);
    int at = 0;
    if (!file || file->n == 0)
        return kz_fail(err, KZ_E_INPUT, file ? "desk.file_empty" : "desk.file_none");
    if (old && is_read(old) && old->task->is.kind != KZ_TASK_CHECK)
        return kz_fail(err, KZ_E_CONFLICT, "desk.busy_own", kz_s("file", old->name));
    if (old)
        kz_delivery_drop(ds, old);
    while (at < KZ_DELIVERIES && ds->at[at])
        at++;
    kz_delivery *d = at < KZ_DELIVERIES && held(ds) + file->n <= KZ_DELIVERY_BYTES ? calloc(1, sizeof *d) : NULL;
    if (!d)
        return kz_fail(err, KZ_E_LIMIT, "desk.file_room");
    unsigned char id[(KZ_DELIVERY_ID - 1) / 2];
    randombytes_buf(id, sizeof id);
    sodium_bin2hex(d->id, sizeof d->id, id, sizeof id);
    snprintf(d->account, sizeof d->account, "%s", account);
    snprintf(d->source, sizeof d->source, "%s", source);
    snprintf(d->name, sizeof d->name, "%s", file->name);
    d->bytes = file->n;
    d->seen = now;
    d->fd = kz_form_take_file(form);
    snprintf(d->path, sizeof d->path, "/proc/self/fd/%d", d->fd);
    ds->at[at] = *ret = d;
    return KZ_OK;
}

kz_status kz_delivery_run(kz_deliveries *ds, kz_delivery *d, kz_db *work, kz_task_kind kind, const char *role,
                          bool accept_warnings, kz_err *err)
{
    kz_task *t;
    if (is_read(d))
        return kz_fail(err, KZ_E_CONFLICT, "desk.busy_own", kz_s("file", d->name));
    if (d->fd < 0)
        return kz_fail(err, KZ_E_CONFLICT, "desk.done_already", kz_s("file", d->name));
    const kz_task_order o = {
        .kind = kind, .account = d->account, .role = role, .reason = kind == KZ_TASK_APPLY ? d->reason : "",
        .order = { .file = d->name, .path = d->path, .source = d->source,
                   .map = d->map_text ? d->map_name : NULL, .map_text = d->map_text,
                   .period = d->period[0] ? d->period : NULL, .accept_warnings = accept_warnings },
    };
    KZ_TRY(kz_task_start(ds->tasks, work, &o, &t, err));
    kz_task_let_go(ds->tasks, d->task);
    d->task = t;
    return KZ_OK;
}

kz_status kz_delivery_set_map(kz_delivery *d, const char *name, const char *text, const char *period, kz_err *err)
{
    if (is_read(d))
        return kz_fail(err, KZ_E_CONFLICT, "desk.busy_own", kz_s("file", d->name));
    char *copy = text ? strdup(text) : NULL;
    if (text && !copy)
        return kz_fail(err, KZ_E_LIMIT, "web.no_memory");
    free(d->map_text);
    d->map_text = copy;
    snprintf(d->map_name, sizeof d->map_name, "%s", name);
    return kz_delivery_set_period(d, period, err);
}

kz_status kz_delivery_set_period(kz_delivery *d, const char *period, kz_err *err)
{
    if (is_read(d))
        return kz_fail(err, KZ_E_CONFLICT, "desk.busy_own", kz_s("file", d->name));
    kz_view v = kz_view_trim(kz_view_of(period));
    if (v.n >= sizeof d->period)
        return kz_fail(err, KZ_E_INPUT, "desk.period_long");
    memcpy(d->period, v.p, v.n);
    d->period[v.n] = '\0';
    return KZ_OK;
}

void kz_delivery_set_reason(kz_delivery *d, const char *reason)
{
    kz_auto(kz_buf) clean = kz_buf_init(64 * 1024);
    kz_utf8_clean(&clean, kz_view_of(reason));
    size_t n = clean.n < sizeof d->reason ? clean.n : sizeof d->reason - 1;
    while (n < clean.n && n > 0 && ((unsigned char)clean.p[n] & 0xC0) == 0x80)
        n--;
    memcpy(d->reason, kz_buf_text(&clean), n);
    d->reason[n] = '\0';
}
