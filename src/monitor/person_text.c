/*
 * Rows of a text, block by block on several threads.
 *
 * A block is whole rows.  Under a lock a thread takes the next bytes, hashes them, counts their lines and cuts
 * behind the last line end that stands outside quotes, by the parity of the quotes; what is behind it begins the next
 * block.  A stray quote (5" pipe) makes parity lie: then a block does not end where a row does.  The
 * thread that parses it sees that, and everything is read once more with cuts found by walking the fields.
 */
#include "monitor/person_job.h"

#include "base/parallel.h"
#include "base/utf8.h"
#include "io/csv_scan.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCK = 1 << 20, BLOCK_MOST = 256 << 20, THREADS_MOST = 16, PAD = 64 };

/* What the threads share. */
typedef struct feed {
    person_job *job;
    pthread_mutex_t lock;
    bool exact;       /* cuts by walking */
    bool end;         /* the last byte was taken */
    bool hashing;     /* the file goes past for the first time */
    uint64_t at;      /* next byte of the file or text */
    uint64_t line;    /* of it */
    char *carry;      /* begins the next block */
    size_t carry_n, carry_cap;
    uint64_t lines_most;
    atomic_bool stop, inexact, not_utf8;
} feed;

typedef struct block {
    char *p;
    size_t n, cap;
    uint64_t line;
    bool last;
} block;

typedef struct reader {
    feed *feed;
    person_worker *worker;
    block block;
    kz_view *field;
    uint16_t *doubled;
    size_t n_doubled;
    kz_buf plain;
    uint64_t fatal_line; /* 0: none */
    kz_status st;
    kz_err err;
} reader;

/* ---- blocks ------------------------------------------------------------------------------------ */

static uint64_t count_lines(const char *p, size_t n)
{
    uint64_t lines = 0;
    size_t i = 0;
    if (!memchr(p, '\r', n)) {
#ifdef __SSE2__
        const __m128i lf = _mm_set1_epi8('\n');
        for (; i + 64 <= n; i += 64)
            for (size_t k = 0; k < 64; k += 16)
                lines += (uint64_t)__builtin_popcount((unsigned)_mm_movemask_epi8(
                    _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(const void *)(p + i + k)), lf)));
#endif
        for (; i < n; i++)
            lines += p[i] == '\n';
        return lines;
    }
    for (; i < n; i++) /* a cut never parts CR and LF */
        lines += p[i] == '\n' || (p[i] == '\r' && (i + 1 == n || p[i + 1] != '\n'));
    return lines;
}

static size_t count_quotes(const char *p, size_t n)
{
    size_t quotes = 0;
    for (const char *at = p, *end = p + n; at < end && (at = memchr(at, '"', (size_t)(end - at))); at++)
        quotes++;
    return quotes;
}

/* Is there a line end at p[i] that can be told already?  A CR at the very end may still get its LF. */
static bool ends_line(const char *p, size_t i, size_t n)
{
    return p[i] == '\n' || (p[i] == '\r' && i + 1 < n && p[i + 1] != '\n');
}

/* Bytes up to the last line end with an even number of quotes before it; 0: none. */
static size_t cut_by_parity(const char *p, size_t n)
{
    size_t before = memchr(p, '"', n) ? count_quotes(p, n) : 0;
    for (size_t i = n; i-- > 0;) {
        if (p[i] == '"')
            before--;
        else if (before % 2 == 0 && ends_line(p, i, n))
            return i + 1;
    }
    return 0;
}

/* The same by walking all rows; a row that is not whole yet does not count. */
static size_t cut_by_walking(const char *p, size_t n, char delimiter)
{
    csv_scan scan = { .end = p + n, .delimiter = delimiter };
    const char *at = p, *end = p + n, *last = p;
    while (at < end) {
        if (*at == '"') { /* at the begin of a field: to its end */
            const char *quote = at;
            do {
                quote = quote + 1 < end ? memchr(quote + 1, '"', (size_t)(end - quote - 1)) : NULL;
                if (quote && quote + 1 < end && quote[1] == '"')
                    quote++;
                else
                    break;
            } while (true);
            if (!quote)
                break;
            at = quote + 1;
        }
        while ((at = csv_scan_next(&scan, at)) < end && *at == '"')
            at++;
        if (at == end)
            break;
        if (*at == '\r' && at + 1 < end && at[1] == '\n')
            at++;
        bool row_ends = *at == '\n' || (*at == '\r' && at + 1 < end);
        at++;
        if (row_ends)
            last = at;
    }
    return (size_t)(last - p);
}

static kz_status grow(block *b, size_t cap, kz_err *err)
{
    if (cap <= b->cap)
        return KZ_OK;
    char *more = cap <= (size_t)BLOCK_MOST * 2 ? realloc(b->p, cap + PAD) : NULL;
    if (!more)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    b->p = more;
    b->cap = cap;
    return KZ_OK;
}

/* Up to n more bytes of the file or text. */
static kz_status fetch(feed *f, char *to, size_t n, size_t *got, kz_err *err)
{
    person_job *job = f->job;
    *got = 0;
    if (job->fd < 0) {
        size_t left = job->text.n - f->at;
        *got = left < n ? left : n;
        memcpy(to, job->text.p + f->at, *got);
    }
    while (job->fd >= 0 && *got < n) {
        ssize_t m = pread(job->fd, to + *got, n - *got, (off_t)(f->at + *got));
        if (m < 0 && errno == EINTR)
            continue;
        if (m < 0)
            return kz_fail(err, KZ_E_IO, "file.read", kz_s("file", job->order->file), kz_s("why", strerror(errno)));
        if (m == 0)
            break;
        *got += (size_t)m;
    }
    if (f->hashing)
        kz_sha256_add(&job->sha, to, *got);
    f->at += *got;
    return KZ_OK;
}

static kz_status keep_carry(feed *f, const char *p, size_t n, kz_err *err)
{
    f->carry_n = n;
    if (n == 0)
        return KZ_OK;
    if (n > f->carry_cap) {
        char *more = realloc(f->carry, n);
        if (!more)
            return kz_fail(err, KZ_E_LIMIT, "import.memory");
        f->carry = more;
        f->carry_cap = n;
    }
    memcpy(f->carry, p, n);
    return KZ_OK;
}

/* The next whole rows into b; n 0: there are none left.  Under the lock. */
static kz_status fill(feed *f, block *b, kz_err *err)
{
    size_t have = f->carry_n, got, whole = 0;
    b->n = 0;
    if (f->end)
        return KZ_OK;
    const size_t step = f->job->block > 0 ? f->job->block : BLOCK;
    KZ_TRY(grow(b, have + step, err));
    if (have > 0)
        memcpy(b->p, f->carry, have);
    f->carry_n = 0;
    for (;;) {
        size_t want = have < step ? step : have; /* a row that is longer and longer is read in longer steps */
        KZ_TRY(grow(b, have + want, err));
        KZ_TRY(fetch(f, b->p + have, want, &got, err));
        have += got;
        if (got < want) {
            f->end = true;
            whole = have;
            break;
        }
        whole = f->exact ? cut_by_walking(b->p, have, f->job->csv.delimiter) : cut_by_parity(b->p, have);
        if (whole > 0)
            break;
        if (have > BLOCK_MOST)
            return kz_fail(err, KZ_E_INPUT, "csv.quote_open", kz_s("file", f->job->order->file), kz_n("line", f->line));
    }
    KZ_TRY(keep_carry(f, b->p + whole, have - whole, err));
    b->n = whole;
    b->line = f->line;
    b->last = f->end;
    memset(b->p + whole, 0, PAD);
    uint64_t lines = count_lines(b->p, whole);
    f->line += lines;
    if (f->line - f->job->first_line > f->lines_most)
        return kz_fail(err, KZ_E_LIMIT, "person.rows_limit", kz_s("file", f->job->order->file),
                       kz_n("most", PERSON_ROWS_MOST));
    return KZ_OK;
}

/* ---- rows ---------------------------------------------------------------------------------------- */

static uint64_t line_ends(const char *p, const char *end)
{
    uint64_t n = 0;
    for (; p < end; p++)
        n += *p == '\n' || (*p == '\r' && (p + 1 == end || p[1] != '\n'));
    return n;
}

static const char *fatal(reader *r, uint64_t line, const char *id, size_t column)
{
    r->fatal_line = line;
    r->st = kz_fail(&r->err, KZ_E_INPUT, id, kz_s("file", r->feed->job->order->file), kz_n("line", line),
                    kz_n("column", column + 1));
    return NULL;
}

/* A quoted field; where it ends, NULL when it does not. */
static const char *quoted(reader *r, const char *p, const char *end, size_t column, uint64_t *line)
{
    const char *open = p + 1, *at = open;
    bool doubled = false;
    for (;;) {
        const char *quote = at < end ? memchr(at, '"', (size_t)(end - at)) : NULL;
        if (!quote) {
            if (r->block.last)
                return fatal(r, *line, "csv.quote_open", column);
            atomic_store(&r->feed->inexact, true);
            return NULL;
        }
        at = quote + 1;
        if (at == end || *at != '"') {
            r->field[column] = (kz_view){ open, (size_t)(quote - open) };
            *line += line_ends(open, quote);
            break;
        }
        doubled = true;
        at++;
    }
    if (doubled)
        r->doubled[r->n_doubled++] = (uint16_t)column;
    if (at < end && *at != r->feed->job->csv.delimiter && *at != '\n' && *at != '\r')
        return fatal(r, *line, "person.quote_after", column);
    return at;
}

/* "" to ", in a buffer of its own. */
static bool undouble(reader *r)
{
    size_t need = 0;
    for (size_t i = 0; i < r->n_doubled; i++)
        need += r->field[r->doubled[i]].n + PAD;
    kz_buf_clear(&r->plain);
    char *out = kz_buf_grow(&r->plain, need);
    if (!out)
        return false;
    for (size_t i = 0; i < r->n_doubled; i++) {
        kz_view *f = &r->field[r->doubled[i]];
        char *from = out;
        for (size_t k = 0; k < f->n; k++) {
            *out++ = f->p[k];
            k += f->p[k] == '"';
        }
        *f = (kz_view){ from, (size_t)(out - from) };
        out += PAD;
    }
    return true;
}

static void take_fields(reader *r, size_t n, uint64_t line, bool stray, bool too_long)
{
    person_job *job = r->feed->job;
    if (n == 1 && r->field[0].n == 0 && job->n_file_columns > 1)
        return; /* an empty line */
    bool empty = n > 1;
    for (size_t i = 0; i < n && empty; i++)
        empty = r->field[i].n == 0;
    if (empty) {
        r->worker->rows++;
        r->worker->empty++;
        return;
    }
    if (n != job->n_file_columns || stray || too_long) {
        r->worker->rows++;
        person_note(r->worker, too_long ? FAULT_LONG : stray ? FAULT_QUOTE : FAULT_FIELDS, line, SIZE_MAX,
                    kz_view_of(""), n < INT32_MAX ? (int)n : INT32_MAX);
        return;
    }
    if (r->n_doubled > 0 && !undouble(r)) {
        r->worker->st = kz_fail(&r->worker->err, KZ_E_LIMIT, "import.memory");
        return;
    }
    person_take_row(r->worker, r->field, line);
}

/* All rows of the block. */
static void parse(reader *r)
{
    person_job *job = r->feed->job;
    const char delimiter = job->csv.delimiter;
    const char *p = r->block.p, *end = p + r->block.n;
    csv_scan scan = { .end = end, .delimiter = delimiter };
    uint64_t line = r->block.line;
    while (p < end) {
        uint64_t began = line;
        bool stray = false, too_long = false;
        size_t n = 0;
        r->n_doubled = 0;
        for (;; p++) {
            if (n == KZ_CSV_COLUMNS_MAX) {
                fatal(r, line, "person.columns", n - 1);
                return;
            }
            if (p < end && *p == '"') {
                p = quoted(r, p, end, n, &line);
                if (!p)
                    return;
            } else {
                const char *from = p;
                while ((p = csv_scan_next(&scan, p)) < end && *p == '"') {
                    stray = true;
                    p++;
                }
                r->field[n] = (kz_view){ from, (size_t)(p - from) };
            }
            too_long |= r->field[n].n > KZ_CSV_FIELD_MAX;
            n++;
            if (p == end || *p != delimiter)
                break;
        }
        take_fields(r, n, began, stray, too_long);
        if (r->worker->st != KZ_OK)
            return;
        if (p < end) {
            p += *p == '\r' && p + 1 < end && p[1] == '\n' ? 2 : 1;
            line++;
        }
    }
}

/* ---- threads --------------------------------------------------------------------------------------- */

static bool watch(feed *f)
{
    const kz_import_order *o = f->job->order;
    uint64_t of = f->job->fd >= 0 ? f->job->file_bytes : f->job->text.n;
    return !o->watch || o->watch(o->watch_ctx, f->at, of > 0 ? of : 1);
}

static void read_part(void *ctx, int i, int n)
{
    reader *r = (reader *)ctx + i;
    feed *f = r->feed;
    (void)n;
    while (!atomic_load(&f->stop)) {
        pthread_mutex_lock(&f->lock);
        kz_status st = atomic_load(&f->stop) ? KZ_OK : fill(f, &r->block, &r->err);
        if (i == 0 && st == KZ_OK && r->block.n > 0 && !watch(f)) /* the first thread is the caller's */
            st = kz_fail(&r->err, KZ_E_CONFLICT, "person.stopped", kz_s("file", f->job->order->file));
        if (st != KZ_OK || r->block.n == 0 || atomic_load(&f->stop)) {
            r->st = st != KZ_OK ? st : r->st;
            f->end = true;
            pthread_mutex_unlock(&f->lock);
            if (st != KZ_OK)
                atomic_store(&f->stop, true);
            return;
        }
        pthread_mutex_unlock(&f->lock);
        if (f->job->fd >= 0 && kz_utf8_bad(r->block.p, r->block.n) < r->block.n)
            atomic_store(&f->not_utf8, true);
        else
            parse(r);
        if (r->st != KZ_OK || r->worker->st != KZ_OK || atomic_load(&f->inexact) || atomic_load(&f->not_utf8))
            atomic_store(&f->stop, true);
    }
}

static kz_status reader_begin(reader *r, feed *f, person_worker *w, kz_err *err)
{
    *r = (reader){ .feed = f, .worker = w, .plain = kz_buf_init(BLOCK_MOST) };
    r->field = calloc(KZ_CSV_COLUMNS_MAX, sizeof *r->field);
    r->doubled = calloc(KZ_CSV_COLUMNS_MAX, sizeof *r->doubled);
    return r->field && r->doubled ? KZ_OK : kz_fail(err, KZ_E_LIMIT, "import.memory");
}

static void reader_end(reader *r)
{
    free(r->block.p);
    free(r->field);
    free(r->doubled);
    kz_buf_done(&r->plain);
}

/* The first thing that went wrong, in the order of the file. */
static kz_status outcome(const reader *r, int n, kz_err *err)
{
    const reader *first = NULL;
    for (int i = 0; i < n; i++) {
        if (r[i].worker->st != KZ_OK) {
            if (err)
                *err = r[i].worker->err;
            return r[i].worker->st;
        }
        if (r[i].st != KZ_OK && (!first || r[i].fatal_line < first->fatal_line))
            first = &r[i];
    }
    if (first && err)
        *err = first->err;
    return first ? first->st : KZ_OK;
}

static kz_status read_once(person_job *job, feed *f, kz_err *err)
{
    int n = kz_processors();
    reader *readers = calloc(THREADS_MOST, sizeof *readers);
    if (!readers)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    uint64_t bytes = job->fd >= 0 ? job->file_bytes : job->text.n;
    n = n > THREADS_MOST ? THREADS_MOST : n;
    const uint64_t blocks = bytes / (job->block > 0 ? job->block : BLOCK) + 1;
    n = (uint64_t)n > blocks ? (int)blocks : n;
    kz_status st = person_workers_begin(job, n, err);
    for (int i = 0; i < n && st == KZ_OK; i++)
        st = reader_begin(&readers[i], f, &job->workers[i], err);
    if (st == KZ_OK) {
        kz_parallel(n, read_part, readers);
        st = outcome(readers, n, err);
    }
    for (int i = 0; i < THREADS_MOST; i++)
        reader_end(&readers[i]);
    free(readers);
    free(f->carry);
    f->carry = NULL;
    job->slots = f->line - job->first_line + 1;
    return st;
}

kz_status person_read_text(person_job *job, kz_err *err)
{
    for (int pass = 0; pass < 2; pass++) {
        feed f = { .job = job, .lock = PTHREAD_MUTEX_INITIALIZER, .exact = pass == 1, .hashing = job->fd >= 0,
                   .at = job->fd >= 0 ? job->body : 0, .line = job->first_line, .lines_most = job->slots_most - 1 };
        kz_status st = read_once(job, &f, err);
        if (atomic_load(&f.not_utf8)) {
            return KZ_E_FINDING;
        }
        if (!atomic_load(&f.inexact) || pass == 1)
            return st;
        KZ_TRY(person_start(job, err));
    }
    return KZ_OK;
}
