#include "web/server.h"

#include <assert.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "web/desk.h"
#include "web/door.h"
#include "web/queue.h"
#include "web/router.h"
#include "web/serverlog.h"

enum {
    CONNECTION_BYTES = 32 * 1024,       /* request line, header and answer's header */
    ANSWERS_BYTES = 256 << 20,          /* all bodies that wait to be taken   */
    LONGEST_WAIT_MS = 3000,             /* in the queue before we start       */
    SPARE_DESCRIPTORS = 64,
    STOP_MS = 5000,
};

struct kz_server {
    struct MHD_Daemon *mhd;
    kz_door *door;
    kz_atlas_holder *holder;
    kz_queue *desk_queue; /* the thread of the internal pages */
    kz_web web;
    char url[KZ_URL_MAX], base_url[KZ_URL_MAX];
    kz_buf refusals[8]; /* whole answers for those who do not get in, as in REFUSED */
    _Atomic size_t answer_bytes;
    _Atomic int answers; /* being made or sent */
    _Atomic int errands; /* at the internal pages */
};

typedef struct fields {
    size_t n;
    bool bad; /* a NUL inside, or more than we look at */
    kz_param at[KZ_MAX_HEADER_FIELDS + 1];
} fields;

/* One request, from its request line to the last byte of its answer. */
typedef struct visit {
    kz_guest *guest;
    char *target; /* as sent; NULL: no memory for it */
    bool started;
    bool answered;
    kz_form *form; /* the body, as far as it has come     */
    int refused;   /* why the rest of it is only swallowed */
    struct errand *errand; /* to the internal pages        */
    char *body;   /* of an answer that is not constant */
    size_t n_body;
} visit;

/* A request of an internal page: their thread makes the answer while the connection rests. */
typedef struct errand {
    kz_server *server;
    visit *visit;
    struct MHD_Connection *connection;
    fields fields; /* names and values are the connection's */
    const char *method;
    kz_arena arena;
    kz_buf out;
    kz_answer answer;
    kz_held *held;
} errand;

static kz_guest *guest_of(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *i = MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return i ? i->socket_context : NULL;
}

static void on_connection(void *cls, struct MHD_Connection *c, void **context, enum MHD_ConnectionNotificationCode what)
{
    kz_server *s = cls;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *i = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
        *context = i ? kz_guest_come(s->door, i->connect_fd) : NULL;
    } else {
        kz_guest_go(s->door, *context);
        *context = NULL;
    }
}

/* The request line is there: the only place where the target is still as sent. */
static void *on_request_line(void *cls, const char *target, struct MHD_Connection *c)
{
    (void)cls;
    visit *v = calloc(1, sizeof *v);
    if (!v)
        return NULL;
    v->guest = guest_of(c);
    v->target = strdup(target);
    kz_guest_hurry(v->guest, KZ_GUEST_HEADER_MS);
    return v;
}

static void errand_free(errand *e)
{
    if (!e)
        return;
    if (e->held)
        kz_atlas_release(e->held);
    kz_buf_done(&e->out);
    kz_arena_done(&e->arena);
    free(e);
}

static void on_completed(void *cls, struct MHD_Connection *c, void **context, enum MHD_RequestTerminationCode how)
{
    (void)c;
    (void)how;
    kz_server *s = cls;
    visit *v = *context;
    *context = NULL;
    if (!v)
        return;
    if (v->answered) {
        s->answer_bytes -= v->n_body;
        s->answers--;
    }
    kz_guest_until(v->guest, KZ_GUEST_NEXT_MS);
    errand_free(v->errand);
    kz_form_free(v->form);
    free(v->body);
    free(v->target);
    free(v);
}

static enum MHD_Result on_field(void *cls, enum MHD_ValueKind kind, const char *name, size_t n_name,
                                const char *value, size_t n_value)
{
    (void)kind;
    fields *f = cls;
    if (f->n == KZ_MAX_HEADER_FIELDS + 1)
        return MHD_NO;
    if (strlen(name) != n_name || (value && strlen(value) != n_value))
        f->bad = true;
    f->at[f->n++] = (kz_param){ name, value ? value : "" };
    return MHD_YES;
}

/* Milliseconds since the client's last byte reached this machine. */
static unsigned waited_ms(struct MHD_Connection *c)
{
    const union MHD_ConnectionInfo *i = MHD_get_connection_info(c, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct tcp_info info;
    socklen_t n = sizeof info;
    if (!i || getsockopt(i->connect_fd, IPPROTO_TCP, TCP_INFO, &info, &n) != 0)
        return 0;
    return info.tcpi_last_data_recv;
}

/* A copy of exactly the size, so that a slow reader holds no more than what he reads. */
static bool keep_body(kz_server *s, visit *v, const kz_answer *a)
{
    if (a->constant || a->n_body == 0)
        return true;
    if (s->answer_bytes + a->n_body > ANSWERS_BYTES)
        return false;
    v->body = malloc(a->n_body);
    if (!v->body)
        return false;
    memcpy(v->body, a->body, a->n_body);
    v->n_body = a->n_body;
    s->answer_bytes += a->n_body;
    return true;
}

static enum MHD_Result queue(visit *v, struct MHD_Connection *c, const kz_answer *a)
{
    static char none[1];
    void *body = a->n_body == 0 ? none : v->body ? v->body : (void *)(uintptr_t)a->body;
    struct MHD_Response *r = MHD_create_response_from_buffer(a->n_body, body, MHD_RESPMEM_PERSISTENT);
    if (!r)
        return MHD_NO;
    enum MHD_Result ok = MHD_YES;
    for (int i = 0; i < a->n_fields && ok == MHD_YES; i++)
        ok = MHD_add_response_header(r, a->fields[i].name, a->fields[i].value);
    if (a->close && ok == MHD_YES)
        ok = MHD_add_response_header(r, "Connection", "close");
    if (ok == MHD_YES)
        ok = MHD_queue_response(c, (unsigned)a->code, r);
    MHD_destroy_response(r);
    return ok;
}

static void make_answer(kz_server *s, struct MHD_Connection *c, const kz_ask *ask, bool bad, kz_arena *arena,
                        kz_buf *out, kz_answer *a, kz_held **ret_held)
{
    if (!ask->target || waited_ms(c) > LONGEST_WAIT_MS) {
        kz_web_refuse(&s->web, 503, out, a);
    } else if (bad) {
        kz_web_refuse(&s->web, 400, out, a);
    } else {
        kz_held *held = kz_atlas_hold(s->holder);
        kz_web web = s->web;
        web.cache = held->cache;
        kz_web_answer(&web, held->atlas, ask, arena, out, a);
        *ret_held = held;
    }
    if (a->code >= 500 && a->err.id)
        kz_server_log_err("web.log.failed", &a->err);
}

/* The answer, and a copy of its body that outlives what it was made from. */
static void prepare(kz_server *s, visit *v, struct MHD_Connection *c, const kz_ask *ask, bool bad, kz_arena *arena,
                    kz_buf *out, kz_answer *a, kz_held **ret_held)
{
    make_answer(s, c, ask, bad, arena, out, a, ret_held);
    s->answers++;
    if (!keep_body(s, v, a)) {
        kz_web_refuse(&s->web, 503, out, a);
        if (!keep_body(s, v, a))
            a->n_body = 0;
    }
    kz_guest_until(v->guest, KZ_GUEST_ANSWER_MS + (int64_t)a->n_body / 8);
    v->answered = true;
}

static enum MHD_Result answer(kz_server *s, visit *v, struct MHD_Connection *c, const kz_ask *ask, bool bad)
{
    kz_arena arena;
    kz_arena_init(&arena, KZ_REQUEST_ARENA);
    kz_auto(kz_buf) out = kz_buf_init(KZ_ANSWER_MAX);
    kz_answer a;
    kz_held *held = NULL; /* until the answer is copied: it may point into it */
    prepare(s, v, c, ask, bad, &arena, &out, &a, &held);
    enum MHD_Result ok = queue(v, c, &a);
    if (held)
        kz_atlas_release(held);
    kz_arena_done(&arena);
    return ok;
}

/* A plain refusal, without a look at what was asked. */
static enum MHD_Result refuse(kz_server *s, visit *v, struct MHD_Connection *c, int code, bool close)
{
    kz_auto(kz_buf) out = kz_buf_init(KZ_ANSWER_MAX);
    kz_answer a;
    kz_web_refuse(&s->web, code, &out, &a);
    a.close = a.close || close;
    v->answered = true;
    s->answers++;
    if (!keep_body(s, v, &a))
        a.n_body = 0;
    kz_guest_until(v->guest, KZ_GUEST_ANSWER_MS);
    return queue(v, c, &a);
}

/* ---- internal pages --------------------------------------------------------------- */

/* In the thread of the internal pages. */
static void run_errand(void *ctx)
{
    errand *e = ctx;
    const kz_ask ask = { .method = e->method, .target = e->visit->target, .fields = e->fields.at,
                         .n_fields = e->fields.n, .form = e->visit->form, .refused = e->visit->refused };
    prepare(e->server, e->visit, e->connection, &ask, e->fields.bad, &e->arena, &e->out, &e->answer, &e->held);
    MHD_resume_connection(e->connection);
}

static enum MHD_Result send_errand(kz_server *s, visit *v, struct MHD_Connection *c, const char *method,
                                   const fields *f)
{
    errand *e = calloc(1, sizeof *e);
    if (!e)
        return refuse(s, v, c, 503, true);
    e->server = s;
    e->visit = v;
    e->connection = c;
    e->fields = *f;
    e->method = method;
    e->out = kz_buf_init(KZ_ANSWER_MAX);
    kz_arena_init(&e->arena, KZ_REQUEST_ARENA);
    v->errand = e;
    kz_guest_until(v->guest, 2 * KZ_GUEST_ANSWER_MS);
    MHD_suspend_connection(c);
    s->errands++;
    if (kz_queue_put(s->desk_queue, run_errand, e))
        return MHD_YES;
    kz_web_refuse(&s->web, 503, &e->out, &e->answer);
    s->answers++;
    if (!keep_body(s, v, &e->answer))
        e->answer.n_body = 0;
    v->answered = true;
    MHD_resume_connection(c);
    return MHD_YES;
}

/* It has come back. */
static enum MHD_Result take_errand(kz_server *s, visit *v, struct MHD_Connection *c)
{
    enum MHD_Result ok = queue(v, c, &v->errand->answer);
    s->errands--;
    return ok;
}

/* What begins like this may be for the internal pages; respond.c has the last word. */
static bool is_for_desk(const kz_server *s, const visit *v)
{
    static const char ROOT[] = "/intern";
    return s->desk_queue && v->target && strncmp(v->target, ROOT, sizeof ROOT - 1) == 0;
}

/* A body is to come: is it wanted?  0: yes. */
static int admit(kz_server *s, visit *v, const char *method, const fields *f)
{
    enum { BYTES_A_MS = 32 }; /* the slowest line that is waited for */
    const kz_ask ask = { .method = method, .target = v->target, .fields = f->at, .n_fields = f->n };
    uint64_t length = kz_body_length(f->at, f->n);
    if (strcmp(method, "POST") != 0 || length == 0)
        return 0;
    if (!v->target)
        return 503;
    kz_guest_until(v->guest, KZ_GUEST_ANSWER_MS + (int64_t)(length / BYTES_A_MS));
    return kz_web_admit(&s->web, &ask, &v->form);
}

static enum MHD_Result on_request(void *cls, struct MHD_Connection *c, const char *url, const char *method,
                                  const char *version, const char *upload, size_t *n_upload, void **context)
{
    (void)url;
    (void)version;
    kz_server *s = cls;
    visit *v = *context;
    if (v && v->errand && v->answered)
        return take_errand(s, v, c);
    if (!v || v->answered || v->errand)
        return MHD_NO;
    if (v->started && *n_upload > 0) {
        if (v->refused == 0 && v->form)
            v->refused = kz_form_feed(v->form, upload, *n_upload);
        *n_upload = 0;
        return MHD_YES;
    }
    fields f = { 0 };
    MHD_get_connection_values_n(c, MHD_HEADER_KIND, on_field, &f);
    /* A refusal goes out at once and ends the connection; a good request has its
     * turn in the second call, after which the connection may be used again. */
    if (!v->started && !f.bad && kz_headers_check(method, f.at, f.n) == 0) {
        int code = admit(s, v, method, &f);
        if (code != 0)
            return refuse(s, v, c, code, true);
        v->started = true;
        *n_upload = 0;
        return MHD_YES;
    }
    if (v->form && v->refused == 0)
        v->refused = kz_form_end(v->form);
    if (v->refused != 0 && !is_for_desk(s, v))
        return refuse(s, v, c, v->refused, false);
    if (is_for_desk(s, v) && !f.bad)
        return send_errand(s, v, c, method, &f);
    kz_ask ask = { .method = method, .target = v->target, .fields = f.at, .n_fields = f.n };
    return answer(s, v, c, &ask, f.bad);
}

static bool hand_over(void *ctx, int fd, const struct sockaddr *at, socklen_t n)
{
    kz_server *s = ctx;
    return MHD_add_connection(s->mhd, fd, at, n) == MHD_YES;
}

/* What the door may refuse with; the first is for all others. */
static const struct {
    int code;
    const char *words;
} REFUSED[] = {
    { 400, "Bad Request" }, { 413, "Content Too Large" }, { 414, "URI Too Long" },
    { 417, "Expectation Failed" }, { 431, "Request Header Fields Too Large" },
    { 501, "Not Implemented" }, { 503, "Service Unavailable" }, { 505, "HTTP Version Not Supported" },
};
enum { N_REFUSED = sizeof REFUSED / sizeof REFUSED[0] };

static const kz_buf *refusal(void *ctx, int code)
{
    kz_server *s = ctx;
    for (int i = 0; i < N_REFUSED; i++)
        if (REFUSED[i].code == code)
            return &s->refusals[i];
    return &s->refusals[0];
}

/* As many descriptors as the system lets us have, and how many guests fit. */
static int room_for(int wanted)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 100;
    rlim_t want = (rlim_t)wanted + SPARE_DESCRIPTORS;
    if (limit.rlim_cur < want && limit.rlim_cur != RLIM_INFINITY) {
        limit.rlim_cur = limit.rlim_max < want ? limit.rlim_max : want;
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur < want)
        return limit.rlim_cur > 2 * SPARE_DESCRIPTORS ? (int)limit.rlim_cur - SPARE_DESCRIPTORS
                                                      : SPARE_DESCRIPTORS / 4;
    return wanted;
}

static int threads_for(int wanted)
{
    enum { MOST = 64, USUAL = 4 };
    if (wanted > 0)
        return wanted < MOST ? wanted : MOST;
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    return cores < 1 ? 1 : cores > USUAL ? USUAL : (int)cores;
}

static kz_status write_refusals(kz_server *s, kz_err *err)
{
    static_assert(N_REFUSED == sizeof s->refusals / sizeof s->refusals[0], "one for each");
    kz_auto(kz_buf) page = kz_buf_init(KZ_ANSWER_MAX);
    for (int i = 0; i < N_REFUSED; i++) {
        kz_answer a;
        kz_web_refuse(&s->web, REFUSED[i].code, &page, &a);
        kz_buf *b = &s->refusals[i];
        *b = kz_buf_init(64 * 1024);
        kz_buf_fmt(b, "HTTP/1.1 %d %s\r\n", REFUSED[i].code, REFUSED[i].words);
        for (int k = 0; k < a.n_fields; k++)
            kz_buf_fmt(b, "%s: %s\r\n", a.fields[k].name, a.fields[k].value);
        kz_buf_fmt(b, "Connection: close\r\nContent-Length: %zu\r\n\r\n", a.n_body);
        kz_buf_add(b, a.body, a.n_body);
        if (kz_buf_status(b) != KZ_OK)
            return kz_fail(err, KZ_E_LIMIT, "web.no_memory");
    }
    return KZ_OK;
}

static void on_mhd_log(void *cls, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));
static void on_mhd_log(void *cls, const char *fmt, va_list ap)
{
    /* What the library says about a request may quote it: not for the log. */
    (void)cls;
    (void)fmt;
    (void)ap;
}

static void server_free(kz_server *s)
{
    kz_queue_close(s->desk_queue); /* no connection rests any more */
    if (s->mhd)
        MHD_stop_daemon(s->mhd);
    kz_door_free(s->door);
    for (int i = 0; i < N_REFUSED; i++)
        kz_buf_done(&s->refusals[i]);
    free(s);
}

kz_status kz_server_start(const kz_server_options *o, kz_atlas_holder *holder, kz_server **ret, kz_err *err)
{
    int fd, guests = room_for(o->max_guests > 0 ? o->max_guests : KZ_SERVER_GUESTS), threads = threads_for(o->threads);
    if (sodium_init() < 0)
        return kz_fail(err, KZ_E_IO, "web.no_random");
    kz_server *s = calloc(1, sizeof *s);
    if (!s)
        return kz_fail(err, KZ_E_LIMIT, "web.no_memory");
    s->holder = holder;
    s->web = o->web;
    kz_status st = kz_listen(o->listen, &fd, s->url, err);
    if (st != KZ_OK) {
        server_free(s);
        return st;
    }
    if (!s->web.base_url) {
        snprintf(s->base_url, sizeof s->base_url, "%.*s", (int)strlen(s->url) - 1, s->url);
        s->web.base_url = s->base_url;
    }
    st = write_refusals(s, err);
    if (st == KZ_OK && s->web.desk)
        st = kz_queue_open(&s->desk_queue, err);
    if (st == KZ_OK) {
        s->mhd = MHD_start_daemon(
            MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC | MHD_USE_PEDANTIC_CHECKS |
                MHD_USE_ERROR_LOG | MHD_ALLOW_SUSPEND_RESUME,
            0, NULL, NULL, on_request, s, MHD_OPTION_EXTERNAL_LOGGER, on_mhd_log, NULL,
            MHD_OPTION_THREAD_POOL_SIZE, (unsigned)threads,
            /* One thread may have to hold them all for a moment. */
            MHD_OPTION_CONNECTION_LIMIT, (unsigned)(guests + SPARE_DESCRIPTORS) * (unsigned)threads,
            MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)KZ_GUEST_IDLE_MS / 1000, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
            (size_t)CONNECTION_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_NOTIFY_CONNECTION, on_connection,
            s, MHD_OPTION_URI_LOG_CALLBACK, on_request_line, s, MHD_OPTION_NOTIFY_COMPLETED, on_completed, s,
            MHD_OPTION_END);
        kz_door_callbacks callbacks = { hand_over, refusal, s };
        st = s->mhd ? kz_door_open(fd, guests, &callbacks, &s->door, err)
                    : kz_fail(err, KZ_E_LIMIT, "web.no_thread");
    }
    if (st != KZ_OK) {
        close(fd);
        server_free(s);
        return st;
    }
    *ret = s;
    return KZ_OK;
}

const char *kz_server_url(const kz_server *s)
{
    return s->url;
}

void kz_server_stop(kz_server *s)
{
    enum { STEP_MS = 10 };
    if (!s)
        return;
    kz_door_close(s->door);
    for (int waited = 0; s->answers + s->errands > 0 && waited < STOP_MS; waited += STEP_MS)
        nanosleep(&(struct timespec){ .tv_nsec = STEP_MS * 1000 * 1000 }, NULL);
    server_free(s);
}
