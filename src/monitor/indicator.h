/*
 * indicator.h - the catalogue: what is counted, per whom, and how it is said.
 *
 * The catalogue is data: data/indicators.tsv, data/indicator_groups.tsv and
 * data/disclosure_profiles.tsv, built into the program.  A count is a linear
 * form: a sum or difference of measures ("age_00_03 + age_03_06", measure.h).
 *
 *     kz_auto(kz_catalogue) cat = KZ_CATALOGUE_INIT;
 *     KZ_TRY(kz_catalogue_builtin(&cat, err));
 *     const kz_indicator *i = kz_catalogue_find(&cat, "kinder-u6");
 *
 * Mistakes are findings: every one names file, line, column, value and remedy.
 * The catalogue owns everything it points to.  Read-only after loading, so it
 * may be shared between threads.  Loading is linear in the bytes.
 */
#ifndef KZ_MONITOR_INDICATOR_H
#define KZ_MONITOR_INDICATOR_H

#include "base/arena.h"
#include "base/buf.h"
#include "monitor/atlas.h"

enum { KZ_MAX_TERMS = 24 };

/* Sum of sign * measure, sorted by measure code: equal forms are equal bytes. */
typedef struct kz_form {
    int n;
    struct {
        const char *measure;
        int sign; /* +1 or -1 */
    } term[KZ_MAX_TERMS];
} kz_form;

typedef struct kz_profile {
    const char *id, *text;
    int  min_count;   /* smallest count that may be shown       */
    bool zero_secret; /* "nobody" says something about somebody */
    bool complement;  /* those who do not belong count as well  */
} kz_profile;

typedef struct kz_indicator_group {
    const char *code, *label;
    int     parent; /* index in the indicator's groups, KZ_NONE for the whole */
    kz_form numerator;
} kz_indicator_group;

typedef struct kz_indicator {
    const char *id, *title, *short_title, *subtitle, *sentence, *counted;
    const char *numerator_label, *denominator_label, *theme, *phase, *source, *caveat;
    kz_kind      kind;
    kz_direction direction;
    int per, digits;
    const kz_profile *profile;
    kz_form denominator; /* empty for counts; for changes the numerator in the first period */
    int n_groups;        /* at least 1; group 0 is the whole, code "Total" */
    kz_indicator_group *groups;
    int line;
} kz_indicator;

typedef struct kz_catalogue {
    int n, n_profiles;
    kz_indicator *indicators; /* in the order of the file */
    kz_profile   *profiles;
    kz_arena      arena;
} kz_catalogue;
#define KZ_CATALOGUE_INIT { 0 }

/* One file of the catalogue in memory; `name` is for messages. */
typedef struct kz_catalogue_file {
    const char *name;
    const char *text;
    size_t      n;
} kz_catalogue_file;

/* Called for every mistake; `what` has the arguments file, line, column, value. */
typedef void (*kz_catalogue_finding_fn)(void *ctx, const kz_err *what);

/* The files built into the program; a mistake in them is KZ_E_INPUT. */
KZ_MUST_USE kz_status kz_catalogue_builtin(kz_catalogue *ret, kz_err *err);
/* Read a catalogue, reporting all mistakes.  A file with NULL text is taken
 * from the program.  KZ_E_FINDING when there was one; *ret is then untouched. */
KZ_MUST_USE kz_status kz_catalogue_read(kz_catalogue_file indicators, kz_catalogue_file groups,
                                        kz_catalogue_finding_fn report, void *ctx, kz_catalogue *ret, kz_err *err);
void kz_catalogue_done(kz_catalogue *cat);

/* NULL when there is none. */
const kz_indicator *kz_catalogue_find(const kz_catalogue *cat, const char *id);
/* KZ_NONE when there is none. */
int kz_indicator_group_find(const kz_indicator *ind, const char *code);
/* As people write it: the code or the label, in any case ("africa", "Afrika"). */
int kz_indicator_group_named(const kz_indicator *ind, const char *name);

/* "age_00_03 + age_03_06" */
void kz_form_write(kz_buf *out, const kz_form *f);
bool kz_form_equal(const kz_form *a, const kz_form *b);
/* a + sign * b, terms that cancel left out.  False when it has too many terms
 * or a coefficient other than +1 and -1. */
KZ_MUST_USE bool kz_form_add(const kz_form *a, const kz_form *b, int sign, kz_form *ret);

#endif
