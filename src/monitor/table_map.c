/* Which map a file is read with: named, remembered, or recognised by its header. */
#include "monitor/table_job.h"

#include "base/asset.h"
#include "base/utf8.h"
#include "io/file.h"

#include <sodium.h>
#include <stdlib.h>

#define DIR "data/maps/"
#define EXT ".map"

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

static const kz_asset *built_in(const char *name)
{
    kz_auto(kz_buf) path = kz_buf_init(512);
    kz_buf_fmt(&path, DIR "%s" EXT, name);
    return kz_buf_status(&path) == KZ_OK ? kz_asset_find(kz_buf_text(&path)) : NULL;
}

/* "a, b": all maps of the program, or those that fit the header when `fit` is set. */
static kz_status list_maps(const kz_job *job, bool fit, kz_buf *out, int *n);

/* A text that was used before has its number, a new one the next. */
static kz_status find_version(kz_job *job, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(job->ws->work, "SELECT COALESCE(MAX(CASE WHEN map_sha256 = ?2 THEN map_version END),"
                                     " COALESCE(MAX(map_version), 0) + 1) FROM import WHERE source = ?1", &q, err));
    kz_bind_text(&q, 1, job->source.id);
    kz_bind_text(&q, 2, job->res->map_sha256);
    KZ_TRY(kz_step(&q, &row, err));
    job->res->map_version = kz_col_int(&q, 0);
    return KZ_OK;
}

static kz_status take(kz_job *job, const char *name, const char *text, size_t n, kz_err *err)
{
    kz_mapfile m;
    KZ_TRY(kz_mapfile_parse(name, text, n, &job->arena, &m, err));
    if (strcmp(m.source, job->source.id) != 0)
        return kz_fail(err, KZ_E_INPUT, "import.map_source", kz_s("map", name), kz_s("found", m.source),
                       kz_s("source", job->source.id));
    job->map = m;
    job->measures = m.known;
    job->map_text = kz_arena_strndup(&job->arena, text, n);
    job->map_text_n = n;
    if (!job->map_text)
        return memory(err);
    kz_buf shown = kz_buf_init(sizeof job->res->map_name - 1);
    kz_buf_str(&shown, name);
    memcpy(job->res->map_name, kz_buf_text(&shown), shown.n + 1);
    kz_buf_done(&shown);
    job->res->map_text = kz_arena_strndup(&job->found->arena, text, n);
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(hash, (const unsigned char *)text, n);
    sodium_bin2hex(job->res->map_sha256, sizeof job->res->map_sha256, hash, sizeof hash);
    return find_version(job, err);
}

static kz_status take_built_in(kz_job *job, const char *name, kz_err *err)
{
    const kz_asset *a = built_in(name);
    KZ_ASSERT(a);
    return take(job, name, (const char *)a->bytes, a->n, err);
}

static kz_status take_named(kz_job *job, const char *name, kz_err *err)
{
    kz_auto(kz_buf) text = kz_buf_init(KZ_MAP_BYTES);
    if (job->order->map_text)
        return take(job, name, job->order->map_text, strlen(job->order->map_text), err);
    if (built_in(name))
        return take_built_in(job, name, err);
    kz_status st = kz_file_read(name, &text, err);
    if (st == KZ_E_MISSING) {
        kz_auto(kz_buf) known = kz_buf_init(4096);
        int n;
        KZ_TRY(list_maps(job, false, &known, &n));
        return kz_fail(err, KZ_E_MISSING, "import.map_missing", kz_s("map", name),
                       kz_s("known", kz_buf_text(&known)));
    }
    if (st != KZ_OK)
        return st;
    return take(job, name, kz_buf_text(&text), text.n, err);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The header as one text: names folded, a line each, in order of the alphabet because columns are found by name; its
 * hash. */
static kz_status fingerprint(const kz_view *header, size_t n_columns, char ret[static 65], kz_err *err)
{
    kz_auto(kz_buf) names = kz_buf_init(64u << 20), folded = kz_buf_init(64u << 20);
    kz_auto(kz_arena) a;
    unsigned char hash[crypto_hash_sha256_BYTES];
    kz_arena_init(&a, 128u << 20);
    const char **list = kz_arena_new(&a, const char *, n_columns + 1);
    for (size_t i = 0; i < n_columns && list; i++) {
        kz_buf_clear(&folded);
        kz_utf8_fold(&folded, header[i]);
        list[i] = kz_arena_strdup(&a, kz_buf_text(&folded));
        if (!list[i] || kz_buf_status(&folded) != KZ_OK)
            return memory(err);
    }
    if (!list)
        return memory(err);
    if (n_columns > 1)
        qsort(list, n_columns, sizeof *list, by_name);
    for (size_t i = 0; i < n_columns; i++)
        kz_buf_fmt(&names, "%s\n", list[i]);
    if (kz_buf_status(&names) != KZ_OK)
        return memory(err);
    crypto_hash_sha256(hash, (const unsigned char *)kz_buf_text(&names), names.n);
    sodium_bin2hex(ret, 65, hash, sizeof hash);
    return KZ_OK;
}

static bool has_column(const kz_job *job, const char *name)
{
    size_t at;
    return !name || kz_rows_column(&job->rows, name, &at, NULL) == KZ_OK;
}

/* A wide table has a column with values. */
static bool has_values(const kz_job *job, const kz_mapfile *m)
{
    kz_auto(kz_buf) folded = kz_buf_init(KZ_CSV_FIELD_MAX * 2);
    for (size_t i = 0; i < job->rows.n_columns; i++) {
        kz_view period;
        kz_buf_clear(&folded);
        kz_utf8_fold(&folded, job->rows.header[i]);
        const kz_column_rule *r = kz_mapfile_column(m, (kz_view){ kz_buf_text(&folded), folded.n }, &period);
        if (r && !r->reason)
            return true;
    }
    return false;
}

static bool fits(const kz_job *job, const kz_mapfile *m, kz_arena *a)
{
    kz_sheet_table t;
    if (strcmp(m->source, job->source.id) != 0)
        return false;
    if (job->book.n_sheets > 0)
        return kz_sheet_table_find(&job->book, m, a, &t, NULL) == KZ_OK &&
               (t.found == KZ_TABLE_ONE || t.found == KZ_TABLE_MANY);
    return has_column(job, m->area) && has_column(job, m->area_name) && has_column(job, m->period) &&
           has_column(job, m->measure[0]) && has_column(job, m->measure[1]) && has_column(job, m->value) &&
           (!m->wide || has_values(job, m));
}

static kz_status list_maps(const kz_job *job, bool fit, kz_buf *out, int *n)
{
    *n = 0;
    for (size_t i = kz_asset_first(DIR); kz_asset_below(i, DIR); i++) {
        const char *file = kz_assets[i].path + strlen(DIR);
        kz_arena a;
        kz_mapfile m;
        kz_arena_init(&a, 64u << 20);
        bool good = !fit || (kz_mapfile_parse(file, (const char *)kz_assets[i].bytes, kz_assets[i].n, &a, &m,
                                              NULL) == KZ_OK && fits(job, &m, &a));
        kz_arena_done(&a);
        if (!good)
            continue;
        kz_buf_fmt(out, "%s%.*s", *n ? ", " : "", (int)(strlen(file) - strlen(EXT)), file);
        (*n)++;
    }
    return kz_buf_status(out);
}

/* Does the map of an earlier import find a table with the same header in this file? */
static kz_status same_header(kz_job *job, const char *name, const char *text, size_t n, const char *header, bool *ret)
{
    char print[65] = "";
    kz_arena a;
    kz_mapfile m;
    kz_sheet_table t = { 0 };
    kz_arena_init(&a, 128u << 20);
    bool good = kz_mapfile_parse(name, text, n, &a, &m, NULL) == KZ_OK &&
                kz_sheet_table_find(&job->book, &m, &a, &t, NULL) == KZ_OK && t.found == KZ_TABLE_ONE;
    kz_status st = good ? fingerprint(t.header, t.n_columns, print, NULL) : KZ_OK;
    kz_arena_done(&a);
    *ret = good && st == KZ_OK && strcmp(print, header) == 0;
    return st;
}

/* Was the file of a map that we remember edited since?  What we remember counts, but somebody should know. */
static void look_for_edits(kz_job *job, const char *name, const char *text, size_t n)
{
    kz_auto(kz_buf) now = kz_buf_init(KZ_MAP_BYTES);
    if (kz_file_read(name, &now, NULL) == KZ_OK && (now.n != n || memcmp(now.p, text, n) != 0))
        kz_finding_add(job->found, KZ_NOTICE, "check.map_edited", 0, "", kz_view_of(name));
}

/* Does this map of an earlier import fit?  `loose`: not with the very same header, but with all columns it names. */
static kz_status remembers(kz_job *job, const char *name, const char *text, size_t n, const char *header, bool loose,
                           bool *ret)
{
    kz_arena a;
    kz_mapfile m;
    if (!loose && job->book.n_sheets > 0)
        return same_header(job, name, text, n, header, ret);
    if (!loose) {
        *ret = strcmp(header, job->header) == 0;
        return KZ_OK;
    }
    kz_arena_init(&a, 128u << 20);
    *ret = kz_mapfile_parse(name, text, n, &a, &m, NULL) == KZ_OK && fits(job, &m, &a);
    kz_arena_done(&a);
    return KZ_OK;
}

/* The map of the last import with this source and header; else of the last one whose columns are all here: a
 * column more (the next year) or another order changes nothing.  Where the header of a sheet is only its map
 * can tell, so there the maps of the last imports are tried. */
static kz_status take_remembered(kz_job *job, bool *found, kz_err *err)
{
    *found = false;
    for (int loose = 0; loose < 2; loose++) {
        kz_auto(kz_stmt) q = KZ_STMT_INIT;
        bool row, good;
        KZ_TRY(kz_prepare(job->ws->work, "SELECT map_name, map_text, header, MAX(id) FROM import WHERE source = ?1"
                                         " AND state = 'applied' GROUP BY map_text, header ORDER BY 4 DESC LIMIT 50",
                          &q, err));
        kz_bind_text(&q, 1, job->source.id);
        for (;;) {
            KZ_TRY(kz_step(&q, &row, err));
            if (!row)
                break;
            const char *name = kz_col_text(&q, 0), *text = kz_col_text(&q, 1);
            size_t n = strlen(text);
            const kz_asset *ours = built_in(name); /* a map of the program may have grown since: as it is now */
            if (ours) {
                text = (const char *)ours->bytes;
                n = ours->n;
            }
            KZ_TRY(remembers(job, name, text, n, kz_col_text(&q, 2), loose != 0, &good));
            if (!good)
                continue;
            *found = job->res->map_remembered = true;
            if (loose)
                kz_finding_add(job->found, KZ_NOTICE, "check.header_new", 0, "", kz_view_of(name));
            if (!ours && job->order->at_desk)
                look_for_edits(job, name, text, n);
            return take(job, name, text, n, err);
        }
    }
    return KZ_OK;
}

static kz_status take_fitting(kz_job *job, kz_err *err)
{
    kz_auto(kz_buf) names = kz_buf_init(4096), all = kz_buf_init(4096);
    int n, n_all;
    KZ_TRY(list_maps(job, true, &names, &n));
    KZ_TRY(list_maps(job, false, &all, &n_all));
    if (n == 0)
        return kz_fail(err, KZ_E_USAGE, "import.map_none", kz_s("file", job->order->file),
                       kz_s("source", job->source.id), kz_s("known", kz_buf_text(&all)));
    if (n > 1)
        return kz_fail(err, KZ_E_USAGE, "import.map_many", kz_s("file", job->order->file),
                       kz_s("known", kz_buf_text(&names)));
    job->res->map_remembered = true;
    return take_built_in(job, kz_buf_text(&names), err);
}

/* ---- the file -------------------------------------------------------------------- */

static kz_status open_text(kz_job *job, kz_err *err)
{
    kz_csv_opts opts = { .delimiter = job->map.delimiter, .encoding = job->map.encoding };
    return kz_rows_open_text(&job->rows, job->order->file, kz_buf_text(&job->bytes), job->bytes.n, &opts, err);
}

/* The sheet and the header that the map describes. */
static kz_status open_sheet(kz_job *job, kz_err *err)
{
    kz_sheet_table *t = &job->table;
    kz_auto(kz_buf) names = kz_buf_init(64 * 1024);
    KZ_TRY(kz_sheet_table_find(&job->book, &job->map, &job->arena, t, err));
    kz_sheet_names(&names, &job->book, t->found == KZ_TABLE_HIDDEN ? 1 : t->found == KZ_TABLE_MANY ? 0 : -1);
    kz_arg file = kz_s("file", job->order->file), map = kz_s("map", job->res->map_name);
    kz_arg sheets = kz_s("sheets", kz_buf_text(&names));
    switch (t->found) {
    case KZ_TABLE_ONE:
        break;
    case KZ_TABLE_NONE:
        return kz_fail(err, KZ_E_INPUT, "import.sheet_none", file, map, sheets, kz_s("area", job->map.area));
    case KZ_TABLE_MANY:
        return kz_fail(err, KZ_E_USAGE, "import.sheet_many", file, map, sheets);
    case KZ_TABLE_HIDDEN:
        return kz_fail(err, KZ_E_USAGE, "import.sheet_hidden", file, map, kz_s("sheet", t->sheet->name));
    case KZ_TABLE_NO_SHEET:
        return kz_fail(err, KZ_E_INPUT, "import.sheet_missing", file, map, sheets, kz_s("sheet", job->map.sheet));
    }
    kz_buf shown = kz_buf_init(sizeof job->res->sheet - 1);
    kz_buf_str(&shown, t->sheet->name);
    memcpy(job->res->sheet, kz_buf_text(&shown), shown.n + 1);
    kz_buf_done(&shown);
    kz_findings_in_sheet(job->found, t->sheet->name, t->n_columns, t->header, t->columns);
    return kz_rows_open_sheet(&job->rows, job->order->file, t->sheet, t->n_columns, t->columns, t->header, t->first_row,
                              &job->arena, err);
}

/* What is packed is unpacked, what is a spreadsheet is read: by content, whatever the name. */
static kz_status unpack(kz_job *job, kz_err *err)
{
    for (int times = 0; times < 2 && kz_book_is(kz_buf_text(&job->bytes), job->bytes.n); times++) {
        kz_buf plain = kz_buf_init(JOB_FILE_BYTES);
        kz_status st = kz_book_read(job->order->file, kz_buf_text(&job->bytes), job->bytes.n, &job->book_arena,
                                    &job->book, &plain, err);
        if (st != KZ_OK || job->book.n_sheets > 0) {
            kz_buf_done(&plain);
            return st;
        }
        if (times == 0)
            job->packed = job->bytes;
        else
            kz_buf_done(&job->bytes);
        job->bytes = plain;
    }
    return KZ_OK;
}

kz_status kz_job_bytes(kz_job *job, kz_err *err)
{
    unsigned char hash[crypto_hash_sha256_BYTES];

    KZ_TRY(kz_file_read(kz_import_path(job->order), &job->bytes, err));
    crypto_hash_sha256(hash, (const unsigned char *)kz_buf_text(&job->bytes), job->bytes.n);
    sodium_bin2hex(job->res->sha256, sizeof job->res->sha256, hash, sizeof hash);
    return unpack(job, err);
}

kz_status kz_job_open(kz_job *job, kz_err *err)
{
    KZ_TRY(kz_job_bytes(job, err));
    bool sheets = job->book.n_sheets > 0, found;
    if (job->order->map) {
        KZ_TRY(take_named(job, job->order->map, err));
        KZ_TRY(sheets ? open_sheet(job, err) : open_text(job, err));
        return fingerprint(job->rows.header, job->rows.n_columns, job->header, err);
    }
    if (!sheets) { /* without a map: find out encoding and delimiter */
        KZ_TRY(open_text(job, err));
        KZ_TRY(fingerprint(job->rows.header, job->rows.n_columns, job->header, err));
    }
    KZ_TRY(take_remembered(job, &found, err));
    if (!found)
        KZ_TRY(take_fitting(job, err));
    if (sheets) {
        KZ_TRY(open_sheet(job, err));
        return fingerprint(job->rows.header, job->rows.n_columns, job->header, err);
    }
    if (job->map.delimiter == 0 && job->map.encoding == KZ_ENC_FIND)
        return KZ_OK;
    kz_rows_done(&job->rows);
    return open_text(job, err);
}
