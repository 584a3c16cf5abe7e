#include "web/error_page.h"

#include "web/static.h"

typedef struct words {
    int code;
    const char *title, *what, *remedy;
} words;

static const words WORDS[] = {
    { KZ_PAGE_EMPTY, "web.empty.title", "web.empty.what", "web.empty.do" },
    { 308, "web.308.title", "web.308.what", "web.308.do" },
    { 400, "web.400.title", "web.400.what", "web.400.do" },
    { 401, "web.401.title", "web.401.what", "web.401.do" },
    { 403, "web.403.title", "web.403.what", "web.403.do" },
    { 404, "web.404.title", "web.404.what", "web.404.do" },
    { 405, "web.405.title", "web.405.what", "web.405.do" },
    { 409, "web.409.title", "web.409.what", "web.409.do" },
    { 413, "web.413.title", "web.413.what", "web.413.do" },
    { 415, "web.415.title", "web.415.what", "web.415.do" },
    { 414, "web.414.title", "web.414.what", "web.414.do" },
    { 417, "web.417.title", "web.417.what", "web.417.do" },
    { 422, "web.422.title", "web.422.what", "web.422.do" },
    { 431, "web.431.title", "web.431.what", "web.431.do" },
    { 501, "web.501.title", "web.501.what", "web.501.do" },
    { 505, "web.505.title", "web.505.what", "web.505.do" },
    { 503, "web.503.title", "web.503.what", "web.503.do" },
    { 500, "web.500.title", "web.500.what", "web.500.do" }, /* last: for every other code */
};

static const words *words_for(int code)
{
    size_t i = 0, n = sizeof WORDS / sizeof WORDS[0];
    while (i < n - 1 && WORDS[i].code != code)
        i++;
    return &WORDS[i];
}

void kz_error_words(int code, const char **title, const char **what, const char **remedy)
{
    const words *w = words_for(code);
    *title = w->title;
    *what = w->what;
    *remedy = w->remedy;
}

void kz_error_page(kz_buf *out, kz_lang lang, int code, const kz_atlas *atlas, const kz_err *err)
{
    const words *w = words_for(code);
    kz_html(out, "<!DOCTYPE html>\n<html lang=\"de\">\n<head>\n<meta charset=\"utf-8\">\n"
                 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                 "<meta name=\"robots\" content=\"noindex\">\n<title>%s", kz_text(lang, w->title));
    if (atlas)
        kz_html(out, " – %s", atlas->name);
    kz_html(out, "</title>\n<link rel=\"icon\" href=\"%s\">\n<link rel=\"stylesheet\" href=\"%s\">\n</head>\n"
                 "<body class=\"plain\">\n<header class=\"plain-head\"><a href=\"/\">%s</a></header>\n"
                 "<main class=\"plain-main\">\n",
            kz_asset_url("assets/img/favicon.svg"), kz_asset_url("assets/css/plain.css"),
            atlas ? atlas->name : "kekiz");
    if (code >= 400) {
        kz_html(out, "<p class=\"plain-code\">");
        kz_say_html(out, lang, "web.code", kz_n("code", code));
        kz_html(out, "</p>\n");
    }
    kz_html(out, "<h1>%s</h1>\n<p>", kz_text(lang, w->title));
    bool own_words = err && (code == 400 || code == 404 || code == 409 || code == 413 || code == 422);
    if (own_words) {
        kz_auto(kz_buf) said = kz_buf_init(4096);
        kz_err_say(&said, lang, err);
        kz_html(out, "%s", kz_buf_text(&said));
    } else {
        kz_say_html(out, lang, w->what);
    }
    kz_html(out, "</p>\n<p>");
    kz_say_html(out, lang, w->remedy);
    kz_html(out, "</p>\n");
    if (code >= 300)
        kz_html(out, "<p><a href=\"/\">%s</a></p>\n", kz_text(lang, "web.to_start"));
    kz_html(out, "</main>\n</body>\n</html>\n");
}
