#include "stat/crew.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

typedef struct crew {
    void (*turn)(void *of, int worker, int i);
    void *of;
    int turns;
    atomic_int next;
} crew;

typedef struct worker {
    crew *c;
    int   number;
    pthread_t thread;
} worker;

static void *work(void *p)
{
    worker *w = p;
    for (;;) {
        int i = atomic_fetch_add(&w->c->next, 1);
        if (i >= w->c->turns)
            return NULL;
        w->c->turn(w->c->of, w->number, i);
    }
}

void kz_crew_run(int workers, int turns, void (*turn)(void *of, int worker, int i), void *of)
{
    crew c = { .turn = turn, .of = of, .turns = turns };
    worker w[KZ_CREW_MOST];
    int made = 0;
    if (workers > KZ_CREW_MOST)
        workers = KZ_CREW_MOST;
    while (made + 1 < workers && made + 1 < turns) {
        w[made] = (worker){ .c = &c, .number = made + 1 };
        if (pthread_create(&w[made].thread, NULL, work, &w[made]) != 0)
            break;
        made++;
    }
    worker self = { .c = &c };
    work(&self);
    for (int i = 0; i < made; i++)
        pthread_join(w[i].thread, NULL);
}

int kz_crew_size(void)
{
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) != 0)
        return 1;
    int n = CPU_COUNT(&set);
    return n > KZ_CREW_MOST ? KZ_CREW_MOST : n < 1 ? 1 : n;
}
