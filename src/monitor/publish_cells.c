/* release.db: indicators, their groups, and the cells as the public may see them. */
#include "monitor/publish_job.h"
#include "sdc/rule.h"

#include <stdio.h>
#include <string.h>

static kz_status put_groups(kz_publish_job *j, int at, const kz_indicator *ind, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(j->pub, "INSERT INTO indicator_group (indicator, id, code, label, parent, condition) "
                              "VALUES (?1, ?2, ?3, ?4, ?5, ?6)", &q, err));
    for (int g = 0; g < ind->n_groups; g++) {
        kz_bind_int(&q, 1, at);
        kz_bind_int(&q, 2, g);
        kz_bind_text(&q, 3, ind->groups[g].code);
        kz_bind_text(&q, 4, ind->groups[g].label);
        if (ind->groups[g].parent != KZ_NONE)
            kz_bind_int(&q, 5, ind->groups[g].parent);
        kz_bind_text(&q, 6, ind->groups[g].condition);
        KZ_TRY(kz_run(&q, err));
    }
    return KZ_OK;
}

static kz_status put_indicator(kz_publish_job *j, int at, const kz_indicator *ind, const char *release, const char *day,
                               kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    const char *texts[] = { ind->id, ind->title, ind->short_title, ind->subtitle, ind->sentence, ind->counted,
                            ind->numerator_label, ind->denominator_label, ind->source, ind->profile->text, ind->theme,
                            ind->caveat, release, day };
    KZ_TRY(kz_prepare(j->pub,
                      "INSERT INTO indicator (id, code, title, short_title, subtitle, sentence, counted, "
                      "numerator_label, denominator_label, source, protection, theme, caveat, release, published_at, "
                      "kind, direction, per, digits) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, "
                      "?14, ?15, ?16, ?17, ?18, ?19)", &q, err));
    kz_bind_int(&q, 1, at);
    for (int t = 0; t < 14; t++)
        kz_bind_text(&q, t + 2, texts[t]);
    kz_bind_int(&q, 16, ind->kind);
    kz_bind_int(&q, 17, ind->direction);
    kz_bind_int(&q, 18, ind->per);
    kz_bind_int(&q, 19, ind->digits);
    KZ_TRY(kz_run(&q, err));
    KZ_TRY(kz_publish_put_sheet(j, at, ind, err));
    return put_groups(j, at, ind, err);
}

static void copy_int(kz_stmt *to, int at, kz_stmt *from, int col)
{
    if (!kz_col_null(from, col))
        kz_bind_int(to, at, kz_col_int(from, col));
}

/* A value that was public before and is another one now. */
static bool was_revised(kz_stmt *q)
{
    bool was_shown = !kz_col_null(q, 10) && kz_col_int(q, 10) == KZ_MASK_OPEN && kz_col_int(q, 11) == KZ_MASK_OPEN;
    return was_shown && (kz_col_int(q, 12) != kz_col_int(q, 3) || kz_col_int(q, 13) != kz_col_int(q, 4));
}

/* One cell as the public may see it. */
static kz_status put_cell(kz_publish_job *j, int at, int group, int period, kz_stmt *q, kz_stmt *to, kz_err *err)
{
    const kz_publish_area *a = kz_publish_find_area(j, kz_col_int(q, 2));
    int64_t state = kz_col_int(q, 8);
    bool num_open = !kz_col_null(q, 9) && kz_col_int(q, 9) == KZ_MASK_OPEN;
    bool den_open = !kz_col_null(q, 14) && kz_col_int(q, 14) == KZ_MASK_OPEN;
    KZ_ASSERT(a && group != KZ_NONE && state >= 0 && state < KZ_N_CELL_STATES);
    bool shown = num_open && den_open && state != KZ_CELL_HIDDEN;
    if (!shown)
        state = KZ_CELL_HIDDEN;
    else if ((state == KZ_CELL_SHOWN || state == KZ_CELL_ZERO) && was_revised(q))
        state = KZ_CELL_REVISED;
    kz_bind_int(to, 1, at);
    kz_bind_int(to, 2, group);
    kz_bind_int(to, 3, a->at);
    kz_bind_int(to, 4, period);
    kz_bind_int(to, 5, state);
    if (shown)
        copy_int(to, 6, q, 3);
    if (den_open)
        copy_int(to, 7, q, 4);
    for (int c = 0; c < 3 && shown; c++)
        if (!kz_col_null(q, 5 + c))
            kz_bind_real(to, 8 + c, kz_col_real(q, 5 + c));
    j->p->cells++;
    j->p->hidden += state == KZ_CELL_HIDDEN;
    return kz_run(to, err);
}

/* The run of periods with cells, so that loading need not look for it. */
static kz_status put_run(kz_publish_job *j, int at, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(j->pub,
                      "UPDATE indicator SET first_period = (SELECT MIN(period) FROM cell WHERE indicator = ?1), "
                      "last_period = (SELECT MAX(period) FROM cell WHERE indicator = ?1) WHERE id = ?1", &q, err));
    kz_bind_int(&q, 1, at);
    return kz_run(&q, err);
}

static kz_status put_cells(kz_publish_job *j, int at, const kz_indicator *ind, int64_t release, int64_t before,
                           kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_stmt) to = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(j->work,
                      "SELECT g.code, c.period, c.area, c.numerator, c.denominator, c.value, c.lo, c.hi, c.state, "
                      "c.num_mask, o.num_mask, o.den_mask, o.numerator, o.denominator, c.den_mask "
                      "FROM release_cell c JOIN indicator i ON i.id = c.indicator "
                      "JOIN indicator_group g ON g.id = c.grp LEFT JOIN release_cell o ON o.release = ?3 AND "
                      "o.indicator = c.indicator AND o.grp = c.grp AND o.period = c.period AND o.area = c.area "
                      "WHERE c.release = ?1 AND i.code = ?2 ORDER BY c.grp, c.period, c.area", &q, err));
    KZ_TRY(kz_prepare(j->pub, "INSERT INTO cell (indicator, grp, area, period, state, numerator, denominator, value, "
                              "lo, hi) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)", &to, err));
    kz_bind_int(&q, 1, release);
    kz_bind_text(&q, 2, ind->id);
    kz_bind_int(&q, 3, before);
    for (;;) {
        bool row;
        KZ_TRY(kz_step(&q, &row, err));
        if (!row)
            return put_run(j, at, err);
        int p = 0;
        while (p < j->n_periods && j->periods[p] != kz_col_int(&q, 1))
            p++;
        KZ_ASSERT(p < j->n_periods);
        int group = kz_indicator_group_find(ind, kz_col_text(&q, 0));
        if (group != KZ_NONE) /* an older release may have groups that the catalogue has no more */
            KZ_TRY(put_cell(j, at, group, p, &q, &to, err));
    }
}

/* The newest publication of an indicator (this release counts), and the one before it; 0: none. */
static kz_status find_publications(kz_publish_job *j, const char *indicator, int64_t *newest, int64_t *before,
                                   char name[256], char at[KZ_TIME_TEXT], kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    *newest = *before = 0;
    KZ_TRY(kz_prepare(j->work, "SELECT r.id, r.name, r.publish_at FROM release r WHERE (r.state = 'published' OR "
                               "r.id = ?1) AND EXISTS (SELECT 1 FROM release_cell c JOIN indicator i ON i.id = "
                               "c.indicator WHERE c.release = r.id AND i.code = ?2) "
                               "ORDER BY r.id = ?1 DESC, r.publish_at DESC, r.id DESC LIMIT 2", &q, err));
    kz_bind_int(&q, 1, j->release);
    kz_bind_text(&q, 2, indicator);
    KZ_TRY(kz_step(&q, &row, err));
    if (!row)
        return KZ_OK;
    *newest = kz_col_int(&q, 0);
    snprintf(name, 256, "%s", kz_col_text(&q, 1));
    snprintf(at, KZ_TIME_TEXT, "%s", kz_col_text(&q, 2));
    KZ_TRY(kz_step(&q, &row, err));
    if (row)
        *before = kz_col_int(&q, 0);
    return KZ_OK;
}

kz_status kz_publish_put_indicators(kz_publish_job *j, kz_err *err)
{
    for (int i = 0, at = 0; i < j->cat.n; i++) {
        const kz_indicator *ind = &j->cat.indicators[i];
        int64_t newest, before;
        char name[256], when[KZ_TIME_TEXT], day[11];
        KZ_TRY(find_publications(j, ind->id, &newest, &before, name, when, err));
        if (newest == 0)
            continue;
        snprintf(day, sizeof day, "%.10s", when);
        KZ_TRY(put_indicator(j, at, ind, name, day, err));
        KZ_TRY(put_cells(j, at, ind, newest, before, err));
        at++;
    }
    return KZ_OK;
}
