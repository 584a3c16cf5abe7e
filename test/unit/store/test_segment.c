/* Column segments: what was written is read; what is damaged is found. */
#include "store/segment.h"

#include "base/rng.h"
#include "io/file.h"
#include "kz_test.h"
#include "temp_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static kz_view word(const char *s)
{
    return kz_view_of(s);
}

/* Three rows that one can read in the file. */
static const uint32_t area_codes[] = { 1, 0, 1 };
static const int64_t  euros[] = { -5, 1LL << 40, 0 };
static const int32_t  months[] = { 480, -1, 7 };

static kz_segment_plan three_rows(kz_segment_column cols[3], kz_view dict[2])
{
    dict[0] = word("Nippes");
    dict[1] = word("Köln-Süd");
    cols[0] = (kz_segment_column){ .name = "area", .type = KZ_SEG_CODE, .codes = area_codes, .dict = dict, .n_dict = 2 };
    cols[1] = (kz_segment_column){ .name = "euro", .type = KZ_SEG_I64, .i64 = euros };
    cols[2] = (kz_segment_column){ .name = "born", .type = KZ_SEG_MONTH, .i32 = months };
    return (kz_segment_plan){ .n_rows = 3, .n_columns = 3, .columns = cols, .import = 7,
                              .source_hash = { 0xAB, [31] = 0xCD } };
}

static void assert_three_rows(kz_segment *seg)
{
    kz_segment_view v;
    uint32_t c;
    assert_int_equal(seg->n_rows, 3);
    assert_int_equal(seg->import, 7);
    assert_int_equal(seg->source_hash[0], 0xAB);
    assert_int_equal(seg->source_hash[31], 0xCD);
    assert_int_equal(kz_segment_find(seg, "area", &c, NULL), KZ_OK);
    assert_int_equal(kz_segment_read(seg, c, &v, NULL), KZ_OK);
    assert_int_equal(v.width, 1);
    assert_memory_equal(v.p, "\1\0\1", 3);
    assert_int_equal(v.n_dict, 2);
    assert_true(kz_view_is(v.dict[1], "Köln-Süd"));
    assert_int_equal(kz_segment_find(seg, "euro", &c, NULL), KZ_OK);
    assert_int_equal(kz_segment_read(seg, c, &v, NULL), KZ_OK);
    assert_memory_equal(v.p, euros, sizeof euros);
    assert_true(v.lo == -5 && v.hi == 1LL << 40);
    assert_int_equal(kz_segment_find(seg, "born", &c, NULL), KZ_OK);
    assert_int_equal(kz_segment_read(seg, c, &v, NULL), KZ_OK);
    assert_int_equal(v.type, KZ_SEG_MONTH);
    assert_memory_equal(v.p, months, sizeof months);
}

static void what_was_written_is_read(void **state)
{
    (void)state;
    kz_segment_column cols[3];
    kz_view dict[2];
    kz_segment_plan plan = three_rows(cols, dict);
    char name[KZ_SEGMENT_NAME], path[512];
    struct stat info;
    for (int i = 1; i <= 3; i++) { /* each one is a new file */
        char want[KZ_SEGMENT_NAME];
        snprintf(want, sizeof want, "%08d.kzc", i);
        assert_int_equal(kz_segment_append(temp_folder, &plan, name, NULL), KZ_OK);
        assert_string_equal(name, want);
        snprintf(path, sizeof path, "%s/%s", temp_folder, name);
        assert_int_equal(stat(path, &info), 0);
        assert_int_equal(info.st_mode & 0777, 0600);
        kz_auto(kz_segment) seg = { 0 };
        assert_int_equal(kz_segment_open(path, &seg, NULL), KZ_OK);
        assert_three_rows(&seg);
    }
}

static void many_rows_in_blocks(void **state)
{
    (void)state;
    enum { ROWS = 2 * KZ_SEGMENT_BLOCK + 17, WORDS = 300 };
    static uint32_t codes[ROWS];
    static int32_t days[ROWS];
    static char text[WORDS][8];
    kz_view dict[WORDS];
    char path[512];
    kz_rng r = kz_rng_stream(3, 3);
    for (int i = 0; i < WORDS; i++) {
        snprintf(text[i], sizeof text[i], "w%d", i);
        dict[i] = word(text[i]);
    }
    for (int i = 0; i < ROWS; i++) {
        codes[i] = kz_rng_below(&r, WORDS);
        days[i] = i;
    }
    kz_segment_column cols[] = {
        { .name = "w", .type = KZ_SEG_CODE, .codes = codes, .dict = dict, .n_dict = WORDS },
        { .name = "d", .type = KZ_SEG_DATE, .i32 = days },
    };
    kz_segment_plan plan = { .n_rows = ROWS, .n_columns = 2, .columns = cols };
    snprintf(path, sizeof path, "%s/many.kzc", temp_folder);
    assert_int_equal(kz_segment_write(path, &plan, NULL), KZ_OK);
    assert_int_equal(kz_segment_write(path, &plan, NULL), KZ_OK); /* takes the place of the first */
    kz_auto(kz_segment) seg = { 0 };
    kz_segment_view v;
    int64_t lo, hi;
    assert_int_equal(kz_segment_open(path, &seg, NULL), KZ_OK);
    assert_int_equal(seg.n_blocks, 3);
    kz_segment_block(&seg, 1, 1, &lo, &hi);
    assert_int_equal(lo, KZ_SEGMENT_BLOCK);
    assert_int_equal(hi, 2 * KZ_SEGMENT_BLOCK - 1);
    assert_int_equal(kz_segment_read(&seg, 0, &v, NULL), KZ_OK);
    assert_int_equal(v.width, 2);
    for (int i = 0; i < ROWS; i++)
        assert_int_equal(((const uint16_t *)v.p)[i], codes[i]);
    assert_int_equal(kz_segment_read(&seg, 1, &v, NULL), KZ_OK);
    assert_memory_equal(v.p, days, sizeof days);
}

static void no_rows_and_no_columns_are_a_segment_too(void **state)
{
    (void)state;
    kz_segment_column cols[3];
    kz_view dict[2];
    kz_segment_plan plan = three_rows(cols, dict);
    char path[512];
    snprintf(path, sizeof path, "%s/empty.kzc", temp_folder);
    plan.n_rows = 0;
    for (plan.n_columns = 0; plan.n_columns <= 3; plan.n_columns += 3) {
        kz_auto(kz_segment) seg = { 0 };
        kz_segment_view v;
        assert_int_equal(kz_segment_write(path, &plan, NULL), KZ_OK);
        assert_int_equal(kz_segment_open(path, &seg, NULL), KZ_OK);
        for (uint32_t c = 0; c < seg.n_columns; c++) {
            assert_int_equal(kz_segment_read(&seg, c, &v, NULL), KZ_OK);
            assert_true(v.lo == 0 && v.hi == -1);
        }
    }
}

/* ---- damage ------------------------------------------------------------------------------ */

/* Opens and reads everything; false when it is refused, with a message that names the file. */
static bool reads(const char *path, kz_err *err)
{
    kz_auto(kz_segment) seg = { 0 };
    kz_segment_view v;
    *err = (kz_err){ 0 };
    if (kz_segment_open(path, &seg, err) != KZ_OK)
        return false;
    for (uint32_t c = 0; c < seg.n_columns; c++) {
        if (kz_segment_read(&seg, c, &v, err) != KZ_OK)
            return false;
    }
    assert_three_rows(&seg);
    return true;
}

static void every_changed_byte_is_found(void **state)
{
    (void)state;
    kz_segment_column cols[3];
    kz_view dict[2];
    kz_segment_plan plan = three_rows(cols, dict);
    char path[512];
    kz_err err;
    size_t harmless = 0;
    snprintf(path, sizeof path, "%s/flip.kzc", temp_folder);
    assert_int_equal(kz_segment_write(path, &plan, NULL), KZ_OK);
    kz_auto(kz_buf) b = kz_buf_init(1 << 20);
    assert_int_equal(kz_file_read(path, &b, NULL), KZ_OK);
    for (size_t i = 0; i < b.n; i++) {
        b.p[i] = (char)(b.p[i] ^ 0x20);
        temp_write(path, b.p, b.n);
        if (reads(path, &err)) { /* then every value was right: it lies between the columns */
            harmless++;
        } else {
            assert_int_equal(err.status, KZ_E_INPUT);
            assert_string_equal(err.arg[0].name, "file");
        }
        b.p[i] = (char)(b.p[i] ^ 0x20);
    }
    assert_true(harmless < 3 * 64);
    for (size_t n = 0; n < b.n; n++) { /* cut short */
        temp_write(path, b.p, n);
        assert_false(reads(path, &err));
    }
    b.p[b.n - 1] ^= 1; /* the last column's rows */
    temp_write(path, b.p, b.n);
    assert_false(reads(path, &err));
    assert_string_equal(err.id, "segment.damaged_block");
    assert_string_equal(err.arg[1].name, "column");
    assert_int_equal(err.arg[2].number, 1);
}

static void refuses_what_is_not_there(void **state)
{
    (void)state;
    kz_segment_column cols[3];
    kz_view dict[2];
    kz_segment_plan plan = three_rows(cols, dict);
    char name[KZ_SEGMENT_NAME] = "as it was", path[512];
    kz_segment seg = { 0 };
    kz_err err = { 0 };
    uint32_t c = 77;
    assert_int_equal(kz_segment_append("/proc/nowhere", &plan, name, &err), KZ_E_IO);
    assert_string_equal(name, "as it was");
    plan.n_columns = KZ_SEGMENT_COLUMNS + 1;
    assert_int_equal(kz_segment_append(temp_folder, &plan, name, &err), KZ_E_LIMIT);
    plan.n_columns = 3;
    snprintf(path, sizeof path, "%s/none.kzc", temp_folder);
    assert_int_equal(kz_segment_open(path, &seg, &err), KZ_E_MISSING);
    assert_int_equal(kz_segment_open("/proc", &seg, &err), KZ_E_INPUT);
    assert_int_equal(kz_segment_write(path, &plan, &err), KZ_OK);
    assert_int_equal(kz_segment_open(path, &seg, &err), KZ_OK);
    assert_int_equal(kz_segment_find(&seg, "name", &c, &err), KZ_E_INPUT);
    assert_int_equal(c, 77);
    kz_segment_done(&seg);
}

KZ_TEST_MAIN_IN_FOLDER(KZ_TEST(what_was_written_is_read), KZ_TEST(many_rows_in_blocks),
                       KZ_TEST(no_rows_and_no_columns_are_a_segment_too), KZ_TEST(every_changed_byte_is_found),
                       KZ_TEST(refuses_what_is_not_there))
