/*
 * desk_layout.h - the frame of the internal pages, and the small parts they share.
 *
 *     kz_desk_open_page(rq, &(kz_desk_page){ .title = title, .nav = "/intern/verlauf" });
 *     kz_desk_form(rq, "/intern/abmelden", false);
 *     kz_desk_button(rq, "desk.sign_out", KZ_BUTTON_QUIET);
 *     kz_desk_form_end(rq);
 *     return kz_desk_close_page(rq);
 *
 * No script at all.  Every form carries the token of the session.
 */
#ifndef KZ_WEB_DESK_LAYOUT_H
#define KZ_WEB_DESK_LAYOUT_H

#include "web/delivery.h"
#include "web/desk.h"
#include "web/layout.h"
#include "web/words.h"

typedef struct kz_desk_page {
    const char *title;
    const char *nav; /* pattern of the menu entry that is open; NULL: none */
    const kz_crumb *crumbs;
    int n_crumbs;
} kz_desk_page;

void kz_desk_open_page(kz_request *rq, const kz_desk_page *p);
KZ_MUST_USE kz_status kz_desk_close_page(kz_request *rq);

typedef enum kz_button { KZ_BUTTON_MAIN, KZ_BUTTON_OTHER, KZ_BUTTON_QUIET } kz_button;

/* <form method=post> with the token; `with_file`: multipart. */
void kz_desk_form(kz_request *rq, const char *action, bool with_file);
void kz_desk_form_end(kz_request *rq);
void kz_desk_button(kz_request *rq, const char *id, kz_button kind);
/* A field with its label below which `hint` (an id, or NULL) explains it. */
void kz_desk_input(kz_request *rq, const char *name, const char *label, const char *hint, const char *value, int most);

/* "26.11.2026, 13:10 Uhr (UTC)" of "2026-11-26T13:10:07Z" */
const char *kz_desk_time(kz_request *rq, const char *iso);
/* "4,2 MB" */
const char *kz_desk_bytes(kz_request *rq, uint64_t n);
/* What a failure says, as text. */
const char *kz_desk_err(kz_request *rq, const kz_err *err);
/* Box with a message; role=alert for what went wrong. */
void kz_desk_message(kz_request *rq, bool wrong, const char *text);

/* The delivery in the path.  KZ_E_MISSING: gone, or never ours. */
KZ_MUST_USE kz_status kz_desk_delivery(kz_request *rq, kz_delivery **ret);
/* "/intern/einlesen/lauf/<id>" and what follows. */
const char *kz_desk_run_path(kz_request *rq, const kz_delivery *d, const char *rest);

#endif
