#include "web/queue.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct item {
    kz_queue_fn run;
    void *ctx;
} item;

struct kz_queue {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t come;
    int first, n;
    bool closing;
    item items[KZ_QUEUE_MOST];
};

/* The next thing to do; false: none will come any more. */
static bool next(kz_queue *q, item *ret)
{
    pthread_mutex_lock(&q->lock);
    while (q->n == 0 && !q->closing)
        pthread_cond_wait(&q->come, &q->lock);
    bool there = q->n > 0;
    if (there) {
        *ret = q->items[q->first];
        q->first = (q->first + 1) % KZ_QUEUE_MOST;
        q->n--;
    }
    pthread_mutex_unlock(&q->lock);
    return there;
}

static void *work(void *arg)
{
    item one;
    while (next(arg, &one))
        one.run(one.ctx);
    return NULL;
}

kz_status kz_queue_open(kz_queue **ret, kz_err *err)
{
    kz_queue *q = calloc(1, sizeof *q);
    if (!q)
        return kz_fail(err, KZ_E_LIMIT, "web.no_memory");
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->come, NULL);
    if (pthread_create(&q->thread, NULL, work, q) != 0) {
        free(q);
        return kz_fail(err, KZ_E_LIMIT, "web.no_thread");
    }
    *ret = q;
    return KZ_OK;
}

bool kz_queue_put(kz_queue *q, kz_queue_fn run, void *ctx)
{
    pthread_mutex_lock(&q->lock);
    bool fits = q->n < KZ_QUEUE_MOST && !q->closing;
    if (fits) {
        q->items[(q->first + q->n++) % KZ_QUEUE_MOST] = (item){ run, ctx };
        pthread_cond_signal(&q->come);
    }
    pthread_mutex_unlock(&q->lock);
    return fits;
}

void kz_queue_close(kz_queue *q)
{
    if (!q)
        return;
    pthread_mutex_lock(&q->lock);
    q->closing = true;
    pthread_cond_broadcast(&q->come);
    pthread_mutex_unlock(&q->lock);
    pthread_join(q->thread, NULL);
    pthread_cond_destroy(&q->come);
    pthread_mutex_destroy(&q->lock);
    free(q);
}
