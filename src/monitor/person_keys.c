/*
 * Pseudonyms: SipHash-2-4 of the office's number under a secret that only keys.db has, a secret for each family of
 * sources and kind of number.  Different families cannot be joined; without keys.db nobody can go back, not even by
 * trying all numbers.  64 bits: among 10 million persons two share a pseudonym once in 370,000 deliveries.
 * Source: Aumasson and Bernstein, "SipHash: a fast short-input PRF", INDOCRYPT 2012.
 */
#include "monitor/person_job.h"

#include "store/steps.h"

#include <sodium.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const KINDS[] = { "person", "household" };

static bool path_of(const person_job *job, char out[static 4200])
{
    return snprintf(out, 4200, "%s/keys.db", job->ws->dir) < 4200;
}

static kz_status load(kz_db *db, const char *family, const char *kind, person_key *ret, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    size_t n;
    KZ_TRY(kz_prepare(db, "SELECT secret FROM secret WHERE family = ?1 AND kind = ?2", &q, err));
    kz_bind_text(&q, 1, family);
    kz_bind_text(&q, 2, kind);
    KZ_TRY(kz_step(&q, &row, err));
    const void *secret = row ? kz_col_blob(&q, 0, &n) : NULL;
    if (!secret || n != sizeof ret->secret)
        return KZ_OK;
    memcpy(ret->secret, secret, sizeof ret->secret);
    ret->fresh = false;
    return KZ_OK;
}

kz_status person_load_keys(person_job *job, kz_err *err)
{
    _Static_assert(sizeof job->person_key.secret == crypto_shorthash_KEYBYTES, "the secret is a key of SipHash");
    char path[4200];
    struct stat s;
    person_key *keys[] = { &job->person_key, &job->household_key };
    KZ_ASSERT(sodium_init() >= 0);
    for (int i = 0; i < 2; i++) {
        randombytes_buf(keys[i]->secret, sizeof keys[i]->secret);
        keys[i]->fresh = true;
    }
    if (!path_of(job, path) || stat(path, &s) != 0)
        return KZ_OK;
    KZ_AUTO_DB db = NULL;
    KZ_TRY(kz_steps_open(path, job->order->dry_run ? KZ_DB_READ : KZ_DB_WRITE, KZ_STEPS_KEYS, &db, err));
    for (int i = 0; i < 2; i++)
        KZ_TRY(load(db, job->source.family, KINDS[i], keys[i], err));
    return KZ_OK;
}

static bool is_used(const person_job *job, int kind)
{
    return kind == 0 ? job->has_person : job->has_household;
}

static kz_status save(kz_db *db, const char *family, const char *kind, const person_key *key, kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    char now[KZ_TIME_TEXT];
    kz_time_iso(now);
    KZ_TRY(kz_prepare(db, "INSERT INTO secret (family, kind, secret, created) VALUES (?1, ?2, ?3, ?4)", &q, err));
    kz_bind_text(&q, 1, family);
    kz_bind_text(&q, 2, kind);
    kz_bind_blob(&q, 3, key->secret, sizeof key->secret);
    kz_bind_text(&q, 4, now);
    return kz_run(&q, err);
}

kz_status person_save_keys(person_job *job, kz_err *err)
{
    const person_key *keys[] = { &job->person_key, &job->household_key };
    char path[4200];
    bool fresh = false;
    for (int i = 0; i < 2; i++)
        fresh |= keys[i]->fresh && is_used(job, i);
    if (!fresh)
        return KZ_OK;
    if (!path_of(job, path))
        return kz_fail(err, KZ_E_LIMIT, "store.ws_long_path", kz_s("dir", job->ws->dir));
    KZ_AUTO_DB db = NULL;
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    KZ_TRY(kz_steps_open(path, KZ_DB_CREATE, KZ_STEPS_KEYS, &db, err));
    KZ_TRY(kz_tx_begin(&tx, db, err));
    for (int i = 0; i < 2; i++)
        if (keys[i]->fresh && is_used(job, i))
            KZ_TRY(save(db, job->source.family, KINDS[i], keys[i], err));
    return kz_tx_commit(&tx, err);
}

/* What this import has put there, when it comes to nothing after all. */
void person_drop_keys(person_job *job)
{
    const person_key *keys[] = { &job->person_key, &job->household_key };
    char path[4200];
    KZ_AUTO_DB db = NULL;
    if (!path_of(job, path) || access(path, F_OK) != 0 ||
        kz_steps_open(path, KZ_DB_WRITE, KZ_STEPS_KEYS, &db, NULL) != KZ_OK)
        return;
    for (int i = 0; i < 2; i++) {
        kz_auto(kz_stmt) q = KZ_STMT_INIT;
        if (!keys[i]->fresh || kz_prepare(db, "DELETE FROM secret WHERE family = ?1 AND kind = ?2 AND secret = ?3", &q,
                                          NULL) != KZ_OK)
            continue;
        kz_bind_text(&q, 1, job->source.family);
        kz_bind_text(&q, 2, KINDS[i]);
        kz_bind_blob(&q, 3, keys[i]->secret, sizeof keys[i]->secret);
        if (kz_run(&q, NULL) != KZ_OK)
            return;
    }
}

void person_forget_keys(person_job *job)
{
    sodium_memzero(&job->person_key, sizeof job->person_key);
    sodium_memzero(&job->household_key, sizeof job->household_key);
}

int64_t person_pseudonym(const person_key *key, kz_view id)
{
    unsigned char out[crypto_shorthash_BYTES];
    int64_t n;
    if (id.n == 0)
        return 0;
    crypto_shorthash(out, (const unsigned char *)id.p, id.n, key->secret);
    memcpy(&n, out, sizeof n);
    return n != 0 ? n : 1;
}
