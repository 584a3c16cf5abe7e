/*
 * bench_cube - the counting kernel alone: ten million made-up rows, and what is measured on them.
 *
 *     bench_cube make ROWS COLUMNS SEED FOLDER           rows.kzc and, for other programs, rows.csv, area.csv
 *     bench_cube base|full|distinct THREADS FOLDER OUT   count, write the cells to OUT, times to stdout
 *
 * Rows are child-years: a child of 2.5 million has about four.  A child's sex, origin and area
 * mostly stay, age and year go on.  Columns beyond those that are counted are random codes, as in a real
 * extract most columns are not asked for.
 *   base      area × age × sex × origin × year × status, lowest codes only
 *   full      area hierarchy (400 in 60 in 8) × cube of age, sex, origin, year, status
 *   distinct  children over the area hierarchy × cube of age, sex, year
 */
#include "base/rng.h"
#include "monitor/cube.h"
#include "store/segment.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { DIMS = 6, AREAS = 400, MIDDLE = 60, TOP = 8 };
static const char *const NAME[DIMS] = { "area", "age", "sex", "origin", "year", "status" };
static const uint32_t VALUES[DIMS] = { AREAS, 18, 2, 6, 15, 5 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

/* Seconds of all threads: what counts where others use the machine, too. */
static double used(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void check(kz_status st, const kz_err *err)
{
    if (st == KZ_OK)
        return;
    fprintf(stderr, "bench_cube: %s\n", err->id);
    exit(1);
}

static void *get(size_t n)
{
    void *p = malloc(n);
    if (!p)
        abort();
    return p;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static uint32_t value_of(int column, uint64_t seed, uint32_t child, uint64_t row)
{
    kz_rng by_child = kz_rng_stream(seed + (uint64_t)column, child), by_row = kz_rng_stream(seed + 99, row * 64 + (unsigned)column);
    uint32_t year = (uint32_t)(row % 15), stays = kz_rng_below(&by_row, 20);
    kz_rng born = kz_rng_stream(seed + 7, child);
    switch (column) {
    case 0: /* few in large areas, and one in twenty has moved */
        if (stays == 0)
            by_child = by_row;
        return (uint32_t)(kz_rng_unit(&by_child) * kz_rng_unit(&by_child) * AREAS);
    case 1:
        return (kz_rng_below(&born, 18) + year) % 18;
    case 2:
    case 3:
        return kz_rng_below(&by_child, VALUES[column]);
    case 4:
        return year;
    default:
        return kz_rng_below(&by_row, column == 5 ? 5 : 2 + (uint32_t)column * 11);
    }
}

static void put_number(FILE *f, uint32_t x, char after)
{
    char text[12], *at = text + sizeof text;
    *--at = after;
    do
        *--at = (char)('0' + x % 10);
    while (x /= 10);
    fwrite(at, 1, (size_t)(text + sizeof text - at), f);
}

static FILE *create(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "w");
    if (!f)
        abort();
    return f;
}

static void make(uint32_t rows, uint32_t columns, uint64_t seed, const char *folder)
{
    uint32_t **codes = get(columns * sizeof *codes), persons = rows / 4 + 1;
    kz_segment_column *cols = calloc(columns, sizeof *cols);
    static kz_view digits[512];
    static char text[512][4], name[1024][12];
    for (int i = 0; i < 512; i++) {
        snprintf(text[i], sizeof text[i], "%d", i);
        digits[i] = kz_view_of(text[i]);
    }
    for (uint32_t c = 0; c < columns; c++)
        codes[c] = get(rows * sizeof **codes);
    for (uint32_t r = 0; r < rows; r++) {
        kz_rng any = kz_rng_stream(seed, r);
        uint32_t child = kz_rng_below(&any, persons);
        for (uint32_t c = 0; c + 1 < columns; c++)
            codes[c][r] = value_of((int)c, seed, child, r);
        codes[columns - 1][r] = child;
    }
    FILE *f = create(folder, "rows.csv");
    for (uint32_t c = 0; c < columns; c++) {
        if (c < DIMS)
            snprintf(name[c], sizeof name[c], "%s", NAME[c]);
        else
            snprintf(name[c], sizeof name[c], c + 1 < columns ? "c%u" : "child", c);
        fprintf(f, "%s%c", name[c], c + 1 < columns ? ',' : '\n');
        cols[c] = (kz_segment_column){ .name = name[c], .type = c + 1 < columns ? KZ_SEG_CODE : KZ_SEG_I32,
                                       .codes = codes[c], .i32 = (int32_t *)codes[c], .dict = digits,
                                       .n_dict = c < DIMS ? VALUES[c] : 512 };
        if (c + 1 == columns)
            cols[c].n_dict = 0;
    }
    for (uint32_t r = 0; r < rows; r++)
        for (uint32_t c = 0; c < columns; c++)
            put_number(f, codes[c][r], c + 1 < columns ? ',' : '\n');
    fclose(f);
    f = create(folder, "area.csv");
    fputs("area,middle,top\n", f);
    for (uint32_t a = 0; a < AREAS; a++)
        fprintf(f, "%u,%u,%u\n", a, a * MIDDLE / AREAS, a * MIDDLE / AREAS * TOP / MIDDLE);
    fclose(f);
    kz_segment_plan plan = { .n_rows = rows, .n_columns = columns, .columns = cols };
    char path[4096];
    kz_err err = { 0 };
    snprintf(path, sizeof path, "%s/rows.kzc", folder);
    check(kz_segment_write(path, &plan, &err), &err);
}

/* ---- counting --------------------------------------------------------------------------------- */

/* Nodes in one order for everybody: 0 whole, top, middle, areas. */
static uint32_t area_parent[1 + TOP + MIDDLE + AREAS];

static void make_parents(void)
{
    for (uint32_t i = 0; i < MIDDLE; i++)
        area_parent[1 + TOP + i] = 1 + i * TOP / MIDDLE;
    for (uint32_t i = 0; i < AREAS; i++)
        area_parent[1 + TOP + MIDDLE + i] = 1 + TOP + i * MIDDLE / AREAS;
}

static void put_cells(kz_cube *cube, int n_dims, bool lowest, bool distinct, const char *path)
{
    FILE *f = fopen(path, "w");
    kz_cube_cell c;
    if (!f)
        abort();
    while (kz_cube_next(cube, &c)) {
        bool skip = false;
        for (int d = 0; d < n_dims && lowest; d++)
            skip |= d == 0 ? c.node[0] <= TOP + MIDDLE : c.node[d] == 0;
        if (skip)
            continue;
        for (int d = 0; d < n_dims; d++)
            put_number(f, c.node[d], ',');
        put_number(f, (uint32_t)(distinct ? c.distinct : c.n), '\n');
    }
    fclose(f);
}

static void measure(const char *what, int threads, const char *folder, const char *out)
{
    static const int FULL[] = { 0, 1, 2, 3, 4, 5 }, FOUR[] = { 0, 1, 2, 4 };
    bool distinct = strcmp(what, "distinct") == 0, base = strcmp(what, "base") == 0;
    const int *which = distinct ? FOUR : FULL;
    int n_dims = distinct ? 4 : DIMS;
    kz_segment seg = { 0 };
    kz_segment_view v;
    kz_cube_dim dims[DIMS];
    kz_err err = { 0 };
    char path[4096];
    double start = now(), best = 1e9, least = 1e9, open;
    make_parents();
    snprintf(path, sizeof path, "%s/rows.kzc", folder);
    check(kz_segment_open(path, &seg, &err), &err);
    for (int d = 0; d < n_dims; d++) {
        uint32_t first = which[d] == 0 ? 1 + TOP + MIDDLE : 1;
        check(kz_segment_read(&seg, (uint32_t)which[d], &v, &err), &err);
        dims[d] = (kz_cube_dim){ .codes = { v.p, v.width }, .first = first, .n_nodes = first + VALUES[which[d]],
                                 .parent = which[d] == 0 ? area_parent : NULL };
    }
    check(kz_segment_read(&seg, seg.n_columns - 1, &v, &err), &err);
    open = now() - start;
    kz_cube_job job = { .n_rows = seg.n_rows, .n_dims = n_dims, .dims = dims, .threads = threads };
    if (distinct)
        job.person = (kz_codes){ v.p, 4 };
    for (int round = 0; round < 3; round++) {
        kz_cube *cube;
        double begin = used();
        start = now();
        check(kz_cube_make(&job, &cube, &err), &err);
        double took = now() - start, cpu = used() - begin;
        best = took < best ? took : best;
        least = cpu < least ? cpu : least;
        if (round == 2)
            put_cells(cube, n_dims, base, distinct, out);
        kz_cube_free(cube);
    }
    printf("%.4f %.4f %.4f\n", best, least, open);
    kz_segment_done(&seg);
}

int main(int argc, char **argv)
{
    if (argc == 6 && strcmp(argv[1], "make") == 0)
        make((uint32_t)strtoul(argv[2], NULL, 10), (uint32_t)strtoul(argv[3], NULL, 10), strtoull(argv[4], NULL, 10), argv[5]);
    else if (argc == 5)
        measure(argv[1], (int)strtol(argv[2], NULL, 10), argv[3], argv[4]);
    else
        return 2;
    return 0;
}
