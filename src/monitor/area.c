#include "monitor/area.h"

#include "base/utf8.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static kz_status full(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "area.memory");
}

static void read_level(kz_stmt *q, kz_area_level *l)
{
    *l = (kz_area_level){ .id = kz_col_int(q, 0), .rank = (int)kz_col_int(q, 1),
                          .n_areas = (int)kz_col_int(q, 5), .institution = kz_col_int(q, 6) != 0 };
    snprintf(l->code, sizeof l->code, "%s", kz_col_text(q, 2));
    snprintf(l->one, sizeof l->one, "%s", kz_col_text(q, 3));
    snprintf(l->many, sizeof l->many, "%s", kz_col_text(q, 4));
}

#define LEVELS                                                                                                \
    "SELECT l.id, l.\"rank\", l.code, l.one, l.many, "                                                        \
    "(SELECT COUNT(*) FROM area a WHERE a.level = l.id), l.institution FROM level l ORDER BY l.\"rank\", l.id"

kz_status kz_area_levels(kz_db *work, kz_arena *a, const kz_area_level **ret, int *n_ret, kz_err *err)
{
    kz_auto(kz_stmt) count = KZ_STMT_INIT, q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(work, "SELECT COUNT(*) FROM level", &count, err));
    KZ_TRY(kz_step(&count, &row, err));
    int room = row ? (int)kz_col_int(&count, 0) : 0, n = 0;
    kz_area_level *list = kz_arena_new(a, kz_area_level, room);
    if (!list)
        return full(err);
    KZ_TRY(kz_prepare(work, LEVELS, &q, err));
    for (;;) {
        KZ_TRY(kz_step(&q, &row, err));
        if (!row || n == room)
            break;
        read_level(&q, &list[n++]);
    }
    *ret = list;
    *n_ret = n;
    return KZ_OK;
}

kz_status kz_area_level_find(kz_db *work, const char *name, kz_area_level *ret, kz_err *err)
{
    kz_auto(kz_buf) wanted = kz_buf_init(1000), known = kz_buf_init(4000);
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    kz_utf8_fold(&wanted, kz_view_of(name));
    KZ_TRY(kz_prepare(work, LEVELS, &q, err));
    for (;;) {
        KZ_TRY(kz_step(&q, &row, err));
        if (!row)
            break;
        if (strcmp(kz_col_text(&q, 2), kz_buf_text(&wanted)) == 0) {
            read_level(&q, ret);
            return KZ_OK;
        }
        kz_buf_fmt(&known, "%s%s", known.n ? ", " : "", kz_col_text(&q, 3));
    }
    return kz_fail(err, KZ_E_MISSING, "area.no_level", kz_s("level", name), kz_s("known", kz_buf_text(&known)));
}

kz_status kz_area_find(kz_db *work, const kz_area_level *level, const char *key, int64_t *ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(work, "SELECT id FROM area WHERE level = ?1 AND \"key\" = ?2 ORDER BY valid_from DESC",
                      &q, err));
    kz_bind_int(&q, 1, level->id);
    kz_bind_text(&q, 2, key);
    KZ_TRY(kz_step(&q, &row, err));
    if (!row)
        return kz_fail(err, KZ_E_MISSING, "area.no_area", kz_s("level", level->one), kz_s("key", key));
    *ret = kz_col_int(&q, 0);
    return KZ_OK;
}

kz_status kz_area_list(kz_db *work, const kz_area_level *level, kz_arena *a, const kz_area **ret, int *n_ret,
                       kz_err *err)
{
    kz_auto(kz_stmt) count = KZ_STMT_INIT, q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(work, "SELECT COUNT(*) FROM area WHERE level = ?1 OR ?1 = 0", &count, err));
    kz_bind_int(&count, 1, level ? level->id : 0);
    KZ_TRY(kz_step(&count, &row, err));
    int room = row ? (int)kz_col_int(&count, 0) : 0, n = 0;
    kz_area *list = kz_arena_new(a, kz_area, room);
    if (!list)
        return full(err);
    KZ_TRY(kz_prepare(work,
                      "SELECT a.id, a.level, a.parent, a.\"key\", a.name, l.code, p.\"key\", a.valid_from, "
                      "a.valid_to, a.lon, a.lat, a.area_m2 FROM area a JOIN level l ON l.id = a.level "
                      "LEFT JOIN area p ON p.id = a.parent WHERE a.level = ?1 OR ?1 = 0 "
                      "ORDER BY l.\"rank\", l.id, a.\"key\", a.valid_from",
                      &q, err));
    kz_bind_int(&q, 1, level ? level->id : 0);
    for (;;) {
        KZ_TRY(kz_step(&q, &row, err));
        if (!row || n == room)
            break;
        kz_area *at = &list[n++];
        *at = (kz_area){ .id = kz_col_int(&q, 0), .level_id = kz_col_int(&q, 1), .parent = kz_col_int(&q, 2),
                         .key = kz_arena_strdup(a, kz_col_text(&q, 3)),
                         .name = kz_arena_strdup(a, kz_col_text(&q, 4)),
                         .level = kz_arena_strdup(a, kz_col_text(&q, 5)),
                         .parent_key = kz_arena_strdup(a, kz_col_text(&q, 6)),
                         .valid_from = kz_arena_strdup(a, kz_col_text(&q, 7)),
                         .valid_to = kz_arena_strdup(a, kz_col_text(&q, 8)),
                         .lon = kz_col_real(&q, 9), .lat = kz_col_real(&q, 10),
                         .area_m2 = kz_col_real(&q, 11) };
        if (!at->key || !at->name || !at->level || !at->parent_key || !at->valid_from || !at->valid_to)
            return full(err);
    }
    *ret = list;
    *n_ret = n;
    return KZ_OK;
}
