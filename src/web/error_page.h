/*
 * error_page.h - the plain page for every code that is not a success.
 *
 *     kz_error_page(out, KZ_LANG_DE, 404, atlas, &rq->err);
 *
 * It says what happened and what to do, in the texts web.<code>.* of the
 * catalogue; `err` (may be NULL) replaces the first when it speaks of what the
 * visitor asked for, never when it speaks of our disk.  It needs no atlas.
 */
#ifndef KZ_WEB_ERROR_PAGE_H
#define KZ_WEB_ERROR_PAGE_H

#include "monitor/atlas.h"
#include "base/text.h"

/* Not a code of HTTP: the page that stands in for the start page as long as
 * nothing is published. */
enum { KZ_PAGE_EMPTY = 1 };

/* Ids of the texts: title, what happened, what to do. */
void kz_error_words(int code, const char **title, const char **what, const char **remedy);

void kz_error_page(kz_buf *out, kz_lang lang, int code, const kz_atlas *atlas, const kz_err *err);

#endif
