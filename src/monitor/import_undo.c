/* Taking an import back: observations, measures and periods are as before it. */
#include "monitor/compute.h"
#include "monitor/gazetteer_import.h"
#include "monitor/original.h"
#include "monitor/person_import.h"
#include "monitor/table_import.h"

/* A later import that stands on this one: it replaced values of it, or it found its own values
 * already here.  0: none. */
static kz_status find_later(kz_db *db, int64_t id, int64_t *ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(db, "SELECT COALESCE(MAX(id), 0) FROM import WHERE id > ?1 AND state = 'applied' AND"
                          " ((cells_same > 0 AND ?1 NOT IN (SELECT import FROM segment))"
                          " OR id IN (SELECT by_import FROM observation_replaced WHERE import = ?1)"
                          " OR id IN (SELECT replaced_by FROM segment WHERE import = ?1))", &q, err));
    kz_bind_int(&q, 1, id);
    KZ_TRY(kz_step(&q, &row, err));
    *ret = kz_col_int(&q, 0);
    return KZ_OK;
}

static kz_status check_state(kz_db *db, int64_t id, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(db, "SELECT state FROM import WHERE id = ?1", &q, err));
    kz_bind_int(&q, 1, id);
    KZ_TRY(kz_step(&q, &row, err));
    if (!row)
        return kz_fail(err, KZ_E_MISSING, "import.missing", kz_n("id", id));
    if (kz_col_text(&q, 0)[0] == 'u')
        return kz_fail(err, KZ_E_CONFLICT, "import.undone", kz_n("id", id));
    return KZ_OK;
}

/* One statement with the number of the import as its only parameter. */
static kz_status run_with(kz_db *db, const char *sql, int64_t id, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(db, sql, &q, err));
    kz_bind_int(&q, 1, id);
    return kz_run(&q, err);
}

/* The hash of the original that only this import has; "" when there is none. */
static kz_status own_original(kz_db *db, int64_t id, char ret[static 65], kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(db, "SELECT sha256 FROM import i WHERE id = ?1 AND original <> '' AND NOT EXISTS (SELECT 1"
                          " FROM import o WHERE o.id <> i.id AND o.original = i.original)", &q, err));
    kz_bind_int(&q, 1, id);
    KZ_TRY(kz_step(&q, &row, err));
    kz_buf sha = kz_buf_init(64);
    kz_buf_str(&sha, row ? kz_col_text(&q, 0) : "");
    memcpy(ret, kz_buf_text(&sha), sha.n + 1);
    kz_buf_done(&sha);
    return KZ_OK;
}

kz_status kz_import_undo(kz_workspace *ws, int64_t id, kz_err *err)
{
    kz_db *db = ws->work;
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    kz_compute_report computed;
    int64_t later;
    char original[65];
    kz_person_undo persons;
    bool addresses;

    KZ_TRY(kz_tx_begin(&tx, db, err));
    KZ_TRY(check_state(db, id, err));
    KZ_TRY(kz_gazetteer_is(db, id, &addresses, err));
    if (addresses) { /* no value stands on it */
        KZ_TRY(kz_gazetteer_undo(db, id, err));
        return kz_tx_commit(&tx, err);
    }
    KZ_TRY(find_later(db, id, &later, err));
    if (later > 0)
        return kz_fail(err, KZ_E_CONFLICT, "import.later", kz_n("id", id), kz_n("later", later));

    KZ_TRY(run_with(db, "DELETE FROM observation WHERE import = ?1", id, err));
    KZ_TRY(run_with(db, "INSERT INTO observation (measure, period, area, value, state, import, line, col)"
                        " SELECT measure, period, area, value, state, import, line, col FROM observation_replaced"
                        " WHERE by_import = ?1", id, err));
    KZ_TRY(run_with(db, "DELETE FROM observation_replaced WHERE by_import = ?1", id, err));
    KZ_TRY(run_with(db, "DELETE FROM import_column WHERE import = ?1", id, err));
    KZ_TRY(kz_person_undo_rows(ws, id, &persons, err));
    KZ_TRY(own_original(db, id, original, err));
    KZ_TRY(run_with(db, "UPDATE import SET state = 'undone', original = '' WHERE id = ?1", id, err));
    KZ_TRY(kz_compute_all(db, &computed, err));
    /* What nothing uses any more came with this import.  Releases keep their periods. */
    KZ_TRY(kz_db_exec(db, "DELETE FROM measure WHERE id NOT IN (SELECT measure FROM observation)", err));
    KZ_TRY(kz_db_exec(db, "DELETE FROM period WHERE id NOT IN (SELECT period FROM observation)"
                          " AND id NOT IN (SELECT period FROM segment) AND id NOT IN (SELECT period FROM counted)"
                          " AND id NOT IN (SELECT period FROM cell)"
                          " AND id NOT IN (SELECT period FROM release_cell)", err));
    /* The first import made the catalogue's rows; without any cell or segment they go as well. */
    KZ_TRY(kz_db_exec(db, "DELETE FROM computed WHERE NOT EXISTS (SELECT 1 FROM cell)"
                          " AND NOT EXISTS (SELECT 1 FROM segment)", err));
    KZ_TRY(kz_db_exec(db, "DELETE FROM indicator_group WHERE NOT EXISTS (SELECT 1 FROM cell)"
                          " AND NOT EXISTS (SELECT 1 FROM segment)"
                          " AND id NOT IN (SELECT grp FROM release_cell)", err));
    KZ_TRY(kz_db_exec(db, "DELETE FROM indicator WHERE NOT EXISTS (SELECT 1 FROM cell)"
                          " AND NOT EXISTS (SELECT 1 FROM segment)"
                          " AND id NOT IN (SELECT indicator FROM indicator_group)", err));
    KZ_TRY(kz_tx_commit(&tx, err));
    if (original[0] != '\0')
        kz_original_drop(ws, original);
    kz_person_undo_files(ws, &persons);
    return KZ_OK;
}
