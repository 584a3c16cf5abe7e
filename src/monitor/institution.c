#include "monitor/institution.h"

#include "base/asset.h"
#include "base/dict.h"
#include "base/parse.h"
#include "base/tsv.h"
#include "base/utf8.h"
#include "io/csv.h"

#include <math.h>
#include <string.h>

enum { MOST = 100000, ARENA = 64 << 20, KEY_MOST = 64 };

typedef struct job {
    kz_db *work;
    const kz_institution_options *how;
    kz_arena *a;
    kz_csv csv;
    size_t key, name, lon, lat;
    int64_t level;
    kz_institution_report report;
} job;

/* ---- the level ------------------------------------------------------------------ */

/* What a level is called: data/level_names.tsv, else as it was given. */
static kz_status level_words(job *j, const char *code, const char **one, const char **many, kz_err *err)
{
    static const char *const columns[] = { "code", "one", "many", NULL };
    const kz_asset *asset = kz_asset_find("data/level_names.tsv");
    kz_tsv t;
    KZ_ASSERT(asset);
    KZ_TRY(kz_tsv_parse(asset->path, (const char *)asset->bytes, asset->n, columns, j->a, &t, err));
    *one = *many = j->how->level;
    for (int i = 0; i < t.n_rows; i++)
        if (strcmp(kz_tsv_at(&t, i, 0), code) == 0) {
            *one = kz_tsv_at(&t, i, 1);
            *many = kz_tsv_at(&t, i, 2);
        }
    return KZ_OK;
}

static kz_status find_level(job *j, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT, put = KZ_STMT_INIT;
    kz_auto(kz_buf) code = kz_buf_init(1000);
    const char *one, *many;
    bool row;
    kz_utf8_fold(&code, kz_view_of(j->how->level));
    if (code.n == 0)
        return kz_fail(err, KZ_E_INPUT, "institution.level_empty");
    KZ_TRY(kz_prepare(j->work, "SELECT id, institution FROM level WHERE code = ?1", &q, err));
    kz_bind_text(&q, 1, kz_buf_text(&code));
    KZ_TRY(kz_step(&q, &row, err));
    if (row) {
        j->level = kz_col_int(&q, 0);
        if (kz_col_int(&q, 1))
            return KZ_OK;
        return kz_fail(err, KZ_E_CONFLICT, "institution.level_of_areas", kz_s("level", j->how->level));
    }
    KZ_TRY(level_words(j, kz_buf_text(&code), &one, &many, err));
    KZ_TRY(kz_prepare(j->work, "INSERT INTO level (code, one, many, \"rank\", institution) "
                               "SELECT ?1, ?2, ?3, MAX(\"rank\") + 1, 1 FROM level", &put, err));
    kz_bind_text(&put, 1, kz_buf_text(&code));
    kz_bind_text(&put, 2, one);
    kz_bind_text(&put, 3, many);
    KZ_TRY(kz_run(&put, err));
    j->level = kz_db_last_id(j->work);
    return KZ_OK;
}

/* ---- rows ------------------------------------------------------------------------ */

static kz_status read_degree(job *j, const kz_csv_row *row, size_t column, double most, double *ret, kz_err *err)
{
    kz_view v = kz_view_trim(row->field[column]);
    *ret = NAN;
    if (v.n == 0)
        return KZ_OK;
    kz_number_style style = memchr(v.p, ',', v.n) ? KZ_NUM_COMMA : KZ_NUM_POINT;
    if (kz_parse_real(v, style, ret) != KZ_PARSED || !(fabs(*ret) <= most))
        return kz_csv_field_fail(&j->csv, row, column, "institution.degree", err);
    return KZ_OK;
}

static bool differs(double old, double new)
{
    return isnan(old) ? !isnan(new) : !(old == new);
}

static kz_status put_row(job *j, const char *key, const char *name, double lon, double lat, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT, put = KZ_STMT_INIT;
    bool there;
    KZ_TRY(kz_prepare(j->work, "SELECT id, name, lon, lat FROM area WHERE level = ?1 AND \"key\" = ?2", &q, err));
    kz_bind_int(&q, 1, j->level);
    kz_bind_text(&q, 2, key);
    KZ_TRY(kz_step(&q, &there, err));
    if (there && strcmp(kz_col_text(&q, 1), name) == 0 && !differs(kz_col_real(&q, 2), lon) &&
        !differs(kz_col_real(&q, 3), lat)) {
        j->report.same++;
        return KZ_OK;
    }
    j->report.changed += there;
    j->report.added += !there;
    if (there)
        KZ_TRY(kz_prepare(j->work, "UPDATE area SET name = ?3, lon = ?4, lat = ?5 WHERE level = ?1 AND \"key\" = ?2",
                          &put, err));
    else
        KZ_TRY(kz_prepare(j->work, "INSERT INTO area (level, \"key\", name, lon, lat) VALUES (?1, ?2, ?3, ?4, ?5)",
                          &put, err));
    kz_bind_int(&put, 1, j->level);
    kz_bind_text(&put, 2, key);
    kz_bind_text(&put, 3, name);
    kz_bind_real(&put, 4, lon);
    kz_bind_real(&put, 5, lat);
    return kz_run(&put, err);
}

static kz_status take_row(job *j, kz_dict *met, const kz_csv_row *row, kz_err *err)
{
    kz_view key = kz_view_trim(row->field[j->key]), name = kz_view_trim(row->field[j->name]);
    double lon = NAN, lat = NAN;
    uint32_t id;
    bool fresh;
    if (key.n == 0 || key.n > KEY_MOST)
        return kz_csv_field_fail(&j->csv, row, j->key, "institution.key", err);
    if (name.n == 0)
        return kz_csv_field_fail(&j->csv, row, j->name, "institution.name", err);
    KZ_TRY(kz_dict_put(met, key, &id, &fresh, err));
    if (!fresh)
        return kz_csv_field_fail(&j->csv, row, j->key, "institution.twice", err);
    if (j->how->lon) {
        KZ_TRY(read_degree(j, row, j->lon, 180, &lon, err));
        KZ_TRY(read_degree(j, row, j->lat, 90, &lat, err));
    }
    const char *k = kz_arena_strndup(j->a, key.p, key.n), *n = kz_arena_strndup(j->a, name.p, name.n);
    if (!k || !n)
        return kz_fail(err, KZ_E_LIMIT, "area.memory");
    return put_row(j, k, n, lon, lat, err);
}

static kz_status read_all(job *j, kz_err *err)
{
    kz_dict met;
    kz_csv_row row;
    KZ_TRY(kz_csv_column(&j->csv, j->how->key, &j->key, err));
    KZ_TRY(kz_csv_column(&j->csv, j->how->name, &j->name, err));
    if (j->how->lon) {
        KZ_TRY(kz_csv_column(&j->csv, j->how->lon, &j->lon, err));
        KZ_TRY(kz_csv_column(&j->csv, j->how->lat, &j->lat, err));
    }
    KZ_TRY(kz_dict_init(&met, j->a, MOST, err));
    KZ_TRY(find_level(j, err));
    while (kz_csv_next(&j->csv, &row)) {
        KZ_TRY(kz_csv_check(&j->csv, &row, err));
        KZ_TRY(take_row(j, &met, &row, err));
    }
    return kz_csv_end(&j->csv, err);
}

kz_status kz_institutions_import(kz_db *work, const char *file, const kz_institution_options *how,
                                 kz_institution_report *ret, kz_err *err)
{
    kz_auto(kz_arena) arena;
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    kz_arena_init(&arena, ARENA);
    job j = { .work = work, .how = how, .a = &arena };
    if (!how->lon != !how->lat)
        return kz_fail(err, KZ_E_USAGE, "institution.one_degree");
    KZ_TRY(kz_csv_open(&j.csv, file, &(kz_csv_opts){ 0 }, err));
    kz_status st = kz_tx_begin(&tx, work, err);
    if (st == KZ_OK)
        st = read_all(&j, err);
    if (st == KZ_OK)
        st = kz_tx_commit(&tx, err);
    kz_csv_done(&j.csv);
    if (st == KZ_OK)
        *ret = j.report;
    return st;
}
