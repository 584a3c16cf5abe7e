#include "monitor/person_import.h"

#include "base/parallel.h"
#include "monitor/person_job.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

/* ---- columns over slots ------------------------------------------------------------------------------ */

/* Pages that the machine gives when they are written to. */
static void *room(uint64_t slots, size_t width)
{
    void *p = mmap(NULL, slots * width, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        return NULL;
    (void)madvise(p, slots * width, MADV_HUGEPAGE);
    return p;
}

static void give_back(const person_job *job, void *p, size_t width)
{
    if (p)
        munmap(p, job->slots_room * width);
}

void person_drop_columns(person_job *job)
{
    for (int i = 0; i < job->n_columns; i++) {
        person_column *c = &job->columns[i];
        give_back(job, c->code8, sizeof *c->code8);
        give_back(job, c->code32, sizeof *c->code32);
        give_back(job, c->i32, sizeof *c->i32);
        give_back(job, c->i64, sizeof *c->i64);
        c->code8 = NULL;
        c->code32 = NULL;
        c->i32 = NULL;
        c->i64 = NULL;
    }
    give_back(job, job->kept, sizeof *job->kept);
    job->kept = NULL;
}

/* The texts of a closed list: "" is code 0, then as the source has them. */
static kz_status closed_dict(person_job *job, person_column *c, kz_err *err)
{
    kz_view *dict = kz_arena_new(&job->arena, kz_view, c->is->n_codes + 1);
    if (!dict || c->is->n_codes > 250)
        return memory(err);
    dict[0] = kz_view_of("");
    c->n_dict = 1;
    for (int i = 0; i < c->is->n_codes; i++)
        if (c->is->codes[i].code[0] != '\0')
            dict[c->n_dict++] = kz_view_of(c->is->codes[i].code);
    c->dict = dict;
    return KZ_OK;
}

static kz_status start_column(person_job *job, person_column *c, kz_err *err)
{
    uint32_t id;
    bool fresh;
    void *p = NULL;
    switch (c->is->kind) {
    case KZ_SRC_CODE:
        KZ_TRY(closed_dict(job, c, err));
        p = c->code8 = room(job->slots_room, sizeof *c->code8);
        break;
    case KZ_SRC_AREA:
    case KZ_SRC_KEY:
        KZ_TRY(kz_dict_init(&c->keys, &job->arena, PERSON_KEYS_MOST, err));
        KZ_TRY(kz_dict_put(&c->keys, kz_view_of(""), &id, &fresh, err));
        p = c->code32 = room(job->slots_room, sizeof *c->code32);
        break;
    case KZ_SRC_PERSON:
    case KZ_SRC_HOUSEHOLD:
        p = c->i64 = room(job->slots_room, sizeof *c->i64);
        break;
    default:
        p = c->i32 = room(job->slots_room, sizeof *c->i32);
        break;
    }
    return p ? KZ_OK : memory(err);
}

/* Also the hash begins anew, with the bytes above the rows. */
kz_status person_start(person_job *job, kz_err *err)
{
    person_workers_end(job);
    person_drop_columns(job);
    job->slots_room = job->slots_most;
    if (job->fd >= 0) {
        kz_sha256_begin(&job->sha);
        kz_sha256_add(&job->sha, kz_buf_text(&job->bytes), job->body);
    }
    job->kept = room(job->slots_room, sizeof *job->kept);
    if (!job->kept)
        return memory(err);
    for (int i = 0; i < job->n_columns; i++)
        KZ_TRY(start_column(job, &job->columns[i], err));
    return KZ_OK;
}

/* ---- distinct texts in an order of their own -------------------------------------------------------- */

typedef struct key_place {
    kz_view text;
    uint32_t id;
} key_place;

static int by_text(const void *a, const void *b)
{
    const key_place *x = a, *y = b;
    size_t n = x->text.n < y->text.n ? x->text.n : y->text.n;
    int order = n > 0 ? memcmp(x->text.p, y->text.p, n) : 0;
    return order != 0 ? order : (x->text.n > y->text.n) - (x->text.n < y->text.n);
}

/* Which thread met a text first is chance; sorted they have the same numbers always. */
static kz_status sort_keys(person_job *job, person_column *c, kz_err *err)
{
    uint32_t n = c->keys.n;
    key_place *list = kz_arena_new(&job->arena, key_place, n);
    uint32_t *number = kz_arena_new(&job->arena, uint32_t, n);
    kz_view *dict = kz_arena_new(&job->arena, kz_view, n), *keys = kz_arena_new(&job->arena, kz_view, n);
    if (!list || !number || !dict || !keys)
        return memory(err);
    for (uint32_t i = 0; i < n; i++)
        list[i] = (key_place){ c->keys.keys[i], i };
    qsort(list, n, sizeof *list, by_text); /* "" is the first */
    for (uint32_t i = 0; i < n; i++) {
        number[list[i].id] = i;
        dict[i] = list[i].text;
    }
    for (uint64_t s = 0; s < job->slots; s++)
        c->code32[s] = number[c->code32[s]];
    c->keys.keys = dict;
    c->dict = dict;
    c->n_dict = n;
    return KZ_OK;
}

/* ---- the way of an import --------------------------------------------------------------------------------- */

static kz_status prepare(person_job *job, kz_err *err)
{
    KZ_TRY(person_find_map(job, err));
    if (job->res->map_remembered && (job->map.delimiter != 0 || job->map.encoding != KZ_ENC_FIND || job->map.sheet)) {
        bool whole = job->fd < 0 || (job->map.encoding != KZ_ENC_FIND && job->map.encoding != KZ_ENC_UTF8);
        KZ_TRY(whole && job->book.n_sheets == 0 ? person_open_whole(job, err) : person_open_again(job, err));
    }
    KZ_TRY(person_bind_columns(job, err));
    KZ_TRY(person_find_period(job, err));
    KZ_TRY(person_load_places(job, err));
    if (!job->map_text) /* which level is finest is known only now */
        KZ_TRY(person_bind_columns(job, err));
    KZ_TRY(person_bind_area(job, err));
    KZ_TRY(person_load_keys(job, err));
    return person_start(job, err);
}

static kz_status read_rows(person_job *job, kz_err *err)
{
    if (job->sheet)
        return person_read_sheet(job, err);
    kz_status st = person_read_text(job, err);
    if (st != KZ_E_FINDING)
        return st;
    /* Not UTF-8 further down: the whole file must be seen to know what it is. */
    KZ_TRY(person_open_whole(job, err));
    KZ_TRY(person_bind_columns(job, err));
    KZ_TRY(person_bind_area(job, err));
    KZ_TRY(person_start(job, err));
    return person_read_text(job, err);
}

static void sum_up(person_job *job)
{
    kz_import_result *r = job->res;
    for (int i = 0; i < job->n_workers; i++) {
        const person_worker *w = &job->workers[i];
        r->rows_read += w->rows;
        r->rows_kept += w->kept;
        r->rows_left_out += w->empty;
        r->rows_other_period += w->other_period;
    }
    job->n_rows = (uint64_t)r->rows_kept;
    r->persons = true;
    r->periods = 1;
    for (int i = 0; i < job->n_columns; i++)
        r->measures += job->columns[i].at != SIZE_MAX || (i == job->at_area && job->addresses);
    if (job->at_area >= 0)
        r->areas = (int)job->columns[job->at_area].n_dict - 1;
}

static kz_status after_reading(person_job *job, kz_err *err)
{
    kz_sha256_end(&job->sha, job->res->sha256);
    for (int i = 0; i < job->n_columns; i++)
        if (job->columns[i].code32)
            KZ_TRY(sort_keys(job, &job->columns[i], err));
    sum_up(job);
    if (!job->order->period && job->res->rows_other_period > 0)
        return kz_fail(err, KZ_E_USAGE, "person.period_many", kz_s("file", job->order->file),
                       kz_s("period", job->period), kz_n("rows", job->res->rows_other_period));
    KZ_TRY(person_check(job, err));
    KZ_TRY(person_tell_all(job, err));
    if (job->n_rows == 0 && job->found->count[KZ_ERROR] == 0)
        kz_finding_add(job->found, KZ_ERROR,
                       job->res->rows_other_period > 0 ? "check.nothing_of_period" : "check.nothing", 0, "",
                       kz_view_of(job->period));
    return person_write_map(job, err);
}

static kz_status run(person_job *job, kz_err *err)
{
    const kz_import_order *o = job->order;
    KZ_TRY(kz_privacy_load(&job->arena, &job->privacy, err));
    KZ_TRY(kz_source_load(o->source, &job->arena, &job->source, err));
    if (o->map || o->map_text)
        KZ_TRY(person_take_named(job, err));
    KZ_TRY(person_open(job, err));
    KZ_TRY(prepare(job, err));
    person_tell_columns(job);
    if (job->found->count[KZ_ERROR] > 0) { /* with the wrong columns every row would be wrong */
        KZ_TRY(person_write_map(job, err));
        return kz_import_gate(o, job->found, err);
    }
    KZ_TRY(read_rows(job, err));
    KZ_TRY(after_reading(job, err));
    KZ_TRY(person_refuse_again(job, err));
    KZ_TRY(kz_import_gate(o, job->found, err));
    return o->dry_run ? KZ_OK : person_write(job, err);
}

static kz_status import(kz_workspace *ws, const kz_import_order *order, bool proposing, kz_findings *found,
                        kz_import_result *ret, kz_err *err)
{
    *ret = (kz_import_result){ .encoding = "" };
    /* Should the program crash now, no copy of its memory may end up on the disk. */
    struct rlimit core = { 0 };
    if (getrlimit(RLIMIT_CORE, &core) == 0) {
        core.rlim_cur = 0;
        (void)setrlimit(RLIMIT_CORE, &core);
    }
    person_job *job = calloc(1, sizeof *job);
    if (!job)
        return memory(err);
    job->proposing = proposing;
    job->ws = ws;
    job->order = order;
    job->found = found;
    job->res = ret;
    job->fd = -1;
    job->bytes = kz_buf_init(PERSON_MEMORY_MOST);
    kz_arena_init(&job->arena, PERSON_ARENA_BYTES);
    kz_arena_init(&job->book_arena, PERSON_BOOK_BYTES);
    pthread_mutex_init(&job->lock, NULL);
    kz_status st = run(job, err);
    person_workers_end(job);
    person_drop_columns(job);
    person_forget_keys(job);
    person_close(job);
    kz_gazetteer_ref_done(&job->gazetteer);
    pthread_mutex_destroy(&job->lock);
    kz_arena_done(&job->book_arena);
    kz_arena_done(&job->arena);
    free(job);
    return st;
}

kz_status kz_person_import(kz_workspace *ws, const kz_import_order *order, kz_findings *found, kz_import_result *ret,
                           kz_err *err)
{
    return import(ws, order, false, found, ret, err);
}

kz_status kz_person_propose(kz_workspace *ws, const kz_import_order *order, kz_findings *found, kz_buf *map,
                            kz_err *err)
{
    kz_import_order dry = *order;
    kz_import_result res;
    dry.dry_run = true;
    kz_status st = import(ws, &dry, true, found, &res, err);
    if (!res.map_text)
        return st;
    kz_auto(kz_buf) head = kz_buf_init(8192);
    kz_say(&head, KZ_LANG_DE, "person.propose_head", kz_s("file", order->file));
    kz_buf_fmt(map, "# %s\n\n%s\n", kz_buf_text(&head), res.map_text);
    if (kz_buf_status(map) != KZ_OK)
        return memory(err);
    if (err)
        *err = (kz_err){ 0 }; /* what a dry run found is in `found` */
    return KZ_OK;
}
