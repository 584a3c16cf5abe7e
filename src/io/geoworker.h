/*
 * geoworker.h - start kekiz-geo, hand on its frames, and tell how it ended.
 *
 * Used by geofile.c alone.  The worker is looked for beside this program and
 * then in ../lib/kekiz and /usr/lib/kekiz; it gets no input, no environment but
 * a fixed one, and no open file but its pipe.
 */
#ifndef KZ_IO_GEOWORKER_H
#define KZ_IO_GEOWORKER_H

#include "io/geofile.h"

typedef kz_status (*kz_geo_frame_fn)(void *me, char type, const unsigned char *p, size_t n, kz_err *err);

/* KZ_OK: the worker ended well; whether its last frame said so is the caller's to
 * check.  A frame that `take` refuses ends the worker and is the result. */
KZ_MUST_USE kz_status kz_geoworker_run(const char *path, const kz_geofile_options *how, kz_geo_frame_fn take,
                                       void *me, kz_err *err);

#endif
