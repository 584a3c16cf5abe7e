#include "kz_test.h"

#include <string.h>

#include "web/router.h"

static kz_status nothing(kz_request *rq)
{
    (void)rq;
    return KZ_OK;
}

static const kz_page PAGES[] = {
    { .method = "GET", .pattern = "/", .run = nothing },
    { .method = "GET", .pattern = "/gebiet/:area", .run = nothing },
    { .method = "GET", .pattern = "/gebiet/:area/:indicator.csv", .run = nothing },
    { .method = "POST", .pattern = "/suche", .run = nothing },
    { .method = "GET", .pattern = "/suche", .run = nothing },
};
enum { N_PAGES = sizeof PAGES / sizeof PAGES[0] };

static int parse(const char *raw, kz_target *t)
{
    static kz_arena arena;
    kz_arena_done(&arena);
    kz_arena_init(&arena, 1 << 20);
    return kz_target_parse(raw, &arena, t);
}

static int route(const char *method, const char *raw, kz_route *r)
{
    static kz_arena arena;
    kz_target t;
    kz_arena_done(&arena);
    kz_arena_init(&arena, 1 << 20);
    int refused = kz_target_parse(raw, &arena, &t);
    return refused ? refused : kz_route_find(PAGES, N_PAGES, method, &t, &arena, r);
}

static void decodes_a_path_and_its_query_once(void **state)
{
    (void)state;
    kz_target t;
    assert_int_equal(parse("/gebiet/K%C3%B6ln%2525?jahr=2012&titel=a+b%26c&leer&x=", &t), 0);
    assert_string_equal(t.path, "/gebiet/Köln%25");
    assert_int_equal(t.n_query, 4);
    assert_string_equal(t.query[0].name, "jahr");
    assert_string_equal(t.query[0].value, "2012");
    assert_string_equal(t.query[1].value, "a b&c");
    assert_string_equal(t.query[2].value, "");
    assert_string_equal(t.query[3].value, "");
}

static void refuses_what_is_not_canonical(void **state)
{
    (void)state;
    static const struct {
        const char *raw;
        int code;
    } CASES[] = {
        { "", 400 }, { "*", 400 }, { "gebiet", 400 }, { "http://host/", 400 }, { "/%zz", 400 }, { "/%", 400 },
        { "/%4", 400 }, { "/%u0041", 400 }, { "/%00", 400 }, { "/a%00b", 400 }, { "/%0a", 400 }, { "/%7f", 400 },
        { "/%c2%85", 400 }, { "/%c0%ae%c0%ae/", 400 }, { "/%c0%af", 400 }, { "/%e0%80%af", 400 },
        { "/%ed%a0%80", 400 }, { "/%f4%90%80%80", 400 }, { "/%fe", 400 }, { "/%c3", 400 }, { "/\\x", 400 },
        { "/%5c", 400 }, { "/../../etc/passwd", 400 }, { "/%2e%2e%2fetc", 400 }, { "/..%00", 400 },
        { "/a/..", 400 }, { "/./a", 400 }, { "/%2e", 400 }, { "/a%2fb", 400 }, { "/a#b", 400 }, { "/a b", 400 },
        { "/\xC3\xB6", 400 }, { "//host", 404 }, { "/a//b", 404 }, { "//", 404 },
        { "/?a=1&a=2", 400 }, { "/?=1", 400 }, { "/?a=%", 400 }, { "/?a=%00", 400 }, { "/?a=%ff", 400 },
    };
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        kz_target t;
        if (parse(CASES[i].raw, &t) != CASES[i].code)
            fail_msg("%s: %d instead of %d", CASES[i].raw, parse(CASES[i].raw, &t), CASES[i].code);
    }
}

static void holds_its_limits_to_the_byte(void **state)
{
    (void)state;
    kz_target t;
    static char raw[KZ_MAX_TARGET + 2];
    memset(raw, 'a', sizeof raw - 1);
    raw[0] = '/';
    assert_int_equal(parse(raw, &t), 414);
    raw[KZ_MAX_TARGET] = '\0';
    assert_int_equal(parse(raw, &t), 0);

    kz_auto(kz_buf) query = kz_buf_init(KZ_MAX_TARGET);
    kz_buf_str(&query, "/?");
    for (int i = 0; i < KZ_MAX_QUERY_PARAMS; i++)
        kz_buf_fmt(&query, "&p%d=1", i);
    assert_int_equal(parse(kz_buf_text(&query), &t), 0);
    assert_int_equal(t.n_query, KZ_MAX_QUERY_PARAMS);
    kz_buf_str(&query, "&last=1");
    assert_int_equal(parse(kz_buf_text(&query), &t), 400);

    kz_buf_clear(&query);
    kz_buf_str(&query, "/?v=");
    for (int i = 0; i < KZ_MAX_QUERY_VALUE; i++)
        kz_buf_char(&query, 'x');
    assert_int_equal(parse(kz_buf_text(&query), &t), 0);
    kz_buf_char(&query, 'x');
    assert_int_equal(parse(kz_buf_text(&query), &t), 400);
}

static void leaves_the_result_alone_when_it_refuses(void **state)
{
    (void)state;
    kz_target t = { .n_query = 77 };
    assert_int_equal(parse("/?a=1&a=2", &t), 400);
    assert_int_equal(t.n_query, 77);
}

static void finds_pages_and_their_parameters(void **state)
{
    (void)state;
    kz_route r;
    assert_int_equal(route("GET", "/", &r), 200);
    assert_ptr_equal(r.page, &PAGES[0]);
    assert_int_equal(route("HEAD", "/gebiet/stadtteil-501", &r), 200);
    assert_ptr_equal(r.page, &PAGES[1]);
    assert_string_equal(r.path_params[0].name, "area");
    assert_string_equal(r.path_params[0].value, "stadtteil-501");
    assert_int_equal(route("GET", "/gebiet/stadt-0/kinder-u6.csv", &r), 200);
    assert_string_equal(r.path_params[1].name, "indicator");
    assert_string_equal(r.path_params[1].value, "kinder-u6");
    assert_int_equal(route("GET", "/gebiet", &r), 404);
    assert_int_equal(route("GET", "/gebiet/a/b", &r), 404);
    assert_int_equal(route("GET", "/Gebiet/a", &r), 404);
}

static void leads_from_a_closing_slash_to_the_page(void **state)
{
    (void)state;
    kz_route r;
    assert_int_equal(route("GET", "/gebiet/a/?jahr=2012", &r), 308);
    assert_string_equal(r.location, "/gebiet/a?jahr=2012");
    assert_int_equal(route("GET", "/nichts/", &r), 404);
}

static void tells_known_methods_from_others(void **state)
{
    (void)state;
    kz_route r;
    assert_int_equal(route("POST", "/gebiet/a", &r), 405);
    assert_string_equal(r.allow, "GET, HEAD");
    assert_int_equal(route("DELETE", "/suche", &r), 405);
    assert_string_equal(r.allow, "GET, HEAD, POST");
    assert_int_equal(route("TRACE", "/", &r), 405);
    assert_int_equal(route("CONNECT", "/", &r), 405);
    assert_int_equal(route("get", "/", &r), 501);
    assert_int_equal(route("PROPFIND", "/", &r), 501);
    assert_int_equal(route("POST", "/nichts", &r), 404);
}

static int check(const char *method, size_t n, const kz_param fields[])
{
    return kz_headers_check(method, fields, n);
}

#define CHECK(method, ...) \
    check(method, sizeof((kz_param[]){ __VA_ARGS__ }) / sizeof(kz_param), (const kz_param[]){ __VA_ARGS__ })

static void refuses_framing_that_can_be_read_in_two_ways(void **state)
{
    (void)state;
    assert_int_equal(CHECK("GET", { "Host", "a" }, { "Accept", "*/*" }), 0);
    assert_int_equal(CHECK("GET", { "Host", "a" }, { "host", "b" }), 400);
    assert_int_equal(CHECK("POST", { "Content-Length", "5" }, { "Transfer-Encoding", "chunked" }), 400);
    assert_int_equal(CHECK("POST", { "Content-Length", "5" }, { "content-length", "5" }), 400);
    assert_int_equal(CHECK("POST", { "Content-Length", "+5" }), 400);
    assert_int_equal(CHECK("POST", { "Content-Length", "5,5" }), 400);
    assert_int_equal(CHECK("POST", { "Content-Length", " 5" }), 400);
    assert_int_equal(CHECK("POST", { "Content-Length", "-1" }), 400);
    assert_int_equal(CHECK("POST", { "Content-Length", "0x5" }), 400);
    assert_int_equal(CHECK("POST", { "Content-Length", "" }), 400);
    assert_int_equal(CHECK("POST", { "Content-Length", "18446744073709551616" }), 413);
    assert_int_equal(CHECK("POST", { "Content-Length", "0" }), 0);
    assert_int_equal(CHECK("GET", { "Content-Length", "0" }), 0);
    assert_int_equal(CHECK("GET", { "Content-Length", "5" }), 400);
    assert_int_equal(CHECK("POST", { "Content-Length", "5" }), 0);
    assert_int_equal(CHECK("POST", { "Content-Length", "4294967297" }), 413);
    assert_int_equal(CHECK("POST", { "Transfer-Encoding", "chunked" }), 501);
    assert_int_equal(CHECK("GET", { "X ", "a" }), 400);
    assert_int_equal(CHECK("GET", { "", "a" }), 400);
    assert_int_equal(CHECK("GET", { "X", "a\x01" }), 400);
    assert_int_equal(CHECK("GET", { "Expect", "100-continue" }), 417);
}

static void bounds_the_header_fields(void **state)
{
    (void)state;
    static kz_param many[KZ_MAX_HEADER_FIELDS + 1];
    for (size_t i = 0; i <= KZ_MAX_HEADER_FIELDS; i++)
        many[i] = (kz_param){ "X", "1" };
    assert_int_equal(kz_headers_check("GET", many, KZ_MAX_HEADER_FIELDS), 0);
    assert_int_equal(kz_headers_check("GET", many, KZ_MAX_HEADER_FIELDS + 1), 431);

    static char value[KZ_MAX_HEAD];
    memset(value, 'a', sizeof value - 1);
    assert_int_equal(CHECK("GET", { "Cookie", value }), 431);
    value[KZ_MAX_HEAD - 10] = '\0';
    assert_int_equal(CHECK("GET", { "Cookie", value }), 0);
}

KZ_TEST_MAIN(KZ_TEST(decodes_a_path_and_its_query_once),
             KZ_TEST(refuses_what_is_not_canonical),
             KZ_TEST(holds_its_limits_to_the_byte),
             KZ_TEST(leaves_the_result_alone_when_it_refuses),
             KZ_TEST(finds_pages_and_their_parameters),
             KZ_TEST(leads_from_a_closing_slash_to_the_page),
             KZ_TEST(tells_known_methods_from_others),
             KZ_TEST(refuses_framing_that_can_be_read_in_two_ways),
             KZ_TEST(bounds_the_header_fields))
