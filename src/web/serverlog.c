#include "web/serverlog.h"

#include <stdlib.h>
#include <unistd.h>

void kz_server_log_(int priority, const char *id, const kz_arg args[])
{
    kz_auto(kz_buf) line = kz_buf_init(8192);
    if (getenv("JOURNAL_STREAM"))
        kz_buf_fmt(&line, "<%d>", priority);
    size_t from = line.n;
    kz_say_(&line, KZ_LANG_DE, id, args, false);
    for (size_t i = from; i < line.n; i++)
        if ((unsigned char)line.p[i] < 0x20 || line.p[i] == 0x7F)
            line.p[i] = '?';
    kz_buf_char(&line, '\n');
    /* One write, so that lines of two threads do not mix. */
    if (write(STDERR_FILENO, kz_buf_text(&line), line.n) < 0)
        return; /* nobody listens: nothing better to do */
}

void kz_server_log_err(const char *id, const kz_err *err)
{
    kz_auto(kz_buf) why = kz_buf_init(4096);
    kz_err_say(&why, KZ_LANG_DE, err);
    const kz_arg args[] = { kz_s("why", kz_buf_text(&why)), { .kind = KZ_ARG_END } };
    kz_server_log_(4, id, args);
}
