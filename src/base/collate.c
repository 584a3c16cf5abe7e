#include "base/collate.h"

#include "base/utf8.h"

/* What stands in the first round for a letter: one or two ASCII letters. */
static const struct letter {
    uint16_t c;
    char     as[3];
} LETTER[] = {
    { 0xDF, "ss" },  { 0xE6, "ae" }, { 0xE7, "c" },  { 0xF0, "d" },  { 0xF1, "n" },
    { 0xF8, "o" },   { 0xFE, "th" }, { 0x111, "d" }, { 0x127, "h" }, { 0x131, "i" },
    { 0x133, "ij" }, { 0x138, "k" }, { 0x142, "l" }, { 0x149, "n" }, { 0x14B, "n" },
    { 0x153, "oe" }, { 0x167, "t" }, { 0x17F, "s" }, { 0x219, "s" }, { 0x21B, "t" },
};

/* Ranges of small letters with accents and the letter below them. */
static const struct range {
    uint16_t from, to;
    char     as;
} RANGE[] = {
    { 0xE0, 0xE5, 'a' },   { 0xE8, 0xEB, 'e' },   { 0xEC, 0xEF, 'i' },   { 0xF2, 0xF6, 'o' },
    { 0xF9, 0xFC, 'u' },   { 0xFD, 0xFD, 'y' },   { 0xFF, 0xFF, 'y' },   { 0x100, 0x105, 'a' },
    { 0x106, 0x10D, 'c' }, { 0x10E, 0x10F, 'd' }, { 0x112, 0x11B, 'e' }, { 0x11C, 0x123, 'g' },
    { 0x124, 0x125, 'h' }, { 0x128, 0x12F, 'i' }, { 0x134, 0x135, 'j' }, { 0x136, 0x137, 'k' },
    { 0x139, 0x140, 'l' }, { 0x143, 0x148, 'n' }, { 0x14C, 0x151, 'o' }, { 0x154, 0x159, 'r' },
    { 0x15A, 0x161, 's' }, { 0x162, 0x165, 't' }, { 0x168, 0x173, 'u' }, { 0x174, 0x175, 'w' },
    { 0x176, 0x177, 'y' }, { 0x179, 0x17E, 'z' },
};

size_t kz_collate_base(uint32_t c, char as[static 4])
{
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
        as[0] = (char)c;
        return 1;
    }
    if (c < 0xC0)
        return 0;
    for (size_t i = 0; i < sizeof LETTER / sizeof *LETTER; i++)
        if (LETTER[i].c == c) {
            size_t n = strlen(LETTER[i].as);
            memcpy(as, LETTER[i].as, n);
            return n;
        }
    for (size_t i = 0; i < sizeof RANGE / sizeof *RANGE; i++)
        if (c >= RANGE[i].from && c <= RANGE[i].to) {
            as[0] = RANGE[i].as;
            return 1;
        }
    if (kz_utf8_is_space(c) || (c >= 0x2000 && c <= 0x206F) || c == 0xD7 || c == 0xF7)
        return 0;
    return kz_utf8_put(as, c); /* other scripts: after z, in the order of Unicode */
}

typedef enum round { LETTERS, GAPS, ACCENTS, CASES } round;

/* One round over the cleaned name.  0x01 ends each, and sorts before all that it writes. */
static void put_round(kz_buf *out, kz_view name, round r)
{
    char as[4];
    for (const char *p = name.p, *end = name.p + name.n; p < end;) {
        uint32_t c = kz_utf8_next(&p, end), low = kz_utf8_lower(c);
        size_t n = kz_collate_base(low, as);
        bool lower = r == ACCENTS ? low < 0x80 : c == low;
        if (r == LETTERS)
            kz_buf_add(out, as, n);
        else if (r == GAPS && n == 0)
            kz_buf_char(out, 2); /* before a letter in the same place */
        else
            for (size_t i = 0; i < n; i++) /* ß as often as ss, so that both stay in step */
                kz_buf_char(out, r == GAPS || !lower ? 3 : 2);
    }
    kz_buf_char(out, 1);
}

void kz_collate_key(kz_buf *out, kz_view name)
{
    kz_auto(kz_buf) clean = kz_buf_init(2 * name.n + 16);
    kz_utf8_clean(&clean, name);
    kz_view v = { kz_buf_text(&clean), clean.n };
    for (round r = LETTERS; r <= CASES; r++)
        put_round(out, v, r);
    kz_buf_add(out, name.p, name.n);
}

int kz_collate(kz_view a, kz_view b)
{
    enum { LONGEST = 16 * 1024 };
    kz_auto(kz_buf) ka = kz_buf_init(8 * LONGEST), kb = kz_buf_init(8 * LONGEST);
    kz_collate_key(&ka, (kz_view){ a.p, a.n < LONGEST ? a.n : LONGEST });
    kz_collate_key(&kb, (kz_view){ b.p, b.n < LONGEST ? b.n : LONGEST });
    size_t least = ka.n < kb.n ? ka.n : kb.n;
    int cmp = least ? memcmp(ka.p, kb.p, least) : 0;
    if (cmp == 0)
        cmp = ka.n < kb.n ? -1 : ka.n > kb.n;
    return cmp < 0 ? -1 : cmp > 0;
}
