#include "web/respond.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "web/desk.h"
#include "web/error_page.h"
#include "web/router.h"
#include "web/static.h"

static const kz_param SECURITY[] = {
    { "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
      "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'" },
    { "X-Content-Type-Options", "nosniff" },
    { "Referrer-Policy", "no-referrer" },
    { "Cross-Origin-Opener-Policy", "same-origin" },
    { "Cross-Origin-Resource-Policy", "same-origin" },
};

void kz_answer_field(kz_answer *a, const char *name, const char *value)
{
    KZ_ASSERT(a->n_fields < KZ_ANSWER_FIELDS);
    a->fields[a->n_fields++] = (kz_param){ name, value };
}

void kz_answer_begin(const kz_web *web, kz_answer *a)
{
    *a = (kz_answer){ .body = "" };
    for (size_t i = 0; i < sizeof SECURITY / sizeof SECURITY[0]; i++)
        kz_answer_field(a, SECURITY[i].name, SECURITY[i].value);
    if (web->hsts)
        kz_answer_field(a, "Strict-Transport-Security", "max-age=31536000; includeSubDomains");
}

bool kz_accepts(const char *accept, const char *coding)
{
    int any = -1;
    for (const char *p = accept; p && *p;) {
        size_t part = strcspn(p, ","), lead = strspn(p, " \t");
        size_t name = lead < part ? strcspn(p + lead, " \t;,") : 0;
        const char *semi = memchr(p, ';', part);
        bool refused = false;
        if (semi) {
            const char *q = semi + 1 + strspn(semi + 1, " \t");
            refused = (q[0] == 'q' || q[0] == 'Q') && q[1] == '=' && q[2] == '0' &&
                      strspn(q + 2, "0.") == strcspn(q + 2, " \t,;");
        }
        if (name == strlen(coding) && strncasecmp(p + lead, coding, name) == 0)
            return !refused;
        if (name == 1 && p[lead] == '*')
            any = !refused;
        p += part + (p[part] == ',');
    }
    return any == 1;
}

bool kz_etag_matches(const char *sent, const char *etag)
{
    size_t n = strlen(etag);
    for (const char *p = sent; p && *p;) {
        p += strspn(p, " \t,");
        if (p[0] == '*')
            return true;
        if (p[0] == 'W' && p[1] == '/')
            p += 2;
        if (strncmp(p, etag, n) == 0 && (p[n] == '\0' || strchr(" \t,", p[n])))
            return true;
        p += strcspn(p, ",");
    }
    return false;
}

void kz_answer_refuse(const kz_web *web, const kz_atlas *atlas, int code, const kz_err *why, kz_buf *out,
                      kz_answer *ret)
{
    kz_err err = why ? *why : (kz_err){ 0 };
    kz_answer_begin(web, ret);
    ret->code = code;
    ret->err = err;
    kz_answer_field(ret, "Content-Type", "text/html; charset=utf-8");
    kz_answer_field(ret, "Cache-Control", "no-store");
    if (code == 503)
        kz_answer_field(ret, "Retry-After", "5");
    kz_buf_clear(out);
    kz_error_page(out, KZ_LANG_DE, code, atlas, err.id ? &err : NULL);
    ret->body = kz_buf_text(out);
    ret->n_body = out->n;
    /* After these nobody knows where the next request begins. */
    ret->close = code == 400 || code == 413 || code == 414 || code == 417 || code == 431 || code == 501 || code == 503;
}

void kz_web_refuse(const kz_web *web, int code, kz_buf *out, kz_answer *ret)
{
    kz_answer_refuse(web, NULL, code, NULL, out, ret);
}

/* attachment; filename="plain.csv"; filename*=UTF-8''…  (RFC 6266) */
void kz_answer_download(const char *name, kz_answer *ret)
{
    kz_auto(kz_buf) b = kz_buf_init(sizeof ret->disposition - 1);
    kz_buf_str(&b, "attachment; filename=\"");
    for (const char *p = name; *p; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
                     *p == '-' || *p == '.';
        kz_buf_char(&b, plain ? *p : '_');
    }
    kz_buf_str(&b, "\"; filename*=UTF-8''");
    kz_buf_url(&b, name);
    bool ok = kz_buf_status(&b) == KZ_OK;
    snprintf(ret->disposition, sizeof ret->disposition, "%s", ok ? kz_buf_text(&b) : "attachment");
    kz_answer_field(ret, "Content-Disposition", ret->disposition);
}

static void tag_body(const char *p, size_t n, bool packed, char etag[48])
{
    unsigned char hash[crypto_generichash_BYTES_MIN];
    char digits[2 * sizeof hash + 1];
    crypto_generichash(hash, sizeof hash, (const unsigned char *)p, n, NULL, 0);
    sodium_bin2hex(digits, sizeof digits, hash, sizeof hash);
    snprintf(etag, 48, "\"%s%s\"", digits, packed ? "-gz" : "");
}

/* The fields that every page has, and the page unless the visitor has it already. */
static void finish_head(const kz_ask *ask, const kz_page *page, const kz_cached *what, bool packed, kz_answer *ret)
{
    ret->code = 200;
    ret->body = "";
    kz_answer_field(ret, "ETag", what->etag);
    kz_answer_field(ret, "Vary", "Accept-Encoding");
    if (page->cache_s > 0 && page->object == KZ_OBJECT_PUBLIC)
        snprintf(ret->cache, sizeof ret->cache, "public, max-age=%d", page->cache_s);
    else
        snprintf(ret->cache, sizeof ret->cache, "no-store");
    kz_answer_field(ret, "Cache-Control", ret->cache);
    if (kz_etag_matches(kz_header(ask->fields, ask->n_fields, "If-None-Match"), what->etag)) {
        ret->code = 304;
        return;
    }
    kz_answer_field(ret, "Content-Type", what->content_type);
    if (what->download)
        kz_answer_download(what->download, ret);
    if (packed)
        kz_answer_field(ret, "Content-Encoding", "gzip");
    ret->body = what->body;
    ret->n_body = what->n_body;
}

/* The same page for everybody, as long as the atlas is the same? */
static bool may_be_kept(const kz_page *page, const kz_target *t)
{
    return page->cache_s > 0 && page->object == KZ_OBJECT_PUBLIC && !strchr(t->raw, '?');
}

static bool takes_gzip(const kz_ask *ask)
{
    return kz_accepts(kz_header(ask->fields, ask->n_fields, "Accept-Encoding"), "gzip");
}

/* What a handler wrote becomes the answer. */
static void finish(const kz_web *web, const kz_ask *ask, const kz_target *t, kz_request *rq, kz_answer *ret)
{
    enum { WORTH_PACKING = 1000 };
    kz_cached page = {
        .content_type = rq->content_type ? rq->content_type : "text/html; charset=utf-8",
        .download = rq->download,
        .body = kz_buf_text(rq->out),
        .n_body = rq->out->n,
    };
    size_t n_packed;
    const char *gz = page.n_body >= WORTH_PACKING && takes_gzip(ask)
                         ? kz_gzip(rq->arena, page.body, page.n_body, &n_packed)
                         : NULL;
    tag_body(page.body, page.n_body, gz != NULL, ret->etag);
    page.etag = ret->etag;
    if (gz) {
        page.body = gz;
        page.n_body = n_packed;
        if (may_be_kept(rq->page, t))
            kz_cache_put(web->cache, t->path, &page);
    }
    finish_head(ask, rq->page, &page, gz != NULL, ret);
}

static void run_page(const kz_web *web, const kz_atlas *atlas, const kz_ask *ask, const kz_route *route,
                     const kz_target *t, kz_arena *arena, kz_buf *out, kz_answer *ret)
{
    const kz_page *page = route->page;
    if (page->object != KZ_OBJECT_PUBLIC) { /* only kz_desk_answer() leads there */
        kz_answer_refuse(web, atlas, 404, NULL, out, ret);
        return;
    }
    if (!atlas && !page->without_atlas) {
        kz_answer_refuse(web, NULL, strcmp(t->path, "/") == 0 ? KZ_PAGE_EMPTY : 404, NULL, out, ret);
        if (ret->code == KZ_PAGE_EMPTY)
            ret->code = 200;
        return;
    }
    const kz_cached *kept = may_be_kept(page, t) && takes_gzip(ask) ? kz_cache_find(web->cache, t->path) : NULL;
    if (kept) {
        kz_answer_begin(web, ret);
        finish_head(ask, page, kept, true, ret);
        return;
    }
    kz_request rq = {
        .method = ask->method, .path = t->path, .url = t->raw, .page = page,
        .n_path = route->n_path_params, .n_query = t->n_query,
        .path_params = route->path_params, .query = t->query,
        .lang = KZ_LANG_DE, .atlas = atlas, .base_url = web->base_url, .arena = arena, .out = out,
    };
    kz_status st = page->run(&rq);
    if (st == KZ_OK && kz_buf_status(out) != KZ_OK)
        st = kz_fail(&rq.err, KZ_E_IO, "web.too_big");
    if (st != KZ_OK) {
        kz_answer_refuse(web, atlas, kz_status_http(st), &rq.err, out, ret);
        return;
    }
    kz_answer_begin(web, ret);
    if (rq.redirect) {
        KZ_ASSERT(rq.redirect[0] == '/' && rq.redirect[1] != '/' && rq.redirect[1] != '\\');
        ret->code = 303;
        kz_answer_field(ret, "Location", rq.redirect);
        kz_answer_field(ret, "Cache-Control", "no-store");
        return;
    }
    finish(web, ask, t, &rq, ret);
}

int kz_web_admit(const kz_web *web, const kz_ask *ask, kz_form **ret)
{
    kz_target t;
    kz_route route = { 0 };
    kz_arena arena;
    *ret = NULL;
    kz_arena_init(&arena, 256 * 1024);
    int code = kz_target_parse(ask->target, &arena, &t);
    if (code == 0 && !(web->desk && kz_desk_owns(t.path)))
        code = 413; /* nothing public takes a body */
    if (code == 0) {
        int found = kz_route_find(web->pages, web->n_pages, ask->method, &t, &arena, &route);
        code = kz_desk_admit(web->desk, ask, found == 200 ? route.page : NULL, ret);
    }
    kz_arena_done(&arena);
    return code;
}

void kz_web_answer(const kz_web *web, const kz_atlas *atlas, const kz_ask *ask, kz_arena *arena, kz_buf *out,
                   kz_answer *ret)
{
    kz_target t;
    kz_route route = { 0 };
    int code = kz_headers_check(ask->method, ask->fields, ask->n_fields);
    if (code == 0)
        code = kz_target_parse(ask->target, arena, &t);
    if (code != 0) {
        kz_answer_refuse(web, atlas, code, NULL, out, ret);
        return;
    }
    if (kz_static_is(t.path)) {
        kz_answer_begin(web, ret);
        ret->code = kz_static_answer(ask, t.path, ret);
        if (ret->code == 200 || ret->code == 304)
            return;
        route.allow = "GET, HEAD";
        code = ret->code;
    } else if (kz_desk_owns(t.path)) {
        if (web->desk) {
            kz_desk_answer(web, atlas, ask, &t, arena, out, ret);
            return;
        }
        code = 404;
    } else {
        code = kz_route_find(web->pages, web->n_pages, ask->method, &t, arena, &route);
    }
    if (code == 200) {
        kz_buf_clear(out);
        run_page(web, atlas, ask, &route, &t, arena, out, ret);
        return;
    }
    kz_answer_refuse(web, atlas, code, NULL, out, ret);
    if (code == 405)
        kz_answer_field(ret, "Allow", route.allow);
    if (code == 308)
        kz_answer_field(ret, "Location", route.location);
}
