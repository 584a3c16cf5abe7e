#include "kz_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/asset.h"
#include "web/respond.h"
#include "web/router.h"
#include "web/static.h"

static kz_status page_long(kz_request *rq)
{
    for (int i = 0; i < 500; i++)
        kz_html(rq->out, "<p>Zeile %d</p>\n", i);
    return KZ_OK;
}

static kz_status page_echo(kz_request *rq)
{
    return kz_fail(&rq->err, KZ_E_MISSING, "test.unknown", kz_s("slug", kz_path_param(rq, "area")));
}

static kz_status page_broken(kz_request *rq)
{
    kz_html(rq->out, "half a page");
    return kz_fail(&rq->err, KZ_E_IO, "/var/lib/kekiz/secret.db");
}

static kz_status page_download(kz_request *rq)
{
    rq->content_type = "text/csv; charset=utf-8";
    rq->download = "Köln\r\nSet-Cookie: a.csv";
    kz_buf_str(rq->out, "a,b\n");
    return KZ_OK;
}

static kz_status page_moved(kz_request *rq)
{
    rq->redirect = "/lang";
    return KZ_OK;
}

static int times_made;

static kz_status page_counted(kz_request *rq)
{
    times_made++;
    return page_long(rq);
}

static const kz_page PAGES[] = {
    { .method = "GET", .pattern = "/", .run = page_long },
    { .method = "GET", .pattern = "/lang", .run = page_long, .cache_s = 300, .without_atlas = true },
    { .method = "GET", .pattern = "/oft", .run = page_counted, .cache_s = 300, .without_atlas = true },
    { .method = "GET", .pattern = "/frisch", .run = page_long, .without_atlas = true },
    { .method = "GET", .pattern = "/gebiet/:area", .run = page_echo, .without_atlas = true },
    { .method = "GET", .pattern = "/kaputt", .run = page_broken, .without_atlas = true },
    { .method = "GET", .pattern = "/laden", .run = page_download, .without_atlas = true },
    { .method = "GET", .pattern = "/weg", .run = page_moved, .without_atlas = true },
    { .method = "GET", .pattern = "/intern", .run = page_long, .object = KZ_OBJECT_DESK, .without_atlas = true },
};
static kz_web WEB = { .pages = PAGES, .n_pages = sizeof PAGES / sizeof PAGES[0] };

static kz_arena arena;
static kz_buf out;
static kz_answer answer;

static void ask_with(const char *method, const char *target, const kz_param *fields, size_t n)
{
    kz_ask ask = { .method = method, .target = target, .fields = fields, .n_fields = n };
    kz_arena_done(&arena);
    kz_arena_init(&arena, KZ_REQUEST_ARENA);
    kz_buf_done(&out);
    out = kz_buf_init(KZ_ANSWER_MAX);
    kz_web_answer(&WEB, NULL, &ask, &arena, &out, &answer);
}

static void ask(const char *method, const char *target)
{
    ask_with(method, target, NULL, 0);
}

static const char *field(const char *name)
{
    return kz_header(answer.fields, (size_t)answer.n_fields, name);
}

static bool body_has(const char *text)
{
    return memmem(answer.body, answer.n_body, text, strlen(text)) != NULL;
}

static void every_answer_carries_the_security_headers(void **state)
{
    (void)state;
    static const char *const TARGETS[] = { "/lang", "/", "/nichts", "/%zz", "/kaputt", "/laden", "/weg", "/lang/",
                                           "/s/0123456789abcdef/css/plain.css", "/s/x", "/intern" };
    for (size_t i = 0; i < sizeof TARGETS / sizeof TARGETS[0]; i++) {
        ask("GET", TARGETS[i]);
        assert_string_equal(field("Content-Security-Policy"),
                            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                            "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
                            "base-uri 'none'; object-src 'none'");
        assert_string_equal(field("X-Content-Type-Options"), "nosniff");
        assert_string_equal(field("Referrer-Policy"), "no-referrer");
        assert_string_equal(field("Cross-Origin-Opener-Policy"), "same-origin");
        assert_string_equal(field("Cross-Origin-Resource-Policy"), "same-origin");
        assert_non_null(field("Cache-Control"));
        assert_null(field("Server"));
        assert_null(field("Strict-Transport-Security"));
    }
}

static void refusals_are_plain_pages_without_the_inside(void **state)
{
    (void)state;
    ask("GET", "/kaputt");
    assert_int_equal(answer.code, 503);
    assert_string_equal(field("Retry-After"), "5");
    assert_false(body_has("secret.db"));
    assert_false(body_has("half a page"));
    assert_true(body_has("<h1>"));
    assert_string_equal(field("Cache-Control"), "no-store");
    assert_null(field("ETag"));

    ask("GET", "/gebiet/%3Cscript%3E");
    assert_int_equal(answer.code, 404);
    assert_false(body_has("<script>"));

    ask("DELETE", "/lang");
    assert_int_equal(answer.code, 405);
    assert_string_equal(field("Allow"), "GET, HEAD");
    ask("POST", "/s/0123456789abcdef/css/plain.css");
    assert_int_equal(answer.code, 405);
    ask("GET", "/intern");
    assert_int_equal(answer.code, 404);
}

static void every_code_has_its_own_words(void **state)
{
    (void)state;
    static const int CODES[] = { 400, 403, 404, 405, 409, 413, 414, 417, 422, 431, 500, 501, 503, 505 };
    for (size_t i = 0; i < sizeof CODES / sizeof CODES[0]; i++) {
        kz_buf_clear(&out);
        kz_web_refuse(&WEB, CODES[i], &out, &answer);
        assert_int_equal(answer.code, CODES[i]);
        assert_false(body_has("web.")); /* a missing text shows its id */
    }
}

static void an_answer_can_be_asked_for_again_by_its_tag(void **state)
{
    (void)state;
    ask("GET", "/lang");
    assert_int_equal(answer.code, 200);
    assert_string_equal(field("Cache-Control"), "public, max-age=300");
    char tag[48], list[100];
    snprintf(tag, sizeof tag, "%s", field("ETag"));
    snprintf(list, sizeof list, "\"x\", W/%s", tag);
    ask_with("GET", "/lang", (const kz_param[]){ { "If-None-Match", list } }, 1);
    assert_int_equal(answer.code, 304);
    assert_int_equal(answer.n_body, 0);
    assert_string_equal(field("ETag"), tag);
    ask_with("GET", "/lang", (const kz_param[]){ { "If-None-Match", "\"other\"" } }, 1);
    assert_int_equal(answer.code, 200);
    ask("GET", "/frisch");
    assert_string_equal(field("Cache-Control"), "no-store");
}

static void packs_for_those_who_can_unpack(void **state)
{
    (void)state;
    ask("GET", "/lang");
    assert_null(field("Content-Encoding"));
    size_t n = answer.n_body;
    char *plain = malloc(n), *unpacked = malloc(n);
    assert_non_null(plain);
    assert_non_null(unpacked);
    memcpy(plain, answer.body, n);
    ask_with("GET", "/lang", (const kz_param[]){ { "accept-encoding", "br;q=1.0, gzip;q=0.5" } }, 1);
    assert_string_equal(field("Content-Encoding"), "gzip");
    assert_string_equal(field("Vary"), "Accept-Encoding");
    assert_true(answer.n_body < n / 4);
    z_stream z = { .next_in = (z_const Bytef *)answer.body, .avail_in = (uInt)answer.n_body,
                   .next_out = (Bytef *)unpacked, .avail_out = (uInt)n };
    assert_int_equal(inflateInit2(&z, 15 + 16), Z_OK);
    assert_int_equal(inflate(&z, Z_FINISH), Z_STREAM_END);
    assert_int_equal(z.total_out, n);
    assert_memory_equal(unpacked, plain, n);
    inflateEnd(&z);
    free(plain);
    free(unpacked);
}

static void reads_accept_encoding_as_it_is_meant(void **state)
{
    (void)state;
    assert_true(kz_accepts("gzip", "gzip"));
    assert_true(kz_accepts("deflate, GZIP ;q=0.001", "gzip"));
    assert_true(kz_accepts("*", "gzip"));
    assert_false(kz_accepts(NULL, "gzip"));
    assert_false(kz_accepts("", "gzip"));
    assert_false(kz_accepts("gzip;q=0", "gzip"));
    assert_false(kz_accepts("gzip; q=0.000, *", "gzip"));
    assert_false(kz_accepts("xgzip, gzipx", "gzip"));
    assert_false(kz_accepts("*;q=0", "gzip"));
}

static void serves_built_in_files_for_ever(void **state)
{
    (void)state;
    const char *url = kz_asset_url("assets/css/plain.css");
    const kz_asset *a = kz_asset_find("assets/css/plain.css");
    ask("GET", url);
    assert_int_equal(answer.code, 200);
    assert_string_equal(field("Content-Type"), "text/css; charset=utf-8");
    assert_string_equal(field("Cache-Control"), "public, max-age=31536000, immutable");
    assert_int_equal(answer.n_body, a->n);
    ask_with("GET", url, (const kz_param[]){ { "Accept-Encoding", "gzip" } }, 1);
    assert_string_equal(field("Content-Encoding"), "gzip");
    ask_with("GET", url, (const kz_param[]){ { "If-None-Match", "*" } }, 1);
    assert_int_equal(answer.code, 304);
    ask("GET", "/s/0000000000000000/css/plain.css");
    assert_int_equal(answer.code, 200);
    assert_string_equal(field("Cache-Control"), "no-cache");
}

static void serves_nothing_else(void **state)
{
    (void)state;
    static const char *const TARGETS[] = {
        "/s/0000000000000000/../data/x", "/s/0000000000000000/locale/de/web.txt", "/s/0000000000000000/",
        "/s/0000000000000000/css", "/s/000000000000000/css/plain.css", "/s/", "/s//css/plain.css",
        "/s/0000000000000000/css/plain.css/", "/s/0000000000000000/css%2fplain.css",
        "/s/0000000000000000/../../src/store/sql/work_001.sql",
    };
    for (size_t i = 0; i < sizeof TARGETS / sizeof TARGETS[0]; i++) {
        ask("GET", TARGETS[i]);
        assert_true(answer.code == 404 || answer.code == 400);
    }
}

static void says_so_when_nothing_is_published(void **state)
{
    (void)state;
    ask("GET", "/");
    assert_int_equal(answer.code, 200);
    assert_true(body_has("Noch ist nichts"));
    assert_string_equal(field("Cache-Control"), "no-store");
}

static void names_a_download_without_letting_it_break_the_header(void **state)
{
    (void)state;
    ask("GET", "/laden");
    assert_string_equal(field("Content-Disposition"),
                        "attachment; filename=\"K__ln__Set-Cookie__a.csv\"; "
                        "filename*=UTF-8''K%C3%B6ln%0D%0ASet-Cookie%3A%20a.csv");
}

static void leads_on_within_the_house(void **state)
{
    (void)state;
    ask("GET", "/weg");
    assert_int_equal(answer.code, 303);
    assert_string_equal(field("Location"), "/lang");
    ask("GET", "/lang/?a=b");
    assert_int_equal(answer.code, 308);
    assert_string_equal(field("Location"), "/lang?a=b");
}

static void makes_a_page_once_for_one_atlas(void **state)
{
    (void)state;
    const kz_param gzip[] = { { "Accept-Encoding", "gzip" } };
    WEB.cache = kz_cache_new(KZ_CACHE_BYTES);
    times_made = 0;
    ask_with("GET", "/oft", gzip, 1);
    char first[4096], tag[48];
    size_t n = answer.n_body;
    int n_fields = answer.n_fields;
    assert_true(n <= sizeof first);
    memcpy(first, answer.body, n);
    snprintf(tag, sizeof tag, "%s", field("ETag"));
    ask_with("GET", "/oft", gzip, 1);
    assert_int_equal(times_made, 1);
    assert_int_equal(answer.n_fields, n_fields);
    assert_int_equal(answer.n_body, n);
    assert_memory_equal(answer.body, first, n);
    assert_string_equal(field("ETag"), tag);
    assert_string_equal(field("Content-Encoding"), "gzip");
    ask_with("GET", "/oft", (const kz_param[]){ gzip[0], { "If-None-Match", tag } }, 2);
    assert_int_equal(answer.code, 304);
    assert_int_equal(times_made, 1);

    /* With a query, or unpacked, it is made afresh. */
    ask_with("GET", "/oft?a=b", gzip, 1);
    ask("GET", "/oft");
    assert_null(field("Content-Encoding"));
    assert_int_equal(times_made, 3);
    kz_cache_free(WEB.cache);

    /* A cache without room costs time, nothing else. */
    WEB.cache = kz_cache_new(100);
    ask_with("GET", "/oft", gzip, 1);
    ask_with("GET", "/oft", gzip, 1);
    assert_int_equal(answer.code, 200);
    assert_int_equal(times_made, 5);
    kz_cache_free(WEB.cache);
    WEB.cache = NULL;
}

static void adds_hsts_only_behind_tls(void **state)
{
    (void)state;
    kz_web tls = WEB;
    tls.hsts = true;
    kz_buf_clear(&out);
    kz_web_refuse(&tls, 404, &out, &answer);
    assert_string_equal(field("Strict-Transport-Security"), "max-age=31536000; includeSubDomains");
}

KZ_TEST_MAIN(KZ_TEST(every_answer_carries_the_security_headers),
             KZ_TEST(refusals_are_plain_pages_without_the_inside),
             KZ_TEST(every_code_has_its_own_words),
             KZ_TEST(an_answer_can_be_asked_for_again_by_its_tag),
             KZ_TEST(packs_for_those_who_can_unpack),
             KZ_TEST(reads_accept_encoding_as_it_is_meant),
             KZ_TEST(serves_built_in_files_for_ever),
             KZ_TEST(serves_nothing_else),
             KZ_TEST(says_so_when_nothing_is_published),
             KZ_TEST(names_a_download_without_letting_it_break_the_header),
             KZ_TEST(leads_on_within_the_house),
             KZ_TEST(makes_a_page_once_for_one_atlas),
             KZ_TEST(adds_hsts_only_behind_tls))
