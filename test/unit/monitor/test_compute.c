#include "fact_town.h"

#include "base/rng.h"
#include "monitor/fact_count.h"

#include <math.h>

static void near(double got, double want)
{
    if (!(fabs(got - want) < 1e-12))
        fail_msg("%.17g instead of %.17g", got, want);
}

/* ---- an example to redo on paper --------------------------------------------------------- */

enum { N = 10 };
static const char *const WHO[N] = { "11", "12", "13", "14", "15", "16", "17", "18", "19", "20" };
static const char *const AREA[N] = { "stadtteil:101", "stadtteil:101", "stadtteil:101", "stadtteil:101", "stadtteil:102",
                                     "stadtteil:102", "stadtteil:201", "stadtteil:201", "stadtteil:201", "" };
static const char *const AGE[N] = { "12", "35", "36", "480", "215", "216", "", "30", "700", "24" };
static const char *const SEX[N] = { "m", "w", "m", "w", "m", "w", "m", "d", "w", "m" };
static const char *const MIG[N] = { "none", "german", "", "none", "foreign", "none", "foreign", "none", "none", "german" };
static const char *const HERE[N] = { "1", "2", "", "10", "4", "5", "6", "2", "40", "0" };
#define EWO_COLUMNS                                                                                                    \
    { { "area", 'c', AREA }, { "person", 'p', WHO }, { "age_months", 'i', AGE }, { "sex", 'c', SEX },                  \
      { "mig", 'c', MIG }, { "years_here", 'i', HERE } }

static void deliver_ewo(town *t, const char *period, int rows)
{
    const text_column cols[] = EWO_COLUMNS;
    deliver(t, "ewo", period, rows, cols, 6);
}

static void shares_of_person_rows_are_counted_in_every_area_above(void **state)
{
    town *t = *state;
    catalogue(t, INDICATOR_HEAD PLAIN("u3", "share", "count(ewo: age_years < 3)", "count(ewo)")
                     PLAIN("mig", "share", "count(ewo: mig != none)", "count(ewo: known(mig))")
                     PLAIN("mig-not", "count", "count(ewo: not mig != none)", "")
                     PLAIN("open", "count", "count(ewo: not known(mig) or age_years < 3 and sex in (w, d))", "")
                     PLAIN("years", "ratio", "sum(ewo.years_here)", "count(ewo: known(years_here))"),
              GROUP_HEAD "u3\tTotal\t\tInsgesamt\t\t\nu3\tboys\tTotal\tJungen\t\tsex = m\n");
    deliver_ewo(t, "2024", N);
    computed(t);
    counts_are(t, "u3", "Total", "2024", 4, 2, 4);    /* 12 and 35 months; 36 months is 3 years */
    counts_are(t, "u3", "Total", "2024", 5, 0, 2);
    counts_are(t, "u3", "Total", "2024", 6, 1, 3);    /* an unknown age is not below 3 */
    counts_are(t, "u3", "Total", "2024", 2, 2, 6);
    counts_are(t, "u3", "Total", "2024", 1, 4, 10);   /* with the one whose area nobody knows */
    counts_are(t, "u3", "boys", "2024", 4, 1, 2);
    counts_are(t, "u3", "boys", "2024", 1, 2, 5);
    counts_are(t, "mig", "Total", "2024", 4, 1, 3);   /* one without answer is in neither */
    counts_are(t, "mig-not", "Total", "2024", 4, 2, -1);
    counts_are(t, "open", "Total", "2024", 1, 3, -1); /* persons 12, 13 and 18 */
    counts_are(t, "years", "Total", "2024", 4, 13, 3);
    assert_int_equal(must(t, "u3", "2024", 5).state, KZ_CELL_ZERO);
    near(must(t, "u3", "2024", 4).value, 0.5);
    near(must(t, "years", "2024", 4).lo, 13.0 / 3); /* a sum of years is no count of events */
    kz_cell none;
    assert_false(cell(t, "u3", "Total", "2024", 7, &none)); /* Kitas are no areas of residents */
}

static void persons_count_once_wherever_they_are(void **state)
{
    static const char *const P[] = { "1", "1", "1", "2", "2", "0", "3" };
    static const char *const A[] = { "stadtteil:101", "stadtteil:102", "stadtteil:201", "stadtteil:101", "stadtteil:101",
                                     "stadtteil:101", "" };
    static const char *const S[] = { "running", "running", "ended", "ended", "running", "running", "running" };
    const text_column cols[] = { { "area", 'c', A }, { "person", 'p', P }, { "status", 'c', S } };
    town *t = *state;
    catalogue(t, INDICATOR_HEAD PLAIN("d", "count", "distinct(hze)", "")
                     PLAIN("r", "count", "distinct(hze: status = running)", "")
                     PLAIN("n", "count", "count(hze)", ""), GROUP_HEAD);
    deliver(t, "hze", "2024", 7, cols, 3);
    computed(t);
    counts_are(t, "d", "Total", "2024", 4, 2, -1); /* a row without pseudonym is nobody */
    counts_are(t, "d", "Total", "2024", 2, 2, -1); /* person 1 in two quarters of Nord  */
    counts_are(t, "d", "Total", "2024", 3, 1, -1);
    counts_are(t, "d", "Total", "2024", 1, 3, -1);
    counts_are(t, "r", "Total", "2024", 3, 0, -1);
    counts_are(t, "r", "Total", "2024", 1, 3, -1);
    counts_are(t, "n", "Total", "2024", 4, 4, -1);
}

static void institutions_are_observed_beside_areas(void **state)
{
    static const char *const A[] = { "stadtteil:101", "stadtteil:101", "stadtteil:102", "stadtteil:201", "stadtteil:201" };
    static const char *const K[] = { "K1", "K1", "K1", "K2", "" };
    static const char *const G[] = { "yes", "no", "no", "yes", "no" };
    const text_column cols[] = { { "area", 'c', A }, { "kita", 'c', K }, { "german_home", 'c', G } };
    town *t = *state;
    catalogue(t, INDICATOR_HEAD
              INDICATOR("home", "share", "count(kita: german_home = no)", "count(kita: known(german_home))", "kita", "", "")
              PLAIN("by-area", "share", "count(kita: german_home = no)", "count(kita)")
              PLAIN("u3", "share", "count(ewo: age_years < 3)", "count(ewo)")
              PLAIN("where", "profile", "profile(u3, kita.kita)", "")
              INDICATOR("sure", "share", "count(ewo: age_years < 3)", "count(ewo)", "", "", "4")
              PLAIN("where-sure", "profile", "profile(sure, kita.kita, stadtteil)", "")
              INDICATOR("where-few", "profile", "profile(u3, kita.kita)", "", "", "", "3"), GROUP_HEAD);
    deliver_ewo(t, "2024", N);
    deliver(t, "kita", "2024", 5, cols, 3);
    computed(t);
    counts_are(t, "home", "Total", "2024", 7, 2, 3);
    counts_are(t, "home", "Total", "2024", 8, 0, 1);
    counts_are(t, "home", "Total", "2024", 1, 2, 4); /* the child without Kita is in none */
    counts_are(t, "by-area", "Total", "2024", 1, 3, 5);
    counts_are(t, "by-area", "Total", "2024", 6, 1, 2);
    /* Kita 1: two children from Alt (2/4 below 3), one from Neu (0/2); Kita 2: one from Hafen (1/3). */
    near(must(t, "where", "2024", 7).value, (2 * 0.5 + 0) / 3);
    near(must(t, "where", "2024", 8).value, 1.0 / 3);
    /* Only Alt has four people: Neu and Hafen are too small to be shown, and count in the mean with their range. */
    assert_int_equal(must(t, "sure", "2024", 5).state, KZ_CELL_UNRELIABLE);
    near(must(t, "where-sure", "2024", 7).value, (2 * 0.5 + 0) / 3);
    near(must(t, "where-sure", "2024", 7).lo, 2 * must(t, "sure", "2024", 4).lo / 3); /* from 0 of 2: nothing */
    near(must(t, "where-sure", "2024", 7).hi, must(t, "where", "2024", 7).hi);
    near(must(t, "where-sure", "2024", 8).value, 1.0 / 3);
    /* A Kita of one child says nothing. */
    assert_int_equal(must(t, "where-few", "2024", 7).state, KZ_CELL_SHOWN);
    assert_int_equal(must(t, "where-few", "2024", 8).state, KZ_CELL_UNRELIABLE);
    kz_cell none;
    assert_false(cell(t, "where", "Total", "2024", 4, &none));
    assert_false(cell(t, "home", "Total", "2024", 4, &none));
}

static void earlier_periods_changes_and_pools(void **state)
{
    town *t = *state;
    catalogue(t, INDICATOR_HEAD PLAIN("pop", "count", "count(ewo)", "")
                     PLAIN("growth", "change", "count(ewo)", "count(ewo)[-1]")
                     PLAIN("since", "change", "count(ewo)", "@first")
                     PLAIN("plus", "ratio", "count(ewo) - count(ewo)[-1]", "count(ewo)[-1]")
                     INDICATOR("pooled", "share", "count(ewo: age_years < 3)", "count(ewo)", "", "2", "")
                     PLAIN("u3", "share", "count(ewo: age_years < 3)", "count(ewo)")
                     PLAIN("up", "difference", "u3 - u3[-1]", ""), GROUP_HEAD);
    deliver_ewo(t, "2022", N);
    deliver_ewo(t, "2023", 8);
    deliver_ewo(t, "2024", 4);
    computed(t);
    near(must(t, "growth", "2024", 1).value, -0.5);
    assert_int_equal(must(t, "growth", "2022", 1).state, KZ_CELL_LATER); /* there is no 2021 */
    near(must(t, "since", "2024", 1).value, -0.6);
    near(must(t, "plus", "2024", 1).value, -0.5);
    assert_true(must(t, "plus", "2024", 1).lo < -0.5 && must(t, "plus", "2024", 1).hi > -0.5);
    counts_are(t, "pooled", "Total", "2024", 1, 5, 12); /* 2 of 4 and 3 of 8 */
    assert_int_equal(must(t, "pooled", "2022", 1).state, KZ_CELL_LATER);
    near(must(t, "up", "2024", 1).value, 0.5 - 3.0 / 8);
    assert_true(must(t, "up", "2024", 1).lo < 0);
    /* In 2024 nobody is delivered below Neu and Hafen: they are on the level all the same, with nobody. */
    counts_are(t, "pop", "Total", "2024", 6, 0, -1);
    assert_int_equal(must(t, "u3", "2024", 6).state, KZ_CELL_MEANINGLESS);
}

static void a_school_year_goes_with_its_year(void **state)
{
    static const char *const A[] = { "stadtteil:101", "stadtteil:101" };
    static const char *const G[] = { "1", "2" };
    const text_column cols[] = { { "area", 'c', A }, { "grade", 'i', G } };
    town *t = *state;
    catalogue(t, INDICATOR_HEAD PLAIN("pupils", "ratio", "count(schule)", "count(ewo)")
                     PLAIN("one", "share", "count(schule: grade = 1)", "count(schule)"), GROUP_HEAD);
    deliver_ewo(t, "2024", N);
    deliver(t, "schule", "2024/25", 2, cols, 2);
    computed(t);
    counts_are(t, "pupils", "Total", "2024/25", 4, 2, 4);
    counts_are(t, "one", "Total", "2024/25", 4, 1, 2);
    kz_cell none;
    assert_false(cell(t, "pupils", "Total", "2024", 4, &none)); /* the numerator says which periods there are */
}

static void an_index_is_the_weighted_sum_of_z_scores(void **state)
{
    town *t = *state;
    catalogue(t, INDICATOR_HEAD PLAIN("u3", "share", "count(ewo: age_years < 3)", "count(ewo)")
                     PLAIN("w", "share", "count(ewo: sex = w)", "count(ewo)")
                     PLAIN("i", "index", "0.75 * z(u3) - 0.25 * z(w)", ""), GROUP_HEAD);
    deliver_ewo(t, "2024", N);
    computed(t);
    /* Quarters: u3 1/2, 0, 1/3; w 1/2, 1/2, 1/3. */
    double u[3] = { 0.5, 0, 1.0 / 3 }, w[3] = { 0.5, 0.5, 1.0 / 3 }, mu = 0, mw = 0, su = 0, sw = 0;
    for (int i = 0; i < 3; i++) {
        mu += u[i] / 3;
        mw += w[i] / 3;
    }
    for (int i = 0; i < 3; i++) {
        su += (u[i] - mu) * (u[i] - mu) / 3;
        sw += (w[i] - mw) * (w[i] - mw) / 3;
    }
    for (int i = 0; i < 3; i++) {
        kz_cell c = must(t, "i", "2024", 4 + i);
        near(c.value, 0.75 * (u[i] - mu) / sqrt(su) - 0.25 * (w[i] - mw) / sqrt(sw));
        assert_true(c.lo < c.value && c.value < c.hi);
    }
    kz_cell none;
    assert_false(cell(t, "i", "Total", "2024", 1, &none));
}

static void what_is_missing_or_small_has_its_sign(void **state)
{
    const text_column less[] = { { "area", 'c', AREA }, { "sex", 'c', SEX } };
    town *t = *state;
    catalogue(t, INDICATOR_HEAD PLAIN("mig", "share", "count(ewo: mig != none)", "count(ewo)")
                     PLAIN("none", "share", "count(ewo: sex = x)", "count(ewo: sex = x)")
                     INDICATOR("few", "share", "count(ewo: sex = m)", "count(ewo)", "", "", "3")
                     PLAIN("kids", "ratio", "count(geburten)", "count(ewo)"), GROUP_HEAD);
    deliver(t, "ewo", "2024", N, less, 2);
    computed(t);
    assert_int_equal(scalar(t, "SELECT COUNT(*) FROM cell c JOIN indicator i ON i.id = c.indicator WHERE i.code = "
                               "'mig' AND c.state <> 4"), 0); /* the column did not come: later, never 0 */
    assert_int_equal(must(t, "none", "2024", 1).state, KZ_CELL_MEANINGLESS);
    assert_int_equal(must(t, "few", "2024", 5).state, KZ_CELL_UNRELIABLE);
    assert_int_equal(must(t, "few", "2024", 6).state, KZ_CELL_SHOWN);
    kz_cell never;
    assert_false(cell(t, "kids", "Total", "2024", 1, &never));
}

static void a_numerator_over_its_denominator_is_refused_by_name(void **state)
{
    town *t = *state;
    catalogue(t, INDICATOR_HEAD PLAIN("bad", "share", "count(ewo)", "count(ewo: sex = m)"), GROUP_HEAD);
    deliver_ewo(t, "2024", N);
    assert_int_equal(compute(t, false, 1), KZ_E_INPUT);
    assert_string_equal(t->err.id, "compute.over");
    kz_auto(kz_buf) said = kz_buf_init(1 << 16);
    kz_err_say(&said, KZ_LANG_DE, &t->err);
    assert_non_null(strstr(kz_buf_text(&said), "bad"));
    assert_non_null(strstr(kz_buf_text(&said), "2024"));
    assert_int_equal(scalar(t, "SELECT COUNT(*) FROM cell"), 0);
    assert_int_equal(scalar(t, "SELECT COUNT(*) FROM counted"), 0);
}

static void two_sources_may_disagree(void **state)
{
    static const char *const A[] = { "stadtteil:102", "stadtteil:102", "stadtteil:102" };
    const text_column cols[] = { { "area", 'c', A } };
    town *t = *state;
    catalogue(t, INDICATOR_HEAD PLAIN("care", "share", "count(kita)", "count(ewo)"), GROUP_HEAD);
    deliver_ewo(t, "2024", N);
    deliver(t, "kita", "2024", 3, cols, 1);
    computed(t);
    assert_int_equal(t->report.over, 1);
    kz_cell c = must(t, "care", "2024", 5); /* three of two */
    assert_int_equal(c.state, KZ_CELL_LIMITED);
    near(c.value, 1.5);
    near(c.hi, 1.5);
    assert_int_equal(must(t, "care", "2024", 1).state, KZ_CELL_SHOWN);
}

static void a_damaged_delivery_is_named_and_nothing_is_stored(void **state)
{
    town *t = *state;
    char path[256];
    catalogue(t, INDICATOR_HEAD PLAIN("pop", "count", "count(ewo: sex = m)", ""), GROUP_HEAD);
    deliver_ewo(t, "2024", N);
    snprintf(path, sizeof path, "%s/facts/00000001.kzc", t->path);
    FILE *f = fopen(path, "r+b");
    assert_non_null(f);
    assert_int_equal(fseek(f, -3, SEEK_END), 0);
    assert_int_equal(fputc('x', f), 'x');
    assert_int_equal(fclose(f), 0);
    catalogue(t, INDICATOR_HEAD PLAIN("pop", "ratio", "sum(ewo.years_here)", "count(ewo)"), GROUP_HEAD);
    assert_int_equal(compute(t, false, 2), KZ_E_INPUT);
    assert_int_equal(scalar(t, "SELECT COUNT(*) FROM counted"), 0);
}

/* ---- only what changed ----------------------------------------------------------------- */

static void another_source_does_not_count_residents_again(void **state)
{
    static const char *const A[] = { "stadtteil:101" }, *const G[] = { "yes" };
    const text_column cols[] = { { "area", 'c', A }, { "german_home", 'c', G } };
    town *t = *state;
    catalogue(t, INDICATOR_HEAD PLAIN("pop", "count", "count(ewo)", "") PLAIN("kita", "count", "count(kita)", "")
                     PLAIN("both", "ratio", "count(kita)", "count(ewo)"), GROUP_HEAD);
    deliver_ewo(t, "2024", N);
    assert_int_equal(compute(t, true, 1), KZ_OK);
    assert_int_equal(t->report.indicators, 1); /* Kitas have no period yet */
    assert_int_equal(t->report.counted.rows, N);
    assert_int_equal(compute(t, true, 1), KZ_OK);
    assert_int_equal(t->report.indicators, 0);
    assert_int_equal(t->report.counted.rows, 0);
    deliver(t, "kita", "2024", 1, cols, 2);
    assert_int_equal(compute(t, true, 1), KZ_OK);
    assert_int_equal(t->report.indicators, 2);
    assert_int_equal(t->report.counted.rows, 1);
    counts_are(t, "both", "Total", "2024", 4, 1, 4);
    deliver_ewo(t, "2024", 3); /* a second delivery of the period replaces the first */
    assert_int_equal(compute(t, true, 1), KZ_OK);
    counts_are(t, "pop", "Total", "2024", 4, 3, -1);
    deliver_ewo(t, "2023", 8); /* another year leaves the cells of this one alone */
    assert_int_equal(compute(t, true, 1), KZ_OK);
    assert_int_equal(t->report.indicators, 1);
    assert_int_equal(t->report.periods, 1);
    counts_are(t, "pop", "Total", "2023", 4, 4, -1);
    counts_are(t, "pop", "Total", "2024", 4, 3, -1);
    assert_int_equal(kz_db_exec(t->ws.work, "UPDATE area SET parent = 3 WHERE id = 5", NULL), KZ_OK);
    assert_int_equal(compute(t, true, 1), KZ_OK); /* other areas, other counts */
    assert_int_equal(t->report.indicators, 3);
}

/* ---- against a recount -------------------------------------------------------------------- */

enum { MANY = 140000, CONDITIONS = 12 };
static const char *const PLACES[] = { "stadtteil:101", "stadtteil:102", "stadtteil:201", "stadtbezirk:1", "" };
static const int ABOVE[][3] = { { 4, 2, 1 }, { 5, 2, 1 }, { 6, 3, 1 }, { 2, 1, 0 }, { 1, 0, 0 } };

typedef struct crowd {
    const char *area[MANY], *sex[MANY], *mig[MANY], *age[MANY], *who[MANY];
    char number[512][8];
} crowd;

static bool known(const char *s)
{
    return *s != '\0';
}

/* What condition k says of row i, by hand. */
static bool truth(const crowd *c, int i, int k)
{
    int age = known(c->age[i]) ? (int)strtol(c->age[i], NULL, 10) : -1;
    bool m = strcmp(c->sex[i], "m") == 0, none = strcmp(c->mig[i], "none") == 0;
    switch (k) {
    case 0:
        return true;
    case 1:
        return m;
    case 2:
        return known(c->mig[i]) && !none;
    case 3:
        return age >= 0 && age < 36;
    case 4:
        return age >= 36 && age < 72;
    case 5:
        return m && age >= 0 && age < 36;
    case 6:
        return m || (known(c->mig[i]) && !none);
    case 7:
        return known(c->sex[i]) && !m && known(c->mig[i]) && none;
    case 8:
        return !known(c->mig[i]);
    case 9:
        return age >= 0 && !(age >= 12 && age <= 35);
    case 10:
        return age == 17 || age == 40 || age == 41;
    default:
        return strcmp(c->sex[i], "w") == 0 || strcmp(c->sex[i], "d") == 0;
    }
}

#define COUNT_OF(id, condition) PLAIN(id, "count", "count(ewo: " condition ")", "")
static const char RECOUNT[] =
    INDICATOR_HEAD PLAIN("c0", "count", "count(ewo)", "") COUNT_OF("c1", "sex = m") COUNT_OF("c2", "mig != none")
        COUNT_OF("c3", "age_years < 3") COUNT_OF("c4", "age_years between 3 and 5") COUNT_OF("c5", "sex = m and age_years < 3")
            COUNT_OF("c6", "sex = m or mig != none") COUNT_OF("c7", "not (sex = m or mig != none)")
                COUNT_OF("c8", "not known(mig)") COUNT_OF("c9", "not age_months between 12 and 35")
                    COUNT_OF("c10", "age_months in (17, 40, 41)") COUNT_OF("c11", "sex in (w, d)")
                        PLAIN("who", "count", "distinct(ewo: sex = m)", "");

static void make_crowd(crowd *c, uint64_t seed)
{
    static const char *const SEXES[] = { "m", "w", "d", "" }, *const MIGS[] = { "none", "german", "foreign", "" };
    kz_rng r = kz_rng_stream(seed, 1);
    for (int i = 0; i < 512; i++)
        snprintf(c->number[i], sizeof c->number[i], "%d", i);
    for (int i = 0; i < MANY; i++) {
        /* The second block has boys of one age only: its ends say so. */
        bool second = i >= KZ_SEGMENT_BLOCK && i < 2 * KZ_SEGMENT_BLOCK;
        c->area[i] = PLACES[kz_rng_below(&r, 5)];
        c->sex[i] = SEXES[second ? 0 : kz_rng_below(&r, 4)];
        c->mig[i] = MIGS[kz_rng_below(&r, 4)];
        c->age[i] = second ? "20" : kz_rng_below(&r, 20) == 0 ? "" : c->number[kz_rng_below(&r, 120)];
        c->who[i] = c->number[kz_rng_below(&r, 500)];
    }
}

static char *all_cells(town *t)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_buf b = kz_buf_init(1 << 24);
    bool row;
    assert_int_equal(kz_prepare(t->ws.work, "SELECT hex(counts) || atom FROM counted ORDER BY atom, period", &q, NULL),
                     KZ_OK);
    while (kz_step(&q, &row, NULL) == KZ_OK && row)
        kz_buf_str(&b, kz_col_text(&q, 0));
    kz_stmt_done(&q);
    assert_int_equal(kz_prepare(t->ws.work, "SELECT indicator || ' ' || grp || ' ' || period || ' ' || area || ' ' || "
                                            "COALESCE(numerator, '') || ' ' || COALESCE(value, '') || state FROM cell "
                                            "ORDER BY indicator, grp, period, area", &q, NULL), KZ_OK);
    while (kz_step(&q, &row, NULL) == KZ_OK && row)
        kz_buf_str(&b, kz_col_text(&q, 0));
    assert_int_equal(kz_buf_status(&b), KZ_OK);
    char *text = strdup(kz_buf_text(&b));
    kz_buf_done(&b);
    return text;
}

static void every_count_equals_a_recount_for_any_number_of_threads(void **state)
{
    town *t = *state;
    crowd *c = calloc(1, sizeof *c);
    assert_non_null(c);
    catalogue(t, RECOUNT, GROUP_HEAD);
    for (int year = 0; year < 2; year++) {
        const text_column cols[] = { { "area", 'c', c->area }, { "person", 'p', c->who }, { "sex", 'c', c->sex },
                                     { "mig", 'c', c->mig }, { "age_months", 'i', c->age } };
        make_crowd(c, 7 + (uint64_t)year);
        deliver(t, "ewo", year ? "2024" : "2023", MANY, cols, 5);
    }
    assert_int_equal(compute(t, false, 1), KZ_OK);
    for (int k = 0; k < CONDITIONS; k++) {
        int64_t want[7] = { 0 };
        char id[8];
        snprintf(id, sizeof id, "c%d", k);
        for (int i = 0; i < MANY; i++)
            for (int place = 0; place < 5 && truth(c, i, k); place++)
                for (int up = 0; c->area[i] == PLACES[place] && up < 3 && ABOVE[place][up]; up++)
                    want[ABOVE[place][up]]++;
        for (int area = 1; area <= 6; area++)
            counts_are(t, id, "Total", "2024", area, want[area], -1);
    }
    for (int area = 1; area <= 6; area++) {
        bool met[512] = { false };
        int64_t want = 0;
        for (int i = 0; i < MANY; i++)
            for (int place = 0; place < 5 && truth(c, i, 1); place++)
                for (int up = 0; c->area[i] == PLACES[place] && up < 3 && ABOVE[place][up]; up++) {
                    int who = (int)strtol(c->who[i], NULL, 10);
                    want += ABOVE[place][up] == area && who != 0 && !met[who];
                    met[who] |= ABOVE[place][up] == area;
                }
        counts_are(t, "who", "Total", "2024", area, want, -1);
    }
    char *one = all_cells(t);
    assert_int_equal(kz_db_exec(t->ws.work, "DELETE FROM counted", NULL), KZ_OK);
    assert_int_equal(compute(t, false, 2), KZ_OK);
    char *two = all_cells(t);
    assert_string_equal(one, two);
    free(one);
    free(two);
    free(c);
}

static bool stop(void *ctx, uint64_t done, uint64_t of)
{
    (void)ctx;
    (void)done;
    (void)of;
    return false;
}

static void counting_can_be_stopped_and_leaves_nothing(void **state)
{
    town *t = *state;
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    kz_compute_how how = { .cat = &t->cat, .counting = { .threads = 1, .watch = stop } };
    catalogue(t, INDICATOR_HEAD PLAIN("pop", "count", "count(ewo)", ""), GROUP_HEAD);
    deliver_ewo(t, "2024", N);
    assert_int_equal(kz_tx_begin(&tx, t->ws.work, NULL), KZ_OK);
    assert_int_equal(kz_compute(t->ws.work, &how, &t->report, &t->err), KZ_E_CONFLICT);
    assert_string_equal(t->err.id, "compute.stopped");
    kz_tx_done(&tx);
    assert_int_equal(scalar(t, "SELECT COUNT(*) FROM counted"), 0);
}

#define TOWN(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
KZ_TEST_MAIN(TOWN(shares_of_person_rows_are_counted_in_every_area_above), TOWN(persons_count_once_wherever_they_are),
             TOWN(institutions_are_observed_beside_areas), TOWN(earlier_periods_changes_and_pools),
             TOWN(a_school_year_goes_with_its_year), TOWN(an_index_is_the_weighted_sum_of_z_scores),
             TOWN(what_is_missing_or_small_has_its_sign), TOWN(a_numerator_over_its_denominator_is_refused_by_name),
             TOWN(two_sources_may_disagree), TOWN(a_damaged_delivery_is_named_and_nothing_is_stored), TOWN(another_source_does_not_count_residents_again),
             TOWN(every_count_equals_a_recount_for_any_number_of_threads),
             TOWN(counting_can_be_stopped_and_leaves_nothing))
