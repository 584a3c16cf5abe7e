/*
 * file.h - read a whole file, up to a limit.
 *
 *     kz_auto(kz_buf) b = kz_buf_init(64u << 20);
 *     KZ_TRY(kz_file_read("liste.csv", &b, err));   // "-" is standard input
 *
 * The bytes are appended; on failure the buffer is as it was.  Copies instead of
 * mapping, so that nobody can pull the file away while it is being parsed.
 */
#ifndef KZ_IO_FILE_H
#define KZ_IO_FILE_H

#include "base/buf.h"

/* KZ_E_MISSING no such file, KZ_E_IO cannot be read, KZ_E_LIMIT more than out->max bytes. */
KZ_MUST_USE kz_status kz_file_read(const char *path, kz_buf *out, kz_err *err);

#endif
