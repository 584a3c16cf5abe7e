#include "web/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct place {
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } at;
    socklen_t n;
    char host[INET6_ADDRSTRLEN + 2]; /* as in a URL */
    char port[8];
} place;

static bool parse_port(const char *s, in_port_t *ret)
{
    size_t n = strlen(s);
    if (n == 0 || n > 5 || strspn(s, "0123456789") != n)
        return false;
    long port = strtol(s, NULL, 10);
    if (port > 65535)
        return false;
    *ret = htons((in_port_t)port);
    return true;
}

static bool parse_place(const char *where, place *p)
{
    char host[INET6_ADDRSTRLEN + 2] = "";
    const char *colon = strrchr(where, ':');
    const char *port = colon ? colon + 1 : where;
    size_t n = colon ? (size_t)(colon - where) : 0;
    in_port_t number;
    if (n >= sizeof host || !parse_port(port, &number))
        return false;
    memcpy(host, where, n);
    *p = (place){ 0 };
    snprintf(p->port, sizeof p->port, "%u", ntohs(number));
    if (n > 2 && host[0] == '[' && host[n - 1] == ']') {
        snprintf(p->host, sizeof p->host, "%s", host);
        host[n - 1] = '\0';
        p->at.v6.sin6_family = AF_INET6;
        p->at.v6.sin6_port = number;
        p->n = sizeof p->at.v6;
        return inet_pton(AF_INET6, host + 1, &p->at.v6.sin6_addr) == 1;
    }
    const char *numeric = n == 0 || strcmp(host, "localhost") == 0 ? "127.0.0.1"
                          : strcmp(host, "*") == 0                 ? "0.0.0.0"
                                                                   : host;
    snprintf(p->host, sizeof p->host, "%s", numeric);
    p->at.v4.sin_family = AF_INET;
    p->at.v4.sin_port = number;
    p->n = sizeof p->at.v4;
    return inet_pton(AF_INET, numeric, &p->at.v4.sin_addr) == 1;
}

static kz_status refused(const place *p, int why, kz_err *err)
{
    switch (why) {
    case EADDRINUSE:
        return kz_fail(err, KZ_E_IO, "web.listen.busy", kz_s("port", p->port), kz_s("host", p->host));
    case EACCES:
        return kz_fail(err, KZ_E_IO, "web.listen.denied", kz_s("port", p->port), kz_s("host", p->host));
    case EADDRNOTAVAIL:
        return kz_fail(err, KZ_E_IO, "web.listen.foreign", kz_s("port", p->port), kz_s("host", p->host));
    default:
        return kz_fail(err, KZ_E_IO, "web.listen.failed", kz_s("port", p->port), kz_s("host", p->host),
                       kz_s("why", strerror(why)));
    }
}

kz_status kz_listen(const char *where, int *ret_fd, char url[KZ_URL_MAX], kz_err *err)
{
    enum { BACKLOG = 4096 };
    place p;
    if (!parse_place(where, &p))
        return kz_fail(err, KZ_E_USAGE, "web.listen.bad", kz_s("value", where));
    int fd = socket(p.at.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0)
        return refused(&p, errno, err);
    int on = 1;
    socklen_t n = p.n;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 || bind(fd, &p.at.any, p.n) != 0 ||
        listen(fd, BACKLOG) != 0 || getsockname(fd, &p.at.any, &n) != 0) {
        int why = errno;
        close(fd);
        return refused(&p, why, err);
    }
    /* The port stands at the same place for both families. */
    snprintf(url, KZ_URL_MAX, "http://%s:%u/", p.host, ntohs(p.at.v4.sin_port));
    *ret_fd = fd;
    return KZ_OK;
}
