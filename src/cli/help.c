#include "cli/help.h"

#include "base/utf8.h"
#include "cli/options.h"

#include <string.h>

enum { WIDTH = 80, ID_MOST = 128 };

static size_t columns(const char *p, size_t n)
{
    size_t width = 0;
    for (const char *at = p; at < p + n; width++)
        kz_utf8_next(&at, p + n);
    return width;
}

static void spaces(kz_buf *out, size_t n)
{
    while (n-- > 0)
        kz_buf_char(out, ' ');
}

/* Words from column `at` on, further lines at `indent`, then a line end. */
static void wrapped(kz_buf *out, size_t at, size_t indent, const char *text)
{
    bool first = true;
    for (const char *word = text; *word;) {
        size_t n = strcspn(word, " "), width = columns(word, n);
        if (!first && at + 1 + width > WIDTH) {
            kz_buf_char(out, '\n');
            spaces(out, indent);
            at = indent;
        } else if (!first) {
            kz_buf_char(out, ' ');
            at++;
        }
        kz_buf_add(out, word, n);
        at += width;
        first = false;
        word += n + strspn(word + n, " ");
    }
    kz_buf_char(out, '\n');
}

/* The text of id.tail, or NULL; the id may bring the dot. */
static const char *text_below(kz_lang lang, const char *id, const char *tail)
{
    char full[ID_MOST];
    size_t n = strlen(id), m = strlen(tail);
    if (n + 1 + m >= sizeof full)
        return NULL;
    memcpy(full, id, n);
    if (n > 0 && id[n - 1] != '.')
        full[n++] = '.';
    memcpy(full + n, tail, m + 1);
    const char *text = kz_text(lang, full);
    return text == full ? NULL : text;
}

/* A name in the left column, its text in the right one. */
static void entry(kz_buf *out, const char *name, size_t column, const char *text)
{
    size_t width = columns(name, strlen(name));
    kz_buf_str(out, "  ");
    kz_buf_str(out, name);
    if (width + 4 > column) {
        kz_buf_char(out, '\n');
        spaces(out, column);
    } else {
        spaces(out, column - 2 - width);
    }
    wrapped(out, column, column, text);
}

static void option_form(kz_buf *out, const kz_opt *o)
{
    kz_buf_str(out, o->name[1] ? "--" : "-");
    kz_buf_str(out, o->name);
    if (o->kind != KZ_OPT_FLAG) {
        kz_buf_char(out, ' ');
        kz_buf_str(out, o->value ? o->value : "…");
    }
    if (o->kind == KZ_OPT_LIST)
        kz_buf_str(out, " …");
}

static void option_entry(kz_buf *out, kz_lang lang, const kz_opt *o, const char *id)
{
    kz_auto(kz_buf) form = kz_buf_init(200);
    option_form(&form, o);
    const char *text = id ? text_below(lang, id, o->name) : NULL;
    if (!text)
        text = text_below(lang, "cli.opt.", o->name);
    entry(out, kz_buf_text(&form), 28, text ? text : "");
}

static void global_entries(kz_buf *out, kz_lang lang)
{
    kz_buf_fmt(out, "\n%s\n", kz_text(lang, "cli.help_global"));
    for (const kz_opt *o = kz_global_opts; o->name; o++)
        option_entry(out, lang, o, NULL);
}

static void list_commands(kz_buf *out, kz_lang lang, const kz_command table[], size_t n, const char *group)
{
    size_t len = group ? strlen(group) : 0;
    for (size_t i = 0; i < n; i++) {
        const char *words = table[i].words;
        if (!group || (strncmp(words, group, len) == 0 && (words[len] == ' ' || words[len] == '\0')))
            entry(out, words, 22, kz_text(lang, table[i].help));
    }
}

void kz_help_all(kz_buf *out, kz_lang lang, const kz_command table[], size_t n)
{
    wrapped(out, 0, 0, kz_text(lang, "cli.help_title"));
    kz_buf_fmt(out, "\n%s\n", kz_text(lang, "cli.help_form"));
    kz_buf_fmt(out, "\n%s\n", kz_text(lang, "cli.help_commands"));
    list_commands(out, lang, table, n, NULL);
    global_entries(out, lang);
    kz_buf_char(out, '\n');
    wrapped(out, 0, 0, kz_text(lang, "cli.help_exit"));
    wrapped(out, 0, 0, kz_text(lang, "cli.help_details"));
}

void kz_help_group(kz_buf *out, kz_lang lang, const kz_command table[], size_t n, const char *group)
{
    list_commands(out, lang, table, n, group);
    kz_buf_char(out, '\n');
    wrapped(out, 0, 0, kz_text(lang, "cli.help_details"));
}

void kz_help_command(kz_buf *out, kz_lang lang, const kz_command *c)
{
    kz_buf_fmt(out, "kekiz %s", c->words);
    if (c->args)
        kz_buf_fmt(out, " %s", c->args);
    for (int i = 0; i < KZ_MAX_OPTS && c->opts[i].name; i++) {
        kz_buf_str(out, c->opts[i].required ? " " : " [");
        option_form(out, &c->opts[i]);
        if (!c->opts[i].required)
            kz_buf_char(out, ']');
    }
    kz_buf_str(out, "\n\n");
    wrapped(out, 0, 0, kz_text(lang, c->help));
    const char *more = text_below(lang, c->help, "more"), *example = text_below(lang, c->help, "example");
    if (more) {
        kz_buf_char(out, '\n');
        wrapped(out, 0, 0, more);
    }
    if (c->opts[0].name)
        kz_buf_fmt(out, "\n%s\n", kz_text(lang, "cli.help_options"));
    for (int i = 0; i < KZ_MAX_OPTS && c->opts[i].name; i++)
        option_entry(out, lang, &c->opts[i], c->help);
    global_entries(out, lang);
    if (example)
        kz_buf_fmt(out, "\n%s\n  %s\n", kz_text(lang, "cli.help_example"), example);
}
