/* Is this GeoJSON, letter by letter? */
#include "kz_test.h"

#include "base/rng.h"
#include "io/geojson_check.h"

#include <stdio.h>
#include <string.h>

#define GOOD                                                                                             \
    "{\"type\":\"FeatureCollection\",\"features\":[{\"type\":\"Feature\",\"properties\":{\"n\":\"\\u00fc\", \"x\":[1,\"a\"]},\n" \
    "\"geometry\":{\"type\":\"Polygon\",\"coordinates\":[[[7,51],[7.1e0,51],[7.1,-51.5],[7,51]]]}}]}"

static kz_geojson_kind kind_of(const char *text)
{
    kz_geojson_fault f;
    bool good = kz_geojson_check(text, strlen(text), &f);
    assert_int_equal(good, f.kind == KZ_GEOJSON_FINE);
    return f.kind;
}

static void takes_what_the_standard_takes(void **state)
{
    (void)state;
    static const char *const FINE[] = {
        GOOD, " null ", "0", "-0", "1e308", "1E-999", "\"\\ud83d\\ude00\"", "[]", "{}", "[1,2,[3]]",
        "{\"coordinates\":null}", "{\"properties\":{\"coordinates\":\"x\"}}",
        "{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"Point\",\"coordinates\":[7,51]}]}",
        "{\"type\":\"Polygon\",\"coordinates\":[]}", "{\"a\":{\"b\":1},\"b\":2}",
    };
    for (size_t i = 0; i < sizeof FINE / sizeof *FINE; i++)
        if (kind_of(FINE[i]) != KZ_GEOJSON_FINE)
            fail_msg("%s: %d", FINE[i], kind_of(FINE[i]));
}

static void refuses_what_readers_forgive(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        kz_geojson_kind kind;
    } BAD[] = {
        { "", KZ_GEOJSON_SYNTAX },          { "{", KZ_GEOJSON_SYNTAX },         { "[1,]", KZ_GEOJSON_SYNTAX },
        { "{\"a\":1,}", KZ_GEOJSON_SYNTAX }, { "{'a':1}", KZ_GEOJSON_SYNTAX },   { "/* */ 1", KZ_GEOJSON_SYNTAX },
        { "1 2", KZ_GEOJSON_SYNTAX },       { "[1 2]", KZ_GEOJSON_SYNTAX },     { "{\"a\" 1}", KZ_GEOJSON_SYNTAX },
        { "[1}", KZ_GEOJSON_SYNTAX },       { "\"a", KZ_GEOJSON_SYNTAX },       { "\"\\x\"", KZ_GEOJSON_SYNTAX },
        { "NaN", KZ_GEOJSON_BAD_NUMBER },   { "-Infinity", KZ_GEOJSON_BAD_NUMBER }, { "01", KZ_GEOJSON_BAD_NUMBER },
        { "1.", KZ_GEOJSON_BAD_NUMBER },    { ".5", KZ_GEOJSON_BAD_NUMBER },    { "+1", KZ_GEOJSON_BAD_NUMBER },
        { "1e", KZ_GEOJSON_BAD_NUMBER },    { "1e999", KZ_GEOJSON_BAD_NUMBER }, { "0x1", KZ_GEOJSON_SYNTAX },
        { "nul", KZ_GEOJSON_BAD_NUMBER },
        { "1111111111222222222233333333334444444444555555555566666666667", KZ_GEOJSON_BAD_NUMBER },
        { "{\"a\":1,\"b\":2,\"a\":3}", KZ_GEOJSON_TWICE }, { "{\"a\":1,\"\\u0061\":3}", KZ_GEOJSON_TWICE },
        { "\"\\ud800\"", KZ_GEOJSON_TEXT }, { "\"\\udc00\\ud800\"", KZ_GEOJSON_TEXT }, { "\"\\u0000\"", KZ_GEOJSON_TEXT },
        { "\"a\nb\"", KZ_GEOJSON_TEXT },    { "\"\xFC\"", KZ_GEOJSON_TEXT },    { "\xEF\xBB\xBF{}", KZ_GEOJSON_BOM },
        { "{\"type\":\"Point\",\"coordinates\":[\"7\",51]}", KZ_GEOJSON_COORDINATE },
        { "{\"type\":\"Point\",\"coordinates\":[null,51]}", KZ_GEOJSON_COORDINATE },
        { "{\"type\":\"Point\",\"coordinates\":[{},51]}", KZ_GEOJSON_COORDINATE },
        { "{\"type\":\"Point\",\"coordinates\":7}", KZ_GEOJSON_COORDINATE },
        { "{\"type\":\"Polygon\",\"coordinates\":[[7,51],[8,51]]}", KZ_GEOJSON_LEVELS },
        { "{\"coordinates\":[[[[7,51],[8,51]]]],\"type\":\"Polygon\"}", KZ_GEOJSON_LEVELS },
        { "{\"type\":\"Polygon\",\"coordinates\":[[[7,51],51]]}", KZ_GEOJSON_LEVELS },
        { "{\"crs\":7}", KZ_GEOJSON_CRS },
    };
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++)
        if (kind_of(BAD[i].text) != BAD[i].kind)
            fail_msg("%s: %d instead of %d", BAD[i].text, kind_of(BAD[i].text), BAD[i].kind);
}

static void says_where(void **state)
{
    (void)state;
    kz_geojson_fault f;
    const char *two = "{\"features\":[{\"type\":\"Feature\"},\n{\"geometry\":{\"type\":\"Point\",\"coordinates\":[[7,51]]}}]}";
    assert_false(kz_geojson_check(two, strlen(two), &f));
    assert_int_equal(f.kind, KZ_GEOJSON_LEVELS);
    assert_int_equal(f.line, 2); /* the second feature */
    assert_string_equal(f.what, "Point");
    const char *third = "{\n\"a\":\n[1,,2]}";
    assert_false(kz_geojson_check(third, strlen(third), &f));
    assert_int_equal(f.line, 3);
}

static void a_million_brackets_are_too_deep(void **state)
{
    (void)state;
    static char text[1000000];
    kz_geojson_fault f;
    memset(text, '[', sizeof text);
    assert_false(kz_geojson_check(text, sizeof text, &f));
    assert_int_equal(f.kind, KZ_GEOJSON_DEEP);
    for (size_t i = 0; i < sizeof text - 6; i += 6)
        memcpy(text + i, "{\"a\":0", 6);
    assert_false(kz_geojson_check(text, sizeof text, &f));
}

/* Cut anywhere, or with any byte changed, it is refused or still JSON, and nothing is read beyond the end. */
static void any_bytes_have_an_answer(void **state)
{
    (void)state;
    kz_rng rng = { 5 };
    kz_geojson_fault f;
    for (size_t n = 0; n < strlen(GOOD); n++)
        assert_false(kz_geojson_check(GOOD, n, &f));
    for (int round = 0; round < 20000; round++) {
        char text[sizeof GOOD];
        memcpy(text, GOOD, sizeof text);
        text[kz_rng_below(&rng, sizeof text - 1)] = (char)kz_rng_below(&rng, 256);
        bool good = kz_geojson_check(text, sizeof text - 1, &f);
        assert_int_equal(good, f.kind == KZ_GEOJSON_FINE);
    }
}

KZ_TEST_MAIN(KZ_TEST(takes_what_the_standard_takes), KZ_TEST(refuses_what_readers_forgive), KZ_TEST(says_where),
             KZ_TEST(a_million_brackets_are_too_deep), KZ_TEST(any_bytes_have_an_answer))
