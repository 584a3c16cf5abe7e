/*
 * worker.h - start a program of ours in a process of its own, hand on its frames, tell how it ended.
 *
 *     char *argv[] = { (char[]){ "kekiz-sheet" }, NULL };
 *     kz_worker w = { .argv = argv, .input = bytes, .n_input = n, .wait_seconds = 90, .frame_max = 1 << 20 };
 *     int code;
 *     switch (kz_worker_run(&w, take, me, &code, err)) ...
 *
 * The program (argv[0]) is looked for beside this one, then in ../lib/kekiz and /usr/lib/kekiz.  It gets
 * a fixed environment, `input` as its standard input (a sealed file in memory; NULL: nothing) and no open
 * file but a pipe.  Frames: one byte of type, four of length (little-endian), the payload.  It is killed
 * when it takes too long, says a frame that is too large, or one that `take` refuses.
 * One process a call; safe from any thread.
 */
#ifndef KZ_IO_WORKER_H
#define KZ_IO_WORKER_H

#include "base/status.h"

typedef struct kz_worker {
    char *const *argv;
    const void  *input;
    size_t       n_input;
    unsigned     wait_seconds; /* more than its own limit of processor time */
    size_t       frame_max;
} kz_worker;

typedef kz_status (*kz_frame_fn)(void *me, char type, const unsigned char *p, size_t n, kz_err *err);

typedef enum kz_worker_end {
    KZ_WORKER_DONE = 0, /* exit code 0                                     */
    KZ_WORKER_REFUSED,  /* by `take`, which filled *err; *code: kz_status */
    KZ_WORKER_ABSENT,   /* the program is not installed                    */
    KZ_WORKER_START,    /* *code: errno                                    */
    KZ_WORKER_SLOW,
    KZ_WORKER_MEMORY,   /* ours                                            */
    KZ_WORKER_FRAME,    /* larger than it may be                           */
    KZ_WORKER_DIED,     /* *code: signal or exit code                      */
} kz_worker_end;

KZ_MUST_USE kz_worker_end kz_worker_run(const kz_worker *w, kz_frame_fn take, void *me, int *code, kz_err *err);

#endif
