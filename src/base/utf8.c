#include "base/utf8.h"

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

/* One accent: pairs of base letter and result, capitals and small ones. */
static const struct accent {
    uint32_t mark;
    uint16_t pair[40][2]; /* ended by 0 */
} ACCENT[] = {
    { 0x300, { { 'A', 0xC0 }, { 'E', 0xC8 }, { 'I', 0xCC }, { 'N', 0x1F8 }, { 'O', 0xD2 }, { 'U', 0xD9 },
               { 'a', 0xE0 }, { 'e', 0xE8 }, { 'i', 0xEC }, { 'n', 0x1F9 }, { 'o', 0xF2 }, { 'u', 0xF9 } } },
    { 0x301, { { 'A', 0xC1 }, { 'C', 0x106 }, { 'E', 0xC9 }, { 'I', 0xCD }, { 'L', 0x139 }, { 'N', 0x143 },
               { 'O', 0xD3 }, { 'R', 0x154 }, { 'S', 0x15A }, { 'U', 0xDA }, { 'Y', 0xDD }, { 'Z', 0x179 },
               { 'a', 0xE1 }, { 'c', 0x107 }, { 'e', 0xE9 }, { 'i', 0xED }, { 'l', 0x13A }, { 'n', 0x144 },
               { 'o', 0xF3 }, { 'r', 0x155 }, { 's', 0x15B }, { 'u', 0xFA }, { 'y', 0xFD }, { 'z', 0x17A } } },
    { 0x302, { { 'A', 0xC2 }, { 'C', 0x108 }, { 'E', 0xCA }, { 'G', 0x11C }, { 'H', 0x124 }, { 'I', 0xCE },
               { 'J', 0x134 }, { 'O', 0xD4 }, { 'S', 0x15C }, { 'U', 0xDB }, { 'W', 0x174 }, { 'Y', 0x176 },
               { 'a', 0xE2 }, { 'c', 0x109 }, { 'e', 0xEA }, { 'g', 0x11D }, { 'h', 0x125 }, { 'i', 0xEE },
               { 'j', 0x135 }, { 'o', 0xF4 }, { 's', 0x15D }, { 'u', 0xFB }, { 'w', 0x175 }, { 'y', 0x177 } } },
    { 0x303, { { 'A', 0xC3 }, { 'I', 0x128 }, { 'N', 0xD1 }, { 'O', 0xD5 }, { 'U', 0x168 },
               { 'a', 0xE3 }, { 'i', 0x129 }, { 'n', 0xF1 }, { 'o', 0xF5 }, { 'u', 0x169 } } },
    { 0x304, { { 'A', 0x100 }, { 'E', 0x112 }, { 'I', 0x12A }, { 'O', 0x14C }, { 'U', 0x16A },
               { 'a', 0x101 }, { 'e', 0x113 }, { 'i', 0x12B }, { 'o', 0x14D }, { 'u', 0x16B } } },
    { 0x306, { { 'A', 0x102 }, { 'E', 0x114 }, { 'G', 0x11E }, { 'O', 0x14E }, { 'U', 0x16C },
               { 'a', 0x103 }, { 'e', 0x115 }, { 'g', 0x11F }, { 'o', 0x14F }, { 'u', 0x16D } } },
    { 0x307, { { 'C', 0x10A }, { 'E', 0x116 }, { 'G', 0x120 }, { 'I', 0x130 }, { 'Z', 0x17B },
               { 'c', 0x10B }, { 'e', 0x117 }, { 'g', 0x121 }, { 'z', 0x17C } } },
    { 0x308, { { 'A', 0xC4 }, { 'E', 0xCB }, { 'I', 0xCF }, { 'O', 0xD6 }, { 'U', 0xDC }, { 'Y', 0x178 },
               { 'a', 0xE4 }, { 'e', 0xEB }, { 'i', 0xEF }, { 'o', 0xF6 }, { 'u', 0xFC }, { 'y', 0xFF } } },
    { 0x30A, { { 'A', 0xC5 }, { 'U', 0x16E }, { 'a', 0xE5 }, { 'u', 0x16F } } },
    { 0x30B, { { 'O', 0x150 }, { 'U', 0x170 }, { 'o', 0x151 }, { 'u', 0x171 } } },
    { 0x30C, { { 'C', 0x10C }, { 'D', 0x10E }, { 'E', 0x11A }, { 'N', 0x147 }, { 'R', 0x158 }, { 'S', 0x160 },
               { 'T', 0x164 }, { 'Z', 0x17D }, { 'c', 0x10D }, { 'd', 0x10F }, { 'e', 0x11B }, { 'n', 0x148 },
               { 'r', 0x159 }, { 's', 0x161 }, { 't', 0x165 }, { 'z', 0x17E } } },
    { 0x326, { { 'S', 0x218 }, { 'T', 0x21A }, { 's', 0x219 }, { 't', 0x21B } } },
    { 0x327, { { 'C', 0xC7 }, { 'S', 0x15E }, { 'T', 0x162 }, { 'c', 0xE7 }, { 's', 0x15F }, { 't', 0x163 } } },
    { 0x328, { { 'A', 0x104 }, { 'E', 0x118 }, { 'I', 0x12E }, { 'U', 0x172 },
               { 'a', 0x105 }, { 'e', 0x119 }, { 'i', 0x12F }, { 'u', 0x173 } } },
};

uint32_t kz_utf8_compose(uint32_t base, uint32_t mark)
{
    for (size_t i = 0; i < sizeof ACCENT / sizeof *ACCENT; i++)
        if (ACCENT[i].mark == mark)
            for (const uint16_t(*pair)[2] = ACCENT[i].pair; (*pair)[0]; pair++)
                if ((*pair)[0] == base)
                    return (*pair)[1];
    return 0;
}

bool kz_utf8_is_space(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

bool kz_utf8_is_hidden(uint32_t c)
{
    return (c < 0x20 && !kz_utf8_is_space(c)) || (c >= 0x7F && c <= 0x9F && c != 0x85) || c == 0xAD || c == 0x61C ||
           c == 0x180E || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
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
