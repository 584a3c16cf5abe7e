#include "base/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int kz_status_http(kz_status st)
{
    switch (st) {
    case KZ_OK:         return 200;
    case KZ_E_FINDING:  return 422;
    case KZ_E_USAGE:    return 400;
    case KZ_E_INPUT:    return 422;
    case KZ_E_MISSING:  return 404;
    case KZ_E_DENIED:   return 403;
    case KZ_E_CONFLICT: return 409;
    case KZ_E_LIMIT:    return 413;
    case KZ_E_IO:       return 503;
    }
    return 500;
}

/* Cut at most `max` bytes of UTF-8 so that no character is split. */
static size_t utf8_cut(const char *p, size_t n, size_t max)
{
    if (n <= max)
        return n;
    while (max > 0 && ((unsigned char)p[max] & 0xC0) == 0x80)
        max--;
    return max;
}

static void err_put(kz_err *err, const kz_arg *a)
{
    enum { LONGEST = 240 };
    static const char ELLIPSIS[] = "\xE2\x80\xA6";

    if (err->n_args == KZ_ERR_ARGS)
        return;
    err->arg[err->n_args].name = a->name;
    err->arg[err->n_args].is_int = a->kind == KZ_ARG_INT;
    err->arg[err->n_args].number = a->number;
    err->arg[err->n_args].at = err->used;
    err->arg[err->n_args].len = 0;
    if (a->kind != KZ_ARG_INT) {
        const char *text = a->text ? a->text : "";
        size_t n = a->kind == KZ_ARG_VIEW ? (size_t)a->number : strlen(text);
        size_t room = (size_t)KZ_ERR_BYTES - err->used;
        size_t max = room < LONGEST ? room : LONGEST;
        if (max < 4)
            return;
        size_t keep = utf8_cut(text, n, max - 3);
        memcpy(err->bytes + err->used, text, keep);
        if (keep < n) {
            memcpy(err->bytes + err->used + keep, ELLIPSIS, 3);
            keep += 3;
        }
        err->arg[err->n_args].len = (uint16_t)keep;
        err->used = (uint16_t)(err->used + keep);
    }
    err->n_args++;
}

kz_status kz_fail_(kz_err *err, kz_status st, const char *id, const kz_arg args[])
{
    if (!err)
        return st;
    /* Arguments may point into *err itself, so build the new one beside it. */
    kz_err fresh = { .status = st, .id = id };
    for (const kz_arg *a = args; a->kind != KZ_ARG_END; a++)
        err_put(&fresh, a);
    *err = fresh;
    return st;
}

void kz_err_add(kz_err *err, kz_arg arg)
{
    if (!err || !err->id)
        return;
    for (int i = 0; i < err->n_args; i++)
        if (strcmp(err->arg[i].name, arg.name) == 0)
            return;
    err_put(err, &arg);
}

_Noreturn void kz_assert_failed(const char *cond, const char *file, int line)
{
    fprintf(stderr, "kekiz: programming error, %s:%d: %s\n", file, line, cond);
    abort();
}
