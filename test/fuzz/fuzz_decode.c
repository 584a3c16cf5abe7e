/* Any bytes as text: what comes out is valid UTF-8 without NUL; folding twice changes nothing; names have an
 * order. */
#include "base/collate.h"
#include "base/decode.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_text(kz_view v)
{
    kz_auto(kz_buf) once = kz_buf_init(4 * v.n + 16), twice = kz_buf_init(4 * v.n + 16);
    KZ_ASSERT(kz_utf8_bad(v.p, v.n) == v.n);
    KZ_ASSERT(v.n == 0 || !memchr(v.p, 0, v.n));
    kz_utf8_fold(&once, v);
    kz_utf8_fold(&twice, (kz_view){ kz_buf_text(&once), once.n });
    KZ_ASSERT(once.n == twice.n && strcmp(kz_buf_text(&once), kz_buf_text(&twice)) == 0);
    KZ_ASSERT(kz_utf8_bad(kz_buf_text(&once), once.n) == once.n);

    size_t half = v.n / 2;
    while (half > 0 && ((unsigned char)v.p[half] & 0xC0) == 0x80)
        half--;
    kz_view a = { v.p, half }, b = { v.p + half, v.n - half };
    KZ_ASSERT(kz_collate(a, b) == -kz_collate(b, a));
    KZ_ASSERT((kz_collate(a, b) == 0) == kz_view_eq(a, b) || v.n > 16 * 1024);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const char *p = n ? (const char *)data : "";
    kz_encoding enc;
    kz_sureness sure;
    kz_err err = { 0 };
    if (kz_encoding_find(p, n, &enc, &sure, &err) == KZ_OK) {
        kz_auto(kz_buf) out = kz_buf_init(3 * n);
        kz_status st = kz_decode(p, n, enc, &out, &err);
        KZ_ASSERT(st == KZ_OK || (st == KZ_E_INPUT && err.id));
        KZ_ASSERT(st == KZ_OK || enc == KZ_ENC_UTF16LE || enc == KZ_ENC_UTF16BE);
        check_text((kz_view){ kz_buf_text(&out), out.n });
    } else {
        KZ_ASSERT(err.id != NULL);
    }
    for (int e = KZ_ENC_UTF8; e < KZ_N_ENCODINGS; e++) {
        kz_auto(kz_buf) out = kz_buf_init(3 * n);
        if (kz_decode(p, n, (kz_encoding)e, &out, &err) == KZ_OK)
            KZ_ASSERT(kz_utf8_bad(kz_buf_text(&out), out.n) == out.n);
    }
    const char *at = p;
    while (at < p + n)
        kz_utf8_next(&at, p + n);
    return 0;
}
