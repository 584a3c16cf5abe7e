#include "kz_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "web/form.h"
#include "web/map_form.h"

static const kz_form_rule RULE = { .bytes = 4096, .file_bytes = 1 << 20 };
static const char MULTI[] = "multipart/form-data; boundary=grenze", URL[] = "application/x-www-form-urlencoded";
#define PART(head) "--grenze\r\nContent-Disposition: form-data; " head "\r\n\r\n"
#define END "\r\n--grenze--\r\n"

/* Feeds the body in pieces of `cut` bytes; the code, and the form when it is 0. */
static int feed(const char *type, const kz_form_rule *rule, const char *body, size_t n, size_t cut, kz_form **ret)
{
    kz_form *f;
    int code = kz_form_begin(type, rule, &f);
    for (size_t at = 0; code == 0 && at < n; at += cut)
        code = kz_form_feed(f, body + at, n - at < cut ? n - at : cut);
    if (code == 0)
        code = kz_form_end(f);
    if (code == 0 && ret)
        *ret = f;
    else
        kz_form_free(f);
    return code;
}

static int code_of(const char *type, const char *body)
{
    int code = feed(type, &RULE, body, strlen(body), 4096, NULL);
    assert_int_equal(feed(type, &RULE, body, strlen(body), 1, NULL), code); /* however it is cut */
    return code;
}

static void assert_file(kz_form *f, const char *name, const char *content)
{
    char bytes[256];
    const kz_form_file *file = kz_form_the_file(f);
    assert_non_null(file);
    assert_string_equal(file->name, name);
    assert_int_equal(file->n, strlen(content));
    assert_int_equal(pread(file->fd, bytes, sizeof bytes, 0), strlen(content));
    assert_memory_equal(bytes, content, strlen(content));
}

static void reads_fields_and_a_file_however_the_bytes_are_cut(void **state)
{
    (void)state;
    static const char BODY[] = PART("name=\"csrf\"") "abc\r\n" PART("name=\"leer\"") "\r\n"
        PART("name=\"datei\"; filename=\"Köln 2012.csv\"\r\nContent-Type: text/csv") "a;b\r\n1;2\r\n--grenz\r\n" END;
    for (size_t cut = 1; cut < sizeof BODY; cut++) {
        kz_form *f;
        assert_int_equal(feed(MULTI, &RULE, BODY, sizeof BODY - 1, cut, &f), 0);
        assert_string_equal(kz_form_text(f, "csrf"), "abc");
        assert_string_equal(kz_form_text(f, "leer"), "");
        assert_null(kz_form_text(f, "nichts"));
        assert_file(f, "Köln 2012.csv", "a;b\r\n1;2\r\n--grenz\r\n");
        kz_form_free(f);
    }
}

static void reads_what_is_urlencoded(void **state)
{
    (void)state;
    kz_form *f;
    const char *name;
    static const char BODY[] = "a=1&text=K%C3%B6ln+%26+Umland%0D%0A&leer=&ohne";
    assert_int_equal(feed("Application/X-WWW-form-urlencoded; charset=utf-8", &RULE, BODY, sizeof BODY - 1, 3, &f), 0);
    assert_string_equal(kz_form_text(f, "a"), "1");
    assert_string_equal(kz_form_text(f, "text"), "Köln & Umland\r\n");
    assert_string_equal(kz_form_text(f, "leer"), "");
    assert_string_equal(kz_form_text(f, "ohne"), "");
    assert_int_equal(kz_form_count(f), 4);
    assert_string_equal(kz_form_nth(f, 1, &name), "Köln & Umland\r\n");
    assert_string_equal(name, "text");
    assert_null(kz_form_the_file(f));
    kz_form_free(f);
    assert_int_equal(code_of(URL, ""), 0);
    assert_int_equal(code_of(MULTI, "--grenze--\r\n"), 0);
}

static void a_file_that_was_not_chosen_is_none(void **state)
{
    (void)state;
    kz_form *f;
    static const char BODY[] = PART("name=\"datei\"; filename=\"\"\r\nContent-Type: application/octet-stream") END;
    assert_int_equal(feed(MULTI, &RULE, BODY, sizeof BODY - 1, 7, &f), 0);
    assert_null(kz_form_the_file(f));
    assert_int_equal(kz_form_take_file(f), -1);
    kz_form_free(f);
}

static void a_file_that_was_taken_outlives_its_form(void **state)
{
    (void)state;
    kz_form *f;
    char c;
    static const char BODY[] = PART("name=\"datei\"; filename=\"a.csv\"") "x" END;
    assert_int_equal(feed(MULTI, &RULE, BODY, sizeof BODY - 1, 7, &f), 0);
    int fd = kz_form_take_file(f);
    kz_form_free(f);
    assert_int_equal(pread(fd, &c, 1, 0), 1);
    assert_int_equal(c, 'x');
    close(fd);
}

/* Row 69 of the table of bad inputs, and its relatives. */
static void refuses_what_no_browser_sends(void **state)
{
    (void)state;
    static const char *const BAD[] = {
        "", "x", "--grenze\r\n", "--grenze\r\n\r\n\r\n--grenze--\r\n",
        PART("name=\"a\"") "no end", PART("name=\"a\"") "\r\n--grenze", PART("name=\"a\"") "b" END "behind",
        "before\r\n" PART("name=\"a\"") "b" END, PART("name=\"\"") "b" END, PART("filename=\"x\"") "b" END,
        PART("name=\"a\"") "b\r\n" PART("name=\"a\"") "c" END,
        PART("name=\"a\"; name=\"b\"") "c" END, PART("name=a") "c" END, PART("name=\"a\"; size=\"3\"") "c" END,
        PART("name=\"a\"; filename*=UTF-8''b") "c" END,
        PART("name=\"a\"; filename=\"x\"\r\nContent-Type: multipart/mixed; boundary=z") "c" END,
        PART("name=\"a\"\r\nContent-Transfer-Encoding: base64") "YQ==" END,
        PART("name=\"a\"; filename=\"a\"") "c\r\n" PART("name=\"b\"; filename=\"b\"") "d" END,
        PART("name=\"a\"; filename=\"a\nSet-Cookie: x\"") "c" END,
        PART("name=\"a\"") "\xC3\x28" END, PART("name=\"a\"") "\x1B[2J" END, PART("name=\"a\xFF\"") "c" END,
        PART("name=\"a\"; filename=\"\"") "bytes without a name" END,
        ("--grenze \r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nb" END),
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        if (code_of(MULTI, BAD[i]) != 400)
            fail_msg("%zu: %s", i, BAD[i]);
    static const char *const BAD_URL[] = { "a=1&a=2", "=1", "a=%zz", "a=%4", "a=%00", "a=%C3%28", "%00=1", "a=%1b" };
    for (size_t i = 0; i < sizeof BAD_URL / sizeof *BAD_URL; i++)
        if (code_of(URL, BAD_URL[i]) != 400)
            fail_msg("%s", BAD_URL[i]);
    static const char *const TYPES[] = { "multipart/form-data", "multipart/form-data; boundary=",
                                         "multipart/form-data; boundary=\"a", "multipart/form-data; boundary=a b",
                                         "multipart/form-data; boundary=a; charset=x",
                                         "multipart/form-data; boundary=a\"b" };
    for (size_t i = 0; i < sizeof TYPES / sizeof *TYPES; i++)
        assert_int_equal(code_of(TYPES[i], "x"), 400);
    static const char *const OTHER[] = { "text/plain", "application/json", "multipart/mixed; boundary=a", "" };
    for (size_t i = 0; i < sizeof OTHER / sizeof *OTHER; i++)
        assert_int_equal(code_of(OTHER[i], "a=1"), 415);
    assert_int_equal(feed(NULL, &RULE, "a=1", 3, 1, NULL), 415);
}

static void refuses_too_much_of_anything(void **state)
{
    (void)state;
    kz_auto(kz_buf) b = kz_buf_init(64 << 20);
    for (int i = 0; i < 1000; i++)
        kz_buf_fmt(&b, "--grenze\r\nContent-Disposition: form-data; name=\"f%d\"\r\n\r\n\r\n", i);
    kz_buf_str(&b, "--grenze--\r\n");
    assert_int_equal(feed(MULTI, &RULE, kz_buf_text(&b), b.n, 999, NULL), 400);
    kz_buf_clear(&b);
    kz_buf_str(&b, "--grenze\r\nContent-Disposition: form-data; name=\"a\"; filename=\"");
    for (int i = 0; i < 10 << 20; i++)
        kz_buf_char(&b, 'x');
    assert_int_equal(feed(MULTI, &RULE, kz_buf_text(&b), b.n, 32768, NULL), 400);
    const kz_form_rule tight = { .bytes = 10, .file_bytes = 10 };
    static const char TEXT[] = PART("name=\"a\"") "12345678901" END, FIT[] = PART("name=\"a\"") "1234567890" END;
    static const char FILE_[] = PART("name=\"a\"; filename=\"f\"") "12345678901" END;
    assert_int_equal(feed(MULTI, &tight, TEXT, sizeof TEXT - 1, 5, NULL), 413);
    assert_int_equal(feed(MULTI, &tight, FIT, sizeof FIT - 1, 5, NULL), 0);
    assert_int_equal(feed(MULTI, &tight, FILE_, sizeof FILE_ - 1, 5, NULL), 413);
    assert_int_equal(feed(URL, &tight, "a=12345678901", 13, 5, NULL), 413);
    const kz_form_rule no_file = { .bytes = 100 };
    assert_int_equal(feed(MULTI, &no_file, FILE_, sizeof FILE_ - 1, 5, NULL), 400);
}

static void a_file_name_is_for_people_only(void **state)
{
    (void)state;
    static const struct {
        const char *sent, *shown;
    } NAMES[] = { { "../../etc/passwd", "passwd" }, { "C:\\\\Daten\\\\ewo.csv", "ewo.csv" }, { "CON", "CON" }, { "/", "?" },
                  { "a%0D%0ASet-Cookie: x=1", "a__Set-Cookie: x=1" }, { "ver\xE2\x80\xAEvsc.exe", "vervsc.exe" },
                  { "<b>.csv", "<b>.csv" } };
    for (size_t i = 0; i < sizeof NAMES / sizeof *NAMES; i++) {
        char body[1000];
        kz_form *f;
        snprintf(body, sizeof body, PART("name=\"datei\"; filename=\"%s\"") "x" END, NAMES[i].sent);
        assert_int_equal(feed(MULTI, &RULE, body, strlen(body), 50, &f), 0);
        assert_file(f, NAMES[i].shown, "x");
        kz_form_free(f);
    }
}

/* ---- maps as forms ---- */

static void a_map_comes_back_from_its_form(void **state)
{
    (void)state;
    static const char MAP[] = "# Kommentar\n[datei]\nquelle = einwohner-tabelle\r\naufbau  = lang\n\n[spalten]\n"
                              "gebiet = raum_id\nmerkmal = tab_id | zeile\nwert = zahl\n[zeitraum]\nform = jahr\n"
                              "stichtag = 31.12.\nneu = was noch keiner kennt\n[gebiete]\n\n# erst die Stadt\n000 = stadt\n* = stadtteil:*\n\n"
                              "[merkmale]\n005 | Einwohner = pop\n[eigene]\ngreen_m2 = m² | 0 | Grün\n";
    static const char WANT[] = "[datei]\nquelle = einwohner-tabelle\naufbau = lang\n\n[spalten]\ngebiet = raum_id\n"
                               "merkmal = tab_id | zeile\nwert = zahl\n\n[zeitraum]\nform = jahr\nstichtag = 31.12.\n"
                               "neu = was noch keiner kennt\n\n[zahlen]\n\n[gebiete]\n# erst die Stadt\n000 = stadt\n* = stadtteil:*\n\n"
                               "[merkmale]\n005 | Einwohner = pop\n\n[eigene]\ngreen_m2 = m² | 0 | Grün\n\n";
    kz_arena a;
    kz_map_form f;
    kz_auto(kz_buf) out = kz_buf_init(1 << 16), again = kz_buf_init(1 << 16);
    kz_arena_init(&a, 1 << 20);
    assert_int_equal(kz_map_form_read(MAP, &a, &f), KZ_OK);
    assert_string_equal(f.set[KZ_MAP_MEASURE], "tab_id");
    assert_string_equal(f.set[KZ_MAP_MEASURE2], "zeile");
    kz_map_form_write(&f, &out);
    assert_string_equal(kz_buf_text(&out), WANT);
    assert_int_equal(kz_map_form_read(kz_buf_text(&out), &a, &f), KZ_OK);
    kz_map_form_write(&f, &again);
    assert_string_equal(kz_buf_text(&again), WANT);
    kz_arena_done(&a);
}

static void a_field_cannot_begin_a_section(void **state)
{
    (void)state;
    kz_arena a;
    kz_map_form f;
    kz_auto(kz_buf) out = kz_buf_init(1 << 16);
    kz_arena_init(&a, 1 << 20);
    assert_int_equal(kz_map_form_read("", &a, &f), KZ_OK);
    f.set[KZ_MAP_AREA] = "raum\r\n[gebiete]\n* = stadt";
    kz_map_form_write(&f, &out);
    assert_non_null(strstr(kz_buf_text(&out), "gebiet = raum\n"));
    assert_null(strstr(kz_buf_text(&out), "[gebiete]"));
    kz_arena_done(&a);
}

KZ_TEST_MAIN(KZ_TEST(reads_fields_and_a_file_however_the_bytes_are_cut),
             KZ_TEST(reads_what_is_urlencoded),
             KZ_TEST(a_file_that_was_not_chosen_is_none),
             KZ_TEST(a_file_that_was_taken_outlives_its_form),
             KZ_TEST(refuses_what_no_browser_sends),
             KZ_TEST(refuses_too_much_of_anything),
             KZ_TEST(a_file_name_is_for_people_only),
             KZ_TEST(a_map_comes_back_from_its_form),
             KZ_TEST(a_field_cannot_begin_a_section))
