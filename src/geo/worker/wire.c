/* Frames to stdout. */
#include "geo/worker/worker.h"

#include "base/buf.h"

#include <gdal/cpl_conv.h>
#include <gdal/cpl_string.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static kz_buf frame = { .max = KZ_GEO_FRAME_MAX };

static void write_all(const char *p, size_t n)
{
    while (n > 0) {
        ssize_t done = write(STDOUT_FILENO, p, n);
        if (done <= 0)
            _exit(1); /* nobody listens any more */
        p += done;
        n -= (size_t)done;
    }
}

void wire_begin(char type)
{
    kz_buf_clear(&frame);
    kz_buf_char(&frame, type);
    wire_u32(0);
}

void wire_u8(uint8_t v)
{
    kz_buf_add(&frame, &v, 1);
}

void wire_u32(uint32_t v)
{
    unsigned char b[4] = { (unsigned char)v, (unsigned char)(v >> 8), (unsigned char)(v >> 16),
                           (unsigned char)(v >> 24) };
    kz_buf_add(&frame, b, 4);
}

void wire_f64(double v)
{
    uint64_t bits;
    memcpy(&bits, &v, 8);
    wire_u32((uint32_t)bits);
    wire_u32((uint32_t)(bits >> 32));
}

void wire_bytes(const void *p, size_t n)
{
    wire_u32((uint32_t)n);
    kz_buf_add(&frame, p, n);
}

/* A .dbf without a code page says nothing about its letters: Windows then. */
void wire_text(const char *s)
{
    char *utf8 = CPLIsUTF8(s, -1) ? NULL : CPLRecode(s, "CP1252", CPL_ENC_UTF8);
    const char *text = utf8 ? utf8 : s;
    wire_bytes(text, strlen(text));
    CPLFree(utf8);
}

void wire_end(void)
{
    if (kz_buf_status(&frame) != KZ_OK)
        worker_fail(KZ_GEO_MEMORY, 0, "");
    uint32_t n = (uint32_t)(frame.n - 5);
    for (int i = 0; i < 4; i++)
        frame.p[1 + i] = (char)(n >> 8 * i);
    write_all(frame.p, frame.n);
}

void worker_note(kz_geo_message m, uint32_t row, const char *what)
{
    wire_begin('N');
    wire_u8((uint8_t)m);
    wire_u32(row);
    wire_text(what);
    wire_end();
}

_Noreturn void worker_fail(kz_geo_message m, uint32_t row, const char *what)
{
    /* From pieces, because the frame may be what failed; what was begun is not sent. */
    size_t n = strnlen(what, 1000);
    unsigned char head[14] = { 'E' };
    uint32_t size = (uint32_t)(9 + n);
    for (int i = 0; i < 4; i++) {
        head[1 + i] = (unsigned char)(size >> 8 * i);
        head[6 + i] = (unsigned char)(row >> 8 * i);
        head[10 + i] = (unsigned char)(n >> 8 * i);
    }
    head[5] = (unsigned char)m;
    write_all((const char *)head, sizeof head);
    write_all(what, n);
    _exit(0);
}
