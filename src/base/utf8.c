#include "base/utf8.h"

#include <string.h>

/* Length of the valid sequence at p, 0 when it is not valid. */
static size_t sequence(const unsigned char *p, size_t n)
{
    unsigned char c = p[0];
    if (c < 0x80)
        return 1;
    size_t len = c >= 0xC2 && c <= 0xDF ? 2 : (c & 0xF0) == 0xE0 ? 3 : c >= 0xF0 && c <= 0xF4 ? 4 : 0;
    if (len == 0 || n < len)
        return 0;
    unsigned char lo = 0x80, hi = 0xBF;
    if (c == 0xE0)
        lo = 0xA0; /* overlong */
    else if (c == 0xED)
        hi = 0x9F; /* surrogates */
    else if (c == 0xF0)
        lo = 0x90;
    else if (c == 0xF4)
        hi = 0x8F; /* above U+10FFFF */
    if (p[1] < lo || p[1] > hi)
        return 0;
    for (size_t i = 2; i < len; i++)
        if ((p[i] & 0xC0) != 0x80)
            return 0;
    return len;
}

size_t kz_utf8_bad(const char *text, size_t n)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t i = 0;
    while (i < n) {
        uint64_t w[2];
        while (n - i >= sizeof w) { /* sixteen ASCII bytes at once */
            memcpy(w, p + i, sizeof w);
            if ((w[0] | w[1]) & 0x8080808080808080u)
                break;
            i += sizeof w;
        }
        while (i < n && p[i] < 0x80)
            i++;
        if (i == n)
            break;
        size_t len = sequence(p + i, n - i);
        if (len == 0)
            return i;
        i += len;
    }
    return n;
}

uint32_t kz_utf8_next(const char **at, const char *end)
{
    const unsigned char *p = (const unsigned char *)*at;
    size_t len = sequence(p, (size_t)(end - *at));
    *at += len ? len : 1;
    switch (len) {
    case 1:  return p[0];
    case 2:  return (p[0] & 0x1Fu) << 6 | (p[1] & 0x3Fu);
    case 3:  return (p[0] & 0x0Fu) << 12 | (p[1] & 0x3Fu) << 6 | (p[2] & 0x3Fu);
    case 4:  return (p[0] & 0x07u) << 18 | (p[1] & 0x3Fu) << 12 | (p[2] & 0x3Fu) << 6 | (p[3] & 0x3Fu);
    default: return 0xFFFD;
    }
}

size_t kz_utf8_put(char out[4], uint32_t c)
{
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = 0xFFFD;
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t len = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = len - 1; i > 0; i--, c >>= 6)
        out[i] = (char)(0x80 | (c & 0x3F));
    out[0] = (char)((len == 2 ? 0xC0 : len == 3 ? 0xE0 : 0xF0) | c);
    return len;
}

uint32_t kz_utf8_lower(uint32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    if (c >= 0xC0 && c <= 0xDE)
        return c == 0xD7 ? c : c + 32;
    if (c >= 0x100 && c <= 0x17E) {
        if (c == 0x130)
            return 'i';
        if (c == 0x178)
            return 0xFF;
        /* Capitals are even, but odd in two stretches. */
        bool odd = (c >= 0x139 && c <= 0x148) || c >= 0x179;
        bool none = c == 0x131 || c == 0x138 || c == 0x149;
        return !none && (c & 1) == odd ? c + 1 : c;
    }
    if (c >= 0x218 && c <= 0x21B) /* Romanian */
        return c | 1;
    if (c >= 0x391 && c <= 0x3A9)
        return c == 0x3A2 ? c : c + 32;
    if (c >= 0x410 && c <= 0x42F)
        return c + 32;
    if (c >= 0x400 && c <= 0x40F)
        return c + 80;
    if (c == 0x1E9E)
        return 0xDF;
    if ((c >= 0x1E00 && c <= 0x1E95) || (c >= 0x1EA0 && c <= 0x1EFF))
        return c | 1;
    return c;
}

/* What an accent makes of which letter: pairs of letter and result. */
static const struct accent {
    uint32_t    mark;
    const char *pairs;
} ACCENT[] = {
    { 0x300, "AÀEÈIÌNǸOÒUÙaàeèiìnǹoòuù" },
    { 0x301, "AÁCĆEÉGǴIÍLĹNŃOÓRŔSŚUÚYÝZŹaácćeégǵiílĺnńoórŕsśuúyýzź" },
    { 0x302, "AÂCĈEÊGĜHĤIÎJĴOÔSŜUÛWŴYŶaâcĉeêgĝhĥiîjĵoôsŝuûwŵyŷ" },
    { 0x303, "AÃIĨNÑOÕUŨaãiĩnñoõuũ" },
    { 0x304, "AĀEĒIĪOŌUŪaāeēiīoōuū" },
    { 0x306, "AĂEĔGĞIĬOŎUŬaăeĕgğiĭoŏuŭ" },
    { 0x307, "CĊEĖGĠIİZŻcċeėgġzż" },
    /* lint: allow german, because these are letters, not words */
    { 0x308, "AÄEËIÏOÖUÜYŸaäeëiïoöuüyÿ" },
    { 0x30A, "AÅUŮaåuů" },
    { 0x30B, "OŐUŰoőuű" },
    { 0x30C, "AǍCČDĎEĚGǦIǏKǨLĽNŇOǑRŘSŠTŤUǓZŽaǎcčdďeěgǧiǐjǰkǩlľnňoǒrřsštťuǔzž" },
    { 0x326, "SȘTȚsștț" },
    { 0x327, "CÇGĢKĶLĻNŅRŖSŞTŢcçgģkķlļnņrŗsştţ" },
    { 0x328, "AĄEĘIĮOǪUŲaąeęiįoǫuų" },
};

uint32_t kz_utf8_compose(uint32_t base, uint32_t mark)
{
    if (mark < 0x300 || mark > 0x328)
        return 0;
    for (size_t i = 0; i < sizeof ACCENT / sizeof *ACCENT; i++) {
        if (ACCENT[i].mark != mark)
            continue;
        for (const char *p = ACCENT[i].pairs, *end = p + strlen(p); p < end;) {
            uint32_t letter = kz_utf8_next(&p, end), whole = kz_utf8_next(&p, end);
            if (letter == base)
                return whole;
        }
    }
    return 0;
}

bool kz_utf8_is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
           c == 0x3000;
}

bool kz_utf8_is_hidden(uint32_t c)
{
    return (c < 0x20 && !kz_utf8_is_space(c)) || (c >= 0x7F && c <= 0x9F && c != 0x85) || c == 0xAD ||
           c == 0x61C || c == 0x180E || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF;
}

static void put(kz_buf *out, uint32_t c)
{
    char bytes[4];
    kz_buf_add(out, bytes, kz_utf8_put(bytes, c));
}

static size_t clean(kz_buf *out, kz_view v, bool fold)
{
    size_t dropped = 0;
    uint32_t held = 0; /* not written yet: an accent may follow */
    bool gap = false, any = false;
    for (const char *p = v.p, *end = v.p + v.n; p < end;) {
        uint32_t c = kz_utf8_next(&p, end);
        if (kz_utf8_is_hidden(c)) {
            dropped++;
            continue;
        }
        if (fold) /* before composing: the capital of a letter may have no such accent */
            c = kz_utf8_lower(c);
        uint32_t whole = held ? kz_utf8_compose(held, c) : 0;
        if (whole) {
            held = whole;
            continue;
        }
        if (held) {
            put(out, held);
            held = 0;
            any = true;
        }
        if (fold && kz_utf8_is_space(c)) {
            gap = any;
            continue;
        }
        if (gap)
            put(out, ' ');
        gap = false;
        held = c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
    }
    if (held)
        put(out, held);
    return dropped;
}

size_t kz_utf8_clean(kz_buf *out, kz_view v)
{
    return clean(out, v, false);
}

void kz_utf8_fold(kz_buf *out, kz_view v)
{
    clean(out, v, true);
}

kz_view kz_view_trim(kz_view v)
{
    static const char *const BLANK[] = { " ", "\t", "\xC2\xA0", "\xE2\x80\x87", "\xE2\x80\xAF" };
    if (v.n == 0 || (v.p[0] > ' ' && v.p[0] < 0x7F && v.p[v.n - 1] > ' ' && v.p[v.n - 1] < 0x7F))
        return v; /* nearly always */
    for (size_t i = 0; i < sizeof BLANK / sizeof *BLANK;) {
        size_t n = strlen(BLANK[i]);
        if (v.n >= n && memcmp(v.p, BLANK[i], n) == 0) {
            v = (kz_view){ v.p + n, v.n - n };
            i = 0;
        } else if (v.n >= n && memcmp(v.p + v.n - n, BLANK[i], n) == 0) {
            v.n -= n;
            i = 0;
        } else {
            i++;
        }
    }
    return v;
}

bool kz_utf8_same(kz_view a, kz_view b)
{
    kz_auto(kz_buf) x = kz_buf_init(16384), y = kz_buf_init(16384);
    kz_utf8_fold(&x, a);
    kz_utf8_fold(&y, b);
    return kz_buf_status(&x) == KZ_OK && kz_buf_status(&y) == KZ_OK &&
           strcmp(kz_buf_text(&x), kz_buf_text(&y)) == 0;
}
