/*
 * original.h - the files that were imported, as they came, in the workspace's folder files/.
 *
 *     bool made;
 *     KZ_TRY(kz_original_keep(&ws, sha256, bytes, n, &made, err));   // files/<sha256>, mode 0600
 *     ... and if the import fails after all:
 *     if (made) kz_original_drop(&ws, sha256);
 *
 * The name is the hash, so the same file is there once.  Tables of counts only: a file with a
 * row a person is never kept.  O(bytes).  A workspace belongs to one thread at a time.
 */
#ifndef KZ_MONITOR_ORIGINAL_H
#define KZ_MONITOR_ORIGINAL_H

#include "store/workspace.h"

#define KZ_ORIGINAL_DIR "files/"

/* *made: it was not there before.  KZ_E_IO: it cannot be written. */
KZ_MUST_USE kz_status kz_original_keep(const kz_workspace *ws, const char *sha256, const void *p, size_t n, bool *made,
                                       kz_err *err);
/* Gone, or never there. */
void kz_original_drop(const kz_workspace *ws, const char *sha256);

#endif
