#include "kz_test.h"

#include "../store/temp_folder.h"
#include "store/workspace.h"
#include "trust/journal.h"
#include "trust/may.h"
#include "trust/session.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

static kz_err err;
static kz_workspace ws;
enum { T0 = 1790000000 };

static void open_with(const char *folder, const char *account, const char *role)
{
    kz_workspace_done(&ws);
    assert_true(sodium_init() >= 0);
    assert_int_equal(kz_workspace_init(temp_path(folder), "Köln", "05315000", &err), KZ_OK);
    assert_int_equal(kz_workspace_open(temp_path(folder), KZ_DB_WRITE, &ws, &err), KZ_OK);
    assert_int_equal(kz_user_add(ws.work, account, role, &err), KZ_OK);
}

static kz_session sign_in(const char *account, int64_t at, char token[static KZ_TOKEN_TEXT])
{
    char link[KZ_TOKEN_TEXT];
    kz_session s;
    assert_int_equal(kz_session_link(ws.work, account, at, link, &err), KZ_OK);
    assert_int_equal(kz_session_begin(ws.work, link, at, token, &s, &err), KZ_OK);
    return s;
}

static void a_link_opens_one_session_and_only_once(void **state)
{
    (void)state;
    char link[KZ_TOKEN_TEXT], token[KZ_TOKEN_TEXT] = "before", again[KZ_TOKEN_TEXT];
    kz_session s;
    open_with("once", "meier", "statistik");
    assert_int_equal(kz_session_link(ws.work, "meier", T0, link, &err), KZ_OK);
    assert_true(kz_token_ok(link));
    assert_int_equal(kz_session_begin(ws.work, link, T0 + KZ_LINK_LIFE, token, &s, &err), KZ_OK);
    assert_string_equal(s.account, "meier");
    assert_int_equal(s.role, KZ_ROLE_STATISTICS);
    assert_string_not_equal(link, token);
    memcpy(again, "untouched", 10);
    assert_int_equal(kz_session_begin(ws.work, link, T0 + 1, again, &s, &err), KZ_E_DENIED);
    assert_string_equal(again, "untouched");
    assert_int_equal(kz_session_find(ws.work, link, T0 + 1, 0, &s, &err), KZ_E_DENIED);
}

static void a_link_ends_after_a_quarter_of_an_hour_or_with_its_account(void **state)
{
    (void)state;
    char link[KZ_TOKEN_TEXT], token[KZ_TOKEN_TEXT];
    kz_session s;
    open_with("late", "meier", "statistik");
    assert_int_equal(kz_session_link(ws.work, "meier", T0, link, &err), KZ_OK);
    assert_int_equal(kz_session_begin(ws.work, link, T0 + KZ_LINK_LIFE + 1, token, &s, &err), KZ_E_DENIED);
    assert_int_equal(kz_session_begin(ws.work, link, T0 - 1, token, &s, &err), KZ_E_DENIED);
    assert_int_equal(kz_user_disable(ws.work, "meier", &err), KZ_OK);
    assert_int_equal(kz_session_begin(ws.work, link, T0 + 1, token, &s, &err), KZ_E_DENIED);
    assert_string_equal(err.id, "session.link_bad");
    assert_int_equal(kz_session_link(ws.work, "meier", T0, link, &err), KZ_E_DENIED);
    assert_int_equal(kz_session_link(ws.work, "nobody", T0, link, &err), KZ_E_MISSING);
}

static void a_session_ends_to_the_second(void **state)
{
    (void)state;
    char token[KZ_TOKEN_TEXT], other[KZ_TOKEN_TEXT];
    kz_session s;
    open_with("ends", "meier", "statistik");
    assert_int_equal(kz_user_add(ws.work, "kurt", "fachplanung", &err), KZ_OK);
    sign_in("meier", T0, token);
    sign_in("kurt", T0, other);
    assert_int_equal(kz_session_idle(KZ_ROLE_STATISTICS), 600);
    assert_int_equal(kz_session_idle(KZ_ROLE_PLANNING), 1800);
    assert_int_equal(kz_session_find(ws.work, token, T0 + 600, 0, &s, &err), KZ_OK);
    assert_int_equal(kz_session_find(ws.work, token, T0 + 601, 0, &s, &err), KZ_E_DENIED);
    assert_int_equal(kz_session_find(ws.work, other, T0 + 1800, 0, &s, &err), KZ_OK);
    assert_int_equal(kz_session_find(ws.work, other, T0 + 1801, 0, &s, &err), KZ_E_DENIED);
    /* seen in memory or in the database, but never longer than eight hours */
    assert_int_equal(kz_session_find(ws.work, token, T0 + 700, T0 + 100, &s, &err), KZ_OK);
    assert_int_equal(kz_session_touch(ws.work, token, T0 + 28000, &err), KZ_OK);
    assert_int_equal(kz_session_find(ws.work, token, T0 + 28600, 0, &s, &err), KZ_OK);
    assert_int_equal(kz_session_find(ws.work, token, T0 + 28800, T0 + 28799, &s, &err), KZ_OK);
    assert_int_equal(kz_session_find(ws.work, token, T0 + 28801, T0 + 28800, &s, &err), KZ_E_DENIED);
}

static void going_out_and_being_disabled_end_a_session_at_once(void **state)
{
    (void)state;
    char token[KZ_TOKEN_TEXT], other[KZ_TOKEN_TEXT];
    kz_session s;
    open_with("out", "meier", "statistik");
    assert_int_equal(kz_user_add(ws.work, "kurt", "statistik", &err), KZ_OK);
    sign_in("meier", T0, token);
    sign_in("kurt", T0, other);
    assert_int_equal(kz_session_end(ws.work, token, &err), KZ_OK);
    assert_int_equal(kz_session_find(ws.work, token, T0 + 1, T0 + 1, &s, &err), KZ_E_DENIED);
    assert_int_equal(kz_session_find(ws.work, other, T0 + 1, 0, &s, &err), KZ_OK);
    assert_int_equal(kz_user_disable(ws.work, "kurt", &err), KZ_OK);
    assert_int_equal(kz_session_find(ws.work, other, T0 + 1, 0, &s, &err), KZ_E_DENIED);
}

static void refuses_what_is_no_token(void **state)
{
    (void)state;
    static const char *const BAD[] = { "", "x", "kekiz", "' OR 1=1 --", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                       "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
                                       "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                                       "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n" };
    kz_session s;
    open_with("bad", "meier", "statistik");
    for (size_t i = 0; i < sizeof BAD / sizeof *BAD; i++) {
        assert_false(kz_token_ok(BAD[i]));
        assert_int_equal(kz_session_find(ws.work, BAD[i], T0, 0, &s, &err), KZ_E_DENIED);
    }
    assert_true(kz_token_ok("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
    assert_int_equal(kz_session_find(ws.work, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", T0, 0, &s, &err),
                     KZ_E_DENIED);
}

static void tokens_are_not_in_the_database(void **state)
{
    (void)state;
    char token[KZ_TOKEN_TEXT], bytes[1 << 16];
    open_with("hash", "meier", "statistik");
    sign_in("meier", T0, token);
    kz_workspace_done(&ws);
    FILE *f = fopen(temp_path("hash/work.db"), "rb");
    assert_non_null(f);
    size_t n;
    while ((n = fread(bytes, 1, sizeof bytes, f)) > 0)
        assert_null(memmem(bytes, n, token, KZ_TOKEN_TEXT - 1));
    fclose(f);
}

static void a_form_belongs_to_its_session(void **state)
{
    (void)state;
    char token[KZ_TOKEN_TEXT], other[KZ_TOKEN_TEXT], csrf[KZ_TOKEN_TEXT], foreign[KZ_TOKEN_TEXT];
    open_with("form", "meier", "statistik");
    sign_in("meier", T0, token);
    sign_in("meier", T0, other);
    kz_session_csrf(token, csrf);
    kz_session_csrf(other, foreign);
    assert_string_not_equal(csrf, foreign);
    assert_string_not_equal(csrf, token);
    assert_true(kz_session_csrf_ok(token, csrf));
    assert_false(kz_session_csrf_ok(token, foreign));
    assert_false(kz_session_csrf_ok(token, NULL));
    assert_false(kz_session_csrf_ok(token, ""));
    assert_false(kz_session_csrf_ok(token, token));
    csrf[42] = csrf[42] == 'A' ? 'B' : 'A';
    assert_false(kz_session_csrf_ok(token, csrf));
}

/* The whole table, as it should be: rows are objects, letters are p(ublic) t f k s g e d i l. */
static void every_role_may_what_it_needs_and_no_more(void **state)
{
    (void)state;
    static const char LETTERS[] = "ptfksgedil";
    static const char *const WANT[KZ_N_OBJECTS][KZ_N_VERBS] = {
        { "ptfksgedil", "", "" },                     /* public  */
        { "ptfksgedil", "ptfksgedil", "ptfksgedil" }, /* sign-in */
        { "tfksgedil", "", "" },                      /* desk    */
        { "s", "s", "s" },                            /* import  */
        { "si", "", "" },                             /* state   */
    };
    for (int o = 0; o < KZ_N_OBJECTS; o++)
        for (int v = 0; v < KZ_N_VERBS; v++)
            for (int r = 0; r < KZ_N_ROLES; r++)
                assert_int_equal(kz_may((kz_role)r, (kz_verb)v, (kz_object)o), strchr(WANT[o][v], LETTERS[r]) != NULL);
}

static void events_are_chained_and_cannot_be_changed(void **state)
{
    (void)state;
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    crypto_hash_sha256_state h;
    unsigned char want[crypto_hash_sha256_BYTES] = { 0 };
    bool row;
    open_with("events", "meier", "statistik");
    for (int i = 0; i < 3; i++)
        assert_int_equal(kz_journal_add(ws.work, &(kz_event){ .at = "2026-11-26T12:00:00Z", .account = "meier",
                                                              .role = "statistik", .verb = "undo", .object = "import 7",
                                                              .result = "done" }, &err), KZ_OK);
    assert_int_equal(kz_db_exec(ws.work, "UPDATE event SET account = 'kurt' WHERE seq = 2", &err), KZ_E_CONFLICT);
    assert_int_equal(kz_db_exec(ws.work, "DELETE FROM event WHERE seq = 3", &err), KZ_E_CONFLICT);
    assert_int_equal(kz_prepare(ws.work, "SELECT hash FROM event ORDER BY seq", &q, &err), KZ_OK);
    for (int i = 1; i <= 3; i++) {
        size_t n;
        char bytes[] = "\1\0\0\0?\24\0\0\0" "2026-11-26T12:00:00Z\5\0\0\0meier\11\0\0\0statistik\4\0\0\0undo\10\0\0\0"
                       "import 7\4\0\0\0done";
        bytes[4] = (char)('0' + i);
        crypto_hash_sha256_init(&h);
        crypto_hash_sha256_update(&h, want, sizeof want);
        crypto_hash_sha256_update(&h, (const unsigned char *)bytes, sizeof bytes - 1);
        crypto_hash_sha256_final(&h, want);
        assert_int_equal(kz_step(&q, &row, &err), KZ_OK);
        assert_true(row);
        const void *hash = kz_col_blob(&q, 0, &n);
        assert_int_equal(n, sizeof want);
        assert_memory_equal(hash, want, n);
    }
}

static int close_all(void **state)
{
    kz_workspace_done(&ws);
    return temp_remove(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KZ_TEST(a_link_opens_one_session_and_only_once),
        KZ_TEST(a_link_ends_after_a_quarter_of_an_hour_or_with_its_account),
        KZ_TEST(a_session_ends_to_the_second),
        KZ_TEST(going_out_and_being_disabled_end_a_session_at_once),
        KZ_TEST(refuses_what_is_no_token),
        KZ_TEST(tokens_are_not_in_the_database),
        KZ_TEST(a_form_belongs_to_its_session),
        KZ_TEST(every_role_may_what_it_needs_and_no_more),
        KZ_TEST(events_are_chained_and_cannot_be_changed),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, temp_make, close_all);
}
