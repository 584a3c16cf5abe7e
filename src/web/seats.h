/*
 * seats.h - the sessions that are in use, in memory, so that they can be known without the database.
 *
 *     kz_seats *s = kz_seats_new();
 *     (void)kz_seats_take(s, hash, now);                  // somebody signed in, or came back after a restart
 *     if (kz_seats_has(s, hash)) ...                      // may this body be read at all?
 *     int64_t seen = kz_seats_seen(s, hash);              // the last request; 0: not known
 *     if (kz_seats_stir(s, hash, now)) ... write it ...   // true at most once a minute
 *
 * Keys are hashes of tokens.  KZ_SEATS sessions at once; the one that has been silent longest makes room.
 * Safe from any thread.  O(KZ_SEATS).
 */
#ifndef KZ_WEB_SEATS_H
#define KZ_WEB_SEATS_H

#include "trust/session.h"

enum { KZ_SEATS = 256, KZ_SEATS_WRITE = 60 };

typedef struct kz_seats kz_seats;

kz_seats *kz_seats_new(void); /* NULL: no memory */
void kz_seats_free(kz_seats *s);
void kz_seats_take(kz_seats *s, const unsigned char hash[static KZ_TOKEN_HASH], int64_t now);
void kz_seats_leave(kz_seats *s, const unsigned char hash[static KZ_TOKEN_HASH]);
bool kz_seats_has(kz_seats *s, const unsigned char hash[static KZ_TOKEN_HASH]);
int64_t kz_seats_seen(kz_seats *s, const unsigned char hash[static KZ_TOKEN_HASH]);
bool kz_seats_stir(kz_seats *s, const unsigned char hash[static KZ_TOKEN_HASH], int64_t now);
/* It could not be written after all: ask again next time. */
void kz_seats_retry(kz_seats *s, const unsigned char hash[static KZ_TOKEN_HASH]);

#endif
