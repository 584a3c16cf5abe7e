/* Fields of a row to values in its slot. */
#include "monitor/person_job.h"

#include "base/parse.h"

#include <limits.h>
#include <stdlib.h>

enum {
    MEMO_CODES = 256,
    MEMO_KEYS = 1 << 14,
    MEMO_ADDRESSES = 1 << 17,
    STRANGE_MOST = 2000,
    KEY_MOST = 100, /* bytes of the key of an institution */
    WORKER_BYTES = 256 << 20,
    SCRATCH_BYTES = 64 << 20,
    MIDDLE = 16, /* a month without a day counts as its middle */
};
#define STRANGE UINT32_C(0x80000000) /* in a memo: the number of a strange text, or why an address is not found */
#define OTHER_PERIOD 1u

/* ---- workers ----------------------------------------------------------------------------------- */

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

static kz_status worker_begin(person_worker *w, person_job *job, kz_err *err)
{
    *w = (person_worker){ .job = job };
    kz_arena_init(&w->arena, WORKER_BYTES);
    w->scratch = kz_buf_init(SCRATCH_BYTES);
    w->cells = kz_buf_init(SCRATCH_BYTES);
    w->memos = kz_arena_new(&w->arena, person_memo, job->n_columns);
    w->strange = kz_arena_new(&w->arena, kz_dict, job->n_columns);
    if (!w->memos || !w->strange)
        return memory(err);
    for (int i = 0; i < job->n_columns; i++) {
        bool keys = job->columns[i].code32 != NULL;
        if (person_memo_init(&w->memos[i], &w->arena, keys ? MEMO_KEYS : MEMO_CODES) != KZ_OK)
            return memory(err);
    }
    if (person_memo_init(&w->periods, &w->arena, MEMO_CODES) != KZ_OK ||
        (job->addresses && person_memo_init(&w->addresses, &w->arena, MEMO_ADDRESSES) != KZ_OK))
        return memory(err);
    return KZ_OK;
}

kz_status person_workers_begin(person_job *job, int n, kz_err *err)
{
    job->workers = calloc((size_t)n, sizeof *job->workers);
    if (!job->workers)
        return memory(err);
    job->n_workers = n;
    kz_status st = KZ_OK;
    for (int i = 0; i < n && st == KZ_OK; i++)
        st = worker_begin(&job->workers[i], job, err);
    return st;
}

void person_workers_end(person_job *job)
{
    for (int i = 0; i < job->n_workers; i++) {
        kz_arena_done(&job->workers[i].arena);
        kz_buf_done(&job->workers[i].scratch);
        kz_buf_done(&job->workers[i].cells);
    }
    free(job->workers);
    job->workers = NULL;
    job->n_workers = 0;
}

/* ---- texts nobody knows -------------------------------------------------------------------------- */

/* Its number, with a place where its rows are counted; STRANGE_MOST when there are too many. */
static uint32_t strange_of(person_worker *w, int column, kz_view text, uint64_t line)
{
    const person_column *c = &w->job->columns[column];
    kz_view shown = c->hide ? kz_view_of("") : kz_view_from(text.p, text.n < 200 ? text.n : 200);
    uint32_t id;
    bool fresh;
    if (!w->strange_rows[column]) {
        w->strange_rows[column] = kz_arena_new(&w->arena, person_strange, STRANGE_MOST);
        if (!w->strange_rows[column] ||
            kz_dict_init(&w->strange[column], &w->arena, STRANGE_MOST, NULL) != KZ_OK) {
            w->strange_rows[column] = NULL;
            return STRANGE_MOST;
        }
    }
    if (kz_dict_put(&w->strange[column], shown, &id, &fresh, NULL) != KZ_OK)
        return STRANGE_MOST;
    if (fresh)
        w->strange_rows[column][id].line = line;
    return id;
}

static void count_strange(person_worker *w, int column, uint32_t id, uint64_t line)
{
    if (id >= STRANGE_MOST || !w->strange_rows[column])
        return;
    person_strange *s = &w->strange_rows[column][id];
    s->rows++;
    s->line = line < s->line ? line : s->line;
}

/* ---- codes, keys, areas ------------------------------------------------------------------------ */

static uint32_t code_number(const kz_source_column *c, const char *code)
{
    uint32_t at = 0;
    if (code[0] == '\0')
        return 0;
    for (int i = 0; i < c->n_codes; i++) { /* "" is 0 wherever it stands */
        at += c->codes[i].code[0] != '\0';
        if (strcmp(c->codes[i].code, code) == 0)
            return at;
    }
    return 0;
}

static uint32_t look_up_code(person_worker *w, int column, kz_view text, uint64_t line)
{
    const person_column *c = &w->job->columns[column];
    const char *code = kz_person_map_code(&w->job->map, c->is, text);
    return code ? code_number(c->is, code) : STRANGE | strange_of(w, column, text, line);
}

/* The number of a text among the keys that all threads share; STRANGE when there are too many. */
static uint32_t shared_number(person_worker *w, person_column *c, kz_view text)
{
    uint32_t id = 0;
    bool fresh;
    pthread_mutex_lock(&w->job->lock);
    kz_status st = kz_dict_put(&c->keys, text, &id, &fresh, &w->err);
    pthread_mutex_unlock(&w->job->lock);
    if (st != KZ_OK)
        w->st = st;
    return st == KZ_OK ? id : 0;
}

static uint32_t look_up_area(person_worker *w, int column, kz_view text, uint64_t line)
{
    person_column *c = &w->job->columns[column];
    kz_buf_clear(&w->scratch);
    switch (person_area_of(w->job, c, text, &w->scratch)) {
    case PERSON_AREA_KNOWN:
        return shared_number(w, c, kz_view_from(kz_buf_text(&w->scratch), w->scratch.n));
    case PERSON_AREA_OUTSIDE:
        return 0;
    case PERSON_AREA_UNKNOWN:
        break;
    }
    return STRANGE | strange_of(w, column, text, line);
}

static uint32_t take_text(person_worker *w, int column, kz_view text, uint64_t line)
{
    person_column *c = &w->job->columns[column];
    uint32_t value;
    if (!person_memo_find(&w->memos[column], text, &value)) {
        switch (c->is->kind) {
        case KZ_SRC_CODE: value = look_up_code(w, column, text, line); break;
        case KZ_SRC_AREA: value = text.n > 0 ? look_up_area(w, column, text, line) : 0; break;
        default:
            value = text.n == 0         ? 0
                    : text.n > KEY_MOST ? STRANGE | strange_of(w, column, text, line)
                                        : shared_number(w, c, text);
            break;
        }
        if (!(value & STRANGE) || value < (STRANGE | STRANGE_MOST))
            person_memo_put(&w->memos[column], text, value);
    }
    if (value & STRANGE) {
        count_strange(w, column, value & ~STRANGE, line);
        value = 0;
    }
    return value;
}

/* ---- addresses ------------------------------------------------------------------------------------ */

static person_fault fault_of(kz_located_why why)
{
    switch (why) {
    case KZ_WHY_NO_STREET: return FAULT_NO_ADDRESS;
    case KZ_WHY_STREET: return FAULT_STREET;
    case KZ_WHY_NO_NUMBER:
    case KZ_WHY_BAD_NUMBER:
    case KZ_WHY_NUMBER: return FAULT_HOUSE;
    case KZ_WHY_POSTCODE:
    case KZ_WHY_BAD_POSTCODE:
    case KZ_WHY_FOREIGN: return FAULT_POSTCODE;
    default: return FAULT_AMBIGUOUS;
    }
}

/* Nothing of the address is noted, only what a street of the list sounds like. */
static void note_address(person_worker *w, person_fault fault, const kz_address *a, uint64_t line)
{
    bool kept = w->n_trouble[fault] < FAULTS_KEPT;
    const char *like = kept && fault == FAULT_STREET ? kz_gazetteer_propose(w->job->gazetteer, a->street) : NULL;
    person_note(w, fault, line, w->job->at_street, kz_view_of(like ? like : ""), 0);
    w->address_odd++;
}

static uint32_t take_address(person_worker *w, const kz_view *field, uint64_t line)
{
    person_job *job = w->job;
    kz_address a = { .street = field[job->at_street] };
    kz_located at;
    uint32_t value;
    a.number = job->at_house == SIZE_MAX ? kz_view_of("") : field[job->at_house];
    a.suffix = job->at_suffix == SIZE_MAX ? kz_view_of("") : field[job->at_suffix];
    a.postcode = job->at_postcode == SIZE_MAX ? kz_view_of("") : field[job->at_postcode];
    /* One text of all parts, each ended by a sign that no field has. */
    const kz_view *parts[] = { &a.street, &a.number, &a.suffix, &a.postcode };
    kz_buf_clear(&w->scratch);
    for (int i = 0; i < 4; i++) {
        kz_buf_add(&w->scratch, parts[i]->p, parts[i]->n);
        kz_buf_char(&w->scratch, '\x1f');
    }
    size_t n = w->scratch.n;
    static const char pad[PERSON_MEMO_PAD];
    kz_buf_add(&w->scratch, pad, sizeof pad);
    kz_view key = { kz_buf_text(&w->scratch), n };
    if (!person_memo_find(&w->addresses, key, &value)) {
        if (kz_gazetteer_find(job->gazetteer, &a, &at) == KZ_LOCATED_OK)
            value = shared_number(w, &job->columns[job->at_area],
                                  kz_view_of(kz_gazetteer_place(job->gazetteer, at.place)->code));
        else
            value = STRANGE | (uint32_t)at.why;
        person_memo_put(&w->addresses, key, value);
    }
    if (value & STRANGE) {
        note_address(w, fault_of((kz_located_why)(value & ~STRANGE)), &a, line);
        value = 0;
    }
    return value;
}

/* ---- days ---------------------------------------------------------------------------------------------- */

/* A day, or a month (day 0). */
typedef struct day_or_month {
    int year, month, day;
} day_or_month;

static bool digits(const char *p, int n, int *ret)
{
    int v = 0;
    for (int i = 0; i < n; i++) {
        unsigned d = (unsigned)(unsigned char)p[i] - '0';
        if (d > 9)
            return false;
        v = v * 10 + (int)d;
    }
    *ret = v;
    return true;
}

/* 31.12.2012 1.2.2012 2012-12-31 2012-12-31 00:00:00 20121231; 12.2012 12/2012 2012-12 */
static bool read_day(kz_view v, day_or_month *ret)
{
    day_or_month d = { 0 };
    kz_date full;
    if (v.n == 10 && v.p[2] == '.' && v.p[5] == '.' && digits(v.p, 2, &d.day) && digits(v.p + 3, 2, &d.month) &&
        digits(v.p + 6, 4, &d.year)) {
        *ret = d;
        return kz_date_ok(d.year, d.month, d.day);
    }
    if (v.n > 10 && v.p[4] == '-' && (v.p[10] == ' ' || v.p[10] == 'T'))
        v.n = 10;
    if (kz_date_parse(v, &full)) {
        *ret = (day_or_month){ full.year, full.month, full.day };
        return true;
    }
    if (v.n == 8 && digits(v.p, 4, &d.year) && digits(v.p + 4, 2, &d.month) && digits(v.p + 6, 2, &d.day)) {
        *ret = d;
        return kz_date_ok(d.year, d.month, d.day);
    }
    if (v.n == 7 && (v.p[2] == '.' || v.p[2] == '/') && digits(v.p, 2, &d.month) && digits(v.p + 3, 4, &d.year)) {
        *ret = d;
        return kz_date_ok(d.year, d.month, 1);
    }
    if (v.n == 7 && v.p[4] == '-' && digits(v.p, 4, &d.year) && digits(v.p + 5, 2, &d.month)) {
        *ret = d;
        return kz_date_ok(d.year, d.month, 1);
    }
    return false;
}

static bool is_later(const day_or_month *d, kz_date ref)
{
    int months = (d->year - ref.year) * 12 + d->month - ref.month;
    return months > 0 || (months == 0 && d->day > ref.day);
}

/* Completed months from `d`, which is not later. */
static int32_t months_until(const day_or_month *d, kz_date ref)
{
    int months = (ref.year - d->year) * 12 + ref.month - d->month;
    months -= d->day > 0 ? ref.day < d->day : ref.day < MIDDLE;
    return months < 0 ? 0 : months;
}

/* Nothing there: unknown, and no mistake. */
static bool says_nothing(kz_view v)
{
    kz_view number;
    if (v.n == 0)
        return true;
    if (v.p[0] >= '0' && v.p[0] <= '9')
        return false;
    kz_sign sign = v.n <= 16 ? kz_sign_find(v, &number) : KZ_SIGN_NONE;
    return sign == KZ_SIGN_MISSING || sign == KZ_SIGN_EMPTY || kz_view_is(v, "unbekannt");
}

static kz_date reference_of(person_worker *w, const kz_view *field, uint64_t line)
{
    person_job *job = w->job;
    day_or_month d;
    if (job->at_day == SIZE_MAX || says_nothing(field[job->at_day]))
        return job->day;
    if (!read_day(field[job->at_day], &d)) {
        person_note(w, FAULT_DATE, line, job->at_day, kz_view_of(""), 0);
        return job->day;
    }
    bool outside = job->source.time == KZ_SOURCE_ENTRY_YEAR ? d.year != job->year && d.year != job->year - 1
                                                            : d.year != job->year;
    if (outside)
        person_note(w, FAULT_DAY_OUTSIDE, line, job->at_day, kz_view_of(""), 0);
    return (kz_date){ (int16_t)d.year, (int8_t)d.month, (int8_t)(d.day > 0 ? d.day : MIDDLE - 1) };
}

static int32_t take_birth(person_worker *w, const person_column *c, kz_view v, kz_date ref, uint64_t line)
{
    day_or_month d;
    if (says_nothing(v)) {
        w->unknown_age++;
        return -1;
    }
    if (!read_day(v, &d)) {
        person_note(w, FAULT_DATE, line, c->at, kz_view_of(""), 0);
        return -1;
    }
    if (is_later(&d, ref)) {
        person_note(w, FAULT_BORN_LATER, line, c->at, kz_view_of(""), 0);
        return -1;
    }
    int32_t months = months_until(&d, ref), years = months / 12;
    if (years > PERSON_AGE_MOST)
        person_note(w, FAULT_AGE_OLD, line, c->at, kz_view_of(""), years);
    else if (years < c->is->lo || years > c->is->hi)
        person_note(w, FAULT_AGE_ODD, line, c->at, kz_view_of(""), 0);
    return months;
}

static int32_t take_since(person_worker *w, const person_column *c, kz_view v, kz_date ref, uint64_t line)
{
    day_or_month d;
    if (!read_day(v, &d)) {
        person_note(w, FAULT_DATE, line, c->at, kz_view_of(""), 0);
        return INT32_MIN;
    }
    if (is_later(&d, ref)) {
        person_note(w, FAULT_SINCE_LATER, line, c->at, kz_view_of(""), 0);
        return INT32_MIN;
    }
    int32_t n = months_until(&d, ref) / (c->how == KZ_HOW_YEARS_SINCE ? 12 : 1);
    if (n >= c->is->lo && n <= c->is->hi)
        return n;
    person_note(w, FAULT_RANGE, line, c->at, kz_view_of(""), 0);
    return INT32_MIN;
}

static int32_t take_int(person_worker *w, const person_column *c, kz_view v, kz_date ref, uint64_t line)
{
    int64_t n = 0;
    int small;
    if (says_nothing(v))
        return INT32_MIN;
    if (c->how != KZ_HOW_PLAIN)
        return take_since(w, c, v, ref, line);
    if (v.n < 9 && digits(v.p, (int)v.n, &small)) {
        n = small;
    } else if (kz_parse_int(v, KZ_NUM_PLAIN, &n) != KZ_PARSED) {
        person_note(w, FAULT_NUMBER, line, c->at, c->hide ? kz_view_of("") : v, 0);
        return INT32_MIN;
    }
    if (n < c->is->lo || n > c->is->hi) {
        person_note(w, FAULT_RANGE, line, c->at, c->hide ? kz_view_of("") : v, 0);
        return INT32_MIN;
    }
    return (int32_t)n;
}

/* ---- a row ------------------------------------------------------------------------------------------- */

static inline kz_view trim(kz_view v)
{
    if (v.n == 0)
        return v;
    unsigned char a = (unsigned char)v.p[0], z = (unsigned char)v.p[v.n - 1];
    bool plain = a > ' ' && a != 0xC2 && a != 0xE2 && z > ' ' && z != 0xA0 && z != 0x87 && z != 0xAF;
    return plain ? v : kz_view_trim(v);
}

static bool other_period(person_worker *w, kz_view text)
{
    uint32_t value;
    if (!person_memo_find(&w->periods, text, &value)) {
        value = person_is_period(w->job, text) ? 0 : OTHER_PERIOD;
        person_memo_put(&w->periods, text, value);
    }
    return value == OTHER_PERIOD;
}

static void take_column(person_worker *w, int i, const kz_view *field, kz_date ref, uint64_t slot, uint64_t line)
{
    person_job *job = w->job;
    person_column *c = &job->columns[i];
    kz_view v = c->at == SIZE_MAX ? (kz_view){ "", 0 } : field[c->at];
    switch (c->is->kind) {
    case KZ_SRC_CODE:
        if (c->at != SIZE_MAX)
            c->code8[slot] = (uint8_t)take_text(w, i, v, line);
        break;
    case KZ_SRC_AREA:
        c->code32[slot] = job->addresses        ? take_address(w, field, line)
                          : c->at == SIZE_MAX ? 0
                                                : take_text(w, i, v, line);
        w->unknown_area += c->code32[slot] == 0;
        break;
    case KZ_SRC_KEY:
        if (c->at != SIZE_MAX)
            c->code32[slot] = take_text(w, i, v, line);
        break;
    case KZ_SRC_PERSON:
    case KZ_SRC_HOUSEHOLD:
        if (c->at == SIZE_MAX)
            break;
        c->i64[slot] = person_pseudonym(c->is->kind == KZ_SRC_PERSON ? &job->person_key : &job->household_key, v);
        if (v.n == 0 && !c->is->optional)
            person_note(w, FAULT_NO_ID, line, c->at, kz_view_of(""), 0);
        break;
    case KZ_SRC_BIRTH:
        c->i32[slot] = c->at == SIZE_MAX ? -1 : take_birth(w, c, v, ref, line);
        break;
    case KZ_SRC_INT:
        c->i32[slot] = c->at == SIZE_MAX ? INT32_MIN : take_int(w, c, v, ref, line);
        break;
    default:
        break;
    }
}

void person_take_row(person_worker *w, kz_view *field, uint64_t line)
{
    person_job *job = w->job;
    uint64_t slot = line - job->first_line;
    w->rows++;
    for (int i = 0; i < job->n_used; i++)
        field[job->used[i]] = trim(field[job->used[i]]);
    if (job->at_period != SIZE_MAX && other_period(w, field[job->at_period])) {
        w->other_period++;
        return;
    }
    kz_date ref = reference_of(w, field, line);
    for (int i = 0; i < job->n_columns; i++)
        take_column(w, i, field, ref, slot, line);
    job->kept[slot] = 1;
    w->kept++;
}
