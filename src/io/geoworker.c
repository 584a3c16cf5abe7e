#include "io/geoworker.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Longer than the worker's own limit on processor time. */
enum { WAIT_MS = (KZ_GEO_CPU_SECONDS + 60) * 1000, CHUNK = 256 * 1024 };

typedef struct worker {
    pid_t pid; /* 0: none */
    int fd;    /* its stdout, -1: none */
} worker;

static void worker_done(worker *w)
{
    if (w->fd >= 0)
        close(w->fd);
    if (w->pid > 0) {
        kill(w->pid, SIGKILL);
        while (waitpid(w->pid, NULL, 0) < 0 && errno == EINTR) {}
    }
    *w = (worker){ .fd = -1 };
}

static bool find_worker(char *out, size_t size)
{
    static const char *const BESIDE[] = { "/kekiz-geo", "/../kekiz-geo", "/../lib/kekiz/kekiz-geo" };
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n > 0) {
        self[n] = '\0';
        char *slash = strrchr(self, '/');
        if (slash)
            *slash = '\0';
        for (size_t i = 0; i < sizeof BESIDE / sizeof *BESIDE; i++) {
            int len = snprintf(out, size, "%s%s", self, BESIDE[i]);
            if (len > 0 && (size_t)len < size && access(out, X_OK) == 0)
                return true;
        }
    }
    snprintf(out, size, "/usr/lib/kekiz/kekiz-geo");
    return access(out, X_OK) == 0;
}

static int spawn_worker(const char *program, char *const argv[], int out, pid_t *pid)
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
    rc = posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
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

static kz_status start(const char *path, const kz_geofile_options *how, worker *w, kz_err *err)
{
    char program[4200], target[16], crs[64], layer[256], file[4200];
    int pipe_fd[2];
    if (!find_worker(program, sizeof program))
        return kz_fail(err, KZ_E_IO, "geofile.no_worker", kz_s("file", path));
    if (strlen(path) >= sizeof file || strlen(how->crs) >= sizeof crs ||
        (how->layer && strlen(how->layer) >= sizeof layer))
        return kz_fail(err, KZ_E_LIMIT, "geofile.long_option", kz_s("file", path));
    snprintf(file, sizeof file, "%s", path);
    snprintf(crs, sizeof crs, "%s", how->crs);
    snprintf(target, sizeof target, "%d", how->target);
    snprintf(layer, sizeof layer, "%s", how->layer ? how->layer : "");
    if (pipe2(pipe_fd, O_CLOEXEC) != 0)
        return kz_fail(err, KZ_E_IO, "geofile.start", kz_s("file", path), kz_s("why", strerror(errno)));
    w->fd = pipe_fd[0];
    char *argv[] = { (char[]){ "kekiz-geo" }, file, crs, target, layer, NULL };
    int rc = spawn_worker(program, argv, pipe_fd[1], &w->pid);
    close(pipe_fd[1]);
    if (rc != 0) {
        w->pid = 0;
        return kz_fail(err, KZ_E_IO, "geofile.start", kz_s("file", path), kz_s("why", strerror(rc)));
    }
    return KZ_OK;
}

static int64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Hand on every whole frame in `in` and keep the rest. */
static kz_status hand_on(kz_buf *in, const char *path, kz_geo_frame_fn take, void *me, kz_err *err)
{
    size_t at = 0;
    while (in->n - at >= 5) {
        const unsigned char *p = (const unsigned char *)in->p + at;
        size_t size = (size_t)p[1] | (size_t)p[2] << 8 | (size_t)p[3] << 16 | (size_t)p[4] << 24;
        if (size > KZ_GEO_FRAME_MAX)
            return kz_fail(err, KZ_E_IO, "geofile.distrust", kz_s("file", path));
        if (in->n - at - 5 < size)
            break;
        KZ_TRY(take(me, (char)p[0], p + 5, size, err));
        at += 5 + size;
    }
    if (at > 0) {
        memmove(in->p, in->p + at, in->n - at);
        in->n -= at;
    }
    return KZ_OK;
}

static kz_status pump(worker *w, const char *path, kz_geo_frame_fn take, void *me, kz_err *err)
{
    kz_auto(kz_buf) in = kz_buf_init((size_t)KZ_GEO_FRAME_MAX + 2 * CHUNK);
    int64_t end = now_ms() + WAIT_MS;
    for (;;) {
        struct pollfd poll_fd = { .fd = w->fd, .events = POLLIN };
        int64_t left = end - now_ms();
        int ready = left > 0 ? poll(&poll_fd, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0)
            return kz_fail(err, KZ_E_LIMIT, "geofile.slow", kz_s("file", path));
        size_t before = in.n;
        char *room = kz_buf_grow(&in, CHUNK);
        if (!room)
            return kz_fail(err, KZ_E_LIMIT, "geofile.memory", kz_s("file", path));
        ssize_t n = read(w->fd, room, CHUNK);
        in.n = before + (n > 0 ? (size_t)n : 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return kz_fail(err, KZ_E_IO, "geofile.start", kz_s("file", path), kz_s("why", strerror(errno)));
        if (n == 0)
            return KZ_OK;
        KZ_TRY(hand_on(&in, path, take, me, err));
    }
}

kz_status kz_geoworker_run(const char *path, const kz_geofile_options *how, kz_geo_frame_fn take, void *me,
                           kz_err *err)
{
    kz_auto(worker) w = { .fd = -1 };
    KZ_TRY(start(path, how, &w, err));
    KZ_TRY(pump(&w, path, take, me, err));
    int status = 0;
    while (waitpid(w.pid, &status, 0) < 0)
        if (errno != EINTR)
            break;
    w.pid = 0;
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return KZ_OK;
    if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
        return kz_fail(err, KZ_E_LIMIT, "geofile.slow", kz_s("file", path));
    return kz_fail(err, KZ_E_INPUT, "geofile.died", kz_s("file", path),
                   kz_n("code", WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status)));
}
