#include "kz_test.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "sdc/hide.h"
#include "sdc/linked.h"

/*
 * A city of 2 districts with 3 quarters each.  Codes: 0 children, 1 girls, 2 boys (0 = 1 + 2), 3 poor, 4 not poor
 * (nobody prints it; 0 = 3 + 4), 5 school beginners, on their own.
 */
enum { AREAS = 9, CODES = 6, CELLS = AREAS * CODES };
static const int PARENT[AREAS] = { -1, 0, 0, 1, 1, 1, 2, 2, 2 };
static const size_t START[] = { 0, 3, 6 };
static const int TERM[] = { 0, 3, 5, 0, 7, 9 };

static void fill(kz_rng *r, uint32_t most, kz_sdc_count n[CELLS])
{
    memset(n, 0, CELLS * sizeof *n);
    for (int a = AREAS - 1; a >= 0; a--) {
        int64_t atom[4], beginners = kz_rng_below(r, most + 1);
        for (int i = 0; i < 4; i++)
            atom[i] = kz_rng_below(r, most + 1);
        const int64_t own[CODES] = { atom[0] + atom[1] + atom[2] + atom[3], atom[0] + atom[1], atom[2] + atom[3],
                                     atom[0] + atom[2], atom[1] + atom[3], beginners };
        for (int c = 0; c < CODES; c++) {
            kz_sdc_count *at = &n[c * AREAS + a];
            if (a >= 3)
                at->value = own[c];
            if (a > 0)
                n[c * AREAS + PARENT[a]].value += at->value;
            at->cost = 256 * (a == 0 ? 16 : a < 3 ? 4 : 1);
            at->flags = c == 4 ? 0 : KZ_SDC_PRINTED;
            if (at->value > 0 && at->value < 3)
                at->flags |= KZ_SDC_SECRET;
        }
    }
}

static kz_sdc_linked system_of(const kz_sdc_count n[])
{
    return (kz_sdc_linked){ .n_areas = AREAS, .parent = PARENT, .n_codes = CODES, .n_relations = 2, .start = START,
                            .term = TERM, .counts = n, .width = 3 };
}

static void see(const kz_sdc_count n[], const uint8_t mask[], bool hidden[])
{
    for (int c = 0; c < CELLS; c++)
        hidden[c] = mask[c] != KZ_MASK_OPEN || !(n[c].flags & KZ_SDC_PRINTED);
}

static void every_secret_keeps_its_width(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(41, 1);
    int secrets = 0, partners = 0, refused = 0;
    for (int turn = 0; turn < 1000; turn++) {
        kz_sdc_count n[CELLS];
        uint8_t mask[CELLS];
        bool hidden[CELLS];
        double lo[CELLS], hi[CELLS];
        kz_sdc_proof proof;
        kz_sdc_exposure found;
        kz_err err = { 0 };
        int where;
        fill(&r, 1 + (uint32_t)turn % 6, n);
        if (turn % 4 == 0) /* a source hides what it likes */
            n[5 * AREAS + 4] = (kz_sdc_count){ -1, 256, KZ_SDC_PRINTED | KZ_SDC_SECRET };
        kz_sdc_linked in = system_of(n);
        kz_status st = kz_sdc_linked_protect(&in, mask, &proof, &where, &err);
        if (st != KZ_OK) {
            assert_true(where >= 0 && where < CELLS && (n[where].flags & KZ_SDC_SECRET));
            refused++;
            continue;
        }
        secrets += proof.primaries;
        partners += proof.secondaries;
        see(n, mask, hidden);
        assert_int_equal(kz_sdc_linked_check(&in, hidden, &proof, &where, &err), KZ_OK);
        kz_sdc_proof_done(&proof);
        assert_int_equal(kz_sdc_linked_audit(&in, hidden, lo, hi, &found, &err), KZ_OK);
        assert_int_equal(found.by_difference + found.exact + found.narrow + found.skipped, 0);
        for (int c = 0; c < CELLS; c++)
            if (!isnan(lo[c]) && n[c].value >= 0)
                assert_true(lo[c] <= (double)n[c].value + 1e-6 && (double)n[c].value <= hi[c] + 1e-6);
    }
    assert_true(secrets > 3000 && partners > 500 && refused < 100);
}

/* Without partners the sums betray: the audit must say so, else it shows nothing. */
static void the_audit_finds_what_differences_betray(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(42, 1);
    int betrayed = 0;
    for (int turn = 0; turn < 200; turn++) {
        kz_sdc_count n[CELLS];
        bool hidden[CELLS];
        int secrets = 0;
        kz_sdc_exposure found;
        fill(&r, 6, n);
        for (int c = 0; c < CELLS; c++) {
            hidden[c] = !(n[c].flags & KZ_SDC_PRINTED) || (n[c].flags & KZ_SDC_SECRET);
            secrets += (n[c].flags & KZ_SDC_SECRET) != 0;
        }
        kz_sdc_linked in = system_of(n);
        assert_int_equal(kz_sdc_linked_audit(&in, hidden, NULL, NULL, &found, NULL), KZ_OK);
        assert_true(found.first >= 0 || found.by_difference + found.exact + found.narrow == 0);
        betrayed += found.by_difference > 0 && secrets > 0;
    }
    assert_true(betrayed > 150);
}

/* One poor child less than all children of a quarter: "not poor" 1 is a secret that nobody prints. */
static void the_others_are_a_secret_when_they_are_few(void **state)
{
    (void)state;
    kz_sdc_count n[CELLS] = { 0 };
    uint8_t mask[CELLS];
    kz_sdc_proof proof;
    int where;
    for (int a = AREAS - 1; a >= 0; a--)
        for (int c = 0; c < CODES; c++) {
            static const int64_t OWN[CODES] = { 40, 20, 20, 20, 20, 30 };
            kz_sdc_count *at = &n[c * AREAS + a];
            if (a >= 3)
                at->value = a == 3 && c == 3 ? 39 : a == 3 && c == 4 ? 1 : OWN[c];
            if (a > 0)
                n[c * AREAS + PARENT[a]].value += at->value;
            at->cost = 256;
            at->flags = c == 4 ? 0 : KZ_SDC_PRINTED;
        }
    n[4 * AREAS + 3].flags |= KZ_SDC_SECRET;
    kz_sdc_linked in = system_of(n);
    assert_int_equal(kz_sdc_linked_protect(&in, mask, &proof, &where, NULL), KZ_OK);
    assert_true(mask[0 * AREAS + 3] != KZ_MASK_OPEN || mask[3 * AREAS + 3] != KZ_MASK_OPEN);
    assert_int_equal(mask[4 * AREAS + 3], KZ_MASK_PRIMARY);
    assert_int_equal(proof.primaries, 1);
    kz_sdc_proof_done(&proof);
}

/* What was published stays; what the parts do not explain is one more part. */
static void takes_what_is_public_and_what_is_missing(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(43, 1);
    int done = 0;
    for (int turn = 0; turn < 200; turn++) {
        kz_sdc_count n[CELLS];
        uint8_t mask[CELLS];
        bool hidden[CELLS];
        kz_sdc_proof proof;
        kz_sdc_exposure found;
        int where;
        fill(&r, 9, n);
        for (int c = 0; c < 3; c++)
            if (!(n[c * AREAS].flags & KZ_SDC_SECRET))
                n[c * AREAS].flags |= KZ_SDC_PUBLIC;
        n[5 * AREAS + 1].value += 7; /* seven children without a quarter */
        n[5 * AREAS].value += 7;
        kz_sdc_linked in = system_of(n);
        if (kz_sdc_linked_protect(&in, mask, &proof, &where, NULL) != KZ_OK)
            continue;
        for (int c = 0; c < 3; c++)
            assert_true(!(n[c * AREAS].flags & KZ_SDC_PUBLIC) || mask[c * AREAS] == KZ_MASK_OPEN);
        see(n, mask, hidden);
        assert_int_equal(kz_sdc_linked_check(&in, hidden, &proof, &where, NULL), KZ_OK);
        kz_sdc_proof_done(&proof);
        assert_int_equal(kz_sdc_linked_audit(&in, hidden, NULL, NULL, &found, NULL), KZ_OK);
        assert_int_equal(found.by_difference + found.exact + found.narrow, 0);
        done++;
    }
    assert_true(done > 150);
}

/* A proof that was tampered with is no proof. */
static void refuses_a_false_proof(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(45, 1);
    int refused[5] = { 0 };
    for (int turn = 0; turn < 300; turn++) {
        kz_sdc_count n[CELLS];
        uint8_t mask[CELLS];
        bool hidden[CELLS];
        kz_sdc_proof p;
        kz_err err = { 0 };
        int where;
        fill(&r, 6, n);
        kz_sdc_linked in = system_of(n);
        if (kz_sdc_linked_protect(&in, mask, &p, &where, NULL) != KZ_OK)
            continue;
        see(n, mask, hidden);
        if (p.n_witness > 0) {
            size_t at = kz_rng_below(&r, (uint32_t)p.start[p.n_witness]);
            int how = turn % 5;
            if (how == 0)
                p.coef[at] += 1; /* breaks a sum */
            if (how == 1)
                p.cell[at] = 2 * CELLS;
            if (how == 2)
                hidden[p.cell[at] % CELLS] = false; /* shown after all */
            if (how == 3)
                p.n_witness--; /* the last secret may be in another one too: `uncovered` only if not */
            if (how == 4)
                in.width = 1000;
            kz_status st = kz_sdc_linked_check(&in, hidden, &p, &where, &err);
            assert_true(st == KZ_E_FINDING || (st == KZ_OK && (how == 2 || how == 3)));
            refused[how] += st != KZ_OK;
        }
        kz_sdc_proof_done(&p);
    }
    for (int how = 0; how < 5; how++)
        assert_true(refused[how] > 5);
}

/* School beginners by a stricter rule: their intervals are wider, the others' are not. */
static void each_group_has_its_width(void **state)
{
    (void)state;
    static const int64_t WIDTHS[CODES] = { 3, 3, 3, 3, 3, 10 };
    kz_rng r = kz_rng_stream(46, 1);
    int wide = 0, close = 0;
    for (int turn = 0; turn < 100; turn++) {
        kz_sdc_count n[CELLS];
        uint8_t mask[CELLS];
        bool hidden[CELLS];
        double lo[CELLS], hi[CELLS];
        kz_sdc_proof p;
        kz_sdc_exposure found;
        int where;
        fill(&r, 6, n);
        for (int a = 0; a < AREAS; a++)
            if (n[5 * AREAS + a].value < 10)
                n[5 * AREAS + a].flags |= KZ_SDC_SECRET;
        kz_sdc_linked in = system_of(n);
        in.widths = WIDTHS;
        if (kz_sdc_linked_protect(&in, mask, &p, &where, NULL) != KZ_OK)
            continue;
        see(n, mask, hidden);
        assert_int_equal(kz_sdc_linked_check(&in, hidden, &p, &where, NULL), KZ_OK);
        kz_sdc_proof_done(&p);
        assert_int_equal(kz_sdc_linked_audit(&in, hidden, lo, hi, &found, NULL), KZ_OK);
        assert_int_equal(found.by_difference + found.exact + found.narrow, 0);
        for (int c = 0; c < CELLS; c++) {
            wide += c >= 5 * AREAS && !isnan(lo[c]) && hi[c] - lo[c] >= 10;
            close += c < 5 * AREAS && !isnan(lo[c]) && hi[c] - lo[c] < 10;
        }
    }
    assert_true(wide > 50 && close > 10);
}

/* A second publication of the same counts decides nothing anew; one with a count more keeps the old decisions. */
static void earlier_decisions_hold(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(47, 1);
    int again = 0;
    for (int turn = 0; turn < 200; turn++) {
        kz_sdc_count n[CELLS];
        uint8_t mask[CELLS], second[CELLS];
        bool hidden[CELLS], later = turn % 2;
        kz_sdc_proof p;
        kz_sdc_exposure found;
        int where;
        fill(&r, 6, n);
        for (int a = 0; a < AREAS && later; a++) /* poor children are published later */
            n[3 * AREAS + a].flags = 0;
        kz_sdc_linked in = system_of(n);
        if (kz_sdc_linked_protect(&in, mask, &p, &where, NULL) != KZ_OK)
            continue;
        kz_sdc_proof_done(&p);
        for (int c = 0; c < CELLS; c++)
            if (n[c].flags & KZ_SDC_PRINTED)
                n[c].flags |= mask[c] == KZ_MASK_OPEN ? KZ_SDC_PUBLIC : KZ_SDC_HELD;
        for (int a = 0; a < AREAS && later; a++) {
            kz_sdc_count *c = &n[3 * AREAS + a];
            c->flags = KZ_SDC_PRINTED | (c->value > 0 && c->value < 3 ? KZ_SDC_SECRET : 0);
        }
        if (kz_sdc_linked_protect(&in, second, &p, &where, NULL) != KZ_OK) {
            assert_true(later); /* what is public may leave no partner: said */
            continue;
        }
        for (int c = 0; c < CELLS; c++)
            assert_true(!(n[c].flags & (KZ_SDC_PUBLIC | KZ_SDC_HELD)) ||
                        (second[c] == KZ_MASK_OPEN) == (mask[c] == KZ_MASK_OPEN));
        see(n, second, hidden);
        assert_int_equal(kz_sdc_linked_check(&in, hidden, &p, &where, NULL), KZ_OK);
        kz_sdc_proof_done(&p);
        assert_int_equal(kz_sdc_linked_audit(&in, hidden, NULL, NULL, &found, NULL), KZ_OK);
        assert_int_equal(found.by_difference + found.exact + found.narrow, 0);
        again++;
    }
    assert_true(again > 120);
}

/* A table that stops at the districts, beside one that has the quarters. */
static void counts_that_were_never_delivered_so_deep(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(48, 1);
    int done = 0, secrets = 0;
    for (int turn = 0; turn < 200; turn++) {
        kz_sdc_count n[CELLS];
        uint8_t mask[CELLS];
        bool hidden[CELLS];
        kz_sdc_proof p;
        kz_sdc_exposure found;
        int where;
        fill(&r, 1, n);
        for (int c = 1; c < 3; c++) /* girls and boys: districts only */
            for (int a = 3; a < AREAS; a++)
                n[c * AREAS + a] = (kz_sdc_count){ -1, 256, 0 };
        for (int c = 1; c < 3; c++)
            for (int a = 1; a < 3; a++)
                secrets += (n[c * AREAS + a].flags & KZ_SDC_SECRET) != 0;
        kz_sdc_linked in = system_of(n);
        if (kz_sdc_linked_protect(&in, mask, &p, &where, NULL) != KZ_OK)
            continue;
        see(n, mask, hidden);
        assert_int_equal(kz_sdc_linked_check(&in, hidden, &p, &where, NULL), KZ_OK);
        kz_sdc_proof_done(&p);
        assert_int_equal(kz_sdc_linked_audit(&in, hidden, NULL, NULL, &found, NULL), KZ_OK);
        assert_int_equal(found.by_difference + found.exact + found.narrow, 0);
        done++;
    }
    assert_true(done > 150 && secrets > 100);
}

static void threads_change_nothing(void **state)
{
    (void)state;
    kz_rng r = kz_rng_stream(44, 1);
    for (int turn = 0; turn < 20; turn++) {
        kz_sdc_count n[CELLS];
        uint8_t mask[2][CELLS];
        kz_sdc_proof proof[2];
        int where;
        fill(&r, 5, n);
        kz_sdc_linked in = system_of(n);
        kz_status a = kz_sdc_linked_protect(&in, mask[0], &proof[0], &where, NULL);
        in.threads = 3;
        assert_int_equal(kz_sdc_linked_protect(&in, mask[1], &proof[1], &where, NULL), a);
        if (a == KZ_OK) {
            size_t entries = proof[0].start[proof[0].n_witness];
            assert_memory_equal(mask[0], mask[1], CELLS);
            assert_memory_equal(proof[0].start, proof[1].start, ((size_t)proof[0].n_witness + 1) * sizeof(size_t));
            assert_memory_equal(proof[0].cell, proof[1].cell, entries * sizeof(int));
            kz_sdc_proof_done(&proof[0]);
            kz_sdc_proof_done(&proof[1]);
        }
    }
}

KZ_TEST_MAIN(KZ_TEST(every_secret_keeps_its_width), KZ_TEST(the_audit_finds_what_differences_betray),
             KZ_TEST(the_others_are_a_secret_when_they_are_few), KZ_TEST(takes_what_is_public_and_what_is_missing),
             KZ_TEST(refuses_a_false_proof), KZ_TEST(each_group_has_its_width),
             KZ_TEST(earlier_decisions_hold), KZ_TEST(counts_that_were_never_delivered_so_deep), KZ_TEST(threads_change_nothing))
