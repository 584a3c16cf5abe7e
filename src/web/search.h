/* search.h - texts as people type them: lower case, umlauts written either way. */
#ifndef KZ_WEB_SEARCH_H
#define KZ_WEB_SEARCH_H

#include "web/http.h"

/* "Köln", "KOELN" and "koeln" are one key.  In the request's arena; "" when that is full. */
const char *kz_search_key(kz_request *rq, const char *text);

#endif
