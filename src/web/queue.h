/*
 * queue.h - one thread that does things in the order they come.
 *
 *     kz_queue *q;
 *     KZ_TRY(kz_queue_open(&q, err));
 *     if (!kz_queue_put(q, work, ctx)) ... full: say 503 ...
 *     kz_queue_close(q);           // what was put is still done
 *
 * The internal pages have theirs, so that a slow look into the workspace never holds up a public page.
 * kz_queue_put is safe from any thread; at most KZ_QUEUE_MOST wait.
 */
#ifndef KZ_WEB_QUEUE_H
#define KZ_WEB_QUEUE_H

#include "base/status.h"

enum { KZ_QUEUE_MOST = 64 };

typedef struct kz_queue kz_queue;
typedef void (*kz_queue_fn)(void *ctx);

KZ_MUST_USE kz_status kz_queue_open(kz_queue **ret, kz_err *err);
KZ_MUST_USE bool kz_queue_put(kz_queue *q, kz_queue_fn run, void *ctx);
void kz_queue_close(kz_queue *q);

#endif
