/*
 * door.h - who is in, how long each may take, and when the house is full.
 *
 * A thread accepts connections and hands them on.  When there are as many as
 * fit, the next gets a 503 at once instead of waiting in silence.  Every guest
 * has a deadline: for its whole header (dripping a byte now and then does not
 * help), for the time between two requests, for taking the answer.  Who misses
 * it is shut down.
 *
 *     kz_door *door;
 *     KZ_TRY(kz_door_open(fd, 12000, hand_over, ctx, full_answer, n, &door, err));
 *     kz_guest *g = kz_guest_come(door, socket);     // connection is there
 *     kz_guest_until(g, KZ_GUEST_HEADER_MS);         // … at each new phase
 *     kz_guest_go(door, g);                          // before the socket is closed
 *
 * Locking: the list of guests has one lock.  A socket is shut down only while
 * that lock is held and its guest is in the list, and a guest leaves the list
 * before its socket is closed; so a number that the system has given to
 * somebody else is never shut down.
 */
#ifndef KZ_WEB_DOOR_H
#define KZ_WEB_DOOR_H

#include <sys/socket.h>

#include "base/status.h"

enum {
    KZ_GUEST_HEADER_MS = 10 * 1000, /* from connecting, or from the request line, to the end of the header */
    KZ_GUEST_IDLE_MS = 15 * 1000,   /* between two requests                                     */
    KZ_GUEST_NEXT_MS = 25 * 1000,   /* from an answer to the end of the next header             */
    KZ_GUEST_ANSWER_MS = 30 * 1000, /* to take an answer, and 1 s more for every 8 KiB          */
};

typedef struct kz_door kz_door;
typedef struct kz_guest kz_guest;

/* Takes over the socket, whatever happens. */
typedef void (*kz_door_hand_over)(void *ctx, int fd, const struct sockaddr *at, socklen_t n);

/* `full` is what a guest gets for whom there is no room; it must stay valid. */
KZ_MUST_USE kz_status kz_door_open(int listen_fd, int max_guests, kz_door_hand_over hand_over, void *ctx,
                                   const char *full, size_t n_full, kz_door **ret, kz_err *err);
/* Nobody comes in any more; those who are in stay.  Closes the listening socket. */
void kz_door_close(kz_door *door);
void kz_door_free(kz_door *door); /* after the last guest has gone */

kz_guest *kz_guest_come(kz_door *door, int fd); /* NULL: no memory */
void kz_guest_until(kz_guest *g, int64_t ms);
/* The same, but never later than what is already agreed. */
void kz_guest_hurry(kz_guest *g, int64_t ms);
void kz_guest_go(kz_door *door, kz_guest *g);

#endif
