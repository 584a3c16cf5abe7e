/*
 * workspace.h - the one folder that holds a municipality's programme.
 *
 *     kz_workspace ws;
 *     KZ_TRY(kz_workspace_open(dir, KZ_DB_WRITE, &ws, err));
 *     ... ws.work ...
 *     kz_workspace_done(&ws);
 *
 * work.db and release.db are opened here; facts/ and files/ are folders in it.
 * Public pages never use this: they open release.db alone (monitor/atlas.h).
 */
#ifndef KZ_STORE_WORKSPACE_H
#define KZ_STORE_WORKSPACE_H

#include "store/db.h"

typedef struct kz_workspace {
    char   dir[4096];
    kz_db *work;    /* areas, tables, indicators, releases, users */
    kz_db *release; /* published cells only                      */
} kz_workspace;

/* Make a new workspace.  KZ_E_CONFLICT: there is one already.  A failure
 * leaves no half folder behind.  `key` is an 8-digit AGS (or 5 for a Kreis). */
KZ_MUST_USE kz_status kz_workspace_init(const char *dir, const char *name, const char *key, kz_err *err);
/* Is the folder there?  KZ_E_MISSING, KZ_E_IO: it cannot be looked into. */
KZ_MUST_USE kz_status kz_workspace_find(const char *dir, kz_err *err);
KZ_MUST_USE kz_status kz_workspace_open(const char *dir, kz_db_mode mode, kz_workspace *ret, kz_err *err);
void kz_workspace_done(kz_workspace *ws);

/* Look for trouble: files, rights, settings, versions, damage, dangling references.
 * `found` gets each finding as a message; returns KZ_E_FINDING when there was one.
 * KZ_E_MISSING: no workspace.  Changes nothing but leftovers of an interrupted writer. */
typedef void kz_finding_fn(void *arg, const char *file, const char *check, const kz_err *what);
KZ_MUST_USE kz_status kz_workspace_check(const char *dir, kz_finding_fn *found, void *arg, kz_err *err);

/* A setting ("name", "key", "crs", "fictional"); "" when absent. */
KZ_MUST_USE kz_status kz_setting_get(kz_db *db, const char *key, char *out, size_t out_size, kz_err *err);
KZ_MUST_USE kz_status kz_setting_put(kz_db *db, const char *key, const char *value, kz_err *err);

#endif
