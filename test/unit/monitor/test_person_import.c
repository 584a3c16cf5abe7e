#include "kz_test.h"

#include "../store/temp_folder.h"
#include "base/rng.h"
#include "monitor/import.h"
#include "store/segment.h"

#include <dirent.h>
#include <limits.h>
#include <sched.h>
#include <string.h>

/* A town with four quarters, and deliveries of persons. */
typedef struct town {
    kz_workspace ws;
    kz_findings found;
    kz_import_result res;
    kz_err err;
} town;

#define HEAD "PID;HHNR;Name;Geburtsdatum;Geschlecht;Migrationshintergrund;Wohndauer;Viertel\n"

static int set_up(void **state)
{
    static const char AREAS[] =
        "INSERT INTO level (id, code, one, many, \"rank\") VALUES (2, 'viertel', 'Viertel', 'Viertel', 1),"
        " (3, 'kita', 'Kita', 'Kitas', 2);"
        "INSERT INTO area (id, level, key, name, parent) VALUES (2, 2, '0101', 'Alt', 1), (3, 2, '0102', 'Neu', 1),"
        " (4, 2, '0103', 'Hafen', 1), (5, 3, '77', 'Kita Sonne', 1)";
    static int n;
    char name[16];
    town *t = calloc(1, sizeof *t);
    snprintf(name, sizeof name, "w%d", n++);
    kz_findings_init(&t->found, "");
    *state = t;
    return t && kz_workspace_init(temp_path(name), "Dorf", "05315000", &t->err) == KZ_OK &&
                   kz_workspace_open(temp_path(name), KZ_DB_WRITE, &t->ws, &t->err) == KZ_OK &&
                   kz_db_exec(t->ws.work, AREAS, &t->err) == KZ_OK
               ? 0
               : -1;
}

static int tear_down(void **state)
{
    town *t = *state;
    kz_workspace_done(&t->ws);
    kz_findings_done(&t->found);
    free(t);
    return 0;
}

static kz_status bring_order(town *t, const char *source, const char *csv, size_t n, kz_import_order order)
{
    temp_write(temp_path("d.csv"), csv, n);
    kz_findings_done(&t->found);
    kz_findings_init(&t->found, "d.csv");
    t->err = (kz_err){ 0 };
    order.file = "d.csv";
    order.path = temp_path("d.csv");
    order.source = source;
    order.by_user = "test";
    if (!order.period)
        order.period = "2024";
    return kz_import_run(&t->ws, &order, &t->found, &t->res, &t->err);
}

static kz_status bring(town *t, const char *source, const char *csv)
{
    return bring_order(t, source, csv, strlen(csv), (kz_import_order){ .accept_warnings = true });
}

/* Files in facts/ that are not hidden names. */
static int files_in_facts(const town *t)
{
    char path[4200];
    int n = 0;
    snprintf(path, sizeof path, "%s/facts", t->ws.dir);
    DIR *d = opendir(path);
    for (struct dirent *e; d && (e = readdir(d));)
        n += strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0;
    if (d)
        closedir(d);
    return n;
}

/* The segment in use of a source. */
static void open_segment(const town *t, const char *source, kz_segment *seg)
{
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    char path[4300];
    assert_int_equal(kz_prepare(t->ws.work, "SELECT file FROM segment WHERE source = ?1 AND replaced_by IS NULL"
                                            " ORDER BY id DESC LIMIT 1", &q, NULL), KZ_OK);
    kz_bind_text(&q, 1, source);
    assert_int_equal(kz_step(&q, &row, NULL), KZ_OK);
    assert_true(row);
    snprintf(path, sizeof path, "%s/facts/%s", t->ws.dir, kz_col_text(&q, 0));
    assert_int_equal(kz_segment_open(path, seg, NULL), KZ_OK);
}

static int64_t number_at(kz_segment *seg, const char *column, uint64_t row)
{
    kz_segment_view v;
    uint32_t at;
    assert_int_equal(kz_segment_find(seg, column, &at, NULL), KZ_OK);
    assert_int_equal(kz_segment_read(seg, at, &v, NULL), KZ_OK);
    return v.type == KZ_SEG_I64 ? ((const int64_t *)v.p)[row] : ((const int32_t *)v.p)[row];
}

static const char *code_at(kz_segment *seg, const char *column, uint64_t row)
{
    static char text[4][200];
    static int turn;
    kz_segment_view v;
    uint32_t at;
    assert_int_equal(kz_segment_find(seg, column, &at, NULL), KZ_OK);
    assert_int_equal(kz_segment_read(seg, at, &v, NULL), KZ_OK);
    uint32_t code = v.width == 1   ? ((const uint8_t *)v.p)[row]
                    : v.width == 2 ? ((const uint16_t *)v.p)[row]
                                   : ((const uint32_t *)v.p)[row];
    turn = (turn + 1) % 4;
    snprintf(text[turn], sizeof text[turn], "%.*s", (int)v.dict[code].n, v.dict[code].p);
    return text[turn];
}

/* Redo on paper: born 01.02.2018, on 31.12.2024 six years and ten months: 82. */
static void a_delivery_becomes_ages_codes_areas_and_pseudonyms(void **state)
{
    town *t = *state;
    assert_int_equal(bring(t, "ewo", HEAD "1;10;Müller;01.02.2018;w;ohne;3;0101\n"
                                          "2;10;Müller;31.12.2023;M;Deutsche mit MH;k.A.;0102\n"
                                          "3;11;Kaya;15.06.1980;männlich;Ausländer;;\n"), KZ_OK);
    kz_auto(kz_segment) seg = { 0 };
    open_segment(t, "ewo", &seg);
    assert_int_equal(seg.n_rows, 3);
    assert_int_equal(number_at(&seg, "age_months", 0), 82);
    assert_int_equal(number_at(&seg, "age_months", 1), 12);
    assert_int_equal(number_at(&seg, "age_months", 2), 44 * 12 + 6);
    assert_string_equal(code_at(&seg, "sex", 0), "w");
    assert_string_equal(code_at(&seg, "sex", 1), "m");
    assert_string_equal(code_at(&seg, "mig", 1), "german");
    assert_string_equal(code_at(&seg, "residence", 0), ""); /* the delivery does not have it */
    assert_int_equal(number_at(&seg, "years_here", 0), 3);
    assert_int_equal(number_at(&seg, "years_here", 1), INT32_MIN);
    assert_string_equal(code_at(&seg, "area", 0), "viertel:0101");
    assert_string_equal(code_at(&seg, "area", 2), "");
    assert_true(number_at(&seg, "household", 0) == number_at(&seg, "household", 1));
    assert_true(number_at(&seg, "household", 0) != number_at(&seg, "household", 2));
    assert_true(number_at(&seg, "person", 0) != number_at(&seg, "person", 1));
    uint32_t at;
    assert_int_equal(kz_segment_find(&seg, "surname", &at, NULL), KZ_E_INPUT);
    assert_int_equal(t->res.rows_kept, 3);
    assert_int_equal(files_in_facts(t), 1);
}

static void households_of_one_family_can_be_joined_and_others_cannot(void **state)
{
    town *t = *state;
    assert_int_equal(bring(t, "ewo", HEAD "1;10;A;01.02.2018;w;ohne;3;0101\n"), KZ_OK);
    assert_int_equal(bring(t, "haushalte", "HHNR;Haushaltsgröße;Kinder;Haushaltstyp;Viertel\n10;1;1;sonstige;0101\n"),
                     KZ_OK);
    assert_int_equal(bring(t, "sgb2-personen", "Pseudonym;BG;Geburtsmonat;Rolle;Viertel\n1;10;02/2018;NEF;0101\n"), KZ_OK);
    kz_auto(kz_segment) ewo = { 0 }, homes = { 0 }, sgb2 = { 0 };
    open_segment(t, "ewo", &ewo);
    open_segment(t, "haushalte", &homes);
    open_segment(t, "sgb2-personen", &sgb2);
    assert_true(number_at(&ewo, "household", 0) == number_at(&homes, "household", 0));
    assert_true(number_at(&ewo, "household", 0) != number_at(&sgb2, "household", 0));
    assert_true(number_at(&ewo, "person", 0) != number_at(&sgb2, "person", 0));
    assert_true(number_at(&ewo, "person", 0) != number_at(&ewo, "household", 0));
    assert_int_equal(number_at(&sgb2, "age_months", 0), 82);
}

static void one(town *t, const char *source, const char *csv, const char *rule, int64_t row)
{
    assert_int_equal(bring(t, source, csv), KZ_E_INPUT);
    assert_int_equal(kz_findings_of(&t->found, rule), 1);
    for (int i = 0; i < t->found.n; i++)
        if (strcmp(t->found.list[i]->rule, rule) == 0)
            assert_int_equal(t->found.list[i]->row, row);
}

static void what_is_wrong_is_said_with_its_place_and_nothing_is_stored(void **state)
{
    town *t = *state;
    one(t, "ewo", HEAD "1;1;A;01.02.2018;w;ohne;3;0101\n2;1;A;30.02.2018;w;ohne;3;0101\n", "check.person_date", 3);
    one(t, "ewo", HEAD "1;1;A;01.01.2025;w;ohne;3;0101\n", "check.person_born_later", 2);
    one(t, "ewo", HEAD "1;1;A;01.01.1903;w;ohne;3;0101\n", "check.person_age_old", 2);
    one(t, "ewo", HEAD "1;1;A;01.02.2018;w;ohne;3,5;0101\n", "check.person_number", 2);
    one(t, "ewo", HEAD "1;1;A;01.02.2018;w;ohne;300;0101\n", "check.person_range", 2);
    one(t, "ewo", HEAD "1;1;A;01.02.2018;q;ohne;3;0101\n", "check.person_code", 2);
    one(t, "ewo", HEAD "1;1;A;01.02.2018;w;ohne;3;101\n", "check.person_area_like", 2);
    one(t, "ewo", HEAD "1;1;A;01.02.2018;w;ohne;3;0999\n", "check.person_area", 2);
    one(t, "ewo", HEAD "1;1;A;01.02.2018;w;ohne;3\n", "check.row_fields", 2);
    one(t, "ewo", HEAD "1;1;A;01.02.2018;w;oh\"ne;3;0101\n", "check.row_quote", 2);
    one(t, "ewo", HEAD "1;1;A;01.02.2018;w;ohne;3;0101\n1;1;A;01.02.2018;w;ohne;3;0101\n", "check.person_double", 3);
    one(t, "ewo", "PID;Geschlecht;Viertel\n1;w;0101\n", "check.person_missing", 0);
    assert_int_equal(files_in_facts(t), 0);
    char path[4200];
    snprintf(path, sizeof path, "%s/keys.db", t->ws.dir);
    assert_int_not_equal(access(path, F_OK), 0);
}

/* No message has a name, a day of birth or a number of a person in it, whatever is wrong. */
static void messages_do_not_repeat_what_identifies(void **state)
{
    town *t = *state;
    assert_int_equal(bring(t, "ewo", HEAD "ZZPERSON;ZZHOME;ZZNAME;ZZDAY;w;ohne;3;0101\n"
                                          "ZZPERSON;ZZHOME;ZZNAME;31.31.1931;w;ohne;3;0101\n"
                                          "1;1;ZZNAME;w;ohne;3;0101\n"), KZ_E_INPUT);
    kz_auto(kz_buf) report = kz_buf_init(1 << 20);
    kz_findings_csv(&report, KZ_LANG_DE, &t->found);
    assert_non_null(strstr(kz_buf_text(&report), "check.person_double"));
    assert_null(strstr(kz_buf_text(&report), "ZZ"));
    assert_null(strstr(kz_buf_text(&report), "1931"));
    /* Even when the map takes the column of names for one with codes. */
    static const char MAP[] = "[datei]\nquelle = ewo\n[spalten]\nperson = PID\nage_months = Geburtsdatum\nsex = Name\n"
                              "area = Viertel | viertel\n";
    static const char NAMES[] = HEAD "1;1;Anna Müller;01.02.2018;w;ohne;3;0101\n2;1;Kaya, Ali;01.02.2018;w;ohne;3;0101\n"
                                     "3;1;Jan Meyer;01.02.2018;w;ohne;3;0101\n4;1;Ute Koch;01.02.2018;w;ohne;3;0101\n"
                                     "5;1;Ben Weber;01.02.2018;w;ohne;3;0101\n";
    assert_int_equal(bring_order(t, "ewo", NAMES, sizeof NAMES - 1, (kz_import_order){ .map_text = MAP }), KZ_E_INPUT);
    kz_buf_clear(&report);
    kz_findings_csv(&report, KZ_LANG_DE, &t->found);
    assert_non_null(strstr(kz_buf_text(&report), "check.person_code_hidden"));
    assert_null(strstr(kz_buf_text(&report), "Koch"));
    assert_null(strstr(t->res.map_text, "Koch"));
}

static void rows_of_the_agency_with_an_address_are_refused_whole(void **state)
{
    town *t = *state;
    assert_int_equal(bring(t, "sgb2-personen", "Pseudonym;BG;Geburtsmonat;Rolle;Viertel;Straße\n"
                                               "1;10;02/2018;NEF;0101;Hauptstr. 5\n"), KZ_E_INPUT);
    assert_int_equal(kz_findings_of(&t->found, "check.private_refused"), 1);
    assert_int_equal(files_in_facts(t), 0);
}

static void a_later_delivery_replaces_and_undo_brings_back(void **state)
{
    town *t = *state;
    assert_int_equal(bring(t, "ewo", HEAD "1;1;A;01.02.2018;w;ohne;3;0101\n"), KZ_OK);
    int64_t first = t->res.id;
    assert_int_equal(bring(t, "ewo", HEAD "1;1;A;01.02.2018;w;ohne;3;0101\n"), KZ_E_CONFLICT);
    assert_string_equal(t->err.id, "import.again");
    assert_int_equal(bring(t, "ewo", HEAD "1;1;A;01.02.2018;w;ohne;3;0102\n2;2;B;01.02.2019;m;ohne;3;0102\n"), KZ_OK);
    assert_true(t->res.map_remembered);
    int64_t second = t->res.id;
    kz_auto(kz_segment) seg = { 0 }, again = { 0 };
    open_segment(t, "ewo", &seg);
    assert_int_equal(seg.n_rows, 2);
    int64_t person = number_at(&seg, "person", 0);
    assert_int_equal(files_in_facts(t), 2);
    assert_int_equal(kz_import_undo(&t->ws, first, &t->err), KZ_E_CONFLICT);
    assert_int_equal(kz_import_undo(&t->ws, second, &t->err), KZ_OK);
    assert_int_equal(files_in_facts(t), 1);
    open_segment(t, "ewo", &again);
    assert_int_equal(again.n_rows, 1);
    assert_true(number_at(&again, "person", 0) == person); /* the same key */
    assert_int_equal(kz_import_undo(&t->ws, first, &t->err), KZ_OK);
    assert_int_equal(files_in_facts(t), 0);
}

static void other_names_and_codes_come_by_a_map(void **state)
{
    town *t = *state;
    static const char CSV[] = "Nummer;Tag;G;Raum\n1;2018-02-01;männl.;A1\n2;2019-02-01;?;A2\n";
    static const char MAP[] = "[datei]\nquelle = ewo\n[spalten]\nperson = Nummer\nage_months = Tag\nsex = G\narea = Raum\n"
                              "[schluessel]\nsex | männl. = m\nsex | ? = -\n[gebiete]\nA2 = - Wasser\nA1 = viertel:0103\n";
    assert_int_equal(bring(t, "ewo", CSV), KZ_E_INPUT);
    assert_int_equal(bring_order(t, "ewo", CSV, sizeof CSV - 1, (kz_import_order){ .map_text = MAP }), KZ_OK);
    kz_auto(kz_segment) seg = { 0 };
    open_segment(t, "ewo", &seg);
    assert_string_equal(code_at(&seg, "sex", 0), "m");
    assert_string_equal(code_at(&seg, "sex", 1), "");
    assert_string_equal(code_at(&seg, "area", 0), "viertel:0103");
    assert_string_equal(code_at(&seg, "area", 1), "");
}

static void institutions_are_keys_and_unknown_ones_a_warning(void **state)
{
    town *t = *state;
    static const char CSV[] = "PID;Geburtsdatum;Einrichtung;Art;Stunden;Aufnahmemonat;Viertel\n"
                              "1;15.03.2020;77;Kita;35;08/2023;0101\n2;01.02.2021;88;Kita;45;01.08.2023;0102\n";
    assert_int_equal(bring_order(t, "kita", CSV, sizeof CSV - 1, (kz_import_order){ 0 }), KZ_E_FINDING);
    assert_int_equal(kz_findings_of(&t->found, "check.person_key"), 1);
    assert_int_equal(bring(t, "kita", CSV), KZ_OK);
    kz_auto(kz_segment) seg = { 0 };
    open_segment(t, "kita", &seg);
    assert_string_equal(code_at(&seg, "kita", 0), "77");
    assert_int_equal(number_at(&seg, "months_in", 0), 6); /* a month counts from its middle: to 1 March 2024 */
    assert_int_equal(number_at(&seg, "months_in", 1), 7);
    assert_int_equal(number_at(&seg, "age_months", 0), 47);
}

static void a_failure_while_writing_leaves_everything_as_it_was(void **state)
{
    town *t = *state;
    char facts[4200], away[4200], keys[4200];
    snprintf(facts, sizeof facts, "%s/facts", t->ws.dir);
    snprintf(away, sizeof away, "%s/elsewhere", t->ws.dir);
    snprintf(keys, sizeof keys, "%s/keys.db", t->ws.dir);
    assert_int_equal(rename(facts, away), 0);
    assert_int_equal(bring(t, "ewo", HEAD "1;1;A;01.02.2018;w;ohne;3;0101\n"), KZ_E_IO);
    assert_int_not_equal(access(keys, F_OK), 0);
    assert_int_equal(rename(away, facts), 0);
    assert_int_equal(files_in_facts(t), 0);
    kz_auto(kz_stmt) q = KZ_STMT_INIT;
    bool row;
    assert_int_equal(kz_prepare(t->ws.work, "SELECT 1 FROM import UNION ALL SELECT 1 FROM period", &q, NULL), KZ_OK);
    assert_int_equal(kz_step(&q, &row, NULL), KZ_OK);
    assert_false(row);
}

/* Hafen was merged away at the end of 2019: its key is known, and what became of it is said. */
static void a_key_of_another_time_is_said_to_be_one(void **state)
{
    town *t = *state;
    static const char LATER[] = HEAD "1;1;A;01.02.2010;w;ohne;3;0103\n";
    assert_int_equal(kz_db_exec(t->ws.work, "UPDATE area SET valid_to = '2019-12-31' WHERE key = '0103';"
                                            "UPDATE area SET valid_from = '2020-01-01' WHERE key = '0102';"
                                            "INSERT INTO area_state (id, level, day, file, at, by_user, revision)"
                                            " VALUES (1, 2, '2020-01-01', 'f', 'a', 'u', 1);"
                                            "INSERT INTO area_flow (state, revision, kind, from_area, to_area)"
                                            " VALUES (1, 1, 'merge', 4, 3)", NULL), KZ_OK);
    one(t, "ewo", LATER, "check.area_became", 2);
    kz_auto(kz_buf) said = kz_buf_init(4096);
    for (int i = 0; i < t->found.n; i++)
        kz_finding_say(&said, KZ_LANG_DE, t->found.list[i]);
    assert_non_null(strstr(kz_buf_text(&said), "0102 Neu"));
    kz_import_order then = { .period = "2019", .accept_warnings = true };
    assert_int_equal(bring_order(t, "ewo", LATER, sizeof LATER - 1, then), KZ_OK); /* its last day */
    static const char EARLY[] = HEAD "1;1;A;01.02.2010;w;ohne;3;0102\n";
    assert_int_equal(bring_order(t, "ewo", EARLY, sizeof EARLY - 1, then), KZ_E_INPUT);
    assert_int_equal(kz_findings_of(&t->found, "check.area_not_yet"), 1);
}

static bool say_stop(void *ctx, uint64_t done, uint64_t of)
{
    (void)ctx, (void)done, (void)of;
    return false;
}

static void a_watcher_can_stop_it(void **state)
{
    town *t = *state;
    static const char CSV[] = HEAD "1;1;A;01.02.2018;w;ohne;3;0101\n";
    assert_int_equal(bring_order(t, "ewo", CSV, sizeof CSV - 1, (kz_import_order){ .watch = say_stop }), KZ_E_CONFLICT);
    assert_string_equal(t->err.id, "person.stopped");
}

/* ---- any file, any number of threads ------------------------------------------------------------------- */

typedef struct model {
    int n;
    int32_t age[40000];
    char sex[40000];
    uint64_t fields_wrong;
} model;

/* A random file of some blocks: quotes, line ends in them, empty lines, stray quotes, short rows. */
static void make(kz_rng *r, kz_buf *out, model *m, bool strays)
{
    static const char *const ENDS[] = { "\n", "\r\n", "\n" };
    const char *end = ENDS[kz_rng_below(r, 3)];
    *m = (model){ .n = 0 };
    kz_buf_fmt(out, "PID;Name;Geburtsdatum;Geschlecht;Viertel%s", end);
    while (out->n < (3u << 20) / 2) {
        int year = 1930 + (int)kz_rng_below(r, 94), month = 1 + (int)kz_rng_below(r, 12);
        bool man = kz_rng_below(r, 2);
        switch (kz_rng_below(r, 8)) {
        case 0: kz_buf_fmt(out, "%d;\"a\"\"b; c%sd\";", m->n, end); break;
        case 1: kz_buf_fmt(out, "%d;\"%*s\";", m->n, (int)kz_rng_below(r, 300), "x"); break;
        case 2: kz_buf_fmt(out, "%s%d;Öl;", end, m->n); break;
        default: kz_buf_fmt(out, "%d;n%*s;", m->n, (int)kz_rng_below(r, 60), "x"); break;
        }
        if (strays && kz_rng_below(r, 400) == 0) {
            kz_buf_fmt(out, "5\" x;;;%s", end); /* six fields, and a quote that opens nothing */
            m->fields_wrong++;
            continue;
        }
        kz_buf_fmt(out, "15.%02d.%d;%s;%s%s", month, year, man ? "m" : "\"w\"", "0101", end);
        m->age[m->n] = (2024 - year) * 12 + 12 - month;
        m->sex[m->n++] = man ? 'm' : 'w';
    }
}

static void with_processors(int n)
{
    cpu_set_t all;
    CPU_ZERO(&all);
    for (int i = 0; i < n; i++)
        CPU_SET(i, &all);
    (void)sched_setaffinity(0, sizeof all, &all); /* where there is one only, both are the same */
}

static void any_file_gives_the_same_rows_for_any_number_of_threads(void **state)
{
    town *t = *state;
    static model m;
    cpu_set_t before;
    assert_int_equal(sched_getaffinity(0, sizeof before, &before), 0);
    for (uint64_t seed = 0; seed < 6; seed++) {
        kz_rng r = kz_rng_stream(seed, 0);
        kz_auto(kz_buf) csv = kz_buf_init(8 << 20);
        make(&r, &csv, &m, seed >= 4);
        uint64_t kept = 0, wrong = 0;
        for (int threads = 1; threads <= 2; threads++) {
            with_processors(threads);
            kz_status st = bring_order(t, "ewo", kz_buf_text(&csv), csv.n, (kz_import_order){ .accept_warnings = true });
            assert_int_equal(st, m.fields_wrong ? KZ_E_INPUT : threads == 1 ? KZ_OK : KZ_E_CONFLICT);
            assert_int_equal(t->res.rows_kept, m.n);
            assert_int_equal(t->found.count[KZ_ERROR], m.fields_wrong);
            assert_int_equal(wrong == 0 || wrong == (uint64_t)t->found.list[0]->row, true);
            wrong = m.fields_wrong ? (uint64_t)t->found.list[0]->row : 0;
            kept = (uint64_t)t->res.rows_kept;
            if (st == KZ_OK) {
                kz_auto(kz_segment) seg = { 0 };
                open_segment(t, "ewo", &seg);
                assert_int_equal(seg.n_rows, kept);
                kz_segment_view age, sex;
                uint32_t at;
                assert_int_equal(kz_segment_find(&seg, "age_months", &at, NULL), KZ_OK);
                assert_int_equal(kz_segment_read(&seg, at, &age, NULL), KZ_OK);
                assert_int_equal(kz_segment_find(&seg, "sex", &at, NULL), KZ_OK);
                assert_int_equal(kz_segment_read(&seg, at, &sex, NULL), KZ_OK);
                for (int i = 0; i < m.n; i++) {
                    assert_int_equal(((const int32_t *)age.p)[i], m.age[i]);
                    assert_int_equal(sex.dict[((const uint8_t *)sex.p)[i]].p[0], m.sex[i]);
                }
                /* once more on two threads, as if it were new */
                assert_int_equal(kz_import_undo(&t->ws, t->res.id, NULL), KZ_OK);
                with_processors(2);
                assert_int_equal(bring_order(t, "ewo", kz_buf_text(&csv), csv.n,
                                             (kz_import_order){ .accept_warnings = true }), KZ_OK);
                kz_auto(kz_segment) two = { 0 };
                open_segment(t, "ewo", &two);
                kz_segment_view other;
                assert_int_equal(kz_segment_find(&two, "age_months", &at, NULL), KZ_OK);
                assert_int_equal(kz_segment_read(&two, at, &other, NULL), KZ_OK);
                assert_memory_equal(other.p, age.p, (size_t)m.n * sizeof(int32_t));
            }
        }
        (void)sched_setaffinity(0, sizeof before, &before);
    }
}

#define ONE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
KZ_TEST_MAIN_IN_FOLDER(ONE(a_delivery_becomes_ages_codes_areas_and_pseudonyms),
                       ONE(households_of_one_family_can_be_joined_and_others_cannot),
                       ONE(what_is_wrong_is_said_with_its_place_and_nothing_is_stored),
                       ONE(messages_do_not_repeat_what_identifies),
                       ONE(rows_of_the_agency_with_an_address_are_refused_whole),
                       ONE(a_later_delivery_replaces_and_undo_brings_back), ONE(other_names_and_codes_come_by_a_map),
                       ONE(institutions_are_keys_and_unknown_ones_a_warning),
                       ONE(a_failure_while_writing_leaves_everything_as_it_was), ONE(a_watcher_can_stop_it),
                       ONE(a_key_of_another_time_is_said_to_be_one),
                       ONE(any_file_gives_the_same_rows_for_any_number_of_threads))
