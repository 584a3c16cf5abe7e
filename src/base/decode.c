#include "base/decode.h"

#include "base/utf8.h"

#include <string.h>

enum { HIGH = 128, BAD = 0xFFFD };

static const char *const NAME[KZ_N_ENCODINGS] = {
    [KZ_ENC_FIND] = "", [KZ_ENC_UTF8] = "UTF-8",          [KZ_ENC_UTF16LE] = "UTF-16LE",
    [KZ_ENC_UTF16BE] = "UTF-16BE", [KZ_ENC_CP1252] = "windows-1252", [KZ_ENC_MACROMAN] = "macintosh",
};

/* Bytes 80..9F; from A0 on it is ISO-8859-1, which is Unicode. */
static const uint16_t CP1252[32] = {
    0x20AC, BAD,    0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, BAD,    0x017D, BAD,    BAD,    0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, BAD,    0x017E, 0x0178,
};

static const uint16_t MACROMAN[HIGH] = {
    0x00C4, 0x00C5, 0x00C7, 0x00C9, 0x00D1, 0x00D6, 0x00DC, 0x00E1, 0x00E0, 0x00E2, 0x00E4, 0x00E3,
    0x00E5, 0x00E7, 0x00E9, 0x00E8, 0x00EA, 0x00EB, 0x00ED, 0x00EC, 0x00EE, 0x00EF, 0x00F1, 0x00F3,
    0x00F2, 0x00F4, 0x00F6, 0x00F5, 0x00FA, 0x00F9, 0x00FB, 0x00FC, 0x2020, 0x00B0, 0x00A2, 0x00A3,
    0x00A7, 0x2022, 0x00B6, 0x00DF, 0x00AE, 0x00A9, 0x2122, 0x00B4, 0x00A8, 0x2260, 0x00C6, 0x00D8,
    0x221E, 0x00B1, 0x2264, 0x2265, 0x00A5, 0x00B5, 0x2202, 0x2211, 0x220F, 0x03C0, 0x222B, 0x00AA,
    0x00BA, 0x03A9, 0x00E6, 0x00F8, 0x00BF, 0x00A1, 0x00AC, 0x221A, 0x0192, 0x2248, 0x2206, 0x00AB,
    0x00BB, 0x2026, 0x00A0, 0x00C0, 0x00C3, 0x00D5, 0x0152, 0x0153, 0x2013, 0x2014, 0x201C, 0x201D,
    0x2018, 0x2019, 0x00F7, 0x25CA, 0x00FF, 0x0178, 0x2044, 0x20AC, 0x2039, 0x203A, 0xFB01, 0xFB02,
    0x2021, 0x00B7, 0x201A, 0x201E, 0x2030, 0x00C2, 0x00CA, 0x00C1, 0x00CB, 0x00C8, 0x00CD, 0x00CE,
    0x00CF, 0x00CC, 0x00D3, 0x00D4, 0xF8FF, 0x00D2, 0x00DA, 0x00DB, 0x00D9, 0x0131, 0x02C6, 0x02DC,
    0x00AF, 0x02D8, 0x02D9, 0x02DA, 0x00B8, 0x02DD, 0x02DB, 0x02C7,
};

/* Contents that are not text, by first bytes that no table begins with. */
static const struct magic {
    const char *bytes;
    size_t      n;
    const char *id;
} MAGIC[] = {
    { "PK\3\4", 4, "decode.is_zip" },
    { "\x1F\x8B", 2, "decode.is_gzip" },
    { "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, "decode.is_xls" },
    { "%PDF-", 5, "decode.is_pdf" },
    { "SQLite format 3", 16, "decode.is_sqlite" },
    { "BZh91AY&SY", 10, "decode.is_packed" },
    { "\xFD" "7zXZ", 5, "decode.is_packed" },
    { "7z\xBC\xAF\x27\x1C", 6, "decode.is_packed" },
    { "\x28\xB5\x2F\xFD", 4, "decode.is_packed" },
    { "Rar!\x1A\x07", 6, "decode.is_packed" },
    { "PAR1\x15", 5, "decode.is_parquet" },
    { "\x89PNG", 4, "decode.is_image" },
    { "\xFF\xD8\xFF", 3, "decode.is_image" },
    { "\x7F" "ELF", 4, "decode.is_program" },
};

const char *kz_encoding_name(kz_encoding enc)
{
    return enc < KZ_N_ENCODINGS ? NAME[enc] : "";
}

kz_encoding kz_encoding_from_name(const char *name)
{
    static const struct {
        const char *name;
        kz_encoding enc;
    } ALSO[] = {
        { "utf8", KZ_ENC_UTF8 },          { "latin1", KZ_ENC_CP1252 },    { "iso-8859-1", KZ_ENC_CP1252 },
        { "cp1252", KZ_ENC_CP1252 },      { "ansi", KZ_ENC_CP1252 },      { "macroman", KZ_ENC_MACROMAN },
        { "mac-roman", KZ_ENC_MACROMAN },
    };
    for (int e = KZ_ENC_UTF8; e < KZ_N_ENCODINGS; e++)
        if (strcasecmp(name, NAME[e]) == 0)
            return (kz_encoding)e;
    for (size_t i = 0; i < sizeof ALSO / sizeof *ALSO; i++)
        if (strcasecmp(name, ALSO[i].name) == 0)
            return ALSO[i].enc;
    return KZ_N_ENCODINGS;
}

size_t kz_bom_length(const char *p, size_t n)
{
    if (n >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0)
        return 3;
    return n >= 2 && (memcmp(p, "\xFF\xFE", 2) == 0 || memcmp(p, "\xFE\xFF", 2) == 0) ? 2 : 0;
}

/* The line that holds byte `at`, from 1; CRLF is one line end. */
static uint64_t line_of(const char *p, size_t at)
{
    uint64_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += p[i] == '\n' || (p[i] == '\r' && p[i + 1] != '\n');
    return line;
}

static kz_status fail_at(kz_err *err, const char *id, const char *p, size_t at)
{
    char hex[3] = { "0123456789ABCDEF"[(unsigned char)p[at] >> 4], "0123456789ABCDEF"[p[at] & 15], 0 };
    return kz_fail(err, KZ_E_INPUT, id, kz_n("line", line_of(p, at)), kz_n("offset", at), kz_s("value", hex));
}

/* What kind of file a ZIP is: looked up in the names of its first entries. */
static const char *zip_kind(const char *p, size_t n)
{
    size_t near = n < 4096 ? n : 4096;
    if (memmem(p, near, "oasis.opendocument.spreadsheet", 30))
        return "decode.is_ods";
    if (memmem(p, near, "[Content_Types].xml", 19) || memmem(p, near, "xl/", 3))
        return "decode.is_xlsx";
    return "decode.is_zip";
}

static kz_status refuse_other_formats(const char *p, size_t n, kz_err *err)
{
    for (size_t i = 0; i < sizeof MAGIC / sizeof *MAGIC; i++)
        if (n >= MAGIC[i].n && memcmp(p, MAGIC[i].bytes, MAGIC[i].n) == 0)
            return kz_fail(err, KZ_E_INPUT, i == 0 ? zip_kind(p, n) : MAGIC[i].id);
    return KZ_OK;
}

/* A letter that German towns, streets and names contain. */
static bool is_european_letter(uint32_t c)
{
    return (c >= 0xC0 && c <= 0xFD && c != 0xD7 && c != 0xF7 && c != 0xD0 && c != 0xDE && c != 0xF0) ||
           c == 0x160 || c == 0x161 || c == 0x17D || c == 0x17E || c == 0x152 || c == 0x153;
}

static bool is_usual_sign(uint32_t c)
{
    static const uint16_t SIGN[] = { 0xA0,   0xA7,   0xA9,   0xAB,   0xAE,   0xB0,   0xB1,   0xB2,   0xB3,
                                     0xB4,   0xB5,   0xB7,   0xBB,   0xBC,   0xBD,   0xBE,   0xD7,   0xF7,
                                     0xD8,   0x2013, 0x2014, 0x2018, 0x2019, 0x201A, 0x201C, 0x201D, 0x201E,
                                     0x2022, 0x2026, 0x2030, 0x20AC, 0x2039, 0x203A, 0x2122 };
    for (size_t i = 0; i < sizeof SIGN / sizeof *SIGN; i++)
        if (SIGN[i] == c)
            return true;
    return false;
}

static bool is_german_letter(uint32_t c)
{
    return c == 0xE4 || c == 0xF6 || c == 0xFC || c == 0xC4 || c == 0xD6 || c == 0xDC || c == 0xDF;
}

static uint32_t from_byte(kz_encoding enc, unsigned char b)
{
    if (b < HIGH)
        return b;
    if (enc == KZ_ENC_MACROMAN)
        return MACROMAN[b - HIGH];
    return b < 0xA0 ? CP1252[b - HIGH] : b;
}

/* How many German letters the text would have in `enc`; SIZE_MAX when a byte makes no sense there. */
static size_t sense(const char *p, size_t n, kz_encoding enc, size_t *odd_at)
{
    size_t german = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char b = (unsigned char)p[i];
        if (b < HIGH)
            continue;
        uint32_t c = from_byte(enc, b);
        unsigned char before = i > 0 ? (unsigned char)p[i - 1] : ' ',
                      after = i + 1 < n ? (unsigned char)p[i + 1] : ' ';
        bool beside = ((before | 32) >= 'a' && (before | 32) <= 'z') ||
                      ((after | 32) >= 'a' && (after | 32) <= 'z') || before >= HIGH || after >= HIGH;
        if (is_german_letter(c) && beside) {
            german++;
        } else if (!(is_european_letter(c) && beside) && !is_usual_sign(c)) {
            *odd_at = i;
            return SIZE_MAX;
        }
    }
    return german;
}

/* Offset of a place that only UTF-8 gone wrong explains, n when there is none. */
static size_t broken_utf8(const char *text, size_t n)
{
    const unsigned char *p = (const unsigned char *)text;
    size_t first = n, good = 0, bad = 0;
    for (size_t i = 0; i < n;) {
        size_t at = i + kz_utf8_bad(text + i, n - i);
        for (; i < at; i++)
            good += p[i] >= 0xC2;
        if (at == n)
            break;
        bad++;
        if (first == n)
            first = at;
        bool follows = at + 1 < n && (p[at + 1] & 0xC0) == 0x80;
        bool surrogate =
            p[at] == 0xED && follows && p[at + 1] >= 0xA0 && at + 2 < n && (p[at + 2] & 0xC0) == 0x80;
        if (((p[at] & 0xFE) == 0xC0 && follows) || surrogate)
            return at;
        i = at + 1;
    }
    return good >= bad ? first : n;
}

static kz_status refuse_nul(const char *p, size_t n, kz_err *err)
{
    const char *nul = memchr(p, 0, n);
    return nul ? fail_at(err, "decode.nul", p, (size_t)(nul - p)) : KZ_OK;
}

kz_status kz_encoding_find(const char *p, size_t n, kz_encoding *enc, kz_sureness *sure, kz_err *err)
{
    size_t bom = kz_bom_length(p, n);
    if (bom == 2) {
        *enc = (unsigned char)p[0] == 0xFF ? KZ_ENC_UTF16LE : KZ_ENC_UTF16BE;
        *sure = KZ_SURE_PROVEN;
        return KZ_OK;
    }
    KZ_TRY(refuse_other_formats(p, n, err));
    KZ_TRY(refuse_nul(p, n, err));
    size_t bad = kz_utf8_bad(p, n);
    if (bad == n) {
        *enc = KZ_ENC_UTF8;
        *sure = KZ_SURE_PROVEN;
        return KZ_OK;
    }
    if (bom == 3)
        return fail_at(err, "decode.bad_utf8", p, bad);
    size_t broken = broken_utf8(p, n);
    if (broken < n)
        return fail_at(err, "decode.bad_utf8", p, broken);

    size_t odd_win = 0, odd_mac = 0;
    size_t win = sense(p, n, KZ_ENC_CP1252, &odd_win), mac = sense(p, n, KZ_ENC_MACROMAN, &odd_mac);
    if (win == SIZE_MAX && mac == SIZE_MAX)
        return fail_at(err, "decode.unclear", p, odd_win);
    *enc = win != SIZE_MAX && (mac == SIZE_MAX || win >= mac) ? KZ_ENC_CP1252 : KZ_ENC_MACROMAN;
    *sure = KZ_SURE_LIKELY;
    return KZ_OK;
}

static kz_status decode_utf16(const char *text, size_t from, size_t n, bool big, kz_buf *out, kz_err *err)
{
    const unsigned char *p = (const unsigned char *)text;
    char bytes[4];
    for (size_t i = from; i < n; i += 2) {
        if (i + 1 == n)
            return kz_fail(err, KZ_E_INPUT, "decode.utf16_odd", kz_n("offset", i));
        uint32_t c = big ? (uint32_t)p[i] << 8 | p[i + 1] : (uint32_t)p[i + 1] << 8 | p[i];
        if (c >= 0xD800 && c <= 0xDBFF && i + 3 < n) {
            uint32_t low = big ? (uint32_t)p[i + 2] << 8 | p[i + 3] : (uint32_t)p[i + 3] << 8 | p[i + 2];
            if (low >= 0xDC00 && low <= 0xDFFF) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                i += 2;
            }
        }
        if (c >= 0xD800 && c <= 0xDFFF)
            return kz_fail(err, KZ_E_INPUT, "decode.utf16_half", kz_n("offset", i));
        if (c == 0)
            return kz_fail(err, KZ_E_INPUT, "decode.utf16_nul", kz_n("offset", i));
        kz_buf_add(out, bytes, kz_utf8_put(bytes, c));
    }
    return KZ_OK;
}

kz_status kz_decode(const char *p, size_t n, kz_encoding enc, kz_buf *out, kz_err *err)
{
    KZ_ASSERT(enc > KZ_ENC_FIND && enc < KZ_N_ENCODINGS);
    size_t bom = kz_bom_length(p, n), from = out->n;
    kz_status st = KZ_OK;
    if (enc == KZ_ENC_UTF16LE || enc == KZ_ENC_UTF16BE) {
        st = decode_utf16(p, bom == 2 ? 2 : 0, n, enc == KZ_ENC_UTF16BE, out, err);
    } else if ((st = refuse_nul(p, n, err)) != KZ_OK) {
    } else if (enc == KZ_ENC_UTF8) {
        size_t bad = kz_utf8_bad(p, n), skip = bom == 3 ? 3 : 0;
        if (bad < n)
            st = fail_at(err, "decode.bad_utf8", p, bad);
        else
            kz_buf_add(out, p + skip, n - skip);
    } else {
        for (size_t i = 0; i < n && st == KZ_OK; i++) {
            uint32_t c = from_byte(enc, (unsigned char)p[i]);
            char bytes[4];
            if (c == BAD)
                st = fail_at(err, "decode.bad_byte", p, i);
            else
                kz_buf_add(out, bytes, kz_utf8_put(bytes, c));
        }
    }
    if (st == KZ_OK && kz_buf_status(out) != KZ_OK)
        st = kz_fail(err, kz_buf_status(out), "decode.large");
    if (st != KZ_OK && out->n > from) { /* as it was */
        out->n = from;
        out->p[from] = '\0';
    }
    return st;
}
