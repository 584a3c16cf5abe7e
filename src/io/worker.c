#include "io/worker.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 256 * 1024 };

typedef struct process {
    pid_t pid; /* 0: none */
    int fd;    /* its stdout, -1: none */
} process;

static void process_done(process *w)
{
    if (w->fd >= 0)
        close(w->fd);
    if (w->pid > 0) {
        kill(w->pid, SIGKILL);
        while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR) {}
    }
    *w = (process){ .fd = -1 };
}

static bool find_program(const char *name, char *out, size_t size)
{
    static const char *const BESIDE[] = { "", "/..", "/../lib/kekiz" };
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n > 0) {
        self[n] = '\0';
        char *slash = strrchr(self, '/');
        if (slash)
            *slash = '\0';
        for (size_t i = 0; i < sizeof BESIDE / sizeof *BESIDE; i++) {
            int len = snprintf(out, size, "%s%s/%s", self, BESIDE[i], name);
            if (len > 0 && (size_t)len < size && access(out, X_OK) == 0)
                return true;
        }
    }
    snprintf(out, size, "/usr/lib/kekiz/%s", name);
    return access(out, X_OK) == 0;
}

/* What the worker reads is what we have: a file in memory that nobody can change any more. */
static int open_input(const kz_worker *w)
{
    if (!w->input)
        return open("/dev/null", O_RDONLY | O_CLOEXEC);
    int fd = memfd_create("kekiz-input", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    const char *p = w->input;
    for (size_t left = w->n_input; fd >= 0 && left > 0;) {
        ssize_t n = write(fd, p, left);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            int why = errno;
            close(fd);
            errno = why;
            return -1;
        }
        p += n;
        left -= (size_t)n;
    }
    if (fd >= 0) {
        (void)fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
        (void)lseek(fd, 0, SEEK_SET);
    }
    return fd;
}

static int spawn(const char *program, char *const argv[], int in, int out, pid_t *pid)
{
    char *env[] = { (char[]){ "LC_ALL=C" }, (char[]){ "PATH=/usr/bin:/bin" }, (char[]){ "PROJ_NETWORK=OFF" },
                    NULL };
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, normal;
    int rc = posix_spawn_file_actions_init(&files);
    if (rc != 0)
        return rc;
    rc = posix_spawnattr_init(&attr);
    if (rc != 0) {
        posix_spawn_file_actions_destroy(&files);
        return rc;
    }
    sigemptyset(&none);
    sigemptyset(&normal);
    sigaddset(&normal, SIGPIPE);
    sigaddset(&normal, SIGXCPU);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &normal);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    rc = posix_spawn_file_actions_adddup2(&files, in, 0);
    if (rc == 0)
        rc = posix_spawn_file_actions_adddup2(&files, out, 1);
    if (rc == 0)
        rc = posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    if (rc == 0)
        rc = posix_spawn_file_actions_addclosefrom_np(&files, 3);
    if (rc == 0)
        rc = posix_spawn(pid, program, &files, &attr, argv, env);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    return rc;
}

static kz_worker_end start(const kz_worker *w, process *p, int *code)
{
    char program[4200];
    int pipe_fd[2];
    if (!find_program(w->argv[0], program, sizeof program))
        return KZ_WORKER_ABSENT;
    int in = open_input(w);
    *code = errno;
    if (in < 0)
        return KZ_WORKER_START;
    if (pipe2(pipe_fd, O_CLOEXEC) != 0) {
        *code = errno;
        close(in);
        return KZ_WORKER_START;
    }
    p->fd = pipe_fd[0];
    int rc = spawn(program, w->argv, in, pipe_fd[1], &p->pid);
    close(pipe_fd[1]);
    close(in);
    if (rc == 0)
        return KZ_WORKER_DONE;
    p->pid = 0;
    *code = rc;
    return KZ_WORKER_START;
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Hand on every whole frame in `in` and keep the rest. */
static kz_worker_end hand_on(kz_buf *in, size_t most, kz_frame_fn take, void *me, int *code, kz_err *err)
{
    size_t at = 0;
    while (in->n - at >= 5) {
        const unsigned char *p = (const unsigned char *)in->p + at;
        size_t size = (size_t)p[1] | (size_t)p[2] << 8 | (size_t)p[3] << 16 | (size_t)p[4] << 24;
        if (size > most)
            return KZ_WORKER_FRAME;
        if (in->n - at - 5 < size)
            break;
        kz_status st = take(me, (char)p[0], p + 5, size, err);
        if (st != KZ_OK) {
            *code = (int)st;
            return KZ_WORKER_REFUSED;
        }
        at += 5 + size;
    }
    if (at > 0) {
        memmove(in->p, in->p + at, in->n - at);
        in->n -= at;
    }
    return KZ_WORKER_DONE;
}

static kz_worker_end pump(const kz_worker *w, const process *p, kz_frame_fn take, void *me, int *code, kz_err *err)
{
    kz_auto(kz_buf) in = kz_buf_init(w->frame_max + 2 * CHUNK);
    int64_t end = now_ms() + (int64_t)w->wait_seconds * 1000;
    for (;;) {
        struct pollfd poll_fd = { .fd = p->fd, .events = POLLIN };
        int64_t left = end - now_ms();
        int ready = left > 0 ? poll(&poll_fd, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return KZ_WORKER_SLOW;
        size_t before = in.n;
        char *room = kz_buf_grow(&in, CHUNK);
        if (!room)
            return KZ_WORKER_MEMORY;
        ssize_t n = read(p->fd, room, CHUNK);
        in.n = before + (n > 0 ? (size_t)n : 0);
        if (n < 0 && errno == EINTR)
            continue;
        *code = errno;
        if (n < 0)
            return KZ_WORKER_START;
        if (n == 0)
            return KZ_WORKER_DONE;
        kz_worker_end st = hand_on(&in, w->frame_max, take, me, code, err);
        if (st != KZ_WORKER_DONE)
            return st;
    }
}

kz_worker_end kz_worker_run(const kz_worker *w, kz_frame_fn take, void *me, int *code, kz_err *err)
{
    kz_auto(process) p = { .fd = -1 };
    int status = 0;
    kz_worker_end st = start(w, &p, code);
    if (st == KZ_WORKER_DONE)
        st = pump(w, &p, take, me, code, err);
    if (st != KZ_WORKER_DONE)
        return st;
    while (waitpid(p.pid, &status, 0) < 0)
        if (errno != EINTR)
            break;
    p.pid = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return KZ_WORKER_DONE;
    *code = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
    return WIFSIGNALED(status) && (*code == SIGXCPU || *code == SIGKILL) ? KZ_WORKER_SLOW : KZ_WORKER_DIED;
}
