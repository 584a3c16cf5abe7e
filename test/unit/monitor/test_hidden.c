#include "fact_town.h"

#include "base/rng.h"
#include "monitor/reckon_inner.h"

#include <math.h>

/* ---- a table in the town --------------------------------------------------------- */

static void run_sql(town *t, const char *sql)
{
    if (kz_db_exec(t->ws.work, sql, &t->err) != KZ_OK)
        fail_msg("%s", sql);
}

/* Delivery 1 is of the register, 2 and 3 of the employment agency; three quarters more: 9, 10 in Nord, 11 in Süd. */
static void open_tables(town *t)
{
    static const char *const CODES[] = { "pop", "unemployed", "unemployed_long", "unemployed_15_25", "but_entitled",
                                         "but_lunch", "but_trip" };
    run_sql(t, "INSERT INTO area (id, level, key, name, parent) VALUES (9, 3, '103', 'Q9', 2), (10, 3, '104', 'Q10', 2),"
               " (11, 3, '202', 'Q11', 3);"
               "INSERT INTO period (id, code, day) VALUES (1, '2023', '2023-12-31'), (2, '2024', '2024-12-31');"
               "INSERT INTO import (id, source, file, sha256, map_name, map_text, at, by_user, rows_read, rows_kept,"
               " state) VALUES (1, 'einwohner-tabelle', 'p', '', '', '', '', 't', 0, 0, 'applied'),"
               " (2, 'sgb2-tabelle', 'u', '', '', '', '', 't', 0, 0, 'applied'),"
               " (3, 'sgb2-tabelle', 'v', '', '', '', '', 't', 0, 0, 'applied')");
    for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++) {
        char sql[256];
        snprintf(sql, sizeof sql, "INSERT INTO measure (id, code, label) VALUES (%zu, '%s', '%s')", i + 1, CODES[i],
                 CODES[i]);
        run_sql(t, sql);
    }
}

enum { POP = 1, UNEMPLOYED, LONG, YOUNG, ENTITLED, LUNCH, TRIP, N_MEASURES = TRIP };
enum { HIDE = -1 };

static void observe_of(town *t, int measure, int period, int area, int64_t value, int import)
{
    char sql[256], number[32] = "NULL";
    if (value != HIDE)
        snprintf(number, sizeof number, "%lld", (long long)value);
    snprintf(sql, sizeof sql, "INSERT INTO observation (measure, period, area, value, state, import, line) VALUES (%d, "
                              "%d, %d, %s, %d, %d, 1)", measure, period, area, number,
             value == HIDE ? KZ_CELL_HIDDEN : value == 0 ? KZ_CELL_ZERO : KZ_CELL_SHOWN, import);
    run_sql(t, sql);
}

static void observe(town *t, int measure, int area, int64_t value)
{
    observe_of(t, measure, 2, area, value, measure == POP ? 1 : 2);
}

/* ---- cells ------------------------------------------------------------------------- */

enum { CELLS_MOST = 1000 };
typedef struct known_cell {
    int indicator, period, area, state;
    double value, lo, hi;
} known_cell;

static double real_at(kz_stmt *q, int at)
{
    return kz_col_null(q, at) ? NAN : kz_col_real(q, at);
}

static int read_cells(town *t, known_cell out[CELLS_MOST])
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    int n = 0;
    bool row;
    assert_int_equal(kz_prepare(t->ws.work, "SELECT i.code, period, area, state, value, lo, hi FROM cell c JOIN "
                                            "indicator i ON i.id = c.indicator ORDER BY i.code, period, area", &q,
                                &t->err), KZ_OK);
    while (kz_step(&q, &row, &t->err) == KZ_OK && row) {
        assert_true(n < CELLS_MOST);
        const kz_indicator *ind = kz_catalogue_find(&t->cat, kz_col_text(&q, 0));
        out[n++] = (known_cell){ (int)(ind - t->cat.indicators), (int)kz_col_int(&q, 1), (int)kz_col_int(&q, 2),
                                 (int)kz_col_int(&q, 3), real_at(&q, 4), real_at(&q, 5), real_at(&q, 6) };
    }
    return n;
}

/* State hidden, no value, these ends (NaN: none). */
static void bounds_are(town *t, const char *ind, int area, double lo, double hi)
{
    static known_cell all[CELLS_MOST];
    int n = read_cells(t, all);
    for (int i = 0; i < n; i++) {
        const known_cell *c = &all[i];
        if (strcmp(t->cat.indicators[c->indicator].id, ind) != 0 || c->area != area || c->period != 2)
            continue;
        bool same = (isnan(lo) ? isnan(c->lo) : fabs(c->lo - lo) < 1e-12) &&
                    (isnan(hi) ? isnan(c->hi) : fabs(c->hi - hi) < 1e-12);
        if (c->state != KZ_CELL_HIDDEN || !isnan(c->value) || !same)
            fail_msg("%s %d: %s %g, %g to %g, not %g to %g", ind, area, kz_cell_state_name((kz_cell_state)c->state),
                     c->value, c->lo, c->hi, lo, hi);
        return;
    }
    fail_msg("no cell %s %d", ind, area);
}

#define ALL                                                                                                      \
    INDICATOR_HEAD PLAIN("n", "count", "unemployed", "") PLAIN("young", "count", "unemployed_15_25", "")          \
    PLAIN("twice", "count", "2 * unemployed + but_lunch", "")                                                    \
    PLAIN("rest", "ratio", "unemployed - unemployed_long", "pop")                                                \
    PLAIN("share", "share", "unemployed_15_25", "unemployed") PLAIN("cross", "share", "unemployed", "pop")       \
    PLAIN("grow", "change", "unemployed", "unemployed[-1]")                                                      \
    INDICATOR("pooled", "share", "unemployed_15_25", "unemployed", "", "2", "")                                  \
    INDICATOR("per", "ratio", "but_lunch + but_trip", "but_entitled", "", "", "20")                              \
    PLAIN("up", "difference", "share - share[-1]", "") PLAIN("gap", "difference", "share - cross", "")           \
    PLAIN("idx", "index", "0.5 * z(share) + 0.5 * z(cross)", "")                                                 \
    PLAIN("where", "profile", "profile(share, kita.kita, stadtteil)", "")                                        \
    INDICATOR("least", "share", "unemployed_15_25", "unemployed", "", "", "5")                                   \
    PLAIN("home", "profile", "profile(least, kita.kita, stadtteil)", "")

/* ---- on paper ------------------------------------------------------------------------ */

static void a_hidden_count_is_at_most_what_is_left_of_the_area_above(void **state)
{
    town *t = *state;
    catalogue(t, ALL, GROUP_HEAD);
    open_tables(t);
    observe(t, UNEMPLOYED, 2, 30);
    observe(t, UNEMPLOYED, 4, 18);
    observe(t, UNEMPLOYED, 5, HIDE);
    observe(t, UNEMPLOYED, 9, 2);
    observe(t, UNEMPLOYED, 10, HIDE);
    observe(t, UNEMPLOYED, 6, HIDE); /* Süd has no number of its own: nothing is known above */
    observe(t, UNEMPLOYED, 11, 7);
    for (int area = 4; area <= 11; area += area == 6 ? 3 : 1)
        observe(t, POP, area, 40);
    observe(t, YOUNG, 4, HIDE);
    observe(t, YOUNG, 5, 3);
    computed(t);
    bounds_are(t, "n", 5, 3, 10); /* 30 - 18 - 2; and the three who are young */
    bounds_are(t, "n", 10, 0, 10); /* not 10 - n of Neu: somebody's quarter may be unknown */
    bounds_are(t, "n", 6, 0, NAN);
    bounds_are(t, "n", 3, 7, NAN); /* the sum of its quarters, of which one is hidden */
    bounds_are(t, "n", 1, 37, NAN);
    bounds_are(t, "young", 4, 0, 18); /* a part of the unemployed there */
    bounds_are(t, "share", 4, 0, 1);
    bounds_are(t, "share", 5, 0.3, 1);
    bounds_are(t, "cross", 10, 0, 0.25); /* two registers: only the numerator's own bound counts */
    bounds_are(t, "cross", 6, 0, NAN);
}

static void what_contradicts_itself_and_other_deliveries_bound_nothing(void **state)
{
    town *t = *state;
    catalogue(t, ALL, GROUP_HEAD);
    open_tables(t);
    observe(t, UNEMPLOYED, 2, 30);
    observe(t, UNEMPLOYED, 4, 31); /* more than the whole */
    observe(t, UNEMPLOYED, 5, HIDE);
    observe_of(t, UNEMPLOYED, 2, 3, 20, 3);
    observe(t, UNEMPLOYED, 6, HIDE);
    computed(t);
    bounds_are(t, "n", 5, 0, NAN);
    bounds_are(t, "n", 6, 0, NAN);
}

static void below_the_minimum_there_is_nothing_to_bound(void **state)
{
    town *t = *state;
    catalogue(t, ALL, GROUP_HEAD);
    open_tables(t);
    for (int i = 0; i < 2; i++) {
        observe(t, ENTITLED, 4 + i, i ? 20 : 19);
        observe(t, LUNCH, 4 + i, HIDE);
        observe(t, TRIP, 4 + i, 5);
    }
    computed(t);
    bounds_are(t, "per", 4, NAN, NAN); /* 19 are fewer than 20 */
    bounds_are(t, "per", 5, 0.25, 1.25);
}

/* A bound of one measure moves with another: cells must be new then. */
static void bounds_that_change_make_new_cells(void **state)
{
    town *t = *state;
    catalogue(t, ALL, GROUP_HEAD);
    open_tables(t);
    observe(t, UNEMPLOYED, 4, 12);
    observe(t, YOUNG, 4, HIDE);
    computed(t);
    bounds_are(t, "young", 4, 0, 12);
    run_sql(t, "UPDATE observation SET value = 9 WHERE value = 12");
    assert_int_equal(compute(t, true, 1), KZ_OK);
    bounds_are(t, "young", 4, 0, 9);
}

static void a_z_score_is_as_narrow_as_its_inputs(void **state)
{
    (void)state;
    /* 0, 4 and 2: mean 2, deviation sqrt(8/3) */
    kz_interval x[] = { { 0, 0, 0 }, { 4, 4, 0 }, { 2, 2, 0 } };
    kz_interval z = reckon_z_bounds(x, 3, 1, true);
    assert_true(fabs(z.lo - sqrt(1.5)) < 1e-9 && fabs(z.hi - sqrt(1.5)) < 1e-9 && z.lo < z.hi);
    x[2].lo = 1; /* mean 5/3 to 2 */
    x[2].hi = 2;
    z = reckon_z_bounds(x, 3, 1, true);
    assert_true(z.lo < sqrt(1.5) && z.hi > (4 - 5.0 / 3) / sqrt(26.0 / 9) && z.hi < sqrt(2) + 1e-9 && z.lo > 1);
    z = reckon_z_bounds(x, 3, 1, false);
    assert_true(fabs(z.lo + sqrt(2)) < 1e-9 && fabs(z.hi - sqrt(2)) < 1e-9);
}

/* ---- brute force over the truth --------------------------------------------------------- */

static const int DISTRICT[] = { 2, 3 }, QUARTERS[] = { 4, 5, 9, 10, 6, 11 }, IN[] = { 0, 0, 0, 0, 1, 1 };

/* A town that could be: parts are parts, areas above have some people more whose area nobody knows. */
static void make_truth(town *t, kz_rng *rng)
{
    run_sql(t, "DELETE FROM observation");
    uint32_t most = 1 + kz_rng_below(rng, 30), lost = kz_rng_below(rng, 3);
    for (int p = 1; p <= 2; p++) {
        int64_t of[3][N_MEASURES + 1] = { 0 }; /* Nord, Süd, city */
        for (int i = 0; i < 9; i++) {
            bool above = i >= 6;
            int64_t v[N_MEASURES + 1];
            uint32_t least = above ? lost : most;
            v[UNEMPLOYED] = kz_rng_below(rng, least + 1);
            v[LONG] = kz_rng_below(rng, (uint32_t)v[UNEMPLOYED] + 1);
            v[YOUNG] = kz_rng_below(rng, (uint32_t)v[UNEMPLOYED] + 1);
            v[ENTITLED] = kz_rng_below(rng, 2 * least + 1);
            v[LUNCH] = kz_rng_below(rng, (uint32_t)v[ENTITLED] + 1);
            v[TRIP] = kz_rng_below(rng, (uint32_t)v[ENTITLED] + 1);
            v[POP] = kz_rng_below(rng, 4 * least + 1);
            bool absent = above && kz_rng_below(rng, 3) == 0; /* then it is the sum of what is below */
            for (int m = 1; m <= N_MEASURES; m++) {
                int64_t *sum = above ? of[i - 6] : of[IN[i]];
                v[m] = above ? sum[m] + (absent ? 0 : v[m]) : v[m];
                if (!above)
                    sum[m] += v[m];
                else if (i < 8)
                    of[2][m] += v[m];
                int area = !above ? QUARTERS[i] : i < 8 ? DISTRICT[i - 6] : 1;
                if (!absent)
                    observe_of(t, m, p, area, v[m], m == POP ? 1 : 2);
            }
        }
    }
}

static void hide_some(town *t, kz_rng *rng)
{
    char sql[256];
    uint32_t percent = (uint32_t[]){ 5, 25, 60 }[kz_rng_below(rng, 3)];
    for (int m = 1; m <= N_MEASURES; m++)
        for (int p = 1; p <= 2; p++)
            for (int area = 1; area <= 11; area++)
                if (kz_rng_below(rng, 100) < percent) {
                    snprintf(sql, sizeof sql, "UPDATE observation SET value = NULL, state = %d WHERE measure = %d AND "
                                              "period = %d AND area = %d", KZ_CELL_HIDDEN, m, p, area);
                    run_sql(t, sql);
                }
}

static void tell(const town *t, int round, const known_cell *got, const known_cell *truth)
{
    fail_msg("round %d, %s, period %d, area %d: %s %.17g, %.17g to %.17g, but it is %s %.17g", round,
             t->cat.indicators[got->indicator].id, got->period, got->area,
             kz_cell_state_name((kz_cell_state)got->state), got->value, got->lo, got->hi,
             kz_cell_state_name((kz_cell_state)truth->state), truth->value);
}

static void the_truth_is_inside_whatever_is_hidden(void **state)
{
    static known_cell truth[CELLS_MOST], got[CELLS_MOST];
    static const char *const A[] = { "stadtteil:101", "stadtteil:102", "stadtteil:102", "stadtteil:103", "stadtteil:201",
                                     "stadtteil:202", "" };
    static const char *const K[] = { "K1", "K1", "K1", "K1", "K2", "K2", "K2" };
    const text_column cols[] = { { "area", 'c', A }, { "kita", 'c', K } };
    town *t = *state;
    int rounds = getenv("KZ_NIGHTLY") ? 1000 : 60;
    long hidden[KZ_N_KINDS] = { 0 }, narrow[KZ_N_KINDS] = { 0 };
    catalogue(t, ALL, GROUP_HEAD);
    open_tables(t);
    run_sql(t, "DELETE FROM period WHERE id > 2");
    deliver(t, "kita", "2023", 7, cols, 2);
    deliver(t, "kita", "2024", 7, cols, 2);
    for (int round = 0; round < rounds; round++) {
        kz_rng rng = kz_rng_stream(20261126, (uint64_t)round);
        make_truth(t, &rng);
        computed(t);
        int n = read_cells(t, truth);
        hide_some(t, &rng);
        computed(t);
        assert_int_equal(read_cells(t, got), n);
        for (int i = 0; i < n; i++) {
            const known_cell *c = &got[i], *real = &truth[i];
            kz_kind kind = t->cat.indicators[c->indicator].kind;
            assert_true(c->indicator == real->indicator && c->period == real->period && c->area == real->area);
            if (c->state != KZ_CELL_HIDDEN) {
                /* What nothing hides is what it was; a z among the known areas is another one. */
                if (kind != KZ_KIND_INDEX && (c->state != real->state || !(c->value == real->value ||
                                                                           (isnan(c->value) && isnan(real->value)))))
                    tell(t, round, c, real);
                continue;
            }
            if (!isnan(c->value) || c->lo > c->hi || real->value < c->lo || real->value > c->hi)
                tell(t, round, c, real);
            /* NaN on both sides says: there is no value, or nothing is known. */
            hidden[kind]++;
            narrow[kind] += !isnan(c->lo) && !isnan(c->hi);
        }
    }
    for (int k = 0; k < KZ_N_KINDS; k++) { /* the test has seen every kind, hidden and bounded on both sides */
        print_message("# kind %d: %ld hidden, %ld with both bounds\n", k, hidden[k], narrow[k]);
        assert_true(hidden[k] > rounds / 4 && narrow[k] > hidden[k] / 20);
    }
}

#define TOWN(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
KZ_TEST_MAIN(TOWN(a_hidden_count_is_at_most_what_is_left_of_the_area_above),
             TOWN(what_contradicts_itself_and_other_deliveries_bound_nothing),
             TOWN(below_the_minimum_there_is_nothing_to_bound), TOWN(bounds_that_change_make_new_cells),
             cmocka_unit_test(a_z_score_is_as_narrow_as_its_inputs),
             TOWN(the_truth_is_inside_whatever_is_hidden))
