#include "monitor/definition.h"

#include "base/sha256.h"
#include "monitor/compute.h"

#include <string.h>

enum { TEXT_MOST = 1 << 20, ARENA_MOST = 64 << 20 };

void kz_definition_hash(const kz_indicator *ind, char ret[static KZ_DEFINITION_HEX])
{
    kz_auto(kz_buf) text = kz_buf_init(TEXT_MOST);
    char hex[KZ_SHA256_HEX];
    kz_sha256 s;
    kz_buf_fmt(&text, "%s|%s|%d|%d|%d\n", kz_kind_name(ind->kind), ind->unit, ind->pool, ind->min_denominator,
               ind->from_first);
    for (int g = 0; g < ind->n_groups; g++) {
        kz_buf_fmt(&text, "%s|", ind->groups[g].code);
        kz_indicator_write_numerator(&text, ind, g);
        kz_buf_char(&text, '|');
        kz_indicator_write_denominator(&text, ind, g);
        kz_buf_char(&text, '\n');
    }
    kz_sha256_begin(&s);
    kz_sha256_add(&s, kz_buf_text(&text), text.n);
    kz_sha256_end(&s, hex);
    memcpy(ret, hex, KZ_DEFINITION_HEX - 1);
    ret[KZ_DEFINITION_HEX - 1] = '\0';
}

static kz_definition *of(const kz_catalogue *cat, kz_definition *list, const char *id)
{
    const kz_indicator *ind = kz_catalogue_find(cat, id);
    return ind ? &list[ind - cat->indicators] : NULL;
}

/* What the cells were made with. */
static kz_status read_computed(kz_db *work, const kz_catalogue *cat, kz_definition *list, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_status st;
    bool row;
    for (int i = 0; i < cat->n; i++)
        list[i].known = true;
    KZ_TRY(kz_prepare(work, "SELECT DISTINCT i.code, c.definition, c.version FROM computed c JOIN indicator i ON "
                            "i.id = c.indicator ORDER BY c.version DESC", &q, err));
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row) {
        kz_definition *d = of(cat, list, kz_col_text(&q, 0));
        char now[KZ_DEFINITION_HEX];
        if (!d)
            continue;
        d->computed = true;
        d->known &= *kz_col_text(&q, 1) != '\0';
        kz_definition_hash(d->ind, now);
        if (!*kz_col_text(&q, 1) || strcmp(kz_col_text(&q, 1), now) == 0)
            continue;
        d->changed = true;
        d->version_before = (int)kz_col_int(&q, 2);
        d->raised = d->ind->version > d->version_before;
    }
    return st;
}

/* Stale: the own definition, or that of a part. */
static void spread(const kz_catalogue *cat, kz_definition *list)
{
    for (int k = 0; k < cat->n; k++) { /* parts before what is made of them */
        kz_definition *d = &list[cat->order[k]];
        d->stale = d->changed;
        for (int p = 0; d->ind->mix && p < d->ind->mix->n_arg; p++) {
            const kz_definition *part = of(cat, list, d->ind->mix->arg[p]->name);
            d->stale |= part && part->stale;
        }
        d->stale &= d->computed;
        d->known &= d->computed;
    }
}

static kz_status count_cells(kz_db *work, kz_arena *a, kz_definition *d, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    KZ_TRY(kz_prepare(work, "SELECT COUNT(*), COALESCE(MIN(p.code), ''), COALESCE(MAX(p.code), '') FROM cell c JOIN "
                            "indicator i ON i.id = c.indicator JOIN period p ON p.id = c.period WHERE i.code = ?1", &q,
                      err));
    kz_bind_text(&q, 1, d->ind->id);
    KZ_TRY(kz_step(&q, &row, err));
    d->cells = kz_col_int(&q, 0);
    d->first = kz_arena_strdup(a, kz_col_text(&q, 1));
    d->last = kz_arena_strdup(a, kz_col_text(&q, 2));
    return d->first && d->last ? KZ_OK : kz_fail(err, KZ_E_LIMIT, "compute.memory");
}

static kz_status find_releases(kz_db *work, kz_arena *a, kz_definition *d, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_buf) names = kz_buf_init(TEXT_MOST);
    char now[KZ_DEFINITION_HEX];
    kz_status st;
    bool row;
    kz_definition_hash(d->ind, now);
    KZ_TRY(kz_prepare(work, "SELECT r.name, f.version FROM release_definition f JOIN release r ON r.id = f.release "
                            "JOIN indicator i ON i.id = f.indicator WHERE i.code = ?1 AND f.definition <> ?2 AND "
                            "r.state = 'published' ORDER BY r.id", &q, err));
    kz_bind_text(&q, 1, d->ind->id);
    kz_bind_text(&q, 2, now);
    while ((st = kz_step(&q, &row, err)) == KZ_OK && row)
        kz_buf_fmt(&names, "%s%s (%d)", names.n ? ", " : "", kz_col_text(&q, 0), (int)kz_col_int(&q, 1));
    KZ_TRY(st);
    d->releases = kz_arena_strdup(a, kz_buf_text(&names));
    return d->releases ? KZ_OK : kz_fail(err, KZ_E_LIMIT, "compute.memory");
}

kz_status kz_definitions_compare(kz_db *work, const kz_catalogue *cat, kz_arena *a, kz_definitions *ret, kz_err *err)
{
    kz_definition *list = kz_arena_new(a, kz_definition, cat->n + 1);
    kz_definitions all = { .n = cat->n, .list = list };
    if (!list)
        return kz_fail(err, KZ_E_LIMIT, "compute.memory");
    for (int i = 0; i < cat->n; i++)
        list[i] = (kz_definition){ .ind = &cat->indicators[i], .first = "", .last = "", .releases = "" };
    KZ_TRY(read_computed(work, cat, list, err));
    spread(cat, list);
    for (int i = 0; i < cat->n; i++) {
        if (list[i].stale)
            KZ_TRY(count_cells(work, a, &list[i], err));
        KZ_TRY(find_releases(work, a, &list[i], err));
        all.n_stale += list[i].stale;
        all.n_changed += list[i].changed;
        all.cells += list[i].cells;
    }
    *ret = all;
    return KZ_OK;
}

kz_status kz_definition_note(kz_db *work, const kz_indicator *ind, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    char now[KZ_DEFINITION_HEX];
    kz_definition_hash(ind, now);
    KZ_TRY(kz_prepare(work, "UPDATE computed SET definition = ?2, version = ?3 WHERE indicator = (SELECT id FROM "
                            "indicator WHERE code = ?1) AND (definition <> ?2 OR version <> ?3)", &q, err));
    kz_bind_text(&q, 1, ind->id);
    kz_bind_text(&q, 2, now);
    kz_bind_int(&q, 3, ind->version);
    return kz_run(&q, err);
}

kz_status kz_definitions_release(kz_db *work, int64_t release, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    KZ_TRY(kz_prepare(work, "INSERT INTO release_definition (release, indicator, definition, version) SELECT ?1, "
                            "indicator, MAX(definition), MAX(version) FROM computed WHERE definition <> '' AND "
                            "indicator IN (SELECT indicator FROM release_cell WHERE release = ?1) GROUP BY indicator",
                      &q, err));
    kz_bind_int(&q, 1, release);
    return kz_run(&q, err);
}

kz_status kz_definitions_tell(kz_db *work, kz_findings *found, kz_err *err)
{
    kz_auto(kz_catalogue) cat = KZ_CATALOGUE_INIT;
    kz_auto(kz_arena) a;
    kz_definitions d;
    bool held;
    kz_arena_init(&a, ARENA_MOST);
    KZ_TRY(kz_compute_held(work, &held, err));
    if (held)
        return KZ_OK; /* nothing is made anew now */
    KZ_TRY(kz_catalogue_builtin(&cat, err));
    KZ_TRY(kz_definitions_compare(work, &cat, &a, &d, err));
    for (int i = 0; i < d.n; i++) {
        const kz_definition *x = &d.list[i];
        kz_auto(kz_buf) periods = kz_buf_init(200);
        kz_buf_fmt(&periods, "%s–%s", x->first, x->last);
        if (x->changed)
            kz_finding_add(found, KZ_NOTICE, "definition.import", 0, "", kz_view_of(x->ind->id),
                           kz_n("before", x->version_before), kz_n("now", x->ind->version), kz_n("cells", x->cells),
                           kz_s("periods", kz_buf_text(&periods)));
    }
    return KZ_OK;
}
