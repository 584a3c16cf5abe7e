/* Pages for machines: health, robots.txt, sitemap.xml, the icon. */
#include <string.h>

#include "base/asset.h"
#include "web/pages.h"

kz_status kz_page_health(kz_request *rq)
{
    rq->content_type = "application/json";
    kz_buf_fmt(rq->out, "{\"status\":\"ok\",\"version\":\"%s\",\"published\":%s}\n", KZ_VERSION,
               rq->atlas ? "true" : "false");
    return KZ_OK;
}

kz_status kz_page_robots(kz_request *rq)
{
    rq->content_type = "text/plain; charset=utf-8";
    kz_buf_str(rq->out, "User-agent: *\nAllow: /\n");
    if (rq->base_url)
        kz_buf_fmt(rq->out, "Sitemap: %s/sitemap.xml\n", rq->base_url);
    return KZ_OK;
}

kz_status kz_page_favicon(kz_request *rq)
{
    const kz_asset *icon = kz_asset_find("assets/img/favicon.svg");
    KZ_ASSERT(icon);
    rq->content_type = "image/svg+xml";
    kz_buf_add(rq->out, (const char *)icon->bytes, icon->n);
    return KZ_OK;
}

static const char PARAM_CHARS[] = "abcdefghijklmnopqrstuvwxyz_";

/* The pattern with ":name" replaced. */
static void visit_with(const char *pattern, const char *value, void (*visit)(void *, const char *), void *ctx)
{
    kz_auto(kz_buf) path = kz_buf_init(1000);
    const char *colon = strchr(pattern, ':');
    kz_buf_add(&path, pattern, (size_t)(colon - pattern));
    kz_buf_url(&path, value);
    kz_buf_str(&path, colon + 1 + strspn(colon + 1, PARAM_CHARS));
    if (kz_buf_status(&path) == KZ_OK)
        visit(ctx, kz_buf_text(&path));
}

static bool has_only_param(const char *pattern, const char *name)
{
    const char *colon = strchr(pattern, ':');
    return colon && strspn(colon + 1, PARAM_CHARS) == strlen(name) &&
           strncmp(colon + 1, name, strlen(name)) == 0 && !strchr(colon + 1, ':');
}

void kz_pages_each(const kz_atlas *atlas, bool for_people, void (*visit)(void *ctx, const char *path), void *ctx)
{
    for (size_t i = 0; i < kz_n_pages; i++) {
        const kz_page *p = &kz_pages[i];
        if (strcmp(p->method, "GET") != 0 || p->object != KZ_OBJECT_PUBLIC || (for_people && !p->title) ||
            (!atlas && !p->without_atlas))
            continue;
        if (!strchr(p->pattern, ':'))
            visit(ctx, p->pattern);
        else if (atlas && has_only_param(p->pattern, "area"))
            for (int k = 0; k < atlas->n_areas; k++)
                visit_with(p->pattern, atlas->areas[k].slug, visit, ctx);
        else if (atlas && has_only_param(p->pattern, "indicator"))
            for (int k = 0; k < atlas->n_indicators; k++)
                visit_with(p->pattern, atlas->indicators[k].id, visit, ctx);
        else if (p->example)
            visit(ctx, p->example);
    }
}

static void say_url(void *ctx, const char *path)
{
    kz_request *rq = ctx;
    kz_html(rq->out, "<url><loc>%s%s</loc></url>\n", rq->base_url ? rq->base_url : "", path);
}

kz_status kz_page_sitemap(kz_request *rq)
{
    rq->content_type = "application/xml";
    kz_buf_str(rq->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                        "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    kz_pages_each(rq->atlas, true, say_url, rq);
    kz_buf_str(rq->out, "</urlset>\n");
    return KZ_OK;
}
