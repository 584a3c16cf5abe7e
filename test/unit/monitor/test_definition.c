/* Which changes of an indicator are a new definition, and what they mean for the cells that are there. */
#include "fact_town.h"

#include "monitor/definition.h"
#include "monitor/release.h"

#define U3 PLAIN("u3", "share", "count(ewo: age_years < 3)", "count(ewo)")

static const kz_definition *find(const kz_definitions *d, const char *id)
{
    for (int i = 0; i < d->n; i++)
        if (strcmp(d->list[i].ind->id, id) == 0)
            return &d->list[i];
    fail_msg("no indicator %s", id);
    return NULL;
}

static void deliver_four(town *t, const char *period)
{
    static const char *const A[] = { "stadtteil:101", "stadtteil:101", "stadtteil:102", "stadtteil:201" };
    static const char *const AGE[] = { "12", "40", "30", "500" }, *const SEX[] = { "m", "w", "w", "m" };
    const text_column cols[] = { { "area", 'c', A }, { "age_months", 'i', AGE }, { "sex", 'c', SEX } };
    deliver(t, "ewo", period, 4, cols, 3);
}

static void compared(town *t, kz_arena *a, kz_definitions *d)
{
    assert_int_equal(kz_definitions_compare(t->ws.work, &t->cat, a, d, &t->err), KZ_OK);
}

static void hash_of(town *t, const char *indicators, const char *groups, char ret[KZ_DEFINITION_HEX])
{
    catalogue(t, indicators, groups);
    kz_definition_hash(&t->cat.indicators[0], ret);
}

static void what_decides_a_value_is_the_definition(void **state)
{
    static const struct {
        const char *indicators, *groups;
    } OTHERS[] = {
        { PLAIN("u3", "share", "count(ewo: age_years < 4)", "count(ewo)"), GROUP_HEAD },
        { PLAIN("u3", "share", "count(ewo: age_years < 3)", "count(ewo: known(age_years))"), GROUP_HEAD },
        { PLAIN("u3", "ratio", "count(ewo: age_years < 3)", "count(ewo)"), GROUP_HEAD },
        { INDICATOR("u3", "share", "count(ewo: age_years < 3)", "count(ewo)", "", "2", ""), GROUP_HEAD },
        { INDICATOR("u3", "share", "count(ewo: age_years < 3)", "count(ewo)", "", "", "30"), GROUP_HEAD },
        { U3, GROUP_HEAD "u3\tm\tTotal\tJungen\t\tsex = m\n" },
        { U3, GROUP_HEAD "u3\tm\tTotal\tJungen\t\tsex = w\n" },
        { PLAIN("k", "share", "count(kita: hours > 35)", "count(kita)"), GROUP_HEAD },
        { INDICATOR("k", "share", "count(kita: hours > 35)", "count(kita)", "kita", "", ""), GROUP_HEAD },
    };
    enum { N = sizeof OTHERS / sizeof *OTHERS };
    char all[N + 1][KZ_DEFINITION_HEX], again[KZ_DEFINITION_HEX];
    town *t = *state;
    hash_of(t, U3, GROUP_HEAD, all[N]);
    for (int i = 0; i < N; i++)
        hash_of(t, OTHERS[i].indicators, OTHERS[i].groups, all[i]);
    for (int i = 0; i <= N; i++)
        for (int k = 0; k < i; k++)
            assert_string_not_equal(all[i], all[k]);
    /* Written otherwise, called otherwise, its group called otherwise: the same. */
    hash_of(t, PLAIN("other-name", "share", "count(ewo: age_years<=2)", "count(ewo)"), GROUP_HEAD, again);
    assert_string_equal(again, all[N]);
    hash_of(t, U3, GROUP_HEAD "u3\tm\tTotal\tMännlich\t\tsex = m\n", again);
    assert_string_equal(again, all[5]);
}

static void a_changed_definition_names_the_cells_to_be_made_anew(void **state)
{
    town *t = *state;
    kz_auto(kz_arena) a;
    kz_definitions d;
    kz_arena_init(&a, 64 << 20);
    catalogue(t, INDICATOR_HEAD U3 PLAIN("pop", "count", "count(ewo)", "") PLAIN("up", "difference", "u3 - u3[-1]", ""),
              GROUP_HEAD);
    compared(t, &a, &d);
    assert_int_equal(d.n, 3);
    assert_false(find(&d, "u3")->computed); /* nothing came yet */
    deliver_four(t, "2023");
    deliver_four(t, "2024");
    computed(t);
    compared(t, &a, &d);
    assert_int_equal(d.n_stale + d.n_changed, 0);
    assert_true(find(&d, "u3")->computed && find(&d, "u3")->known);

    /* The same version, another denominator: u3 has changed, up is made of it, pop is left alone. */
    catalogue(t, INDICATOR_HEAD PLAIN("u3", "share", "count(ewo: age_years < 3)", "count(ewo: known(age_years))")
                     PLAIN("pop", "count", "count(ewo)", "") PLAIN("up", "difference", "u3 - u3[-1]", ""), GROUP_HEAD);
    compared(t, &a, &d);
    const kz_definition *u3 = find(&d, "u3"), *up = find(&d, "up");
    assert_true(u3->changed && u3->stale && !u3->raised);
    assert_int_equal(u3->version_before, 1);
    assert_int_equal(u3->cells, 2 * 6); /* two years; city, two districts, three quarters */
    assert_string_equal(u3->first, "2023");
    assert_string_equal(u3->last, "2024");
    assert_true(up->stale && !up->changed && up->cells > 0);
    assert_false(find(&d, "pop")->stale);
    assert_int_equal(d.n_changed, 1);
    assert_int_equal(d.n_stale, 2);
    assert_int_equal(d.cells, u3->cells + up->cells);

    /* Made anew, nothing is stale. */
    assert_int_equal(compute(t, true, 1), KZ_OK);
    compared(t, &a, &d);
    assert_int_equal(d.n_stale, 0);
}

static void a_raised_version_is_seen_and_a_release_keeps_its_own(void **state)
{
    town *t = *state;
    kz_auto(kz_arena) a;
    kz_definitions d;
    int64_t n;
    const kz_release_choice all = { 0 };
    kz_arena_init(&a, 64 << 20);
    catalogue(t, INDICATOR_HEAD U3, GROUP_HEAD);
    deliver_four(t, "2024");
    computed(t);
    assert_int_equal(kz_release_draft(t->ws.work, "alt", "anna", &all, false, &n, &t->err), KZ_OK);
    assert_int_equal(kz_release_draft(t->ws.work, "neu", "anna", &all, false, &n, &t->err), KZ_OK);
    assert_int_equal(kz_db_exec(t->ws.work, "UPDATE release SET state = 'published' WHERE name = 'alt'", NULL), KZ_OK);
    compared(t, &a, &d);
    assert_string_equal(find(&d, "u3")->releases, "");

    catalogue(t, INDICATOR_HEAD INDICATOR("u3", "share", "count(ewo: age_years < 3)", "count(ewo)", "", "", "2"), GROUP_HEAD);
    t->cat.indicators[0].version = 2;
    compared(t, &a, &d);
    assert_true(find(&d, "u3")->changed && find(&d, "u3")->raised);
    assert_string_equal(find(&d, "u3")->releases, "alt (1)"); /* a draft is not public */
    computed(t);
    compared(t, &a, &d);
    assert_false(find(&d, "u3")->stale);
    assert_string_equal(find(&d, "u3")->releases, "alt (1)"); /* what is public stays what it was */
    assert_int_equal(scalar(t, "SELECT MIN(version) FROM computed"), 2);

    /* A draft made anew has the new one. */
    assert_int_equal(kz_release_draft(t->ws.work, "neu", "anna", &all, true, &n, &t->err), KZ_OK);
    assert_int_equal(scalar(t, "SELECT version FROM release_definition WHERE release = (SELECT id FROM release WHERE "
                               "name = 'neu')"), 2);
}

static void of_cells_without_a_definition_nothing_is_said(void **state)
{
    town *t = *state;
    kz_auto(kz_arena) a;
    kz_definitions d;
    kz_arena_init(&a, 64 << 20);
    catalogue(t, INDICATOR_HEAD U3, GROUP_HEAD);
    deliver_four(t, "2024");
    computed(t);
    assert_int_equal(kz_db_exec(t->ws.work, "UPDATE computed SET definition = '', version = 0", NULL), KZ_OK);
    compared(t, &a, &d);
    assert_false(find(&d, "u3")->stale);
    assert_true(find(&d, "u3")->computed && !find(&d, "u3")->known);
    assert_int_equal(compute(t, true, 1), KZ_OK); /* the cells stay, and are of this definition from now on */
    assert_int_equal(t->report.cells, 0);
    assert_int_equal(scalar(t, "SELECT COUNT(*) FROM computed WHERE definition = '' OR version <> 1"), 0);
}

#define TOWN(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
KZ_TEST_MAIN(TOWN(what_decides_a_value_is_the_definition), TOWN(a_changed_definition_names_the_cells_to_be_made_anew),
             TOWN(a_raised_version_is_seen_and_a_release_keeps_its_own),
             TOWN(of_cells_without_a_definition_nothing_is_said))
