/*
 * sandbox.h - what a worker gives up before it reads a foreign byte.
 *
 *     static const char *const READ[] = { "/usr/share/proj", NULL };
 *     kz_sandbox box = { .memory = 1u << 30, .cpu_seconds = 60, .files = 16, .read = READ };
 *     const char *what;
 *     if (!kz_sandbox_enter(&box, &what)) _exit(1);      // what: "setrlimit", "prctl"
 *
 * Limits on memory, processor time, written bytes and open files (setrlimit); no new rights, and the
 * worker ends with the program that asked (prctl); files below `read` and nothing else (Landlock);
 * no network, no other program, no look into another process (seccomp).  With `strict` only the calls
 * that reading standard input and computing need: anything else ends the process.
 *
 * Landlock and seccomp are left out where the kernel has none; kz_sandbox_missing() says so, for the
 * page on the state of the system.  Test builds with a sanitizer keep their memory and their calls.
 * For a process with one thread.
 * Source: Linux, Documentation/userspace-api/landlock.rst and seccomp_filter.rst.
 */
#ifndef KZ_IO_SANDBOX_H
#define KZ_IO_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

typedef struct kz_sandbox {
    uint64_t memory;          /* bytes of address space                         */
    unsigned cpu_seconds, files;
    const char *const *read;  /* folders and files it may read, ended by NULL   */
    bool     strict;
} kz_sandbox;

bool kz_sandbox_enter(const kz_sandbox *box, const char **what);

enum { KZ_SANDBOX_LANDLOCK = 1, KZ_SANDBOX_SECCOMP = 2 };
/* Which of them this kernel lacks: 0 is what it should be. */
unsigned kz_sandbox_missing(void);

#endif
