/*
 * release.h - from computed cells to a publication: draft, protect, audit, publish.
 *
 *     draft      copies the chosen cells: a later import changes nothing in it
 *     protect    hides what must be hidden, for all its cells as one system
 *     audit      attacks what would be shown, from the stored masks alone
 *     publish    a second person approves; release.db is written in one transaction
 *
 *     KZ_TRY(kz_release_draft(work, "2012", "anna", &all, false, &n, err));
 *     KZ_TRY(kz_release_protect(work, "2012", &report, err));
 *     KZ_TRY(kz_release_publish(ws, "2012", "bernd", "", NULL, &when, err));
 *
 * Every step is one transaction of work.db.  Publishing approves first, then
 * writes release.db, then notes that it is public: broken off in between, the
 * same command finishes it.  release.db is a function of the published
 * releases in work.db and holds no hidden count.
 *
 * KZ_E_MISSING: no such release, user, indicator, level, period.
 * KZ_E_CONFLICT: not in a state for this step.  KZ_E_DENIED: this person may not approve.
 */
#ifndef KZ_MONITOR_RELEASE_H
#define KZ_MONITOR_RELEASE_H

#include "base/date.h"
#include "store/workspace.h"

/* What goes into a draft; n 0: all there is. */
typedef struct kz_release_choice {
    const char *const *indicators, *const *levels, *const *periods;
    int n_indicators, n_levels, n_periods;
} kz_release_choice;

/* replace: an unpublished release of that name is thrown away first. */
KZ_MUST_USE kz_status kz_release_draft(kz_db *work, const char *name, const char *by, const kz_release_choice *c,
                                       bool replace, int64_t *ret_cells, kz_err *err);

typedef struct kz_protect_report {
    int64_t cells, counts, equations;
    int64_t hidden;     /* cells that will not be shown              */
    int64_t primary;    /* of them: a count of their own is too small */
    int64_t secondary;  /* of them: partners                         */
    int64_t witnesses;  /* checked before they were kept             */
    int64_t longest;    /* counts of the longest one                 */
} kz_protect_report;

/* How far it is, now and then; false: stop, KZ_E_CONFLICT. */
typedef struct kz_release_watch {
    bool (*at)(void *ctx, int64_t done, int64_t of);
    void *ctx;
} kz_release_watch;

/* watch: may be NULL. */
KZ_MUST_USE kz_status kz_release_protect(kz_db *work, const char *name, const kz_release_watch *watch,
                                         kz_protect_report *ret, kz_err *err);

typedef struct kz_audit_report {
    int64_t hidden, by_difference, by_elimination, narrow, unprotected;
    int64_t proofs, false_proofs; /* witnesses that were checked; parts in which one does not hold */
    int64_t bounded;    /* hidden counts whose ends were computed, too */
    char example[512]; /* "migration, africa, Seeberg, 2012", "" when there is none */
} kz_audit_report;
/* Called for every hidden count (release_inner.h); NULL: nobody wants them. */
typedef struct kz_audit_take kz_audit_take;
/* KZ_E_FINDING: something hidden can be computed or bounded too closely, or a small count is open; *ret is filled. */
KZ_MUST_USE kz_status kz_release_audit(kz_db *work, const char *name, const kz_audit_take *take, kz_audit_report *ret,
                                       kz_err *err);

typedef struct kz_publication {
    char at[KZ_TIME_TEXT];
    bool later; /* approved, and public once `at` has come (kz_release_due) */
    int64_t cells, hidden;
} kz_publication;
/* at: ISO date or time (UTC), "" for now.  credits: sources and licences for
 * every page from now on, NULL: as before.  An approved release whose time has
 * come is published whoever calls. */
KZ_MUST_USE kz_status kz_release_publish(kz_workspace *ws, const char *name, const char *approve, const char *at,
                                         const char *credits, kz_publication *ret, kz_err *err);
/* Publish every approved release whose time has come. */
KZ_MUST_USE kz_status kz_release_due(kz_workspace *ws, int *ret_n, kz_err *err);

/* Inside monitor/: write release.db from the published releases and this one. */
KZ_MUST_USE kz_status kz_release_write(kz_workspace *ws, int64_t release, kz_publication *p, kz_err *err);

#endif
