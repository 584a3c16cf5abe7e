/*
 * Where the rows come from: a file read in passing, bytes in memory (packed, foreign encoding, standard input), or a
 * sheet.  Nothing is ever written to a file of its own.
 */
#include "monitor/person_job.h"

#include "base/utf8.h"
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEADER_FROM_MOST = 30 };

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

/* ---- bytes ---------------------------------------------------------------------------------------- */

static kz_status cannot_read(const person_job *job, int why, kz_err *err)
{
    bool missing = why == ENOENT || why == ENOTDIR;
    return kz_fail(err, missing ? KZ_E_MISSING : KZ_E_IO, missing ? "file.missing" : "file.read",
                   kz_s("file", job->order->file), kz_s("why", strerror(why)));
}

/* The first bytes of a plain file; *plain false: it is none (a pipe, standard input). */
static kz_status open_file(person_job *job, bool *plain, kz_err *err)
{
    const char *path = kz_import_path(job->order);
    struct stat s;
    *plain = false;
    if (strcmp(path, "-") == 0)
        return KZ_OK;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (fd < 0)
        return cannot_read(job, errno, err);
    if (fstat(fd, &s) != 0 || !S_ISREG(s.st_mode)) {
        close(fd);
        return KZ_OK;
    }
    job->fd = fd;
    job->file_bytes = (uint64_t)s.st_size;
    *plain = true;
    return KZ_OK;
}

static kz_status read_sample(person_job *job, kz_err *err)
{
    char *p = kz_buf_grow(&job->bytes, PERSON_SAMPLE_BYTES);
    if (!p)
        return memory(err);
    size_t n = 0;
    while (n < PERSON_SAMPLE_BYTES) {
        ssize_t m = pread(job->fd, p + n, PERSON_SAMPLE_BYTES - n, (off_t)n);
        if (m < 0 && errno == EINTR)
            continue;
        if (m < 0)
            return cannot_read(job, errno, err);
        if (m == 0)
            break;
        n += (size_t)m;
    }
    job->bytes.n = n;
    p[n] = '\0';
    return KZ_OK;
}

/* Can the file be read in passing?  It must be UTF-8 as far as the sample goes, cut at a line end. */
static bool streams(person_job *job)
{
    const char *p = kz_buf_text(&job->bytes);
    size_t n = job->bytes.n;
    if (job->map.encoding != KZ_ENC_FIND && job->map.encoding != KZ_ENC_UTF8)
        return false;
    if (n == 0 || kz_book_is(p, n) || kz_bom_length(p, n) == 2 || memchr(p, 0, n))
        return false;
    if (n < job->file_bytes) {
        while (n > 0 && p[n - 1] != '\n')
            n--;
        if (n == 0)
            return false;
        job->bytes.n = n;
    }
    return kz_utf8_bad(p, n) == n;
}

static kz_status read_whole(person_job *job, kz_err *err)
{
    kz_buf_clear(&job->bytes);
    if (job->fd >= 0) {
        close(job->fd);
        job->fd = -1;
    }
    KZ_TRY(kz_file_read(kz_import_path(job->order), &job->bytes, err));
    kz_sha256_begin(&job->sha);
    kz_sha256_add(&job->sha, kz_buf_text(&job->bytes), job->bytes.n);
    for (int times = 0; times < 2 && kz_book_is(kz_buf_text(&job->bytes), job->bytes.n); times++) {
        kz_buf plain = kz_buf_init(PERSON_MEMORY_MOST);
        kz_status st = kz_book_read(job->order->file, kz_buf_text(&job->bytes), job->bytes.n, &job->book_arena,
                                    &job->book, &plain, err);
        if (st != KZ_OK || job->book.n_sheets > 0) {
            kz_buf_done(&plain);
            return st;
        }
        kz_buf_done(&job->bytes);
        job->bytes = plain;
    }
    return KZ_OK;
}

/* ---- text -------------------------------------------------------------------------------------------- */

static kz_status open_text(person_job *job, kz_err *err)
{
    kz_csv_opts opts = { .delimiter = job->map.delimiter, .encoding = job->fd >= 0 ? KZ_ENC_FIND : job->map.encoding,
                         .max_bytes = PERSON_MEMORY_MOST };
    kz_csv_done(&job->csv);
    KZ_TRY(kz_csv_open_bytes(&job->csv, job->order->file, kz_buf_text(&job->bytes), job->bytes.n, &opts, err));
    job->text = kz_csv_body(&job->csv, &job->first_line);
    job->body = job->fd >= 0 ? (uint64_t)(job->text.p - kz_buf_text(&job->bytes)) : 0;
    job->n_file_columns = job->csv.n_columns;
    job->header = job->csv.header;
    job->res->encoding = kz_encoding_name(job->csv.encoding);
    /* A line is a slot; a file has at most as many lines as bytes. */
    uint64_t bytes = job->fd >= 0 ? job->file_bytes - job->body : job->text.n;
    job->slots_most = (bytes < PERSON_ROWS_MOST ? bytes : PERSON_ROWS_MOST) + 2;
    return KZ_OK;
}

/* ---- sheet -------------------------------------------------------------------------------------------- */

static bool knows(const person_job *job, kz_view name)
{
    const kz_source_header *how;
    kz_auto(kz_buf) a = kz_buf_init(8192), b = kz_buf_init(8192);
    if (kz_source_header_find(&job->source, name, &how))
        return true;
    kz_source_fold(&a, name, true);
    for (int i = 0; i < job->map.n_columns; i++) {
        kz_buf_clear(&b);
        kz_source_fold(&b, kz_view_of(job->map.columns[i].name), true);
        if (strcmp(kz_buf_text(&a), kz_buf_text(&b)) == 0)
            return true;
    }
    return false;
}

/* The row with the most names that we know. */
static int best_header(const person_job *job, const kz_sheet *s, const kz_sheet_row **ret)
{
    int best = 0;
    for (uint32_t i = 0; i < s->n_rows && s->rows[i].row <= HEADER_FROM_MOST; i++) {
        int n = 0;
        for (uint32_t k = 0; k < s->rows[i].n; k++)
            n += s->rows[i].cells[k].n > 0 && s->rows[i].cells[k].n < 200 &&
                 knows(job, kz_view_from(s->rows[i].cells[k].text, s->rows[i].cells[k].n));
        if (n > best) {
            best = n;
            *ret = &s->rows[i];
        }
    }
    return best;
}

static kz_status take_sheet(person_job *job, const kz_sheet *s, const kz_sheet_row *head, kz_err *err)
{
    uint32_t *columns = kz_arena_new(&job->arena, uint32_t, head->n + 1);
    kz_view *header = kz_arena_new(&job->arena, kz_view, head->n + 1);
    if (!columns || !header)
        return memory(err);
    size_t n = 0;
    for (uint32_t k = 0; k < head->n && n < KZ_CSV_COLUMNS_MAX; k++) {
        kz_view name = kz_view_trim(kz_view_from(head->cells[k].text, head->cells[k].n));
        if (name.n == 0)
            continue;
        columns[n] = head->cells[k].column;
        header[n++] = name;
    }
    job->sheet = s;
    job->sheet_columns = columns;
    job->header = header;
    job->n_file_columns = n;
    job->first_row = head->row + 1;
    job->first_line = head->row + 1;
    uint32_t last = s->rows[s->n_rows - 1].row;
    job->slots_most = (uint64_t)(last - head->row) + 2;
    kz_buf shown = kz_buf_init(sizeof job->res->sheet - 1);
    kz_buf_str(&shown, s->name);
    memcpy(job->res->sheet, kz_buf_text(&shown), shown.n + 1);
    kz_buf_done(&shown);
    kz_findings_in_sheet(job->found, s->name, n, header, columns);
    return KZ_OK;
}

/* The visible sheet, or the one the map names, whose header fits best; two that fit equally well are asked for. */
static kz_status open_sheet(person_job *job, kz_err *err)
{
    const kz_sheet *best = NULL;
    const kz_sheet_row *head = NULL;
    int most = 0, equal = 0;
    kz_auto(kz_buf) names = kz_buf_init(64 * 1024), hidden = kz_buf_init(64 * 1024);
    for (int i = 0; i < job->book.n_sheets; i++) {
        const kz_sheet *s = &job->book.sheets[i];
        const kz_sheet_row *row = NULL;
        bool named = job->map.sheet && kz_utf8_same(kz_view_of(job->map.sheet), kz_view_of(s->name));
        kz_buf_fmt(&names, "%s%s", names.n ? ", " : "", s->name);
        if (s->visibility != KZ_SHEET_VISIBLE)
            kz_buf_fmt(&hidden, "%s%s", hidden.n ? ", " : "", s->name);
        if (job->map.sheet ? !named : s->visibility != KZ_SHEET_VISIBLE)
            continue;
        int n = best_header(job, s, &row);
        equal = n > most ? 1 : equal + (n == most && n > 0);
        if (n > most) {
            most = n;
            best = s;
            head = row;
        }
    }
    kz_arg file = kz_s("file", job->order->file), sheets = kz_s("sheets", kz_buf_text(&names));
    if (most < 2)
        return kz_fail(err, KZ_E_INPUT, "person.sheet_none", file, sheets, kz_s("source", job->source.id));
    if (equal > 1)
        return kz_fail(err, KZ_E_USAGE, "person.sheet_many", file, sheets);
    if (hidden.n > 0)
        kz_finding_add(job->found, KZ_NOTICE, "check.hidden_sheets", 0, "",
                       kz_view_from(kz_buf_text(&hidden), hidden.n), kz_s("sheet", best->name));
    return take_sheet(job, best, head, err);
}

/* ---- all of it ------------------------------------------------------------------------------------------ */

kz_status person_open(person_job *job, kz_err *err)
{
    bool plain;
    KZ_TRY(open_file(job, &plain, err));
    if (plain) {
        KZ_TRY(read_sample(job, err));
        if (!streams(job)) {
            kz_buf_clear(&job->bytes);
            plain = false;
        }
    }
    return plain ? person_open_again(job, err) : person_open_whole(job, err);
}

/* With the map that is known by now: it may say delimiter or sheet. */
kz_status person_open_again(person_job *job, kz_err *err)
{
    return job->book.n_sheets > 0 ? open_sheet(job, err) : open_text(job, err);
}

kz_status person_open_whole(person_job *job, kz_err *err)
{
    KZ_TRY(read_whole(job, err));
    return person_open_again(job, err);
}

void person_close(person_job *job)
{
    if (job->fd >= 0)
        close(job->fd);
    job->fd = -1;
    kz_csv_done(&job->csv);
    kz_buf_done(&job->bytes);
}
