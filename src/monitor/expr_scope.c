#include "monitor/expr_scope.h"

#include "monitor/measure.h"
#include "monitor/source.h"

#include <pthread.h>
#include <string.h>

enum { SCOPE_CAP = 8 << 20, WORD_MOST = 64 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static kz_arena        arena; /* lives as long as the program */
static kz_expr_scope   builtin;
static bool            ready;

const kz_expr_source *kz_expr_source_find(const kz_expr_scope *s, const char *id)
{
    for (int i = 0; i < s->n_sources; i++)
        if (strcmp(s->sources[i].id, id) == 0)
            return &s->sources[i];
    return NULL;
}

const kz_expr_column *kz_expr_column_find(const kz_expr_source *s, const char *name)
{
    for (int i = 0; i < s->n; i++)
        if (strcmp(s->columns[i].name, name) == 0)
            return &s->columns[i];
    return NULL;
}

const kz_expr_column *kz_expr_column_of_level(const kz_expr_source *s, const char *level)
{
    for (int i = 0; i < s->n; i++)
        if (s->columns[i].level && strcmp(s->columns[i].level, level) == 0)
            return &s->columns[i];
    return NULL;
}

/* ---- data/sources ------------------------------------------------------------ */

static kz_status no_memory(kz_err *err)
{
    return kz_fail(err, KZ_E_LIMIT, "import.memory");
}

/* The word that a type of the file begins with: "int? 0..115" is an int. */
static bool type_is(const char *type, const char *word)
{
    size_t n = strlen(word);
    return strncmp(type, word, n) == 0 && (type[n] == '\0' || strchr("? :", type[n]));
}

static bool add_codes(const kz_source *s, kz_expr_column *c)
{
    int n = 0;
    for (int i = 0; i < s->n_fields; i++)
        n += strcmp(s->fields[i].field, "code") == 0 && strcmp(s->fields[i].name, c->name) == 0;
    const char **codes = kz_arena_new(&arena, const char *, n + 1);
    if (!codes)
        return false;
    for (int i = 0; i < s->n_fields; i++)
        if (strcmp(s->fields[i].field, "code") == 0 && strcmp(s->fields[i].name, c->name) == 0 && *s->fields[i].type)
            codes[c->n_codes++] = s->fields[i].type; /* the code "" is no answer */
    c->codes = codes;
    return true;
}

static bool add_column(const kz_source *s, const kz_source_field *f, kz_expr_source *to, kz_expr_column *columns)
{
    static const char *const YES[] = { "no", "yes" };
    kz_expr_column *c = &columns[to->n];
    to->persons |= type_is(f->type, "person");
    if (type_is(f->type, "birth")) {
        columns[to->n++] = (kz_expr_column){ .name = "age_months", .type = KZ_T_INT };
        columns[to->n++] = (kz_expr_column){ .name = "age_years", .type = KZ_T_INT };
        return true;
    }
    *c = (kz_expr_column){ .name = f->name };
    if (type_is(f->type, "int")) {
        c->type = KZ_T_INT;
    } else if (type_is(f->type, "key")) {
        c->type = KZ_T_OPEN;
        const char *level = strchr(f->type, ':');
        if (level && !(c->level = kz_arena_strndup(&arena, level + 1, strcspn(level + 1, "? "))))
            return false;
    } else if (type_is(f->type, "yesno")) {
        c->type = KZ_T_YES;
        c->codes = YES;
        c->n_codes = 2;
    } else if (type_is(f->type, "code")) {
        c->type = KZ_T_CODE;
        if (!add_codes(s, c))
            return false;
    } else {
        return true; /* read, but not in the segment, or not for conditions */
    }
    to->n++;
    return true;
}

static bool add_source(const kz_source *s, kz_expr_source *to)
{
    kz_expr_column *columns = kz_arena_new(&arena, kz_expr_column, s->n_fields + 2);
    if (!columns)
        return false;
    *to = (kz_expr_source){ .id = s->id, .columns = columns };
    for (int i = 0; i < s->n_fields; i++)
        if (strcmp(s->fields[i].field, "column") == 0 && !add_column(s, &s->fields[i], to, columns))
            return false;
    return true;
}

static kz_status load(kz_expr_scope *ret, kz_err *err)
{
    const char *const *ids;
    const kz_measures *measures;
    int n = 0;
    KZ_TRY(kz_source_ids(&arena, &ids, err));
    KZ_TRY(kz_measures_get(&measures, err));
    while (ids[n])
        n++;
    kz_expr_source *sources = kz_arena_new(&arena, kz_expr_source, n + 1);
    const char **codes = kz_arena_new(&arena, const char *, measures->n + 1);
    if (!sources || !codes)
        return no_memory(err);
    kz_expr_scope s = { .sources = sources, .n_measures = measures->n, .measures = codes };
    for (int i = 0; i < measures->n; i++)
        codes[i] = measures->list[i].code;
    for (int i = 0; i < n; i++) {
        kz_source source;
        KZ_TRY(kz_source_load(ids[i], &arena, &source, err));
        if (source.rows != KZ_ROWS_PERSONS)
            continue;
        if (!add_source(&source, &sources[s.n_sources++]))
            return no_memory(err);
    }
    *ret = s;
    return KZ_OK;
}

kz_status kz_expr_scope_builtin(const kz_expr_scope **ret, kz_err *err)
{
    kz_status st = KZ_OK;
    pthread_mutex_lock(&lock);
    if (!ready) {
        kz_arena_init(&arena, SCOPE_CAP);
        st = load(&builtin, err);
        ready = st == KZ_OK;
        if (!ready)
            kz_arena_done(&arena);
    }
    pthread_mutex_unlock(&lock);
    if (st == KZ_OK)
        *ret = &builtin;
    return st;
}

/* ---- names that were meant ------------------------------------------------------ */

/* Optimal string alignment: insert, delete, replace, swap of neighbours. */
static int distance(const char *a, int n, const char *b, int m)
{
    int row[3][WORD_MOST + 1];
    for (int j = 0; j <= m; j++)
        row[0][j] = j;
    for (int i = 1; i <= n; i++) {
        int *now = row[i % 3], *last = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= m; j++) {
            int best = last[j - 1] + (a[i - 1] != b[j - 1]);
            best = last[j] + 1 < best ? last[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
    }
    return row[n % 3][m];
}

const char *kz_expr_nearest(const char *word, kz_expr_name_fn name, const void *ctx)
{
    size_t n = strlen(word);
    int best = n / 3 > 1 ? (int)(n / 3) + 1 : 2;
    const char *found = NULL, *s;
    if (n > WORD_MOST)
        return NULL;
    for (int i = 0; (s = name(ctx, i)); i++) {
        size_t m = strlen(s);
        int d = m > WORD_MOST ? WORD_MOST : distance(word, (int)n, s, (int)m);
        if (d < best) {
            best = d;
            found = s;
        }
    }
    return found;
}
