/* protect_build.h - what the files that make a system of counts share.  For protect*.c only. */
#ifndef KZ_MONITOR_PROTECT_BUILD_H
#define KZ_MONITOR_PROTECT_BUILD_H

#include "monitor/measure.h"
#include "monitor/protect.h"

/* The strictest rule among those who show a count. */
typedef struct protect_rule {
    int16_t min_count;
    bool zero_secret, complement;
} protect_rule;

/* A numerator or denominator in a period: which count, or which counts together. */
typedef struct protect_slot {
    bool made;
    int code, period;     /* code KZ_NONE: no value, or mixed */
    int parts, n_parts;   /* of a mixed one: codes and periods in `pair` */
} protect_slot;

typedef struct protect_build {
    kz_protect_system *s;
    kz_arena *a;
    const kz_measures *measures;
    kz_protect_code *codes;
    int n_codes, cap_codes;
    int *group_base;          /* of an indicator: number of its first group */
    protect_slot *slots;      /* [group][numerator, denominator][period]    */
    int *pair;                /* code, period, code, period …               */
    int n_pair, cap_pair;
    int n_part, cap_part;
    size_t *start;            /* relations */
    int *term;
    int n_relations, cap_start, cap_term;
    int *rest_whole;          /* of a relation: the code that is its rest, KZ_NONE */
    int cap_rest;
    int64_t **value;          /* of a code: [period][area], -1 unknown; NULL: not asked yet */
    int cap_value;
    protect_rule *rule;       /* of a count */
    double *weight;           /* of a level */
    bool full;                /* the arena is exhausted */
} protect_build;

/* Room for number n, at most one or two behind the last; the old block stays in the arena. */
void *protect_grow(protect_build *b, void *old, int n, int *cap, size_t size);

/* protect_codes.c */
/* The code of a form; it is made when there is none. */
int protect_code_of(protect_build *b, const kz_form *f, const char *unit);
/* A numerator (den 0) or denominator (den 1) of a group in a period. */
const protect_slot *protect_slot_of(protect_build *b, int ind, int group, int den, int period);
/* Its counts in every period and area (-1: unknown, hidden, or not of its kind of area); NULL: memory. */
const int64_t *protect_values(protect_build *b, int code);
/* What is known of codes: sums of atoms, measures, families, those who do not belong, equals. */
KZ_MUST_USE kz_status protect_relate(protect_build *b, kz_err *err);

/* Are both of one delivery, so that one may be a part of the other? */
bool protect_is_part(const protect_build *b, int part, int whole);

/* protect_rows.c */
KZ_MUST_USE kz_status protect_load_rows(protect_build *b, kz_db *work, int64_t release, kz_err *err);

#endif
