/*
 * publish_job.h - one writing of release.db, shared by the files that do it.
 *
 * publish.c says what is written in which order; publish_places.c writes
 * levels, areas with their maps and periods; publish_cells.c indicators and cells.
 * Only they include this.  All memory is the job's arena; one thread.
 */
#ifndef KZ_MONITOR_PUBLISH_JOB_H
#define KZ_MONITOR_PUBLISH_JOB_H

#include "base/arena.h"
#include "base/buf.h"
#include "monitor/indicator.h"
#include "monitor/release.h"

enum { KZ_PUBLISH_PERIODS_MOST = 1024 };

typedef struct kz_publish_area {
    int64_t id, parent; /* of work.db; parent 0: none */
    int level;          /* place among the published levels */
    int at;             /* place in the atlas */
    const char *key, *name, *slug;
    const char *until;  /* last day, "" for areas of today: others are not drawn, and their name tells the day */
    kz_buf sort;
} kz_publish_area;

typedef struct kz_publish_level {
    int64_t id;
    const char *code, *one, *many;
} kz_publish_level;

typedef struct kz_publish_job {
    kz_db *work, *pub;
    int64_t release; /* counts as published from now on */
    kz_arena *a;
    kz_catalogue cat;
    int n_levels, n_areas;
    kz_publish_level *levels;
    kz_publish_area *areas;   /* in atlas order */
    kz_publish_area **by_id;  /* in order of id */
    int n_periods;
    int64_t periods[KZ_PUBLISH_PERIODS_MOST]; /* ids of work.db, in atlas order */
    kz_publication *p;
} kz_publish_job;

kz_status kz_publish_no_memory(kz_err *err);

/* publish_places.c */
KZ_MUST_USE kz_status kz_publish_load_places(kz_publish_job *j, kz_err *err);
KZ_MUST_USE kz_status kz_publish_put_places(kz_publish_job *j, kz_err *err);
/* The area with this id of work.db; NULL: it is not published. */
kz_publish_area *kz_publish_find_area(const kz_publish_job *j, int64_t id);

/* publish_sheet.c: phases of life; of the indicator at place `at` the data sheet and its history. */
KZ_MUST_USE kz_status kz_publish_put_phases(kz_publish_job *j, kz_err *err);
KZ_MUST_USE kz_status kz_publish_put_sheet(kz_publish_job *j, int at, const kz_indicator *ind, kz_err *err);

/* publish_cells.c */
KZ_MUST_USE kz_status kz_publish_put_indicators(kz_publish_job *j, kz_err *err);

#endif
