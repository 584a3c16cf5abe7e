#include "monitor/gazetteer_read.h"

#include "io/csv.h"
#include "monitor/address_columns.h"
#include "monitor/locate.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINES_MOST = 8000000, STREETS_MOST = 2000000, TO_THE_END = 99999 };

typedef struct job {
    const kz_gazetteer_order *order;
    kz_csv *csv;
    kz_findings *found;
    kz_gazetteer_report *r;
    gazetteer_list *list;
    size_t at[KZ_N_ADDRESS_ROLES], area;
    kz_locate_row point; /* by points: where the line at hand lies            */
    int target, first;   /* by points: number of the level, its first area    */
} job;

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "gazetteer.memory");
}

/* ---- columns ------------------------------------------------------------- */

static kz_status no_area(const job *j, const kz_area_level levels[], int n, kz_err *err)
{
    kz_auto(kz_buf) known = kz_buf_init(4000), header = kz_buf_init(64 * 1024);
    for (int i = 1; i < n; i++)
        kz_buf_fmt(&known, "%s%s", i > 1 ? ", " : "", levels[i].one);
    for (size_t i = 0; i < j->csv->n_columns; i++)
        kz_buf_fmt(&header, "%s%.*s", i ? ", " : "", (int)j->csv->header[i].n, j->csv->header[i].p);
    return kz_fail(err, KZ_E_INPUT, "gazetteer.no_area", kz_s("file", j->order->file),
                   kz_s("levels", kz_buf_text(&known)), kz_s("columns", kz_buf_text(&header)));
}

/* The level and the column with its areas: as ordered, else the finest level that a column is named after. */
static kz_status find_area(job *j, kz_db *work, kz_err *err)
{
    const kz_area_level *levels;
    int n;
    KZ_TRY(kz_area_levels(work, j->list->a, &levels, &n, err));
    if (j->order->level) {
        KZ_TRY(kz_area_level_find(work, j->order->level, &j->r->level, err));
        levels = &j->r->level;
        n = 1;
    }
    if (j->order->area) {
        KZ_TRY(kz_csv_column(j->csv, j->order->area, &j->area, err));
        j->r->level = levels[n - 1];
        if (j->order->level)
            return KZ_OK;
    }
    for (int i = n - 1; i >= 0; i--)
        for (size_t c = 0; c < j->csv->n_columns; c++)
            if (j->order->area ? c == j->area && kz_area_column(j->csv->header[c], &levels[i])
                               : kz_area_column(j->csv->header[c], &levels[i])) {
                j->area = c;
                j->r->level = levels[i];
                return KZ_OK;
            }
    if (j->order->area)
        return KZ_OK;
    j->r->by_points = j->at[KZ_ROLE_X] != SIZE_MAX && j->at[KZ_ROLE_Y] != SIZE_MAX;
    return j->r->by_points ? KZ_OK : no_area(j, levels, n, err);
}

static kz_status find_columns(job *j, kz_db *work, kz_err *err)
{
    kz_address_columns(j->csv->header, j->csv->n_columns, j->at);
    if (j->at[KZ_ROLE_STREET] == SIZE_MAX)
        return kz_fail(err, KZ_E_INPUT, "gazetteer.no_street", kz_s("file", j->order->file));
    KZ_TRY(find_area(j, work, err));
    kz_auto(kz_buf) left = kz_buf_init(sizeof j->r->left_out);
    for (size_t c = 0; c < j->csv->n_columns; c++) {
        kz_address_role role = kz_address_role_of(j->csv->header[c]);
        bool used = c == j->area || (role < (j->r->by_points ? KZ_ROLE_WHOLE : KZ_ROLE_X) && j->at[role] == c);
        if (!used && left.n + j->csv->header[c].n + 8 < sizeof j->r->left_out)
            kz_buf_fmt(&left, "%s%.*s", left.n ? ", " : "", (int)j->csv->header[c].n, j->csv->header[c].p);
    }
    snprintf(j->r->left_out, sizeof j->r->left_out, "%s", kz_buf_text(&left));
    return j->r->by_points ? KZ_OK : kz_area_keys_make(work, &j->r->level, j->list->a, &j->list->keys, err);
}

/* ---- lines ---------------------------------------------------------------- */

static kz_view cell(const job *j, const kz_csv_row *row, kz_address_role role)
{
    return j->at[role] == SIZE_MAX ? kz_view_of("") : kz_view_trim(row->field[j->at[role]]);
}

static const char *column(job *j, size_t at)
{
    const char *name = at == SIZE_MAX ? NULL : kz_arena_strndup(j->list->a, j->csv->header[at].p, j->csv->header[at].n);
    return name ? name : "";
}

static void wrong(job *j, const kz_csv_row *row, size_t at, const char *rule)
{
    kz_finding_add(j->found, KZ_ERROR, rule, (int64_t)row->line, column(j, at), row->field[at],
                   kz_s("level", j->r->level.one));
}

/* "ungerade", "u", "odd": 1; "gerade", "g", "even": 2; "beide", "fortlaufend": 3; nothing: 0; else -1. */
static int side_of(kz_view v)
{
    static const struct {
        const char *name;
        int side;
    } SIDES[] = { { "", 0 },        { "u", 1 },     { "ungerade", 1 }, { "odd", 1 },  { "1", 1 },
                  { "g", 2 },       { "gerade", 2 }, { "even", 2 },    { "2", 2 },    { "b", 3 },
                  { "beide", 3 },   { "alle", 3 },  { "f", 3 },        { "fortlaufend", 3 },
                  { "both", 3 },    { "gu", 3 },    { "ug", 3 },       { "0", 0 } };
    char key[KZ_STREET_KEY];
    kz_street_key(v, key);
    for (size_t i = 0; i < sizeof SIDES / sizeof *SIDES; i++)
        if (strcmp(SIDES[i].name, key) == 0)
            return SIDES[i].side;
    return -1;
}

static bool take_to(job *j, const kz_csv_row *row, gazetteer_line *l)
{
    kz_view to = cell(j, row, KZ_ROLE_TO);
    char key[KZ_STREET_KEY];
    kz_house h;
    kz_street_key(to, key);
    if (l->from > 0 && (strcmp(key, "ende") == 0 || strcmp(key, "ff") == 0)) {
        l->to = TO_THE_END;
        return true;
    }
    kz_house_form form = kz_house_parse(to, cell(j, row, KZ_ROLE_SUFFIX_TO), &h);
    if (form == KZ_HOUSE_NONE)
        return true;
    if (form == KZ_HOUSE_UNREADABLE || h.from < l->from || h.to != h.from) {
        wrong(j, row, j->at[KZ_ROLE_TO], "gazetteer.range");
        return false;
    }
    if (l->from == 0)
        l->from = 1;
    l->to = h.from;
    memcpy(l->suffix_to, h.suffix, sizeof h.suffix);
    return true;
}

static bool take_numbers(job *j, const kz_csv_row *row, gazetteer_line *l)
{
    kz_house h;
    kz_house_form form = kz_house_parse(cell(j, row, KZ_ROLE_NUMBER), cell(j, row, KZ_ROLE_SUFFIX), &h);
    if (form == KZ_HOUSE_UNREADABLE) {
        wrong(j, row, j->at[KZ_ROLE_NUMBER] != SIZE_MAX ? j->at[KZ_ROLE_NUMBER] : j->at[KZ_ROLE_SUFFIX],
              "gazetteer.number");
        return false;
    }
    l->from = h.from;
    l->to = h.to;
    memcpy(l->suffix, h.suffix, sizeof h.suffix);
    memcpy(l->suffix_to, h.suffix_to, sizeof h.suffix_to);
    if (j->at[KZ_ROLE_TO] != SIZE_MAX && !take_to(j, row, l))
        return false;
    if (j->at[KZ_ROLE_SIDE] != SIZE_MAX && (l->side = side_of(cell(j, row, KZ_ROLE_SIDE))) < 0) {
        wrong(j, row, j->at[KZ_ROLE_SIDE], "gazetteer.side");
        return false;
    }
    return true;
}

/* False: the house is left out, and a warning says why. */
static bool take_point(job *j, const kz_csv_row *row, gazetteer_line *l)
{
    const kz_locate_row *p = &j->point;
    if (p->verdict == KZ_LOCATED_OK) {
        l->area = p->at[j->target] - j->first;
        return true;
    }
    const char *rule = p->verdict == KZ_LOCATED_OUTSIDE ? "gazetteer.outside"
                       : p->why == KZ_WHY_NO_POINT || p->why == KZ_WHY_BAD_POINT ? "gazetteer.no_point"
                                                                                  : "gazetteer.between";
    kz_finding_add(j->found, KZ_WARNING, rule, (int64_t)row->line, column(j, j->at[KZ_ROLE_STREET]),
                   row->field[j->at[KZ_ROLE_STREET]], kz_s("level", j->r->level.one));
    return false;
}

static bool take_area(job *j, const kz_csv_row *row, gazetteer_line *l)
{
    kz_key_how how;
    if (j->r->by_points)
        return take_point(j, row, l);
    l->area = kz_area_keys_find(&j->list->keys, row->field[j->area], &how);
    if (l->area < 0 || how == KZ_KEY_PREFIX) {
        wrong(j, row, j->area, "gazetteer.area");
        return false;
    }
    if (how == KZ_KEY_ZEROS)
        kz_finding_add(j->found, KZ_NOTICE, "gazetteer.zeros", (int64_t)row->line, column(j, j->area),
                       row->field[j->area], kz_s("key", j->list->keys.areas[l->area].key));
    return true;
}

static kz_status take_line(job *j, const kz_csv_row *row, kz_err *err)
{
    gazetteer_line l = { .line = (int64_t)row->line };
    char key[KZ_STREET_KEY];
    bool fresh, good = true;
    if (row->problem != KZ_CSV_FINE) {
        kz_finding_add(j->found, KZ_ERROR, "gazetteer.ragged", (int64_t)row->line, "", kz_view_of(""));
        return KZ_OK;
    }
    kz_view street = cell(j, row, KZ_ROLE_STREET);
    size_t n = kz_street_key(street, key);
    if (n == 0) {
        wrong(j, row, j->at[KZ_ROLE_STREET], "gazetteer.empty_street");
        return KZ_OK;
    }
    if ((l.postcode = kz_postcode_parse(cell(j, row, KZ_ROLE_POSTCODE))) < 0) {
        wrong(j, row, j->at[KZ_ROLE_POSTCODE], "gazetteer.postcode");
        good = false;
    }
    good &= take_numbers(j, row, &l);
    good &= take_area(j, row, &l);
    if (!good)
        return KZ_OK;
    KZ_TRY(kz_dict_put(&j->list->streets, kz_view_from(key, n), &l.street, &fresh, err));
    if (fresh && !(j->list->names[l.street] = kz_arena_strndup(j->list->a, street.p, street.n)))
        return full(err);
    j->list->lines[j->list->n++] = l;
    return KZ_OK;
}

/* ---- the list --------------------------------------------------------------- */

static int compare_house(const gazetteer_line *a, const gazetteer_line *b)
{
    if (a->street != b->street)
        return a->street < b->street ? -1 : 1;
    if (a->postcode != b->postcode)
        return a->postcode < b->postcode ? -1 : 1;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    int cmp = strcmp(a->suffix, b->suffix);
    if (cmp == 0)
        cmp = strcmp(a->suffix_to, b->suffix_to);
    return cmp ? cmp : a->side - b->side;
}

static int by_house(const void *va, const void *vb)
{
    const gazetteer_line *a = va, *b = vb;
    int cmp = compare_house(a, b);
    if (cmp == 0)
        cmp = a->area - b->area;
    return cmp ? cmp : a->line < b->line ? -1 : a->line > b->line;
}

/* Equal lines are one; the same house in two areas is a warning, and will be ambiguous. */
static void drop_duplicates(job *j)
{
    gazetteer_list *list = j->list;
    int64_t n = 0;
    qsort(list->lines, (size_t)list->n, sizeof *list->lines, by_house);
    for (int64_t i = 0; i < list->n; i++) {
        const gazetteer_line *l = &list->lines[i];
        if (n > 0 && compare_house(&list->lines[n - 1], l) == 0) {
            if (list->lines[n - 1].area == l->area) {
                j->r->duplicates++;
                continue;
            }
            kz_auto(kz_buf) house = kz_buf_init(4096);
            kz_buf_fmt(&house, "%s %d%s", list->names[l->street], l->from, l->suffix);
            const char *where = j->r->by_points ? "" : column(j, j->area);
            kz_finding_add(j->found, KZ_WARNING, "gazetteer.two_areas", l->line, where,
                           kz_view_from(kz_buf_text(&house), house.n), kz_n("other", list->lines[n - 1].line),
                           kz_s("a", list->keys.areas[list->lines[n - 1].area].key),
                           kz_s("b", list->keys.areas[l->area].key));
        }
        list->lines[n++] = *l;
    }
    list->n = n;
}

static kz_status count(job *j, kz_err *err)
{
    bool *seen = kz_arena_new(j->list->a, bool, j->list->keys.n + 1);
    if (!seen)
        return full(err);
    for (int64_t i = 0; i < j->list->n; i++) {
        const gazetteer_line *l = &j->list->lines[i];
        j->r->ranges += l->to > l->from;
        j->r->areas += !seen[l->area];
        seen[l->area] = true;
    }
    j->r->streets = j->list->streets.n;
    j->r->addresses = j->list->n;
    return KZ_OK;
}

/* Every line, with the area that a column names. */
static kz_status read_lines(job *j, kz_err *err)
{
    kz_csv_row row;
    while (kz_csv_next(j->csv, &row))
        KZ_TRY(take_line(j, &row, err));
    return kz_csv_end(j->csv, err);
}

/* Every line, with the area that its point lies in. */
static kz_status read_points(job *j, kz_db *work, const void *bytes, size_t n, kz_err *err)
{
    kz_auto(kz_buf) x = kz_buf_init(70 * 1024), y = kz_buf_init(70 * 1024);
    const kz_view *header = j->csv->header;
    kz_buf_add(&x, header[j->at[KZ_ROLE_X]].p, header[j->at[KZ_ROLE_X]].n);
    kz_buf_add(&y, header[j->at[KZ_ROLE_Y]].p, header[j->at[KZ_ROLE_Y]].n);
    const kz_locate_order order = { .file = j->order->file, .bytes = bytes, .n_bytes = n, .crs = j->order->crs,
                                    .level = j->order->level, .lon = kz_buf_text(&x), .lat = kz_buf_text(&y) };
    kz_auto(kz_locate) l = { 0 };
    KZ_TRY(kz_locate_open(&l, work, &order, err));
    j->r->level = l.tree.levels[l.target];
    KZ_TRY(kz_area_keys_make(work, &j->r->level, j->list->a, &j->list->keys, err));
    KZ_ASSERT(j->list->keys.n == l.tree.first[l.target + 1] - l.tree.first[l.target]);
    j->first = l.tree.first[l.target];
    j->target = l.target;
    while (kz_locate_next(&l, &j->point)) {
        const kz_csv_row row = { .field = j->point.field, .n = l.n_columns, .line = j->point.line };
        KZ_TRY(take_line(j, &row, err));
    }
    return kz_locate_end(&l, err);
}

kz_status gazetteer_read(kz_db *work, const kz_gazetteer_order *order, const void *bytes, size_t n, kz_arena *a,
                         kz_findings *found, kz_gazetteer_report *r, gazetteer_list *ret, kz_err *err)
{
    kz_auto(kz_csv) csv = { 0 };
    gazetteer_list list = { .a = a };
    job j = { .order = order, .csv = &csv, .found = found, .r = r, .list = &list, .area = SIZE_MAX };
    kz_csv_row row;
    int64_t rows = 0;
    KZ_TRY(kz_csv_open_bytes(&csv, order->file, bytes, n, &(kz_csv_opts){ 0 }, err));
    KZ_TRY(find_columns(&j, work, err));
    while (kz_csv_next(&csv, &row))
        if (++rows > LINES_MOST)
            return full(err);
    KZ_TRY(kz_csv_end(&csv, err));
    kz_csv_rewind(&csv);
    KZ_TRY(kz_dict_init(&list.streets, a, STREETS_MOST, err));
    list.lines = kz_arena_new(a, gazetteer_line, rows + 1);
    list.names = kz_arena_new(a, const char *, (rows < STREETS_MOST ? rows : STREETS_MOST) + 1);
    if (!list.lines || !list.names)
        return full(err);
    KZ_TRY(r->by_points ? read_points(&j, work, bytes, n, err) : read_lines(&j, err));
    r->rows_read = rows;
    drop_duplicates(&j);
    KZ_TRY(count(&j, err));
    *ret = list;
    return KZ_OK;
}
