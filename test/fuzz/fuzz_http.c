/* Any bytes as what comes over the wire: the gate decides without crashing; what
 * it lets in is answered, always with the security headers; and the decision
 * never depends on how the bytes were cut into packets. */
#include "web/pages.h"
#include "web/respond.h"
#include "web/router.h"
#include "web/wire.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static kz_status page_echo(kz_request *rq)
{
    for (int i = 0; i < rq->n_path; i++)
        kz_html(rq->out, "<p>%s=%s</p>", rq->path_params[i].name, rq->path_params[i].value);
    for (int i = 0; i < rq->n_query; i++)
        kz_html(rq->out, "<p>%s=%s</p>", rq->query[i].name, rq->query[i].value);
    if (rq->n_query > 0)
        rq->download = rq->query[0].value;
    return KZ_OK;
}

static const kz_page PAGES[] = {
    { .method = "GET", .pattern = "/", .run = page_echo, .without_atlas = true, .cache_s = 60 },
    { .method = "GET", .pattern = "/g/:area", .run = page_echo, .without_atlas = true },
    { .method = "GET", .pattern = "/g/:area/:indicator.csv", .run = page_echo, .without_atlas = true },
};

static void answer(const char *method, const char *target, const kz_param *fields, size_t n)
{
    kz_web web = { .pages = PAGES, .n_pages = sizeof PAGES / sizeof PAGES[0] };
    kz_ask ask = { .method = method, .target = target, .fields = fields, .n_fields = n };
    kz_answer a;
    kz_arena arena;
    kz_arena_init(&arena, KZ_REQUEST_ARENA);
    kz_auto(kz_buf) out = kz_buf_init(KZ_ANSWER_MAX);
    kz_web_answer(&web, NULL, &ask, &arena, &out, &a);
    KZ_ASSERT(a.code >= 200 && a.code < 600);
    KZ_ASSERT(kz_header(a.fields, (size_t)a.n_fields, "Content-Security-Policy"));
    for (int i = 0; i < a.n_fields; i++)
        KZ_ASSERT(!strpbrk(a.fields[i].value, "\r\n"));
    kz_arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t n_head = 0, n_early;
    char *bytes = malloc(size + 1);
    if (!bytes)
        return 0;
    memcpy(bytes, data, size);
    bytes[size] = '\0';
    int code = kz_wire_check(bytes, size, &n_head);
    int early = kz_wire_check(bytes, size / 2, &n_early);
    KZ_ASSERT(early == KZ_WIRE_MORE || early == code || (early > 0 && code > 0));
    if (code == 0) {
        KZ_ASSERT(n_head <= size && n_head <= KZ_WIRE_MAX);
        char *target = strchr(bytes, ' ') + 1;
        size_t n_target = strcspn(target, " ");
        char *copy = strndup(target, n_target);
        if (kz_wire_meaning(bytes, n_head) == 0 && copy)
            answer(bytes, copy, NULL, 0);
        free(copy);
    } else {
        /* The same bytes as target and header values, whatever they are. */
        kz_param fields[] = { { "If-None-Match", bytes }, { "Accept-Encoding", bytes } };
        answer("GET", bytes, NULL, 0);
        answer("GET", "/", fields, 2);
    }
    free(bytes);
    return 0;
}
