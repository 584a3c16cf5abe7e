/*
 * listen.h - the socket that the server waits at.
 *
 *     int fd; char url[KZ_URL_MAX];
 *     KZ_TRY(kz_listen("127.0.0.1:8080", &fd, url, err));   // url: "http://127.0.0.1:8080/"
 *
 * Accepted: "ADDR:PORT", "PORT", ":PORT", "localhost:PORT", "*:PORT",
 * "[::1]:PORT"; port 0 takes a free one.  Names are not looked up: the program
 * never asks the network.  Failures name the port and the way out.
 */
#ifndef KZ_WEB_LISTEN_H
#define KZ_WEB_LISTEN_H

#include "base/status.h"

enum { KZ_URL_MAX = 96 };

/* KZ_E_USAGE: not an address; KZ_E_IO: busy, not allowed, not of this machine. */
KZ_MUST_USE kz_status kz_listen(const char *where, int *ret_fd, char url[KZ_URL_MAX], kz_err *err);

#endif
