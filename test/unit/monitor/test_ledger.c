#include "kz_test.h"

#include "../geo/partition_make.h"
#include "../geo/wkb_make.h"
#include "../store/temp_folder.h"

#include "base/apportion.h"
#include "monitor/ledger_change.h"
#include "monitor/ledger_convert.h"
#include "monitor/ledger_find.h"
#include "store/workspace.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static kz_arena arena;

static int make_arena(void **state)
{
    (void)state;
    kz_arena_init(&arena, (size_t)1 << 30);
    return 0;
}

static int drop_arena(void **state)
{
    (void)state;
    kz_arena_done(&arena);
    return 0;
}

/* ---- days ---------------------------------------------------------------------- */

static void the_day_before_by_the_calendar(void **state)
{
    (void)state;
    static const char *const DAYS[][2] = { { "2023-01-01", "2022-12-31" }, { "2024-03-01", "2024-02-29" },
                                           { "2023-03-01", "2023-02-28" }, { "2021-05-01", "2021-04-30" },
                                           { "2021-05-17", "2021-05-16" }, { "1900-03-01", "1900-02-28" } };
    for (size_t i = 0; i < sizeof DAYS / sizeof *DAYS; i++) {
        char out[11];
        kz_day_before(DAYS[i][0], out);
        assert_string_equal(out, DAYS[i][1]);
    }
    assert_int_equal(kz_change_from_name("merge"), KZ_CHANGE_MERGE);
    assert_int_equal(kz_change_from_name("Merge"), KZ_N_CHANGES);
}

/* ---- what became of which ---------------------------------------------------------- */

#define AREA(key_, outline_) { .key = (key_), .name = (key_), .outline = (outline_) }

static void a_small_park_makes_a_split_but_a_new_pen_does_not(void **state)
{
    (void)state;
    kz_found f;
    OUTLINE(a, { 0, 0 }, { 100, 0 }, { 100, 100 }, { 0, 100 }, { 0, 0 });
    OUTLINE(b, { 100, 0 }, { 200, 0 }, { 200, 100 }, { 100, 100 }, { 100, 0 });
    OUTLINE(a_less, { 0, 0 }, { 100, 0 }, { 100, 94 }, { 94, 94 }, { 94, 100 }, { 0, 100 }, { 0, 0 });
    OUTLINE(park, { 94, 94 }, { 100, 94 }, { 100, 100 }, { 94, 100 }, { 94, 94 });
    OUTLINE(b_redrawn, { 100, 0 }, { 200, 0 }, { 200, 100 }, { 100.3, 100 }, { 99.8, 50 }, { 100, 0 });
    const kz_new_area old[] = { AREA("A", a), AREA("B", b) };
    const kz_new_area new[] = { AREA("A", a_less), AREA("B", b_redrawn), AREA("P", park) };
    assert_int_equal(kz_ledger_find(old, 2, new, 3, &arena, &f, NULL), KZ_OK);
    /* The park is 0.36 % of A, but all of P: A has changed.  B was only drawn again. */
    assert_int_equal(f.same[0], -1);
    assert_int_equal(f.same[1], 1);
    assert_int_equal(f.same[2], -1);
    assert_int_equal(f.n, 2);
    assert_true(f.flow[0].kind == KZ_CHANGE_SPLIT && f.flow[0].to == 0 && fabs(f.flow[0].m2 - 9964) < 30);
    assert_true(f.flow[1].kind == KZ_CHANGE_SPLIT && f.flow[1].to == 2 && fabs(f.flow[1].m2 - 36) < 1e-9);
}

static void keys_do_where_outlines_are_missing(void **state)
{
    (void)state;
    kz_found f;
    const kz_outline none = { 0 };
    const kz_new_area old[] = { AREA("A", none), AREA("B", none) };
    kz_new_area new[] = { AREA("A", none), AREA("C", none) };
    new[0].name = "Alpha";
    assert_int_equal(kz_ledger_find(old, 2, new, 2, &arena, &f, NULL), KZ_OK);
    assert_int_equal(f.same[0], 0);
    assert_int_equal(f.n, 3);
    assert_int_equal(f.flow[0].kind, KZ_CHANGE_RENAME);
    assert_int_equal(f.flow[1].kind, KZ_CHANGE_END);
    assert_int_equal(f.flow[2].kind, KZ_CHANGE_NEW);
}

/* Cells of a partition, thrown together at random: a division whose truth is known by counting. */
typedef struct thrown {
    int n, of[PART_N];
    kz_ring rings[PART_N];
    kz_outline outline[PART_N];
    kz_new_area area[PART_N];
    char key[PART_N][8];
} thrown;

static void throw_together(thrown *d, const partition *t, kz_rng *r, int most, bool keep)
{
    int at = 0;
    d->n = 0;
    for (int i = 0; i < PART_N; i++)
        d->of[i] = keep && kz_rng_below(r, 3) ? i / 3 : (int)kz_rng_below(r, (uint32_t)most);
    for (int group = 0; group < most; group++) {
        kz_ring *first = &d->rings[at];
        int n = 0, part = 0, lowest = PART_N;
        for (int i = 0; i < PART_N; i++)
            if (d->of[i] == group) {
                d->rings[at] = t->ring[i];
                d->rings[at++].part = part++;
                lowest = i < lowest ? i : lowest;
                n++;
            }
        if (n == 0)
            continue;
        snprintf(d->key[d->n], sizeof d->key[0], "%02d", lowest);
        d->outline[d->n] = (kz_outline){ .n = n, .rings = first };
        d->area[d->n] = (kz_new_area){ .key = d->key[d->n], .name = d->key[d->n], .outline = d->outline[d->n] };
        for (int i = 0; i < PART_N; i++)
            if (d->of[i] == group)
                d->of[i] = PART_N + d->n; /* settled; brought down below */
        d->n++;
    }
    for (int i = 0; i < PART_N; i++)
        d->of[i] -= PART_N;
}

static void finds_what_counting_finds(void **state)
{
    (void)state;
    static partition t;
    static thrown x, y;
    for (int round = 0; round < 60; round++) {
        kz_rng r = kz_rng_stream(31, (uint64_t)round);
        double common[PART_N][PART_N] = { 0 };
        kz_found f;
        partition_make(&t, &r, 0, 0);
        throw_together(&x, &t, &r, 12, true);
        throw_together(&y, &t, &r, 12, true);
        for (int i = 0; i < PART_N; i++)
            common[x.of[i]][y.of[i]] += kz_outline_area(&t.area[i]);
        assert_int_equal(kz_ledger_find(x.area, x.n, y.area, y.n, &arena, &f, NULL), KZ_OK);
        for (int b = 0; b < y.n; b++)
            if (f.same[b] >= 0) {
                double own = kz_outline_area(&y.outline[b]);
                assert_true(fabs(common[f.same[b]][b] - own) < 1e-3 * own);
            }
        double told[PART_N] = { 0 };
        for (int i = 0; i < f.n; i++) {
            const kz_new_flow *w = &f.flow[i];
            assert_true(w->kind == KZ_CHANGE_RENAME ||
                        (w->from >= 0 && w->to >= 0 && fabs(w->m2 - common[w->from][w->to]) < 1e-3));
            if (w->kind != KZ_CHANGE_RENAME)
                told[w->from] += w->m2;
        }
        /* No land is forgotten but traces below 1 %; here a cell is never one. */
        for (int a = 0; a < x.n; a++) {
            bool same = false;
            for (int b = 0; b < y.n; b++)
                same |= f.same[b] == a;
            double own = kz_outline_area(&x.outline[a]);
            assert_true(same ? told[a] == 0 : fabs(told[a] - own) < 1e-3 * own);
        }
    }
}

/* ---- counts ------------------------------------------------------------------------- */

enum { MOST = 40 };

typedef struct town {
    kz_crosswalk x;
    kz_cross_area from[MOST], to[MOST];
    kz_cross_row row[MOST * MOST];
} town;

/* A random crosswalk whose sources sum to a million; `whole`: only mergers. */
static void make_town(town *t, kz_rng *r, bool whole)
{
    t->x = (kz_crosswalk){ .n_from = 1 + (int)kz_rng_below(r, MOST), .n_to = 1 + (int)kz_rng_below(r, MOST),
                           .from = t->from, .to = t->to, .row = t->row };
    for (int i = 0; i < t->x.n_from; i++) {
        double w[MOST] = { 0 };
        int64_t weight[MOST], million[MOST];
        int parts = whole || kz_rng_below(r, 3) == 0 ? 1 : 2 + (int)kz_rng_below(r, 4);
        for (int k = 0; k < parts; k++)
            w[kz_rng_below(r, (uint32_t)t->x.n_to)] += 0.01 + kz_rng_unit(r);
        assert_true(kz_apportion_weights(w, t->x.n_to, weight));
        assert_true(kz_apportion(KZ_MILLION, weight, t->x.n_to, NULL, million));
        for (int k = 0; k < t->x.n_to; k++)
            if (million[k] > 0)
                t->row[t->x.n++] = (kz_cross_row){ i, k, million[k] };
    }
}

static void shares_as_on_paper(void **state)
{
    (void)state;
    /* 10 pupils of area 0 to a third each, 5 of area 1 as a whole to the first; area 2 is hidden, below 3. */
    static const kz_cross_row rows[] = { { 0, 0, 333334 }, { 0, 1, 333333 }, { 0, 2, 333333 }, { 1, 0, KZ_MILLION },
                                         { 2, 2, 600000 }, { 2, 3, 400000 } };
    const kz_crosswalk x = { .n_from = 3, .n_to = 5, .n = 6, .row = rows };
    const kz_tally in[] = { kz_tally_of(10, KZ_CELL_SHOWN), kz_tally_of(5, KZ_CELL_SHOWN),
                            kz_tally_between((kz_span){ 0, 2 }, KZ_CELL_HIDDEN) };
    kz_tally out[5];
    assert_int_equal(kz_ledger_convert(&x, in, NULL, &arena, out, NULL), KZ_OK);
    /* 3.33 each; the unit left goes to the largest remainder, that of the first. */
    assert_true(out[0].value == 9 && out[0].state == KZ_CELL_ESTIMATED && out[0].span.lo == 5 && out[0].span.hi == 15);
    assert_true(out[1].value == 3 && out[1].span.lo == 0 && out[1].span.hi == 10);
    assert_true(out[2].value == -1 && out[2].state == KZ_CELL_HIDDEN && out[2].span.lo == 0 && out[2].span.hi == 12);
    assert_true(out[3].value == -1 && out[3].state == KZ_CELL_HIDDEN && out[3].span.hi == 2);
    assert_int_equal(out[4].state, KZ_N_CELL_STATES);
    /* Nobody, split, is nobody: that is no estimate. */
    const kz_tally none[] = { kz_tally_of(0, KZ_CELL_SHOWN), kz_tally_of(5, KZ_CELL_SHOWN), kz_tally_of(0, KZ_CELL_ZERO) };
    assert_int_equal(kz_ledger_convert(&x, none, NULL, &arena, out, NULL), KZ_OK);
    assert_true(out[0].value == 5 && out[0].state == KZ_CELL_SHOWN && out[1].state == KZ_CELL_ZERO);
}

static kz_tally any(kz_rng *r, int64_t *truth)
{
    *truth = kz_rng_below(r, kz_rng_below(r, 2) ? 5 : 2000);
    if (*truth < 3 && kz_rng_below(r, 3) == 0)
        return kz_tally_between((kz_span){ 0, 2 }, KZ_CELL_HIDDEN);
    return kz_tally_of(*truth, KZ_CELL_SHOWN);
}

static void totals_are_exact_and_parts_stay_parts(void **state)
{
    (void)state;
    static town t;
    for (int round = 0; round < 3000; round++) {
        kz_rng r = kz_rng_stream(32, (uint64_t)round);
        kz_tally all[MOST], some[MOST], out[MOST], part[MOST];
        int64_t sum = 0, sum_part = 0, got = 0, got_part = 0;
        make_town(&t, &r, false);
        for (int i = 0; i < t.x.n_from; i++) {
            int64_t n = kz_rng_below(&r, kz_rng_below(&r, 2) ? 30 : 5000), k = kz_rng_below(&r, (uint32_t)n + 1);
            all[i] = kz_tally_of(n, KZ_CELL_SHOWN);
            some[i] = kz_tally_of(k, KZ_CELL_SHOWN);
            sum += n;
            sum_part += k;
        }
        assert_int_equal(kz_ledger_convert(&t.x, all, NULL, &arena, out, NULL), KZ_OK);
        assert_int_equal(kz_ledger_convert(&t.x, some, all, &arena, part, NULL), KZ_OK);
        for (int k = 0; k < t.x.n_to; k++) {
            if (out[k].state == KZ_N_CELL_STATES)
                continue;
            got += out[k].value;
            got_part += part[k].value;
            assert_true(part[k].value <= out[k].value);
            assert_true(kz_span_holds(out[k].span, out[k].value));
            assert_true((out[k].state == KZ_CELL_ESTIMATED) == (out[k].span.lo < out[k].span.hi));
        }
        assert_true(got == sum && got_part == sum_part);
    }
}

static void mergers_lose_nothing_and_hidden_stays_hidden(void **state)
{
    (void)state;
    static town t;
    for (int round = 0; round < 3000; round++) {
        kz_rng r = kz_rng_stream(33, (uint64_t)round);
        kz_tally in[MOST], out[MOST];
        int64_t truth[MOST], want[MOST] = { 0 };
        bool hidden[MOST] = { false }, any_source[MOST] = { false };
        make_town(&t, &r, true);
        for (int i = 0; i < t.x.n_from; i++)
            in[i] = any(&r, &truth[i]);
        assert_int_equal(kz_ledger_convert(&t.x, in, NULL, &arena, out, NULL), KZ_OK);
        for (int i = 0; i < t.x.n; i++) {
            int k = t.row[i].to;
            want[k] += truth[t.row[i].from];
            hidden[k] |= in[t.row[i].from].state == KZ_CELL_HIDDEN;
            any_source[k] = true;
        }
        for (int k = 0; k < t.x.n_to; k++) {
            if (!any_source[k])
                continue;
            assert_true(kz_span_holds(out[k].span, want[k]));
            assert_true(hidden[k] ? out[k].value == -1 && out[k].state == KZ_CELL_HIDDEN : out[k].value == want[k]);
            assert_true(out[k].state != KZ_CELL_ESTIMATED);
        }
    }
}

/* In whatever order the source areas come, the same counts come out. */
static void order_does_not_matter(void **state)
{
    (void)state;
    static town t, s;
    for (int round = 0; round < 500; round++) {
        kz_rng r = kz_rng_stream(34, (uint64_t)round);
        kz_tally in[MOST], turned[MOST], out[MOST], again[MOST];
        int64_t truth;
        make_town(&t, &r, false);
        s.x = t.x;
        s.x.row = s.row;
        int at = 0, n = t.x.n_from;
        for (int i = 0; i < n; i++) {
            in[i] = any(&r, &truth);
            turned[n - 1 - i] = in[i];
        }
        for (int i = n - 1; i >= 0; i--)
            for (int k = 0; k < t.x.n; k++)
                if (t.row[k].from == i)
                    s.row[at++] = (kz_cross_row){ n - 1 - i, t.row[k].to, t.row[k].million };
        assert_int_equal(kz_ledger_convert(&t.x, in, NULL, &arena, out, NULL), KZ_OK);
        assert_int_equal(kz_ledger_convert(&s.x, turned, NULL, &arena, again, NULL), KZ_OK);
        for (int k = 0; k < t.x.n_to; k++)
            assert_true(out[k].value == again[k].value && out[k].state == again[k].state &&
                        out[k].span.lo == again[k].span.lo && out[k].span.hi == again[k].span.hi);
    }
}

/* ---- chains of changes in a workspace ---------------------------------------------------- */

static void check_walk(kz_db *work, const char *from, const char *to, kz_crosswalk *x)
{
    kz_area_level level;
    assert_int_equal(kz_area_level_find(work, "Viertel", &level, NULL), KZ_OK);
    assert_int_equal(kz_crosswalk_make(work, &level, from, to, KZ_BASIS_AREA, &arena, x, NULL), KZ_OK);
    for (int i = 0, n; i < x->n; i += n) {
        int64_t sum = 0;
        for (n = 0; i + n < x->n && x->row[i + n].from == x->row[i].from; n++)
            sum += x->row[i + n].million;
        assert_true(sum == KZ_MILLION);
    }
}

static void write_change(const char *text)
{
    temp_write(temp_path("c.csv"), text, strlen(text));
}

static void chains_of_changes_sum_to_one(void **state)
{
    (void)state;
    kz_auto(kz_workspace) ws = { 0 };
    kz_area_level level;
    kz_ledger_changes done;
    kz_crosswalk x;
    kz_err err;
    assert_int_equal(kz_workspace_init(temp_path("w"), "Ort", "05315000", NULL), KZ_OK);
    assert_int_equal(kz_workspace_open(temp_path("w"), KZ_DB_WRITE, &ws, NULL), KZ_OK);
    assert_int_equal(kz_db_exec(ws.work,
                                "INSERT INTO level (code, one, many, \"rank\") VALUES ('viertel', 'Viertel', 'Viertel', 1);"
                                "INSERT INTO area (level, \"key\", name, area_m2) SELECT l.id, v.column1, v.column1, v.column2 "
                                "FROM level l, (VALUES ('1', 100.0), ('2', 300.0), ('3', 600.0)) v WHERE l.code = 'viertel'",
                                NULL), KZ_OK);
    assert_int_equal(kz_area_level_find(ws.work, "Viertel", &level, NULL), KZ_OK);
    write_change("kind,day,from,to,weight,name\n"
                 "split,2020-01-01,1,11,0.333,a\nsplit,2020-01-01,1,12,0.333,b\nsplit,2020-01-01,1,13,0.334,c\n"
                 "merge,2020-01-01,2|3,23,,d\n"
                 "merge,2022-01-01,11|12,10,,e\nrenumber,2022-01-01,13,130,,\n"
                 "merge,2024-01-01,10|130,1,,f\n");
    kz_status st = kz_ledger_change_file(ws.work, &level, temp_path("c.csv"), "ich", &arena, &done, &err);
    assert_int_equal(st, KZ_OK);
    assert_int_equal(done.n_begun, 3);
    check_walk(ws.work, "2019-12-31", "2020-01-01", &x);
    assert_true(x.n == 5 && x.row[0].million == 333000 && x.row[2].million == 334000);
    check_walk(ws.work, "2019-12-31", "2023-01-01", &x);
    assert_true(x.n == 4 && x.row[0].million == 666000 && x.row[1].million == 334000);
    check_walk(ws.work, "2019-12-31", "2024-01-01", &x);
    assert_true(x.n == 3 && x.row[0].million == KZ_MILLION); /* together again: certain */
    /* Back: how large the pieces of 1 were nobody knows. */
    kz_area_level now;
    assert_int_equal(kz_area_level_find(ws.work, "Viertel", &now, NULL), KZ_OK);
    st = kz_crosswalk_make(ws.work, &now, "2024-12-31", "2023-01-01", KZ_BASIS_AREA, &arena, &x, &err);
    assert_int_equal(st, KZ_E_INPUT);
    assert_string_equal(err.id, "ledger.no_weight");
    /* What was merged is shared by land, 300 to 600. */
    st = kz_crosswalk_make(ws.work, &now, "2020-06-30", "2019-01-01", KZ_BASIS_AREA, &arena, &x, &err);
    assert_int_equal(st, KZ_OK);
    for (int i = 0; i < x.n; i++)
        if (strcmp(x.from[x.row[i].from].key, "23") == 0)
            assert_true(x.row[i].million == (strcmp(x.to[x.row[i].to].key, "2") == 0 ? 333333 : 666667));
    /* Before the first areas there is nothing; they are open to the past here, so every day has a state. */
    assert_int_equal(kz_crosswalk_make(ws.work, &now, "1900-01-01", "2024-01-01", KZ_BASIS_AREA, &arena, &x, &err), KZ_OK);
    for (int i = 0; i < 3; i++) {
        kz_ledger_undone undone;
        assert_int_equal(kz_ledger_undo(ws.work, &level, &undone, NULL), KZ_OK);
        assert_true(undone.state);
    }
    check_walk(ws.work, "2019-12-31", "2024-01-01", &x);
    assert_true(x.n == 3 && x.n_to == 3);
}

#define IN_ARENA(f) cmocka_unit_test_setup_teardown(f, make_arena, drop_arena)
KZ_TEST_MAIN_IN_FOLDER(KZ_TEST(the_day_before_by_the_calendar),
                       IN_ARENA(a_small_park_makes_a_split_but_a_new_pen_does_not),
                       IN_ARENA(keys_do_where_outlines_are_missing), IN_ARENA(finds_what_counting_finds),
                       IN_ARENA(shares_as_on_paper), IN_ARENA(totals_are_exact_and_parts_stay_parts),
                       IN_ARENA(mergers_lose_nothing_and_hidden_stays_hidden), IN_ARENA(order_does_not_matter),
                       IN_ARENA(chains_of_changes_sum_to_one))
