/* A delivery beside the last period, and areas that are not what they were. */
#include "table_town.h"

static void an_area_that_ended_is_named_with_what_became_of_it(void **state)
{
    town *t = *state;
    static const char SQL[] =
        "UPDATE area SET valid_to = '2011-12-31' WHERE id = 6;"
        "INSERT INTO area (id, level, key, name, parent, valid_from) VALUES (7, 3, '202', 'Alter Hafen', 3, '2012-01-01'),"
        " (8, 3, '203', 'Neuer Hafen', 3, '2012-01-01');"
        "INSERT INTO area_state (id, level, day, file, at, by_user, revision) VALUES (1, 3, '2012-01-01', 'x', 'y', 'z', 1);"
        "INSERT INTO area_flow (state, revision, kind, from_area, to_area) VALUES (1, 1, 'split', 6, 7), (1, 1, 'split', 6, 8)";
    assert_int_equal(kz_db_exec(t->ws.work, SQL, NULL), KZ_OK);
    refuse(t, HEADER POP("2012", "201", "Hafen", "30"), "check.area_became", 2,
           SAYS("„201“", "2012", "bis 2011-12-31", "202 Alter Hafen, 203 Neuer Hafen"));
    refuse(t, HEADER POP("2011", "203", "Neuer Hafen", "30"), "check.area_not_yet", 2, SAYS("„203“", "ab 2012-01-01"));
    assert_int_equal(bring(t, HEADER POP("2011", "201", "Hafen", "30") POP("2012", "202", "Alter Hafen", "10")
                               POP("2012", "203", "Neuer Hafen", "21")), KZ_OK); /* each in its time */
    assert_int_equal(stored(t, VALUE_OF(6)), 30);
    assert_int_equal(stored(t, VALUE_OF(8)), 21);
}

/* 30 quarters more: 900 to 929. */
static void more_quarters(town *t)
{
    static const char SQL[] = "INSERT INTO area (id, level, key, name, parent) WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL"
                              " SELECT i + 1 FROM n WHERE i < 29) SELECT 100 + i, 3, 900 + i, 'Q' || (900 + i), 3 FROM n";
    assert_int_equal(kz_db_exec(t->ws.work, SQL, NULL), KZ_OK);
}

/* Rows of all of them; `odd` has the value `put`. */
static void put_quarters(kz_buf *csv, int year, double factor, int odd, int put)
{
    for (int i = 0; i < 30; i++)
        kz_buf_fmt(csv, "x,005,E,%d,%d,Q%d,10,Einwohner,%d\n", year, 900 + i, 900 + i,
                   i == odd ? put : (int)((200 + 10 * (i * 7 % 30)) * factor + 0.5));
}

static void an_area_that_doubles_is_asked_about_and_a_city_that_grows_is_not(void **state)
{
    town *t = *state;
    kz_auto(kz_buf) csv = kz_buf_init(1 << 20);
    more_quarters(t);
    t->asked = true;
    kz_buf_str(&csv, HEADER);
    put_quarters(&csv, 2010, 1, 4, 241);
    put_quarters(&csv, 2011, 1.5, 4, 241 * 3 / 2); /* everybody grows by half */
    assert_int_equal(bring(t, kz_buf_text(&csv)), KZ_OK);
    kz_buf_clear(&csv);
    kz_buf_str(&csv, HEADER);
    put_quarters(&csv, 2012, 1.5, 4, 762); /* docs/methods/pruefung.md: twice what is to be expected */
    assert_int_equal(bring(t, kz_buf_text(&csv)), KZ_E_FINDING);
    assert_int_equal(t->found.count[KZ_WARNING], 1);
    const char *text = said(t, "check.outlier", 6);
    assert_non_null(strstr(text, "Q904, Einwohner, 2012: 762"));
    assert_non_null(strstr(text, "361 (2011)"));
    kz_buf_clear(&csv);
    kz_buf_str(&csv, HEADER);
    put_quarters(&csv, 2012, 1.5, 4, 400); /* a tenth more is nothing */
    assert_int_equal(bring(t, kz_buf_text(&csv)), KZ_OK);
}

static void the_column_of_the_last_year_is_asked_about(void **state)
{
    town *t = *state;
    kz_auto(kz_buf) csv = kz_buf_init(1 << 20);
    more_quarters(t);
    t->asked = true;
    kz_buf_str(&csv, HEADER);
    put_quarters(&csv, 2010, 1, -1, 0);
    put_quarters(&csv, 2011, 1, -1, 0);
    assert_int_equal(bring(t, kz_buf_text(&csv)), KZ_E_FINDING);
    assert_int_equal(kz_findings_of(&t->found, "check.column_same"), 1);
}

/* Property: whatever the counts, a file against itself with noise of a few percent has no finding. */
static void noise_is_no_finding(void **state)
{
    town *t = *state;
    uint64_t x = 88172645463325252u;
    more_quarters(t);
    for (int round = 0; round < 20; round++) {
        kz_auto(kz_buf) csv = kz_buf_init(1 << 20);
        kz_buf_str(&csv, HEADER);
        for (int year = 2010; year < 2014; year++)
            for (int i = 0; i < 30; i++) {
                x ^= x << 13, x ^= x >> 7, x ^= x << 17;
                int base = (i * i + 1) * (round + 1), noise = (int)(x % (uint64_t)(base / 20 + 3));
                kz_buf_fmt(&csv, "x,005,E,%d,%d,Q%d,10,Einwohner,%d\n", year, 900 + i, 900 + i, base + noise);
            }
        assert_int_equal(bring_order(t, kz_buf_text(&csv), (kz_import_order){ .dry_run = true }), KZ_OK);
        assert_int_equal(t->found.count[KZ_WARNING], 0);
    }
}

KZ_TEST_MAIN(T(an_area_that_ended_is_named_with_what_became_of_it),
             T(an_area_that_doubles_is_asked_about_and_a_city_that_grows_is_not),
             T(the_column_of_the_last_year_is_asked_about), T(noise_is_no_finding))
