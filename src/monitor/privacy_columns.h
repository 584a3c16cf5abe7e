/*
 * privacy_columns.h - does a column say who somebody is or where somebody lives?
 *
 *     kz_privacy p;
 *     KZ_TRY(kz_privacy_load(&arena, &p, err));
 *     kz_private_seen seen = { 0 };
 *     for (the first KZ_PRIVATE_SAMPLE rows) kz_private_see(&p, &seen, value);
 *     kz_private is = kz_private_decide(&p, header, &seen, false);
 *     if (is != KZ_PRIVATE_NONE)
 *         kz_finding_add(found, KZ_WARNING, kz_private_rule(is), 0, header, kz_view_of(""));  // drop it
 *
 * By the name of the column: some names decide alone ("Geburtsdatum"), weaker ones ("Name", "PLZ") in rows of
 * persons or when the values look like it.  By the values: first and last names, days that spread over
 * years, streets, addresses of mail.  The words are in data/privacy_words.tsv.  A value is never part of a message
 * here, and callers must not print one of such a column.
 *
 * A heuristic: it is there to warn, not to prove that nothing is left.  Thresholds (share of values that
 * are not empty, of at least KZ_PRIVATE_FEW): names 50 %, days 90 % with a spread of 3 years or more and hardly one
 * twice, streets 60 %, mail 50 %.  With a weak name of the column half of each suffices.
 *
 * Words belong to the arena.  kz_privacy is constant after loading, for any thread; `seen` belongs to one.
 * O(bytes of the values).
 */
#ifndef KZ_MONITOR_PRIVACY_COLUMNS_H
#define KZ_MONITOR_PRIVACY_COLUMNS_H

#include "base/arena.h"
#include "base/view.h"

enum { KZ_PRIVATE_SAMPLE = 1000, KZ_PRIVATE_FEW = 5 };

typedef enum kz_private {
    KZ_PRIVATE_NONE = 0,
    KZ_PRIVATE_NAME,
    KZ_PRIVATE_BIRTH,
    KZ_PRIVATE_ADDRESS,
    KZ_PRIVATE_CONTACT, /* telephone, mail, account, numbers that follow a person */
    KZ_N_PRIVATE
} kz_private;

/* Where words are looked for. */
typedef enum kz_private_where { KZ_WORD_HEADER, KZ_WORD_WEAK, KZ_WORD_VALUE, KZ_WORD_END, KZ_N_WHERE } kz_private_where;

typedef struct kz_private_words {
    uint32_t n;
    const char **words; /* in order */
    uint8_t *kinds;
} kz_private_words;

typedef struct kz_privacy {
    kz_private_words by[KZ_N_WHERE];
} kz_privacy;

/* What was seen in a column; zero it first. */
typedef struct kz_private_seen {
    uint32_t values, names, streets, mails, days, days_same;
    int16_t  first_year, last_year;
    int32_t  last_day;
} kz_private_seen;

/* KZ_E_INPUT: data/privacy_words.tsv is wrong; KZ_E_LIMIT: the arena is full. */
KZ_MUST_USE kz_status kz_privacy_load(kz_arena *a, kz_privacy *ret, kz_err *err);
void kz_private_see(const kz_privacy *p, kz_private_seen *s, kz_view value);
/* `persons`: the rows are persons. */
kz_private kz_private_decide(const kz_privacy *p, kz_view header, const kz_private_seen *seen, bool persons);
/* Rule of the finding, with {column}: check.private_name … */
const char *kz_private_rule(kz_private k);

#endif
