#include "kz_test.h"

#include "io/csv.h"

#include "base/text.h"
#include "io/csv_write.h"

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
    expect("Stadtteil;Kinder\nNippes;1.234\nKalk;987\n",
           "<Stadtteil><Kinder> 2:[Nippes][1.234] 3:[Kalk][987]");
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

static void refuse_n(const char *p, size_t n, kz_status want, const char *id, int64_t line)
{
    kz_auto(kz_buf) out = kz_buf_init(1 << 20), words = kz_buf_init(2000);
    kz_err err = { 0 };
    bool file = false;
    assert_int_equal(dump(p, n, &(kz_csv_opts){ 0 }, &out, &err), want);
    assert_string_equal(err.id, id);
    for (int i = 0; i < err.n_args; i++) {
        file |= strcmp(err.arg[i].name, "file") == 0;
        if (line && strcmp(err.arg[i].name, "line") == 0)
            assert_int_equal(err.arg[i].number, line);
    }
    assert_true(file);
    kz_err_say(&words, KZ_LANG_DE, &err); /* every argument of the German text is there */
    assert_null(strchr(kz_buf_text(&words), '{'));
}

static void refuse(const char *text, const char *id, int64_t line)
{
    refuse_n(text, strlen(text), KZ_E_INPUT, id, line);
}

static void refuses_tables_without_data(void **state)
{
    (void)state;
    refuse("", "csv.empty", 0);
    refuse("\xEF\xBB\xBF", "csv.empty", 0);
    refuse("\n\r\n\n", "csv.empty", 0);
    refuse("a;b\n", "csv.only_header", 0);
    refuse("a;b", "csv.only_header", 0);
    refuse("\xEF\xBB\xBF" "a;b\n\n\r\n", "csv.only_header", 0);
    refuse("sep=;\n", "csv.empty", 0);
}

static void reads_the_encodings_of_offices(void **state)
{
    (void)state;
    expect("\xEF\xBB\xBFOrt;n\nK\xC3\xB6ln;1\n", "<Ort><n> 2:[K\xC3\xB6ln][1]");
    expect("Ort;n\nK\xF6ln;1\n", "<Ort><n> 2:[K\xC3\xB6ln][1]");
    expect("Ort;n\nK\x9Aln;1\n", "<Ort><n> 2:[K\xC3\xB6ln][1]");
    expect_n("\xFF\xFEO\0;\0n\0\n\0\xF6\0;\0001\0\n\0", 18, "<O><n> 2:[\xC3\xB6][1]");
    expect_n("\xFE\xFF\0O\0;\0n\0\n\0\xF6\0;\0001\0\n", 18, "<O><n> 2:[\xC3\xB6][1]");
}

static void refuses_broken_text_and_other_formats(void **state)
{
    (void)state;
    refuse("a;b\n1;\xC0\xAF\n", "decode.bad_utf8", 2);
    refuse("a;b\n1;\xED\xA0\x80\n", "decode.bad_utf8", 2);
    refuse("a;b\n1;\xFE\n", "decode.unclear", 2);
    refuse_n("a;b\n1;\0\n", 8, KZ_E_INPUT, "decode.nul", 2);
    refuse("\x1F\x8B\x08", "decode.is_gzip", 0);
    refuse("PK\3\4....xl/workbook.xml", "decode.is_xlsx", 0);
}

static void keeps_what_stands_in_quotes(void **state)
{
    (void)state;
    expect("a,b\n\"x,y\",\"say \"\"ja\"\"\"\n\"\"\"\",\"\"\n", "<a><b> 2:[x,y][say \"ja\"] 3:[\"][]");
    expect("a,b\n\"two\nlines\",1\nx,2\n", "<a><b> 2:[two\nlines][1] 4:[x][2]");
    expect("a,b\n\"two\r\nlines\r\",1\nx,2\n", "<a><b> 2:[two\r\nlines\r][1] 5:[x][2]");
    expect("\"a;1\";b\n\"1\";2", "<a;1><b> 2:[1][2]");
}

static void refuses_quotes_that_do_not_fit(void **state)
{
    (void)state;
    refuse("a;b\n1;2\n3;\"open\n5;6\n", "csv.quote_open", 3);
    refuse("a;b\n1;\"x\"y\n", "csv.quote_after", 2);
    refuse("a;\"b\n1;2\n", "csv.quote_open", 1);
    refuse("a;b\"c\n1;2\n", "csv.header_quote", 1);
    refuse("a\n\"\"\"\"\"\n", "csv.quote_open", 2);
}

static void reports_rows_with_problems_and_goes_on(void **state)
{
    (void)state;
    expect("a;b;c\n1;2;3\n4;5\n6;7;8;9\n7\"x;8;9\n1;2;3\n",
           "<a><b><c> 2:[1][2][3] 3:[4][5]ragged 4:[6][7][8][9]ragged 5:[7\"x][8][9]quote 6:[1][2][3]");
    const char *text = "Ort;Kinder\nKalk;1\nNippes\n5\" Rohr;3\n";
    kz_auto(kz_csv) csv;
    kz_csv_row row;
    kz_err err = { 0 };
    kz_auto(kz_buf) words = kz_buf_init(1000);
    assert_int_equal(kz_csv_open_bytes(&csv, "t.csv", text, strlen(text), &(kz_csv_opts){ 0 }, &err), KZ_OK);
    assert_true(kz_csv_next(&csv, &row));
    assert_int_equal(kz_csv_check(&csv, &row, &err), KZ_OK);
    assert_true(kz_csv_next(&csv, &row));
    assert_int_equal(kz_csv_check(&csv, &row, &err), KZ_E_INPUT);
    kz_err_say(&words, KZ_LANG_DE, &err);
    assert_string_equal(kz_buf_text(&words), "t.csv, Zeile 3: Die Zeile hat 1 statt 2 Felder. "
                                             "Bitte die Zeile ergänzen oder das Trennzeichen prüfen.");
    assert_true(kz_csv_next(&csv, &row));
    assert_int_equal(kz_csv_check(&csv, &row, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "csv.quote_inside");
}

static void holds_its_limits(void **state)
{
    (void)state;
    size_t n = 200000;
    char *big = malloc(n);
    memset(big, 'x', n);
    memcpy(big, "a;b\n1;", 6);
    refuse_n(big, n, KZ_E_LIMIT, "csv.field", 2);
    big[6] = '"';
    big[n - 1] = '"';
    refuse_n(big, n, KZ_E_LIMIT, "csv.field", 2);
    big[6 + KZ_CSV_FIELD_MAX] = '\n'; /* exactly as long as allowed */
    big[6] = 'x';
    kz_auto(kz_csv) csv;
    kz_csv_row row;
    kz_err err = { 0 };
    size_t cut = 6 + KZ_CSV_FIELD_MAX;
    assert_int_equal(kz_csv_open_bytes(&csv, "t", big, cut, &(kz_csv_opts){ 0 }, &err), KZ_OK);
    assert_true(kz_csv_next(&csv, &row));
    assert_int_equal(row.field[1].n, KZ_CSV_FIELD_MAX);
    memset(big, ';', n);
    refuse_n(big, n, KZ_E_LIMIT, "csv.columns", 1);
    assert_int_equal(dump(big, n, &(kz_csv_opts){ .max_bytes = 1000 }, NULL, &err), KZ_E_LIMIT);
    assert_string_equal(err.id, "file.large");
    free(big);
}

static void refuses_a_header_that_is_not_clear(void **state)
{
    (void)state;
    refuse("a;b;a\n1;2;3\n", "csv.header_twice", 1);
    refuse("Kinder; kinder \n1;2\n", "csv.header_twice", 1);
    refuse("M\xC3\xA4" "dchen;Ma\xCC\x88" "dchen\n1;2\n", "csv.header_twice", 1);
    refuse("a;;c\n1;2;3\n", "csv.header_empty", 1);
    refuse("a; \xC2\xA0;c\n1;2;3\n", "csv.header_empty", 1);
}

static void finds_the_delimiter(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        char        delimiter;
        bool        sure;
    } CASE[] = {
        { "a;b\n1,5;2,5\n", ';', true },
        { "a,b\n1.5,2.5\n", ',', true },
        { "a\tb\n1,5\t2,5\n", '\t', true },
        { "a|b\n1|2\n", '|', true },
        { "Name;Wert, in %\nKalk;12,5\n", ';', false },
        { "a,b;c\n1,x\n2,y\n3,z\n", ',', true },
        { "\"x;y;z\",b\n1,2\n", ',', true },
        { "sep=,\na;1,b;1\n1;2,3;4\n", ',', true },
        { "SEP=\t\r\na\tb\n1\t2\n", '\t', true },
        { "one\n1\n2\n", ',', true },
    };
    for (size_t i = 0; i < sizeof CASE / sizeof *CASE; i++) {
        kz_auto(kz_csv) csv;
        kz_err err = { 0 };
        assert_int_equal(kz_csv_open_bytes(&csv, "t", CASE[i].text, strlen(CASE[i].text), &(kz_csv_opts){ 0 },
                                           &err),
                         KZ_OK);
        if (csv.delimiter != CASE[i].delimiter || csv.delimiter_sure != CASE[i].sure)
            fail_msg("%s: '%c' %d", CASE[i].text, csv.delimiter, csv.delimiter_sure);
    }
    expect("sep=,\na;1,b;1\n1;2,3;4\n", "<a;1><b;1> 3:[1;2][3;4]");
    kz_auto(kz_buf) out = kz_buf_init(1000);
    assert_int_equal(dump("a;b,c\n1;2,3\n", 12, &(kz_csv_opts){ .delimiter = ',' }, &out, NULL), KZ_OK);
    assert_string_equal(kz_buf_text(&out), "<a;b><c> 2:[1;2][3]");
}

static void counts_lines_like_an_editor_and_rows_like_a_spreadsheet(void **state)
{
    (void)state;
    const char *text = "Statistik K\xC3\xB6ln\n\na;b\n\"x\ny\";1\n\nz;2\n";
    kz_auto(kz_csv) csv;
    kz_csv_row row;
    kz_err err = { 0 };
    assert_int_equal(kz_csv_open_bytes(&csv, "t", text, strlen(text), &(kz_csv_opts){ .skip_lines = 2 },
                                       &err),
                     KZ_OK);
    for (int twice = 0; twice < 2; twice++) {
        assert_true(kz_csv_next(&csv, &row));
        assert_int_equal(row.line, 4);
        assert_int_equal(row.record, 4);
        assert_true(kz_csv_next(&csv, &row));
        assert_int_equal(row.line, 7);
        assert_int_equal(row.record, 6);
        assert_false(kz_csv_next(&csv, &row));
        assert_int_equal(kz_csv_end(&csv, &err), KZ_OK);
        kz_csv_rewind(&csv);
    }
}

static void finds_columns_by_name_and_lists_them_if_not(void **state)
{
    (void)state;
    const char *text = "raum_id; Stra\xC3\x9F" "e ;zahl\n1;2;3\n";
    kz_auto(kz_csv) csv;
    kz_err err = { 0 };
    size_t column = 99;
    assert_int_equal(kz_csv_open_bytes(&csv, "t.csv", text, strlen(text), &(kz_csv_opts){ 0 }, &err), KZ_OK);
    assert_int_equal(kz_csv_column(&csv, "wert", &column, &err), KZ_E_INPUT);
    assert_int_equal(column, 99);
    kz_auto(kz_buf) words = kz_buf_init(1000);
    kz_err_say(&words, KZ_LANG_DE, &err);
    assert_string_equal(kz_buf_text(&words), "t.csv: Die Spalte „wert“ gibt es nicht. Vorhanden sind: "
                                             "raum_id, Straße, zahl.");
    assert_int_equal(kz_csv_column(&csv, "ZAHL", &column, &err), KZ_OK);
    assert_int_equal(column, 2);
    assert_int_equal(kz_csv_column(&csv, "stra\xC3\x9F" "e", &column, &err), KZ_OK);
    assert_int_equal(column, 1);
}

static void says_when_a_file_cannot_be_had(void **state)
{
    (void)state;
    kz_csv csv;
    kz_err err = { 0 };
    assert_int_equal(kz_csv_open(&csv, "/nonexistent/x.csv", &(kz_csv_opts){ 0 }, &err), KZ_E_MISSING);
    assert_string_equal(err.id, "file.missing");
    assert_int_equal(kz_csv_open(&csv, "/", &(kz_csv_opts){ 0 }, &err), KZ_E_INPUT);
    assert_string_equal(err.id, "file.directory");
    assert_int_equal(kz_csv_open(&csv, "/proc/self/exe", &(kz_csv_opts){ .max_bytes = 100 }, &err),
                     KZ_E_LIMIT);
    assert_string_equal(err.id, "file.large");
    /* Endless, and without a size: the limit holds all the same. */
    assert_int_equal(kz_csv_open(&csv, "/dev/zero", &(kz_csv_opts){ .max_bytes = 1000000 }, &err),
                     KZ_E_LIMIT);
    assert_string_equal(err.id, "file.large");
    kz_csv_done(&csv);
}

static void reads_from_a_file_and_from_standard_input(void **state)
{
    (void)state;
    char path[] = "/tmp/kz_csv_XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, "a,b\n1,2\n", 8), 8);
    kz_csv_row row;
    kz_err err = { 0 };
    for (int i = 0; i < 2; i++) {
        kz_auto(kz_csv) csv;
        int saved = dup(STDIN_FILENO);
        assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
        assert_true(dup2(fd, STDIN_FILENO) >= 0);
        assert_int_equal(kz_csv_open(&csv, i ? "-" : path, &(kz_csv_opts){ 0 }, &err), KZ_OK);
        assert_true(dup2(saved, STDIN_FILENO) >= 0);
        close(saved);
        assert_true(kz_csv_next(&csv, &row));
        assert_true(kz_view_is(row.field[1], "2"));
    }
    close(fd);
    unlink(path);
}

static void reads_every_cut_of_a_long_table_alike(void **state)
{
    (void)state;
    /* Fields of all lengths cross the borders of the 64-byte steps in every way. */
    kz_auto(kz_buf) text = kz_buf_init(1 << 20);
    kz_csv_out w = { .out = &text };
    kz_csv_put_str(&w, "a");
    kz_csv_put_str(&w, "b");
    kz_csv_line(&w);
    char field[200];
    for (int i = 0; i < 200; i++) {
        field[i] = "x,\"y;\rz"[i % 7];
        kz_csv_put(&w, (kz_view){ field, (size_t)i });
        kz_csv_put_int(&w, i);
        kz_csv_line(&w);
    }
    kz_auto(kz_csv) csv;
    kz_csv_row row;
    kz_err err = { 0 };
    assert_int_equal(kz_csv_open_bytes(&csv, "t", text.p, text.n, &(kz_csv_opts){ 0 }, &err), KZ_OK);
    for (int i = 0; i < 200; i++) {
        assert_true(kz_csv_next(&csv, &row));
        assert_int_equal(row.problem, KZ_CSV_FINE);
        assert_int_equal(row.field[0].n, i);
        assert_memory_equal(row.field[0].p, field, (size_t)i);
    }
    assert_false(kz_csv_next(&csv, &row));
    assert_int_equal(kz_csv_end(&csv, &err), KZ_OK);
}

static void reads_the_register_table_of_cologne(void **state)
{
    (void)state;
    const char *shared = getenv("KZ_SHARED");
    kz_auto(kz_buf) path = kz_buf_init(1000);
    kz_buf_fmt(&path, "%s/data/koeln/bevoelkerung.csv", shared ? shared : "../shared");
    if (access(kz_buf_text(&path), R_OK) != 0)
        skip();
    kz_auto(kz_csv) csv;
    kz_csv_row row;
    kz_err err = { 0 };
    uint64_t rows = 0;
    assert_int_equal(kz_csv_open(&csv, kz_buf_text(&path), &(kz_csv_opts){ 0 }, &err), KZ_OK);
    assert_int_equal(csv.n_columns, 9);
    while (kz_csv_next(&csv, &row)) {
        assert_int_equal(row.problem, KZ_CSV_FINE);
        rows++;
    }
    assert_int_equal(kz_csv_end(&csv, &err), KZ_OK);
    assert_int_equal(rows, 29135);
}

KZ_TEST_MAIN(KZ_TEST(reads_a_table_of_an_office),
             KZ_TEST(reads_all_line_ends_alike),
             KZ_TEST(refuses_tables_without_data),
             KZ_TEST(reads_the_encodings_of_offices),
             KZ_TEST(refuses_broken_text_and_other_formats),
             KZ_TEST(keeps_what_stands_in_quotes),
             KZ_TEST(refuses_quotes_that_do_not_fit),
             KZ_TEST(reports_rows_with_problems_and_goes_on),
             KZ_TEST(holds_its_limits),
             KZ_TEST(refuses_a_header_that_is_not_clear),
             KZ_TEST(finds_the_delimiter),
             KZ_TEST(counts_lines_like_an_editor_and_rows_like_a_spreadsheet),
             KZ_TEST(finds_columns_by_name_and_lists_them_if_not),
             KZ_TEST(says_when_a_file_cannot_be_had),
             KZ_TEST(reads_from_a_file_and_from_standard_input),
             KZ_TEST(reads_every_cut_of_a_long_table_alike),
             KZ_TEST(reads_the_register_table_of_cologne))
