/* A release as one system: hide what must be hidden, and attack what would be shown. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/parallel.h"
#include "monitor/release_inner.h"
#include "monitor/release_proof.h"

enum { ENDS_MOST = 1000000 };
static const size_t PROTECT_CAP = (size_t)2 << 30;

typedef struct job {
    kz_db *work;
    int64_t release;
    kz_protect_system s;
    kz_protect_report *report;
    const kz_release_watch *watch;
} job;

/* ---- protect ------------------------------------------------------------------------------ */

static kz_status store_masks(job *j, kz_err *err)
{
    const kz_protect_system *s = &j->s;
    kz_protect_report *r = j->report;
    kz_auto(kz_stmt) ids = KZ_STMT_INIT;
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(j->work, "SELECT i.id, g.id FROM indicator i JOIN indicator_group g ON g.indicator = i.id "
                               "WHERE i.code = ?1 AND g.code = ?2", &ids, err));
    KZ_TRY(kz_prepare(j->work, "UPDATE release_cell SET num_mask = ?6, den_mask = ?7 WHERE release = ?1 AND "
                               "indicator = ?2 AND grp = ?3 AND period = ?4 AND area = ?5", &q, err));
    int ind = KZ_NONE, group = KZ_NONE;
    int64_t ind_id = 0, group_id = 0;
    for (int i = 0; i < s->n_rows; i++) {
        const kz_protect_row *row = &s->rows[i];
        bool found;
        if (!row->ours)
            continue;
        if (row->ind != ind || row->group != group) {
            ind = row->ind;
            group = row->group;
            kz_reset(&ids);
            kz_bind_text(&ids, 1, s->cat.indicators[ind].id);
            kz_bind_text(&ids, 2, s->cat.indicators[ind].groups[group].code);
            KZ_TRY(kz_step(&ids, &found, err));
            KZ_ASSERT(found);
            ind_id = kz_col_int(&ids, 0);
            group_id = kz_col_int(&ids, 1);
        }
        int num = kz_protect_num_mask(s, row), den = kz_protect_den_mask(s, row);
        r->cells++;
        r->hidden += num || den;
        r->primary += num == KZ_MASK_PRIMARY || den == KZ_MASK_PRIMARY;
        kz_bind_int(&q, 1, j->release);
        kz_bind_int(&q, 2, ind_id);
        kz_bind_int(&q, 3, group_id);
        kz_bind_int(&q, 4, s->counts.m.periods[row->period]);
        kz_bind_int(&q, 5, s->counts.m.areas[row->area]);
        kz_bind_int(&q, 6, num);
        kz_bind_int(&q, 7, den);
        KZ_TRY(kz_run(&q, err));
    }
    r->secondary = r->hidden - r->primary;
    return KZ_OK;
}

static kz_status note_protected(job *j, kz_err *err)
{
    char now[KZ_TIME_TEXT];
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_time_iso(now);
    KZ_TRY(kz_prepare(j->work, "UPDATE release SET state = 'protected', protected_at = ?2, n_cells = ?3, "
                               "n_primary = ?4, n_secondary = ?5 WHERE id = ?1", &q, err));
    kz_bind_int(&q, 1, j->release);
    kz_bind_text(&q, 2, now);
    kz_bind_int(&q, 3, j->report->cells);
    kz_bind_int(&q, 4, j->report->primary);
    kz_bind_int(&q, 5, j->report->secondary);
    return kz_run(&q, err);
}

/* A proof is checked before it is kept: the checker shares nothing with what made it. */
static kz_status keep_proof(void *ctx, int part, const kz_protect_part *of, const uint8_t mask[],
                            const kz_sdc_proof *proof, kz_err *err)
{
    job *j = ctx;
    size_t n = (size_t)of->linked.n_codes * (size_t)of->linked.n_areas;
    kz_auto(kz_arena) arena;
    int where;
    kz_arena_init(&arena, PROTECT_CAP);
    bool *hidden = kz_arena_new(&arena, bool, n + 1);
    if (!hidden)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (size_t i = 0; i < n; i++)
        hidden[i] = mask[i] != KZ_MASK_OPEN || !(of->linked.counts[i].flags & KZ_SDC_PRINTED);
    KZ_TRY(kz_sdc_linked_check(&of->linked, hidden, proof, &where, err));
    j->report->witnesses += proof->n_witness;
    if (proof->longest > j->report->longest)
        j->report->longest = proof->longest;
    j->report->counts += of->linked.n_codes * of->linked.n_areas;
    j->report->equations += of->linked.n_relations * of->linked.n_areas + of->linked.n_codes * of->linked.n_areas;
    return proof->n_witness > 0 ? kz_release_proof_put(j->work, j->release, part, &j->s, of, proof, err) : KZ_OK;
}

static kz_status find_hints(void *ctx, const kz_protect_part *of, kz_sdc_proof *ret, kz_err *err)
{
    job *j = ctx;
    return kz_release_proof_hints(j->work, j->release, &j->s, of, ret, err);
}

kz_status kz_release_hide(kz_db *work, int64_t release, const char *name, const kz_release_watch *watch,
                          kz_protect_report *ret, kz_err *err)
{
    kz_auto(kz_arena) arena;
    kz_arena_init(&arena, PROTECT_CAP);
    kz_protect_report r = { 0 };
    job j = { .work = work, .release = release, .report = &r };
    KZ_TRY(kz_release_proof_drop(work, release, err));
    KZ_TRY(kz_protect_system_make(work, release, name, &arena, &j.s, err));
    kz_status st = kz_protect_hide(&j.s, kz_processors(), watch ? watch->at : NULL, watch ? watch->ctx : NULL,
                                   &(kz_protect_hooks){ find_hints, keep_proof, &j }, err);
    if (st == KZ_OK)
        st = store_masks(&j, err);
    if (st == KZ_OK)
        st = note_protected(&j, err);
    kz_protect_system_done(&j.s);
    if (st == KZ_OK)
        *ret = r;
    return st;
}

/* ---- audit ---------------------------------------------------------------------------------- */

/* A count is known to the world when any cell shows it; what no cell prints alone is no printed count. */
static void see(kz_protect_system *s, bool hidden[], kz_audit_report *r)
{
    kz_auto(kz_arena) arena;
    kz_arena_init(&arena, PROTECT_CAP);
    bool *alone = kz_arena_new(&arena, bool, s->n_counts + 1);
    for (int64_t c = 0; c < s->n_counts; c++)
        hidden[c] = true;
    for (int i = 0; i < s->n_rows; i++) {
        const kz_protect_row *row = &s->rows[i];
        r->unprotected += row->ours && (row->num_mask < 0 || row->den_mask < 0);
        bool den_open = row->den_mask == KZ_MASK_OPEN, num_open = row->num_mask == KZ_MASK_OPEN && den_open;
        if (row->num != KZ_NONE) {
            hidden[row->num] &= !num_open;
            if (alone)
                alone[row->num] = true;
        }
        if (row->den != KZ_NONE) {
            hidden[row->den] &= !den_open;
            if (alone)
                alone[row->den] = true;
        }
        for (int k = 0; k < row->n_parts; k++)
            hidden[s->part[row->parts + k]] &= !num_open; /* to be on the safe side: as if each had been shown */
    }
    for (int64_t c = 0; c < s->n_counts && alone; c++)
        if (!alone[c] && hidden[c])
            s->count[c].flags &= (uint8_t)~KZ_SDC_PRINTED;
}

static void note_first(const kz_protect_system *s, const kz_protect_part *p, int place, kz_audit_report *r)
{
    kz_auto(kz_buf) name = kz_buf_init(sizeof r->example - 1);
    int count = kz_protect_part_count(s, p, place);
    if (r->example[0] || count == KZ_NONE)
        return;
    kz_protect_name(s, count, &name);
    snprintf(r->example, sizeof r->example, "%s", kz_buf_text(&name));
}

/* One part: its proof, checked by adding, and the ends of every block that is small enough. */
static kz_status audit_part(job *j, int i, const bool hidden[], kz_audit_report *r, const kz_audit_take *take,
                            kz_err *err)
{
    kz_auto(kz_arena) arena;
    kz_protect_part p;
    kz_sdc_proof proof = { 0 };
    kz_sdc_exposure found;
    int where;
    bool proven;
    kz_arena_init(&arena, PROTECT_CAP);
    KZ_TRY(kz_protect_part_make(&j->s, i, &arena, &p, err));
    size_t n = (size_t)p.linked.n_codes * (size_t)p.linked.n_areas;
    bool *own = kz_arena_new(&arena, bool, n + 1);
    double *lo = kz_arena_new(&arena, double, n + 1), *hi = kz_arena_new(&arena, double, n + 1);
    if (!own || !lo || !hi)
        return kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    for (size_t k = 0; k < n; k++)
        own[k] = hidden[kz_protect_part_count(&j->s, &p, (int)k)];
    KZ_TRY(kz_release_proof_get(j->work, j->release, i, &p, &proof, &proven, err));
    if (proven) {
        kz_status st = kz_sdc_linked_check(&p.linked, own, &proof, &where, NULL);
        r->proofs += proof.n_witness;
        kz_sdc_proof_done(&proof);
        if (st == KZ_E_FINDING) {
            r->false_proofs++;
            note_first(&j->s, &p, where, r);
        } else {
            KZ_TRY(st);
        }
    }
    p.linked.threads = kz_processors();
    p.linked.ends_most = proven ? ENDS_MOST : 0; /* without proof there is nothing but the ends */
    KZ_TRY(kz_sdc_linked_audit(&p.linked, own, lo, hi, &found, err));
    r->by_difference += found.by_difference;
    r->by_elimination += found.exact;
    r->narrow += found.narrow;
    r->bounded += found.checked - found.skipped;
    note_first(&j->s, &p, found.first, r);
    for (size_t k = 0; k < n; k++) {
        const kz_sdc_count *c = &p.linked.counts[k];
        bool bare = (c->flags & (KZ_SDC_SECRET | KZ_SDC_PUBLIC | KZ_SDC_PRINTED)) == (KZ_SDC_SECRET | KZ_SDC_PRINTED) &&
                    !own[k];
        r->unprotected += bare;
        r->hidden += (c->flags & KZ_SDC_PRINTED) && own[k];
        if (bare)
            note_first(&j->s, &p, (int)k, r);
        if (take && (c->flags & (KZ_SDC_SECRET | KZ_SDC_PRINTED)) && own[k])
            take->count(take->ctx, &j->s, &p, (int)k, lo[k], hi[k], proven);
    }
    return KZ_OK;
}

kz_status kz_release_attack(kz_db *work, int64_t release, const char *name, const kz_audit_take *take,
                            kz_audit_report *r, kz_err *err)
{
    kz_auto(kz_arena) arena;
    kz_arena_init(&arena, PROTECT_CAP);
    job j = { .work = work, .release = release };
    KZ_TRY(kz_protect_system_make(work, release, name, &arena, &j.s, err));
    bool *hidden = kz_arena_new(&arena, bool, j.s.n_counts + 1);
    kz_status st = hidden ? KZ_OK : kz_fail(err, KZ_E_LIMIT, "sdc.memory");
    if (hidden)
        see(&j.s, hidden, r);
    for (int i = 0; i < kz_protect_parts(&j.s) && st == KZ_OK; i++)
        st = audit_part(&j, i, hidden, r, take, err);
    kz_protect_system_done(&j.s);
    KZ_TRY(st);
    if (r->by_difference || r->by_elimination || r->narrow || r->unprotected || r->false_proofs)
        return kz_fail(err, KZ_E_FINDING, "release.audit_failed", kz_n("difference", r->by_difference),
                       kz_n("elimination", r->by_elimination), kz_n("narrow", r->narrow),
                       kz_n("open", r->unprotected), kz_n("proofs", r->false_proofs), kz_s("example", r->example));
    return KZ_OK;
}
