/*
 * measure.h - the counted things that tables bring in, and what must hold between them.
 *
 * data/measures.tsv names them once for all cities (pop, age_00_03, mig_total …);
 * data/relations.tsv says which sum to which.  A workspace may have measures of its own:
 * the map file of a free table defines them ([eigene], docs/zuordnung.md).
 *
 *     const kz_measures *ms;
 *     KZ_TRY(kz_measures_get(&ms, err));               // those of the program
 *     KZ_TRY(kz_measures_load(work, &arena, &ms, err)); // and those of this workspace
 *     int pop = kz_measure_find(ms, "pop");   // index in ms->list, or -1
 *
 * A value is a whole number of 10^-decimals units, so 12.5 percent with one decimal is 125 and
 * nothing is ever rounded.  Units say whether parts of an area add up to it.
 *
 * kz_measures_get is constant after the first call, which reads what is built into the program;
 * safe from any thread.  Look-up is O(log n).
 */
#ifndef KZ_MONITOR_MEASURE_H
#define KZ_MONITOR_MEASURE_H

#include "base/arena.h"
#include "store/db.h"

typedef struct kz_measure {
    const char *code;  /* "age_00_03"             */
    const char *label; /* "0 bis unter 3 Jahre"   */
    const char *table; /* "Alter"                 */
    const char *unit;  /* "Anzahl", "Euro", "Prozent" … */
    int     decimals;  /* 0..KZ_DECIMALS_MOST           */
    bool    adds;      /* counts and amounts; not shares, marks, indices */
    int64_t lo, hi;    /* what can be, in 10^-decimals units */
} kz_measure;

enum { KZ_RELATION_PARTS = 32, KZ_DECIMALS_MOST = 6, KZ_UNIT_MAX = 40 };

/* More people than will ever live; sums of many stay far below 2^63. */
#define KZ_COUNT_MAX INT64_C(1000000000000)
/* The most a value with decimals may be, in its smallest unit: sums of 90,000 areas stay below 2^63. */
#define KZ_VALUE_MAX INT64_C(100000000000000)

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
/* The program's and those that tables of this workspace brought along, behind them.  Belongs to the arena. */
KZ_MUST_USE kz_status kz_measures_load(kz_db *work, kz_arena *a, const kz_measures **ret, kz_err *err);
/* `base` and behind it `own`, whose codes `base` does not have; belongs to the arena. */
KZ_MUST_USE kz_status kz_measures_with(const kz_measures *base, const kz_measure own[], int n, kz_arena *a,
                                       const kz_measures **ret, kz_err *err);
/* -1 when there is none. */
int kz_measure_find(const kz_measures *ms, const char *code);
/* A measure with what its unit implies (data/units.tsv): does it add up, and which values can be?  After
 * kz_measures_get. */
kz_measure kz_measure_make(const char *code, const char *label, const char *table, const char *unit, int decimals);
/* Is its unit percent? */
bool kz_measure_percent(const kz_measure *m);
/* 10^decimals */
int64_t kz_pow10(int decimals);

#endif
