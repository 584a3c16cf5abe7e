/*
 * steps.h - the migrations of a workspace's databases that are built in.
 *
 *     KZ_AUTO_DB db = NULL;
 *     KZ_TRY(kz_steps_open("stadt/release.db", KZ_DB_READ, KZ_STEPS_RELEASE, &db, err));
 *
 * Step N of work.db is src/store/sql/work_00N.sql.  Constant data, any thread.
 */
#ifndef KZ_STORE_STEPS_H
#define KZ_STORE_STEPS_H

#include "store/db.h"

enum { KZ_STEPS_MOST = 64 };

#define KZ_STEPS_WORK    "src/store/sql/work_"
#define KZ_STEPS_RELEASE "src/store/sql/release_"
#define KZ_STEPS_KEYS    "src/store/sql/keys_"

/* In rising order; returns how many there are. */
size_t kz_steps(const char *prefix, kz_migration steps[static KZ_STEPS_MOST]);
/* The version of a database that has all of them. */
int kz_steps_newest(const char *prefix);

/* Open a database at the newest version.  A reader may meet an older one right
 * after an update of the program: it is brought up in passing, which needs the
 * right to write. */
KZ_MUST_USE kz_status kz_steps_open(const char *path, kz_db_mode mode, const char *prefix, kz_db **ret, kz_err *err);

#endif
