#include "base/phonetic.h"

#include "base/collate.h"
#include "base/utf8.h"

enum { LETTERS_MOST = 256 };

/* The name in small letters a to z, its accents dropped: ä sounds as a. */
static size_t letters(kz_view name, char out[static LETTERS_MOST])
{
    size_t n = 0;
    for (const char *at = name.p, *end = name.p + name.n; at < end;) {
        char as[4];
        size_t k = kz_collate_base(kz_utf8_lower(kz_utf8_next(&at, end)), as);
        for (size_t i = 0; i < k; i++)
            if (as[i] >= 'a' && as[i] <= 'z' && n < LETTERS_MOST)
                out[n++] = as[i];
    }
    return n;
}

static bool one_of(char c, const char *set)
{
    return c && strchr(set, c) != NULL;
}

/* The digits of a letter between its neighbours (0: none): "", one, or two for x. */
static const char *digits_of(char before, char c, char after)
{
    switch (c) {
    case 'a': case 'e': case 'i': case 'j': case 'o': case 'u': case 'y':
        return "0";
    case 'h':
        return "";
    case 'b':
        return "1";
    case 'p':
        return after == 'h' ? "3" : "1";
    case 'd': case 't':
        return one_of(after, "csz") ? "8" : "2";
    case 'f': case 'v': case 'w':
        return "3";
    case 'g': case 'k': case 'q':
        return "4";
    case 'c':
        if (!before)
            return one_of(after, "ahkloqrux") ? "4" : "8";
        return one_of(before, "sz") || !one_of(after, "ahkoqux") ? "8" : "4";
    case 'x':
        return one_of(before, "ckq") ? "8" : "48";
    case 'l':
        return "5";
    case 'm': case 'n':
        return "6";
    case 'r':
        return "7";
    default: /* s z */
        return "8";
    }
}

size_t kz_phonetic(kz_view name, char out[static KZ_PHONETIC])
{
    char text[LETTERS_MOST], last = 0;
    size_t n = letters(name, text), length = 0;
    for (size_t i = 0; i < n; i++) {
        const char *d = digits_of(i > 0 ? text[i - 1] : 0, text[i], i + 1 < n ? text[i + 1] : 0);
        for (; *d; d++) {
            /* Neighbours that are the same count once; a vowel counts at the beginning only. */
            if (*d != last && (*d != '0' || length == 0) && length + 1 < KZ_PHONETIC)
                out[length++] = *d;
            last = *d;
        }
    }
    out[length] = '\0';
    return length;
}

uint32_t kz_phonetic_hash(kz_view name)
{
    char code[KZ_PHONETIC];
    size_t n = kz_phonetic(name, code);
    uint32_t h = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)code[i]) * 16777619u;
    return h;
}
