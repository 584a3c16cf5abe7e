#include "kz_test.h"

#include "base/buf.h"

static void escapes_every_text_in_markup(void **state)
{
    (void)state;
    kz_auto(kz_buf) b = kz_buf_init(1000);
    kz_html(&b, "<td title=\"%s\">%d</td>", "<script>'\"&", 7);
    assert_string_equal(kz_buf_text(&b), "<td title=\"&lt;script&gt;&#39;&quot;&amp;\">7</td>");
}

static void stops_at_its_limit_and_stays_failed(void **state)
{
    (void)state;
    kz_auto(kz_buf) b = kz_buf_init(4);
    kz_buf_str(&b, "abc");
    kz_buf_str(&b, "de");
    kz_buf_str(&b, "f");
    assert_int_equal(kz_buf_status(&b), KZ_E_LIMIT);
    assert_string_equal(kz_buf_text(&b), "abc");
}

static void writes_reals_that_read_back_the_same(void **state)
{
    (void)state;
    kz_auto(kz_buf) b = kz_buf_init(100);
    kz_buf_real(&b, 0.1);
    assert_string_equal(kz_buf_text(&b), "0.1");
    kz_buf_clear(&b);
    kz_buf_fixed(&b, -0.04, 1);
    assert_string_equal(kz_buf_text(&b), "0.0");
    kz_buf_clear(&b);
    kz_buf_coord(&b, 12.50, 2);
    assert_string_equal(kz_buf_text(&b), "12.5");
}

KZ_TEST_MAIN(KZ_TEST(escapes_every_text_in_markup),
             KZ_TEST(stops_at_its_limit_and_stays_failed),
             KZ_TEST(writes_reals_that_read_back_the_same))
