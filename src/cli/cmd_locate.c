/* kekiz area locate FILE: points and addresses to areas. */
#include "cli/cmd.h"
#include "cli/output.h"

#include "base/utf8.h"
#include "monitor/locate.h"
#include "store/workspace.h"

#include <string.h>

enum { EXAMPLES = 3 };

/* Columns of the output: those of the file, the levels, the verdict. */
typedef struct columns {
    kz_arena arena;
    kz_col *list;
    size_t n;
} columns;

static void columns_done(columns *c)
{
    kz_arena_done(&c->arena);
}

/* A column of ours gets "area_" in front when the file has one of its name. */
static kz_status add_column(columns *c, const kz_locate *l, const char *name, kz_err *err)
{
    kz_auto(kz_buf) own = kz_buf_init(4096);
    bool there = false;
    for (size_t i = 0; i < l->n_columns; i++)
        there = there || kz_utf8_same(l->header[i], kz_view_of(name));
    kz_buf_fmt(&own, "%s%s", there ? "area_" : "", name);
    c->list[c->n].kind = KZ_COL_TEXT;
    c->list[c->n].name = kz_arena_strdup(&c->arena, kz_buf_text(&own));
    return c->list[c->n++].name ? KZ_OK : kz_fail(err, KZ_E_LIMIT, "area.memory");
}

static kz_status make_columns(columns *c, const kz_locate *l, bool why, kz_err *err)
{
    kz_arena_init(&c->arena, 64 << 20);
    size_t n = l->n_columns + (size_t)l->target + 3;
    if (n > KZ_MAX_COLS)
        return kz_fail(err, KZ_E_LIMIT, "locate.many_columns", kz_s("file", l->order->file), kz_n("n", l->n_columns),
                       kz_n("most", KZ_MAX_COLS - l->target - 3));
    if (!(c->list = kz_arena_new(&c->arena, kz_col, n)))
        return kz_fail(err, KZ_E_LIMIT, "area.memory");
    for (size_t i = 0; i < l->n_columns; i++) {
        char *name = kz_arena_strndup(&c->arena, l->header[i].p, l->header[i].n);
        if (!name)
            return kz_fail(err, KZ_E_LIMIT, "area.memory");
        c->list[c->n++] = (kz_col){ name, KZ_COL_TEXT };
    }
    for (int i = 0; i <= l->target; i++)
        KZ_TRY(add_column(c, l, l->tree.levels[i].code, err));
    KZ_TRY(add_column(c, l, "verdict", err));
    return why ? add_column(c, l, "why", err) : KZ_OK;
}

static void put_row(kz_table_out *t, const kz_call *call, const kz_locate *l, const kz_locate_row *row, bool why)
{
    for (size_t i = 0; i < l->n_columns; i++)
        kz_put_view(t, row->field[i].p, row->field[i].n);
    for (int i = 0; i <= l->target; i++) {
        if (row->at[i] >= 0)
            kz_put_text(t, l->tree.areas[row->at[i]].key);
        else
            kz_put_none(t);
    }
    kz_put_text(t, kz_located_name(row->verdict));
    if (why)
        kz_put_text(t, row->why == KZ_WHY_FINE ? "" : kz_text(call->lang, kz_located_text(row->why)));
}

/* The first few rows of each kind of trouble, in words. */
static void tell_example(const kz_call *call, const kz_locate *l, const kz_locate_row *row)
{
    if (row->why == KZ_WHY_FINE || l->whys[row->why] > EXAMPLES)
        return;
    kz_auto(kz_buf) place = kz_buf_init(70 * 1024);
    kz_locate_place(&place, l, row);
    const char *street = kz_locate_propose(l, row), *why = kz_text(call->lang, kz_located_text(row->why));
    kz_arg file = kz_s("file", l->order->file), line = kz_n("line", row->line), said = kz_s("why", why);
    kz_arg where = kz_s("place", kz_buf_text(&place));
    if (street) {
        kz_tell(call, "locate.example_like", file, line, where, said, kz_s("street", street));
    } else if (row->why == KZ_WHY_OTHER) {
        const kz_area *is = &l->tree.areas[row->at[l->target]], *claimed = &l->tree.areas[row->expected];
        kz_tell(call, "locate.example_other", file, line, where, said, kz_s("is", is->key), kz_s("name", is->name),
                kz_s("claimed", claimed->key), kz_s("claimed_name", claimed->name));
    } else {
        kz_tell(call, "locate.example", file, line, where, said);
    }
}

static void tell_summary(const kz_call *call, const kz_locate *l)
{
    kz_tell(call, "locate.said", kz_n("rows", l->rows), kz_n("ok", l->count[KZ_LOCATED_OK]),
            kz_n("outside", l->count[KZ_LOCATED_OUTSIDE]), kz_n("ambiguous", l->count[KZ_LOCATED_AMBIGUOUS]),
            kz_n("unknown", l->count[KZ_LOCATED_UNKNOWN]), kz_n("mismatch", l->count[KZ_LOCATED_MISMATCH]),
            kz_s("level", l->tree.levels[l->target].one));
    for (int i = KZ_WHY_FINE + 1; i < KZ_N_LOCATED_WHYS; i++)
        if (l->whys[i] > 0)
            kz_tell(call, "locate.said_why", kz_n("n", l->whys[i]),
                    kz_s("why", kz_text(call->lang, kz_located_text((kz_located_why)i))));
    if (l->comma)
        kz_tell(call, "locate.said_comma");
    if (l->rough)
        kz_tell(call, "locate.said_rough");
    if (l->zeros > 0)
        kz_tell(call, "locate.said_zeros", kz_n("n", l->zeros), kz_s("column", l->order->expect));
    if (l->rows > 0 && l->count[KZ_LOCATED_OUTSIDE] == l->rows)
        kz_tell(call, "locate.said_none");
}

/* Names of columns, given one by one or with commas between. */
static kz_status address_columns(kz_call *call, kz_arena *a, const char *ret[static KZ_LOCATE_COLUMNS])
{
    int n = 0;
    for (int i = 0; i < kz_opt_count(call, "address"); i++)
        for (const char *at = kz_opt_nth(call, "address", i); *at;) {
            size_t length = strcspn(at, ",");
            kz_view name = kz_view_trim(kz_view_from(at, length));
            if (n + 1 >= KZ_LOCATE_COLUMNS)
                return kz_fail(&call->err, KZ_E_USAGE, "locate.many_address");
            if (name.n > 0 && !(ret[n++] = kz_arena_strndup(a, name.p, name.n)))
                return kz_fail(&call->err, KZ_E_LIMIT, "area.memory");
            at += length + (at[length] == ',');
        }
    return KZ_OK;
}

kz_status kz_cmd_area_locate(kz_call *call)
{
    kz_locate_order order = {
        .file = call->args[0],
        .lon = kz_opt_text(call, "lon"),
        .lat = kz_opt_text(call, "lat"),
        .crs = kz_opt_text(call, "crs"),
        .layer = kz_opt_text(call, "layer"),
        .level = kz_opt_text(call, "level"),
        .expect = kz_opt_text(call, "expect"),
    };
    bool why = kz_opt_flag(call, "why");
    __attribute__((cleanup(columns_done))) columns cols = { 0 };
    __attribute__((cleanup(kz_arena_done))) kz_arena names;
    kz_auto(kz_workspace) ws = { 0 };
    kz_auto(kz_locate) l = { 0 };
    kz_auto(kz_table_out) t = { 0 };
    kz_locate_row row;
    kz_arena_init(&names, 1 << 20);
    KZ_TRY(address_columns(call, &names, order.address));
    if (!order.lon != !order.lat || (order.lon && order.address[0]))
        return kz_fail(&call->err, KZ_E_USAGE, "locate.both");
    KZ_TRY(kz_workspace_open(call->workspace, KZ_DB_READ, &ws, &call->err));
    KZ_TRY(kz_locate_open(&l, ws.work, &order, &call->err));
    KZ_TRY(make_columns(&cols, &l, why, &call->err));
    KZ_TRY(kz_table_begin(&t, call, cols.list, cols.n));
    while (kz_locate_next(&l, &row)) {
        put_row(&t, call, &l, &row, why);
        tell_example(call, &l, &row);
    }
    KZ_TRY(kz_locate_end(&l, &call->err));
    KZ_TRY(kz_table_end(&t));
    tell_summary(call, &l);
    return KZ_OK;
}
