#include "base/tsv.h"

#include <string.h>

enum { MAX_ROWS = 1000000, MAX_COLUMNS = 64 };

/* The next line without its end; false after the last one. */
static bool next_line(const char **at, const char *end, const char **line, size_t *n)
{
    if (*at >= end)
        return false;
    const char *stop = memchr(*at, '\n', (size_t)(end - *at));
    const char *to = stop ? stop : end;
    *line = *at;
    *n = (size_t)(to - *at);
    if (*n > 0 && (*line)[*n - 1] == '\r')
        (*n)--;
    *at = stop ? stop + 1 : end;
    return true;
}

static bool says_nothing(const char *line, size_t n)
{
    return n == 0 || line[0] == '#';
}

static size_t count_fields(const char *line, size_t n)
{
    size_t fields = 1;
    for (size_t i = 0; i < n; i++)
        fields += line[i] == '\t';
    return fields;
}

static kz_status check_header(const char *file, int number, const char *line, size_t n,
                              const char *const columns[], kz_err *err)
{
    size_t at = 0;
    for (int c = 0; columns[c]; c++) {
        size_t want = strlen(columns[c]);
        bool last = !columns[c + 1];
        if (at > n || n - at < want || memcmp(line + at, columns[c], want) != 0 ||
            (last ? n - at != want : n - at == want || line[at + want] != '\t'))
            return kz_fail(err, KZ_E_INPUT, "base.tsv_header", kz_s("file", file), kz_n("line", number),
                           kz_n("column", c + 1), kz_s("expected", columns[c]));
        at += want + 1;
    }
    return KZ_OK;
}

kz_status kz_tsv_parse(const char *file, const char *text, size_t n, const char *const columns[], kz_arena *a,
                       kz_tsv *ret, kz_err *err)
{
    const char *at = text, *end = text + n, *line;
    size_t len, n_cols = 0, n_rows = 0;
    int number = 0;

    while (columns[n_cols])
        n_cols++;
    KZ_ASSERT(n_cols > 0 && n_cols <= MAX_COLUMNS);
    if (memchr(text, '\0', n))
        return kz_fail(err, KZ_E_INPUT, "base.tsv_nul", kz_s("file", file));

    bool header = false;
    while (next_line(&at, end, &line, &len)) {
        number++;
        if (says_nothing(line, len))
            continue;
        if (!header) {
            KZ_TRY(check_header(file, number, line, len, columns, err));
            header = true;
            continue;
        }
        size_t fields = count_fields(line, len);
        if (fields != n_cols)
            return kz_fail(err, KZ_E_INPUT, "base.tsv_fields", kz_s("file", file), kz_n("line", number),
                           kz_n("found", fields), kz_n("expected", n_cols));
        n_rows++;
    }
    if (!header)
        return kz_fail(err, KZ_E_INPUT, "base.tsv_empty", kz_s("file", file), kz_s("expected", columns[0]));

    const char **cells = n_rows > MAX_ROWS ? NULL : kz_arena_new(a, const char *, n_rows * n_cols + 1);
    int *lines = n_rows > MAX_ROWS ? NULL : kz_arena_new(a, int, n_rows + 1);
    if (!cells || !lines)
        return kz_fail(err, KZ_E_LIMIT, "base.tsv_large", kz_s("file", file), kz_n("rows", n_rows));

    size_t row = 0;
    at = text;
    number = 0;
    header = false;
    while (next_line(&at, end, &line, &len)) {
        number++;
        if (says_nothing(line, len))
            continue;
        if (!header) {
            header = true;
            continue;
        }
        lines[row] = number;
        size_t from = 0;
        for (size_t c = 0; c < n_cols; c++) {
            const char *tab = memchr(line + from, '\t', len - from);
            size_t to = tab ? (size_t)(tab - line) : len;
            cells[row * n_cols + c] = kz_arena_strndup(a, line + from, to - from);
            if (!cells[row * n_cols + c])
                return kz_fail(err, KZ_E_LIMIT, "base.tsv_large", kz_s("file", file), kz_n("rows", n_rows));
            from = to + 1;
        }
        row++;
    }
    *ret = (kz_tsv){ .n_rows = (int)n_rows, .n_cols = (int)n_cols, .cells = cells, .lines = lines };
    return KZ_OK;
}
