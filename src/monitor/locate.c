#include "monitor/locate.h"

#include "monitor/locate_point.h"

#include <stdlib.h>
#include <strings.h>

static const size_t ARENA_MAX = (size_t)4 << 30;

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "area.memory");
}

/* ---- opening --------------------------------------------------------------------- */

static bool is_geometry(const char *path)
{
    static const char *const ENDS[] = { ".geojson", ".json", ".gpkg", ".shp", ".kml", ".zip" };
    size_t n = strlen(path);
    for (size_t i = 0; i < sizeof ENDS / sizeof *ENDS; i++)
        if (n > strlen(ENDS[i]) && strcasecmp(path + n - strlen(ENDS[i]), ENDS[i]) == 0)
            return true;
    return false;
}

static kz_status open_geometry(kz_locate *l, kz_err *err)
{
    const kz_geofile_options how = { .crs = l->order->crs ? l->order->crs : "auto", .target = l->map.crs.epsg,
                                     .layer = l->order->layer };
    KZ_TRY(kz_geofile_read(l->order->file, &how, &l->arena, &l->geo, err));
    l->n_columns = (size_t)l->geo.n_fields;
    kz_view *header = kz_arena_new(&l->arena, kz_view, l->n_columns + 1);
    l->geo_fields = kz_arena_new(&l->arena, kz_view, l->n_columns + 1);
    if (!header || !l->geo_fields)
        return full(err);
    for (int i = 0; i < l->geo.n_fields; i++)
        header[i] = kz_view_of(l->geo.fields[i]);
    l->header = header;
    kz_crs_find(4326, &l->crs);
    return KZ_OK;
}

static kz_status find_column(const kz_locate *l, const char *name, size_t *ret, kz_err *err)
{
    if (!l->is_geo)
        return kz_csv_column(&l->csv, name, ret, err);
    kz_auto(kz_buf) known = kz_buf_init(64 * 1024);
    for (size_t i = 0; i < l->n_columns; i++) {
        if (kz_view_is(l->header[i], name)) {
            *ret = i;
            return KZ_OK;
        }
        kz_buf_fmt(&known, "%s%.*s", i ? ", " : "", (int)l->header[i].n, l->header[i].p);
    }
    return kz_fail(err, KZ_E_INPUT, "area.no_field", kz_s("file", l->order->file), kz_s("field", name),
                   kz_s("fields", kz_buf_text(&known)));
}

/* The columns of an address: by name where the name says it, the others in their order. */
static kz_status address_columns(kz_locate *l, kz_err *err)
{
    static const kz_address_role ORDER[] = { KZ_ROLE_STREET, KZ_ROLE_NUMBER, KZ_ROLE_SUFFIX, KZ_ROLE_POSTCODE };
    size_t at[KZ_LOCATE_COLUMNS], *role = l->address;
    bool placed[KZ_LOCATE_COLUMNS] = { 0 };
    int n = 0;
    for (; n < KZ_LOCATE_COLUMNS && l->order->address[n]; n++)
        KZ_TRY(find_column(l, l->order->address[n], &at[n], err));
    for (int i = 0; i < KZ_N_ADDRESS_ROLES; i++)
        role[i] = SIZE_MAX;
    for (int i = 0; i < n; i++) {
        kz_address_role r = kz_address_role_of(l->header[at[i]]);
        if (r == KZ_ROLE_WHOLE)
            r = KZ_ROLE_STREET;
        if (r <= KZ_ROLE_POSTCODE && r != KZ_ROLE_TO && r != KZ_ROLE_SIDE && r != KZ_ROLE_SUFFIX_TO &&
            role[r] == SIZE_MAX) {
            role[r] = at[i];
            placed[i] = true;
        }
    }
    for (int i = 0; i < n; i++)
        for (int k = 0; !placed[i] && k < 4; k++)
            if (role[ORDER[k]] == SIZE_MAX) {
                role[ORDER[k]] = at[i];
                placed[i] = true;
            }
    return KZ_OK;
}

/* What to locate by, when the order does not say it. */
static kz_status recognise(kz_locate *l, kz_err *err)
{
    size_t at[KZ_N_ADDRESS_ROLES];
    kz_address_columns(l->header, l->n_columns, at);
    if (at[KZ_ROLE_X] != SIZE_MAX && at[KZ_ROLE_Y] != SIZE_MAX) {
        l->x = at[KZ_ROLE_X];
        l->y = at[KZ_ROLE_Y];
        return KZ_OK;
    }
    if (at[KZ_ROLE_STREET] == SIZE_MAX)
        at[KZ_ROLE_STREET] = at[KZ_ROLE_WHOLE];
    if (at[KZ_ROLE_STREET] == SIZE_MAX)
        return kz_fail(err, KZ_E_USAGE, "locate.no_columns", kz_s("file", l->order->file));
    memcpy(l->address, at, sizeof at);
    l->by_address = true;
    return KZ_OK;
}

static kz_status find_columns(kz_locate *l, kz_err *err)
{
    const kz_locate_order *o = l->order;
    l->by_address = o->address[0] != NULL;
    if (o->expect)
        KZ_TRY(find_column(l, o->expect, &l->expect, err));
    if (l->by_address)
        return address_columns(l, err);
    if (l->is_geo)
        return KZ_OK;
    if (!o->lon)
        return recognise(l, err);
    KZ_TRY(find_column(l, o->lon, &l->x, err));
    return find_column(l, o->lat, &l->y, err);
}

static kz_status find_crs(kz_locate *l, kz_err *err)
{
    const char *text = l->order->crs ? l->order->crs : "EPSG:4326";
    int64_t code = 0;
    bool number = strncasecmp(text, "EPSG:", 5) == 0 && kz_parse_plain(kz_view_of(text + 5), 1024, 100000, &code);
    if (!number || !kz_crs_find((int)code, &l->crs))
        return kz_fail(err, KZ_E_INPUT, "locate.bad_crs", kz_s("crs", text));
    l->rough = l->crs.rough;
    return KZ_OK;
}

/* The finest level that the list of addresses names. */
static kz_status address_level(kz_locate *l, kz_db *work, kz_err *err)
{
    l->target = 0;
    if (l->order->level) {
        kz_area_level level;
        KZ_TRY(kz_area_level_find(work, l->order->level, &level, err));
        while (l->tree.levels[l->target].id != level.id)
            l->target++;
        return KZ_OK;
    }
    for (int i = 0; i < kz_gazetteer_n_places(l->gazetteer); i++) {
        int area = kz_area_tree_find(&l->tree, kz_gazetteer_place(l->gazetteer, i)->area);
        if (area >= 0 && l->tree.level[area] > l->target)
            l->target = l->tree.level[area];
    }
    return KZ_OK;
}

/* Rows that do not fit their header are refused before the first is given out. */
static kz_status check_rows(kz_locate *l, kz_err *err)
{
    kz_csv_row row;
    while (kz_csv_next(&l->csv, &row))
        KZ_TRY(kz_csv_check(&l->csv, &row, err));
    KZ_TRY(kz_csv_end(&l->csv, err));
    kz_csv_rewind(&l->csv);
    return KZ_OK;
}

kz_status kz_locate_open(kz_locate *l, kz_db *work, const kz_locate_order *order, kz_err *err)
{
    *l = (kz_locate){ .order = order, .x = SIZE_MAX, .y = SIZE_MAX, .expect = SIZE_MAX };
    kz_arena_init(&l->arena, ARENA_MAX);
    l->is_geo = !order->bytes && is_geometry(order->file);
    KZ_TRY(kz_area_tree_load(work, &l->arena, &l->tree, err));
    if (!l->is_geo) {
        const kz_csv_opts opts = { 0 };
        KZ_TRY(order->bytes ? kz_csv_open_bytes(&l->csv, order->file, order->bytes, order->n_bytes, &opts, err)
                            : kz_csv_open(&l->csv, order->file, &opts, err));
        l->n_columns = l->csv.n_columns;
        l->header = l->csv.header;
        KZ_TRY(find_columns(l, err));
        KZ_TRY(check_rows(l, err));
    }
    if (l->by_address) {
        KZ_TRY(kz_gazetteer_open(work, &l->gazetteer, err));
        KZ_TRY(address_level(l, work, err));
    } else {
        KZ_TRY(kz_pointmap_make(work, &l->tree, order->level, &l->arena, &l->map, err));
        l->target = l->map.target;
        if (l->is_geo) {
            KZ_TRY(open_geometry(l, err));
            KZ_TRY(find_columns(l, err));
        } else {
            KZ_TRY(find_crs(l, err));
            KZ_TRY(locate_look(l, err));
        }
    }
    return order->expect ? kz_area_keys_make(work, &l->tree.levels[l->target], &l->arena, &l->keys, err) : KZ_OK;
}

void kz_locate_done(kz_locate *l)
{
    kz_csv_done(&l->csv);
    kz_gazetteer_ref_done(&l->gazetteer);
    kz_arena_done(&l->arena);
}

/* ---- rows --------------------------------------------------------------------------- */

static kz_view field(const kz_locate *l, const kz_locate_row *row, size_t column)
{
    (void)l;
    return column == SIZE_MAX ? kz_view_of("") : row->field[column];
}

/* The parts of the row's address; a street without a column for numbers has its number in it. */
static kz_address address_of(const kz_locate *l, const kz_locate_row *row)
{
    kz_address a = { field(l, row, l->address[KZ_ROLE_STREET]), field(l, row, l->address[KZ_ROLE_NUMBER]),
                     field(l, row, l->address[KZ_ROLE_SUFFIX]), field(l, row, l->address[KZ_ROLE_POSTCODE]) };
    if (l->address[KZ_ROLE_NUMBER] == SIZE_MAX) {
        kz_address split;
        kz_address_split(a.street, &split);
        a.street = split.street;
        a.number = split.number;
        if (l->address[KZ_ROLE_POSTCODE] == SIZE_MAX)
            a.postcode = split.postcode;
    }
    return a;
}

static void by_address(const kz_locate *l, kz_locate_row *row)
{
    kz_address a = address_of(l, row);
    kz_located at;
    row->verdict = kz_gazetteer_find(l->gazetteer, &a, &at);
    row->why = at.why;
    int area = at.place >= 0 ? kz_area_tree_find(&l->tree, kz_gazetteer_place(l->gazetteer, at.place)->area) : -1;
    if (at.place >= 0 && area < 0) {
        row->verdict = KZ_LOCATED_UNKNOWN;
        row->why = KZ_WHY_ENDED;
    }
    kz_area_tree_chain(&l->tree, area, row->at);
}

static void by_point(const kz_locate *l, kz_locate_row *row, kz_point p, const kz_crs *crs)
{
    kz_point there = kz_crs_move(crs, &l->map.crs, p);
    row->verdict = kz_pointmap_find(&l->map, there.x, there.y, row->at, &row->why);
    if (row->verdict == KZ_LOCATED_OUTSIDE && locate_swapped(l, p))
        row->why = KZ_WHY_SWAPPED;
}

static void by_columns(const kz_locate *l, kz_locate_row *row)
{
    kz_point p;
    locate_point what = locate_read(l, row->field[l->x], row->field[l->y], &p);
    if (what == LOCATE_POINT) {
        by_point(l, row, p, &l->crs);
        return;
    }
    kz_area_tree_chain(&l->tree, -1, row->at);
    row->verdict = KZ_LOCATED_UNKNOWN;
    row->why = what == LOCATE_NONE ? KZ_WHY_NO_POINT : KZ_WHY_BAD_POINT;
}

/* Does the row itself say another area? */
static void compare(kz_locate *l, kz_locate_row *row)
{
    kz_key_how how;
    kz_view said = row->field[l->expect];
    int key = kz_area_keys_find(&l->keys, said, &how);
    l->zeros += how == KZ_KEY_ZEROS;
    row->expected = key >= 0 ? kz_area_tree_find(&l->tree, l->keys.areas[key].id) : -1;
    if (row->verdict != KZ_LOCATED_OK || kz_view_trim(said).n == 0 || row->expected == row->at[l->target])
        return;
    row->verdict = KZ_LOCATED_MISMATCH;
    row->why = row->expected >= 0 ? KZ_WHY_OTHER : KZ_WHY_NO_KEY;
}

static bool next_feature(kz_locate *l, kz_locate_row *row)
{
    if (l->at_feature == l->geo.n)
        return false;
    const kz_geo_feature *f = &l->geo.features[l->at_feature++];
    for (size_t i = 0; i < l->n_columns; i++)
        l->geo_fields[i] = kz_view_of(f->values[i]);
    *row = (kz_locate_row){ .field = l->geo_fields, .line = (uint64_t)f->row, .expected = -1 };
    if (l->by_address)
        by_address(l, row);
    else
        by_point(l, row, (kz_point){ f->lon, f->lat }, &l->crs);
    return true;
}

static bool next_line(kz_locate *l, kz_locate_row *row)
{
    kz_csv_row line;
    if (!kz_csv_next(&l->csv, &line))
        return false;
    *row = (kz_locate_row){ .field = line.field, .line = line.line, .expected = -1 };
    if (l->by_address)
        by_address(l, row);
    else
        by_columns(l, row);
    return true;
}

bool kz_locate_next(kz_locate *l, kz_locate_row *row)
{
    if (!(l->is_geo ? next_feature(l, row) : next_line(l, row)))
        return false;
    if (l->expect != SIZE_MAX)
        compare(l, row);
    l->rows++;
    l->count[row->verdict]++;
    l->whys[row->why]++;
    return true;
}

kz_status kz_locate_end(const kz_locate *l, kz_err *err)
{
    return l->is_geo ? KZ_OK : kz_csv_end(&l->csv, err);
}

void kz_locate_place(kz_buf *out, const kz_locate *l, const kz_locate_row *row)
{
    if (l->by_address) {
        kz_address a = address_of(l, row);
        kz_buf_fmt(out, "%.*s %.*s%.*s", (int)a.street.n, a.street.p, (int)a.number.n, a.number.p, (int)a.suffix.n,
                   a.suffix.p);
    } else if (l->is_geo) {
        const kz_geo_feature *f = &l->geo.features[l->at_feature - 1];
        kz_buf_coord(out, f->lon, 6);
        kz_buf_char(out, ' ');
        kz_buf_coord(out, f->lat, 6);
    } else {
        kz_buf_fmt(out, "%.*s %.*s", (int)row->field[l->x].n, row->field[l->x].p, (int)row->field[l->y].n,
                   row->field[l->y].p);
    }
}

const char *kz_locate_propose(const kz_locate *l, const kz_locate_row *row)
{
    return l->by_address && row->why == KZ_WHY_STREET ? kz_gazetteer_propose(l->gazetteer, address_of(l, row).street)
                                                      : NULL;
}
