/* release.db: phases of life, and of every indicator what its data sheet says. */
#include "monitor/publish_job.h"

enum { EXPRESSION_MOST = 1 << 16 };

kz_status kz_publish_put_phases(kz_publish_job *j, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(j->pub, "INSERT INTO phase (id, code, label, ages, from_month, to_month, course, leicht) "
                              "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", &q, err));
    for (int i = 0; i < j->cat.n_phases; i++) {
        const kz_atlas_phase *p = &j->cat.phases[i];
        kz_bind_int(&q, 1, i);
        kz_bind_text(&q, 2, p->code);
        kz_bind_text(&q, 3, p->label);
        kz_bind_text(&q, 4, p->ages);
        kz_bind_int(&q, 5, p->from_month);
        kz_bind_int(&q, 6, p->to_month);
        kz_bind_int(&q, 7, p->course);
        kz_bind_text(&q, 8, p->leicht);
        KZ_TRY(kz_run(&q, err));
    }
    return KZ_OK;
}

static kz_status put_changes(kz_publish_job *j, int at, const kz_indicator *ind, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(j->pub, "INSERT INTO indicator_change (indicator, id, version, date, text) "
                              "VALUES (?1, ?2, ?3, ?4, ?5)", &q, err));
    for (int i = 0; i < ind->n_changes; i++) {
        kz_bind_int(&q, 1, at);
        kz_bind_int(&q, 2, i);
        kz_bind_int(&q, 3, ind->changes[i].version);
        kz_bind_text(&q, 4, ind->changes[i].date);
        kz_bind_text(&q, 5, ind->changes[i].text);
        KZ_TRY(kz_run(&q, err));
    }
    return KZ_OK;
}

kz_status kz_publish_put_sheet(kz_publish_job *j, int at, const kz_indicator *ind, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_buf) num = kz_buf_init(EXPRESSION_MOST);
    kz_auto(kz_buf) den = kz_buf_init(EXPRESSION_MOST);
    kz_indicator_write_numerator(&num, ind, 0);
    kz_indicator_write_denominator(&den, ind, 0);
    const char *texts[] = { ind->variant_of, ind->unit, ind->symbol, kz_buf_text(&num), kz_buf_text(&den),
                            ind->reference, ind->origin, ind->interpretation, ind->leicht_title, ind->leicht,
                            ind->leicht_of, ind->leicht_sentence };
    const int numbers[] = { ind->phase_at, ind->is_key, ind->age_from, ind->age_to, ind->version, ind->pool,
                            ind->min_denominator };
    enum { TEXTS = sizeof texts / sizeof texts[0], NUMBERS = sizeof numbers / sizeof numbers[0] };
    KZ_TRY(kz_prepare(j->pub,
                      "UPDATE indicator SET variant_of = ?2, unit = ?3, symbol = ?4, numerator = ?5, denominator = ?6, "
                      "reference = ?7, origin = ?8, interpretation = ?9, leicht_title = ?10, leicht = ?11, "
                      "leicht_of = ?12, leicht_sentence = ?13, phase = ?14, is_key = ?15, age_from = ?16, "
                      "age_to = ?17, version = ?18, pool = ?19, min_denominator = ?20 WHERE id = ?1", &q, err));
    kz_bind_int(&q, 1, at);
    for (int t = 0; t < TEXTS; t++)
        kz_bind_text(&q, t + 2, texts[t]);
    for (int n = 0; n < NUMBERS; n++)
        kz_bind_int(&q, TEXTS + 2 + n, numbers[n]);
    KZ_TRY(kz_run(&q, err));
    return put_changes(j, at, ind, err);
}
