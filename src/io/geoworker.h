/*
 * geoworker.h - run kekiz-geo on a file (io/worker.h) and say how it ended in its words.
 *
 * Used by geofile.c alone.
 */
#ifndef KZ_IO_GEOWORKER_H
#define KZ_IO_GEOWORKER_H

#include "io/geofile.h"
#include "io/worker.h"

/* KZ_OK: the worker ended well; whether its last frame said so is the caller's to
 * check.  A frame that `take` refuses ends the worker and is the result. */
KZ_MUST_USE kz_status kz_geoworker_run(const char *path, const kz_geofile_options *how, kz_frame_fn take, void *me,
                                       kz_err *err);

#endif
