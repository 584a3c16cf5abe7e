#include "kz_test.h"

#include "io/csv.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The whole table as text: fields in [], rows ended by the line where they begin. */
static kz_status dump(const char *p, size_t n, const kz_csv_opts *opts, kz_buf *out, kz_err *err)
{
    kz_auto(kz_csv) csv;
    kz_csv_row row;
    KZ_TRY(kz_csv_open_bytes(&csv, "t.csv", p, n, opts, err));
    for (size_t i = 0; i < csv.n_columns; i++)
        kz_buf_fmt(out, "<%.*s>", (int)csv.header[i].n, csv.header[i].p);
    while (kz_csv_next(&csv, &row)) {
        kz_buf_fmt(out, " %d:", (int)row.line);
        for (size_t i = 0; i < row.n; i++)
            kz_buf_fmt(out, "[%.*s]", (int)row.field[i].n, row.field[i].p);
        if (row.problem)
            kz_buf_str(out, row.problem == KZ_CSV_RAGGED ? "ragged" : "quote");
    }
    return kz_csv_end(&csv, err);
}

static void expect_n(const char *p, size_t n, const char *want)
{
    kz_auto(kz_buf) out = kz_buf_init(1 << 20);
    kz_err err = { 0 };
    /* A copy of exactly this size, so that a read past the end is seen. */
    char *copy = malloc(n ? n : 1);
    memcpy(copy, p, n);
    assert_int_equal(dump(copy, n, &(kz_csv_opts){ 0 }, &out, &err), KZ_OK);
    assert_string_equal(kz_buf_text(&out), want);
    free(copy);
}

static void expect(const char *text, const char *want)
{
    expect_n(text, strlen(text), want);
}



static void reads_a_table_of_an_office(void **state)
{
    (void)state;
    expect("Stadtteil;Kinder\nNippes;1.234\nKalk;987\n", "<Stadtteil><Kinder> 2:[Nippes][1.234] 3:[Kalk][987]");
}

static void reads_all_line_ends_alike(void **state)
{
    (void)state;
    const char *want = "<a><b> 2:[1][2] 3:[3][4]";
    expect("a,b\n1,2\n3,4\n", want);
    expect("a,b\r\n1,2\r\n3,4\r\n", want);
    expect("a,b\r1,2\r3,4\r", want);
    expect("a,b\r\n1,2\r3,4", want);
    expect("a,b\n1,2\r\n3,4", want);
}

KZ_TEST_MAIN(KZ_TEST(reads_a_table_of_an_office),
             KZ_TEST(reads_all_line_ends_alike))
