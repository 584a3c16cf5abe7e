#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

typedef struct helper {
    pthread_t  thread;
    bool       runs;
    kz_part_fn part;
    void      *ctx;
    int        i, n;
} helper;

static void *run(void *p)
{
    helper *h = p;
    h->part(h->ctx, h->i, h->n);
    return NULL;
}

void kz_parallel(int n, kz_part_fn part, void *ctx)
{
    helper h[KZ_THREADS_MAX];
    n = n < 1 ? 1 : n > KZ_THREADS_MAX ? KZ_THREADS_MAX : n;
    for (int i = 1; i < n; i++) {
        h[i] = (helper){ .part = part, .ctx = ctx, .i = i, .n = n };
        h[i].runs = pthread_create(&h[i].thread, NULL, run, &h[i]) == 0;
    }
    part(ctx, 0, n);
    for (int i = 1; i < n; i++) {
        if (h[i].runs)
            pthread_join(h[i].thread, NULL);
        else
            part(ctx, i, n);
    }
}

int kz_processors(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int n = CPU_COUNT(&set);
    return n < 1 ? 1 : n > KZ_THREADS_MAX ? KZ_THREADS_MAX : n;
}
