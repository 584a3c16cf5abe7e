/*
 * geojson_check.h - is this GeoJSON, letter by letter?
 *
 *     kz_geojson_fault f;
 *     if (!kz_geojson_check(bytes, n, &f))
 *         tell(f.kind, f.line, f.what);
 *
 * Readers of GeoJSON forgive: comments, a comma too many, the same key twice (which value holds?), NaN, text
 * where a coordinate should be.  What two programs read differently is no basis for numbers, so the worker
 * asks here first.  Checked are the grammar of JSON, UTF-8 without a byte order mark, escapes, depth, numbers
 * that fit a double, keys that are unique within their object, and that coordinates are numbers in as many
 * brackets as the type of their geometry has.
 *
 * One pass, no recursion, a few kilobytes; O(n * keys of an object).  Safe from any thread.
 * Source: RFC 8259 (JSON), RFC 7946 (GeoJSON), I-JSON (RFC 7493) for unique keys and lone surrogates.
 */
#ifndef KZ_IO_GEOJSON_CHECK_H
#define KZ_IO_GEOJSON_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KZ_GEOJSON_DEPTH = 32, KZ_GEOJSON_KEYS = 4096, KZ_GEOJSON_NUMBER = 60 };

typedef enum kz_geojson_kind {
    KZ_GEOJSON_FINE = 0,
    KZ_GEOJSON_SYNTAX,     /* not JSON                                          */
    KZ_GEOJSON_DEEP,       /* more than KZ_GEOJSON_DEPTH brackets, or keys      */
    KZ_GEOJSON_BAD_NUMBER, /* NaN, 007, 1e999, a thousand digits                */
    KZ_GEOJSON_TWICE,      /* what: the key                                     */
    KZ_GEOJSON_TEXT,       /* not UTF-8, a lone surrogate, a control character  */
    KZ_GEOJSON_BOM,
    KZ_GEOJSON_COORDINATE, /* something else where a number should be           */
    KZ_GEOJSON_LEVELS,     /* a bracket too few or too many for the type; what: the type */
    KZ_GEOJSON_CRS,        /* the member crs is no object                       */
} kz_geojson_kind;

typedef struct kz_geojson_fault {
    kz_geojson_kind kind;
    uint32_t line;         /* of the file; with COORDINATE and LEVELS: the number of the feature */
    char what[64];
} kz_geojson_fault;

/* *ret is filled either way. */
bool kz_geojson_check(const char *p, size_t n, kz_geojson_fault *ret);

#endif
