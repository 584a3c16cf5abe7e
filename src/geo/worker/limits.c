/* What the worker gives up before it reads a foreign byte. */
#include "geo/worker/worker.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static void limit(__rlimit_resource_t what, rlim_t value)
{
    struct rlimit r = { .rlim_cur = value, .rlim_max = value };
    if (setrlimit(what, &r) != 0)
        worker_fail(KZ_GEO_SETUP, 0, "setrlimit");
}

/* The address sanitizer of test builds maps terabytes that it never touches. */
#if defined __SANITIZE_ADDRESS__
#define SANITIZED 1
#elif defined __has_feature
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

void worker_limit(void)
{
    limit(RLIMIT_CORE, 0);
    if (!SANITIZED)
        limit(RLIMIT_AS, (rlim_t)2 << 30);
    limit(RLIMIT_CPU, KZ_GEO_CPU_SECONDS);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_NOFILE, 64);
    /* Rights cannot grow, and the worker does not outlive the program that asked. */
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        worker_fail(KZ_GEO_SETUP, 0, "prctl");
}
