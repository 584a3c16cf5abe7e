/* The parts of a whole in every area: both sexes, all ages; children among the inhabitants. */
#include "monitor/table_job.h"

typedef struct related {
    kz_job *job;
    const kz_relation *rel;
    const kz_period *period;
    job_when when;
    job_known whole;
    job_known part[KZ_RELATION_PARTS];
} related;

static const char *label(const kz_job *job, int measure)
{
    return job->measures->list[measure].label;
}

/* "Kinder (12)" */
static const char *with_number(const kz_job *job, int measure, int64_t value, kz_buf *out)
{
    char text[48];
    kz_buf_clear(out);
    kz_buf_fmt(out, "%s (%s)", label(job, measure),
               kz_job_value_text(job, (uint32_t)measure, value, KZ_CELL_SHOWN, text));
    return kz_buf_text(out);
}

/* A part that is larger than its whole cannot be, whatever else is missing.  Where the parts make up the whole
 * it may be the whole that is wrong: somebody has to look. */
static bool check_each(const related *r, int a)
{
    const kz_job *job = r->job;
    bool fine = true;
    kz_auto(kz_buf) part_text = kz_buf_init(1024), whole_text = kz_buf_init(1024);
    for (int i = 0; i < r->rel->n_parts; i++) {
        int64_t part = r->part[i].any ? r->part[i].value[a] : KZ_NO_VALUE;
        if (part == KZ_NO_VALUE || part <= r->whole.value[a])
            continue;
        const job_cell *at = r->part[i].from[a] ? r->part[i].from[a] : r->whole.from[a];
        char value[48];
        if (!at)
            continue;
        kz_finding_add(job->found, r->rel->at_least ? KZ_ERROR : KZ_WARNING, "check.part_over", at->line,
                       kz_job_column(job, at), kz_view_of(kz_job_cell_text(job, at, value)),
                       kz_s("area", job->areas[a].name),
                       kz_s("period", r->period->code),
                       kz_s("part", with_number(job, r->rel->parts[i], part, &part_text)),
                       kz_s("whole", with_number(job, r->rel->whole, r->whole.value[a], &whole_text)));
        fine = false;
    }
    return fine;
}

static void check_sum(const related *r, int a)
{
    const kz_job *job = r->job;
    const job_cell *at = r->whole.from[a];
    int64_t sum = 0, total = r->whole.value[a];
    int given = 0;
    char value[48];
    for (int i = 0; i < r->rel->n_parts; i++) {
        if (!r->part[i].any || r->part[i].value[a] == KZ_NO_VALUE)
            continue;
        sum += r->part[i].value[a];
        given++;
        if (!at)
            at = r->part[i].from[a];
    }
    bool all = given == r->rel->n_parts && !r->rel->at_least;
    if (!at || given == 0 || sum == total || (!all && sum < total))
        return;
    kz_finding_add(job->found, KZ_WARNING, "check.sum_measures", at->line, kz_job_column(job, at),
                   kz_view_of(kz_job_cell_text(job, at, value)), kz_s("area", job->areas[a].name),
                   kz_s("measure", label(job, r->rel->whole)),
                   kz_s("parts", job->measures->list[r->rel->parts[0]].table), kz_s("period", r->period->code),
                   kz_n("sum", sum), kz_n("total", total));
}

static bool is_in_file(const kz_job *job, const kz_relation *rel, int period)
{
    bool in = job->runs[rel->whole * job->n_periods + period].n > 0;
    for (int i = 0; i < rel->n_parts && !in; i++)
        in = job->runs[rel->parts[i] * job->n_periods + period].n > 0;
    return in;
}

static kz_status check_period(related *r, kz_err *err)
{
    kz_job *job = r->job;
    bool some = false;
    KZ_TRY(kz_job_known(job, r->rel->whole, r->when, &r->whole, err));
    for (int i = 0; i < r->rel->n_parts && r->whole.any; i++) {
        KZ_TRY(kz_job_known(job, r->rel->parts[i], r->when, &r->part[i], err));
        some |= r->part[i].any;
    }
    for (int a = 0; a < job->n_areas && some; a++)
        if (r->whole.value[a] != KZ_NO_VALUE && check_each(r, a))
            check_sum(r, a);
    return KZ_OK;
}

kz_status kz_job_check_relations(kz_job *job, kz_err *err)
{
    related r = { .job = job };
    KZ_TRY(kz_job_known_make(job, &r.whole, err));
    for (int i = 0; i < KZ_RELATION_PARTS; i++)
        KZ_TRY(kz_job_known_make(job, &r.part[i], err));
    for (int i = 0; i < job->measures->n_relations; i++)
        for (int p = 0; p < job->n_periods; p++) {
            r.rel = &job->measures->relations[i];
            r.period = &job->periods[p].is;
            r.when = kz_job_when(job, p);
            if (is_in_file(job, r.rel, p))
                KZ_TRY(check_period(&r, err));
        }
    return KZ_OK;
}
