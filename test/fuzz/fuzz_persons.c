/* Any text as rows of persons, in blocks of any size and on several threads: the rows are those that io/csv.h reads, and
 * each lies in the slot of its line. */
#include "monitor/person_job.h"

#include <stdlib.h>
#include <sys/mman.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char SOURCE[] = "field\tname\ttype\ttext\ntitle\t\t\tProbe\nrows\t\tpersons\t\ntime\t31.12.\tyear\t\n"
                             "retention\t5\tyears\t\nprofile\tregister\t\t\ncolumn\tperson\tperson?\t\n"
                             "header\tperson\t\tA\ncolumn\tage_months\tbirth? 0..99\t\nheader\tage_months\t\tB\n"
                             "column\tsize\tint? 0..99\t\nheader\tsize\t\tC\n";

/* What the plain reader says: rows that count, and rows with a fault in them. */
typedef struct plain {
    uint64_t rows, faults;
    bool fails, skip;
} plain;

static plain read_plain(kz_csv *csv, const person_job *job, bool compare)
{
    plain p = { 0 };
    kz_csv_row row;
    while (kz_csv_next(csv, &row)) {
        bool empty = row.n > 1;
        for (size_t i = 0; i < row.n && empty; i++)
            empty = row.field[i].n == 0;
        if (empty)
            continue;
        p.rows += row.problem == KZ_CSV_FINE;
        p.faults += row.problem != KZ_CSV_FINE;
        if (!compare || row.problem != KZ_CSV_FINE)
            continue;
        uint64_t slot = row.line - job->first_line;
        KZ_ASSERT(job->kept[slot] == 1);
        KZ_ASSERT(job->columns[0].i64[slot] == person_pseudonym(&job->person_key, kz_view_trim(row.field[0])));
    }
    kz_err err = { 0 };
    kz_status st = kz_csv_end(csv, &err);
    p.fails = st != KZ_OK;
    p.skip = st == KZ_E_LIMIT; /* a field or row that is too long ends the one and is a fault in the other */
    kz_csv_rewind(csv);
    return p;
}

static void compare(person_job *job)
{
    kz_err err = { 0 };
    plain before = read_plain(&job->csv, job, false);
    if (before.skip)
        return;
    kz_status st = person_start(job, &err);
    KZ_ASSERT(st == KZ_OK);
    st = person_read_text(job, &err);
    KZ_ASSERT((st != KZ_OK) == before.fails);
    uint64_t kept = 0, faults = 0;
    for (int i = 0; i < job->n_workers; i++) {
        kept += (uint64_t)job->workers[i].kept;
        faults += (uint64_t)(job->workers[i].faults[FAULT_FIELDS] + job->workers[i].faults[FAULT_QUOTE]);
    }
    if (st == KZ_OK) {
        KZ_ASSERT(kept == before.rows && faults == before.faults);
        (void)read_plain(&job->csv, job, true);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char HEAD[] = "A;B;C\n";
    static person_job job;
    kz_import_result res = { 0 };
    kz_import_order order = { .file = "fuzz.csv" };
    kz_buf text = kz_buf_init(1 << 20);
    if (size < 2)
        return 0;
    job = (person_job){ .order = &order, .res = &res, .fd = -1, .block = 1 + data[0], .first_line = 2, .at_area = -1,
                        .day = { 2024, 12, 31 }, .year = 2024, .n_file_columns = 3 };
    job.at_period = job.at_day = job.at_street = job.at_house = job.at_suffix = job.at_postcode = SIZE_MAX;
    kz_arena_init(&job.arena, 64u << 20);
    pthread_mutex_init(&job.lock, NULL);
    kz_buf_str(&text, HEAD);
    kz_buf_add(&text, data + 1, size - 1);
    kz_csv_opts opts = { .delimiter = ';' };
    KZ_ASSERT(kz_source_parse("probe", "probe.tsv", SOURCE, sizeof SOURCE - 1, &job.arena, &job.source, NULL) == KZ_OK);
    if (kz_csv_open_bytes(&job.csv, "fuzz.csv", kz_buf_text(&text), text.n, &opts, NULL) == KZ_OK) {
        job.text = kz_csv_body(&job.csv, &job.first_line);
        job.slots_most = job.text.n + 2;
        for (int i = 0; i < 3; i++)
            job.columns[i] = (person_column){ .is = &job.source.columns[i], .at = (size_t)i, .level = "" };
        job.n_columns = job.n_used = 3;
        for (size_t i = 0; i < 3; i++)
            job.used[i] = i;
        compare(&job);
    }
    person_workers_end(&job);
    person_drop_columns(&job);
    kz_csv_done(&job.csv);
    kz_arena_done(&job.arena);
    kz_buf_done(&text);
    pthread_mutex_destroy(&job.lock);
    return 0;
}
