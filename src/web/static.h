/*
 * static.h - style, script, fonts and pictures: built in, packed, kept for ever.
 *
 *     kz_html(out, "<link rel=\"stylesheet\" href=\"%s\">", kz_asset_url("assets/css/kekiz.css"));
 *
 * All files share one digest in their address, /s/<digest>/css/kekiz.css, so a
 * style sheet names its fonts by a relative path and every address changes
 * together with any of the files.  An address with an old digest is answered
 * with today's file, but may not be kept.
 */
#ifndef KZ_WEB_STATIC_H
#define KZ_WEB_STATIC_H

#include "web/respond.h"

/* The address of an asset by its path in the source tree.  A path that is not
 * there is a programming error. */
const char *kz_asset_url(const char *path);

/* Is this the path of a static file (it begins with /s/)? */
bool kz_static_is(const char *path);
/* The answer's code: 200, 304, 404 or 405. */
int kz_static_answer(const kz_ask *ask, const char *path, kz_answer *ret);

/* "text/css; charset=utf-8" for "x.css"; NULL for an ending that is not served. */
const char *kz_content_type(const char *path);

#endif
