#include "monitor/source.h"

#include "base/asset.h"
#include "base/buf.h"
#include "base/tsv.h"

#include <string.h>

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

static bool understand(kz_source *s, const kz_source_field *f)
{
    static const char *const plain[] = { "time", "office", "purpose", "legal", "retention", "column", "dropped" };
    if (strcmp(f->field, "title") == 0) {
        s->title = f->text;
        return true;
    }
    if (strcmp(f->field, "rows") == 0) {
        s->rows = strcmp(f->type, "persons") == 0 ? KZ_ROWS_PERSONS : KZ_ROWS_TABLE;
        return s->rows == KZ_ROWS_PERSONS || strcmp(f->type, "table") == 0;
    }
    if (strcmp(f->field, "profile") == 0) {
        s->profile = f->name;
        return f->name[0] != '\0';
    }
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (strcmp(f->field, plain[i]) == 0)
            return true;
    return false;
}

kz_status kz_source_load(const char *id, kz_arena *a, kz_source *ret, kz_err *err)
{
    static const char *const columns[] = { "field", "name", "type", "text", NULL };
    kz_auto(kz_buf) path = kz_buf_init(256);
    kz_buf_fmt(&path, DIR "%s" EXT, id);
    const kz_asset *asset = kz_buf_status(&path) == KZ_OK ? kz_asset_find(kz_buf_text(&path)) : NULL;
    if (!asset)
        return not_there(id, a, err);

    kz_tsv t;
    KZ_TRY(kz_tsv_parse(asset->path, (const char *)asset->bytes, asset->n, columns, a, &t, err));
    kz_source_field *fields = kz_arena_new(a, kz_source_field, t.n_rows + 1);
    kz_source s = { .id = kz_arena_strdup(a, id), .n_fields = t.n_rows, .fields = fields };
    if (!fields || !s.id)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    for (int i = 0; i < t.n_rows; i++) {
        fields[i] = (kz_source_field){ kz_tsv_at(&t, i, 0), kz_tsv_at(&t, i, 1), kz_tsv_at(&t, i, 2),
                                       kz_tsv_at(&t, i, 3) };
        if (!understand(&s, &fields[i]))
            return kz_fail(err, KZ_E_INPUT, "source.field", kz_s("file", asset->path),
                           kz_n("line", t.lines[i]), kz_s("value", fields[i].field));
    }
    if (!s.title || !s.profile)
        return kz_fail(err, KZ_E_INPUT, "source.incomplete", kz_s("file", asset->path));
    *ret = s;
    return KZ_OK;
}
