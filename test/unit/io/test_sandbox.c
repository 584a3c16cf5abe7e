/* What a worker can no longer do. */
#include "kz_test.h"

#include "io/sandbox.h"

#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined __SANITIZE_ADDRESS__
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

/* Exit code of `work` in a process inside of the box; 128 + signal when it was killed. */
static int inside(const kz_sandbox *box, int (*work)(void))
{
    pid_t pid = fork();
    if (pid == 0) {
        const char *what;
        _exit(kz_sandbox_enter(box, &what) ? work() : 99);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static int open_files(void)
{
    int good = open("/usr/lib/os-release", O_RDONLY), bad = open("/proc/self/status", O_RDONLY);
    return (good >= 0 ? 1 : 0) + (bad >= 0 ? 2 : 0);
}
static int open_socket(void)
{
    return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}
static int run_program(void)
{
    execl("/bin/true", "true", (char *)NULL);
    return 1;
}
static int do_nothing(void)
{
    return write(STDERR_FILENO, "", 0) == 0 ? 0 : 1;
}

static int work_for_ever(void)
{
    for (volatile unsigned long i = 0; i != ULONG_MAX; i++)
        ;
    return 1;
}
static int write_a_byte(void)
{
    char path[] = "/tmp/kekiz-sandbox-XXXXXX";
    int fd = mkstemp(path);
    (void)unlink(path);
    return fd >= 0 && write(fd, "x", 1) == 1;
}
static int ask_for_memory(void)
{
    return malloc((size_t)2 << 30) != NULL;
}
static int open_many_files(void)
{
    for (int i = 0; i < 40; i++)
        if (dup(STDERR_FILENO) < 0)
            return 0;
    return 1;
}

static void only_what_is_named_can_be_read(void **state)
{
    (void)state;
    static const char *const READ[] = { "/usr/lib", NULL };
    const kz_sandbox box = { .memory = 1u << 30, .cpu_seconds = 5, .files = 16, .read = READ };
    if ((kz_sandbox_missing() & KZ_SANDBOX_LANDLOCK) || SANITIZED)
        skip();
    assert_int_equal(inside(&box, open_files), 1);
}

static void there_is_no_network_and_no_other_program(void **state)
{
    (void)state;
    const kz_sandbox box = { .memory = 1u << 30, .cpu_seconds = 5, .files = 16 };
    if (kz_sandbox_missing() & KZ_SANDBOX_SECCOMP)
        skip();
    assert_int_equal(inside(&box, open_socket), 0);
    assert_int_equal(inside(&box, run_program), 1);
}

static void a_strict_box_ends_whoever_tries(void **state)
{
    (void)state;
    const kz_sandbox box = { .memory = 1u << 30, .cpu_seconds = 5, .files = 16, .strict = true };
    if ((kz_sandbox_missing() & KZ_SANDBOX_SECCOMP) || SANITIZED)
        skip();
    assert_int_equal(inside(&box, do_nothing), 0);
    assert_int_equal(inside(&box, open_socket), 128 + 31);
    assert_int_equal(inside(&box, open_files), 128 + 31);
}

/* Time, memory, bytes written and files: each is tried. */
static void every_limit_holds(void **state)
{
    (void)state;
    const kz_sandbox box = { .memory = 1u << 30, .cpu_seconds = 1, .files = 16,
                             .read = (const char *const[]){ "/tmp", NULL } };
    int ended = inside(&box, work_for_ever);
    assert_true(ended == 128 + SIGXCPU || ended == 128 + SIGKILL);
    assert_int_not_equal(inside(&box, write_a_byte), 1);
    assert_int_equal(inside(&box, open_many_files), 0);
    if (!SANITIZED)
        assert_int_equal(inside(&box, ask_for_memory), 0);
}

KZ_TEST_MAIN(KZ_TEST(every_limit_holds), KZ_TEST(only_what_is_named_can_be_read), KZ_TEST(there_is_no_network_and_no_other_program),
             KZ_TEST(a_strict_box_ends_whoever_tries))
