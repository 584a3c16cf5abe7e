/* Answers of the internal pages: never kept by anybody, never packed (what they say beside a token of the session
 * must not show in their length), and the same for a guest whatever is asked. */
#include <string.h>

#include "web/desk_layout.h"
#include "web/error_page.h"
#include "web/pages.h"
#include "web/router.h"

typedef struct visit {
    const kz_web *web;
    const kz_atlas *atlas;
    const kz_ask *ask;
    const kz_target *t;
    const kz_route *route;
    kz_request rq;
} visit;

/* Forms go back with their origin only when pages may say where they come from, to ourselves. */
static void begin(const kz_web *web, kz_answer *a)
{
    kz_answer_begin(web, a);
    for (int i = 0; i < a->n_fields; i++)
        if (strcmp(a->fields[i].name, "Referrer-Policy") == 0)
            a->fields[i].value = "same-origin";
}

/* Who has come in gets the refusal in the frame of these pages, with a way back. */
static void put_refusal(kz_request *rq, int code, const kz_err *why)
{
    const char *title, *what, *remedy;
    kz_error_words(code, &title, &what, &remedy);
    bool own = why && why->id && why->status != KZ_E_IO;
    kz_buf_clear(rq->out);
    rq->refresh = NULL;
    kz_desk_open_page(rq, &(kz_desk_page){ .title = kz_text(rq->lang, title) });
    kz_html(rq->out, "<h1 class=\"kk-h1 kk-h1s\">%s</h1>", kz_text(rq->lang, title));
    kz_desk_message(rq, true, own ? kz_desk_err(rq, why) : kz_text(rq->lang, what));
    kz_html(rq->out, "<p class=\"kk-p\">%s</p><p class=\"kk-note\">%s</p>",
            own ? "" : kz_text(rq->lang, remedy), kz_words_say(rq, "web.code", kz_n("code", code)));
    (void)!kz_desk_close_page(rq);
}

static void refuse(visit *v, int code, const kz_err *why, kz_buf *out, kz_answer *ret)
{
    kz_err err = why ? *why : (kz_err){ 0 };
    kz_answer_refuse(v->web, v->atlas, code, &err, out, ret);
    if (!v->rq.who || code < 400)
        return;
    put_refusal(&v->rq, code, &err);
    ret->body = kz_buf_text(out);
    ret->n_body = out->n;
    ret->close = false; /* the body was read to its end */
}

/* What a page wrote becomes the answer. */
static void finish(visit *v, kz_answer *ret)
{
    kz_request *rq = &v->rq;
    begin(v->web, ret);
    kz_answer_field(ret, "Cache-Control", "no-store");
    if (rq->cookie)
        kz_answer_field(ret, "Set-Cookie", rq->cookie);
    if (rq->forget)
        kz_answer_field(ret, "Clear-Site-Data", "\"cache\", \"cookies\", \"storage\"");
    if (rq->redirect) {
        KZ_ASSERT(kz_desk_owns(rq->redirect) || strcmp(rq->redirect, "/") == 0);
        ret->code = 303;
        kz_answer_field(ret, "Location", rq->redirect);
        return;
    }
    ret->code = rq->code ? rq->code : 200;
    kz_answer_field(ret, "Content-Type", rq->content_type ? rq->content_type : "text/html; charset=utf-8");
    if (ret->code == 401)
        kz_answer_field(ret, "WWW-Authenticate", "Link realm=\"kekiz\"");
    if (rq->refresh)
        kz_answer_field(ret, "Refresh", rq->refresh);
    if (rq->download)
        kz_answer_download(rq->download, ret);
    ret->body = kz_buf_text(rq->out);
    ret->n_body = rq->out->n;
}

static void run(visit *v, kz_page_fn page, kz_buf *out, kz_answer *ret)
{
    kz_request *rq = &v->rq;
    kz_buf_clear(out);
    kz_status st = page(rq);
    if (st == KZ_OK && kz_buf_status(out) != KZ_OK)
        st = kz_fail(&rq->err, KZ_E_IO, "web.too_big");
    if (st != KZ_OK)
        refuse(v, kz_status_http(st), &rq->err, out, ret);
    else
        finish(v, ret);
}

/* 0, or why the page is not run. */
static int may_run(visit *v, const kz_page *page, const kz_who *who)
{
    kz_desk *d = v->web->desk;
    bool post = strcmp(v->ask->method, "POST") == 0;
    if (post && !v->ask->form)
        return 400;
    if ((post && !kz_desk_is_ours(d, v->ask, who, v->ask->form)) ||
        !kz_may(who ? who->role : KZ_ROLE_PUBLIC, page->verb, page->object)) {
        kz_desk_note(d, who, page->verb, kz_object_name(page->object), "refused");
        return 403;
    }
    return 0;
}

void kz_desk_answer(const kz_web *web, const kz_atlas *atlas, const kz_ask *ask, const struct kz_target *t,
                    kz_arena *arena, kz_buf *out, kz_answer *ret)
{
    kz_route route = { 0 };
    kz_who who;
    visit v = { .web = web, .atlas = atlas, .ask = ask, .t = t, .route = &route };
    if (!kz_desk_is_here(web->desk, ask) || strncmp(t->raw, t->path, strlen("/intern")) != 0) {
        refuse(&v, 404, NULL, out, ret);
        return;
    }
    int code = kz_route_find(web->pages, web->n_pages, ask->method, t, arena, &route);
    v.rq = (kz_request){
        .method = ask->method, .path = t->path, .url = t->raw, .page = route.page,
        .n_path = route.n_path_params, .n_query = t->n_query, .path_params = route.path_params, .query = t->query,
        .lang = KZ_LANG_DE, .atlas = atlas, .base_url = web->base_url, .arena = arena, .out = out,
        .desk = web->desk, .form = ask->form,
    };
    bool by_itself = kz_query_param(&v.rq, "nachsehen") != NULL;
    if (kz_desk_who(web->desk, ask, by_itself, arena, &who))
        v.rq.who = &who;
    if (!v.rq.who && !(code == 200 && route.page->object == KZ_OBJECT_SIGN_IN)) {
        v.rq.code = 401;
        run(&v, kz_page_sign_in, out, ret);
        return;
    }
    if (ask->refused) {
        kz_err err = { 0 };
        if (ask->refused == 413)
            kz_fail_(&err, KZ_E_LIMIT, "desk.file_large", KZ_ARGS(kz_n("most", KZ_DELIVERY_FILE >> 20)));
        refuse(&v, ask->refused, &err, out, ret);
        return;
    }
    if (code == 200)
        code = may_run(&v, route.page, v.rq.who);
    if (code == 0) {
        run(&v, route.page->run, out, ret);
        return;
    }
    refuse(&v, code, NULL, out, ret);
    if (code == 405)
        kz_answer_field(ret, "Allow", route.allow);
    if (code == 308)
        kz_answer_field(ret, "Location", route.location);
}
