#include "trust/journal.h"

#include <sodium.h>
#include <string.h>

#include "base/buf.h"
#include "base/date.h"

static void put(crypto_hash_sha256_state *h, const char *text)
{
    size_t n = strlen(text);
    const unsigned char length[4] = { n & 0xFF, n >> 8 & 0xFF, n >> 16 & 0xFF, n >> 24 & 0xFF };
    crypto_hash_sha256_update(h, length, sizeof length);
    crypto_hash_sha256_update(h, (const unsigned char *)text, n);
}

/* Number and hash of the last event; zeros before the first. */
static kz_status last(kz_db *work, int64_t *seq, unsigned char hash[static crypto_hash_sha256_BYTES], kz_err *err)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    size_t n = 0;
    memset(hash, 0, crypto_hash_sha256_BYTES);
    *seq = 0;
    KZ_TRY(kz_prepare(work, "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1", &q, err));
    KZ_TRY(kz_step(&q, &row, err));
    if (!row)
        return KZ_OK;
    *seq = kz_col_int(&q, 0);
    const void *p = kz_col_blob(&q, 1, &n);
    if (n == crypto_hash_sha256_BYTES)
        memcpy(hash, p, n);
    return KZ_OK;
}

kz_status kz_journal_add(kz_db *work, const kz_event *e, kz_err *err)
{
    kz_auto(kz_tx) tx = KZ_TX_INIT;
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    kz_auto(kz_buf) number = kz_buf_init(32);
    crypto_hash_sha256_state h;
    unsigned char hash[crypto_hash_sha256_BYTES];
    char now[KZ_TIME_TEXT];
    int64_t seq;

    kz_time_iso(now);
    KZ_TRY(kz_tx_begin(&tx, work, err));
    KZ_TRY(last(work, &seq, hash, err));
    seq++;
    kz_buf_int(&number, seq);
    const char *fields[] = { kz_buf_text(&number), e->at ? e->at : now, e->account, e->role, e->verb, e->object,
                             e->result };
    crypto_hash_sha256_init(&h);
    crypto_hash_sha256_update(&h, hash, sizeof hash);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        put(&h, fields[i]);
    crypto_hash_sha256_final(&h, hash);
    KZ_TRY(kz_prepare(work, "INSERT INTO event (seq, at, account, role, verb, object, result, hash)"
                            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", &q, err));
    kz_bind_int(&q, 1, seq);
    for (size_t i = 1; i < sizeof fields / sizeof *fields; i++)
        kz_bind_text(&q, (int)i + 1, fields[i]);
    kz_bind_blob(&q, 8, hash, sizeof hash);
    KZ_TRY(kz_run(&q, err));
    return kz_tx_commit(&tx, err);
}
