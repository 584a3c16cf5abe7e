/* kekiz-sheet < FILE; see book.h. */
#include "io/sandbox.h"
#include "io/worker/book.h"

#include <stdlib.h>
#include <unistd.h>

static void write_all(void *to, const char *p, size_t n)
{
    (void)to;
    while (n > 0) {
        ssize_t done = write(STDOUT_FILENO, p, n);
        if (done <= 0)
            _exit(1); /* nobody listens any more */
        p += done;
        n -= (size_t)done;
    }
}

/* The parent hands over at most KZ_SHEET_FILE_MAX bytes. */
static bool read_input(kz_buf *in)
{
    enum { CHUNK = 1 << 20 };
    for (;;) {
        size_t had = in->n;
        char *room = kz_buf_grow(in, CHUNK);
        ssize_t n = room ? read(STDIN_FILENO, room, CHUNK) : -1;
        in->n = had + (n > 0 ? (size_t)n : 0);
        if (n <= 0)
            return n == 0;
    }
}

int main(void)
{
    const kz_sandbox box = { .memory = (uint64_t)1500 << 20, .cpu_seconds = KZ_SHEET_CPU_SECONDS, .files = 16,
                             .strict = true };
    book b = { .write = write_all };
    kz_buf in = kz_buf_init((size_t)KZ_SHEET_FILE_MAX + (2 << 20));
    const char *what;
    if (!kz_sandbox_enter(&box, &what) || !read_input(&in))
        return 2;
    b.p = (const unsigned char *)kz_buf_text(&in);
    b.n = in.n;
    book_read(&b);
    book_done(&b);
    kz_buf_done(&in);
    _exit(0); /* nothing after this: what a sanitizer does at the end, like looking for leaks, the sandbox forbids */
}
