#include "io/csv.h"

#include "base/utf8.h"
#include "io/csv_scan.h"
#include "io/file.h"

#include <stdlib.h>

enum { SAMPLE_ROWS = 100, SAMPLE_BYTES = 256 * 1024, LISTED = 200 };
static const size_t MAX_BYTES = (size_t)1 << 30;

/* Where the reading is. */
typedef struct place {
    const char *at;
    uint64_t    line, record;
} place;

struct kz_csv_state {
    kz_buf      raw, decoded; /* the file, and its text when it was not UTF-8 */
    const char *text, *end;
    csv_scan    scan;
    place       now, data;    /* data: the first row below the header */
    kz_view    *field;        /* KZ_CSV_COLUMNS_MAX of one row */
    uint16_t   *doubled;      /* which of them hold doubled quotes */
    size_t      n_doubled;
    kz_buf      plain;        /* their text without the doubling */
    kz_buf      header_bytes;
    kz_view    *header;
    kz_status   st;
    kz_err      err;
};

/* One record from `now`: fields, then the line end.  A failure leaves `now` where it was. */
typedef struct record {
    size_t         n;
    kz_csv_problem problem;
    size_t         column;
} record;

static uint64_t line_ends(const char *p, const char *end)
{
    uint64_t n = 0;
    for (; p < end; p++)
        n += *p == '\n' || (*p == '\r' && (p + 1 == end || p[1] != '\n'));
    return n;
}

/* A quoted field that opens at *at; afterwards *at is behind the closing quote. */
static kz_status read_quoted(struct kz_csv_state *s, const char **at, uint64_t *line, kz_view *field,
                             bool *doubled, kz_err *err)
{
    const char *open = *at + 1, *p = open;
    *doubled = false;
    for (;;) {
        size_t left = (size_t)(s->end - p);
        const char *quote = left ? memchr(p, '"', left) : NULL;
        if (!quote)
            return kz_fail(err, KZ_E_INPUT, "csv.quote_open", kz_n("line", *line));
        if (quote + 1 == s->end || quote[1] != '"') {
            *field = (kz_view){ open, (size_t)(quote - open) };
            *line += line_ends(open, quote);
            *at = quote + 1;
            return KZ_OK;
        }
        *doubled = true;
        p = quote + 2;
    }
}

static kz_status read_record(struct kz_csv_state *s, record *out, kz_err *err)
{
    record r = { 0 };
    const char *p = s->now.at;
    uint64_t line = s->now.line;
    s->n_doubled = 0;
    for (;; p++) {
        if (r.n == KZ_CSV_COLUMNS_MAX)
            return kz_fail(err, KZ_E_LIMIT, "csv.columns", kz_n("line", line),
                           kz_n("max", KZ_CSV_COLUMNS_MAX));
        kz_view *field = &s->field[r.n];
        if (p < s->end && *p == '"') {
            bool doubled;
            uint64_t opened = line;
            KZ_TRY(read_quoted(s, &p, &line, field, &doubled, err));
            if (doubled)
                s->doubled[s->n_doubled++] = (uint16_t)r.n;
            if (p < s->end && *p != s->scan.delimiter && *p != '\n' && *p != '\r')
                return kz_fail(err, KZ_E_INPUT, "csv.quote_after", kz_n("line", line),
                               kz_n("column", r.n + 1), kz_vw("value", *field), kz_n("opened", opened));
        } else {
            const char *from = p;
            while ((p = csv_scan_next(&s->scan, p)) < s->end && *p == '"') {
                if (r.problem == KZ_CSV_FINE) {
                    r.problem = KZ_CSV_QUOTE;
                    r.column = r.n;
                }
                p++;
            }
            *field = (kz_view){ from, (size_t)(p - from) };
        }
        if (field->n > KZ_CSV_FIELD_MAX)
            return kz_fail(err, KZ_E_LIMIT, "csv.field", kz_n("line", line), kz_n("column", r.n + 1),
                           kz_n("bytes", field->n), kz_n("max", KZ_CSV_FIELD_MAX));
        r.n++;
        if (p == s->end || *p != s->scan.delimiter)
            break;
    }
    if (p < s->end) {
        p += *p == '\r' && p + 1 < s->end && p[1] == '\n' ? 2 : 1;
        line++;
    }
    s->now = (place){ p, line, s->now.record + 1 };
    *out = r;
    return KZ_OK;
}

/* Fields with doubled quotes move to a buffer of their own, where "" is ". */
static kz_status undouble(struct kz_csv_state *s)
{
    size_t need = 0;
    for (size_t i = 0; i < s->n_doubled; i++)
        need += s->field[s->doubled[i]].n;
    kz_buf_clear(&s->plain);
    char *out = kz_buf_grow(&s->plain, need);
    if (!out)
        return kz_fail(&s->err, KZ_E_LIMIT, "csv.memory", kz_n("line", s->now.line));
    for (size_t i = 0; i < s->n_doubled; i++) {
        kz_view *f = &s->field[s->doubled[i]];
        char *from = out;
        for (size_t k = 0; k < f->n; k++) {
            *out++ = f->p[k];
            k += f->p[k] == '"';
        }
        *f = (kz_view){ from, (size_t)(out - from) };
    }
    return KZ_OK;
}

static bool is_empty(const struct kz_csv_state *s, const record *r)
{
    return r->n == 1 && s->field[0].n == 0;
}

bool kz_csv_next(kz_csv *csv, kz_csv_row *row)
{
    struct kz_csv_state *s = csv->state;
    record r;
    place began;
    do {
        if (s->st != KZ_OK || s->now.at == s->end)
            return false;
        began = s->now;
        s->st = read_record(s, &r, &s->err);
        if (s->st == KZ_OK && s->n_doubled > 0)
            s->st = undouble(s);
        if (s->st != KZ_OK) {
            kz_err_add(&s->err, kz_s("file", csv->file));
            return false;
        }
    } while (csv->n_columns > 1 && is_empty(s, &r));
    *row = (kz_csv_row){ .field = s->field, .n = r.n, .line = began.line, .record = began.record,
                         .problem = r.problem, .column = r.column };
    if (r.n != csv->n_columns) {
        row->problem = KZ_CSV_RAGGED;
        row->column = r.n < csv->n_columns ? r.n : csv->n_columns;
    }
    return true;
}

kz_status kz_csv_end(const kz_csv *csv, kz_err *err)
{
    if (csv->state->st != KZ_OK && err)
        *err = csv->state->err;
    return csv->state->st;
}

void kz_csv_rewind(kz_csv *csv)
{
    struct kz_csv_state *s = csv->state;
    s->now = s->data;
    s->scan.block = NULL;
    s->st = KZ_OK;
}

kz_view kz_csv_body(const kz_csv *csv, uint64_t *line)
{
    const struct kz_csv_state *s = csv->state;
    *line = s->data.line;
    return (kz_view){ s->data.at, (size_t)(s->end - s->data.at) };
}

static void list_columns(const kz_csv *csv, kz_buf *out)
{
    for (size_t i = 0; i < csv->n_columns && out->n < LISTED; i++) {
        if (i > 0)
            kz_buf_str(out, ", ");
        kz_buf_add(out, csv->header[i].p, csv->header[i].n);
    }
}

kz_status kz_csv_check(const kz_csv *csv, const kz_csv_row *row, kz_err *err)
{
    switch (row->problem) {
    case KZ_CSV_FINE:
        return KZ_OK;
    case KZ_CSV_RAGGED:
        return kz_fail(err, KZ_E_INPUT, "csv.ragged", kz_s("file", csv->file), kz_n("line", row->line),
                       kz_n("fields", row->n), kz_n("columns", csv->n_columns));
    case KZ_CSV_QUOTE:
        return kz_csv_field_fail(csv, row, row->column, "csv.quote_inside", err);
    }
    return KZ_OK;
}

kz_status kz_csv_field_fail(const kz_csv *csv, const kz_csv_row *row, size_t column, const char *id,
                            kz_err *err)
{
    kz_view name = column < csv->n_columns ? csv->header[column] : (kz_view){ "", 0 };
    kz_view value = column < row->n ? row->field[column] : (kz_view){ "", 0 };
    return kz_fail(err, KZ_E_INPUT, id, kz_s("file", csv->file), kz_n("line", row->line),
                   kz_vw("column", name), kz_vw("value", value));
}

kz_status kz_csv_column(const kz_csv *csv, const char *name, size_t *column, kz_err *err)
{
    kz_auto(kz_buf) want = kz_buf_init(KZ_CSV_FIELD_MAX), have = kz_buf_init(KZ_CSV_FIELD_MAX);
    kz_utf8_fold(&want, kz_view_of(name));
    for (size_t i = 0; i < csv->n_columns; i++) {
        kz_buf_clear(&have);
        kz_utf8_fold(&have, csv->header[i]);
        if (have.n == want.n && strcmp(kz_buf_text(&have), kz_buf_text(&want)) == 0) {
            *column = i;
            return KZ_OK;
        }
    }
    kz_auto(kz_buf) list = kz_buf_init(LISTED + KZ_CSV_FIELD_MAX + 8);
    list_columns(csv, &list);
    return kz_fail(err, KZ_E_INPUT, "csv.column", kz_s("file", csv->file), kz_s("column", name),
                   kz_s("columns", kz_buf_text(&list)));
}

/* How many of the first rows have as many fields (two or more) as the header; -1: the header has the
 * delimiter in it but cannot be read. */
static int try_delimiter(struct kz_csv_state *s, char delimiter)
{
    place begin = s->now;
    size_t columns = 0;
    int rows = 0, fit = 0;
    record r;
    s->scan = (csv_scan){ .end = s->end, .delimiter = delimiter };
    while (rows < SAMPLE_ROWS && s->now.at < s->end && s->now.at - begin.at < SAMPLE_BYTES) {
        if (read_record(s, &r, NULL) != KZ_OK) {
            size_t left = (size_t)(s->end - begin.at), near = left < SAMPLE_BYTES ? left : SAMPLE_BYTES;
            const char *line_end = memchr(begin.at, '\n', near);
            if (line_end)
                near = (size_t)(line_end - begin.at);
            if (rows == 0 && memchr(begin.at, delimiter, near))
                fit = -1;
            break;
        }
        if (is_empty(s, &r))
            continue;
        if (rows++ == 0)
            columns = r.n;
        fit += columns > 1 && r.n == columns;
    }
    s->now = begin;
    return fit;
}

static void find_delimiter(kz_csv *csv)
{
    static const char ORDER[] = "\t;|,";
    int best = 0;
    char broken = 0; /* splits the header, which then shows a fault: to be told */
    csv->delimiter = 0;
    for (const char *d = ORDER; *d; d++) {
        int fit = try_delimiter(csv->state, *d);
        if (fit > best) {
            csv->delimiter_sure = best * 2 < fit;
            best = fit;
            csv->delimiter = *d;
        } else if (fit > 0 && fit * 2 >= best) {
            csv->delimiter_sure = false;
        } else if (fit < 0 && !broken) {
            broken = *d;
        }
    }
    if (!csv->delimiter)
        csv->delimiter = broken ? broken : ',';
}

/* `sep=;` on the first line, as Excel writes and reads it. */
static bool take_sep_line(struct kz_csv_state *s, char *delimiter)
{
    size_t n = (size_t)(s->end - s->now.at);
    const char *p = s->now.at;
    if (n < 5 || strncasecmp(p, "sep=", 4) != 0 || !strchr(";,\t|", p[4]) ||
        (n > 5 && p[5] != '\n' && p[5] != '\r'))
        return false;
    *delimiter = p[4];
    size_t skip = n > 6 && p[5] == '\r' && p[6] == '\n' ? 7 : n > 5 ? 6 : 5;
    s->now = (place){ p + skip, s->now.line + 1, s->now.record + 1 };
    return true;
}

static void skip_lines(struct kz_csv_state *s, uint32_t lines)
{
    s->scan = (csv_scan){ .end = s->end, .delimiter = '\n' };
    for (; lines > 0 && s->now.at < s->end; lines--) {
        const char *p = s->now.at;
        while ((p = csv_scan_next(&s->scan, p)) < s->end && *p == '"')
            p++;
        if (p < s->end)
            p += *p == '\r' && p + 1 < s->end && p[1] == '\n' ? 2 : 1;
        s->now = (place){ p, s->now.line + 1, s->now.record + 1 };
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names must be there and differ, also without case, spaces and ways to write ä. */
static kz_status check_header(const kz_csv *csv, uint64_t line, kz_err *err)
{
    kz_auto(kz_buf) all = kz_buf_init((size_t)KZ_CSV_COLUMNS_MAX * (2 * KZ_CSV_FIELD_MAX + 8));
    size_t n = csv->n_columns;
    size_t *at = calloc(n, sizeof *at);
    const char **name = calloc(n, sizeof *name);
    kz_status st = at && name ? KZ_OK : kz_fail(err, KZ_E_LIMIT, "csv.memory", kz_n("line", line));
    for (size_t i = 0; st == KZ_OK && i < n; i++) {
        at[i] = all.n;
        kz_utf8_fold(&all, csv->header[i]);
        if (all.n == at[i])
            st = kz_fail(err, KZ_E_INPUT, "csv.header_empty", kz_n("line", line), kz_n("column", i + 1));
        kz_buf_add(&all, "", 1);
    }
    if (st == KZ_OK && kz_buf_status(&all) != KZ_OK)
        st = kz_fail(err, KZ_E_LIMIT, "csv.memory", kz_n("line", line));
    if (st == KZ_OK) {
        for (size_t i = 0; i < n; i++)
            name[i] = all.p + at[i];
        qsort(name, n, sizeof *name, by_text);
        for (size_t i = 1; st == KZ_OK && i < n; i++)
            if (strcmp(name[i - 1], name[i]) == 0)
                st =
                    kz_fail(err, KZ_E_INPUT, "csv.header_twice", kz_n("line", line), kz_s("column", name[i]));
    }
    free(at);
    free(name);
    return st;
}

static kz_status read_header(kz_csv *csv, kz_err *err)
{
    struct kz_csv_state *s = csv->state;
    record r = { 0 };
    uint64_t line;
    do {
        if (s->now.at == s->end)
            return kz_fail(err, KZ_E_INPUT, "csv.empty");
        line = s->now.line;
        KZ_TRY(read_record(s, &r, err));
    } while (is_empty(s, &r));
    if (r.problem == KZ_CSV_QUOTE)
        return kz_fail(err, KZ_E_INPUT, "csv.header_quote", kz_n("line", line),
                       kz_vw("value", s->field[r.column]));
    KZ_TRY(undouble(s));
    size_t bytes = 0;
    for (size_t i = 0; i < r.n; i++)
        bytes += s->field[i].n;
    s->header_bytes = kz_buf_init(bytes);
    char *copy = kz_buf_grow(&s->header_bytes, bytes);
    s->header = calloc(r.n, sizeof *s->header);
    if (!copy || !s->header)
        return kz_fail(err, KZ_E_LIMIT, "csv.memory", kz_n("line", line));
    for (size_t i = 0; i < r.n; i++) {
        memcpy(copy, s->field[i].p, s->field[i].n);
        s->header[i] = kz_view_trim((kz_view){ copy, s->field[i].n });
        copy += s->field[i].n;
    }
    csv->header = s->header;
    csv->n_columns = r.n;
    KZ_TRY(check_header(csv, line, err));
    s->data = s->now;
    /* Only a header is no data; rows are looked for, not counted. */
    const char *p = s->now.at;
    while (p < s->end && (*p == '\n' || *p == '\r'))
        p++;
    return p == s->end ? kz_fail(err, KZ_E_INPUT, "csv.only_header") : KZ_OK;
}

static kz_status prepare(kz_csv *csv, const char *p, size_t n, const kz_csv_opts *opts, kz_err *err)
{
    struct kz_csv_state *s = csv->state;
    csv->encoding = opts->encoding;
    csv->encoding_sure = KZ_SURE_DECLARED;
    if (n == kz_bom_length(p, n))
        return kz_fail(err, KZ_E_INPUT, "csv.empty");
    if (csv->encoding == KZ_ENC_FIND)
        KZ_TRY(kz_encoding_find(p, n, &csv->encoding, &csv->encoding_sure, err));
    if (csv->encoding == KZ_ENC_UTF8 && csv->encoding_sure == KZ_SURE_PROVEN) {
        size_t bom = kz_bom_length(p, n);
        s->text = p + bom;
        s->end = p + n;
    } else {
        s->decoded = kz_buf_init(3 * n); /* one byte gives at most three */
        KZ_TRY(kz_decode(p, n, csv->encoding, &s->decoded, err));
        s->text = kz_buf_text(&s->decoded);
        s->end = s->text + s->decoded.n;
    }
    s->now = (place){ s->text, 1, 1 };
    s->plain = kz_buf_init((size_t)KZ_CSV_COLUMNS_MAX * KZ_CSV_FIELD_MAX);
    s->field = calloc(KZ_CSV_COLUMNS_MAX, sizeof *s->field);
    s->doubled = calloc(KZ_CSV_COLUMNS_MAX, sizeof *s->doubled);
    if (!s->field || !s->doubled)
        return kz_fail(err, KZ_E_LIMIT, "csv.memory", kz_n("line", 1));

    char sep = 0;
    bool has_sep = take_sep_line(s, &sep);
    skip_lines(s, opts->skip_lines);
    csv->delimiter_sure = true;
    if (opts->delimiter)
        csv->delimiter = opts->delimiter;
    else if (has_sep)
        csv->delimiter = sep;
    else
        find_delimiter(csv);
    s->scan = (csv_scan){ .end = s->end, .delimiter = csv->delimiter };
    return read_header(csv, err);
}

static kz_status begin(kz_csv *csv, const char *name)
{
    *csv = (kz_csv){ .file = name, .state = calloc(1, sizeof *csv->state) };
    return csv->state ? KZ_OK : KZ_E_LIMIT;
}

static kz_status finish(kz_csv *csv, kz_status st, kz_err *err)
{
    if (st == KZ_OK)
        return KZ_OK;
    kz_err_add(err, kz_s("file", csv->file));
    kz_csv_done(csv);
    return st;
}

kz_status kz_csv_open_bytes(kz_csv *csv, const char *name, const void *p, size_t n, const kz_csv_opts *opts,
                            kz_err *err)
{
    KZ_ASSERT(opts->delimiter == 0 || strchr(";,\t|", opts->delimiter));
    if (begin(csv, name) != KZ_OK)
        return kz_fail(err, KZ_E_LIMIT, "csv.memory", kz_s("file", name), kz_n("line", 0));
    size_t max = opts->max_bytes ? opts->max_bytes : MAX_BYTES;
    if (n > max)
        return finish(csv, kz_fail(err, KZ_E_LIMIT, "file.large", kz_n("bytes", n), kz_n("max", max)), err);
    return finish(csv, prepare(csv, p ? p : "", n, opts, err), err);
}

kz_status kz_csv_open(kz_csv *csv, const char *path, const kz_csv_opts *opts, kz_err *err)
{
    KZ_ASSERT(opts->delimiter == 0 || strchr(";,\t|", opts->delimiter));
    if (begin(csv, path) != KZ_OK)
        return kz_fail(err, KZ_E_LIMIT, "csv.memory", kz_s("file", path), kz_n("line", 0));
    struct kz_csv_state *s = csv->state;
    s->raw = kz_buf_init(opts->max_bytes ? opts->max_bytes : MAX_BYTES);
    kz_status st = kz_file_read(path, &s->raw, err);
    if (st == KZ_OK)
        st = prepare(csv, kz_buf_text(&s->raw), s->raw.n, opts, err);
    return finish(csv, st, err);
}

void kz_csv_done(kz_csv *csv)
{
    struct kz_csv_state *s = csv->state;
    if (s) {
        kz_buf_done(&s->raw);
        kz_buf_done(&s->decoded);
        kz_buf_done(&s->plain);
        kz_buf_done(&s->header_bytes);
        free(s->field);
        free(s->doubled);
        free(s->header);
        free(s);
    }
    *csv = (kz_csv){ 0 };
}
