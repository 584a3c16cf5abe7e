#include "monitor/privacy_columns.h"

#include "base/asset.h"
#include "base/date.h"
#include "base/tsv.h"
#include "monitor/source.h"

#include <stdlib.h>

#define FILE_NAME "data/privacy_words.tsv"

enum { FOLDED_MOST = 4096, VALUE_MOST = 512, WORDS_MOST = 8 };

static const char *const KINDS[KZ_N_PRIVATE] = { "", "name", "birth", "address", "contact" };
static const char *const WHERES[KZ_N_WHERE] = { "header", "weak", "word", "end" };

const char *kz_private_rule(kz_private k)
{
    static const char *const RULES[KZ_N_PRIVATE] = { "", "check.private_name", "check.private_birth",
                                                     "check.private_address", "check.private_contact" };
    return RULES[k];
}

/* ---- words --------------------------------------------------------------------------------- */

static int index_of(const char *const *names, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (names[i][0] != '\0' && strcmp(names[i], name) == 0)
            return i;
    return -1;
}

static uint32_t count_words(const char *list)
{
    uint32_t n = 1;
    for (; *list; list++)
        n += *list == '|';
    return n;
}

static kz_status add_words(kz_private_words *to, kz_arena *a, const char *list, int kind)
{
    while (*list) {
        size_t n = strcspn(list, "|");
        const char *word = kz_arena_strndup(a, list, n);
        if (!word)
            return KZ_E_LIMIT;
        to->words[to->n] = word;
        to->kinds[to->n++] = (uint8_t)kind;
        list += n + (list[n] == '|');
    }
    return KZ_OK;
}

/* By insertion of the kinds beside the words: they are read once in the life of a program. */
static void sort_words(kz_private_words *w)
{
    for (uint32_t i = 1; i < w->n; i++) {
        const char *word = w->words[i];
        uint8_t kind = w->kinds[i];
        uint32_t at = i;
        for (; at > 0 && strcmp(w->words[at - 1], word) > 0; at--) {
            w->words[at] = w->words[at - 1];
            w->kinds[at] = w->kinds[at - 1];
        }
        w->words[at] = word;
        w->kinds[at] = kind;
    }
}

kz_status kz_privacy_load(kz_arena *a, kz_privacy *ret, kz_err *err)
{
    static const char *const COLUMNS[] = { "kind", "where", "words", NULL };
    const kz_asset *asset = kz_asset_find(FILE_NAME);
    kz_privacy p = { 0 };
    uint32_t n[KZ_N_WHERE] = { 0 };
    kz_tsv t;
    KZ_ASSERT(asset);
    KZ_TRY(kz_tsv_parse(FILE_NAME, (const char *)asset->bytes, asset->n, COLUMNS, a, &t, err));
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < t.n_rows; i++) {
            int kind = index_of(KINDS, KZ_N_PRIVATE, kz_tsv_at(&t, i, 0));
            int where = index_of(WHERES, KZ_N_WHERE, kz_tsv_at(&t, i, 1));
            if (kind < 0 || where < 0)
                return kz_fail(err, KZ_E_INPUT, "privacy.words", kz_s("file", FILE_NAME), kz_n("line", t.lines[i]));
            if (pass == 0)
                n[where] += count_words(kz_tsv_at(&t, i, 2));
            else if (add_words(&p.by[where], a, kz_tsv_at(&t, i, 2), kind) != KZ_OK)
                return kz_fail(err, KZ_E_LIMIT, "import.memory");
        }
        for (int w = 0; pass == 0 && w < KZ_N_WHERE; w++) {
            p.by[w].words = kz_arena_new(a, const char *, n[w] + 1);
            p.by[w].kinds = kz_arena_new(a, uint8_t, n[w] + 1);
            if (!p.by[w].words || !p.by[w].kinds)
                return kz_fail(err, KZ_E_LIMIT, "import.memory");
        }
    }
    for (int w = 0; w < KZ_N_WHERE; w++)
        sort_words(&p.by[w]);
    *ret = p;
    return KZ_OK;
}

/* The kind of the word, KZ_PRIVATE_NONE when it is not there. */
static kz_private find_word(const kz_private_words *w, const char *word, size_t n)
{
    uint32_t lo = 0, hi = w->n;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        int order = strncmp(w->words[mid], word, n);
        if (order == 0)
            order = w->words[mid][n] == '\0' ? 0 : 1;
        if (order == 0)
            return (kz_private)w->kinds[mid];
        if (order < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return KZ_PRIVATE_NONE;
}

/* ---- values ---------------------------------------------------------------------------------- */

static bool ends_like(const kz_private_words *w, const char *word, size_t n)
{
    for (uint32_t i = 0; i < w->n; i++) {
        size_t end = strlen(w->words[i]);
        if (end <= n && memcmp(word + n - end, w->words[i], end) == 0)
            return true;
    }
    return false;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static void see_words(const kz_privacy *p, kz_private_seen *s, const char *text)
{
    bool name = false, street = false, mail = strchr(text, '@') != NULL;
    int words = 0;
    for (const char *at = text; *at && words < WORDS_MOST; words++) {
        while (*at && !is_letter(*at))
            at++;
        const char *from = at;
        while (is_letter(*at))
            at++;
        size_t n = (size_t)(at - from);
        if (n == 0)
            break;
        name |= find_word(&p->by[KZ_WORD_VALUE], from, n) == KZ_PRIVATE_NAME;
        street |= n > 2 && ends_like(&p->by[KZ_WORD_END], from, n);
    }
    s->streets += street;
    s->names += name && !street && !mail;
    s->mails += mail;
}

void kz_private_see(const kz_privacy *p, kz_private_seen *s, kz_view value)
{
    kz_view v = kz_view_trim(value);
    kz_date day;
    if (v.n == 0 || v.n > VALUE_MOST)
        return;
    s->values++;
    if (kz_date_parse(v, &day)) {
        int32_t number = kz_date_number(day);
        s->days_same += s->days > 0 && number == s->last_day;
        s->last_day = number;
        s->first_year = s->days == 0 || day.year < s->first_year ? day.year : s->first_year;
        s->last_year = s->days == 0 || day.year > s->last_year ? day.year : s->last_year;
        s->days++;
        return;
    }
    kz_auto(kz_buf) folded = kz_buf_init(FOLDED_MOST);
    kz_source_fold(&folded, v, false);
    see_words(p, s, kz_buf_text(&folded));
}

/* Are `some` of the values at least `percent` of them? */
static bool share(const kz_private_seen *s, uint32_t some, uint32_t percent)
{
    return s->values >= KZ_PRIVATE_FEW && (uint64_t)some * 100 >= (uint64_t)s->values * percent;
}

/* `part` 1: the values alone decide; 2: a weak name stands above them. */
static kz_private by_values(const kz_private_seen *s, uint32_t part)
{
    if (share(s, s->mails, 50 / part))
        return KZ_PRIVATE_CONTACT;
    if (share(s, s->streets, 60 / part))
        return KZ_PRIVATE_ADDRESS;
    if (share(s, s->names, 50 / part))
        return KZ_PRIVATE_NAME;
    if (share(s, s->days, 90 / part) && s->last_year - s->first_year >= 3 && s->days_same * 10 < s->days)
        return KZ_PRIVATE_BIRTH;
    return KZ_PRIVATE_NONE;
}

kz_private kz_private_decide(const kz_privacy *p, kz_view header, const kz_private_seen *seen, bool persons)
{
    kz_auto(kz_buf) name = kz_buf_init(FOLDED_MOST);
    kz_source_fold(&name, header, true);
    kz_private kind = find_word(&p->by[KZ_WORD_HEADER], kz_buf_text(&name), name.n);
    if (kind != KZ_PRIVATE_NONE)
        return kind;
    kind = find_word(&p->by[KZ_WORD_WEAK], kz_buf_text(&name), name.n);
    if (kind != KZ_PRIVATE_NONE && persons)
        return kind;
    return by_values(seen, kind == KZ_PRIVATE_NONE ? 1 : 2);
}
