#include "web/form.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/utf8.h"
#include "web/form_part.h"

enum {
    HEAD_MOST = 4 * 1024,
    BOUNDARY_MOST = 70,
    CHUNK = 16 * 1024,
};

typedef struct field {
    char name[KZ_FORM_NAME + 1];
    size_t at, n; /* in texts */
} field;

typedef enum where { PREAMBLE, HEAD, BODY, BEHIND, EPILOGUE } where;

struct kz_form {
    kz_form_rule rule;
    bool multipart;
    int refused;
    char delimiter[BOUNDARY_MOST + 5]; /* CR LF - - boundary */
    size_t n_delimiter;
    kz_buf pending; /* not understood yet      */
    kz_buf texts;   /* values, each with a NUL */
    where at;
    bool in_file, ignored; /* the part at hand: the file; a file field that was left empty */
    int n_fields;
    field fields[KZ_FORM_FIELDS];
    bool has_file;
    kz_form_file file;
};

static int refuse(kz_form *f, int code)
{
    if (f->refused == 0)
        f->refused = code;
    return f->refused;
}

int kz_form_begin(const char *content_type, const kz_form_rule *rule, kz_form **ret)
{
    *ret = NULL;
    char boundary[BOUNDARY_MOST + 1] = "";
    bool multipart = false;
    int code = kz_part_content_type(content_type, &multipart, boundary, sizeof boundary);
    if (code != 0)
        return code;
    kz_form *f = calloc(1, sizeof *f);
    if (!f)
        return 503;
    f->rule = *rule;
    f->multipart = multipart;
    f->file.fd = -1;
    f->texts = kz_buf_init(rule->bytes + KZ_FORM_FIELDS + 1);
    /* Beyond a piece that may be a boundary nothing is kept. */
    f->pending = kz_buf_init(multipart ? HEAD_MOST + 2 * CHUNK : 3 * rule->bytes);
    if (multipart) {
        f->n_delimiter = 4 + strlen(boundary);
        memcpy(f->delimiter, "\r\n--", 4);
        memcpy(f->delimiter + 4, boundary, f->n_delimiter - 4);
        kz_buf_str(&f->pending, "\r\n"); /* the first boundary needs no line before it */
    }
    *ret = f;
    return 0;
}

void kz_form_free(kz_form *f)
{
    if (!f)
        return;
    if (f->file.fd >= 0)
        close(f->file.fd);
    kz_buf_done(&f->pending);
    kz_buf_done(&f->texts);
    free(f);
}

/* ---- fields ---------------------------------------------------------------------- */

static int add_field(kz_form *f, const char *name)
{
    if (name[0] == '\0' || strlen(name) > KZ_FORM_NAME || f->n_fields == KZ_FORM_FIELDS || kz_form_text(f, name))
        return refuse(f, 400);
    field *one = &f->fields[f->n_fields++];
    memcpy(one->name, name, strlen(name) + 1);
    one->at = f->texts.n;
    one->n = 0;
    return 0;
}

static bool is_text(const char *p, size_t n)
{
    if (kz_utf8_bad(p, n) < n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (((unsigned char)p[i] < 0x20 && !strchr("\t\r\n", p[i])) || p[i] == 0x7F || p[i] == '\0')
            return false;
    return true;
}

/* The text at hand is complete. */
static int end_field(kz_form *f)
{
    field *one = &f->fields[f->n_fields - 1];
    one->n = f->texts.n - one->at;
    if (!is_text(kz_buf_text(&f->texts) + one->at, one->n))
        return refuse(f, 400);
    kz_buf_char(&f->texts, '\0');
    return kz_buf_status(&f->texts) == KZ_OK ? 0 : refuse(f, 413);
}

static int put_text(kz_form *f, const char *p, size_t n)
{
    if (f->texts.n + n > f->rule.bytes + (size_t)f->n_fields - 1) /* those before have a NUL each */
        return refuse(f, 413);
    kz_buf_add(&f->texts, p, n);
    return kz_buf_status(&f->texts) == KZ_OK ? 0 : refuse(f, 503);
}

/* ---- urlencoded -------------------------------------------------------------------- */

static int url_pair(kz_form *f, const char *p, size_t n)
{
    char name[KZ_FORM_NAME + 1];
    size_t eq = 0, n_name;
    while (eq < n && p[eq] != '=')
        eq++;
    if (eq > 3 * KZ_FORM_NAME || !kz_part_url_decode(p, eq, name, sizeof name, &n_name))
        return refuse(f, 400);
    if (strlen(name) != n_name || !is_text(name, n_name))
        return refuse(f, 400);
    int code = add_field(f, name);
    if (code != 0)
        return code;
    size_t n_raw = eq < n ? n - eq - 1 : 0, n_value = 0;
    char *value = malloc(n_raw + 1);
    if (!value)
        return refuse(f, 503);
    if (n_raw > 0 && !kz_part_url_decode(p + eq + 1, n_raw, value, n_raw + 1, &n_value))
        code = refuse(f, 400);
    if (code == 0)
        code = put_text(f, value, n_value);
    free(value);
    return code == 0 ? end_field(f) : code;
}

static int url_end(kz_form *f)
{
    const char *p = kz_buf_text(&f->pending), *end = p + f->pending.n;
    while (p < end && f->refused == 0) {
        const char *next = memchr(p, '&', (size_t)(end - p));
        size_t n = (size_t)((next ? next : end) - p);
        if (n > 0)
            (void)url_pair(f, p, n);
        p += n + (next != NULL);
    }
    return f->refused;
}

/* ---- multipart ---------------------------------------------------------------------- */

static int begin_file(kz_form *f, const char *name, const char *file_name)
{
    if (f->rule.file_bytes == 0 || f->has_file)
        return refuse(f, 400);
    int code = add_field(f, name);
    if (code == 0)
        code = end_field(f);
    if (code != 0)
        return code;
    f->has_file = f->in_file = true;
    kz_part_file_name(file_name, f->file.name, sizeof f->file.name);
    f->ignored = file_name[0] == '\0';
    f->file.fd = memfd_create("kekiz-upload", MFD_CLOEXEC);
    return f->file.fd >= 0 ? 0 : refuse(f, 503);
}

static int begin_part(kz_form *f, const char *head, size_t n)
{
    kz_part_head h;
    f->in_file = f->ignored = false;
    if (!kz_part_read_head(head, n, &h))
        return refuse(f, 400);
    if (h.has_file)
        return begin_file(f, h.name, h.file_name);
    return add_field(f, h.name);
}

static int put_file(kz_form *f, const char *p, size_t n)
{
    if (n > 0 && f->ignored)
        return refuse(f, 400); /* bytes without a name: no browser does that */
    if (f->file.n + n > f->rule.file_bytes)
        return refuse(f, 413);
    while (n > 0) {
        ssize_t put = write(f->file.fd, p, n);
        if (put <= 0)
            return refuse(f, 503);
        p += put;
        n -= (size_t)put;
        f->file.n += (uint64_t)put;
    }
    return 0;
}

static int put_body(kz_form *f, const char *p, size_t n)
{
    return f->in_file ? put_file(f, p, n) : put_text(f, p, n);
}

/* Everything up to the next boundary; *used bytes are done with.  False: wait for more. */
static bool step_to_boundary(kz_form *f, const char *p, size_t n, size_t *used)
{
    const char *found = memmem(p, n, f->delimiter, f->n_delimiter);
    size_t sure = found ? (size_t)(found - p) : n >= f->n_delimiter ? n - f->n_delimiter + 1 : 0;
    if (f->at == BODY) {
        if (put_body(f, p, sure) != 0)
            return false;
    } else if (sure > 0) {
        refuse(f, 400); /* a preamble: mail has one, browsers do not */
        return false;
    }
    *used = sure + (found ? f->n_delimiter : 0);
    if (found && f->at == BODY && !f->in_file)
        (void)end_field(f);
    if (found)
        f->at = BEHIND;
    return found != NULL;
}

/* One step through p[0..n): what was used up; false: wait for more, or refused. */
static bool step(kz_form *f, const char *p, size_t n, size_t *used)
{
    *used = 0;
    switch (f->at) {
    case PREAMBLE:
    case BODY:
        return step_to_boundary(f, p, n, used);
    case BEHIND: /* "--" ends, CR LF goes on */
        if (n < 2)
            return false;
        *used = 2;
        f->at = memcmp(p, "--", 2) == 0 ? EPILOGUE : HEAD;
        if (f->at == HEAD && memcmp(p, "\r\n", 2) != 0)
            refuse(f, 400);
        return f->refused == 0;
    case HEAD: {
        const char *end = memmem(p, n, "\r\n\r\n", 4);
        if (!end && n > HEAD_MOST)
            refuse(f, 400);
        if (!end)
            return false;
        size_t n_head = (size_t)(end - p);
        *used = n_head + 4;
        f->at = BODY;
        return n_head <= HEAD_MOST ? begin_part(f, p, n_head) == 0 : refuse(f, 400) == 0;
    }
    case EPILOGUE: /* a line end, and nothing more */
        if (n > 2 || (n > 0 && p[0] != '\r') || (n > 1 && p[1] != '\n'))
            refuse(f, 400);
        return false;
    }
    return false;
}

static void run(kz_form *f)
{
    size_t at = 0, used;
    while (f->refused == 0 && step(f, kz_buf_text(&f->pending) + at, f->pending.n - at, &used))
        at += used;
    if (f->refused != 0)
        return;
    at += used; /* of the last step, which wants more */
    if (at > 0) {
        memmove(f->pending.p, f->pending.p + at, f->pending.n - at);
        f->pending.n -= at;
    }
}

int kz_form_feed(kz_form *f, const char *p, size_t n)
{
    while (n > 0 && f->refused == 0) {
        size_t take = f->multipart && n > CHUNK ? CHUNK : n;
        kz_buf_add(&f->pending, p, take);
        if (kz_buf_status(&f->pending) != KZ_OK)
            return refuse(f, 413);
        p += take;
        n -= take;
        if (f->multipart)
            run(f);
    }
    return f->refused;
}

int kz_form_end(kz_form *f)
{
    if (f->refused != 0)
        return f->refused;
    if (!f->multipart)
        return url_end(f);
    return f->at == EPILOGUE ? 0 : refuse(f, 400);
}

/* ---- asking ------------------------------------------------------------------------- */

const char *kz_form_text(const kz_form *f, const char *name)
{
    for (int i = 0; f && i < f->n_fields; i++)
        if (strcmp(f->fields[i].name, name) == 0)
            return kz_buf_text(&f->texts) + f->fields[i].at;
    return NULL;
}

int kz_form_count(const kz_form *f)
{
    return f->n_fields;
}

const char *kz_form_nth(const kz_form *f, int i, const char **name)
{
    *name = f->fields[i].name;
    return kz_buf_text(&f->texts) + f->fields[i].at;
}

const kz_form_file *kz_form_the_file(const kz_form *f)
{
    return f && f->has_file && !f->ignored && f->file.fd >= 0 ? &f->file : NULL;
}

int kz_form_take_file(kz_form *f)
{
    if (!kz_form_the_file(f))
        return -1;
    int fd = f->file.fd;
    f->file.fd = -1;
    return fd;
}
