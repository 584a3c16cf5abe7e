#include "web/cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { SLOTS = 1 << 14, MOST = SLOTS / 2 };

typedef struct entry {
    const char *key;
    kz_cached page;
} entry;

struct kz_cache {
    pthread_mutex_t lock;
    kz_arena arena;
    int n;
    entry *slots[SLOTS];
};

kz_cache *kz_cache_new(size_t max_bytes)
{
    kz_cache *c = calloc(1, sizeof *c);
    if (!c)
        return NULL;
    pthread_mutex_init(&c->lock, NULL);
    kz_arena_init(&c->arena, max_bytes);
    return c;
}

void kz_cache_free(kz_cache *c)
{
    if (!c)
        return;
    kz_arena_done(&c->arena);
    pthread_mutex_destroy(&c->lock);
    free(c);
}

/* The slot of the key, or the empty one where it belongs (FNV-1a, next free). */
static entry **slot_of(kz_cache *c, const char *key)
{
    uint64_t h = 14695981039346656037u;
    for (const char *p = key; *p; p++)
        h = (h ^ (unsigned char)*p) * 1099511628211u;
    size_t i = h >> 50;
    while (c->slots[i] && strcmp(c->slots[i]->key, key) != 0)
        i = (i + 1) % SLOTS;
    return &c->slots[i];
}

const kz_cached *kz_cache_find(kz_cache *c, const char *key)
{
    if (!c)
        return NULL;
    pthread_mutex_lock(&c->lock);
    const entry *e = *slot_of(c, key);
    pthread_mutex_unlock(&c->lock);
    return e ? &e->page : NULL;
}

static entry *copy(kz_arena *a, const char *key, const kz_cached *page)
{
    entry *e = kz_arena_new(a, entry, 1);
    if (!e)
        return NULL;
    e->key = kz_arena_strdup(a, key);
    e->page = (kz_cached){
        .etag = kz_arena_strdup(a, page->etag),
        .content_type = kz_arena_strdup(a, page->content_type),
        .download = page->download ? kz_arena_strdup(a, page->download) : NULL,
        .body = kz_arena_strndup(a, page->body, page->n_body),
        .n_body = page->n_body,
    };
    bool whole = e->key && e->page.etag && e->page.content_type && e->page.body &&
                 !e->page.download == !page->download;
    return whole ? e : NULL;
}

void kz_cache_put(kz_cache *c, const char *key, const kz_cached *page)
{
    if (!c)
        return;
    pthread_mutex_lock(&c->lock);
    entry **slot = slot_of(c, key);
    if (!*slot && c->n < MOST) {
        *slot = copy(&c->arena, key, page);
        c->n += *slot != NULL;
    }
    pthread_mutex_unlock(&c->lock);
}
