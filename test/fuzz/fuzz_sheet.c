/* A spreadsheet: bytes as they come, or XML in an archive made around it, so that mutations reach the parsers. */
#include "../unit/io/sheet_make.h"

#include "io/sheetfile.h"
#include "io/worker/book.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void keep(void *to, const char *p, size_t n)
{
    kz_buf_add(to, p, n);
}

/* The text up to the next 0x01. */
static kz_view part(const char **at, const char *end)
{
    const char *stop = memchr(*at, 1, (size_t)(end - *at));
    kz_view v = { *at, (size_t)((stop ? stop : end) - *at) };
    *at = stop ? stop + 1 : end;
    return v;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    kz_auto(kz_buf) file = kz_buf_init(1 << 20), frames = kz_buf_init(64 << 20), plain = kz_buf_init(64 << 20);
    const char *at = (const char *)bytes + 1, *end = (const char *)bytes + n;
    if (n < 1 || n > 64 * 1024)
        return 0;
    if (bytes[0] == 'X') {
        kz_view sheet = part(&at, end), strings = part(&at, end), styles = part(&at, end);
        sheet_xlsx(&file, sheet, strings, styles, at < end ? part(&at, end) : kz_view_of(SHEET_BOOK("")));
    } else if (bytes[0] == 'O') {
        sheet_zip(&file, &(sheet_part){ "content.xml", at, n - 1 }, 1);
    } else {
        kz_buf_add(&file, bytes, n);
    }
    book b = { .p = (const unsigned char *)kz_buf_text(&file), .n = file.n, .write = keep, .to = &frames };
    book_read(&b);
    book_done(&b);
    kz_arena a __attribute__((cleanup(kz_arena_done)));
    kz_arena_init(&a, 512u << 20);
    kz_book read;
    kz_err err;
    kz_status st = kz_book_from_frames("f", kz_buf_text(&frames), frames.n, &a, &read, &plain, &err);
    /* What the worker says is never distrusted; a limit of the buffers here is. */
    KZ_ASSERT(st != KZ_E_IO || frames.failed != KZ_OK || b.message == KZ_SHEET_SETUP);
    return 0;
}
