#include "monitor/address.h"

#include "base/collate.h"
#include "base/utf8.h"

#include <stdio.h>

/* ---- words -------------------------------------------------------------- */

enum { WORD_MAX = 96 };

/* A run of letters and digits, written small and without accents. */
typedef struct word {
    char   text[WORD_MAX];
    size_t n;
    bool   dot;   /* a full stop follows: an abbreviation or an ordinal */
    bool   upper; /* all of it in capitals, as Roman numbers are         */
} word;

static size_t letters_of(uint32_t low, char as[static 4])
{
    if (low == 0xE4 || low == 0xF6 || low == 0xFC) { /* ä ö ü */
        as[0] = low == 0xE4 ? 'a' : low == 0xF6 ? 'o' : 'u';
        as[1] = 'e';
        return 2;
    }
    return kz_collate_base(low, as);
}

/* The next character with its accent, hidden ones left out; 0 at the end. */
static uint32_t next_letter(const char **at, const char *end)
{
    while (*at < end) {
        uint32_t c = kz_utf8_next(at, end);
        if (kz_utf8_is_hidden(c) && c >= 0x20)
            continue;
        const char *ahead = *at;
        uint32_t mark = ahead < end ? kz_utf8_next(&ahead, end) : 0;
        uint32_t whole = mark ? kz_utf8_compose(c, mark) : 0;
        if (whole) {
            *at = ahead;
            c = whole;
        }
        return c ? c : ' ';
    }
    return 0;
}

static bool is_apostrophe(uint32_t c)
{
    return c == '\'' || c == '`' || c == 0xB4 || c == 0x2018 || c == 0x2019;
}

static bool next_word(const char **at, const char *end, word *w)
{
    *w = (word){ .upper = true };
    for (uint32_t c; (c = next_letter(at, end));) {
        char as[4];
        uint32_t low = kz_utf8_lower(c);
        if (is_apostrophe(c))
            continue;
        size_t n = letters_of(low, as);
        if (n == 0) {
            if (w->n == 0)
                continue;
            w->dot = c == '.';
            return true;
        }
        w->upper = w->upper && low != c;
        if (w->n + n < WORD_MAX)
            for (size_t i = 0; i < n; i++)
                w->text[w->n++] = as[i];
    }
    return w->n > 0;
}

/* ---- what words stand for ------------------------------------------------ */

enum { ANY, DOTTED };

static const struct alias {
    const char *from, *to;
    int when;
} WORDS[] = {
    { "sankt", "st", ANY },         { "sanct", "st", ANY },         { "skt", "st", ANY },
    { "doktor", "dr", ANY },        { "professor", "prof", ANY },   { "v", "von", DOTTED },
    { "d", "der", DOTTED },         { "gr", "grosse", DOTTED },     { "kl", "kleine", DOTTED },
    { "ob", "obere", DOTTED },      { "unt", "untere", DOTTED },    { "bgm", "buergermeister", ANY },
    { "bgmstr", "buergermeister", DOTTED }, { "buergerm", "buergermeister", DOTTED },
    { "frh", "freiherr", DOTTED },  { "frhr", "freiherr", DOTTED },
    { "erste", "1", ANY },          { "erster", "1", ANY },         { "ersten", "1", ANY },
    { "erstes", "1", ANY },         { "zweite", "2", ANY },         { "zweiter", "2", ANY },
    { "zweiten", "2", ANY },        { "zweites", "2", ANY },        { "dritte", "3", ANY },
    { "dritter", "3", ANY },        { "dritten", "3", ANY },        { "drittes", "3", ANY },
    { "vierte", "4", ANY },         { "vierter", "4", ANY },        { "vierten", "4", ANY },
    { "fuenfte", "5", ANY },        { "fuenfter", "5", ANY },       { "sechste", "6", ANY },
    { "sechster", "6", ANY },       { "siebte", "7", ANY },         { "siebter", "7", ANY },
    { "achte", "8", ANY },          { "achter", "8", ANY },         { "neunte", "9", ANY },
    { "neunter", "9", ANY },        { "zehnte", "10", ANY },        { "zehnter", "10", ANY },
};

/* Endings of words: marktpl. is marktplatz. */
static const struct alias ENDINGS[] = {
    { "strasse", "str", ANY }, { "pl", "platz", DOTTED },         { "wg", "weg", DOTTED },
    { "all", "allee", DOTTED }, { "prom", "promenade", DOTTED }, { "sdlg", "siedlung", DOTTED },
    { "ch", "chaussee", DOTTED },
};

static void set(word *w, size_t keep, const char *to)
{
    size_t n = strlen(to);
    if (keep + n >= WORD_MAX)
        return;
    memcpy(w->text + keep, to, n);
    w->n = keep + n;
}

static bool is(const word *w, const char *s)
{
    return w->n == strlen(s) && memcmp(w->text, s, w->n) == 0;
}

/* I. to XX., but V. is "von". */
static bool roman(word *w)
{
    static const char *const ROMAN[] = { "i",  "ii",  "iii",  "iv",  "",   "vi",  "vii",  "viii",  "ix",  "x",
                                         "xi", "xii", "xiii", "xiv", "xv", "xvi", "xvii", "xviii", "xix", "xx" };
    if (!w->dot || !w->upper)
        return false;
    for (int i = 0; i < 20; i++)
        if (ROMAN[i][0] && is(w, ROMAN[i])) {
            char number[4];
            snprintf(number, sizeof number, "%d", i + 1);
            set(w, 0, number);
            return true;
        }
    return false;
}

static void rewrite(word *w)
{
    if (roman(w))
        return;
    for (size_t i = 0; i < sizeof WORDS / sizeof *WORDS; i++)
        if ((WORDS[i].when == ANY || w->dot) && is(w, WORDS[i].from)) {
            set(w, 0, WORDS[i].to);
            return;
        }
    for (size_t i = 0; i < sizeof ENDINGS / sizeof *ENDINGS; i++) {
        size_t n = strlen(ENDINGS[i].from);
        if ((ENDINGS[i].when == ANY || w->dot) && w->n >= n &&
            memcmp(w->text + w->n - n, ENDINGS[i].from, n) == 0) {
            set(w, w->n - n, ENDINGS[i].to);
            return;
        }
    }
}

size_t kz_street_key(kz_view street, char out[static KZ_STREET_KEY])
{
    size_t n = 0;
    word w;
    for (const char *at = street.p, *end = street.p + street.n; next_word(&at, end, &w);) {
        rewrite(&w);
        for (size_t i = 0; i < w.n && n + 1 < KZ_STREET_KEY; i++)
            out[n++] = w.text[i];
    }
    out[n] = '\0';
    return n;
}

/* ---- house numbers -------------------------------------------------------- */

enum { HOUSE_TEXT = 64 };

/* Small ASCII letters, digits and the signs that matter; others are '?'.  False: too long. */
static bool plain_house(kz_view v, char out[static HOUSE_TEXT], size_t *n)
{
    static const struct {
        uint16_t c;
        const char *as;
    } SIGNS[] = { { 0xBC, " 1/4" }, { 0xBD, " 1/2" }, { 0xBE, " 3/4" }, { 0x2010, "-" }, { 0x2011, "-" },
                  { 0x2012, "-" },  { 0x2013, "-" },  { 0x2014, "-" },  { 0x2212, "-" }, { 0x2044, "/" } };
    for (const char *at = v.p, *end = v.p + v.n; at < end;) {
        uint32_t c = next_letter(&at, end), low = kz_utf8_lower(c);
        char as[4] = { '?' };
        const char *text = as;
        size_t k = 1;
        if (c == 0)
            break;
        if (kz_utf8_is_space(c))
            as[0] = ' ';
        else if (low < 0x80)
            as[0] = (char)low;
        else
            for (size_t i = 0; i < sizeof SIGNS / sizeof *SIGNS; i++)
                if (SIGNS[i].c == c) {
                    text = SIGNS[i].as;
                    k = strlen(text);
                }
        if (*n + k >= HOUSE_TEXT)
            return false;
        memcpy(out + *n, text, k);
        *n += k;
    }
    out[*n] = '\0';
    return true;
}

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool letter(char c)
{
    return c >= 'a' && c <= 'z';
}

static const char *skip(const char *p, const char *set_)
{
    return p + strspn(p, set_);
}

/* 1 to 99999, else 0; *p moves behind the digits. */
static int32_t take_number(const char **p)
{
    int32_t v = 0;
    int n = 0;
    for (; digit(**p); (*p)++)
        if (v < 1000000)
            v = v * 10 + (**p - '0'), n++;
    return n > 0 && v <= 99999 ? v : 0;
}

static void add_suffix(char to[static KZ_SUFFIX_KEY], const char *p, size_t n)
{
    size_t at = strlen(to);
    if (at + n < KZ_SUFFIX_KEY) {
        memcpy(to + at, p, n);
        to[at + n] = '\0';
    }
}

/* "a", "1/2", "a 1/2": what belongs to the number just read. */
static const char *take_suffix(const char *p, char to[static KZ_SUFFIX_KEY])
{
    for (;;) {
        p = skip(p, " .");
        if (letter(*p)) {
            size_t n = strspn(p, "abcdefghijklmnopqrstuvwxyz");
            const char *behind = skip(p + n, " .");
            bool joins = (n == 3 && memcmp(p, "bis", 3) == 0) || (n == 3 && memcmp(p, "und", 3) == 0) ||
                         (n == 1 && *p == 'u');
            if (joins && digit(*behind))
                return p;
            add_suffix(to, p, n);
            p += n;
        } else if (digit(p[0]) && p[1] == '/' && digit(p[2]) && !digit(p[3]) && p[2] > p[0]) {
            add_suffix(to, p, 3);
            p += 3;
        } else {
            return p;
        }
    }
}

/* The sign or word between two numbers; NULL: there is none. */
static const char *take_join(const char *p)
{
    if (*p == '-' || *p == '/' || *p == '+' || *p == '&' || *p == ';')
        return skip(p + 1, " ");
    if (strncmp(p, "bis", 3) == 0 || strncmp(p, "und", 3) == 0)
        return skip(p + 3, " ");
    if (*p == 'u')
        return skip(p + 1, " .");
    return NULL;
}

/* A spreadsheet took 1-12 for a day. */
static bool is_month(const char *s)
{
    static const char *const MONTHS[] = { "jan", "feb", "mrz", "mar", "apr", "mai", "may", "jun", "jul",
                                          "aug", "sep", "okt", "oct", "nov", "dez", "dec" };
    for (size_t i = 0; i < sizeof MONTHS / sizeof *MONTHS; i++)
        if (strcmp(s, MONTHS[i]) == 0)
            return true;
    return false;
}

static kz_house_form parse_house(const char *p, kz_house *h)
{
    if (strncmp(p, "nr", 2) == 0 || strncmp(p, "hausnr", 6) == 0)
        p = skip(p + (*p == 'n' ? 2 : 6), " .:");
    if (!(h->from = take_number(&p)))
        return KZ_HOUSE_UNREADABLE;
    h->to = h->from;
    p = take_suffix(p, h->suffix);
    if (is_month(h->suffix))
        return KZ_HOUSE_UNREADABLE;
    memcpy(h->suffix_to, h->suffix, sizeof h->suffix);
    if (!*p || *p == ',' || *p == '(')
        return KZ_HOUSE_FINE;
    const char *next = take_join(p);
    if (!next)
        return KZ_HOUSE_UNREADABLE;
    if (!*next)
        return KZ_HOUSE_FINE; /* "12-" */
    if (letter(*next)) {      /* 12a-c, or 12-a */
        char last[KZ_SUFFIX_KEY] = "";
        p = take_suffix(next, last);
        memcpy(h->suffix_to, last, sizeof last);
        if (!h->suffix[0])
            memcpy(h->suffix, last, sizeof last);
    } else {
        int32_t second = take_number(&next);
        if (!second)
            return KZ_HOUSE_UNREADABLE;
        char last[KZ_SUFFIX_KEY] = "";
        p = take_suffix(next, last);
        if (second > h->from) {
            h->to = second;
            memcpy(h->suffix_to, last, sizeof last);
        } else if (second < h->from) { /* 12/2, 12-2: a part of the house */
            char part[16];
            snprintf(part, sizeof part, "/%d", second);
            add_suffix(h->suffix, part, strlen(part));
            memcpy(h->suffix_to, h->suffix, sizeof h->suffix);
        }
    }
    return !*p || *p == ',' || *p == '(' ? KZ_HOUSE_FINE : KZ_HOUSE_UNREADABLE;
}

kz_house_form kz_house_parse(kz_view number, kz_view suffix, kz_house *ret)
{
    static const char *const NONE[] = { "", "-", "--", "ohne", "o. nr.", "o.nr.", "o nr", "k.a.", "s/n" };
    char text[HOUSE_TEXT];
    size_t n = 0;
    kz_house h = { 0 };
    *ret = h;
    number = kz_view_trim(number);
    suffix = kz_view_trim(suffix);
    if (!plain_house(number, text, &n))
        return KZ_HOUSE_UNREADABLE;
    while (n > 0 && text[n - 1] == ' ')
        text[--n] = '\0';
    for (size_t i = 0; i < sizeof NONE / sizeof *NONE; i++)
        if (strcmp(text, NONE[i]) == 0)
            return KZ_HOUSE_NONE;
    if (strspn(text, "0") == n)
        return KZ_HOUSE_NONE;
    if (suffix.n > 0 && n + 2 < HOUSE_TEXT) {
        text[n++] = ' ';
        if (!plain_house(suffix, text, &n))
            return KZ_HOUSE_UNREADABLE;
    }
    text[n] = '\0';
    kz_house_form form = parse_house(skip(text, " "), &h);
    if (form == KZ_HOUSE_FINE)
        *ret = h;
    return form;
}

int32_t kz_postcode_parse(kz_view v)
{
    int32_t code = 0;
    v = kz_view_trim(v);
    if (v.n > 2 && (v.p[0] == 'D' || v.p[0] == 'd') && v.p[1] == '-')
        v = kz_view_from(v.p + 2, v.n - 2);
    if (v.n == 0 || (v.n == 1 && v.p[0] == '-'))
        return 0;
    for (size_t i = 0; i < v.n; i++) {
        if (!digit(v.p[i]) || i > 4)
            return -1;
        code = code * 10 + (v.p[i] - '0');
    }
    return code >= 1000 && code < 100000 ? code : code == 0 ? 0 : -1;
}

/* ---- one text -------------------------------------------------------------- */

static bool starts_with_postcode(kz_view v)
{
    return v.n >= 5 && digit(v.p[0]) && digit(v.p[1]) && digit(v.p[2]) && digit(v.p[3]) && digit(v.p[4]) &&
           (v.n == 5 || v.p[5] == ' ');
}

/* Where the house number begins: the last blank before a digit from which on everything reads as one. */
static size_t number_at(kz_view v)
{
    kz_house h;
    size_t best = v.n;
    for (size_t i = v.n; i-- > 1;) {
        if (!digit(v.p[i]) || (v.p[i - 1] != ' ' && v.p[i - 1] != '.'))
            continue;
        size_t digits = i;
        while (digits < v.n && digit(v.p[digits]))
            digits++;
        if (digits < v.n && v.p[digits] == '.') /* 17. Juni */
            break;
        if (kz_house_parse(kz_view_from(v.p + i, v.n - i), kz_view_from("", 0), &h) != KZ_HOUSE_FINE ||
            strlen(h.suffix) > 4)
            break;
        best = i; /* "12 - 14": the first of the two */
    }
    return best;
}

void kz_address_split(kz_view whole, kz_address *ret)
{
    kz_view part[3] = { { "", 0 }, { "", 0 }, { "", 0 } }, street = { "", 0 }, town = { "", 0 };
    int n = 0;
    whole = kz_view_trim(whole);
    for (size_t i = 0, from = 0; i <= whole.n && n < 3; i++)
        if (i == whole.n || whole.p[i] == ',') {
            part[n++] = kz_view_trim(kz_view_from(whole.p + from, i - from));
            from = i + 1;
        }
    for (int i = 0; i < n; i++)
        if (starts_with_postcode(part[i]) && town.n == 0)
            town = part[i];
        else if (street.n == 0)
            street = part[i];
    size_t at = number_at(street);
    *ret = (kz_address){ .street = kz_view_trim(kz_view_from(street.p, at)),
                         .number = kz_view_from(street.p + at, street.n - at),
                         .suffix = { "", 0 },
                         .postcode = kz_view_from(town.p, town.n >= 5 ? 5 : 0) };
}
