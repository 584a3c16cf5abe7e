#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK_MIN = 16 * 1024, ALIGN = 16 };

struct kz_arena_block {
    struct kz_arena_block *next;
    size_t at, size;
    _Alignas(ALIGN) unsigned char bytes[];
};

void kz_arena_init(kz_arena *a, size_t cap)
{
    *a = (kz_arena){ .cap = cap };
}

void kz_arena_done(kz_arena *a)
{
    struct kz_arena_block *b = a->head;
    while (b) {
        struct kz_arena_block *next = b->next;
        free(b);
        b = next;
    }
    a->head = NULL;
    a->used = 0;
}

void *kz_arena_alloc(kz_arena *a, size_t size)
{
    if (size > SIZE_MAX - 2 * ALIGN)
        return NULL;
    size_t need = (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
    if (need > a->cap || a->used > a->cap - need)
        return NULL;
    struct kz_arena_block *b = a->head;
    if (!b || b->size - b->at < need) {
        /* Blocks double with use, so a long job makes few of them. */
        size_t size_new = a->used > BLOCK_MIN ? a->used : BLOCK_MIN;
        if (size_new > 4u << 20)
            size_new = 4u << 20;
        if (size_new < need)
            size_new = need;
        b = malloc(sizeof *b + size_new);
        if (!b)
            return NULL;
        b->next = a->head;
        b->at = 0;
        b->size = size_new;
        a->head = b;
    }
    void *p = b->bytes + b->at;
    b->at += need;
    a->used += need;
    memset(p, 0, need);
    return p;
}

void *kz_arena_array(kz_arena *a, size_t n, size_t size)
{
    size_t total;
    if (__builtin_mul_overflow(n, size, &total))
        return NULL;
    return kz_arena_alloc(a, total);
}

char *kz_arena_strndup(kz_arena *a, const char *p, size_t n)
{
    if (n == SIZE_MAX)
        return NULL;
    char *s = kz_arena_alloc(a, n + 1);
    if (s && n > 0)
        memcpy(s, p, n);
    return s;
}

char *kz_arena_strdup(kz_arena *a, const char *s)
{
    return kz_arena_strndup(a, s, strlen(s));
}
