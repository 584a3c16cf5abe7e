/* Any text as a number, a sign or a day: what is read can be written and is then read the same. */
#include "base/buf.h"
#include "base/date.h"
#include "base/fmt.h"
#include "base/parse.h"

#include <math.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void numbers(kz_view v, kz_number_style style)
{
    int64_t whole = 77, back = 0;
    double real = 77, same = 0;
    kz_auto(kz_buf) b = kz_buf_init(100);
    bool is_real = kz_parse_real(v, style, &real) == KZ_PARSED;
    KZ_ASSERT(is_real || real == 77);
    if (kz_parse_int(v, style, &whole) == KZ_PARSED) {
        KZ_ASSERT(is_real && real == (double)whole);
        kz_fmt_int(&b, KZ_LANG_DE, whole);
        KZ_ASSERT(kz_parse_int(kz_view_of(kz_buf_text(&b)), KZ_NUM_COMMA, &back) == KZ_PARSED &&
                  back == whole);
    } else {
        KZ_ASSERT(whole == 77);
    }
    for (int decimals = 0; decimals <= 6; decimals++) { /* what is exact is what is written */
        kz_auto(kz_buf) text = kz_buf_init(100);
        int64_t fixed = 77;
        kz_parsed p = kz_parse_fixed(v, style, decimals, &fixed);
        KZ_ASSERT(p == KZ_PARSED || fixed == 77);
        if (p != KZ_PARSED)
            continue;
        kz_buf_decimal(&text, fixed, decimals);
        KZ_ASSERT(is_real && kz_parse_fixed(kz_view_of(kz_buf_text(&text)), KZ_NUM_POINT, decimals, &back) == KZ_PARSED &&
                  back == fixed);
    }
    if (is_real) {
        KZ_ASSERT(isfinite(real));
        kz_buf_clear(&b);
        kz_buf_real(&b, real);
        KZ_ASSERT(kz_parse_real(kz_view_of(kz_buf_text(&b)), KZ_NUM_POINT, &same) == KZ_PARSED &&
                  same == real);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    kz_view v = { n ? (const char *)data : "", n }, rest;
    for (int style = KZ_NUM_PLAIN; style <= KZ_NUM_UNITS; style++)
        numbers(v, (kz_number_style)style);

    /* One value alone decides for itself or stays open. */
    kz_number_column c = { 0 };
    double x, y;
    kz_number_see(&c, v, 1);
    kz_number_style style = kz_number_decide(&c);
    if (c.point + c.comma && !c.percent)
        KZ_ASSERT(kz_parse_real(v, style, &x) == KZ_PARSED);
    if (style == KZ_NUM_PLAIN && kz_parse_real(v, KZ_NUM_PLAIN, &x) == KZ_PARSED)
        KZ_ASSERT(kz_parse_real(v, KZ_NUM_POINT, &y) == KZ_PARSED && x == y &&
                  kz_parse_real(v, KZ_NUM_COMMA, &y) == KZ_PARSED && x == y);

    kz_sign sign = kz_sign_find(v, &rest);
    KZ_ASSERT(sign < KZ_N_SIGNS && rest.p >= v.p && rest.p + rest.n <= v.p + v.n);
    KZ_ASSERT(sign != KZ_SIGN_NONE || rest.n > 0);

    kz_date d, again;
    if (kz_date_parse(v, &d)) {
        char iso[KZ_DATE_TEXT];
        kz_date_iso(d, iso);
        KZ_ASSERT(kz_date_parse(kz_view_of(iso), &again));
        KZ_ASSERT(kz_date_number(d) == kz_date_number(again));
        KZ_ASSERT(kz_parse_real(v, KZ_NUM_COMMA, &x) != KZ_PARSED);
    }
    return 0;
}
