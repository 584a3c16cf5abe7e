/* The areas that are there on the reference day, to say whether a key leads to one. */
#include "monitor/person_job.h"

typedef struct place_level {
    const char *code;
    int n;
    const char *only; /* key of the last one seen: good when there is one */
} place_level;

enum { LEVELS_MOST = 64 };

typedef struct person_places {
    kz_dict codes; /* "level:key" */
    int n_levels;
    place_level levels[LEVELS_MOST];
} person_places;

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

static kz_status load_levels(person_job *job, kz_err *err)
{
    person_places *p = job->places;
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    bool row;
    KZ_TRY(kz_prepare(job->ws->work, "SELECT l.code, COUNT(a.id), MAX(a.key) FROM level l"
                                     " LEFT JOIN area a ON a.level = l.id"
                                     " AND (a.valid_from = '' OR a.valid_from <= ?1)"
                                     " AND (a.valid_to = '' OR a.valid_to >= ?1)"
                                     " GROUP BY l.id ORDER BY l.\"rank\", l.id", &q, err));
    kz_bind_text(&q, 1, job->day_text);
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row && p->n_levels < LEVELS_MOST) {
        place_level *l = &p->levels[p->n_levels++];
        *l = (place_level){ .code = kz_arena_strdup(&job->arena, kz_col_text(&q, 0)), .n = (int)kz_col_int(&q, 1),
                            .only = kz_arena_strdup(&job->arena, kz_col_text(&q, 2)) };
        if (!l->code || !l->only)
            return memory(err);
    }
    return st;
}

kz_status person_load_places(person_job *job, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_buf) code = kz_buf_init(8192);
    kz_status st;
    bool row;
    job->places = kz_arena_new(&job->arena, person_places, 1);
    if (!job->places)
        return memory(err);
    KZ_TRY(load_levels(job, err));
    KZ_TRY(kz_dict_init(&job->places->codes, &job->arena, PERSON_KEYS_MOST, err));
    KZ_TRY(kz_prepare(job->ws->work, "SELECT l.code, a.key FROM area a JOIN level l ON l.id = a.level"
                                     " WHERE (a.valid_from = '' OR a.valid_from <= ?1)"
                                     " AND (a.valid_to = '' OR a.valid_to >= ?1)", &q, err));
    kz_bind_text(&q, 1, job->day_text);
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        uint32_t id;
        bool fresh;
        kz_buf_clear(&code);
        kz_buf_fmt(&code, "%s:%s", kz_col_text(&q, 0), kz_col_text(&q, 1));
        KZ_TRY(kz_dict_put(&job->places->codes, kz_view_from(kz_buf_text(&code), code.n), &id, &fresh, err));
    }
    return st;
}

bool person_is_place(const person_job *job, kz_view code)
{
    uint32_t id;
    return kz_dict_find(&job->places->codes, code, &id);
}

int person_level_rank(const person_job *job, const char *level)
{
    for (int i = 0; i < job->places->n_levels; i++)
        if (strcmp(job->places->levels[i].code, level) == 0)
            return job->places->levels[i].n > 0 ? i : -1;
    return -1;
}

static const char *only_key(const person_job *job, const char *level)
{
    for (int i = 0; i < job->places->n_levels; i++)
        if (strcmp(job->places->levels[i].code, level) == 0 && job->places->levels[i].n == 1)
            return job->places->levels[i].only;
    return NULL;
}

person_area person_area_of(const person_job *job, const person_column *c, kz_view text, kz_buf *code)
{
    if (job->map.n_areas > 0) {
        const kz_mapfile rules = { .n_areas = job->map.n_areas, .areas = job->map.areas };
        kz_area_target to;
        if (!kz_mapfile_area(&rules, text, &to))
            return PERSON_AREA_UNKNOWN;
        if (!to.rule->level)
            return PERSON_AREA_OUTSIDE;
        const char *key = to.has_key ? to.key : only_key(job, to.rule->level);
        kz_buf_fmt(code, "%s:%s", to.rule->level, key ? key : "");
    } else {
        kz_buf_fmt(code, "%s:%.*s", c->level, (int)text.n, text.p);
    }
    return person_is_place(job, kz_view_from(kz_buf_text(code), code->n)) ? PERSON_AREA_KNOWN : PERSON_AREA_UNKNOWN;
}

/* Where the areas of an area that ended went: "105 Neustadt, 106 Hafen". */
static void find_heirs(const person_job *job, int64_t area, kz_buf *out)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row = false;
    if (kz_prepare(job->ws->work, "SELECT DISTINCT a.key, a.name FROM area_flow f JOIN area_state s ON s.id = f.state"
                                  " AND s.revision = f.revision JOIN area a ON a.id = f.to_area"
                                  " WHERE f.from_area = ?1 AND f.to_area <> ?1 ORDER BY a.key LIMIT 5",
                   &q, NULL) != KZ_OK)
        return;
    kz_bind_int(&q, 1, area);
    while (kz_step(&q, &row, NULL) == KZ_OK && row)
        kz_buf_fmt(out, "%s%s %s", out->n ? ", " : "", kz_col_text(&q, 0), kz_col_text(&q, 1));
}

bool person_area_then(const person_job *job, const char *level, kz_view key, person_then *ret)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row = false;
    if (kz_prepare(job->ws->work, "SELECT a.id, a.name, a.valid_from, a.valid_to FROM area a JOIN level l"
                                  " ON l.id = a.level WHERE l.code = ?1 AND a.key = ?2"
                                  " ORDER BY a.valid_from DESC LIMIT 1", &q, NULL) != KZ_OK)
        return false;
    kz_bind_text(&q, 1, level);
    kz_bind_view(&q, 2, key.p, key.n);
    if (kz_step(&q, &row, NULL) != KZ_OK || !row)
        return false;
    const char *to = kz_col_text(&q, 3);
    ret->ended = to[0] != '\0' && strcmp(to, job->day_text) < 0;
    kz_buf_str(&ret->name, kz_col_text(&q, 1));
    kz_buf_str(&ret->day, ret->ended ? to : kz_col_text(&q, 2));
    if (ret->ended)
        find_heirs(job, kz_col_int(&q, 0), &ret->heirs);
    return true;
}

/* Zeros that a spreadsheet has eaten, or put there. */
bool person_area_like(const person_job *job, const char *level, kz_view key, kz_buf *like)
{
    enum { ZEROS_MOST = 4 };
    for (int zeros = 1; zeros <= ZEROS_MOST; zeros++) {
        kz_buf_clear(like);
        kz_buf_fmt(like, "%s:%.*s%.*s", level, zeros, "0000", (int)key.n, key.p);
        if (person_is_place(job, kz_view_from(kz_buf_text(like), like->n)))
            return true;
    }
    for (size_t i = 1; i < key.n && key.p[i - 1] == '0'; i++) {
        kz_buf_clear(like);
        kz_buf_fmt(like, "%s:%.*s", level, (int)(key.n - i), key.p + i);
        if (person_is_place(job, kz_view_from(kz_buf_text(like), like->n)))
            return true;
    }
    return false;
}
