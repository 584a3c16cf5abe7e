/*
 * source.h - where data comes from: what a source delivers and what may be done with it.
 *
 * One small file a source in data/sources/ (built into the program) says which
 * columns are expected, what is dropped, whether rows are persons or counts,
 * purpose, legal basis, retention and the rule against disclosure.
 *
 *     kz_source s;
 *     KZ_TRY(kz_source_load("einwohner-tabelle", &arena, &s, err));
 *     use(s.title, s.profile);
 *
 * Texts belong to the arena.  No state; safe from any thread.
 */
#ifndef KZ_MONITOR_SOURCE_H
#define KZ_MONITOR_SOURCE_H

#include "base/arena.h"

typedef enum kz_source_rows { KZ_ROWS_TABLE, KZ_ROWS_PERSONS } kz_source_rows;

/* A line of the file: `column area key Schlüssel des Gebiets`. */
typedef struct kz_source_field {
    const char *field, *name, *type, *text;
} kz_source_field;

typedef struct kz_source {
    const char *id, *title;
    kz_source_rows rows;
    const char *profile; /* rule against disclosure: data/disclosure_profiles.tsv */
    int n_fields;
    const kz_source_field *fields; /* everything, in the order of the file        */
} kz_source;

/* KZ_E_MISSING: there is no such source; the message lists those there are. */
KZ_MUST_USE kz_status kz_source_load(const char *id, kz_arena *a, kz_source *ret, kz_err *err);
/* The ids of all sources in order, ended by NULL. */
KZ_MUST_USE kz_status kz_source_ids(kz_arena *a, const char *const **ret, kz_err *err);

#endif
