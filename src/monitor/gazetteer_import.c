#include "monitor/gazetteer_import.h"

#include "base/date.h"
#include "io/file.h"
#include "monitor/gazetteer_read.h"

#include <sodium.h>

static const size_t FILE_MAX = (size_t)1 << 30, ARENA_MAX = (size_t)4 << 30;

static void hash(const kz_buf *bytes, char ret[static 65])
{
    unsigned char h[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(h, (const unsigned char *)kz_buf_text(bytes), bytes->n);
    sodium_bin2hex(ret, 65, h, sizeof h);
}

static kz_status refuse_again(kz_db *db, const kz_gazetteer_order *order, const char *sha256, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(db, "SELECT i.id, i.at FROM import i JOIN gazetteer g ON g.import = i.id WHERE i.sha256 = ?1"
                          " AND g.replaced_by IS NULL", &q, err));
    kz_bind_text(&q, 1, sha256);
    KZ_TRY(kz_step(&q, &row, err));
    if (!row)
        return KZ_OK;
    return kz_fail(err, KZ_E_CONFLICT, "import.again", kz_s("file", order->file), kz_n("id", kz_col_int(&q, 0)),
                   kz_s("at", kz_col_text(&q, 1)));
}

static kz_status put_journal(kz_db *db, const kz_gazetteer_order *order, const kz_findings *found,
                             kz_gazetteer_report *r, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT, g = KZ_STMT_INIT, old = KZ_STMT_INIT;
    char now[KZ_TIME_TEXT];
    kz_time_iso(now);
    KZ_TRY(kz_prepare(db, "INSERT INTO import (source, file, sha256, map_name, map_text, at, by_user, rows_read,"
                          " rows_kept, state, areas, warnings) VALUES (?1, ?2, ?3, '', '', ?4, ?5, ?6, ?7,"
                          " 'applied', ?8, ?9)", &q, err));
    kz_bind_text(&q, 1, KZ_GAZETTEER_SOURCE);
    kz_bind_text(&q, 2, order->file);
    kz_bind_text(&q, 3, r->sha256);
    kz_bind_text(&q, 4, now);
    kz_bind_text(&q, 5, order->by_user);
    kz_bind_int(&q, 6, r->rows_read);
    kz_bind_int(&q, 7, r->addresses);
    kz_bind_int(&q, 8, r->areas);
    kz_bind_int(&q, 9, found->count[KZ_WARNING]);
    KZ_TRY(kz_run(&q, err));
    r->id = kz_db_last_id(db);
    if (!order->add) {
        KZ_TRY(kz_prepare(db, "UPDATE gazetteer SET replaced_by = ?1 WHERE replaced_by IS NULL", &old, err));
        kz_bind_int(&old, 1, r->id);
        KZ_TRY(kz_run(&old, err));
    }
    KZ_TRY(kz_prepare(db, "INSERT INTO gazetteer (import, level, replaced_by) VALUES (?1, ?2, NULL)", &g, err));
    kz_bind_int(&g, 1, r->id);
    kz_bind_int(&g, 2, r->level.id);
    return kz_run(&g, err);
}

static kz_status put_streets(kz_db *db, const gazetteer_list *list, int64_t import, int64_t ids[], kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(db, "INSERT INTO street (import, \"key\", name) VALUES (?1, ?2, ?3)", &q, err));
    for (uint32_t i = 0; i < list->streets.n; i++) {
        kz_bind_int(&q, 1, import);
        kz_bind_view(&q, 2, list->streets.keys[i].p, list->streets.keys[i].n);
        kz_bind_text(&q, 3, list->names[i]);
        KZ_TRY(kz_run(&q, err));
        ids[i] = kz_db_last_id(db);
    }
    return KZ_OK;
}

static kz_status put_lines(kz_db *db, const gazetteer_list *list, const int64_t streets[], kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(db, "INSERT INTO address (street, postcode, number_from, number_to, side, suffix_from, suffix_to,"
                          " area, line) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", &q, err));
    for (int64_t i = 0; i < list->n; i++) {
        const gazetteer_line *l = &list->lines[i];
        kz_bind_int(&q, 1, streets[l->street]);
        kz_bind_int(&q, 2, l->postcode);
        kz_bind_int(&q, 3, l->from);
        kz_bind_int(&q, 4, l->to);
        kz_bind_int(&q, 5, l->side);
        kz_bind_text(&q, 6, l->suffix);
        kz_bind_text(&q, 7, l->suffix_to);
        kz_bind_int(&q, 8, list->keys.areas[l->area].id);
        kz_bind_int(&q, 9, l->line);
        KZ_TRY(kz_run(&q, err));
    }
    return KZ_OK;
}

kz_status kz_gazetteer_import(kz_workspace *ws, const kz_gazetteer_order *order, kz_findings *found,
                              kz_gazetteer_report *ret, kz_err *err)
{
    kz_auto(kz_buf) bytes = kz_buf_init(FILE_MAX);
    kz_arena a __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&a, ARENA_MAX);
    kz_gazetteer_report r = { 0 };
    gazetteer_list list;
    KZ_TRY(kz_file_read(order->file, &bytes, err));
    hash(&bytes, r.sha256);
    KZ_TRY(refuse_again(ws->work, order, r.sha256, err));
    KZ_TRY(gazetteer_read(ws->work, order, kz_buf_text(&bytes), bytes.n, &a, found, &r, &list, err));
    *ret = r;
    if (found->count[KZ_ERROR] > 0)
        return kz_fail(err, KZ_E_INPUT, "gazetteer.errors", kz_s("file", order->file),
                       kz_n("n", found->count[KZ_ERROR]));
    if (list.n == 0)
        return kz_fail(err, KZ_E_INPUT, "gazetteer.empty", kz_s("file", order->file));
    if (order->dry_run)
        return KZ_OK;
    if (found->count[KZ_WARNING] > 0 && !order->accept_warnings)
        return kz_fail(err, KZ_E_FINDING, "gazetteer.warnings", kz_s("file", order->file),
                       kz_n("n", found->count[KZ_WARNING]));
    int64_t *streets = kz_arena_new(&a, int64_t, list.streets.n + 1);
    if (!streets)
        return kz_fail(err, KZ_E_LIMIT, "gazetteer.memory");
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    KZ_TRY(kz_tx_begin(&tx, ws->work, err));
    KZ_TRY(put_journal(ws->work, order, found, &r, err));
    KZ_TRY(put_streets(ws->work, &list, r.id, streets, err));
    KZ_TRY(put_lines(ws->work, &list, streets, err));
    KZ_TRY(kz_tx_commit(&tx, err));
    *ret = r;
    return KZ_OK;
}

/* ---- taking back --------------------------------------------------------------- */

kz_status kz_gazetteer_is(kz_db *work, int64_t id, bool *ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work, "SELECT 1 FROM gazetteer WHERE import = ?1", &q, err));
    kz_bind_int(&q, 1, id);
    return kz_step(&q, ret, err);
}

static kz_status run_with(kz_db *db, const char *sql, int64_t id, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(db, sql, &q, err));
    kz_bind_int(&q, 1, id);
    return kz_run(&q, err);
}

kz_status kz_gazetteer_undo(kz_db *work, int64_t id, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(work, "SELECT replaced_by FROM gazetteer WHERE import = ?1 AND replaced_by IS NOT NULL", &q,
                      err));
    kz_bind_int(&q, 1, id);
    KZ_TRY(kz_step(&q, &row, err));
    if (row)
        return kz_fail(err, KZ_E_CONFLICT, "import.later", kz_n("id", id), kz_n("later", kz_col_int(&q, 0)));
    kz_reset(&q);
    KZ_TRY(run_with(work, "DELETE FROM address WHERE street IN (SELECT id FROM street WHERE import = ?1)", id, err));
    KZ_TRY(run_with(work, "DELETE FROM street WHERE import = ?1", id, err));
    KZ_TRY(run_with(work, "DELETE FROM gazetteer WHERE import = ?1", id, err));
    KZ_TRY(run_with(work, "UPDATE gazetteer SET replaced_by = NULL WHERE replaced_by = ?1", id, err));
    return run_with(work, "UPDATE import SET state = 'undone' WHERE id = ?1", id, err);
}
