#include "monitor/count.h"

static kz_count_verdict read_number(kz_view text, kz_number_style style, int64_t *ret)
{
    int64_t n;
    switch (kz_parse_int(text, style, &n)) {
    case KZ_PARSED:          break;
    case KZ_PARSED_EMPTY:    return KZ_COUNT_EMPTY;
    case KZ_PARSED_FRACTION: return KZ_COUNT_NOT_WHOLE;
    case KZ_PARSED_RANGE:    return KZ_COUNT_TOO_LARGE;
    case KZ_PARSED_NOT:
    case KZ_PARSED_OPEN:     return KZ_COUNT_NOT_NUMBER;
    }
    if (n < 0)
        return KZ_COUNT_NEGATIVE;
    if (n > KZ_COUNT_MAX)
        return KZ_COUNT_TOO_LARGE;
    *ret = n;
    return KZ_COUNT_OK;
}

kz_count_verdict kz_count_read(kz_view field, kz_number_style style, bool signs, kz_count *ret)
{
    static const kz_cell_state STATES[KZ_N_SIGNS] = {
        [KZ_SIGN_ZERO] = KZ_CELL_ZERO,
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
    int64_t value = -1;

    if (sign == KZ_SIGN_EMPTY)
        return KZ_COUNT_EMPTY;
    if (sign == KZ_SIGN_MISSING)
        return KZ_COUNT_NOT_NUMBER;
    if (sign == KZ_SIGN_NONE || sign == KZ_SIGN_BELOW_UNIT) {
        kz_count_verdict verdict = read_number(number, style, &value);
        if (verdict == KZ_COUNT_OK)
            *ret = (kz_count){ value, value == 0 ? KZ_CELL_ZERO : KZ_CELL_SHOWN };
        return verdict;
    }
    if (!signs)
        return KZ_COUNT_SIGN;
    if (sign == KZ_SIGN_ZERO) {
        value = 0;
    } else if (number.n > 0 && sign != KZ_SIGN_LESS) {
        kz_count_verdict verdict = read_number(number, style, &value);
        if (verdict != KZ_COUNT_OK)
            return verdict;
    }
    *ret = (kz_count){ value, STATES[sign] };
    return KZ_COUNT_OK;
}
