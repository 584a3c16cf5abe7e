/*
 * file.h - read a whole file, up to a limit; write one, all or nothing.
 *
 *     kz_auto(kz_buf) b = kz_buf_init(64u << 20);
 *     KZ_TRY(kz_file_read("liste.csv", &b, err));   // "-" is standard input
 *
 *     KZ_TRY(kz_file_write("bericht.csv", kz_buf_text(&csv), csv.n, err));
 *
 * The bytes are appended; on failure the buffer is as it was.  Copies instead of
 * mapping, so that nobody can pull the file away while it is being parsed.
 */
#ifndef KZ_IO_FILE_H
#define KZ_IO_FILE_H

#include "base/buf.h"

/* KZ_E_MISSING no such file, KZ_E_IO cannot be read, KZ_E_LIMIT more than out->max bytes. */
KZ_MUST_USE kz_status kz_file_read(const char *path, kz_buf *out, kz_err *err);

/* A new file beside the old one takes its place when it is safe on the disk; on
 * failure (KZ_E_IO) the old file is as it was.  Mode 0600. */
KZ_MUST_USE kz_status kz_file_write(const char *path, const void *p, size_t n, kz_err *err);

#endif
