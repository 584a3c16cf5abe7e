/*
 * indicator.h - the catalogue: what is counted, per whom, and how it is said.
 *
 * The catalogue is data, built into the program: one file an indicator in data/indicators
 * (indicator_file.h; docs/indikatoren.md), data/phases.tsv, data/themes.tsv and
 * data/disclosure_profiles.tsv.  Numerators and denominators are
 * expressions (expr.h); as soon as they are read, they are forms: sums of atoms with whole factors.  An
 * atom is a measure of a table ("age_00_03") or a count of person rows by its canonical text
 * ("count(ewo: age_years < 18)"), perhaps by institution instead of area ("count(kita) @kita").
 * From then on nobody need know where a count comes from.
 *
 *     kz_auto(kz_catalogue) cat = KZ_CATALOGUE_INIT;
 *     KZ_TRY(kz_catalogue_builtin(&cat, err));
 *     const kz_indicator *i = kz_catalogue_find(&cat, "kinder-u6");
 *
 * Kinds: count, share, ratio (per inhabitant, without upper end), change (to the first period with
 * denominator @first, else to what the denominator says), index (`0.5 * z(a) + 0.5 * z(b)`), difference
 * (`a - b`, `a - a[-2]`) and profile (`profile(a, kita.kita)`); the last three are made of other indicators,
 * never of themselves.  `pool` adds the periods before to numerator and denominator: forms with shifts.
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
#include "monitor/expr.h"

enum { KZ_MAX_TERMS = 48, KZ_POOL_PERIODS = 3 };

/* Sum of factor * atom, `shift` periods back; sorted by atom and shift: equal forms are equal bytes. */
typedef struct kz_form {
    int n;
    struct {
        const char *atom;
        int index; /* of the atom in the catalogue */
        int factor, shift;
    } term[KZ_MAX_TERMS];
} kz_form;

/* A count that forms are made of. */
typedef struct kz_atom {
    const char *code;             /* a measure, or canonical text                  */
    const kz_expr *expr;          /* of person rows: count, distinct, sum; NULL: a measure */
    const char *unit, *column;    /* "": by area; else level, and column with its key */
} kz_atom;

typedef struct kz_profile {
    const char *id, *text;
    int  min_count;   /* smallest count that may be shown       */
    bool zero_secret; /* "nobody" says something about somebody */
    bool complement;  /* those who do not belong count as well  */
} kz_profile;

typedef struct kz_indicator_group {
    const char *code, *label;
    int     parent; /* index in the indicator's groups, KZ_NONE for the whole */
    const char *condition; /* as canonical text, "" none                      */
    kz_form numerator, denominator; /* denominator: empty for counts, and where other indicators are the parts */
} kz_indicator_group;

typedef struct kz_indicator {
    const char *id, *title, *short_title, *subtitle, *sentence, *counted;
    const char *numerator_label, *denominator_label, *theme, *phase, *source, *caveat;
    kz_kind      kind;
    kz_direction direction;
    int per, digits;
    const kz_profile *profile;
    bool from_first;     /* a change: the denominator is that of the first period           */
    const char *unit;    /* "": areas; else the level of institutions that are observed     */
    int pool;            /* periods that are added up, 1 … KZ_POOL_PERIODS                     */
    int min_denominator; /* below: too unsure to be shown                                   */
    int version;
    const char *variant_of; /* "" or the indicator that this is a municipal variant of      */
    const kz_expr *numerator, *denominator; /* as read; NULL: none                          */
    const kz_expr *mix;  /* index, difference, profile: what they are made of; else NULL    */
    int n_groups;        /* at least 1; group 0 is the whole, code "Total" */
    kz_indicator_group *groups;
    /* The data sheet; texts are "" and phase_at 0 where a table of indicators has no such column. */
    const char *symbol, *reference, *origin, *interpretation;
    const char *leicht_title, *leicht, *leicht_of, *leicht_sentence;
    int  phase_at;          /* index in the catalogue's phases                              */
    int  age_from, age_to;  /* completed years, -1: all                                     */
    bool is_key;            /* stands for its phase                                         */
    int  n_changes;
    const kz_atlas_change *changes; /* newest first                                         */
    const char *file;       /* "" a table                                                   */
    int line;
} kz_indicator;

typedef struct kz_catalogue {
    int n, n_profiles, n_atoms;
    kz_indicator *indicators; /* by their field `order` */
    const int    *order;      /* indices: an indicator stands behind those it is made of */
    kz_atom      *atoms;      /* all that the forms have, sorted by code                 */
    kz_profile   *profiles;
    int n_phases, n_themes;
    const kz_atlas_phase *phases;
    const char *const    *themes;
    kz_arena      arena;
} kz_catalogue;
#define KZ_CATALOGUE_INIT { 0 }

/* One file of the catalogue in memory; `name` is for messages. */
typedef struct kz_catalogue_file {
    const char *name;
    const char *text;
    size_t      n;
    bool        alone; /* without the indicators that are built in */
} kz_catalogue_file;

/* Called for every mistake; `what` has the arguments file, line, column, value. */
typedef void (*kz_catalogue_finding_fn)(void *ctx, const kz_err *what);

/* The files built into the program; a mistake in them is KZ_E_INPUT. */
KZ_MUST_USE kz_status kz_catalogue_builtin(kz_catalogue *ret, kz_err *err);
/* The catalogue with the indicators of `file` (text NULL: none) added, or in the place of those with the same id;
 * every mistake is reported.  KZ_E_FINDING when there was one; *ret is then untouched. */
KZ_MUST_USE kz_status kz_catalogue_read(kz_catalogue_file file, kz_catalogue_finding_fn report, void *ctx,
                                        kz_catalogue *ret, kz_err *err);
void kz_catalogue_done(kz_catalogue *cat);

/* NULL when there is none. */
const kz_indicator *kz_catalogue_find(const kz_catalogue *cat, const char *id);
/* KZ_NONE when there is none. */
int kz_indicator_group_find(const kz_indicator *ind, const char *code);
/* As people write it: the code or the label, in any case ("africa", "Afrika"). */
int kz_indicator_group_named(const kz_indicator *ind, const char *name);

/* NULL: the catalogue has no such atom.  O(log n). */
const kz_atom *kz_catalogue_atom(const kz_catalogue *cat, const char *code);
/* Is the kind made of other indicators? */
static inline bool kz_kind_is_mixed(kz_kind k)
{
    return k == KZ_KIND_INDEX || k == KZ_KIND_DIFFERENCE || k == KZ_KIND_PROFILE;
}
/* "count", "share" … as in the file. */
const char *kz_kind_name(kz_kind k);
/* Numerator and denominator of a group as canonical text; of mixed kinds the numerator is what they are made of. */
void kz_indicator_write_numerator(kz_buf *out, const kz_indicator *ind, int group);
void kz_indicator_write_denominator(kz_buf *out, const kz_indicator *ind, int group);

/* "age_00_03 + age_03_06" */
void kz_form_write(kz_buf *out, const kz_form *f);
bool kz_form_equal(const kz_form *a, const kz_form *b);
/* a + factor * b, terms that cancel left out.  False when it has too many terms. */
KZ_MUST_USE bool kz_form_add(const kz_form *a, const kz_form *b, int factor, kz_form *ret);
/* The form `shift` periods further back. */
kz_form kz_form_shifted(const kz_form *f, int shift);
/* Is anything subtracted?  Then the whole may be negative. */
bool kz_form_is_signed(const kz_form *f);

#endif
