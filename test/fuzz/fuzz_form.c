/* Any bytes as a form: never a crash, the same decision however they are cut, and nothing in a text that is
 * not text.  The first byte picks the content type. */
#include "base/utf8.h"
#include "web/form.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const TYPES[] = { "application/x-www-form-urlencoded", "multipart/form-data; boundary=b",
                                     "multipart/form-data; boundary=\"----x\"" };

static int feed(const char *type, const char *p, size_t n, size_t cut, kz_form **ret)
{
    const kz_form_rule rule = { .bytes = 4096, .file_bytes = 65536 };
    int code = kz_form_begin(type, &rule, ret);
    for (size_t at = 0; code == 0 && at < n; at += cut)
        code = kz_form_feed(*ret, p + at, n - at < cut ? n - at : cut);
    return code == 0 ? kz_form_end(*ret) : code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kz_form *whole, *cut;
    if (size == 0)
        return 0;
    const char *type = TYPES[data[0] % 3], *p = (const char *)data + 1;
    int a = feed(type, p, size - 1, size, &whole), b = feed(type, p, size - 1, 1 + data[0] / 3, &cut);
    KZ_ASSERT((a == 0) == (b == 0));
    if (a == 0) {
        KZ_ASSERT(kz_form_count(whole) == kz_form_count(cut));
        for (int i = 0; i < kz_form_count(whole); i++) {
            const char *name, *other, *text = kz_form_nth(whole, i, &name);
            KZ_ASSERT(strcmp(text, kz_form_nth(cut, i, &other)) == 0 && strcmp(name, other) == 0);
            KZ_ASSERT(kz_utf8_bad(text, strlen(text)) == strlen(text));
        }
        KZ_ASSERT(!kz_form_the_file(whole) == !kz_form_the_file(cut));
    }
    kz_form_free(whole);
    kz_form_free(cut);
    return 0;
}
