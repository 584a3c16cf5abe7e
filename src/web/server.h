/*
 * server.h - the running server: sockets and threads around respond.h.
 *
 *     kz_server_options o = { .listen = "127.0.0.1:8080", .web = { .pages = kz_pages, .n_pages = kz_n_pages } };
 *     kz_server *s;
 *     KZ_TRY(kz_server_start(&o, holder, &s, err));
 *     puts(kz_server_url(s));
 *     ... wait for a signal ...
 *     kz_server_stop(s);          // answers on their way get up to 5 s
 *
 * libmicrohttpd reads and writes (epoll, a pool of threads); door.h accepts and
 * keeps the time; what an answer is stands in respond.h.  A connection at rest
 * costs a few KiB, a request its arena (KZ_REQUEST_ARENA at most) until the
 * answer is made and the answer itself until it is sent.  Requests that
 * have waited longer than 3 s, or for whose answers there is no memory left, get
 * a 503 with Retry-After.
 */
#ifndef KZ_WEB_SERVER_H
#define KZ_WEB_SERVER_H

#include "web/atlas_holder.h"
#include "web/listen.h"
#include "web/respond.h"

enum { KZ_SERVER_GUESTS = 12000 };

typedef struct kz_server kz_server;

typedef struct kz_server_options {
    const char *listen; /* listen.h                                            */
    int threads;        /* 0: as many as cores, at most 4                      */
    int max_guests;     /* connections at once; 0: KZ_SERVER_GUESTS, fewer when
                           the system gives fewer descriptors                  */
    kz_web web;         /* base_url NULL: made from the listening address      */
} kz_server_options;

KZ_MUST_USE kz_status kz_server_start(const kz_server_options *o, kz_atlas_holder *holder, kz_server **ret,
                                      kz_err *err);
const char *kz_server_url(const kz_server *s); /* with '/' at the end */
void kz_server_stop(kz_server *s);

#endif
