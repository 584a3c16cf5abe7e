#include "web/layout.h"

#include "geo/chart_map.h"
#include "web/life.h"
#include "web/static.h"
#include "web/words.h"

#include <string.h>

/* The menu: those of the table of pages that lead on. */
static const char *const NAV[] = { "/", "/thema", "/lebenslauf", "/gebiet", "/daten" };

void kz_put(kz_request *rq, const char *id)
{
    kz_html(rq->out, "%s", kz_text(rq->lang, id));
}

void kz_link(kz_request *rq, const char *prefix, const char *segment, const char *text)
{
    kz_html(rq->out, "<a href=\"%s", prefix);
    kz_buf_url(rq->out, segment);
    kz_html(rq->out, "\">%s</a>", text);
}

static void put_nav(kz_request *rq, const char *open)
{
    kz_html(rq->out, "<nav class=\"kk-wrap kk-nav\" aria-label=\"%s\"><ul>", kz_text(rq->lang, "page.nav"));
    for (size_t i = 0; i < sizeof NAV / sizeof *NAV; i++)
        for (size_t k = 0; k < kz_n_pages; k++) {
            const kz_page *p = &kz_pages[k];
            if (strcmp(p->pattern, NAV[i]) != 0 || !p->title ||
                (strcmp(p->pattern, "/lebenslauf") == 0 && !kz_life_has(rq->atlas)))
                continue;
            bool is_open = open && strcmp(open, p->pattern) == 0;
            kz_html(rq->out, "<li><a href=\"%s\"", p->pattern);
            if (is_open)
                kz_html(rq->out, " aria-current=\"%s\"", strcmp(rq->path, p->pattern) == 0 ? "page" : "true");
            kz_html(rq->out, ">%s</a></li>", kz_text(rq->lang, p->title));
        }
    kz_buf_str(rq->out, "</ul></nav>");
}

void kz_layout_open(kz_request *rq, const kz_layout *l)
{
    static const char *const PATTERNS =
        "<svg class=\"kk-defs\" width=\"0\" height=\"0\" aria-hidden=\"true\" focusable=\"false\"><defs>"
        "<pattern id=\"h-hell\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" "
        "patternTransform=\"rotate(45)\">"
        "<path class=\"kk-h1p\" d=\"M0 0V7\"/></pattern>"
        "<pattern id=\"h-dunkel\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" "
        "patternTransform=\"rotate(45)\">"
        "<path class=\"kk-h2p\" d=\"M0 0V7\"/></pattern>"
        "<pattern id=\"punkte\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
        "<rect class=\"kk-hidbg\" width=\"6\" height=\"6\"/><circle class=\"kk-hiddot\" cx=\"1.5\" "
        "cy=\"1.5\" r=\"1\"/>"
        "<circle class=\"kk-hiddot\" cx=\"4.5\" cy=\"4.5\" r=\"1\"/></pattern></defs></svg>\n";
    const kz_atlas *a = rq->atlas;

    kz_html(
        rq->out,
        "<!doctype html>\n<html lang=\"de\" data-kern-theme=\"light\"><head><meta charset=\"utf-8\">"
        "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>%s · %s</title>\n",
        l->title, a->name);
    kz_html(rq->out,
            "<link rel=\"icon\" href=\"%s\"><link rel=\"stylesheet\" href=\"%s\"><link rel=\"stylesheet\" "
            "href=\"%s\">"
            "<script type=\"module\" src=\"%s\"></script>\n</head><body>\n",
            kz_asset_url("assets/img/favicon.svg"), kz_asset_url("assets/vendor/kern/kern.min.css"),
            kz_asset_url("assets/css/kekiz.css"), kz_asset_url("assets/js/kekiz.js"));
    kz_html(rq->out, "<a class=\"kk-skip\" href=\"#inhalt\">%s</a>\n", kz_text(rq->lang, "page.skip"));
    kz_html(rq->out,
            "<header class=\"kk-head\"><div class=\"kk-wrap kk-top\"><a class=\"kk-mark\" href=\"/\">%s "
            "<span>· %s</span></a></div>",
            a->name, kz_text(rq->lang, "page.programme"));
    put_nav(rq, l->nav);
    kz_buf_str(rq->out, "</header>\n");
    if (a->fictional) {
        kz_html(rq->out, "<aside class=\"kk-banner\" aria-label=\"%s\"><div class=\"kk-wrap\">",
                kz_text(rq->lang, "page.fictional.label"));
        kz_say_html(rq->out, rq->lang, "page.fictional", kz_s("name", a->name));
        kz_buf_str(rq->out, "</div></aside>\n");
    }
    kz_buf_str(rq->out, PATTERNS);
    if (l->map)
        kz_chart_map_shapes(rq->out, l->map, KZ_MAP_SHAPES);
    kz_buf_str(rq->out, "<main id=\"inhalt\" class=\"kk-wrap\">");
    if (l->n_crumbs > 0) {
        kz_html(rq->out, "<p class=\"kk-crumb\"><a href=\"/\">%s</a>", kz_text(rq->lang, "page.start.title"));
        for (int i = 0; i < l->n_crumbs; i++) {
            kz_buf_str(rq->out, " › ");
            if (l->crumbs[i].href)
                kz_html(rq->out, "<a href=\"%s\">%s</a>", l->crumbs[i].href, l->crumbs[i].text);
            else
                kz_html(rq->out, "%s", l->crumbs[i].text);
        }
        kz_buf_str(rq->out, "</p>\n");
    }
}

void kz_layout_search(kz_request *rq)
{
    kz_html(rq->out,
            "<form class=\"kk-search\" role=\"search\" action=\"/suche\" method=\"get\"><div "
            "class=\"kern-form-input kk-in\">"
            "<label class=\"kern-label\" for=\"q\">%s</label><input class=\"kern-form-input__input\" "
            "type=\"search\" id=\"q\" name=\"q\" "
            "autocomplete=\"off\" maxlength=\"100\"></div><button class=\"kern-btn kern-btn--primary\"><span "
            "class=\"kern-label\">%s</span></button></form>",
            kz_text(rq->lang, "page.search.label"), kz_text(rq->lang, "page.search.button"));
}

enum { MOST_SOURCES = 4 };

static bool is_new_source(const kz_atlas *a, int i)
{
    for (int k = 0; k < i; k++)
        if (strcmp(a->indicators[k].source, a->indicators[i].source) == 0)
            return false;
    return true;
}

/* Without a text of credits the sources of the indicators, each once. */
static void put_credits(kz_request *rq)
{
    const kz_atlas *a = rq->atlas;
    kz_html(rq->out, "<p>%s ", kz_text(rq->lang, "page.credits"));
    if (a->credits && *a->credits) {
        kz_html(rq->out, "%s</p>", a->credits);
        return;
    }
    int n = 0;
    for (int i = 0; i < a->n_indicators; i++)
        n += is_new_source(a, i);
    if (n > MOST_SOURCES) {
        kz_html(rq->out, "%s <a href=\"/thema\">%s</a>.</p>", kz_text(rq->lang, "page.credits_many"),
                kz_text(rq->lang, "page.credits_sheet"));
        return;
    }
    for (int i = 0; i < a->n_indicators; i++)
        if (is_new_source(a, i))
            kz_html(rq->out, "%s. ", a->indicators[i].source);
    kz_buf_str(rq->out, "</p>");
}

kz_status kz_layout_close(kz_request *rq, const char *as_of)
{
    kz_buf_str(rq->out, "</main>\n<footer class=\"kk-wrap\"><div class=\"kk-foot\"><p class=\"kk-print\">");
    kz_html(rq->out, "%s%s<br>", rq->base_url ? rq->base_url : "", rq->url);
    if (as_of)
        kz_say_html(rq->out, rq->lang, "page.as_of", kz_s("day", as_of));
    kz_buf_str(rq->out, "</p>");
    put_credits(rq);
    kz_html(
        rq->out,
        "<p class=\"kk-footlinks\"><a href=\"/impressum\">%s</a> · <a href=\"/barrierefreiheit\">%s</a> · "
        "<a href=\"/datenschutz\">%s</a> · <a href=\"/daten\">%s</a></p></div></footer>\n</body></html>\n",
        kz_text(rq->lang, "page.imprint.title"), kz_text(rq->lang, "page.access.title"),
        kz_text(rq->lang, "page.privacy.title"), kz_text(rq->lang, "page.all_data"));
    return kz_buf_status(rq->out);
}
