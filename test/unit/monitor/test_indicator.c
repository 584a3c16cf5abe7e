#include "kz_test.h"

#include "monitor/indicator.h"

#include <string.h>

typedef struct findings {
    int n;
    kz_err first;
} findings;

static void keep(void *ctx, const kz_err *what)
{
    findings *f = ctx;
    if (f->n++ == 0)
        f->first = *what;
}

static kz_status check_groups(const char *text, findings *f)
{
    kz_auto(kz_catalogue) cat = KZ_CATALOGUE_INIT;
    *f = (findings){ 0 };
    return kz_catalogue_read((kz_catalogue_file){ 0 }, (kz_catalogue_file){ "g.tsv", text, strlen(text) }, keep, f,
                             &cat, NULL);
}

static void the_shipped_catalogue_has_five_indicators(void **state)
{
    (void)state;
    kz_auto(kz_catalogue) cat = KZ_CATALOGUE_INIT;
    assert_int_equal(kz_catalogue_builtin(&cat, NULL), KZ_OK);
    assert_int_equal(cat.n, 5);
    const kz_indicator *m = kz_catalogue_find(&cat, "migration");
    assert_non_null(m);
    assert_int_equal(m->n_groups, 12);
    assert_string_equal(m->groups[0].code, "Total");
    assert_string_equal(m->groups[m->groups[kz_indicator_group_find(m, "africa")].parent].code, "foreign");
    assert_int_equal(kz_catalogue_find(&cat, "altersgruppen")->n_groups, 14);
    assert_null(kz_catalogue_find(&cat, "mond"));
}

static void a_form_is_equal_however_it_is_written(void **state)
{
    (void)state;
    kz_form a = { .n = 1 }, b = { .n = 1 }, ab, ba;
    a.term[0].atom = "a";
    b.term[0].atom = "b";
    a.term[0].factor = b.term[0].factor = 1;
    assert_true(kz_form_add(&a, &b, 1, &ab));
    assert_true(kz_form_add(&b, &a, 1, &ba));
    assert_true(kz_form_equal(&ab, &ba));
    assert_true(kz_form_add(&ab, &a, -1, &ab));
    assert_true(kz_form_equal(&ab, &b));
    assert_true(kz_form_add(&a, &a, -1, &ab));
    assert_int_equal(ab.n, 0);
    kz_form before = kz_form_shifted(&a, 1);
    assert_true(kz_form_add(&a, &before, -2, &ab));
    assert_int_equal(ab.n, 2); /* the same atom in another period is another count */
    kz_auto(kz_buf) text = kz_buf_init(256);
    kz_form_write(&text, &ab);
    assert_string_equal(kz_buf_text(&text), "a - 2 * a[-1]");
}

static void mistakes_name_their_line(void **state)
{
    (void)state;
    findings f;
    assert_int_equal(check_groups("indicator\tcode\tparent\tlabel\tnumerator\n"
                                  "migration\tTotal\t\tInsgesamt\tmig_total\n"
                                  "migration\tx\tmond\tX\tmig_mond\n"
                                  "migration\tx\tTotal\tX\tmig_asia\n", &f), KZ_E_FINDING);
    assert_int_equal(f.n, 3); /* no such measure, no such parent, twice the code */
    assert_int_equal(f.first.arg[1].number, 3);
    assert_int_equal(check_groups("indicator\tcode\tparent\tlabel\tnumerator\n"
                                  "migration\tasia\t\tAsien\tmig_asia\n", &f), KZ_E_FINDING);
    assert_string_equal(f.first.id, "indicator.group_first");
    assert_int_equal(check_groups("indicator\tcode\n", &f), KZ_E_FINDING);
    assert_int_equal(f.n, 1);
}

KZ_TEST_MAIN(KZ_TEST(the_shipped_catalogue_has_five_indicators), KZ_TEST(a_form_is_equal_however_it_is_written),
             KZ_TEST(mistakes_name_their_line))
