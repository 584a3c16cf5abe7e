/* The examples of docs/ausdruecke.md, counted in the rows that stand there. */
#include "fact_town.h"

#include "io/file.h"
#include "monitor/expr_scope.h"
#include "monitor/fact_count.h"

enum { ROWS = 64, CELL = 256 };

typedef struct page {
    char cells[COLUMNS_MOST][ROWS][CELL], names[COLUMNS_MOST][CELL], source[CELL];
    const char *column[COLUMNS_MOST][ROWS], *area[ROWS];
    int rows, columns;
} page;

static void copy(char out[CELL], const char *p, size_t n)
{
    assert_true(n < CELL);
    memcpy(out, p, n);
    out[n] = '\0';
}

/* The block ```source … ```: a header and rows. */
static void read_rows(const char *text, page *p)
{
    const char *at = strstr(text, "\n```ewo\n");
    assert_non_null(at);
    copy(p->source, "ewo", 3);
    at = strchr(at + 1, '\n') + 1;
    for (int row = -1; strncmp(at, "```", 3) != 0; row++) {
        const char *end = strchr(at, '\n');
        for (int c = 0; at <= end; c++) {
            size_t n = strcspn(at, ",\n");
            copy(row < 0 ? p->names[c] : p->cells[c][row], at, n);
            p->columns = c + 1;
            at += n + 1;
        }
        p->rows = row + 1;
    }
    for (int c = 0; c < p->columns; c++)
        for (int r = 0; r < p->rows; r++)
            p->column[c][r] = p->cells[c][r];
    for (int r = 0; r < p->rows; r++)
        p->area[r] = "stadtteil:101";
}

/* The text between the next two backquotes. */
static const char *quoted(const char *at, char out[CELL])
{
    const char *from = strchr(at, '`');
    assert_non_null(from);
    size_t n = strcspn(from + 1, "`");
    copy(out, from + 1, n);
    return from + n + 2;
}

static int64_t count(town *t, const kz_expr *total)
{
    kz_auto(kz_arena) a;
    int64_t sum = 0;
    char path[256];
    snprintf(path, sizeof path, "%s/facts/00000001.kzc", t->path);
    kz_arena_init(&a, 64 << 20);
    for (int i = 0; i < total->n_arg; i++) {
        kz_atom atom = { .code = "", .expr = total->arg[i], .unit = "", .column = "" };
        const kz_atom *atoms[] = { &atom };
        kz_expr_plan plan;
        kz_fact_counts c;
        int64_t n = 0, persons[1] = { 0 };
        uint64_t stamp[1] = { 0 };
        assert_int_equal(kz_expr_plan_make(&atom.expr->arg[0], 1, &a, &plan, &t->err), KZ_OK);
        kz_fact_job job = { .path = path, .n = 1, .atoms = atoms, .plan = &plan };
        assert_int_equal(kz_fact_count(&job, &a, &c, &t->err), KZ_OK);
        assert_true(c.answered[0]);
        for (uint32_t p = 0; c.count[0] && p < c.n_places[0]; p++)
            n += c.count[0][p];
        if (!c.count[0]) {
            static const int NODE[] = { 0, 0 }, PARENT[] = { -1 };
            kz_fact_persons(&c.people[0], NODE, PARENT, stamp, persons);
            n = persons[0];
        }
        sum += (int64_t)total->arg[i]->weight * n;
    }
    return sum;
}

static void every_example_of_the_page_is_true(void **state)
{
    town *t = *state;
    const char *root = getenv("KZ_ROOT");
    kz_auto(kz_buf) text = kz_buf_init(1 << 20);
    kz_auto(kz_arena) a;
    const kz_expr_scope *scope;
    char path[512];
    int examples = 0;
    page *p = calloc(1, sizeof *p);
    assert_non_null(p);
    kz_arena_init(&a, 64 << 20);
    snprintf(path, sizeof path, "%s/docs/ausdruecke.md", root ? root : ".");
    assert_int_equal(kz_file_read(path, &text, &t->err), KZ_OK);
    assert_int_equal(kz_expr_scope_builtin(&scope, &t->err), KZ_OK);
    read_rows(kz_buf_text(&text), p);
    text_column cols[COLUMNS_MOST] = { { "area", 'c', p->area } };
    for (int c = 0; c < p->columns; c++) {
        char type = strcmp(p->names[c], "person") == 0 ? 'p' : 'c';
        if (strcmp(p->names[c], "age_months") == 0 || strcmp(p->names[c], "years_here") == 0)
            type = 'i';
        cols[c + 1] = (text_column){ p->names[c], type, p->column[c] };
    }
    deliver(t, p->source, "2024", p->rows, cols, p->columns + 1);

    const char *at = strstr(kz_buf_text(&text), "| Ausdruck | Ergebnis |");
    assert_non_null(at);
    at = strchr(strchr(at, '\n') + 1, '\n') + 1;
    for (; *at == '|'; at = strchr(at, '\n') + 1, examples++) {
        char written[CELL], canonical[CELL];
        kz_auto(kz_buf) out = kz_buf_init(1 << 16);
        const kz_expr *e;
        kz_expr_at where = { "docs/ausdruecke.md", examples, "Ausdruck" };
        const char *behind = quoted(at, written);
        int64_t want = strtoll(behind + strcspn(behind, "0123456789-"), NULL, 10);
        quoted(behind, canonical);
        if (kz_expr_parse(written, KZ_EXPR_FORM, scope, where, &a, &e, &t->err) != KZ_OK) {
            kz_err_say(&out, KZ_LANG_DE, &t->err);
            fail_msg("%s: %s", written, kz_buf_text(&out));
        }
        kz_expr_write(&out, e);
        assert_string_equal(kz_buf_text(&out), canonical);
        if (count(t, e) != want)
            fail_msg("%s: %lld, not %lld", written, (long long)count(t, e), (long long)want);
    }
    assert_true(examples >= 12);
    free(p);
}

#define TOWN(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
KZ_TEST_MAIN(TOWN(every_example_of_the_page_is_true))
