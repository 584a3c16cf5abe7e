#include "web/seats.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

typedef struct seat {
    bool taken;
    unsigned char hash[KZ_TOKEN_HASH];
    int64_t seen, written;
} seat;

struct kz_seats {
    pthread_mutex_t lock;
    seat at[KZ_SEATS];
};

kz_seats *kz_seats_new(void)
{
    kz_seats *s = calloc(1, sizeof *s);
    if (s)
        pthread_mutex_init(&s->lock, NULL);
    return s;
}

void kz_seats_free(kz_seats *s)
{
    if (!s)
        return;
    pthread_mutex_destroy(&s->lock);
    free(s);
}

static seat *find(kz_seats *s, const unsigned char hash[static KZ_TOKEN_HASH])
{
    for (int i = 0; i < KZ_SEATS; i++)
        if (s->at[i].taken && memcmp(s->at[i].hash, hash, KZ_TOKEN_HASH) == 0)
            return &s->at[i];
    return NULL;
}

/* A free one, or that of the session which has been silent longest. */
static seat *room(kz_seats *s)
{
    seat *oldest = &s->at[0];
    for (int i = 0; i < KZ_SEATS; i++) {
        if (!s->at[i].taken)
            return &s->at[i];
        if (s->at[i].seen < oldest->seen)
            oldest = &s->at[i];
    }
    return oldest;
}

void kz_seats_take(kz_seats *s, const unsigned char hash[static KZ_TOKEN_HASH], int64_t now)
{
    pthread_mutex_lock(&s->lock);
    seat *one = find(s, hash);
    if (!one)
        one = room(s);
    *one = (seat){ .taken = true, .seen = now, .written = now };
    memcpy(one->hash, hash, KZ_TOKEN_HASH);
    pthread_mutex_unlock(&s->lock);
}

void kz_seats_leave(kz_seats *s, const unsigned char hash[static KZ_TOKEN_HASH])
{
    pthread_mutex_lock(&s->lock);
    seat *one = find(s, hash);
    if (one)
        *one = (seat){ 0 };
    pthread_mutex_unlock(&s->lock);
}

int64_t kz_seats_seen(kz_seats *s, const unsigned char hash[static KZ_TOKEN_HASH])
{
    pthread_mutex_lock(&s->lock);
    const seat *one = find(s, hash);
    int64_t seen = one ? one->seen : 0;
    pthread_mutex_unlock(&s->lock);
    return seen;
}

bool kz_seats_has(kz_seats *s, const unsigned char hash[static KZ_TOKEN_HASH])
{
    return kz_seats_seen(s, hash) > 0;
}

bool kz_seats_stir(kz_seats *s, const unsigned char hash[static KZ_TOKEN_HASH], int64_t now)
{
    bool write = false;
    pthread_mutex_lock(&s->lock);
    seat *one = find(s, hash);
    if (one && now > one->seen)
        one->seen = now;
    if (one && now - one->written >= KZ_SEATS_WRITE) {
        one->written = now;
        write = true;
    }
    pthread_mutex_unlock(&s->lock);
    return write;
}

void kz_seats_retry(kz_seats *s, const unsigned char hash[static KZ_TOKEN_HASH])
{
    pthread_mutex_lock(&s->lock);
    seat *one = find(s, hash);
    if (one)
        one->written = 0;
    pthread_mutex_unlock(&s->lock);
}
