/*
 * progress.h - one line on the terminal that says how far a long command is.
 *
 *     kz_progress p = kz_progress_begin("Gebiete", n);   // a text from the catalogue
 *     for (i = 0; i < n; i++) { ...; kz_progress_at(&p, i); }
 *     kz_progress_end(&p);                               // the line goes away
 *
 * Nothing is written when standard error is not a terminal.  At most ten
 * times a second; a call in between costs one comparison.  One thread.
 */
#ifndef KZ_CLI_PROGRESS_H
#define KZ_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct kz_progress {
    const char *what;
    int64_t     total, next; /* the next step worth looking at the clock */
    int64_t     drawn_ms;
    bool        on;
} kz_progress;

kz_progress kz_progress_begin(const char *what, int64_t total);
void kz_progress_at(kz_progress *p, int64_t done);
void kz_progress_end(kz_progress *p);

#endif
