#include "monitor/count.h"

#include <math.h>

static const kz_measure WHOLE = { .code = "", .label = "", .table = "", .unit = "", .lo = 0, .hi = KZ_COUNT_MAX };

static kz_count_verdict check_bounds(int64_t n, const kz_measure *m)
{
    int64_t most = m->decimals == 0 ? KZ_COUNT_MAX : KZ_VALUE_MAX;
    if (n < 0 && m->lo == 0)
        return KZ_COUNT_NEGATIVE;
    if (n > most || n < -most)
        return KZ_COUNT_TOO_LARGE;
    return n < m->lo || n > m->hi ? KZ_COUNT_OUTSIDE : KZ_COUNT_OK;
}

static kz_count_verdict read_number(kz_view text, kz_number_style style, const kz_measure *m, int64_t *ret)
{
    int64_t n;
    text = kz_view_trim(text);
    if (text.n > 1 && text.p[text.n - 1] == '%') {
        if (!kz_measure_percent(m))
            return KZ_COUNT_PERCENT;
        text.n--;
    }
    switch (kz_parse_fixed(text, style, m->decimals, &n)) {
    case KZ_PARSED:          break;
    case KZ_PARSED_EMPTY:    return KZ_COUNT_EMPTY;
    case KZ_PARSED_FRACTION: return KZ_COUNT_NOT_WHOLE;
    case KZ_PARSED_RANGE:    return KZ_COUNT_TOO_LARGE;
    case KZ_PARSED_NOT:
    case KZ_PARSED_OPEN:     return KZ_COUNT_NOT_NUMBER;
    }
    kz_count_verdict v = check_bounds(n, m);
    if (v == KZ_COUNT_OK)
        *ret = n;
    return v;
}

static void put_number(int64_t value, kz_value *ret)
{
    *ret = (kz_value){ value, value == 0 ? KZ_CELL_ZERO : KZ_CELL_SHOWN };
}

kz_count_verdict kz_value_read(kz_view field, kz_number_style style, kz_signs signs, const kz_measure *m, kz_value *ret)
{
    static const kz_cell_state STATES[KZ_N_SIGNS] = {
        [KZ_SIGN_ZERO] = KZ_CELL_ZERO,
        [KZ_SIGN_BELOW_UNIT] = KZ_CELL_BELOW_UNIT,
        [KZ_SIGN_HIDDEN] = KZ_CELL_HIDDEN,
        [KZ_SIGN_LATER] = KZ_CELL_LATER,
        [KZ_SIGN_MEANINGLESS] = KZ_CELL_MEANINGLESS,
        [KZ_SIGN_UNRELIABLE] = KZ_CELL_UNRELIABLE,
        [KZ_SIGN_LIMITED] = KZ_CELL_LIMITED,
        [KZ_SIGN_PRELIMINARY] = KZ_CELL_PRELIMINARY,
        [KZ_SIGN_REVISED] = KZ_CELL_REVISED,
        [KZ_SIGN_ESTIMATED] = KZ_CELL_ESTIMATED,
        [KZ_SIGN_LESS] = KZ_CELL_HIDDEN,
    };
    kz_view number;
    kz_sign sign = kz_sign_find(field, &number);
    int64_t value = KZ_NO_VALUE;

    if (sign == KZ_SIGN_EMPTY)
        return KZ_COUNT_EMPTY;
    if (sign == KZ_SIGN_MISSING)
        return KZ_COUNT_NOT_NUMBER;
    if (sign == KZ_SIGN_NONE || (sign == KZ_SIGN_BELOW_UNIT && signs != KZ_SIGNS_OFFICIAL)) {
        kz_count_verdict verdict = read_number(number, style, m, &value);
        if (verdict == KZ_COUNT_OK)
            put_number(value, ret);
        return verdict;
    }
    if (signs == KZ_SIGNS_NO)
        return KZ_COUNT_SIGN;
    if (sign == KZ_SIGN_ZERO || sign == KZ_SIGN_BELOW_UNIT) {
        value = 0;
    } else if (number.n > 0 && sign != KZ_SIGN_LESS) {
        kz_count_verdict verdict = read_number(number, style, m, &value);
        if (verdict != KZ_COUNT_OK)
            return verdict;
    }
    *ret = (kz_value){ value, STATES[sign] };
    return KZ_COUNT_OK;
}

kz_count_verdict kz_count_read(kz_view field, kz_number_style style, kz_signs signs, kz_value *ret)
{
    return kz_value_read(field, style, signs, &WHOLE, ret);
}

kz_count_verdict kz_value_of_cell(kz_view text, const kz_measure *m, kz_value *ret)
{
    double x;
    int64_t n;
    kz_count_verdict v = kz_value_read(text, KZ_NUM_POINT, KZ_SIGNS_NO, m, ret);
    if (v != KZ_COUNT_NOT_WHOLE || m->decimals == 0 || kz_parse_real(text, KZ_NUM_POINT, &x) != KZ_PARSED)
        return v;
    /* 6.3829799999999999 is how a spreadsheet keeps 6.38298. */
    double scaled = x * (double)kz_pow10(m->decimals), whole = round(scaled);
    if (!(fabs(scaled) < (double)KZ_VALUE_MAX) || fabs(scaled - whole) > fabs(scaled) * 1e-14)
        return v;
    n = (int64_t)whole;
    v = check_bounds(n, m);
    if (v == KZ_COUNT_OK)
        put_number(n, ret);
    return v;
}
