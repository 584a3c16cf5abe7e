#include "cli/tell.h"

#include "base/utf8.h"

#include <stdio.h>

static void write_line(const kz_buf *said)
{
    kz_auto(kz_buf) line = kz_buf_init(1 << 16);
    const char *end = kz_buf_text(said) + said->n;
    kz_buf_str(&line, "kekiz: ");
    for (const char *at = kz_buf_text(said); at < end;) {
        char utf8[4];
        uint32_t c = kz_utf8_next(&at, end);
        bool steers = c < 0x20 || (c >= 0x7f && c < 0xa0) || kz_utf8_is_hidden(c);
        kz_buf_add(&line, utf8, kz_utf8_put(utf8, steers ? 0xfffd : c));
    }
    kz_buf_char(&line, '\n');
    fwrite(kz_buf_text(&line), 1, line.n, stderr);
}

void kz_tell_(const kz_call *c, const char *id, const kz_arg args[])
{
    if (c->quiet)
        return;
    kz_auto(kz_buf) said = kz_buf_init(1 << 14);
    kz_say_(&said, c->lang, id, args, false);
    write_line(&said);
}

void kz_tell_err(kz_lang lang, const kz_err *err)
{
    kz_auto(kz_buf) said = kz_buf_init(1 << 14);
    kz_err_say(&said, lang, err);
    write_line(&said);
}
