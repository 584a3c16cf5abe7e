#include "cli/stat_table.h"

#include "base/dict.h"
#include "base/parse.h"
#include "io/csv.h"

#include <math.h>
#include <strings.h>

/*
 * A CSV file and the attributes of a geometry file are read by the same code: `source` walks
 * over rows of fields and says where it is.
 */
typedef struct source {
    const char *file;
    kz_csv     *csv;           /* NULL: geometry                     */
    const kz_geofile *geo;
    kz_arena   *arena;
    int         at;            /* the next feature                   */
    kz_csv_row  row;           /* of both kinds                      */
    kz_view    *fields;        /* of one feature                     */
    bool        points;        /* parted by commas or from geometry: the decimal sign is a point */
} source;

static bool next_row(source *s)
{
    if (s->csv)
        return kz_csv_next(s->csv, &s->row);
    if (s->at >= s->geo->n)
        return false;
    const kz_geo_feature *f = &s->geo->features[s->at++];
    for (int i = 0; i < s->geo->n_fields; i++)
        s->fields[i] = kz_view_of(f->values[i]);
    s->row = (kz_csv_row){ .field = s->fields, .n = (size_t)s->geo->n_fields, .line = (uint64_t)f->row };
    return true;
}

static void rewind_rows(source *s)
{
    s->at = 0;
    if (s->csv)
        kz_csv_rewind(s->csv);
}

static size_t n_columns(const source *s)
{
    return s->csv ? s->csv->n_columns : (size_t)s->geo->n_fields;
}

static kz_view column_name(const source *s, size_t column)
{
    return s->csv ? s->csv->header[column] : kz_view_of(s->geo->fields[column]);
}

static kz_status find_column(const source *s, const char *name, size_t *column, kz_err *err)
{
    if (s->csv)
        return kz_csv_column(s->csv, name, column, err);
    for (size_t i = 0; i < n_columns(s); i++)
        if (kz_view_is(column_name(s, i), name)) {
            *column = i;
            return KZ_OK;
        }
    kz_auto(kz_buf) all = kz_buf_init(400);
    for (size_t i = 0; i < n_columns(s); i++)
        kz_buf_fmt(&all, "%s%s", i ? ", " : "", s->geo->fields[i]);
    return kz_fail(err, KZ_E_INPUT, "space.no_field", kz_s("file", s->file), kz_s("column", name),
                   kz_s("columns", kz_buf_text(&all)));
}

/* About one cell: {file} {line} {column} {value}. */
static kz_status cell_fail(const source *s, size_t column, const char *id, kz_err *err)
{
    if (s->csv)
        return kz_csv_field_fail(s->csv, &s->row, column, id, err);
    return kz_fail(err, KZ_E_INPUT, id, kz_s("file", s->file), kz_n("line", s->row.line),
                   kz_vw("column", column_name(s, column)), kz_vw("value", s->row.field[column]));
}

static const char *const USUAL[] = { "area", "key", "id" };

static kz_status find_key(const source *s, const char *wanted, size_t *column, kz_err *err)
{
    if (wanted)
        return find_column(s, wanted, column, err);
    for (size_t i = 0; i < sizeof USUAL / sizeof USUAL[0]; i++)
        if (find_column(s, USUAL[i], column, NULL) == KZ_OK)
            return KZ_OK;
    *column = 0;
    return KZ_OK;
}

static kz_status find_columns(const source *s, const char *const *names, int n, size_t *column, kz_err *err)
{
    for (int i = 0; i < n; i++) {
        KZ_TRY(find_column(s, names[i], &column[i], err));
        for (int j = 0; j < i; j++)
            if (column[j] == column[i])
                return kz_fail(err, KZ_E_USAGE, "space.column_twice", kz_s("column", names[i]));
    }
    return KZ_OK;
}

static kz_status read_flag(const source *s, size_t column, bool *flag, kz_err *err)
{
    static const char *const YES[] = { "1", "ja", "yes", "true", "x", "X", "TRUE", "Ja" },
                     *const NO[] = { "", "0", "nein", "no", "false", "FALSE", "Nein" };
    kz_view v = kz_view_trim(s->row.field[column]);
    for (size_t i = 0; i < sizeof YES / sizeof YES[0]; i++)
        if (kz_view_is(v, YES[i])) {
            *flag = true;
            return KZ_OK;
        }
    for (size_t i = 0; i < sizeof NO / sizeof NO[0]; i++)
        if (kz_view_is(v, NO[i])) {
            *flag = false;
            return KZ_OK;
        }
    return cell_fail(s, column, "space.not_a_flag", err);
}

typedef struct plan {
    size_t key, flag;
    size_t *number, *text;
    kz_number_column *seen;
    kz_number_style  *style;
} plan;

/* First pass: how many rows, and how the numbers are written. */
static kz_status look(source *s, const kz_stat_ask *ask, plan *p, int *n, kz_err *err)
{
    for (*n = 0; next_row(s); ++*n) {
        bool flag = false;
        if (*n >= KZ_STAT_ROWS_MOST)
            return kz_fail(err, KZ_E_LIMIT, "space.too_many_rows", kz_s("file", s->file),
                           kz_n("most", KZ_STAT_ROWS_MOST));
        if (s->csv)
            KZ_TRY(kz_csv_check(s->csv, &s->row, err));
        if (ask->flag)
            KZ_TRY(read_flag(s, p->flag, &flag, err));
        for (int c = 0; c < ask->n_numbers && !flag; c++)
            kz_number_see(&p->seen[c], s->row.field[p->number[c]], s->row.line);
    }
    if (s->csv)
        KZ_TRY(kz_csv_end(s->csv, err));
    for (int c = 0; c < ask->n_numbers; c++) {
        kz_number_style style = kz_number_decide(&p->seen[c]);
        if (style == KZ_NUM_CONFLICT || style == KZ_NUM_UNITS || (style == KZ_NUM_ASK && s->points))
            style = KZ_NUM_POINT; /* the first value that does not fit is named */
        p->style[c] = style;
    }
    return KZ_OK;
}

typedef struct room {
    const char **key;
    uint64_t    *line;
    double     **number;
    const char ***text;
    bool        *flagged;
} room;

static kz_status make_room(kz_arena *a, const kz_stat_ask *ask, int n, room *r, kz_err *err)
{
    r->key = kz_arena_new(a, const char *, n);
    r->line = kz_arena_new(a, uint64_t, n);
    r->flagged = kz_arena_new(a, bool, n);
    r->number = kz_arena_new(a, double *, ask->n_numbers + 1);
    r->text = kz_arena_new(a, const char **, ask->n_texts + 1);
    bool ok = r->key && r->line && r->flagged && r->number && r->text;
    for (int c = 0; ok && c < ask->n_numbers; c++)
        ok = (r->number[c] = kz_arena_new(a, double, n)) != NULL;
    for (int c = 0; ok && c < ask->n_texts; c++)
        ok = (r->text[c] = kz_arena_new(a, const char *, n)) != NULL;
    return ok ? KZ_OK : kz_fail(err, KZ_E_LIMIT, "space.memory");
}

static kz_status copy_text(source *s, size_t column, const char **ret, kz_err *err)
{
    kz_view v = kz_view_trim(s->row.field[column]);
    const char *copy = kz_arena_strndup(s->arena, v.p, v.n);
    if (!copy)
        return kz_fail(err, KZ_E_LIMIT, "space.memory");
    *ret = copy;
    return KZ_OK;
}

/* Second pass: the cells of row i. */
static kz_status take(source *s, const kz_stat_ask *ask, const plan *p, room *r, int i, kz_err *err)
{
    r->line[i] = s->row.line;
    KZ_TRY(copy_text(s, p->key, &r->key[i], err));
    if (!r->key[i][0])
        return cell_fail(s, p->key, "space.key_empty", err);
    if (ask->flag)
        KZ_TRY(read_flag(s, p->flag, &r->flagged[i], err));
    for (int c = 0; c < ask->n_texts; c++)
        KZ_TRY(copy_text(s, p->text[c], &r->text[c][i], err));
    for (int c = 0; c < ask->n_numbers; c++) {
        r->number[c][i] = NAN;
        if (r->flagged[i])
            continue;
        kz_parsed ok = kz_parse_real(s->row.field[p->number[c]], p->style[c], &r->number[c][i]);
        if (ok == KZ_PARSED_EMPTY || ok == KZ_PARSED_NOT)
            return cell_fail(s, p->number[c], "space.no_number", err);
        if (ok != KZ_PARSED)
            return cell_fail(s, p->number[c], kz_parsed_id(ok), err);
    }
    return KZ_OK;
}

static kz_status refuse_twins(const source *s, const kz_stat_ask *ask, const room *r, int n, kz_err *err)
{
    kz_dict seen;
    if (ask->repeated)
        return KZ_OK;
    KZ_TRY(kz_dict_init(&seen, s->arena, (uint32_t)n + 1, err));
    for (int i = 0; i < n; i++) {
        uint32_t first;
        bool fresh;
        KZ_TRY(kz_dict_put(&seen, kz_view_of(r->key[i]), &first, &fresh, err));
        if (!fresh)
            return kz_fail(err, KZ_E_INPUT, "space.key_twice", kz_s("file", s->file), kz_n("line", r->line[i]),
                           kz_s("key", r->key[i]), kz_n("first", r->line[first]));
    }
    return KZ_OK;
}

static kz_status read_source(source *s, const kz_stat_ask *ask, kz_stat_table *ret, kz_err *err)
{
    plan p = { .number = kz_arena_new(s->arena, size_t, ask->n_numbers + 1),
               .text = kz_arena_new(s->arena, size_t, ask->n_texts + 1),
               .seen = kz_arena_new(s->arena, kz_number_column, ask->n_numbers + 1),
               .style = kz_arena_new(s->arena, kz_number_style, ask->n_numbers + 1) };
    if (!p.number || !p.text || !p.seen || !p.style)
        return kz_fail(err, KZ_E_LIMIT, "space.memory");
    KZ_TRY(find_key(s, ask->key, &p.key, err));
    KZ_TRY(find_columns(s, ask->numbers, ask->n_numbers, p.number, err));
    KZ_TRY(find_columns(s, ask->texts, ask->n_texts, p.text, err));
    if (ask->flag)
        KZ_TRY(find_column(s, ask->flag, &p.flag, err));
    int n;
    room r = { 0 };
    KZ_TRY(look(s, ask, &p, &n, err));
    KZ_TRY(make_room(s->arena, ask, n, &r, err));
    rewind_rows(s);
    for (int i = 0; i < n && next_row(s); i++)
        KZ_TRY(take(s, ask, &p, &r, i, err));
    KZ_TRY(refuse_twins(s, ask, &r, n, err));
    kz_view name = column_name(s, p.key);
    const char *key_name = kz_arena_strndup(s->arena, name.p, name.n);
    if (!key_name)
        return kz_fail(err, KZ_E_LIMIT, "space.memory");
    *ret = (kz_stat_table){ .file = s->file, .key_name = key_name, .n = n, .key = r.key, .line = r.line,
                            .number = (const double *const *)r.number,
                            .text = (const char *const *const *)r.text, .flagged = r.flagged };
    return KZ_OK;
}

kz_status kz_stat_table_read(const char *path, const kz_stat_ask *ask, kz_arena *a, kz_stat_table *ret,
                             kz_err *err)
{
    kz_auto(kz_csv) csv = { 0 };
    KZ_TRY(kz_csv_open(&csv, path, &(kz_csv_opts){ 0 }, err));
    source s = { .file = path, .csv = &csv, .arena = a, .points = csv.delimiter == ',' };
    return read_source(&s, ask, ret, err);
}

kz_status kz_stat_table_geo(const char *path, const kz_geofile *geo, const kz_stat_ask *ask, kz_arena *a,
                            kz_stat_table *ret, kz_err *err)
{
    source s = { .file = path, .geo = geo, .arena = a, .points = true,
                 .fields = kz_arena_new(a, kz_view, geo->n_fields + 1) };
    if (!s.fields)
        return kz_fail(err, KZ_E_LIMIT, "space.memory");
    return read_source(&s, ask, ret, err);
}

bool kz_stat_table_has_areas(const kz_stat_table *t, const kz_stat_ask *ask)
{
    bool usual = ask->key != NULL;
    for (size_t i = 0; i < sizeof USUAL / sizeof USUAL[0]; i++)
        usual |= strcasecmp(t->key_name, USUAL[i]) == 0;
    return usual;
}

kz_status kz_stat_table_pairs(const kz_stat_table *t, int text, kz_arena *a, kz_err *err)
{
    kz_dict seen;
    kz_auto(kz_buf) pair = kz_buf_init(1u << 20);
    KZ_TRY(kz_dict_init(&seen, a, (uint32_t)t->n + 1, err));
    for (int i = 0; i < t->n; i++) {
        uint32_t first;
        bool fresh;
        kz_buf_clear(&pair);
        kz_buf_str(&pair, t->key[i]);
        kz_buf_char(&pair, '\n');
        kz_buf_str(&pair, text >= 0 ? t->text[text][i] : "");
        KZ_TRY(kz_buf_status(&pair));
        KZ_TRY(kz_dict_put(&seen, kz_view_from(pair.p, pair.n), &first, &fresh, err));
        if (!fresh && text < 0)
            return kz_fail(err, KZ_E_INPUT, "space.key_twice", kz_s("file", t->file), kz_n("line", t->line[i]),
                           kz_s("key", t->key[i]), kz_n("first", t->line[first]));
        if (!fresh)
            return kz_fail(err, KZ_E_INPUT, "space.pair_twice", kz_s("file", t->file), kz_n("line", t->line[i]),
                           kz_s("key", t->key[i]), kz_s("period", t->text[text][i]), kz_n("first", t->line[first]));
    }
    return KZ_OK;
}
