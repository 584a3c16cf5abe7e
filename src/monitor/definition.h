/*
 * definition.h - was an indicator defined otherwise when its cells were made?
 *
 *     kz_definitions d;
 *     KZ_TRY(kz_definitions_compare(ws->work, &cat, &arena, &d, err));
 *     for (int i = 0; i < d.n; i++)
 *         if (d.list[i].changed && !d.list[i].raised) complain(d.list[i].ind->id);
 *
 * The definition is what decides a value: kind, numerator, denominator and groups as canonical text, unit, pool,
 * smallest denominator.  Texts for people, order and protection are none of it, so a better sentence makes no new
 * version.  It is kept as a hash with the cells (table computed) and with each release (release_definition).
 *
 * Cells made before this was kept have no definition: nothing is said of them.  What an indicator is made of
 * (index, difference, profile) makes its cells stale, not its own definition another one.
 *
 * Everything lies in the arena and points into the catalogue.  O(indicators * periods + cells of changed ones).
 */
#ifndef KZ_MONITOR_DEFINITION_H
#define KZ_MONITOR_DEFINITION_H

#include "monitor/finding.h"
#include "monitor/indicator.h"
#include "store/db.h"

enum { KZ_DEFINITION_HEX = 17 };

typedef struct kz_definition {
    const kz_indicator *ind;
    bool computed;          /* there are cells                                            */
    bool known;             /* and it is known with which definition                      */
    bool stale;             /* of another definition, of it or of what it is made of      */
    bool changed;           /* its own definition is another one                          */
    bool raised;            /* changed, and the version is higher than before             */
    int version_before;     /* 0: nobody knows                                            */
    int64_t cells;          /* stale: how many must be made anew                          */
    const char *first, *last; /* of the periods in which they are                         */
    const char *releases;   /* published with an older version: "2012 (1), 2013 (1)", "" none */
} kz_definition;

typedef struct kz_definitions {
    int n;                  /* all indicators of the catalogue, in its order */
    const kz_definition *list;
    int n_stale, n_changed;
    int64_t cells;          /* of all that are stale */
} kz_definitions;

/* 16 hex digits. */
void kz_definition_hash(const kz_indicator *ind, char ret[static KZ_DEFINITION_HEX]);

KZ_MUST_USE kz_status kz_definitions_compare(kz_db *work, const kz_catalogue *cat, kz_arena *a, kz_definitions *ret,
                                             kz_err *err);
/* The cells of the indicator are those of this definition now. */
KZ_MUST_USE kz_status kz_definition_note(kz_db *work, const kz_indicator *ind, kz_err *err);
/* A release is drafted: its cells are of these definitions. */
KZ_MUST_USE kz_status kz_definitions_release(kz_db *work, int64_t release, kz_err *err);
/* For imports, before cells are made anew: a notice for each indicator whose definition is another one. */
KZ_MUST_USE kz_status kz_definitions_tell(kz_db *work, kz_findings *found, kz_err *err);

#endif
