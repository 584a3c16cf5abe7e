/*
 * protect.h - a release as one system of counts (sdc/linked.h).
 *
 * Every numerator and denominator is a count: a sum of atoms (indicator.h) in one area and period.  The same form
 * in the same period is the same count, whichever indicator shows it.  What the world knows about them:
 *   - areas add up to the area above, institutions of a kind to the city,
 *   - a form is the sum of its atoms,
 *   - measures add up as data/relations.tsv says, counts of person rows as their conditions say
 *     (protect_family.h); what the parts leave over is a count, too,
 *   - those who do not belong: denominator - numerator,
 *   - two counts that have always been equal are the same.
 * Counts of other releases that are public belong to the system: what was shown cannot be hidden any more, what
 * was hidden stays hidden as long as the number is the same.
 *
 * A form that mixes periods, or takes a count more than once, is shown only where all of its atoms could be; so
 * are indicators made of other indicators (index: only where no area of the level is hidden, since mean and
 * deviation are made of all of them).
 *
 *     kz_protect_system s;
 *     KZ_TRY(kz_protect_system_make(work, release, name, &arena, &s, err));
 *     KZ_TRY(kz_protect_hide(&s, threads, watch, ctx, &hooks, err));    // masks of all counts
 *     int mask = kz_protect_num_mask(&s, &s.rows[i]);
 *
 * Belongs to the arena.  Making: O(rows + codes² · cells); hiding: docs/methods/sdc.md.
 */
#ifndef KZ_MONITOR_PROTECT_H
#define KZ_MONITOR_PROTECT_H

#include "monitor/reckon.h"
#include "sdc/linked.h"

enum { KZ_PROTECT_UNITS = 8, KZ_PROTECT_COST = 256 /* of hiding a count on the lowest level */ };
#define KZ_PROTECT_PART_BYTES ((size_t)2 << 30)

/* One cell of the release with the counts it shows. */
typedef struct kz_protect_row {
    int ind, group, period, area; /* catalogue and matrix                     */
    bool ours;                    /* false: published by another release      */
    uint8_t state;                /* kz_cell_state as computed                */
    int num, den;                 /* counts of the system, KZ_NONE: no value  */
    int parts, n_parts;           /* of forms that are no count: part[parts …] must all be open */
    bool few;                     /* made of too few people                   */
    int64_t num_value, den_value; /* as drafted, -1: none                     */
    int num_mask, den_mask;       /* as stored; -1: not protected             */
} kz_protect_row;

/* A kind of count: in every period and area. */
typedef struct kz_protect_code {
    kz_form form;
    const char *unit;      /* "" areas, else level of institutions                */
    bool persons;          /* counts of people: small ones are secrets            */
} kz_protect_code;

typedef struct kz_protect_system {
    kz_catalogue cat;      /* freed by kz_protect_system_done */
    kz_counts counts;
    kz_reckoner reckoner;
    int n_rows;
    kz_protect_row *rows;
    int *part;             /* counts, of rows */
    int n_codes, n_periods, n_areas;
    const kz_protect_code *codes;
    int n_relations;
    const size_t *start;   /* as in sdc/relations.h, terms are codes */
    const int *term;
    kz_sdc_count *count;   /* [code][period][area] */
    uint8_t *mask;         /* the same: kz_mask    */
    bool *released;        /* levels with rows     */
    const int64_t *widths; /* of a code: the strictest rule of its counts */
    int64_t n_counts;
} kz_protect_system;

static inline int kz_protect_at(const kz_protect_system *s, int code, int period, int area)
{
    return (code * s->n_periods + period) * s->n_areas + area;
}

/* KZ_E_CONFLICT ("release.stale"): observations have changed since the draft. */
KZ_MUST_USE kz_status kz_protect_system_make(kz_db *work, int64_t release, const char *name, kz_arena *a,
                                             kz_protect_system *ret, kz_err *err);
void kz_protect_system_done(kz_protect_system *s);

/* The counts of one period that add up: areas, or the institutions of one kind below the city. */
typedef struct kz_protect_part {
    int period;
    const char *unit;
    kz_sdc_linked linked;
    const int *area, *code; /* of the part's areas and codes */
} kz_protect_part;
int kz_protect_parts(const kz_protect_system *s);
/* Part i; memory of the arena. */
KZ_MUST_USE kz_status kz_protect_part_make(const kz_protect_system *s, int i, kz_arena *a, kz_protect_part *ret,
                                           kz_err *err);
/* A place of the part (code * n_areas + area) among all counts; KZ_NONE. */
int kz_protect_part_count(const kz_protect_system *s, const kz_protect_part *p, int place);

/* Called between parts; false: stop, KZ_E_CONFLICT. */
typedef bool (*kz_protect_watch)(void *ctx, int64_t done, int64_t of);
/* What happens with each part: `hint` may fill a proof of earlier publications in the part's numbers; `take` gets
 * masks (of its places) and proof. */
typedef struct kz_protect_hooks {
    kz_status (*hint)(void *ctx, const kz_protect_part *part, kz_sdc_proof *ret, kz_err *err);
    kz_status (*take)(void *ctx, int i, const kz_protect_part *part, const uint8_t mask[], const kz_sdc_proof *proof,
                      kz_err *err);
    void *ctx;
} kz_protect_hooks;

/* Fill s->mask.  KZ_E_LIMIT, KZ_E_INPUT "release.no_partner": what is public betrays a count, whatever is hidden. */
KZ_MUST_USE kz_status kz_protect_hide(kz_protect_system *s, int threads, kz_protect_watch watch, void *watch_ctx,
                                      const kz_protect_hooks *hooks, kz_err *err);

/* What masks mean for a row: kz_mask of its numerator and denominator. */
int kz_protect_num_mask(const kz_protect_system *s, const kz_protect_row *r);
int kz_protect_den_mask(const kz_protect_system *s, const kz_protect_row *r);

/* "age_00_03, Seeberg, 2012" */
void kz_protect_name(const kz_protect_system *s, int count, kz_buf *out);

#endif
