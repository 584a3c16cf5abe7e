/* Which column of the file is which of ours: by the map, by an earlier delivery, by the names the source knows. */
#include "monitor/person_job.h"

#include "base/utf8.h"
#include "io/file.h"
#include "monitor/table_rows.h"

#include <sodium.h>
#include <stdlib.h>

enum { NAME_BYTES = 4 * KZ_CSV_FIELD_MAX };

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

/* ---- the map ---------------------------------------------------------------------------------------- */

static kz_status take(person_job *job, const char *name, const char *text, size_t n, kz_err *err)
{
    KZ_TRY(kz_person_map_parse(name, text, n, &job->source, &job->arena, &job->map, err));
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

kz_status person_take_named(person_job *job, kz_err *err)
{
    kz_auto(kz_buf) text = kz_buf_init(KZ_MAP_BYTES);
    const kz_import_order *o = job->order;
    if (o->map_text)
        return take(job, o->map ? o->map : job->source.id, o->map_text, strlen(o->map_text), err);
    KZ_TRY(kz_file_read(o->map, &text, err));
    return take(job, o->map, kz_buf_text(&text), text.n, err);
}

/* Names folded, a line each; its hash. */
static kz_status fingerprint(person_job *job, kz_err *err)
{
    kz_auto(kz_buf) names = kz_buf_init(64u << 20);
    unsigned char hash[crypto_hash_sha256_BYTES];
    for (size_t i = 0; i < job->n_file_columns; i++) {
        kz_utf8_fold(&names, job->header[i]);
        kz_buf_char(&names, '\n');
    }
    if (kz_buf_status(&names) != KZ_OK)
        return memory(err);
    crypto_hash_sha256(hash, (const unsigned char *)kz_buf_text(&names), names.n);
    sodium_bin2hex(job->header_print, sizeof job->header_print, hash, sizeof hash);
    return KZ_OK;
}

kz_status person_find_map(person_job *job, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(fingerprint(job, err));
    if (job->map_text)
        return KZ_OK;
    KZ_TRY(kz_prepare(job->ws->work, "SELECT map_name, map_text FROM import WHERE source = ?1 AND header = ?2"
                                     " AND state = 'applied' ORDER BY id DESC LIMIT 1", &q, err));
    kz_bind_text(&q, 1, job->source.id);
    kz_bind_text(&q, 2, job->header_print);
    KZ_TRY(kz_step(&q, &row, err));
    if (!row)
        return KZ_OK;
    job->res->map_remembered = true;
    return take(job, kz_col_text(&q, 0), kz_col_text(&q, 1), strlen(kz_col_text(&q, 1)), err);
}

/* ---- names ---------------------------------------------------------------------------------------------- */

static size_t file_column(const person_job *job, const char *name)
{
    kz_auto(kz_buf) want = kz_buf_init(NAME_BYTES), have = kz_buf_init(NAME_BYTES);
    kz_source_fold(&want, kz_view_of(name), true);
    for (size_t i = 0; i < job->n_file_columns; i++) {
        kz_buf_clear(&have);
        kz_source_fold(&have, job->header[i], true);
        if (strcmp(kz_buf_text(&want), kz_buf_text(&have)) == 0)
            return i;
    }
    return SIZE_MAX;
}

static kz_person_bind *bind_of(kz_person_bind *binds, int n, const kz_source_column *c)
{
    for (int i = 0; i < n; i++)
        if (binds[i].column == c)
            return &binds[i];
    return NULL;
}

/* A map of what the source knows.  Of several levels of areas the finest that the workspace has; of a number that is
 * there itself and as a date, itself. */
static kz_status propose(person_job *job, kz_err *err)
{
    kz_person_bind *binds = kz_arena_new(&job->arena, kz_person_bind, job->n_file_columns + 1);
    int n = 0;
    if (!binds)
        return memory(err);
    for (size_t i = 0; i < job->n_file_columns; i++) {
        const kz_source_header *how;
        const kz_source_column *c = kz_source_header_find(&job->source, job->header[i], &how);
        if (!c || c->kind == KZ_SRC_DROPPED)
            continue;
        kz_person_bind b = { .column = c, .how = how->how, .level = how->level,
                             .name = kz_arena_strndup(&job->arena, job->header[i].p, job->header[i].n) };
        if (!b.name)
            return memory(err);
        kz_person_bind *other = bind_of(binds, n, c);
        if (!other) {
            binds[n++] = b;
            continue;
        }
        if (c->kind == KZ_SRC_AREA || c->kind == KZ_SRC_PERIOD) {
            if (c->kind == KZ_SRC_AREA && person_level_rank(job, b.level) > person_level_rank(job, other->level))
                *other = b;
        } else if (c->kind == KZ_SRC_INT && other->how != b.how &&
                   (b.how == KZ_HOW_PLAIN || other->how == KZ_HOW_PLAIN)) {
            *other = b.how == KZ_HOW_PLAIN ? b : *other;
        } else {
            return kz_fail(err, KZ_E_USAGE, "person.two_columns", kz_s("file", job->order->file),
                           kz_s("column", c->name), kz_s("text", c->text), kz_s("first", other->name),
                           kz_s("second", b.name));
        }
    }
    job->map = (kz_person_map){ .source = &job->source, .n_columns = n, .columns = binds };
    kz_buf shown = kz_buf_init(sizeof job->res->map_name - 1);
    kz_buf_str(&shown, job->source.id);
    memcpy(job->res->map_name, kz_buf_text(&shown), shown.n + 1);
    kz_buf_done(&shown);
    return KZ_OK;
}

/* The map as text, so that it can be edited: what is missing stands there as a comment. */
kz_status person_write_map(person_job *job, kz_err *err)
{
    kz_auto(kz_buf) text = kz_buf_init(KZ_MAP_BYTES);
    if (!job->map_text) {
        kz_person_map_write(&text, &job->map);
        job->map_text = kz_arena_strndup(&job->arena, kz_buf_text(&text), text.n);
        job->map_text_n = text.n;
    } else {
        kz_buf_add(&text, job->map_text, job->map_text_n);
    }
    for (int i = 0; i < job->n_columns; i++) {
        const person_column *c = &job->columns[i];
        if (c->at == SIZE_MAX && !(c->is->kind == KZ_SRC_AREA && job->addresses))
            kz_buf_fmt(&text, "\n# [spalten] %s = ?  (%s)", c->is->name, c->is->text);
        for (int w = 0; w < job->n_workers && !c->hide && c->is->kind == KZ_SRC_CODE; w++) {
            const kz_dict *d = &job->workers[w].strange[i];
            for (uint32_t k = 0; job->workers[w].strange_rows[i] && k < d->n; k++)
                kz_buf_fmt(&text, "\n# [schluessel] %s | %.*s = ?", c->is->name, (int)d->keys[k].n, d->keys[k].p);
        }
    }
    job->res->map_text = kz_buf_status(&text) == KZ_OK
                             ? kz_arena_strndup(&job->found->arena, kz_buf_text(&text), text.n)
                             : NULL;
    return job->map_text && job->res->map_text ? KZ_OK : memory(err);
}

/* ---- what the columns hold, on a sample --------------------------------------------------------------------- */

static void see_row(person_job *job, kz_private_seen *seen, const kz_view *field, size_t n)
{
    for (size_t i = 0; i < n && i < job->n_file_columns; i++)
        kz_private_see(&job->privacy, &seen[i], field[i]);
    if (job->at_period < n && job->first_period.n == 0) {
        kz_view v = kz_view_trim(field[job->at_period]);
        const char *kept = v.n < 64 ? kz_arena_strndup(&job->arena, v.p, v.n) : NULL;
        job->first_period = kz_view_from(kept ? kept : "", kept ? v.n : 0);
    }
}

static kz_status see_sample(person_job *job, kz_private_seen *seen, kz_err *err)
{
    int n = 0;
    if (job->sheet) {
        kz_rows rows = { 0 };
        kz_row row;
        KZ_TRY(kz_rows_open_sheet(&rows, job->order->file, job->sheet, job->n_file_columns, job->sheet_columns,
                                  job->header, job->first_row, &job->arena, err));
        while (n++ < KZ_PRIVATE_SAMPLE && kz_rows_next(&rows, &row))
            see_row(job, seen, row.field, row.n);
        kz_rows_done(&rows);
        return KZ_OK;
    }
    kz_csv_row row;
    while (n++ < KZ_PRIVATE_SAMPLE && kz_csv_next(&job->csv, &row))
        see_row(job, seen, row.field, row.n);
    kz_csv_rewind(&job->csv);
    return KZ_OK;
}

/* ---- the columns -------------------------------------------------------------------------------------------- */

static void use(person_job *job, size_t at)
{
    for (int i = 0; i < job->n_used; i++)
        if (job->used[i] == at)
            return;
    if (at != SIZE_MAX)
        job->used[job->n_used++] = at;
}

static kz_status find_columns(person_job *job, kz_err *err)
{
    job->n_columns = 0;
    job->at_area = -1;
    job->n_used = 0;
    job->at_period = job->at_day = job->at_street = job->at_house = job->at_suffix = job->at_postcode = SIZE_MAX;
    for (int i = 0; i < job->source.n_columns; i++) {
        const kz_source_column *c = &job->source.columns[i];
        const kz_person_bind *b = bind_of((kz_person_bind *)(uintptr_t)job->map.columns, job->map.n_columns, c);
        size_t at = b ? file_column(job, b->name) : SIZE_MAX;
        if (b && at == SIZE_MAX)
            return kz_fail(err, KZ_E_INPUT, "person.column_named", kz_s("file", job->order->file),
                           kz_s("map", job->res->map_name), kz_s("column", b->name), kz_s("ours", c->name));
        use(job, at);
        if (c->kept) {
            if (job->n_columns == PERSON_COLUMNS_MOST)
                return memory(err);
            if (c->kind == KZ_SRC_AREA)
                job->at_area = job->n_columns;
            job->columns[job->n_columns++] =
                (person_column){ .is = c, .at = at, .how = b ? b->how : KZ_HOW_PLAIN, .level = b ? b->level : "",
                                 .name = at != SIZE_MAX ? job->header[at] : (kz_view){ "", 0 } };
        } else if (c->kind == KZ_SRC_PERIOD) {
            job->at_period = at;
        } else if (c->kind == KZ_SRC_EVENT_DAY) {
            job->at_day = at;
        } else if (c->kind == KZ_SRC_ADDRESS) {
            size_t *to = strcmp(c->name, "street") == 0         ? &job->at_street
                         : strcmp(c->name, "house_number") == 0 ? &job->at_house
                         : strcmp(c->name, "suffix") == 0       ? &job->at_suffix
                                                                : &job->at_postcode;
            *to = at;
        }
    }
    return KZ_OK;
}

kz_status person_bind_columns(person_job *job, kz_err *err)
{
    if (!job->map_text)
        KZ_TRY(propose(job, err));
    KZ_TRY(find_columns(job, err));
    job->seen = kz_arena_new(&job->arena, kz_private_seen, job->n_file_columns + 1);
    if (!job->seen)
        return memory(err);
    KZ_TRY(see_sample(job, job->seen, err));
    for (int i = 0; i < job->n_columns; i++) {
        person_column *c = &job->columns[i];
        job->has_person |= c->at != SIZE_MAX && c->is->kind == KZ_SRC_PERSON;
        job->has_household |= c->at != SIZE_MAX && c->is->kind == KZ_SRC_HOUSEHOLD;
        c->hide = c->at != SIZE_MAX &&
                  kz_private_decide(&job->privacy, kz_view_of(""), &job->seen[c->at], false) != KZ_PRIVATE_NONE;
    }
    return KZ_OK;
}

/* Areas by key, or by address when there is no key. */
kz_status person_bind_area(person_job *job, kz_err *err)
{
    person_column *area = job->at_area >= 0 ? &job->columns[job->at_area] : NULL;
    job->addresses = false;
    if (!area)
        return KZ_OK;
    bool key = area->at != SIZE_MAX && (job->map.n_areas > 0 || person_level_rank(job, area->level) >= 0);
    if (!key && job->source.address == KZ_ADDRESS_GAZETTEER && job->at_street != SIZE_MAX) {
        job->addresses = true;
        area->at = SIZE_MAX;
        return kz_gazetteer_open(job->ws->work, &job->gazetteer, err);
    }
    if (area->at != SIZE_MAX && !key)
        return kz_fail(err, KZ_E_INPUT, "person.level_unknown", kz_s("file", job->order->file),
                       kz_vw("column", area->name), kz_s("level", area->level));
    return KZ_OK;
}

/* ---- what there is to say about them --------------------------------------------------------------------------- */

static bool is_used(const person_job *job, size_t at)
{
    for (int i = 0; i < job->n_used; i++)
        if (job->used[i] == at)
            return true;
    return false;
}

static void tell_missing(person_job *job)
{
    for (int i = 0; i < job->n_columns; i++) {
        const person_column *c = &job->columns[i];
        if (c->at != SIZE_MAX || c->is->optional || (i == job->at_area && job->addresses))
            continue;
        kz_auto(kz_buf) known = kz_buf_init(1024);
        for (int h = 0; h < c->is->n_headers; h++)
            for (int k = 0; k < c->is->headers[h].n; k++)
                kz_buf_fmt(&known, "%s%s", known.n ? ", " : "", c->is->headers[h].names[k]);
        kz_finding_add(job->found, KZ_ERROR, "check.person_missing", 0, "", kz_view_of(""), kz_s("name", c->is->name),
                       kz_s("text", c->is->text), kz_s("known", kz_buf_text(&known)));
    }
}

/* Where addresses are forbidden, whatever says who or where somebody is ends the import. */
static void tell_private(person_job *job, size_t at, kz_private kind)
{
    const char *column = kz_arena_strndup(&job->found->arena, job->header[at].p, job->header[at].n);
    bool refused = job->source.address == KZ_ADDRESS_REFUSED && kind != KZ_PRIVATE_BIRTH;
    kz_finding_add(job->found, refused ? KZ_ERROR : KZ_WARNING,
                   refused ? "check.private_refused" : kz_private_rule(kind), 0, column ? column : "", kz_view_of(""));
}

void person_tell_columns(person_job *job)
{
    kz_auto(kz_buf) dropped = kz_buf_init(64 * 1024);
    tell_missing(job);
    for (size_t i = 0; i < job->n_file_columns; i++) {
        const kz_source_header *how;
        if (is_used(job, i))
            continue;
        const kz_source_column *known = kz_source_header_find(&job->source, job->header[i], &how);
        kz_private kind = kz_private_decide(&job->privacy, job->header[i], &job->seen[i], true);
        if (kind != KZ_PRIVATE_NONE && (!known || job->source.address == KZ_ADDRESS_REFUSED))
            tell_private(job, i, kind);
        else
            kz_buf_fmt(&dropped, "%s%.*s", dropped.n ? ", " : "", (int)job->header[i].n, job->header[i].p);
    }
    if (dropped.n > 0)
        kz_finding_add(job->found, KZ_NOTICE, "check.columns_dropped", 0, "",
                       kz_view_from(kz_buf_text(&dropped), dropped.n));
    if (!job->sheet && job->csv.encoding_sure == KZ_SURE_LIKELY)
        kz_finding_add(job->found, KZ_NOTICE, "check.encoding", 0, "", kz_view_of(kz_encoding_name(job->csv.encoding)));
}
