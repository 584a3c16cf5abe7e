/*
 * form.h - the body of a POST: fields, and at most one file, read as it arrives.
 *
 *     kz_form *f;
 *     int code = kz_form_begin(content_type, &(kz_form_rule){ .bytes = 64 << 10 }, &f);
 *     while (code == 0 && more) code = kz_form_feed(f, p, n);      // any cut of the bytes
 *     if (code == 0) code = kz_form_end(f);                         // 400, 413, 415, 503: the refusal
 *     const char *name = kz_form_text(f, "name");                   // NULL: no such field
 *     const kz_form_file *file = kz_form_the_file(f);               // NULL: none was chosen
 *     kz_form_free(f);
 *
 * application/x-www-form-urlencoded and multipart/form-data, nothing else: text/plain is how another site
 * would forge a body.  Refused with 400: a part without a name, a name twice, a file where none is expected
 * or two of them, parts in parts, a transfer encoding, more than KZ_FORM_FIELDS parts, a header of a part
 * above 4 KiB, no closing boundary, anything behind it, text that is not UTF-8 or has control characters.
 *
 * A file goes to memory that has no name anywhere (memfd_create): it is never on disk, and gone with the last
 * descriptor.  What the browser calls it is only shown, cleaned; nothing is ever named after it.
 *
 * Texts take at most `bytes` altogether, the file `file_bytes`.  O(bytes).  One thread at a time.
 * Source: RFC 7578, RFC 2046 5.1; WHATWG URL, application/x-www-form-urlencoded; TRUST.md 8, row 69.
 */
#ifndef KZ_WEB_FORM_H
#define KZ_WEB_FORM_H

#include "base/view.h"

enum { KZ_FORM_FIELDS = 200, KZ_FORM_NAME = 64, KZ_FORM_FILE_NAME = 160 };

typedef struct kz_form_rule {
    size_t   bytes;      /* all texts together                */
    uint64_t file_bytes; /* 0: no file is expected            */
} kz_form_rule;

typedef struct kz_form_file {
    char     name[KZ_FORM_FILE_NAME]; /* for people only */
    int      fd;                      /* kz_form_take_file() hands it over */
    uint64_t n;
} kz_form_file;

typedef struct kz_form kz_form;

/* 0, 400, 415 (another content type) or 503 (no memory); on failure *ret is NULL. */
KZ_MUST_USE int kz_form_begin(const char *content_type, const kz_form_rule *rule, kz_form **ret);
/* 0, or the refusal, which stays. */
KZ_MUST_USE int kz_form_feed(kz_form *f, const char *p, size_t n);
KZ_MUST_USE int kz_form_end(kz_form *f);
void kz_form_free(kz_form *f); /* and the file, unless it was taken */

const char *kz_form_text(const kz_form *f, const char *name);
/* Fields in order, for those whose names are not known before. */
int kz_form_count(const kz_form *f);
const char *kz_form_nth(const kz_form *f, int i, const char **name);
const kz_form_file *kz_form_the_file(const kz_form *f);
/* The descriptor is the caller's from now on; -1 when there is none. */
int kz_form_take_file(kz_form *f);

#endif
