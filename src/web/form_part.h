/*
 * form_part.h - the small languages in a form: content types, heads of parts, percent signs, file names.
 *
 * Only for form.c and its tests.  No state, no memory, O(n).
 *
 *     kz_part_head h;
 *     if (kz_part_read_head("Content-Disposition: form-data; name=\"datei\"; filename=\"a.csv\"", n, &h))
 *         use(h.name, h.has_file, h.file_name);
 *
 * Strict: what a browser would not send is false.
 */
#ifndef KZ_WEB_FORM_PART_H
#define KZ_WEB_FORM_PART_H

#include "web/form.h"

typedef struct kz_part_head {
    char name[KZ_FORM_NAME + 1];
    bool has_file;
    char file_name[1024]; /* as sent, decoded */
} kz_part_head;

/* 0, 400 or 415; boundary has room for `room` bytes. */
int kz_part_content_type(const char *value, bool *multipart, char *boundary, size_t room);
bool kz_part_read_head(const char *p, size_t n, kz_part_head *ret);
/* Percent-decoding, + is a blank; false: a broken sequence, or no room. */
bool kz_part_url_decode(const char *p, size_t n, char *out, size_t room, size_t *n_out);
/* For people: the last part of the path, clean, cut at a character; "?" when nothing is left. */
void kz_part_file_name(const char *sent, char *out, size_t room);

#endif
