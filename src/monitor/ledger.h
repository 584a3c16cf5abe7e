/*
 * ledger.h - the area ledger: how a level's boundaries changed, from day to day.
 *
 * The areas of a level that are valid on a day are its boundary state on that day.  A new state begins
 * with a file of outlines (area.h) or with a list of changes (ledger_change.h).  Areas that go on stay
 * the same area, also under a new name; all others end on the day before and new ones begin.  A flow says
 * what became of what:
 *
 *   rename     the same land and key, a new name        (from = to: the area goes on)
 *   renumber   the same land, a new key
 *   split      one area became several
 *   merge      several became one
 *   redraw     boundaries between some areas moved
 *   new, end   land that came to the municipality, or left it
 *
 *     const kz_flow *f;
 *     int n;
 *     KZ_TRY(kz_ledger_flows(work, &level, &arena, &f, &n, err));
 *
 * Flows have revisions: what somebody states replaces what was recognised, and can be taken back
 * (kz_ledger_undo), in the end the whole state.  Texts live in the arena.  One connection, one thread.
 */
#ifndef KZ_MONITOR_LEDGER_H
#define KZ_MONITOR_LEDGER_H

#include "geo/polygon.h"
#include "monitor/area.h"

#define KZ_CHANGES(X) \
    X(RENAME, rename) X(RENUMBER, renumber) X(SPLIT, split) X(MERGE, merge) X(REDRAW, redraw) X(NEW, new) X(END, end)
#define KZ_CHANGE_ENUM(NAME, name) KZ_CHANGE_##NAME,
typedef enum kz_change { KZ_CHANGES(KZ_CHANGE_ENUM) KZ_N_CHANGES } kz_change;

/* "rename", "renumber" … */
const char *kz_change_name(kz_change c);
/* KZ_N_CHANGES when the word is none of them. */
kz_change kz_change_from_name(const char *name);

typedef struct kz_ledger_state {
    int64_t id;
    int revision;
    const char *day, *file, *at, *by;
} kz_ledger_state;

typedef struct kz_flow {
    kz_change kind;
    const char *day;
    int64_t state, from, to; /* 0: none                                             */
    const char *from_key, *from_name, *to_key, *to_name; /* a rename: from_name is the old one */
    double m2;               /* common land, in the plane; NaN: an outline is missing */
    double weight;           /* stated part of `from`; NaN: nobody stated one         */
} kz_flow;

/* Newest last. */
KZ_MUST_USE kz_status kz_ledger_states(kz_db *work, const kz_area_level *level, kz_arena *a,
                                       const kz_ledger_state **ret, int *n, kz_err *err);
/* Of all states in their newest revision, by day. */
KZ_MUST_USE kz_status kz_ledger_flows(kz_db *work, const kz_area_level *level, kz_arena *a, const kz_flow **ret,
                                      int *n, kz_err *err);
/* The day before; `day` is an ISO date. */
void kz_day_before(const char *day, char out[static 11]);

/* ---- a new state, inside the transaction of whoever begins it ------------------- */

typedef struct kz_new_area {
    const char *key, *name;
    int64_t parent; /* 0: from key or place */
    kz_outline outline; /* empty: none */
    const void *wkb;
    size_t n_wkb;
    double lon, lat, m2; /* NaN: unknown */
} kz_new_area;

typedef struct kz_new_flow {
    kz_change kind;
    int from, to; /* numbers of an old and a new area, -1: none */
    double m2, weight;
} kz_new_flow;

/* The areas of a level that are valid today, by key.  same[i]: number of the old area that new area i is, -1. */
typedef struct kz_new_state {
    const kz_area_level *level;
    const char *day, *file, *by;
    int n_old, n_new, n_flows;
    const kz_new_area *old, *area;
    const int64_t *old_id;
    const int *same;
    const kz_new_flow *flow;
} kz_new_state;

/* The areas of today as old areas of a state to come: fills level, n_old, old and old_id. */
KZ_MUST_USE kz_status kz_ledger_present(kz_db *work, const kz_area_level *level, kz_arena *a, kz_new_state *ret,
                                        kz_err *err);
/* KZ_E_CONFLICT: the day is not after the level's last one.  Ranks, parents and cells are made anew. */
KZ_MUST_USE kz_status kz_ledger_begin(kz_db *work, const kz_new_state *s, kz_area_report *report, kz_err *err);

/*
 * Take back the newest revision of a level's newest state, or the state itself with its first.
 *
 * KZ_E_MISSING   the level has only one state
 * KZ_E_CONFLICT  counts, releases or addresses use the areas that would go
 */
typedef struct kz_ledger_undone {
    char day[11];
    bool state; /* the whole state, else one revision of its flows */
} kz_ledger_undone;
KZ_MUST_USE kz_status kz_ledger_undo(kz_db *work, const kz_area_level *level, kz_ledger_undone *ret, kz_err *err);

#endif
