#include "kz_test.h"

#include <string.h>

#include "web/router.h"
#include "web/wire.h"

static int check(const char *p, size_t n)
{
    size_t n_head;
    return kz_wire_check(p, n, &n_head);
}

/* With sizeof, so that a case may have a NUL inside. */
#define CHECK(text) check(text, sizeof(text) - 1)

static void finds_the_end_of_the_head(void **state)
{
    (void)state;
    static const char TWO[] = "GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\r\nGET /b HTTP/1.1\r\n\r\n";
    size_t n_head = 0;
    assert_int_equal(kz_wire_check(TWO, sizeof TWO - 1, &n_head), 0);
    assert_int_equal(n_head, strlen("GET / HTTP/1.1\r\nHost: a\r\nX:\r\n\r\n"));
    assert_int_equal(CHECK("HEAD /x?y=%20 HTTP/1.0\r\n\r\n"), 0);
}

static void waits_for_the_rest_at_every_byte(void **state)
{
    (void)state;
    static const char WHOLE[] = "GET /gebiet/a HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\n\r\n";
    for (size_t n = 0; n < sizeof WHOLE - 1; n++)
        assert_int_equal(check(WHOLE, n), KZ_WIRE_MORE);
    assert_int_equal(check(WHOLE, sizeof WHOLE - 1), 0);
}

static void forgives_nothing(void **state)
{
    (void)state;
    assert_int_equal(CHECK("GET / HTTP/1.1\nHost: a\n\n"), 400);
    assert_int_equal(CHECK("GET / HTTP/1.1\r\nHost: a\n\r\n"), 400);
    assert_int_equal(CHECK("GET / HTTP/1.1\r\nHost: a\r\n\n"), 400);
    assert_int_equal(CHECK("GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n"), 400);
    assert_int_equal(CHECK("GET / HTTP/1.1\r\nX: a\0b\r\n\r\n"), 400);
    assert_int_equal(CHECK("GET / HTTP/1.1\r\nX\r\n\r\n"), 400);
    assert_int_equal(CHECK("GET / HTTP/1.1\r\nX : a\r\n\r\n"), 400);
    assert_int_equal(CHECK("GET / HTTP/1.1\r\n: a\r\n\r\n"), 400);
    assert_int_equal(CHECK("GET / HTTP/1.1\r\nX: a\rb\r\n\r\n"), 400);
    assert_int_equal(CHECK("GET / HTTP/1.1\rHost: a\r\r"), 400);
    assert_int_equal(CHECK("GET  / HTTP/1.1\r\n\r\n"), 400);
    assert_int_equal(CHECK("GET\t/\tHTTP/1.1\r\n\r\n"), 400);
    assert_int_equal(CHECK("GET / HTTP/1.11\r\n\r\n"), 400);
    assert_int_equal(CHECK("GET / http/1.1\r\n\r\n"), 400);
    assert_int_equal(CHECK("GET /\r\n\r\n"), 400);
    assert_int_equal(CHECK("GET /a\0b HTTP/1.1\r\n\r\n"), 400);
    assert_int_equal(CHECK("GET /\xC3\xB6 HTTP/1.1\r\n\r\n"), 400);
    assert_int_equal(CHECK("\r\nGET / HTTP/1.1\r\n\r\n"), 400);
    assert_int_equal(CHECK("\x16\x03\x01"), 400); /* TLS at the wrong port */
    assert_int_equal(CHECK("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505);
    assert_int_equal(CHECK("GET / HTTP/1.2\r\n\r\n"), 505);
    assert_int_equal(CHECK("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA / HTTP/1.1\r\n\r\n"), 501);
}

static void refuses_too_much_before_it_is_all_there(void **state)
{
    (void)state;
    kz_auto(kz_buf) b = kz_buf_init(1 << 20);
    kz_buf_str(&b, "GET /");
    for (int i = 1; i < KZ_MAX_TARGET; i++)
        kz_buf_char(&b, 'a');
    assert_int_equal(check(b.p, b.n), KZ_WIRE_MORE);
    kz_buf_char(&b, 'a');
    assert_int_equal(check(b.p, b.n), 414);

    kz_buf_clear(&b);
    kz_buf_str(&b, "GET / HTTP/1.1\r\nX: ");
    for (int i = 0; i < KZ_MAX_HEAD; i++)
        kz_buf_char(&b, 'a');
    assert_int_equal(check(b.p, b.n), 431);

    kz_buf_clear(&b);
    kz_buf_str(&b, "GET / HTTP/1.1\r\n");
    for (int i = 0; i <= KZ_MAX_HEADER_FIELDS; i++)
        kz_buf_str(&b, "X: 1\r\n");
    assert_int_equal(check(b.p, b.n), 431);
}

static void decides_within_the_bytes_that_it_is_shown(void **state)
{
    (void)state;
    /* The longest head that could still be good is shorter than what is peeked at. */
    kz_auto(kz_buf) b = kz_buf_init(1 << 20);
    kz_buf_str(&b, "GET /");
    for (int i = 1; i < KZ_MAX_TARGET; i++)
        kz_buf_char(&b, 'a');
    kz_buf_str(&b, " HTTP/1.1\r\nX: ");
    while (b.n < KZ_WIRE_MAX)
        kz_buf_char(&b, 'a');
    assert_int_equal(check(b.p, KZ_WIRE_MAX), 431);
}

static int meaning(const char *text)
{
    size_t n_head;
    char copy[1000];
    size_t n = strlen(text);
    assert_true(n < sizeof copy);
    memcpy(copy, text, n + 1);
    assert_int_equal(kz_wire_check(copy, n, &n_head), 0);
    return kz_wire_meaning(copy, n_head);
}

static void knows_what_a_head_asks_for(void **state)
{
    (void)state;
    assert_int_equal(meaning("GET / HTTP/1.1\r\nHost:a\r\n\r\n"), 0);
    assert_int_equal(meaning("GET / HTTP/1.0\r\n\r\n"), 0);
    assert_int_equal(meaning("GET / HTTP/1.1\r\n\r\n"), 400);
    assert_int_equal(meaning("GET / HTTP/1.1\r\nHost: a\r\nhOST: a\r\n\r\n"), 400);
    assert_int_equal(meaning("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: \t0 \r\n\r\n"), 0);
    assert_int_equal(meaning("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\n"), 400);
    assert_int_equal(meaning("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"),
                     400);
    assert_int_equal(meaning("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"), 0);
    assert_int_equal(meaning("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n"), 413);
}

KZ_TEST_MAIN(KZ_TEST(knows_what_a_head_asks_for),
             KZ_TEST(finds_the_end_of_the_head),
             KZ_TEST(waits_for_the_rest_at_every_byte),
             KZ_TEST(forgives_nothing),
             KZ_TEST(refuses_too_much_before_it_is_all_there),
             KZ_TEST(decides_within_the_bytes_that_it_is_shown))
