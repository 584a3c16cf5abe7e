/*
 * crew.h - a loop whose turns do not depend on each other, done by several threads.
 *
 *     static void turn(void *of, int worker, int i) { ((double *)of)[i] = slow(i); }
 *     kz_crew_run(2, 1000, turn, values);
 *
 * `worker` is below the number of workers: for scratch memory of one's own.  Turns are handed out as
 * workers ask, so a turn must write only what belongs to i (or, as scratch, to its worker); then the result
 * is the same with any number of workers.  When a thread cannot be made, the others do its turns.
 * Returns when all turns are done.
 */
#ifndef KZ_STAT_CREW_H
#define KZ_STAT_CREW_H

enum { KZ_CREW_MOST = 64 };

void kz_crew_run(int workers, int turns, void (*turn)(void *of, int worker, int i), void *of);

/* As many as the machine has processors for us, at most KZ_CREW_MOST. */
int kz_crew_size(void);

#endif
