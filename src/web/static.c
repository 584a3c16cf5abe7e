#include "web/static.h"

#include <stdio.h>
#include <string.h>

#include "base/asset.h"
#include "web/router.h"

static const char FOR_EVER[] = "public, max-age=31536000, immutable";

const char *kz_asset_url(const char *path)
{
    const kz_asset *a = kz_asset_find(path);
    KZ_ASSERT(a && a->url);
    return a->url;
}

bool kz_static_is(const char *path)
{
    return strncmp(path, "/s/", 3) == 0;
}

const char *kz_content_type(const char *path)
{
    static const struct {
        const char *ending, *type;
    } TYPES[] = {
        { ".css", "text/css; charset=utf-8" },  { ".js", "text/javascript; charset=utf-8" },
        { ".mjs", "text/javascript; charset=utf-8" }, { ".svg", "image/svg+xml" },
        { ".png", "image/png" },                { ".woff2", "font/woff2" },
        { ".webmanifest", "application/manifest+json" },
    };
    const char *dot = strrchr(path, '.');
    for (size_t i = 0; dot && i < sizeof TYPES / sizeof TYPES[0]; i++)
        if (strcmp(TYPES[i].ending, dot) == 0)
            return TYPES[i].type;
    return NULL;
}

/* The asset at /s/<16 hex digits>/<name>; the digest may be an old one. */
static const kz_asset *find(const char *path, bool *current)
{
    enum { DIGITS = 16 };
    char name[256];
    const char *digest = path + 3;
    if (strspn(digest, "0123456789abcdef") != DIGITS || digest[DIGITS] != '/')
        return NULL;
    int n = snprintf(name, sizeof name, "assets%s", digest + DIGITS);
    if (n < 0 || (size_t)n >= sizeof name)
        return NULL;
    *current = strncmp(digest, kz_assets_digest, DIGITS) == 0;
    const kz_asset *a = kz_asset_find(name);
    return a && a->url && kz_content_type(a->path) ? a : NULL;
}

int kz_static_answer(const kz_ask *ask, const char *path, kz_answer *ret)
{
    bool current = false;
    const kz_asset *a = find(path, &current);
    if (!a)
        return 404;
    if (strcmp(ask->method, "GET") != 0 && strcmp(ask->method, "HEAD") != 0)
        return 405;
    bool packed = a->gz && kz_accepts(kz_header(ask->fields, ask->n_fields, "Accept-Encoding"), "gzip");
    snprintf(ret->etag, sizeof ret->etag, "\"%s%s\"", a->digest, packed ? "-gz" : "");
    kz_answer_field(ret, "ETag", ret->etag);
    kz_answer_field(ret, "Cache-Control", current ? FOR_EVER : "no-cache");
    if (a->gz)
        kz_answer_field(ret, "Vary", "Accept-Encoding");
    if (kz_etag_matches(kz_header(ask->fields, ask->n_fields, "If-None-Match"), ret->etag))
        return 304;
    kz_answer_field(ret, "Content-Type", kz_content_type(a->path));
    if (packed)
        kz_answer_field(ret, "Content-Encoding", "gzip");
    ret->body = (const char *)(packed ? a->gz : a->bytes);
    ret->n_body = packed ? a->n_gz : a->n;
    ret->constant = true;
    return 200;
}
