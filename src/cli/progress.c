#include "cli/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 30, EVERY_MS = 100 };

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

kz_progress kz_progress_begin(const char *what, int64_t total)
{
    return (kz_progress){ .what = what, .total = total > 0 ? total : 1, .on = isatty(STDERR_FILENO) == 1 };
}

void kz_progress_at(kz_progress *p, int64_t done)
{
    if (!p->on || done < p->next)
        return;
    p->next = done + p->total / 1000 + 1;
    int64_t ms = now_ms();
    if (ms - p->drawn_ms < EVERY_MS)
        return;
    p->drawn_ms = ms;
    char bar[WIDTH + 1];
    int full = done >= p->total ? WIDTH : (int)((double)done / (double)p->total * WIDTH);
    for (int i = 0; i < WIDTH; i++)
        bar[i] = i < full ? '=' : ' ';
    bar[WIDTH] = '\0';
    fprintf(stderr, "\r%s [%s] %3d %%", p->what, bar, full * 100 / WIDTH);
    fflush(stderr);
}

void kz_progress_end(kz_progress *p)
{
    if (p->on && p->drawn_ms > 0)
        fputs("\r\033[K", stderr);
    p->on = false;
}
