/*
 * view.h - a stretch of text that belongs to somebody else.
 *
 *     kz_view v = kz_view_of("Nippes");
 *     if (kz_view_is(v, "Nippes")) ...
 *     printf("%.*s\n", (int)v.n, v.p);
 *
 * Not ended by a NUL.  Valid as long as its owner says.  Everything is O(n).
 */
#ifndef KZ_BASE_VIEW_H
#define KZ_BASE_VIEW_H

#include "base/status.h"

#include <string.h>

typedef struct kz_view {
    const char *p;
    size_t      n;
} kz_view;

static inline kz_view kz_view_from(const char *p, size_t n) { return (kz_view){ p, n }; }
static inline kz_view kz_view_of(const char *s) { return (kz_view){ s, strlen(s) }; }
static inline bool kz_view_eq(kz_view a, kz_view b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}
static inline bool kz_view_is(kz_view v, const char *s) { return kz_view_eq(v, kz_view_of(s)); }

/* Without spaces, tabs and no-break spaces (U+00A0, U+2007, U+202F) at the ends. */
kz_view kz_view_trim(kz_view v);

/* A view as an argument of a message. */
#define kz_vw(name_, view_) kz_v((name_), (view_).p, (view_).n)

#endif
