/* Which map a file is read with: named, remembered, or recognised by its header. */
#include "monitor/table_job.h"

#include "base/asset.h"
#include "base/utf8.h"
#include "io/file.h"

#include <sodium.h>

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

static kz_status take(kz_job *job, const char *name, const char *text, size_t n, kz_err *err)
{
    kz_mapfile m;
    KZ_TRY(kz_mapfile_parse(name, text, n, &job->arena, &m, err));
    if (strcmp(m.source, job->source.id) != 0)
        return kz_fail(err, KZ_E_INPUT, "import.map_source", kz_s("map", name), kz_s("found", m.source),
                       kz_s("source", job->source.id));
    job->map = m;
    job->map_text = kz_arena_strndup(&job->arena, text, n);
    job->map_text_n = n;
    if (!job->map_text)
        return memory(err);
    kz_buf shown = kz_buf_init(sizeof job->res->map_name - 1);
    kz_buf_str(&shown, name);
    memcpy(job->res->map_name, kz_buf_text(&shown), shown.n + 1);
    kz_buf_done(&shown);
    return KZ_OK;
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

/* The header as one text: names folded, a line each; its hash. */
static kz_status fingerprint(kz_job *job, kz_err *err)
{
    kz_auto(kz_buf) names = kz_buf_init(64u << 20);
    unsigned char hash[crypto_hash_sha256_BYTES];
    for (size_t i = 0; i < job->csv.n_columns; i++) {
        kz_utf8_fold(&names, job->csv.header[i]);
        kz_buf_char(&names, '\n');
    }
    if (kz_buf_status(&names) != KZ_OK)
        return memory(err);
    crypto_hash_sha256(hash, (const unsigned char *)kz_buf_text(&names), names.n);
    sodium_bin2hex(job->header, sizeof job->header, hash, sizeof hash);
    return KZ_OK;
}

static bool has_column(const kz_csv *csv, const char *name)
{
    size_t at;
    return !name || kz_csv_column(csv, name, &at, NULL) == KZ_OK;
}

static bool fits(const kz_job *job, const kz_mapfile *m)
{
    return strcmp(m->source, job->source.id) == 0 && has_column(&job->csv, m->area) &&
           has_column(&job->csv, m->area_name) && has_column(&job->csv, m->period) &&
           has_column(&job->csv, m->measure[0]) && has_column(&job->csv, m->measure[1]) &&
           has_column(&job->csv, m->value);
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
                                              NULL) == KZ_OK && fits(job, &m));
        kz_arena_done(&a);
        if (!good)
            continue;
        kz_buf_fmt(out, "%s%.*s", *n ? ", " : "", (int)(strlen(file) - strlen(EXT)), file);
        (*n)++;
    }
    return kz_buf_status(out);
}

/* The map of the last import with this source and header. */
static kz_status take_remembered(kz_job *job, bool *found, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(job->ws->work, "SELECT map_name, map_text FROM import WHERE source = ?1 AND header = ?2"
                                     " AND state = 'applied' ORDER BY id DESC LIMIT 1", &q, err));
    kz_bind_text(&q, 1, job->source.id);
    kz_bind_text(&q, 2, job->header);
    KZ_TRY(kz_step(&q, found, err));
    if (!*found)
        return KZ_OK;
    const char *name = kz_col_text(&q, 0), *text = kz_col_text(&q, 1);
    job->res->map_remembered = true;
    /* A map of the program may have grown since: take it as it is now. */
    return built_in(name) ? take_built_in(job, name, err) : take(job, name, text, strlen(text), err);
}

static kz_status take_fitting(kz_job *job, kz_err *err)
{
    kz_auto(kz_buf) names = kz_buf_init(4096), all = kz_buf_init(4096);
    int n, n_all;
    KZ_TRY(list_maps(job, true, &names, &n));
    KZ_TRY(list_maps(job, false, &all, &n_all));
    if (n == 0)
        return kz_fail(err, KZ_E_USAGE, "import.map_none", kz_s("file", job->order->file),
                       kz_s("known", kz_buf_text(&all)));
    if (n > 1)
        return kz_fail(err, KZ_E_USAGE, "import.map_many", kz_s("file", job->order->file),
                       kz_s("known", kz_buf_text(&names)));
    job->res->map_remembered = true;
    return take_built_in(job, kz_buf_text(&names), err);
}

static kz_status open_table(kz_job *job, kz_err *err)
{
    kz_csv_opts opts = { .delimiter = job->map.delimiter, .encoding = job->map.encoding };
    return kz_csv_open_bytes(&job->csv, job->order->file, kz_buf_text(&job->bytes), job->bytes.n, &opts, err);
}

kz_status kz_job_open(kz_job *job, kz_err *err)
{
    unsigned char hash[crypto_hash_sha256_BYTES];

    KZ_TRY(kz_file_read(job->order->file, &job->bytes, err));
    crypto_hash_sha256(hash, (const unsigned char *)kz_buf_text(&job->bytes), job->bytes.n);
    sodium_bin2hex(job->res->sha256, sizeof job->res->sha256, hash, sizeof hash);
    if (job->order->map) {
        KZ_TRY(take_named(job, job->order->map, err));
        KZ_TRY(open_table(job, err));
        return fingerprint(job, err);
    }
    bool found;
    KZ_TRY(open_table(job, err)); /* without a map: find out encoding and delimiter */
    KZ_TRY(fingerprint(job, err));
    KZ_TRY(take_remembered(job, &found, err));
    if (!found)
        KZ_TRY(take_fitting(job, err));
    if (job->map.delimiter == 0 && job->map.encoding == KZ_ENC_FIND)
        return KZ_OK;
    kz_csv_done(&job->csv);
    return open_table(job, err);
}
