/*
 * measure.h - the counted things that tables bring in, and what must hold between them.
 *
 * data/measures.tsv names them once for all cities (pop, age_00_03, mig_total …);
 * data/relations.tsv says which sum to which.
 *
 *     const kz_measures *ms;
 *     KZ_TRY(kz_measures_get(&ms, err));
 *     int pop = kz_measure_find(ms, "pop");   // index in ms->list, or -1
 *
 * Constant after the first call, which reads what is built into the program;
 * safe from any thread.  Look-up is O(log n).
 */
#ifndef KZ_MONITOR_MEASURE_H
#define KZ_MONITOR_MEASURE_H

#include "base/status.h"

typedef struct kz_measure {
    const char *code;  /* "age_00_03"             */
    const char *label; /* "0 bis unter 3 Jahre"   */
    const char *table; /* "Alter"                 */
} kz_measure;

enum { KZ_RELATION_PARTS = 32 };

/* whole = sum of parts, or whole >= sum of parts. */
typedef struct kz_relation {
    int  whole;
    bool at_least; /* the parts leave somebody out */
    int  n_parts;
    int  parts[KZ_RELATION_PARTS];
} kz_relation;

typedef struct kz_measures {
    int n, n_relations;
    const kz_measure  *list; /* in the order of the file */
    const kz_relation *relations;
    const int *by_code;      /* indices in order of code */
} kz_measures;

KZ_MUST_USE kz_status kz_measures_get(const kz_measures **ret, kz_err *err);
/* -1 when there is none. */
int kz_measure_find(const kz_measures *ms, const char *code);

#endif
