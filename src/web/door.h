/*
 * door.h - who comes in, how long each may take, and when the house is full.
 *
 * A thread accepts connections and keeps them at the gate until the head of the
 * first request is there as a whole and has been checked (wire.h).  Until then a
 * guest costs a few hundred bytes, and ten thousand who say nothing, or one byte
 * a second, bother nobody inside.  Then the socket is handed on, with nothing read
 * from it.  Inside the guest still has a deadline at every moment: for the
 * next header, for taking an answer.  Who misses it is shut down.  When
 * there are as many guests as fit, the next gets a 503 at once.
 *
 *     kz_door *door;
 *     KZ_TRY(kz_door_open(fd, 12000, &callbacks, &door, err));
 *     kz_guest *g = kz_guest_come(door, socket);     // the server has the socket
 *     kz_guest_until(g, KZ_GUEST_ANSWER_MS);         // … at each new phase
 *     kz_guest_go(door, g);                          // before it closes the socket
 *
 * Locking: the list of guests has one lock.  A socket is shut down only while
 * that lock is held and its guest is in the list, and a guest leaves the list
 * before its socket is closed; so a number that the system has given to
 * somebody else is never shut down.
 */
#ifndef KZ_WEB_DOOR_H
#define KZ_WEB_DOOR_H

#include <sys/socket.h>

#include "base/buf.h"

enum {
    KZ_GUEST_HEADER_MS = 10 * 1000, /* from connecting, or from the request line, to the end of the header */
    KZ_GUEST_IDLE_MS = 15 * 1000,   /* between two requests                                     */
    KZ_GUEST_NEXT_MS = 25 * 1000,   /* from an answer to the end of the next header             */
    KZ_GUEST_ANSWER_MS = 30 * 1000, /* to take an answer, and 1 s more for every 8 KiB          */
};

typedef struct kz_door kz_door;
typedef struct kz_guest kz_guest;

typedef struct kz_door_callbacks {
    /* Take over the socket; false: could not, and it is closed. */
    bool (*hand_over)(void *ctx, int fd, const struct sockaddr *at, socklen_t n);
    /* The whole answer that refuses with this code; valid as long as the door. */
    const kz_buf *(*refusal)(void *ctx, int code);
    void *ctx;
} kz_door_callbacks;

KZ_MUST_USE kz_status kz_door_open(int listen_fd, int max_guests, const kz_door_callbacks *callbacks, kz_door **ret,
                                   kz_err *err);
/* Nobody comes in any more; those who are inside stay. */
void kz_door_close(kz_door *door);
void kz_door_free(kz_door *door); /* after the last guest has gone; closes the listening socket */

kz_guest *kz_guest_come(kz_door *door, int fd); /* NULL: no memory, and no deadline */
void kz_guest_until(kz_guest *g, int64_t ms);
/* The same, but never later than what is already agreed. */
void kz_guest_hurry(kz_guest *g, int64_t ms);
void kz_guest_go(kz_door *door, kz_guest *g);

#endif
