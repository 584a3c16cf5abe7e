/* sandbox_probe.c - loaded into a worker by sandbox.sh: tries what $PROBE names as soon as the worker has
 * locked itself in, says how it ended, and leaves. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void say(const char *what, long result)
{
    char line[200];
    int n = snprintf(line, sizeof line, "probe: %s %s\n", what, result >= 0 ? "worked" : strerror(errno));
    (void)!syscall(SYS_write, 2, line, n);
}

static void probe(void)
{
    const char *what = getenv("PROBE"), *file = getenv("PROBE_FILE");
    if (!what)
        return;
    if (!strcmp(what, "open"))
        say(what, open("/etc/passwd", O_RDONLY));
    else if (!strcmp(what, "home"))
        say(what, open(file, O_RDONLY));
    else if (!strcmp(what, "write"))
        say(what, open(file, O_WRONLY | O_CREAT, 0600));
    else if (!strcmp(what, "socket"))
        say(what, socket(AF_INET, SOCK_STREAM, 0));
    else if (!strcmp(what, "unix"))
        say(what, socket(AF_UNIX, SOCK_STREAM, 0));
    else if (!strcmp(what, "exec"))
        say(what, execl("/bin/true", "true", (char *)NULL));
    else if (!strcmp(what, "fork"))
        say(what, syscall(SYS_fork));
    else if (!strcmp(what, "kill"))
        say(what, kill(getppid(), 0));
    else if (!strcmp(what, "ptrace"))
        say(what, ptrace(PTRACE_ATTACH, getppid(), NULL, NULL));
    else if (!strcmp(what, "memory"))
        say(what, mmap(NULL, (size_t)4 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
                      ? -1 : 0);
    else if (!strcmp(what, "files")) {
        int fd = 0;
        for (int i = 0; i < 200 && fd >= 0; i++)
            fd = dup(2);
        say(what, fd);
    } else if (!strcmp(what, "wait"))
        sleep(5);
    _exit(0);
}

/* The first thing that kekiz-sheet does inside. */
ssize_t read(int fd, void *p, size_t n)
{
    if (fd == 0)
        probe();
    return syscall(SYS_read, fd, p, n);
}

/* The first thing that kekiz-geo does inside. */
void *GEOS_init_r(void);
void *GEOS_init_r(void)
{
    void *(*real)(void);
    probe();
    *(void **)&real = dlsym(RTLD_NEXT, "GEOS_init_r");
    return real();
}
