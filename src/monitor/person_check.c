/*
 * Rows against each other and against the last delivery.
 *
 * Doubles: pseudonyms are dealt into parts by their highest bits, and each part goes through a small hash table that
 * stays in the cache; O(rows).  Only where a double is found the lines are looked for.
 * Last period: a number of rows that changed by more than a quarter, or a code whose share moved by more than five
 * percentage points and more than chance allows (difference of two shares, 4 standard errors).
 */
#include "monitor/person_job.h"

#include "base/parallel.h"
#include "store/segment.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { PART_BITS = 10, PARTS = 1 << PART_BITS, DOUBLES_MOST = 100000 };

/* ---- doubles ----------------------------------------------------------------------------------------- */

typedef struct deal {
    const person_job *job;
    const int64_t *ids;
    int64_t *dealt;
    uint64_t *from; /* PARTS + 1 */
    int64_t *doubles[64];
    size_t n_doubles[64];
    bool failed[64];
} deal;

static unsigned part_of(int64_t id)
{
    return (unsigned)((uint64_t)id >> (64 - PART_BITS));
}

static void look_through(deal *d, int thread, unsigned part)
{
    const int64_t *p = d->dealt + d->from[part];
    size_t n = d->from[part + 1] - d->from[part], slots = 64;
    while (slots < 2 * n)
        slots *= 2;
    int64_t *table = calloc(slots, sizeof *table);
    if (!table) {
        d->failed[thread] = true;
        return;
    }
    for (size_t i = 0; i < n; i++) {
        size_t at = (size_t)p[i] & (slots - 1); /* a keyed hash already */
        while (table[at] != 0 && table[at] != p[i])
            at = (at + 1) & (slots - 1);
        if (table[at] == p[i] && d->n_doubles[thread] < DOUBLES_MOST)
            d->doubles[thread][d->n_doubles[thread]++] = p[i];
        table[at] = p[i];
    }
    free(table);
}

static void look_part(void *ctx, int i, int n)
{
    deal *d = ctx;
    d->doubles[i] = malloc(DOUBLES_MOST * sizeof *d->doubles[i]);
    if (!d->doubles[i]) {
        d->failed[i] = true;
        return;
    }
    uint64_t to = kz_part_from(PARTS, i + 1, n);
    for (uint64_t part = kz_part_from(PARTS, i, n); part < to; part++)
        look_through(d, i, (unsigned)part);
}

static kz_status deal_out(deal *d, kz_err *err)
{
    const person_job *job = d->job;
    uint64_t *at = calloc(PARTS + 1, sizeof *at);
    d->from = calloc(PARTS + 1, sizeof *d->from);
    d->dealt = malloc((job->slots + 1) * sizeof *d->dealt);
    if (!at || !d->from || !d->dealt) {
        free(at);
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    }
    for (uint64_t s = 0; s < job->slots; s++)
        at[part_of(d->ids[s]) + 1] += d->ids[s] != 0;
    for (unsigned i = 0; i < PARTS; i++)
        at[i + 1] += at[i];
    memcpy(d->from, at, (PARTS + 1) * sizeof *at);
    for (uint64_t s = 0; s < job->slots; s++)
        if (d->ids[s] != 0)
            d->dealt[at[part_of(d->ids[s])]++] = d->ids[s];
    free(at);
    return KZ_OK;
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Every row of a doubled number but the first. */
static kz_status note_doubles(person_job *job, const person_column *c, const int64_t *doubles, size_t n, kz_err *err)
{
    bool *seen = calloc(n + 1, sizeof *seen);
    if (!seen)
        return kz_fail(err, KZ_E_LIMIT, "import.memory");
    for (uint64_t s = 0; s < job->slots; s++) {
        const int64_t *hit = c->i64[s] ? bsearch(&c->i64[s], doubles, n, sizeof *doubles, by_id) : NULL;
        if (!hit)
            continue;
        if (seen[hit - doubles])
            person_note(&job->workers[0], FAULT_DOUBLE, job->first_line + s, c->at, kz_view_of(""), 0);
        seen[hit - doubles] = true;
    }
    free(seen);
    return KZ_OK;
}

static kz_status check_doubles(person_job *job, const person_column *c, kz_err *err)
{
    deal d = { .job = job, .ids = c->i64 };
    int threads = kz_processors() < 64 ? kz_processors() : 64;
    kz_status st = deal_out(&d, err);
    if (st == KZ_OK)
        kz_parallel(threads, look_part, &d);
    size_t n = 0, m = 0;
    int64_t *all = NULL;
    for (int i = 0; i < threads; i++) {
        n += d.n_doubles[i];
        if (st == KZ_OK && d.failed[i])
            st = kz_fail(err, KZ_E_LIMIT, "import.memory");
    }
    if (st == KZ_OK && n > 0) {
        all = malloc(n * sizeof *all);
        if (!all)
            st = kz_fail(err, KZ_E_LIMIT, "import.memory");
    }
    for (int i = 0; i < threads; i++) {
        if (all && d.n_doubles[i] > 0) {
            memcpy(all + m, d.doubles[i], d.n_doubles[i] * sizeof *all);
            m += d.n_doubles[i];
        }
        free(d.doubles[i]);
    }
    if (all) {
        qsort(all, n, sizeof *all, by_id);
        m = 1;
        for (size_t i = 1; i < n; i++)
            if (all[i] != all[m - 1])
                all[m++] = all[i];
        st = note_doubles(job, c, all, m, err);
    }
    free(all);
    free(d.from);
    free(d.dealt);
    return st;
}

/* ---- institutions ----------------------------------------------------------------------------------------- */

/* Keys that no institution has, when the workspace has any of that kind. */
static void check_keys(person_job *job, const person_column *c)
{
    uint64_t n = 0, rows = 0, line = 0;
    uint32_t first = 0;
    kz_auto(kz_buf) code = kz_buf_init(8192);
    if (c->at == SIZE_MAX || c->hide || person_level_rank(job, c->is->level) < 0)
        return;
    bool *odd = kz_arena_new(&job->arena, bool, c->keys.n + 1);
    for (uint32_t i = 1; odd && i < c->keys.n; i++) {
        kz_buf_clear(&code);
        kz_buf_fmt(&code, "%s:%.*s", c->is->level, (int)c->keys.keys[i].n, c->keys.keys[i].p);
        odd[i] = !person_is_place(job, kz_view_from(kz_buf_text(&code), code.n));
    }
    for (uint64_t s = 0; odd && s < job->slots; s++) {
        uint32_t key = c->code32[s];
        if (!job->kept[s] || !odd[key])
            continue;
        if (rows++ == 0) {
            line = job->first_line + s;
            first = key;
        }
    }
    for (uint32_t i = 1; odd && i < c->keys.n; i++)
        n += odd[i];
    if (rows > 0)
        kz_finding_add(job->found, KZ_WARNING, "check.person_key", (int64_t)line, person_column_name(job, c),
                       c->keys.keys[first], kz_n("rows", rows), kz_n("keys", n), kz_s("level", c->is->level));
}

/* ---- the last period --------------------------------------------------------------------------------------- */

static kz_status last_segment(person_job *job, char file[static 64], char period[static 16], kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    file[0] = '\0';
    KZ_TRY(kz_prepare(job->ws->work, "SELECT s.file, p.code FROM segment s JOIN period p ON p.id = s.period"
                                     " WHERE s.source = ?1 AND s.replaced_by IS NULL AND p.day < ?2"
                                     " ORDER BY p.day DESC LIMIT 1", &q, err));
    kz_bind_text(&q, 1, job->source.id);
    kz_bind_text(&q, 2, job->day_text);
    KZ_TRY(kz_step(&q, &row, err));
    if (row) {
        snprintf(file, 64, "%s", kz_col_text(&q, 0));
        snprintf(period, 16, "%s", kz_col_text(&q, 1));
    }
    return KZ_OK;
}

/* How many rows have each code; the text of a code decides, not its number. */
static kz_status count_last(kz_segment *seg, const person_column *c, uint64_t counts[256], kz_err *err)
{
    kz_segment_view v;
    uint32_t at;
    uint64_t by_code[256] = { 0 };
    memset(counts, 0, 256 * sizeof *counts);
    if (kz_segment_find(seg, c->is->name, &at, NULL) != KZ_OK)
        return KZ_OK;
    KZ_TRY(kz_segment_read(seg, at, &v, err));
    if (v.type != KZ_SEG_CODE || v.width != 1)
        return KZ_OK;
    for (uint64_t i = 0; i < seg->n_rows; i++)
        by_code[((const uint8_t *)v.p)[i]]++;
    for (uint32_t i = 0; i < v.n_dict; i++)
        for (uint32_t k = 0; k < c->n_dict; k++)
            if (kz_view_eq(v.dict[i], c->dict[k]))
                counts[k] = by_code[i];
    return KZ_OK;
}

static void compare_shares(person_job *job, const person_column *c, const uint64_t before[256], uint64_t n_before,
                           const char *period)
{
    uint64_t now[256] = { 0 };
    double n = (double)job->n_rows, m = (double)n_before;
    for (uint64_t s = 0; s < job->slots; s++)
        now[c->code8[s]] += job->kept[s];
    for (uint32_t i = 0; i < c->n_dict; i++) {
        double p = (double)now[i] / n, q = (double)before[i] / m, all = (double)(now[i] + before[i]) / (n + m);
        double se = sqrt(all * (1 - all) * (1 / n + 1 / m));
        if (fabs(p - q) <= 0.05 || fabs(p - q) <= 4 * se)
            continue;
        kz_finding_add(job->found, KZ_WARNING, "check.person_share", 0, person_column_name(job, c), kz_view_of(""),
                       kz_s("code", c->dict[i].n ? c->is->name : ""), kz_vw("value", c->dict[i]),
                       kz_n("now", (int64_t)(p * 100 + 0.5)), kz_n("before", (int64_t)(q * 100 + 0.5)),
                       kz_s("period", period));
    }
}

static kz_status check_last(person_job *job, kz_err *err)
{
    char file[64], period[16], path[4200];
    uint64_t before[256];
    KZ_TRY(last_segment(job, file, period, err));
    if (file[0] == '\0' || job->n_rows == 0)
        return KZ_OK;
    kz_auto(kz_segment) seg = { 0 };
    snprintf(path, sizeof path, "%s/facts/%s", job->ws->dir, file);
    KZ_TRY(kz_segment_open(path, &seg, err));
    if (seg.n_rows == 0)
        return KZ_OK;
    double ratio = (double)job->n_rows / (double)seg.n_rows;
    double apart = fabs((double)job->n_rows - (double)seg.n_rows);
    if ((ratio > 1.25 || ratio < 0.75) && apart > 20 + 3 * sqrt((double)seg.n_rows))
        kz_finding_add(job->found, KZ_WARNING, "check.person_rows", 0, "", kz_view_of(""), kz_n("now", job->n_rows),
                       kz_n("before", seg.n_rows), kz_s("period", period));
    for (int i = 0; i < job->n_columns; i++)
        if (job->columns[i].code8 && job->columns[i].at != SIZE_MAX) {
            KZ_TRY(count_last(&seg, &job->columns[i], before, err));
            uint64_t some = 0;
            for (int k = 0; k < 256; k++)
                some += before[k];
            if (some == seg.n_rows)
                compare_shares(job, &job->columns[i], before, seg.n_rows, period);
        }
    return KZ_OK;
}

/* Numbers that were pseudonyms before, and whose key is no more. */
static kz_status check_keys_gone(person_job *job, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    bool fresh = (job->person_key.fresh && job->has_person) || (job->household_key.fresh && job->has_household);
    if (!fresh)
        return KZ_OK;
    KZ_TRY(kz_prepare(job->ws->work, "SELECT 1 FROM segment WHERE source = ?1 LIMIT 1", &q, err));
    kz_bind_text(&q, 1, job->source.id);
    KZ_TRY(kz_step(&q, &row, err));
    if (row)
        kz_finding_add(job->found, KZ_NOTICE, "check.person_keys_gone", 0, "", kz_view_of(""));
    return KZ_OK;
}

kz_status person_check(person_job *job, kz_err *err)
{
    for (int i = 0; i < job->n_columns; i++) {
        person_column *c = &job->columns[i];
        if (c->i64 && c->at != SIZE_MAX && job->source.unique && strcmp(c->is->name, job->source.unique) == 0)
            KZ_TRY(check_doubles(job, c, err));
        if (c->is->kind == KZ_SRC_KEY)
            check_keys(job, c);
    }
    KZ_TRY(check_keys_gone(job, err));
    return check_last(job, err);
}
