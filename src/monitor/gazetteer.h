/*
 * gazetteer.h - from an address to its area, by a list of houses that the municipality keeps.
 *
 *     kz_auto(kz_gazetteer_ref) g = NULL;
 *     KZ_TRY(kz_gazetteer_open(ws->work, &g, err));       // all of it, into memory
 *     kz_address a = { .street = street, .number = number, .postcode = postcode };
 *     kz_located at;
 *     if (kz_gazetteer_find(g, &a, &at) == KZ_LOCATED_OK)
 *         use(kz_gazetteer_place(g, at.place)->code);      // "viertel:10103"
 *     else
 *         tell(kz_located_text(at.why));                   // message id, no arguments
 *
 * The list says street, number or range of numbers, postcode, area.  An address is found by its street
 * (address.h says when two spellings are one) and then by what fits best: this very house (12a); the
 * number (12); a range on its side of the street; the number with another suffix; a range that has it on
 * the other side only; the whole street.  All that fit equally well must name one area, else the answer is
 * ambiguous.  Streets of one name in several postcodes are kept apart by the postcode; an address without
 * postcode is ambiguous between them unless all lead to one area.  An address without a number is found
 * when the whole street lies in one area.  Nothing is guessed.
 *
 * The list has no person in it, and finding writes nothing down.
 *
 * Opening: O(list).  Finding: one hash, one binary search, no allocation; safe from any number of
 * threads at once.
 */
#ifndef KZ_MONITOR_GAZETTEER_H
#define KZ_MONITOR_GAZETTEER_H

#include "monitor/address.h"
#include "store/db.h"

typedef struct kz_gazetteer kz_gazetteer;
typedef kz_gazetteer *kz_gazetteer_ref; /* for kz_auto */

/* KZ_E_MISSING: the workspace has no gazetteer yet.  KZ_E_LIMIT: out of memory. */
KZ_MUST_USE kz_status kz_gazetteer_open(kz_db *work, kz_gazetteer_ref *ret, kz_err *err);
void kz_gazetteer_ref_done(kz_gazetteer_ref *g);

/* Where an address or a point is.  The names are those of the column `verdict`. */
typedef enum kz_located_verdict {
    KZ_LOCATED_OK = 0,
    KZ_LOCATED_OUTSIDE,   /* not in the municipality                            */
    KZ_LOCATED_AMBIGUOUS, /* several areas are possible                          */
    KZ_LOCATED_UNKNOWN,   /* not in the list, or no address or coordinate at all */
    KZ_LOCATED_MISMATCH,  /* it says two things that contradict each other       */
    KZ_N_LOCATED
} kz_located_verdict;
const char *kz_located_name(kz_located_verdict v); /* "ok", "outside", … */

/* Why it is not plainly there: text ids are located.<name>. */
#define KZ_LOCATED_WHYS(X)                                                              \
    X(FINE, fine)               /* found                                             */ \
    X(NO_STREET, no_street)     /* the row has no street                             */ \
    X(STREET, street)           /* no such street in the list                        */ \
    X(NO_NUMBER, no_number)     /* no number, and the street lies in several areas   */ \
    X(BAD_NUMBER, bad_number)   /* the number cannot be read                         */ \
    X(NUMBER, number)           /* the street is known, the number is not            */ \
    X(POSTCODE, postcode)       /* the house has another postcode in the list        */ \
    X(BAD_POSTCODE, bad_postcode) /* the postcode cannot be read                     */ \
    X(FOREIGN, foreign)         /* a postcode that the list does not know at all     */ \
    X(POSTCODES, postcodes)     /* the street is there in several postcodes          */ \
    X(AREAS, areas)             /* the list names several areas for the house        */ \
    X(ENDS, ends)               /* the ends of a range of numbers lie in two areas   */ \
    X(NO_POINT, no_point)       /* no coordinate                                     */ \
    X(BAD_POINT, bad_point)     /* not a coordinate                                  */ \
    X(BEYOND, beyond)           /* the point lies in none of the areas               */ \
    X(GAP, gap)                 /* in the municipality, but in no area of the level  */ \
    X(OVERLAP, overlap)         /* the outlines of several areas cover the point     */ \
    X(OTHER, other)             /* the point lies in another area than the row says  */ \
    X(LEVELS, levels)           /* the outlines of two levels contradict each other  */ \
    X(SWAPPED, swapped)         /* longitude and latitude seem to be exchanged       */ \
    X(ENDED, ended)             /* the list names an area that is no longer valid    */ \
    X(NO_KEY, no_key)           /* the row names an area that is not there           */
#define KZ_LOCATED_WHY_ENUM(NAME, name) KZ_WHY_##NAME,
typedef enum kz_located_why { KZ_LOCATED_WHYS(KZ_LOCATED_WHY_ENUM) KZ_N_LOCATED_WHYS } kz_located_why;
const char *kz_located_text(kz_located_why why);

typedef struct kz_located {
    kz_located_verdict verdict;
    int place;            /* number of the place, -1: none.  MISMATCH: where street and number are */
    kz_located_why why;
} kz_located;

/* An area that the list names.  `code` is the text of the column `area` in person rows. */
typedef struct kz_place {
    int64_t area;
    const char *level, *key, *name, *code; /* code: "level:key" */
} kz_place;

kz_located_verdict kz_gazetteer_find(const kz_gazetteer *g, const kz_address *a, kz_located *ret);
int kz_gazetteer_n_places(const kz_gazetteer *g);
const kz_place *kz_gazetteer_place(const kz_gazetteer *g, int place);

/* A street of the list that sounds alike or is written nearly alike, as the list writes it; NULL: none.
 * For messages: never a match.  O(streets). */
const char *kz_gazetteer_propose(const kz_gazetteer *g, kz_view street);

/* How much there is, for messages. */
typedef struct kz_gazetteer_size {
    int64_t streets, addresses, postcodes, places;
} kz_gazetteer_size;
kz_gazetteer_size kz_gazetteer_measure(const kz_gazetteer *g);

#endif
