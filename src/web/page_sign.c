/* page_sign.c - coming in by a link, and going out. */
#include "web/pages.h"

#include "web/desk_layout.h"

/* The page for guests, wherever they knocked; also the answer to a link that is none. */
static kz_status put_page(kz_request *rq, const char *link, const char *wrong)
{
    const char *title = kz_text(rq->lang, "desk.sign_in.title");
    bool out = kz_query_param(rq, "abgemeldet") != NULL;
    kz_desk_open_page(rq, &(kz_desk_page){ .title = title });
    kz_html(rq->out, "<h1 class=\"kk-h1\">%s</h1>", title);
    if (wrong)
        kz_desk_message(rq, true, wrong);
    else if (out)
        kz_desk_message(rq, false, kz_text(rq->lang, "desk.sign_in.out"));
    kz_html(rq->out, "<p class=\"kk-lead\">%s</p>",
            kz_text(rq->lang, link ? "desk.sign_in.ready" : "desk.sign_in.lead"));
    kz_desk_form(rq, "/intern/anmelden", false);
    if (link)
        kz_html(rq->out, "<input type=\"hidden\" name=\"schluessel\" value=\"%s\">", link);
    else
        kz_desk_input(rq, "schluessel", "desk.sign_in.key", "desk.sign_in.key_hint", "", 60);
    kz_desk_button(rq, "desk.sign_in.button", KZ_BUTTON_MAIN);
    kz_desk_form_end(rq);
    kz_html(rq->out, "<section class=\"kk-sec kk-prose\"><h2 class=\"kk-h3\">%s</h2><p>%s</p><pre class=\"kk-code\">"
                     "kekiz user link NAME</pre><p class=\"kk-note\">%s</p></section>",
            kz_text(rq->lang, "desk.sign_in.how"), kz_text(rq->lang, "desk.sign_in.how_text"),
            kz_text(rq->lang, "desk.sign_in.limits"));
    return kz_desk_close_page(rq);
}

kz_status kz_page_sign_in(kz_request *rq)
{
    const char *link = kz_query_param(rq, "schluessel");
    return put_page(rq, link && kz_token_ok(link) ? link : NULL, NULL);
}

kz_status kz_page_sign_in_post(kz_request *rq)
{
    const char *link = kz_form_text(rq->form, "schluessel");
    kz_view v = kz_view_trim(kz_view_of(link ? link : ""));
    const char *token = kz_arena_strndup(rq->arena, v.p, v.n);
    kz_status st = kz_desk_sign_in(rq, token ? token : "");
    if (st == KZ_OK) {
        rq->redirect = "/intern";
        return KZ_OK;
    }
    if (st != KZ_E_DENIED)
        return st;
    rq->code = 403;
    return put_page(rq, NULL, kz_desk_err(rq, &rq->err));
}

kz_status kz_page_sign_out_post(kz_request *rq)
{
    KZ_TRY(kz_desk_sign_out(rq));
    rq->redirect = "/intern/anmelden?abgemeldet=1";
    return KZ_OK;
}
