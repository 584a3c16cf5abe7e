/*
 * steps.h - the migrations of a workspace's databases that are built in.
 *
 *     kz_migration steps[KZ_STEPS_MOST];
 *     size_t n = kz_steps(KZ_STEPS_WORK, steps);
 *     KZ_TRY(kz_db_migrate(db, steps, n, err));
 *
 * Step N of work.db is src/store/sql/work_00N.sql.  Constant data, any thread.
 */
#ifndef KZ_STORE_STEPS_H
#define KZ_STORE_STEPS_H

#include "store/db.h"

enum { KZ_STEPS_MOST = 64 };

#define KZ_STEPS_WORK    "src/store/sql/work_"
#define KZ_STEPS_RELEASE "src/store/sql/release_"

/* In rising order; returns how many there are. */
size_t kz_steps(const char *prefix, kz_migration steps[static KZ_STEPS_MOST]);
/* The version of a database that has all of them. */
int kz_steps_newest(const char *prefix);

#endif
