#include "monitor/ledger.h"

#include "base/date.h"

#include <math.h>
#include <string.h>

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "area.memory");
}

#define NAME_OF(NAME, name) [KZ_CHANGE_##NAME] = #name,
static const char *const NAMES[KZ_N_CHANGES] = { KZ_CHANGES(NAME_OF) };

const char *kz_change_name(kz_change c)
{
    KZ_ASSERT((unsigned)c < KZ_N_CHANGES);
    return NAMES[c];
}

kz_change kz_change_from_name(const char *name)
{
    int c = 0;
    while (c < KZ_N_CHANGES && strcmp(NAMES[c], name) != 0)
        c++;
    return (kz_change)c;
}

void kz_day_before(const char *day, char out[static 11])
{
    kz_date d;
    KZ_ASSERT(kz_date_parse(kz_view_of(day), &d));
    if (--d.day == 0) {
        d.month = d.month == 1 ? 12 : (int8_t)(d.month - 1);
        d.year = d.month == 12 ? (int16_t)(d.year - 1) : d.year;
        for (d.day = 31; !kz_date_ok(d.year, d.month, d.day) && d.day > 28;)
            d.day--;
    }
    kz_date_iso(d, out);
}

kz_status kz_ledger_states(kz_db *work, const kz_area_level *level, kz_arena *a, const kz_ledger_state **ret,
                           int *n_ret, kz_err *err)
{
    kz_auto(kz_stmt) count = KZ_STMT_INIT, q = KZ_STMT_INIT;
    bool row;
    int n = 0;
    KZ_TRY(kz_prepare(work, "SELECT COUNT(*) FROM area_state WHERE level = ?1", &count, err));
    kz_bind_int(&count, 1, level->id);
    KZ_TRY(kz_step(&count, &row, err));
    int room = (int)kz_col_int(&count, 0);
    kz_ledger_state *list = kz_arena_new(a, kz_ledger_state, room + 1);
    if (!list)
        return full(err);
    KZ_TRY(kz_prepare(work, "SELECT id, revision, day, file, at, by_user FROM area_state WHERE level = ?1 ORDER BY day",
                      &q, err));
    kz_bind_int(&q, 1, level->id);
    for (;;) {
        KZ_TRY(kz_step(&q, &row, err));
        if (!row || n == room)
            break;
        kz_ledger_state *s = &list[n++];
        *s = (kz_ledger_state){ .id = kz_col_int(&q, 0), .revision = (int)kz_col_int(&q, 1),
                                .day = kz_arena_strdup(a, kz_col_text(&q, 2)),
                                .file = kz_arena_strdup(a, kz_col_text(&q, 3)),
                                .at = kz_arena_strdup(a, kz_col_text(&q, 4)),
                                .by = kz_arena_strdup(a, kz_col_text(&q, 5)) };
        if (!s->day || !s->file || !s->at || !s->by)
            return full(err);
    }
    *ret = list;
    *n_ret = n;
    return KZ_OK;
}

static double real_or_none(kz_stmt *q, int at)
{
    return kz_col_null(q, at) ? NAN : kz_col_real(q, at);
}

static kz_status take_flow(kz_stmt *q, kz_arena *a, kz_flow *f, kz_err *err)
{
    *f = (kz_flow){ .kind = kz_change_from_name(kz_col_text(q, 0)), .state = kz_col_int(q, 2),
                    .from = kz_col_int(q, 3), .to = kz_col_int(q, 4), .m2 = real_or_none(q, 9),
                    .weight = real_or_none(q, 10) };
    const char **texts[] = { &f->day, &f->from_key, &f->from_name, &f->to_key, &f->to_name };
    static const int AT[] = { 1, 5, 6, 7, 8 };
    for (int i = 0; i < 5; i++)
        if (!(*texts[i] = kz_arena_strdup(a, kz_col_text(q, AT[i]))))
            return full(err);
    return KZ_OK;
}

#define FLOWS                                                                                                   \
    "FROM area_flow f JOIN area_state s ON s.id = f.state AND s.revision = f.revision WHERE s.level = ?1 "

kz_status kz_ledger_flows(kz_db *work, const kz_area_level *level, kz_arena *a, const kz_flow **ret, int *n_ret,
                          kz_err *err)
{
    kz_auto(kz_stmt) count = KZ_STMT_INIT, q = KZ_STMT_INIT;
    bool row;
    int n = 0;
    KZ_TRY(kz_prepare(work, "SELECT COUNT(*) " FLOWS, &count, err));
    kz_bind_int(&count, 1, level->id);
    KZ_TRY(kz_step(&count, &row, err));
    int room = (int)kz_col_int(&count, 0);
    kz_flow *list = kz_arena_new(a, kz_flow, room + 1);
    if (!list)
        return full(err);
    KZ_TRY(kz_prepare(work,
                      "SELECT f.kind, s.day, s.id, f.from_area, f.to_area, x.\"key\", "
                      "COALESCE((SELECT b.name FROM area_before b WHERE b.state = s.id AND b.area = f.from_area), "
                      "x.name), y.\"key\", "
                      /* A later state may have given the area yet another name. */
                      "COALESCE((SELECT b.name FROM area_before b JOIN area_state t ON t.id = b.state "
                      "WHERE b.area = f.to_area AND t.day > s.day ORDER BY t.day LIMIT 1), y.name), "
                      "f.overlap_m2, f.weight "
                      "FROM area_flow f JOIN area_state s ON s.id = f.state AND s.revision = f.revision "
                      "LEFT JOIN area x ON x.id = f.from_area LEFT JOIN area y ON y.id = f.to_area "
                      "WHERE s.level = ?1 ORDER BY s.day, f.id",
                      &q, err));
    kz_bind_int(&q, 1, level->id);
    for (;;) {
        KZ_TRY(kz_step(&q, &row, err));
        if (!row || n == room)
            break;
        KZ_TRY(take_flow(&q, a, &list[n++], err));
    }
    *ret = list;
    *n_ret = n;
    return KZ_OK;
}

kz_status kz_ledger_present(kz_db *work, const kz_area_level *level, kz_arena *a, kz_new_state *ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_new_area *old = kz_arena_new(a, kz_new_area, level->n_areas + 1);
    int64_t *ids = kz_arena_new(a, int64_t, level->n_areas + 1);
    int n = 0;
    bool row;
    if (!old || !ids)
        return full(err);
    KZ_TRY(kz_prepare(work,
                      "SELECT id, \"key\", name, outline, parent, lon, lat, area_m2 FROM area WHERE level = ?1 "
                      "AND valid_to = '' ORDER BY \"key\", id",
                      &q, err));
    kz_bind_int(&q, 1, level->id);
    for (;;) {
        KZ_TRY(kz_step(&q, &row, err));
        if (!row || n == level->n_areas)
            break;
        size_t n_wkb;
        const void *wkb = kz_col_blob(&q, 3, &n_wkb);
        kz_new_area *o = &old[n];
        ids[n++] = kz_col_int(&q, 0);
        *o = (kz_new_area){ .key = kz_arena_strdup(a, kz_col_text(&q, 1)),
                            .name = kz_arena_strdup(a, kz_col_text(&q, 2)), .parent = kz_col_int(&q, 4),
                            .lon = real_or_none(&q, 5), .lat = real_or_none(&q, 6), .m2 = real_or_none(&q, 7) };
        if (!o->key || !o->name)
            return full(err);
        if (n_wkb == 0)
            continue;
        void *kept = kz_arena_alloc(a, n_wkb);
        if (!kept)
            return full(err);
        memcpy(kept, wkb, n_wkb);
        o->wkb = kept;
        o->n_wkb = n_wkb;
        KZ_TRY(kz_outline_from_wkb(kept, n_wkb, a, &o->outline, err));
    }
    ret->level = level;
    ret->n_old = n;
    ret->old = old;
    ret->old_id = ids;
    return KZ_OK;
}
