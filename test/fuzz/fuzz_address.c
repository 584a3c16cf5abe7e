/* Streets, house numbers, whole addresses: keys are of one form, numbers in their bounds, parts within the text. */
#include "base/phonetic.h"
#include "base/utf8.h"
#include "monitor/address.h"
#include "monitor/address_columns.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static bool within(kz_view part, kz_view whole)
{
    return part.n == 0 || (part.p >= whole.p && part.p + part.n <= whole.p + whole.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    kz_view v = { (const char *)bytes, n };
    char key[KZ_STREET_KEY], again[KZ_STREET_KEY], code[KZ_PHONETIC];
    kz_house h;
    kz_address a;
    size_t length = kz_street_key(v, key);
    KZ_ASSERT(length < KZ_STREET_KEY && key[length] == '\0');
    if (length + 8 < KZ_STREET_KEY) /* a key that was cut may end within a word */
        KZ_ASSERT(kz_street_key(kz_view_from(key, length), again) <= length);
    if (kz_house_parse(v, kz_view_of(""), &h) == KZ_HOUSE_FINE)
        KZ_ASSERT(h.from > 0 && h.from <= h.to && h.to <= 99999 && strlen(h.suffix) < KZ_SUFFIX_KEY);
    else
        KZ_ASSERT(h.from == 0 && h.to == 0);
    kz_address_split(v, &a);
    KZ_ASSERT(within(a.street, v) && within(a.number, v) && within(a.postcode, v));
    int32_t postcode = kz_postcode_parse(v);
    KZ_ASSERT(postcode == -1 || postcode == 0 || (postcode >= 1000 && postcode <= 99999));
    KZ_ASSERT(kz_phonetic(v, code) < KZ_PHONETIC);
    (void)kz_address_role_of(v);
    return 0;
}
