#include "web/desk.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/date.h"
#include "trust/journal.h"
#include "web/delivery.h"
#include "web/router.h"
#include "web/seats.h"
#include "web/task.h"

enum {
    WAITING = 256,
    BOUNDARIES = 64 * 1024,
    PATIENCE = 10,     /* seconds until the next try to write events */
    GUEST_EVERY = 2,   /* seconds for each event of guests …         */
    GUEST_BURST = 60,  /* … and how many seconds of them may come at once: strangers must not fill the journal */
};

typedef struct note {
    char at[KZ_TIME_TEXT], account[65], object[80];
    const char *role, *verb, *result; /* literals */
} note;

struct kz_desk {
    kz_workspace ws;
    char dir[4096], base_url[256];
    bool https;
    kz_seats *seats;
    kz_tasks *tasks;
    kz_deliveries *deliveries;
    int64_t busy_until;  /* somebody else writes: events wait      */
    int64_t guests_from; /* the last event of a guest, in time: below */
    int n_waiting; /* events that could not be written yet */
    note waiting[WAITING];
};

bool kz_desk_owns(const char *path)
{
    static const char ROOT[] = "/intern";
    size_t n = sizeof ROOT - 1;
    return strncmp(path, ROOT, n) == 0 && (path[n] == '\0' || path[n] == '/');
}

kz_workspace *kz_desk_workspace(kz_desk *d)
{
    return &d->ws;
}

kz_tasks *kz_desk_tasks(kz_desk *d)
{
    return d->tasks;
}

kz_deliveries *kz_desk_deliveries(kz_desk *d)
{
    return d->deliveries;
}

/* ---- opening -------------------------------------------------------------------------- */

kz_status kz_desk_open(const char *dir, const char *base_url, kz_desk **ret, kz_err *err)
{
    kz_desk *d = calloc(1, sizeof *d);
    if (!d)
        return kz_fail(err, KZ_E_LIMIT, "web.no_memory");
    size_t n = strlen(dir), n_url = base_url ? strlen(base_url) : 0;
    KZ_ASSERT(n < sizeof d->dir && n_url < sizeof d->base_url);
    memcpy(d->dir, dir, n + 1);
    if (base_url)
        memcpy(d->base_url, base_url, n_url + 1);
    d->https = strncmp(d->base_url, "https://", 8) == 0;
    kz_status st = kz_workspace_open(dir, KZ_DB_WRITE, &d->ws, err);
    if (st == KZ_OK)
        st = kz_session_sweep(d->ws.work, kz_time_now(), err);
    if (st == KZ_OK)
        st = kz_tasks_open(d->dir, d->ws.work, &d->tasks, err);
    if (st == KZ_OK) {
        d->seats = kz_seats_new();
        d->deliveries = kz_deliveries_new(d->tasks);
        if (!d->seats || !d->deliveries)
            st = kz_fail(err, KZ_E_LIMIT, "web.no_memory");
    }
    if (st != KZ_OK) {
        kz_desk_close(d);
        return st;
    }
    *ret = d;
    return KZ_OK;
}

/* ---- events ----------------------------------------------------------------------------- */

/* As many as can be written without waiting for an import of ours. */
static void write_notes(kz_desk *d)
{
    int n = 0;
    int64_t now = kz_time_now();
    while (n < d->n_waiting && !kz_tasks_writer(d->tasks) && now >= d->busy_until) {
        const note *one = &d->waiting[n];
        if (kz_journal_add(d->ws.work, &(kz_event){ one->at, one->account, one->role, one->verb, one->object,
                                                    one->result }, NULL) != KZ_OK)
            d->busy_until = now + PATIENCE;
        if (d->busy_until > now)
            break;
        n++;
    }
    memmove(d->waiting, d->waiting + n, (size_t)(d->n_waiting - n) * sizeof *d->waiting);
    d->n_waiting -= n;
}

static bool guest_may_fill(kz_desk *d)
{
    int64_t now = kz_time_now();
    if (d->guests_from < now - GUEST_BURST)
        d->guests_from = now - GUEST_BURST;
    if (d->guests_from + GUEST_EVERY > now)
        return false;
    d->guests_from += GUEST_EVERY;
    return true;
}

void kz_desk_note(kz_desk *d, const kz_who *who, kz_verb verb, const char *object, const char *result)
{
    write_notes(d);
    if (d->n_waiting == WAITING || (!who && !guest_may_fill(d)))
        return;
    note *one = &d->waiting[d->n_waiting++];
    *one = (note){ .role = kz_role_name(who ? who->role : KZ_ROLE_PUBLIC), .verb = kz_verb_name(verb),
                   .result = result };
    kz_time_iso(one->at);
    size_t n_account = who ? strnlen(who->account, sizeof one->account - 1) : 0;
    size_t n_object = strnlen(object, sizeof one->object - 1);
    if (who)
        memcpy(one->account, who->account, n_account);
    memcpy(one->object, object, n_object);
    write_notes(d);
}

void kz_desk_close(kz_desk *d)
{
    if (!d)
        return;
    /* First the readers of the deliveries end, then the deliveries go. */
    kz_tasks *tasks = d->tasks;
    if (tasks)
        kz_tasks_stop_all(tasks);
    kz_deliveries_free(d->deliveries);
    if (tasks) {
        d->busy_until = 0;
        write_notes(d);
        kz_tasks_close(tasks);
    }
    kz_seats_free(d->seats);
    kz_workspace_done(&d->ws);
    free(d);
}

/* ---- who ---------------------------------------------------------------------------------- */

static const char *cookie_name(const kz_desk *d)
{
    return d->https ? "__Host-kekiz" : "kekiz";
}

/* The token in the cookie; false: none, two of them, or not a token. */
static bool find_token(const kz_desk *d, const kz_ask *ask, char ret[static KZ_TOKEN_TEXT])
{
    const char *name = cookie_name(d), *p = kz_header(ask->fields, ask->n_fields, "Cookie");
    size_t n_name = strlen(name);
    int found = 0;
    while (p && *p) {
        p += strspn(p, " \t;");
        size_t n = strcspn(p, ";");
        if (n > n_name && p[n_name] == '=' && memcmp(p, name, n_name) == 0) {
            if (n - n_name - 1 != KZ_TOKEN_TEXT - 1)
                return false;
            memcpy(ret, p + n_name + 1, KZ_TOKEN_TEXT - 1);
            ret[KZ_TOKEN_TEXT - 1] = '\0';
            found++;
        }
        p += n;
    }
    return found == 1 && kz_token_ok(ret);
}

bool kz_desk_who(kz_desk *d, const kz_ask *ask, bool by_itself, kz_arena *a, kz_who *ret)
{
    char token[KZ_TOKEN_TEXT];
    unsigned char hash[KZ_TOKEN_HASH];
    kz_session s;
    int64_t now = kz_time_now();

    kz_deliveries_tidy(d->deliveries, now);
    if (!find_token(d, ask, token))
        return false;
    kz_token_hash(token, hash);
    if (kz_session_find(d->ws.work, token, now, kz_seats_seen(d->seats, hash), &s, NULL) != KZ_OK) {
        kz_seats_leave(d->seats, hash);
        return false;
    }
    if (!kz_seats_has(d->seats, hash)) /* the server was started anew */
        kz_seats_take(d->seats, hash, s.seen);
    /* When it cannot be written, memory still knows; after a restart the session would end the earlier. */
    if (!by_itself && kz_seats_stir(d->seats, hash, now) && !kz_tasks_writer(d->tasks) &&
        kz_session_touch(d->ws.work, token, now, NULL) != KZ_OK)
        kz_seats_retry(d->seats, hash);
    char csrf[KZ_TOKEN_TEXT];
    kz_session_csrf(token, csrf);
    *ret = (kz_who){ .account = kz_arena_strdup(a, s.account), .role = s.role, .token = kz_arena_strdup(a, token),
                     .csrf = kz_arena_strdup(a, csrf) };
    return ret->account && ret->token && ret->csrf;
}

/* ---- posts ---------------------------------------------------------------------------------- */

/* 127.0.0.1, [::1] or localhost, with or without a port. */
static bool is_loopback(const char *host)
{
    static const char *const NAMES[] = { "127.0.0.1", "localhost", "[::1]" };
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        size_t n = strlen(NAMES[i]);
        if (strncasecmp(host, NAMES[i], n) == 0 &&
            (host[n] == '\0' || (host[n] == ':' && strspn(host + n + 1, "0123456789") == strlen(host + n + 1))))
            return true;
    }
    return false;
}

/* Did the browser send this from a page of ours?  Without a statement of the browser: no. */
static bool from_us(const kz_desk *d, const kz_ask *ask)
{
    const char *origin = kz_header(ask->fields, ask->n_fields, "Origin");
    const char *site = kz_header(ask->fields, ask->n_fields, "Sec-Fetch-Site");
    const char *host = kz_header(ask->fields, ask->n_fields, "Host");
    if (!origin && !site)
        return false;
    if (site && strcmp(site, "same-origin") != 0)
        return false;
    if (!origin)
        return true;
    if (d->https)
        return strcasecmp(origin, d->base_url) == 0;
    return host && is_loopback(host) && strncasecmp(origin, "http://", 7) == 0 && strcasecmp(origin + 7, host) == 0;
}

bool kz_desk_is_here(const kz_desk *d, const kz_ask *ask)
{
    const char *host = kz_header(ask->fields, ask->n_fields, "Host");
    return d->https || (host && is_loopback(host));
}

bool kz_desk_is_ours(const kz_desk *d, const kz_ask *ask, const kz_who *who, const kz_form *form)
{
    return from_us(d, ask) && (!who || kz_session_csrf_ok(who->token, kz_form_text(form, "csrf")));
}

int kz_desk_admit(kz_desk *d, const kz_ask *ask, const kz_page *page, kz_form **ret)
{
    char token[KZ_TOKEN_TEXT];
    unsigned char hash[KZ_TOKEN_HASH];
    bool known = find_token(d, ask, token);
    if (known) {
        kz_token_hash(token, hash);
        known = kz_seats_has(d->seats, hash);
    }
    if (!known && !(page && page->object == KZ_OBJECT_SIGN_IN))
        return 401;
    if (!page)
        return 404;
    if (!kz_desk_is_here(d, ask) || !from_us(d, ask))
        return 403;
    const kz_form_rule rule = { .bytes = page->body_bytes, .file_bytes = page->file_bytes };
    int code = kz_form_begin(kz_header(ask->fields, ask->n_fields, "Content-Type"), &rule, ret);
    if (code == 0 && !known && kz_body_length(ask->fields, ask->n_fields) > rule.bytes + BOUNDARIES) {
        kz_form_free(*ret);
        *ret = NULL;
        code = 413;
    }
    return code;
}

/* ---- in and out -------------------------------------------------------------------------------- */

static const char *cookie(kz_request *rq, const char *token)
{
    kz_auto(kz_buf) b = kz_buf_init(256);
    kz_buf_fmt(&b, "%s=%s; Path=/; HttpOnly; SameSite=Lax%s%s", cookie_name(rq->desk), token,
               rq->desk->https ? "; Secure" : "", token[0] ? "" : "; Max-Age=0");
    return kz_arena_strdup(rq->arena, kz_buf_text(&b));
}

static kz_status end_session(kz_desk *d, const kz_who *who, kz_err *err)
{
    unsigned char hash[KZ_TOKEN_HASH];
    KZ_TRY(kz_session_end(d->ws.work, who->token, err));
    kz_token_hash(who->token, hash);
    kz_seats_leave(d->seats, hash);
    return KZ_OK;
}

kz_status kz_desk_sign_in(kz_request *rq, const char *link)
{
    kz_desk *d = rq->desk;
    char token[KZ_TOKEN_TEXT];
    unsigned char hash[KZ_TOKEN_HASH];
    kz_session s;
    kz_status st = kz_session_begin(d->ws.work, link, kz_time_now(), token, &s, &rq->err);
    if (st == KZ_E_CONFLICT)
        return kz_fail(&rq->err, st, "desk.sign_in.busy"); /* the database's words name its folder */
    if (st != KZ_OK) {
        kz_desk_note(d, NULL, KZ_VERB_ADD, kz_object_name(KZ_OBJECT_SIGN_IN), "refused");
        return st;
    }
    if (rq->who)
        KZ_TRY(end_session(d, rq->who, &rq->err));
    kz_token_hash(token, hash);
    kz_seats_take(d->seats, hash, s.seen);
    rq->cookie = cookie(rq, token);
    kz_desk_note(d, &(kz_who){ .account = s.account, .role = s.role }, KZ_VERB_ADD,
                 kz_object_name(KZ_OBJECT_SIGN_IN), "done");
    return rq->cookie ? KZ_OK : kz_fail(&rq->err, KZ_E_LIMIT, "web.too_big");
}

kz_status kz_desk_sign_out(kz_request *rq)
{
    kz_desk *d = rq->desk;
    if (rq->who) {
        kz_delivery *left = kz_delivery_of(d->deliveries, rq->who->account);
        if (left && !(left->task && !kz_task_over(left->task)))
            kz_delivery_drop(d->deliveries, left);
        KZ_TRY(end_session(d, rq->who, &rq->err));
        kz_desk_note(d, rq->who, KZ_VERB_UNDO, kz_object_name(KZ_OBJECT_SIGN_IN), "done");
    }
    rq->cookie = cookie(rq, "");
    rq->forget = true;
    return KZ_OK;
}
