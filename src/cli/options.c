#include "cli/options.h"

#include "base/parse.h"

#include <stdio.h>
#include <stdlib.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

const kz_opt kz_global_opts[] = {
    { .name = "workspace", .kind = KZ_OPT_TEXT, .value = "DIR" },
    { .name = "lang", .kind = KZ_OPT_TEXT, .value = "de|en" },
    { .name = "help", .kind = KZ_OPT_FLAG },
    { 0 },
};

/* ---- commands and near words ------------------------------------------- */

const kz_command *kz_command_find(const kz_command table[], size_t n, const char *words)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(table[i].words, words) == 0)
            return &table[i];
    return NULL;
}

bool kz_command_is_group(const kz_command table[], size_t n, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; i < n; i++)
        if (strncmp(table[i].words, word, len) == 0 && table[i].words[len] == ' ')
            return true;
    return false;
}

/* Edits (a letter changed, added, left out, or two neighbours swapped) from a to b. */
static size_t distance(const char *a, const char *b)
{
    enum { LONGEST = 40 };
    size_t row[3][LONGEST + 1], n = strlen(a), m = strlen(b);
    if (n > LONGEST || m > LONGEST)
        return SIZE_MAX;
    for (size_t j = 0; j <= m; j++)
        row[0][j] = j;
    for (size_t i = 1; i <= n; i++) {
        size_t *now = row[i % 3], *last = row[(i - 1) % 3], *older = row[(i + 1) % 3];
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
            if (last[j] + 1 < best)
                best = last[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && older[j - 2] + 1 < best)
                best = older[j - 2] + 1;
            now[j] = best;
        }
    }
    return row[n % 3][m];
}

/* Keep `word` when it is nearer to `given` than what is in *near; a third of it may be wrong. */
static void nearer(const char *given, const char *word, const char **near, size_t *best)
{
    size_t d = distance(given, word), most = 1 + strlen(word) / 3;
    if (d <= most && d < *best) {
        *best = d;
        *near = word;
    }
}

const char *kz_command_near(const kz_command table[], size_t n, const char *words)
{
    const char *near = NULL;
    size_t best = SIZE_MAX;
    for (size_t i = 0; i < n; i++)
        nearer(words, table[i].words, &near, &best);
    return near;
}

/* ---- parsing ----------------------------------------------------------- */

typedef struct parser {
    const kz_command *table;
    size_t            n_commands;
    int               argc;
    char *const      *argv;
    int               at;
    kz_command_line        *p;
    const kz_opt     *list; /* the repeated option that takes the next bare words */
    kz_err           *err;
} parser;

static bool is_option(const char *word)
{
    /* "-" is standard input, "-3" and "-.5" are numbers. */
    return word[0] == '-' && word[1] != '\0' && word[1] != '.' && !(word[1] >= '0' && word[1] <= '9');
}

static const char *words_of(const parser *x)
{
    return x->p->call.command ? x->p->call.command->words : "";
}

static const kz_opt *find_option(const kz_opt opts[], size_t most, const char *name, size_t n)
{
    for (size_t i = 0; i < most && opts[i].name; i++)
        if (strlen(opts[i].name) == n && memcmp(opts[i].name, name, n) == 0)
            return &opts[i];
    return NULL;
}

static kz_status unknown_option(const parser *x, const char *word, const char *name, size_t n)
{
    char given[64], shown[64] = "";
    const char *near = NULL;
    size_t best = SIZE_MAX;
    const kz_command *c = x->p->call.command;
    if (n >= sizeof given)
        n = sizeof given - 1;
    memcpy(given, name, n);
    given[n] = '\0';
    for (int i = 0; c && i < KZ_MAX_OPTS && c->opts[i].name; i++)
        nearer(given, c->opts[i].name, &near, &best);
    for (const kz_opt *o = kz_global_opts; o->name; o++)
        nearer(given, o->name, &near, &best);
    if (near)
        snprintf(shown, sizeof shown, "%s%s", near[1] ? "--" : "-", near);
    return kz_fail(x->err, KZ_E_USAGE, near ? "cli.unknown_option_near" : "cli.unknown_option",
                   kz_s("option", word), kz_s("command", words_of(x)), kz_s("near", shown));
}

static bool is_given(const kz_command_line *p, const char *name)
{
    for (int i = 0; i < p->values.n; i++)
        if (strcmp(p->values.v[i].opt->name, name) == 0)
            return true;
    return false;
}

static kz_status set_lang(parser *x, const char *value)
{
    if (strcmp(value, "de") == 0)
        x->p->call.lang = KZ_LANG_DE;
    else if (strcmp(value, "en") == 0)
        x->p->call.lang = KZ_LANG_EN;
    else
        return kz_fail(x->err, KZ_E_USAGE, "cli.bad_lang", kz_s("value", value));
    return KZ_OK;
}

/* Store one value; global options go straight to the call. */
static kz_status put_value(parser *x, const kz_opt *opt, const char *value)
{
    kz_command_line *p = x->p;
    kz_opt_value v = { .opt = opt, .text = value };
    if (opt->kind != KZ_OPT_LIST && is_given(p, opt->name))
        return kz_fail(x->err, KZ_E_USAGE, "cli.twice", kz_s("option", opt->name),
                       kz_s("command", words_of(x)));
    if (opt->kind == KZ_OPT_INT && !kz_parse_plain(kz_view_of(value), INT64_MIN, INT64_MAX, &v.number))
        return kz_fail(x->err, KZ_E_USAGE, "cli.not_a_number", kz_s("option", opt->name),
                       kz_s("value", value));
    if (opt == &kz_global_opts[0]) {
        if (value[0] == '\0')
            return kz_fail(x->err, KZ_E_USAGE, "cli.missing_value", kz_s("option", opt->name),
                           kz_s("value", opt->value), kz_s("command", words_of(x)));
        p->call.workspace = value;
    } else if (opt == &kz_global_opts[1]) {
        KZ_TRY(set_lang(x, value));
    } else if (opt == &kz_global_opts[2]) {
        p->help = true;
    }
    p->values.v[p->values.n++] = v;
    return KZ_OK;
}

static kz_status take_option(parser *x, const char *word)
{
    const kz_command *c = x->p->call.command;
    bool longer = word[1] == '-';
    const char *name = word + 1 + longer, *equals = longer ? strchr(name, '=') : NULL;
    size_t n = equals ? (size_t)(equals - name) : strlen(name);

    if (!longer && strcmp(name, "h") == 0) {
        name = "help";
        n = 4;
    } else if (longer ? n < 1 : n != 1) {
        return unknown_option(x, word, name, n);
    }
    const kz_opt *opt = c ? find_option(c->opts, KZ_MAX_OPTS, name, n) : NULL;
    if (!opt)
        opt = find_option(kz_global_opts, SIZE_MAX, name, n);
    if (!opt)
        return unknown_option(x, word, name, n);
    x->list = NULL;
    if (opt->kind == KZ_OPT_FLAG) {
        if (equals)
            return kz_fail(x->err, KZ_E_USAGE, "cli.flag_value", kz_s("option", opt->name));
        if (is_given(x->p, opt->name))
            return KZ_OK;
        return put_value(x, opt, "");
    }
    const char *value = equals ? equals + 1 : NULL;
    if (!value && x->at < x->argc && !is_option(x->argv[x->at]))
        value = x->argv[x->at++];
    if (!value)
        return kz_fail(x->err, KZ_E_USAGE, "cli.missing_value", kz_s("option", opt->name),
                       kz_s("value", opt->value ? opt->value : "…"), kz_s("command", words_of(x)));
    if (opt->kind == KZ_OPT_LIST)
        x->list = opt;
    return put_value(x, opt, value);
}

static kz_status unknown_command(const parser *x, const char *word, const char *second)
{
    char both[64];
    size_t n = strlen(word), m = second ? strlen(second) : 0;
    const char *near = NULL;
    if (second && n + m + 2 <= sizeof both) {
        memcpy(both, word, n);
        both[n] = ' ';
        memcpy(both + n + 1, second, m + 1);
        near = kz_command_near(x->table, x->n_commands, both);
        if (near && !strchr(near, ' '))
            near = NULL;
        if (near || kz_command_is_group(x->table, x->n_commands, word))
            return kz_fail(x->err, KZ_E_USAGE, near ? "cli.unknown_command_near" : "cli.unknown_in_group",
                           kz_s("word", both), kz_s("near", near ? near : ""), kz_s("group", word));
    }
    if (kz_command_is_group(x->table, x->n_commands, word))
        return kz_fail(x->err, KZ_E_USAGE, "cli.group", kz_s("group", word));
    near = kz_command_near(x->table, x->n_commands, word);
    return kz_fail(x->err, KZ_E_USAGE, near ? "cli.unknown_command_near" : "cli.unknown_command",
                   kz_s("word", word), kz_s("near", near ? near : ""));
}

/* The command: two words that stand side by side, or one. */
static kz_status take_command(parser *x, const char *word)
{
    const char *second = x->at < x->argc && !is_option(x->argv[x->at]) ? x->argv[x->at] : NULL;
    size_t n = strlen(word);
    for (size_t i = 0; second && i < x->n_commands; i++) {
        const char *words = x->table[i].words;
        if (strncmp(words, word, n) == 0 && words[n] == ' ' && strcmp(words + n + 1, second) == 0) {
            x->p->call.command = &x->table[i];
            x->at++;
            return KZ_OK;
        }
    }
    x->p->call.command = kz_command_find(x->table, x->n_commands, word);
    if (x->p->call.command && !strchr(word, ' '))
        return KZ_OK;
    x->p->call.command = NULL;
    if (!second && kz_command_is_group(x->table, x->n_commands, word)) {
        x->p->group = word;
        return KZ_OK;
    }
    return unknown_command(x, word, second);
}

static kz_status take_word(parser *x, const char *word)
{
    kz_call *call = &x->p->call;
    if (x->list && call->n_args >= call->command->min_args)
        return put_value(x, x->list, word);
    x->list = NULL;
    if (call->command->max_args >= 0 && call->n_args >= call->command->max_args)
        return kz_fail(x->err, KZ_E_USAGE, "cli.too_many", kz_s("word", word),
                       kz_s("command", words_of(x)));
    x->p->args[call->n_args++] = word;
    return KZ_OK;
}

static kz_status check_complete(const parser *x)
{
    const kz_command_line *p = x->p;
    const kz_command *c = p->call.command;
    if (p->call.n_args < c->min_args)
        return kz_fail(x->err, KZ_E_USAGE, "cli.missing_arg", kz_s("command", c->words),
                       kz_s("args", c->args ? c->args : ""));
    for (int i = 0; i < KZ_MAX_OPTS && c->opts[i].name; i++)
        if (c->opts[i].required && !is_given(p, c->opts[i].name))
            return kz_fail(x->err, KZ_E_USAGE, "cli.missing_option", kz_s("option", c->opts[i].name),
                           kz_s("value", c->opts[i].value ? c->opts[i].value : ""),
                           kz_s("command", c->words));
    return KZ_OK;
}

static kz_status parse(parser *x)
{
    kz_command_line *p = x->p;
    bool literal = false;
    for (x->at = 1; x->at < x->argc;) {
        const char *word = x->argv[x->at++];
        if (!literal && strcmp(word, "--") == 0) {
            literal = true;
            x->list = NULL;
        } else if (!literal && is_option(word)) {
            if (!p->call.command && !p->group && strcmp(word, "--version") == 0)
                p->call.command = kz_command_find(x->table, x->n_commands, "version");
            else
                KZ_TRY(take_option(x, word));
        } else if (p->call.command) {
            KZ_TRY(take_word(x, word));
        } else if (p->group) {
            return unknown_command(x, p->group, word);
        } else {
            KZ_TRY(take_command(x, word));
        }
    }
    if (p->help)
        return KZ_OK;
    if (p->group)
        return unknown_command(x, p->group, NULL);
    return p->call.command ? check_complete(x) : KZ_OK;
}

/* The language is needed to say what is wrong with the words before it. */
static void find_lang(parser *x)
{
    for (int i = 1; i < x->argc && strcmp(x->argv[i], "--") != 0; i++) {
        const char *word = x->argv[i], *value = NULL;
        if (strncmp(word, "--lang=", 7) == 0)
            value = word + 7;
        else if (strcmp(word, "--lang") == 0 && i + 1 < x->argc)
            value = x->argv[i + 1];
        if (value && strcmp(value, "en") == 0)
            x->p->call.lang = KZ_LANG_EN;
    }
}

kz_status kz_options_parse(const kz_command table[], size_t n, int argc, char *const argv[],
                           kz_command_line *ret, kz_err *err)
{
    size_t most = argc > 0 ? (size_t)argc : 1;
    *ret = (kz_command_line){ 0 };
    ret->values.v = calloc(most, sizeof ret->values.v[0]);
    ret->args = calloc(most, sizeof ret->args[0]);
    parser x = { .table = table, .n_commands = n, .argc = argc, .argv = argv, .p = ret, .err = err };
    kz_status st = ret->values.v && ret->args ? KZ_OK : kz_fail(err, KZ_E_LIMIT, "cli.memory");
    if (st == KZ_OK) {
        find_lang(&x);
        st = parse(&x);
    }
    if (st != KZ_OK) {
        kz_call keep = { .lang = ret->call.lang, .command = ret->call.command };
        kz_command_line_done(ret);
        ret->call = keep;
        return st;
    }
    ret->call.args = ret->args;
    ret->call.values = &ret->values;
    return KZ_OK;
}

void kz_command_line_done(kz_command_line *p)
{
    free(p->values.v);
    free(p->args);
    *p = (kz_command_line){ 0 };
}

/* ---- what commands ask ------------------------------------------------- */

static const kz_opt_value *nth(const kz_call *c, const char *name, int nth)
{
    for (int i = 0; c->values && i < c->values->n; i++)
        if (strcmp(c->values->v[i].opt->name, name) == 0 && nth-- == 0)
            return &c->values->v[i];
    return NULL;
}

const char *kz_opt_text(const kz_call *c, const char *name)
{
    return kz_opt_nth(c, name, 0);
}

bool kz_opt_flag(const kz_call *c, const char *name)
{
    return nth(c, name, 0) != NULL;
}

int64_t kz_opt_int(const kz_call *c, const char *name, int64_t fallback)
{
    const kz_opt_value *v = nth(c, name, 0);
    return v ? v->number : fallback;
}

int kz_opt_count(const kz_call *c, const char *name)
{
    int n = 0;
    while (nth(c, name, n))
        n++;
    return n;
}

const char *kz_opt_nth(const kz_call *c, const char *name, int at)
{
    const kz_opt_value *v = nth(c, name, at);
    return v ? v->text : NULL;
}

const char *kz_call_user(void)
{
    const struct passwd *p = getpwuid(getuid());
    return p && p->pw_name[0] ? p->pw_name : "?";
}
