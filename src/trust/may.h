/*
 * may.h - the one place that says who may do what.
 *
 *     if (!kz_may(who.role, KZ_VERB_UNDO, KZ_OBJECT_IMPORT))
 *         return refuse(403);
 *
 * Roles see what their people need and no more (TRUST.md 1.4): imports are the business of the sworn
 * statistics office alone, the administrator of the machine sees its state and no data.  Every page of
 * web/pages.c names its verb and object; nothing else decides.  A constant table, O(1), any thread.
 */
#ifndef KZ_TRUST_MAY_H
#define KZ_TRUST_MAY_H

#include "trust/user.h"

typedef enum kz_verb { KZ_VERB_SEE = 0, KZ_VERB_ADD, KZ_VERB_UNDO, KZ_N_VERBS } kz_verb;

typedef enum kz_object {
    KZ_OBJECT_PUBLIC = 0, /* what everybody sees                        */
    KZ_OBJECT_SIGN_IN,    /* coming in and going out: guests too        */
    KZ_OBJECT_DESK,       /* the first internal page                    */
    KZ_OBJECT_IMPORT,     /* deliveries, their reports and their history */
    KZ_OBJECT_STATE,      /* of the machine: sandbox, disk, versions    */
    KZ_N_OBJECTS
} kz_object;

bool kz_may(kz_role role, kz_verb verb, kz_object object);

/* "see", "add", "undo"; "import" … for the journal. */
const char *kz_verb_name(kz_verb verb);
const char *kz_object_name(kz_object object);

#endif
