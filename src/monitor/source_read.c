#include "monitor/source_read.h"

#include "base/parse.h"
#include "base/utf8.h"

enum { SPELLINGS_MOST = 64, FOLDED_MOST = 1024 };

static kz_status memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

/* ---- comparing --------------------------------------------------------------------- */

static const char *transcribed(uint32_t c)
{
    switch (c) {
    case 0xe4: return "ae";
    case 0xf6: return "oe";
    case 0xfc: return "ue";
    case 0xdf: return "ss";
    default: return NULL;
    }
}

static bool between_words(uint32_t c)
{
    return c == ' ' || c == '-' || c == '_' || c == '.' || c == '/' || c == ':' || c == ',' || c == '(' || c == ')';
}

void kz_source_fold(kz_buf *out, kz_view v, bool name)
{
    kz_auto(kz_buf) folded = kz_buf_init(4 * FOLDED_MOST);
    kz_utf8_fold(&folded, v.n <= FOLDED_MOST ? v : kz_view_from(v.p, FOLDED_MOST));
    const char *at = kz_buf_text(&folded), *end = at + folded.n;
    while (at < end) {
        const char *from = at;
        uint32_t c = kz_utf8_next(&at, end);
        const char *letters = transcribed(c);
        if (letters)
            kz_buf_str(out, letters);
        else if (!name || !between_words(c))
            kz_buf_add(out, from, (size_t)(at - from));
    }
}

/* ---- lists of spellings -------------------------------------------------------------- */

typedef struct spellings {
    int n;
    const char *const *names, *const *folded;
} spellings;

static kz_status split(source_reader *r, const char *text, bool name, spellings *ret, kz_err *err)
{
    const char **names = kz_arena_new(r->arena, const char *, SPELLINGS_MOST);
    const char **folded = kz_arena_new(r->arena, const char *, SPELLINGS_MOST);
    int n = 0;
    if (!names || !folded)
        return memory(err);
    for (const char *at = text; *at;) {
        size_t len = strcspn(at, "|");
        kz_view v = kz_view_trim(kz_view_from(at, len));
        kz_auto(kz_buf) key = kz_buf_init(4 * FOLDED_MOST);
        kz_source_fold(&key, v, name);
        if (n == SPELLINGS_MOST || key.n == 0)
            return kz_fail(err, KZ_E_INPUT, "source.spellings", kz_s("file", r->file), kz_n("line", r->line),
                           kz_s("value", text));
        names[n] = kz_arena_strndup(r->arena, v.p, v.n);
        folded[n] = kz_arena_strndup(r->arena, kz_buf_text(&key), key.n);
        if (!names[n] || !folded[n])
            return memory(err);
        n++;
        at += len + (at[len] == '|');
    }
    *ret = (spellings){ n, names, folded };
    return KZ_OK;
}

/* ---- columns --------------------------------------------------------------------------- */

/* "0..115" */
static bool read_range(const char *text, kz_source_column *c)
{
    const char *dots = strstr(text, "..");
    int64_t lo, hi;
    if (!dots || !kz_parse_plain(kz_view_from(text, (size_t)(dots - text)), 0, 1000000, &lo) ||
        !kz_parse_plain(kz_view_of(dots + 2), lo, 1000000, &hi))
        return false;
    c->lo = (int)lo;
    c->hi = (int)hi;
    return true;
}

typedef struct type_name {
    const char *name;
    kz_source_kind kind;
    bool kept, range;
} type_name;

static const type_name PERSON_TYPES[] = {
    { "area", KZ_SRC_AREA, true, false },       { "person", KZ_SRC_PERSON, true, false },
    { "household", KZ_SRC_HOUSEHOLD, true, false }, { "birth", KZ_SRC_BIRTH, true, true },
    { "code", KZ_SRC_CODE, true, false },       { "yesno", KZ_SRC_CODE, true, false },
    { "key", KZ_SRC_KEY, true, false },         { "int", KZ_SRC_INT, true, true },
    { "address", KZ_SRC_ADDRESS, false, false }, { "day", KZ_SRC_EVENT_DAY, false, false },
    { "period", KZ_SRC_PERIOD, false, false },
};
static const type_name TABLE_TYPES[] = {
    { "key", KZ_SRC_TABLE, true, false },    { "period", KZ_SRC_TABLE, true, false },
    { "label", KZ_SRC_TABLE, true, false },  { "count", KZ_SRC_TABLE, true, false },
    { "number", KZ_SRC_TABLE, true, false }, { "text", KZ_SRC_TABLE, true, false },
};

enum {
    N_PERSON_TYPES = sizeof PERSON_TYPES / sizeof PERSON_TYPES[0],
    N_TABLE_TYPES = sizeof TABLE_TYPES / sizeof TABLE_TYPES[0],
};

/* "code", "code?", "int? 0..99", "key:kita?" */
static bool read_type(source_reader *r, const char *type, kz_source_column *c)
{
    bool persons = r->source->rows == KZ_ROWS_PERSONS;
    const type_name *types = persons ? PERSON_TYPES : TABLE_TYPES;
    size_t n_types = persons ? N_PERSON_TYPES : N_TABLE_TYPES;
    size_t n = strcspn(type, ":? ");
    const char *rest = type + n;
    for (size_t i = 0; i < n_types; i++) {
        const type_name *t = &types[i];
        if (strlen(t->name) != n || strncmp(type, t->name, n) != 0)
            continue;
        c->kind = t->kind;
        c->kept = t->kept;
        c->yes_no = strncmp(type, "yesno", n) == 0;
        if (t->kind == KZ_SRC_KEY) {
            size_t level = *rest == ':' ? strcspn(rest + 1, "? ") : 0;
            if (level == 0 || !(c->level = kz_arena_strndup(r->arena, rest + 1, level)))
                return false;
            rest += 1 + level;
        }
        c->optional = *rest == '?';
        rest += c->optional;
        if (t->range)
            return *rest == ' ' && read_range(rest + 1, c);
        return *rest == '\0';
    }
    return false;
}

static int column_of(const source_reader *r, const char *name)
{
    for (int i = 0; i < r->n_columns; i++)
        if (strcmp(r->columns[i].name, name) == 0)
            return i;
    return -1;
}

static kz_status take_code(source_reader *r, int column, const char *code, const char *list, kz_err *err)
{
    spellings s;
    KZ_TRY(split(r, list, false, &s, err));
    r->code_of[r->n_codes] = column;
    r->codes[r->n_codes++] = (kz_source_code){ code, s.n, s.names, s.folded };
    return KZ_OK;
}

static kz_status take_column(source_reader *r, const kz_source_field *f, bool *good, kz_err *err)
{
    kz_source_column c = { .name = f->name, .type = f->type, .text = f->text, .level = "" };
    *good = f->name[0] != '\0' && column_of(r, f->name) < 0;
    if (strcmp(f->field, "column") == 0) {
        *good = *good && read_type(r, f->type, &c);
    } else {
        c.kind = strcmp(f->field, "measure") == 0 ? KZ_SRC_MEASURE : KZ_SRC_DROPPED;
        c.kept = c.kind == KZ_SRC_MEASURE;
        c.optional = true;
    }
    if (!*good)
        return KZ_OK;
    r->columns[r->n_columns++] = c;
    r->source->columns = r->columns;
    r->source->n_columns = r->n_columns;
    if (c.yes_no) {
        KZ_TRY(take_code(r, r->n_columns - 1, "yes", "ja|j|1|x|yes|wahr|true", err));
        KZ_TRY(take_code(r, r->n_columns - 1, "no", "nein|n|0|no|falsch|false", err));
    }
    return KZ_OK;
}

static kz_status take_header(source_reader *r, const kz_source_field *f, bool *good, kz_err *err)
{
    int at = column_of(r, f->name);
    kz_source_header h = { .level = "" };
    spellings s;
    *good = at >= 0 && f->text[0] != '\0';
    if (*good && f->type[0] != '\0') {
        kz_source_kind kind = r->columns[at].kind;
        if (kind == KZ_SRC_AREA) {
            h.how = KZ_HOW_LEVEL;
            h.level = f->type;
        } else if (kind == KZ_SRC_INT && strcmp(f->type, "months_since") == 0) {
            h.how = KZ_HOW_MONTHS_SINCE;
        } else if (kind == KZ_SRC_INT && strcmp(f->type, "years_since") == 0) {
            h.how = KZ_HOW_YEARS_SINCE;
        } else {
            *good = false;
        }
    } else if (*good && r->columns[at].kind == KZ_SRC_AREA) {
        *good = false; /* a key without a level leads nowhere */
    }
    if (!*good)
        return KZ_OK;
    KZ_TRY(split(r, f->text, true, &s, err));
    h.n = s.n;
    h.names = s.names;
    h.folded = s.folded;
    r->header_of[r->n_headers] = at;
    r->headers[r->n_headers++] = h;
    return KZ_OK;
}

kz_status source_reader_take(source_reader *r, const kz_source_field *f, bool *good, kz_err *err)
{
    if (strcmp(f->field, "column") == 0 || strcmp(f->field, "dropped") == 0 || strcmp(f->field, "measure") == 0)
        return take_column(r, f, good, err);
    if (strcmp(f->field, "header") == 0)
        return take_header(r, f, good, err);
    int at = strcmp(f->field, "code") == 0 ? column_of(r, f->name) : -1;
    *good = at >= 0 && r->columns[at].kind == KZ_SRC_CODE && !(r->columns[at].yes_no && f->type[0] != '\0' &&
            strcmp(f->type, "yes") != 0 && strcmp(f->type, "no") != 0);
    return *good ? take_code(r, at, f->type, f->text, err) : KZ_OK;
}

kz_status source_reader_begin(source_reader *r, int lines, kz_err *err)
{
    int most = 3 * lines + 1; /* a yesno brings two codes */
    r->columns = kz_arena_new(r->arena, kz_source_column, lines + 1);
    r->headers = kz_arena_new(r->arena, kz_source_header, lines + 1);
    r->header_of = kz_arena_new(r->arena, int, lines + 1);
    r->codes = kz_arena_new(r->arena, kz_source_code, most);
    r->code_of = kz_arena_new(r->arena, int, most);
    return r->columns && r->headers && r->header_of && r->codes && r->code_of ? KZ_OK : memory(err);
}

/* ---- the whole ------------------------------------------------------------------------- */

static kz_status twice(const source_reader *r, const char *column, const char *name, kz_err *err)
{
    return kz_fail(err, KZ_E_INPUT, "source.twice", kz_s("file", r->file), kz_s("column", column), kz_s("value", name));
}

/* A code that stands there several times is one with all its spellings. */
static kz_status join_codes(source_reader *r, int column, kz_err *err)
{
    kz_source_column *c = &r->columns[column];
    kz_source_code *codes = kz_arena_new(r->arena, kz_source_code, r->n_codes + 1);
    if (!codes)
        return memory(err);
    for (int i = 0; i < r->n_codes; i++) {
        if (r->code_of[i] != column)
            continue;
        int at = 0;
        while (at < c->n_codes && strcmp(codes[at].code, r->codes[i].code) != 0)
            at++;
        if (at == c->n_codes) {
            codes[c->n_codes++] = r->codes[i];
            continue;
        }
        const kz_source_code *more = &r->codes[i];
        kz_source_code *to = &codes[at];
        int n = to->n + more->n;
        const char **names = kz_arena_new(r->arena, const char *, n + 1);
        const char **folded = kz_arena_new(r->arena, const char *, n + 1);
        if (!names || !folded)
            return memory(err);
        for (int k = 0; k < n; k++) {
            names[k] = k < to->n ? to->names[k] : more->names[k - to->n];
            folded[k] = k < to->n ? to->folded[k] : more->folded[k - to->n];
        }
        *to = (kz_source_code){ to->code, n, names, folded };
    }
    c->codes = codes;
    return KZ_OK;
}

static kz_status check_codes(const source_reader *r, const kz_source_column *c, kz_err *err)
{
    int n = 0;
    for (int i = 0; i < c->n_codes; i++) {
        n += c->codes[i].code[0] != '\0';
        for (int k = 0; k < c->codes[i].n; k++)
            for (int j = 0; j < i; j++)
                for (int m = 0; m < c->codes[j].n; m++)
                    if (strcmp(c->codes[i].folded[k], c->codes[j].folded[m]) == 0)
                        return twice(r, c->name, c->codes[i].names[k], err);
    }
    if (c->kind == KZ_SRC_CODE && n < 2)
        return kz_fail(err, KZ_E_INPUT, "source.no_codes", kz_s("file", r->file), kz_s("column", c->name));
    return KZ_OK;
}

static kz_status join_headers(source_reader *r, int column, kz_err *err)
{
    kz_source_column *c = &r->columns[column];
    kz_source_header *headers = kz_arena_new(r->arena, kz_source_header, r->n_headers + 1);
    if (!headers)
        return memory(err);
    for (int i = 0; i < r->n_headers; i++)
        if (r->header_of[i] == column)
            headers[c->n_headers++] = r->headers[i];
    c->headers = headers;
    if (c->n_headers == 0 && r->source->rows == KZ_ROWS_PERSONS && strcmp(c->name, "*") != 0)
        return kz_fail(err, KZ_E_INPUT, "source.no_header", kz_s("file", r->file), kz_s("column", c->name));
    return KZ_OK;
}

/* Do both lead to the same column, delivered the same way? */
static bool same_target(const source_reader *r, int i, int j)
{
    return r->header_of[i] == r->header_of[j] && r->headers[i].how == r->headers[j].how &&
           strcmp(r->headers[i].level, r->headers[j].level) == 0;
}

static kz_status check_headers(const source_reader *r, kz_err *err)
{
    for (int i = 0; i < r->n_headers; i++)
        for (int j = 0; j < i; j++)
            for (int k = 0; k < r->headers[i].n && !same_target(r, i, j); k++)
                for (int m = 0; m < r->headers[j].n; m++)
                    if (strcmp(r->headers[i].folded[k], r->headers[j].folded[m]) == 0)
                        return twice(r, r->columns[r->header_of[i]].name, r->headers[i].names[k], err);
    return KZ_OK;
}

kz_status source_reader_end(source_reader *r, kz_err *err)
{
    for (int i = 0; i < r->n_columns; i++) {
        KZ_TRY(join_codes(r, i, err));
        KZ_TRY(check_codes(r, &r->columns[i], err));
        KZ_TRY(join_headers(r, i, err));
    }
    return check_headers(r, err);
}

/* ---- look-ups ---------------------------------------------------------------------------- */

const kz_source_column *kz_source_column_find(const kz_source *s, const char *name)
{
    for (int i = 0; i < s->n_columns; i++)
        if (strcmp(s->columns[i].name, name) == 0)
            return &s->columns[i];
    return NULL;
}

const kz_source_column *kz_source_header_find(const kz_source *s, kz_view name, const kz_source_header **how)
{
    kz_auto(kz_buf) key = kz_buf_init(4 * FOLDED_MOST);
    kz_source_fold(&key, name, true);
    for (int i = 0; i < s->n_columns; i++)
        for (int h = 0; h < s->columns[i].n_headers; h++)
            for (int k = 0; k < s->columns[i].headers[h].n; k++)
                if (strcmp(s->columns[i].headers[h].folded[k], kz_buf_text(&key)) == 0) {
                    *how = &s->columns[i].headers[h];
                    return &s->columns[i];
                }
    return NULL;
}

const char *kz_source_code_find(const kz_source_column *c, kz_view text)
{
    kz_auto(kz_buf) key = kz_buf_init(4 * FOLDED_MOST);
    kz_view number;
    kz_source_fold(&key, text, false);
    for (int i = 0; i < c->n_codes; i++)
        for (int k = 0; k < c->codes[i].n; k++)
            if (strcmp(c->codes[i].folded[k], kz_buf_text(&key)) == 0)
                return c->codes[i].code;
    kz_sign sign = kz_sign_find(text, &number);
    bool none = sign == KZ_SIGN_EMPTY || sign == KZ_SIGN_MISSING || strcmp(kz_buf_text(&key), "unbekannt") == 0 ||
                strcmp(kz_buf_text(&key), "ohne angabe") == 0;
    return none ? "" : NULL;
}
