#include "trust/may.h"

#define ONLY(role) (1u << KZ_ROLE_##role)
enum {
    EVERYBODY = (1u << KZ_N_ROLES) - 1,
    STAFF = EVERYBODY & ~ONLY(PUBLIC),
};

/* The roles that may, a bit each. */
static const unsigned MAY[KZ_N_OBJECTS][KZ_N_VERBS] = {
    [KZ_OBJECT_PUBLIC] = { [KZ_VERB_SEE] = EVERYBODY },
    [KZ_OBJECT_SIGN_IN] = { [KZ_VERB_SEE] = EVERYBODY, [KZ_VERB_ADD] = EVERYBODY, [KZ_VERB_UNDO] = EVERYBODY },
    [KZ_OBJECT_DESK] = { [KZ_VERB_SEE] = STAFF },
    [KZ_OBJECT_IMPORT] = { [KZ_VERB_SEE] = ONLY(STATISTICS), [KZ_VERB_ADD] = ONLY(STATISTICS),
                           [KZ_VERB_UNDO] = ONLY(STATISTICS) },
    [KZ_OBJECT_STATE] = { [KZ_VERB_SEE] = ONLY(STATISTICS) | ONLY(IT) },
};

bool kz_may(kz_role role, kz_verb verb, kz_object object)
{
    KZ_ASSERT(role < KZ_N_ROLES && verb < KZ_N_VERBS && object < KZ_N_OBJECTS);
    return MAY[object][verb] >> role & 1;
}

const char *kz_verb_name(kz_verb verb)
{
    static const char *const NAMES[KZ_N_VERBS] = { "see", "add", "undo" };
    return NAMES[verb];
}

const char *kz_object_name(kz_object object)
{
    static const char *const NAMES[KZ_N_OBJECTS] = { "public", "session", "desk", "import", "state" };
    return NAMES[object];
}
