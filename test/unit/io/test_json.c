#include "kz_test.h"

#include "io/json.h"

#include <math.h>

static void writes_objects_and_lists(void **state)
{
    (void)state;
    kz_auto(kz_buf) b = kz_buf_init(1000);
    kz_json j = { .out = &b };
    kz_json_open(&j, '{');
    kz_json_key(&j, "name");
    kz_json_str(&j, "K\xC3\xB6ln");
    kz_json_key(&j, "cells");
    kz_json_open(&j, '[');
    kz_json_int(&j, INT64_MIN);
    kz_json_real(&j, 0.1);
    kz_json_real(&j, (double)NAN);
    kz_json_open(&j, '[');
    kz_json_close(&j);
    kz_json_open(&j, '{');
    kz_json_close(&j);
    kz_json_close(&j);
    kz_json_key(&j, "open");
    kz_json_bool(&j, false);
    kz_json_key(&j, "hidden");
    kz_json_str(&j, NULL);
    assert_false(kz_json_done(&j));
    kz_json_close(&j);
    assert_true(kz_json_done(&j));
    assert_string_equal(kz_buf_text(&b),
                        "{\"name\":\"K\xC3\xB6ln\",\"cells\":[-9223372036854775808,0.1,null,[],{}],"
                        "\"open\":false,\"hidden\":null}");
}

static void escapes_what_would_break_text_or_page(void **state)
{
    (void)state;
    kz_auto(kz_buf) b = kz_buf_init(1000);
    kz_json j = { .out = &b };
    kz_json_str(&j, "</script>\"\\\n\x01\xE2\x80\xA8 & \xFF");
    assert_string_equal(kz_buf_text(&b),
                        "\"\\u003c/script\\u003e\\\"\\\\\\n\\u0001\\u2028 \\u0026 \xEF\xBF\xBD\"");
}

KZ_TEST_MAIN(KZ_TEST(writes_objects_and_lists),
             KZ_TEST(escapes_what_would_break_text_or_page))
