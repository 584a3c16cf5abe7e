#include "monitor/source_read.h"

#include "base/asset.h"
#include "base/date.h"
#include "base/parse.h"
#include "base/tsv.h"

#include <stdio.h>

#define DIR "data/sources/"
#define EXT ".tsv"

kz_status kz_source_ids(kz_arena *a, const char *const **ret, kz_err *err)
{
    size_t first = kz_asset_first(DIR), n = 0;
    while (kz_asset_below(first + n, DIR))
        n++;
    const char **ids = kz_arena_new(a, const char *, n + 1);
    if (!ids)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    for (size_t i = 0; i < n; i++) {
        const char *name = kz_assets[first + i].path + strlen(DIR);
        ids[i] = kz_arena_strndup(a, name, strlen(name) - strlen(EXT));
        if (!ids[i])
            return kz_fail(err, KZ_E_LIMIT, "import.memory");
    }
    *ret = ids;
    return KZ_OK;
}

static kz_status not_there(const char *id, kz_arena *a, kz_err *err)
{
    const char *const *ids;
    KZ_TRY(kz_source_ids(a, &ids, err));
    kz_auto(kz_buf) list = kz_buf_init(4096);
    for (; *ids; ids++)
        kz_buf_fmt(&list, "%s%s", list.n ? ", " : "", *ids);
    return kz_fail(err, KZ_E_MISSING, "source.unknown", kz_s("id", id), kz_s("known", kz_buf_text(&list)));
}

/* ---- the source as a whole ----------------------------------------------------- */

/* "31.12." */
static bool read_day(kz_source *s, const char *text)
{
    kz_date d;
    char full[16];
    if (text[0] == '\0') {
        s->day = 31;
        s->month = 12;
        return s->rows == KZ_ROWS_TABLE;
    }
    int n = snprintf(full, sizeof full, "%s2001", text); /* a day that every year has */
    if (n != 10 || !kz_date_parse(kz_view_of(full), &d))
        return false;
    s->day = d.day;
    s->month = d.month;
    return true;
}

static bool read_time(kz_source *s, const kz_source_field *f)
{
    static const char *const KINDS[] = { "reference_day", "year", "school_year", "entry_year" };
    for (int i = 0; i < 4; i++)
        if (strcmp(f->type, KINDS[i]) == 0) {
            s->time = (kz_source_time)i;
            return read_day(s, f->name);
        }
    return false;
}

static bool read_retention(kz_source *s, const kz_source_field *f)
{
    int64_t years = 0;
    if (strcmp(f->type, "unlimited") == 0)
        return f->name[0] == '\0' && s->rows == KZ_ROWS_TABLE; /* rows of persons always have an end */
    if (strcmp(f->type, "years") != 0 || !kz_parse_plain(kz_view_of(f->name), 1, 100, &years))
        return false;
    s->retention_years = (int)years;
    return true;
}

static bool read_address(kz_source *s, const kz_source_field *f)
{
    static const char *const RULES[] = { "dropped", "gazetteer", "refused" };
    for (int i = 0; i < 3; i++)
        if (strcmp(f->name, RULES[i]) == 0) {
            s->address = (kz_source_address)i;
            return true;
        }
    return false;
}

/* Entries that there is one of; `known` says whether it is one. */
static bool read_plain(kz_source *s, const kz_source_field *f, bool *known)
{
    *known = true;
    if (strcmp(f->field, "title") == 0) {
        s->title = f->text;
        return f->text[0] != '\0';
    }
    if (strcmp(f->field, "rows") == 0) {
        s->rows = strcmp(f->type, "persons") == 0 ? KZ_ROWS_PERSONS : KZ_ROWS_TABLE;
        return s->rows == KZ_ROWS_PERSONS || strcmp(f->type, "table") == 0;
    }
    if (strcmp(f->field, "profile") == 0) {
        s->profile = f->name;
        return f->name[0] != '\0';
    }
    if (strcmp(f->field, "family") == 0) {
        s->family = f->name;
        return f->name[0] != '\0';
    }
    if (strcmp(f->field, "unique") == 0) {
        s->unique = f->name;
        s->unique_is_error = strcmp(f->type, "error") == 0;
        return kz_source_column_find(s, f->name) && (s->unique_is_error || strcmp(f->type, "warning") == 0);
    }
    if (strcmp(f->field, "time") == 0)
        return read_time(s, f);
    if (strcmp(f->field, "retention") == 0)
        return read_retention(s, f);
    if (strcmp(f->field, "address") == 0)
        return read_address(s, f);
    *known = false;
    return strcmp(f->field, "office") == 0 || strcmp(f->field, "purpose") == 0 || strcmp(f->field, "legal") == 0;
}

static kz_status wrong(const char *file, int line, const kz_source_field *f, kz_err *err)
{
    return kz_fail(err, KZ_E_INPUT, "source.field", kz_s("file", file), kz_n("line", line), kz_s("value", f->field),
                   kz_s("name", f->name), kz_s("type", f->type));
}

kz_status kz_source_parse(const char *id, const char *file, const char *text, size_t n, kz_arena *a, kz_source *ret,
                          kz_err *err)
{
    static const char *const columns[] = { "field", "name", "type", "text", NULL };
    kz_tsv t;
    KZ_TRY(kz_tsv_parse(file, text, n, columns, a, &t, err));
    kz_source_field *fields = kz_arena_new(a, kz_source_field, t.n_rows + 1);
    kz_source s = { .id = kz_arena_strdup(a, id), .n_fields = t.n_rows, .fields = fields, .month = 12, .day = 31 };
    source_reader r = { .file = file, .arena = a, .source = &s };
    if (!fields || !s.id)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    s.family = s.id;
    KZ_TRY(source_reader_begin(&r, t.n_rows, err));
    for (int i = 0; i < t.n_rows; i++) {
        const kz_source_field *f = &fields[i];
        bool known, good;
        fields[i] = (kz_source_field){ kz_tsv_at(&t, i, 0), kz_tsv_at(&t, i, 1), kz_tsv_at(&t, i, 2),
                                       kz_tsv_at(&t, i, 3) };
        r.line = t.lines[i];
        good = read_plain(&s, f, &known);
        if (known || good) {
            if (!good)
                return wrong(file, r.line, f, err);
            continue;
        }
        KZ_TRY(source_reader_take(&r, f, &good, err));
        if (!good)
            return wrong(file, r.line, f, err);
    }
    if (!s.title || !s.profile || (s.rows == KZ_ROWS_PERSONS && s.retention_years == 0))
        return kz_fail(err, KZ_E_INPUT, "source.incomplete", kz_s("file", file));
    KZ_TRY(source_reader_end(&r, err));
    *ret = s;
    return KZ_OK;
}

kz_status kz_source_load(const char *id, kz_arena *a, kz_source *ret, kz_err *err)
{
    kz_auto(kz_buf) path = kz_buf_init(256);
    kz_buf_fmt(&path, DIR "%s" EXT, id);
    const kz_asset *asset = kz_buf_status(&path) == KZ_OK ? kz_asset_find(kz_buf_text(&path)) : NULL;
    if (!asset)
        return not_there(id, a, err);
    return kz_source_parse(id, asset->path, (const char *)asset->bytes, asset->n, a, ret, err);
}
