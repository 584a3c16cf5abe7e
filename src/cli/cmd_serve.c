/* serve: the public pages over HTTP, until somebody says stop. */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "store/workspace.h"
#include "web/desk.h"
#include "web/pages.h"
#include "web/server.h"
#include "web/serverlog.h"

static kz_status release_path(const kz_call *call, kz_buf *path, kz_err *err)
{
    KZ_TRY(kz_workspace_find(call->workspace, err));
    kz_buf_fmt(path, "%s/release.db", call->workspace);
    return kz_buf_status(path);
}

static void print_path(void *ctx, const char *path)
{
    (void)ctx;
    puts(path);
}

/* The signals that end the server are waited for, not caught: every thread has
 * them blocked and sigwait takes them in order. */
static void block_signals(sigset_t *set)
{
    sigemptyset(set);
    sigaddset(set, SIGTERM);
    sigaddset(set, SIGINT);
    pthread_sigmask(SIG_BLOCK, set, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
}

/* It is written into robots.txt and XML, so only what an origin consists of. */
static bool is_origin(const char *url)
{
    size_t scheme = strncmp(url, "https://", 8) == 0 ? 8 : strncmp(url, "http://", 7) == 0 ? 7 : 0;
    size_t n = strlen(url + scheme);
    return scheme > 0 && n > 0 && n < 256 &&
           strspn(url + scheme, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") == n;
}

static kz_status read_options(kz_call *call, kz_server_options *ret)
{
    enum { MOST_THREADS = 64 };
    const char *listen = kz_opt_text(call, "listen"), *url = kz_opt_text(call, "url");
    int64_t threads = kz_opt_int(call, "threads", 0);
    if (kz_opt_text(call, "threads") && (threads < 1 || threads > MOST_THREADS))
        return kz_fail(&call->err, KZ_E_USAGE, "serve.threads", kz_n("value", threads));
    if (url && !is_origin(url))
        return kz_fail(&call->err, KZ_E_USAGE, "serve.url", kz_s("value", url));
    *ret = (kz_server_options){
        .listen = listen ? listen : "127.0.0.1:8080",
        .threads = (int)threads,
        .web = { .pages = kz_pages, .n_pages = kz_n_pages, .base_url = url, .hsts = kz_opt_flag(call, "https") },
    };
    return KZ_OK;
}

/* The internal side; without it the public pages are served all the same. */
static kz_desk *open_desk(const kz_call *call, const char *url)
{
    kz_desk *desk = NULL;
    kz_err err = { 0 };
    if (!kz_opt_flag(call, "public-only") && kz_desk_open(call->workspace, url, &desk, &err) != KZ_OK)
        kz_server_log_err("web.log.no_desk", &err);
    return desk;
}

static kz_status serve_until_signal(kz_call *call, kz_atlas_holder *holder)
{
    sigset_t set;
    int which;
    kz_server *server;
    kz_server_options o;
    KZ_TRY(read_options(call, &o));
    block_signals(&set);
    kz_desk *desk = o.web.desk = open_desk(call, o.web.base_url);
    kz_status st = kz_server_start(&o, holder, &server, &call->err);
    if (st != KZ_OK) {
        kz_desk_close(desk);
        return st;
    }
    puts(kz_server_url(server));
    fflush(stdout);
    while (sigwait(&set, &which) != 0)
        ;
    kz_server_log("web.log.stop");
    kz_server_stop(server);
    kz_desk_close(desk);
    return KZ_OK;
}

kz_status kz_cmd_serve(kz_call *call)
{
    kz_auto(kz_buf) path = kz_buf_init(8192);
    kz_atlas_holder *holder;
    KZ_TRY(release_path(call, &path, &call->err));
    KZ_TRY(kz_atlas_holder_open(kz_buf_text(&path), &holder, &call->err));
    kz_status st = KZ_OK;
    if (kz_opt_flag(call, "list-pages")) {
        kz_held *held = kz_atlas_hold(holder);
        kz_pages_each(held->atlas, false, print_path, NULL);
        kz_atlas_release(held);
    } else {
        st = serve_until_signal(call, holder);
    }
    kz_atlas_holder_close(holder);
    return st;
}
