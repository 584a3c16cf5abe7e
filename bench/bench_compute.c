/*
 * bench_compute - many questions in one pass over the rows of bench_cube (rows.kzc).
 *
 *     bench_compute FOLDER QUESTIONS OUT      a condition a line; OUT: question,area,n where n > 0
 *
 * Prints seconds on the clock and of the processor, opening and checking of the file included.
 */
#include "monitor/expr_scope.h"
#include "monitor/fact_count.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MOST = 256, LINE = 1024 };

static const kz_expr_column COLUMNS[] = {
    { "area", KZ_T_OPEN, 0, NULL, NULL },   { "age", KZ_T_OPEN, 0, NULL, NULL },  { "sex", KZ_T_OPEN, 0, NULL, NULL },
    { "origin", KZ_T_OPEN, 0, NULL, NULL }, { "year", KZ_T_OPEN, 0, NULL, NULL }, { "status", KZ_T_OPEN, 0, NULL, NULL },
};
static const kz_expr_source SOURCES[] = { { "rows", false, 6, COLUMNS } };
static const kz_expr_scope SCOPE = { .n_sources = 1, .sources = SOURCES };

static double now(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static void check(kz_status st, const kz_err *err)
{
    if (st == KZ_OK)
        return;
    fprintf(stderr, "bench_compute: %s\n", err->id);
    exit(1);
}

int main(int argc, char **argv)
{
    static char line[LINE], path[4096];
    static kz_expr counts[MOST];
    static kz_atom atoms[MOST];
    const kz_expr *conditions[MOST];
    const kz_atom *all[MOST];
    kz_arena a;
    kz_err err = { 0 };
    kz_expr_plan plan;
    kz_fact_counts c;
    int n = 0;
    if (argc != 4)
        return 2;
    kz_arena_init(&a, (size_t)1 << 30);
    FILE *in = fopen(argv[2], "r");
    if (!in)
        return 2;
    for (; n < MOST && fgets(line, sizeof line, in); n++) {
        kz_expr_at at = { argv[2], n + 1, "question" };
        line[strcspn(line, "\n")] = '\0';
        const char *text = kz_arena_strdup(&a, line);
        if (!text)
            return 1;
        check(kz_expr_parse_condition(text, "rows", &SCOPE, at, &a, &conditions[n], &err), &err);
        counts[n] = (kz_expr){ .op = KZ_X_COUNT, .name = "rows", .arg = &conditions[n], .n_arg = 1 };
        atoms[n] = (kz_atom){ .code = text, .expr = &counts[n], .unit = "", .column = "" };
        all[n] = &atoms[n];
    }
    fclose(in);
    snprintf(path, sizeof path, "%s/rows.kzc", argv[1]);
    double wall = now(CLOCK_MONOTONIC), cpu = now(CLOCK_PROCESS_CPUTIME_ID);
    check(kz_expr_plan_make(conditions, n, &a, &plan, &err), &err);
    kz_fact_job job = { .path = path, .n = n, .atoms = all, .plan = &plan };
    check(kz_fact_count(&job, &a, &c, &err), &err);
    wall = now(CLOCK_MONOTONIC) - wall;
    cpu = now(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    FILE *out = fopen(argv[3], "w");
    if (!out)
        return 1;
    for (int k = 0; k < n; k++)
        for (uint32_t p = 0; p < c.n_places[k]; p++)
            if (c.count[k][p] > 0)
                fprintf(out, "%d,%.*s,%lld\n", k, (int)c.place[k][p].n, c.place[k][p].p, (long long)c.count[k][p]);
    fclose(out);
    printf("%.4f %.4f %d\n", wall, cpu, plan.n_nodes);
    kz_arena_done(&a);
    return 0;
}
