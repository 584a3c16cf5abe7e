#include "base/text.h"

#include "base/fmt.h"

#include <string.h>

static const char *look_up(kz_lang lang, const char *id)
{
    size_t lo = 0, hi = kz_text_count[lang];
    while (lo < hi) {
        size_t mid = lo + (hi - lo) / 2;
        int cmp = strcmp(id, kz_text_table[lang][mid].id);
        if (cmp == 0)
            return kz_text_table[lang][mid].text;
        if (cmp < 0)
            hi = mid;
        else
            lo = mid + 1;
    }
    return NULL;
}

const char *kz_text(kz_lang lang, const char *id)
{
    const char *text = look_up(lang, id);
    if (!text)
        text = look_up(KZ_LANG_DE, id);
    /* A missing text must not take the server down: show the id instead. */
    return text ? text : id;
}

static void put(kz_buf *out, const char *p, size_t n, bool html)
{
    if (html)
        kz_html_escape(out, p, n);
    else
        kz_buf_add(out, p, n);
}

static void put_arg(kz_buf *out, kz_lang lang, const kz_arg *a, bool html)
{
    if (a->kind == KZ_ARG_INT)
        kz_fmt_int(out, lang, a->number);
    else if (a->text)
        put(out, a->text, a->kind == KZ_ARG_VIEW ? (size_t)a->number : strlen(a->text), html);
}

static const kz_arg *find_arg(const kz_arg args[], const char *name, size_t n)
{
    for (; args->kind != KZ_ARG_END; args++)
        if (strlen(args->name) == n && memcmp(args->name, name, n) == 0)
            return args;
    return NULL;
}

void kz_say_(kz_buf *out, kz_lang lang, const char *id, const kz_arg args[], bool html)
{
    bool bold = false;
    for (const char *t = kz_text(lang, id); *t;) {
        size_t plain = strcspn(t, html ? "{*" : "{");
        put(out, t, plain, html);
        t += plain;
        if (*t == '*') {
            kz_buf_str(out, bold ? "</b>" : "<b>");
            bold = !bold;
            t++;
        } else if (*t == '{') {
            const char *end = strchr(t, '}');
            const kz_arg *a = end ? find_arg(args, t + 1, (size_t)(end - t - 1)) : NULL;
            if (a) {
                put_arg(out, lang, a, html);
                t = end + 1;
            } else { /* an unknown name stays as it stands, so that it is seen */
                put(out, t, 1, html);
                t++;
            }
        }
    }
    if (bold)
        kz_buf_str(out, "</b>");
}

void kz_err_say(kz_buf *out, kz_lang lang, const kz_err *err)
{
    kz_arg args[KZ_ERR_ARGS + 1] = { 0 };
    for (int i = 0; i < err->n_args; i++)
        args[i] = err->arg[i].is_int ? kz_n(err->arg[i].name, err->arg[i].number)
                                     : kz_v(err->arg[i].name, err->bytes + err->arg[i].at, err->arg[i].len);
    args[err->n_args].kind = KZ_ARG_END;
    kz_say_(out, lang, err->id ? err->id : "err.unknown", args, false);
}
