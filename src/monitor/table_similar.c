/* Guesses for messages: what a key or a label that we do not know may have meant. */
#include "monitor/table_job.h"

#include "base/utf8.h"

enum { LONGEST = 160 };

/* Letters and digits only, in lower case. */
static void letters(kz_buf *out, kz_view v)
{
    kz_auto(kz_buf) folded = kz_buf_init(64 * 1024);
    char c[4];
    kz_utf8_fold(&folded, v);
    const char *at = kz_buf_text(&folded), *end = at + folded.n;
    while (at < end) {
        uint32_t u = kz_utf8_next(&at, end);
        bool keep = u > 127 ? !kz_utf8_is_space(u) : (u >= 'a' && u <= 'z') || (u >= '0' && u <= '9');
        if (keep)
            kz_buf_add(out, c, kz_utf8_put(c, u));
    }
}

bool kz_job_same_name(kz_view a, kz_view b)
{
    kz_auto(kz_buf) x = kz_buf_init(64 * 1024), y = kz_buf_init(64 * 1024);
    letters(&x, a);
    letters(&y, b);
    if (x.n == 0 || y.n == 0)
        return true; /* nothing to compare */
    return strstr(kz_buf_text(&x), kz_buf_text(&y)) || strstr(kz_buf_text(&y), kz_buf_text(&x));
}

static const char *without_zeros(const char *key)
{
    while (key[0] == '0' && key[1] != '\0')
        key++;
    return key;
}

int kz_job_like_area(const kz_job *job, int level, const char *key, kz_view name)
{
    int by_key = -1, by_name = -1, n_keys = 0, n_names = 0;
    for (int i = 0; i < job->n_areas; i++) {
        if (job->areas[i].level != level)
            continue;
        if (key[0] != '\0' && strcmp(without_zeros(job->areas[i].key), without_zeros(key)) == 0) {
            n_keys += by_key < 0 || strcmp(job->areas[by_key].key, job->areas[i].key) != 0;
            by_key = i;
        }
        if (name.n > 0 && kz_job_same_name(kz_view_of(job->areas[i].name), name)) {
            n_names += by_name < 0 || strcmp(job->areas[by_name].key, job->areas[i].key) != 0;
            by_name = i;
        }
    }
    return n_keys == 1 ? by_key : n_names == 1 ? by_name : -1;
}

/* Levenshtein distance in bytes; both at most LONGEST. */
static int distance(const char *a, size_t n, const char *b, size_t m)
{
    int row[LONGEST + 1];
    for (size_t j = 0; j <= m; j++)
        row[j] = (int)j;
    for (size_t i = 1; i <= n; i++) {
        int diagonal = row[0];
        row[0] = (int)i;
        for (size_t j = 1; j <= m; j++) {
            int best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[m];
}

const kz_measure_rule *kz_job_like_measure(const kz_job *job, kz_view label)
{
    kz_auto(kz_buf) mine = kz_buf_init(64 * 1024), other = kz_buf_init(64 * 1024);
    const kz_measure_rule *best = NULL;
    kz_utf8_fold(&mine, label);
    int least = mine.n / 5 < 2 ? 3 : (int)(mine.n / 5) + 1;
    if (mine.n > LONGEST)
        return NULL;
    for (int i = 0; i < job->map.n_measures; i++) {
        const kz_measure_rule *r = &job->map.measures[i];
        kz_buf_clear(&other);
        kz_buf_str(&other, r->folded[0]);
        if (r->folded[1])
            kz_buf_fmt(&other, " | %s", r->folded[1]);
        if (kz_buf_status(&other) != KZ_OK || other.n > LONGEST)
            continue;
        int d = distance(kz_buf_text(&mine), mine.n, kz_buf_text(&other), other.n);
        if (d < least) {
            least = d;
            best = r;
        }
    }
    return best;
}
