#include "web/desk_layout.h"

#include <string.h>

#include "base/fmt.h"
#include "web/static.h"

static const char *const NAV[] = { "/intern", "/intern/einlesen", "/intern/verlauf", "/intern/status" };

/* Only what the role may see. */
static void put_nav(kz_request *rq, const char *open)
{
    kz_html(rq->out, "<nav class=\"kk-wrap kk-nav\" aria-label=\"%s\"><ul>", kz_text(rq->lang, "desk.nav"));
    for (size_t i = 0; i < sizeof NAV / sizeof *NAV; i++)
        for (size_t k = 0; k < kz_n_pages; k++) {
            const kz_page *p = &kz_pages[k];
            if (strcmp(p->pattern, NAV[i]) != 0 || !p->title || !kz_may(rq->who->role, p->verb, p->object))
                continue;
            kz_html(rq->out, "<li><a href=\"%s\"", p->pattern);
            if (open && strcmp(open, p->pattern) == 0)
                kz_html(rq->out, " aria-current=\"%s\"", strcmp(rq->path, p->pattern) == 0 ? "page" : "true");
            kz_html(rq->out, ">%s</a></li>", kz_text(rq->lang, p->title));
        }
    kz_html(rq->out, "<li class=\"kk-navend\"><a href=\"/\">%s</a></li></ul></nav>",
            kz_text(rq->lang, "desk.to_public"));
}

static void put_who(kz_request *rq)
{
    kz_html(rq->out, "<div class=\"kk-who\"><span>%s · %s</span>", rq->who->account,
            kz_role_name(rq->who->role));
    kz_desk_form(rq, "/intern/abmelden", false);
    kz_desk_button(rq, "desk.sign_out", KZ_BUTTON_QUIET);
    kz_desk_form_end(rq);
    kz_buf_str(rq->out, "</div>");
}

void kz_desk_open_page(kz_request *rq, const kz_desk_page *p)
{
    char name[256];
    if (kz_setting_get(kz_desk_workspace(rq->desk)->work, "name", name, sizeof name, NULL) != KZ_OK)
        name[0] = '\0';
    kz_html(rq->out,
            "<!doctype html>\n<html lang=\"de\" data-kern-theme=\"light\"><head><meta charset=\"utf-8\">"
            "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><meta name=\"robots\" "
            "content=\"noindex\">\n<title>%s · %s</title>\n",
            p->title, kz_text(rq->lang, "desk.inside"));
    kz_html(rq->out,
            "<link rel=\"icon\" href=\"%s\"><link rel=\"stylesheet\" href=\"%s\"><link rel=\"stylesheet\" "
            "href=\"%s\"><link rel=\"stylesheet\" href=\"%s\">\n</head><body class=\"kk-desk\">\n",
            kz_asset_url("assets/img/favicon.svg"), kz_asset_url("assets/vendor/kern/kern.min.css"),
            kz_asset_url("assets/css/kekiz.css"), kz_asset_url("assets/css/desk.css"));
    kz_html(rq->out, "<a class=\"kk-skip\" href=\"#inhalt\">%s</a>\n", kz_text(rq->lang, "page.skip"));
    kz_html(rq->out,
            "<header class=\"kk-head\"><div class=\"kk-wrap kk-top kk-desktop\"><a class=\"kk-mark\" "
            "href=\"/intern\">%s "
            "<span>· %s</span></a>",
            name[0] ? name : "kekiz", kz_text(rq->lang, "desk.inside"));
    if (rq->who)
        put_who(rq);
    kz_buf_str(rq->out, "</div>");
    if (rq->who)
        put_nav(rq, p->nav);
    kz_buf_str(rq->out, "</header>\n<main id=\"inhalt\" class=\"kk-wrap\">");
    if (p->n_crumbs > 0) {
        kz_html(rq->out, "<p class=\"kk-crumb\"><a href=\"/intern\">%s</a>",
                kz_text(rq->lang, "desk.start.title"));
        for (int i = 0; i < p->n_crumbs; i++) {
            kz_buf_str(rq->out, " › ");
            if (p->crumbs[i].href)
                kz_html(rq->out, "<a href=\"%s\">%s</a>", p->crumbs[i].href, p->crumbs[i].text);
            else
                kz_html(rq->out, "%s", p->crumbs[i].text);
        }
        kz_buf_str(rq->out, "</p>\n");
    }
}

kz_status kz_desk_close_page(kz_request *rq)
{
    kz_html(rq->out,
            "</main>\n<footer class=\"kk-wrap\"><div "
            "class=\"kk-foot\"><p>%s</p></div></footer>\n</body></html>\n",
            kz_text(rq->lang, "desk.foot"));
    return kz_buf_status(rq->out);
}

/* ---- parts --------------------------------------------------------------------------- */

void kz_desk_form(kz_request *rq, const char *action, bool with_file)
{
    kz_html(rq->out, "<form class=\"kk-do\" method=\"post\" action=\"%s\"%s>", action,
            with_file ? " enctype=multipart/form-data" : "");
    if (rq->who)
        kz_html(rq->out, "<input type=\"hidden\" name=\"csrf\" value=\"%s\">", rq->who->csrf);
}

void kz_desk_form_end(kz_request *rq)
{
    kz_buf_str(rq->out, "</form>");
}

void kz_desk_button(kz_request *rq, const char *id, kz_button kind)
{
    static const char *const CLASSES[] = { "kern-btn kern-btn--primary", "kern-btn kern-btn--secondary",
                                           "kk-quietbtn" };
    kz_html(rq->out,
            kind == KZ_BUTTON_QUIET ? "<button class=\"%s\">%s</button>"
                                    : "<button class=\"%s\"><span class=\"kern-label\">%s</span></button>",
            CLASSES[kind], kz_text(rq->lang, id));
}

void kz_desk_input(kz_request *rq, const char *name, const char *label, const char *hint, const char *value,
                   int most)
{
    kz_html(rq->out,
            "<div class=\"kern-form-input kk-field\"><label class=\"kern-label\" for=\"f-%s\">%s</label>",
            name, kz_text(rq->lang, label));
    if (hint)
        kz_html(rq->out, "<p class=\"kk-hint\" id=\"h-%s\">%s</p>", name, kz_text(rq->lang, hint));
    kz_html(rq->out,
            "<input class=\"kern-form-input__input\" type=\"text\" id=\"f-%s\" name=\"%s\" value=\"%s\" "
            "maxlength=\"%d\" autocomplete=\"off\"",
            name, name, value, most);
    if (hint)
        kz_html(rq->out, " aria-describedby=\"h-%s\"", name);
    kz_buf_str(rq->out, "></div>");
}

const char *kz_desk_time(kz_request *rq, const char *iso)
{
    kz_auto(kz_buf) day = kz_buf_init(64);
    if (strlen(iso) < 16)
        return iso;
    kz_fmt_date(&day, rq->lang, kz_words_fmt(rq, "%.10s", iso));
    return kz_words_say(rq, "desk.time", kz_s("day", kz_buf_text(&day)),
                        kz_s("time", kz_words_fmt(rq, "%.5s", iso + 11)));
}

const char *kz_desk_bytes(kz_request *rq, uint64_t n)
{
    static const char *const UNITS[] = { "Byte", "kB", "MB", "GB", "TB" };
    double x = (double)n;
    size_t unit = 0;
    for (; x >= 1000 && unit < sizeof UNITS / sizeof *UNITS - 1; unit++)
        x /= 1000;
    return kz_words_fmt(rq, "%s\u00a0%s", kz_words_dec(rq, x, unit == 0 || x >= 100 ? 0 : 1), UNITS[unit]);
}

const char *kz_desk_err(kz_request *rq, const kz_err *err)
{
    kz_auto(kz_buf) said = kz_buf_init(8192);
    if (!err->id)
        return "";
    kz_err_say(&said, rq->lang, err);
    const char *text = kz_arena_strdup(rq->arena, kz_buf_text(&said));
    return text ? text : "";
}

void kz_desk_message(kz_request *rq, bool wrong, const char *text)
{
    kz_html(rq->out, "<div class=\"kk-message%s\" role=\"%s\"><p>%s</p></div>\n", wrong ? " kk-wrong" : "",
            wrong ? "alert" : "status", text);
}

kz_status kz_desk_delivery(kz_request *rq, kz_delivery **ret)
{
    const char *id = kz_path_param(rq, "run");
    *ret = kz_delivery_find(kz_desk_deliveries(rq->desk), rq->who->account, id ? id : "", kz_time_now());
    return *ret ? KZ_OK : kz_fail(&rq->err, KZ_E_MISSING, "desk.run_gone");
}

const char *kz_desk_run_path(kz_request *rq, const kz_delivery *d, const char *rest)
{
    return kz_words_fmt(rq, "/intern/einlesen/lauf/%s%s", d->id, rest);
}
